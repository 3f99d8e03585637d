/*
 * Gates: how `when` is read, what it takes with it, and what is shown of lines that a machine
 * cannot run, on a world that lacks what the test says.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake_world.h"
#include "lesson/check.h"
#include "lesson/script.h"
#include "lesson/words.h"
#include "report/check.h"
#include "report/plain.h"

#define FRONT "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n"
#define STEP FRONT "## One\n<!-- step: one -->\n"

static uint32_t bit(const char *word)
{
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].word, word) == 0)
			return UINT32_C(1) << i;
	fail_msg("no feature %s", word);
	return 0;
}

static struct rt_lesson *parse(const char *text)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};
	struct rt_str list = {0};
	struct rt_lesson *lesson = rt_lesson_parse(text, strlen(text), "t.md", &mistakes, &err);

	if (!lesson) {
		rt_mistakes_format(&mistakes, "t.md", &list);
		fail_msg("%s %s", err.what, rt_str_text(&list));
	}
	rt_mistakes_fini(&mistakes);
	return lesson;
}

/* That text has one mistake, in that line and column, with these words. */
static void refuse(const char *text, int line, int column, const char *what)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};

	assert_null(rt_lesson_parse(text, strlen(text), "t.md", &mistakes, &err));
	assert_int_equal(mistakes.n, 1);
	assert_string_equal(mistakes.mistake[0].what, what);
	assert_int_equal(mistakes.mistake[0].line, line);
	assert_int_equal(mistakes.mistake[0].column, column);
	rt_mistakes_fini(&mistakes);
}

static void assert_gates(const struct rt_lesson *lesson, size_t line, uint32_t features,
			 uint32_t version)
{
	assert_true(line < lesson->n_lines);
	if (lesson->line[line].gates.features != features ||
	    lesson->line[line].gates.version != version)
		fail_msg("line %zu needs %x and version %x", line,
			 lesson->line[line].gates.features, lesson->line[line].gates.version);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void test_where_it_stands(void **state)
{
	const uint32_t uids = bit("several-uids"), ipv6 = bit("ipv6"), bound = bit("bound-rows");
	struct rt_lesson *lesson =
		parse(STEP "```lab\n"
			   "o: s = socket(AF_INET, SOCK_STREAM)\n"
			   "o: bind(s, 127.0.0.1:1) = EADDRINUSE when linux >= 6.18 @l # c\n"
			   "expect tcp * when bound-rows\n"
			   "expect tcp 127.0.0.1:1 BOUND owner o queue 0 when bound-rows @m\n"
			   "sysctl(net.ipv4.tcp_migrate_req, 1) when tcp_migrate_req\n"
			   "```\n"
			   "```lab fresh when ipv6\no: s = socket(AF_INET6, SOCK_STREAM)\n```\n"
			   "```lab when ipv6\no: close(s)\n```\n"
			   "## Two\n<!-- step: two --> <!-- when: several-uids -->\n"
			   "```lab fresh\no: seteuid(7)\n```\n"
			   "```lab when ipv6\no: seteuid(0) = 0 when bound-rows\n```\n"
			   "## Three\n<!-- step: three -->\n"
			   "```lab fresh\no: seteuid(0)\n```\n");

	(void)state;
	assert_gates(lesson, 0, 0, 0);
	assert_gates(lesson, 1, 0, 6 << 16 | 18);
	assert_string_equal(lesson->line[1].label, "l");
	assert_string_equal(lesson->line[1].comment, "c");
	assert_int_equal(lesson->line[1].want.number, EADDRINUSE);
	assert_gates(lesson, 2, bound, 0);
	assert_gates(lesson, 3, bound, 0);
	assert_gates(lesson, 4, bit("tcp_migrate_req"), 0);
	assert_gates(lesson, 5, ipv6, 0);
	assert_gates(lesson, 6, ipv6, 0);
	assert_gates(lesson, 7, uids, 0);
	assert_gates(lesson, 8, uids | ipv6 | bound, 0);
	assert_gates(lesson, 9, 0, 0);
	rt_lesson_free(lesson);
}

static void test_names_take_it_along(void **state)
{
	const uint32_t uids = bit("several-uids"), ipv6 = bit("ipv6"), bound = bit("bound-rows");
	struct rt_lesson *lesson =
		parse(STEP "```lab\n"
			   "o: s = socket(AF_INET, SOCK_STREAM)\n"	      /* 0 */
			   "o: g = socket(AF_INET6, SOCK_STREAM) when ipv6\n" /* 1 */
			   "o: listen(g)\n"				      /* 2: g */
			   "o: a = getsockname(s) when bound-rows\n"	      /* 3 */
			   "c: c = socket(AF_INET, SOCK_STREAM)\n"	      /* 4 */
			   "c: connect(c, a)\n"				      /* 5: a */
			   "expect tcp a\n"				      /* 6: a */
			   "expect tcp * -> a\n"			      /* 7: a */
			   "wait(tcp a)\n"				      /* 8: a */
			   "u: seteuid(7) when several-uids\n"		      /* 9 */
			   "u: t = socket(AF_INET, SOCK_STREAM)\n"	      /* 10: u */
			   "expect tcp * owner o+u\n"			      /* 11: u */
			   "o: x = fork()\n"				      /* 12 */
			   "x: listen(s)\n"				      /* 13 */
			   "x: listen(g)\n"				      /* 14: g, by fork */
			   "u: y = fork()\n"				      /* 15: u */
			   "y: close(t)\n"				      /* 16: u */
			   "kill(u, SIGKILL)\n"				      /* 17: u */
			   "o: close(g)\n"				      /* 18: g */
			   "o: g = socket(AF_INET, SOCK_STREAM)\n"	      /* 19: another g */
			   "o: listen(g)\n"				      /* 20 */
			   "o: b = socket(AF_INET, SOCK_STREAM) = EMFILE when ipv6\n" /* 21 */
			   "o: b = socket(AF_INET, SOCK_STREAM)\n"		      /* 22 */
			   "o: listen(b)\n"					      /* 23 */
			   "```\n"
			   "```lab fresh\n"
			   "u: g = socket(AF_INET, SOCK_STREAM)\n" /* 24: another u */
			   "u: listen(g)\n"			   /* 25 */
			   "```\n");
	const uint32_t wanted[] = {0,	 ipv6, ipv6, bound, 0, bound, bound, bound, bound,
				   uids, uids, uids, 0,	    0, ipv6,  uids,  uids,  uids,
				   ipv6, 0,    0,    ipv6,  0, 0,     0,     0};

	(void)state;
	assert_int_equal(lesson->n_lines, RT_COUNT(wanted));
	for (size_t i = 0; i < RT_COUNT(wanted); i++)
		assert_gates(lesson, i, wanted[i], 0);
	rt_lesson_free(lesson);
}

static void test_mistakes(void **state)
{
	(void)state;
	refuse(STEP "```lab\no: seteuid(7) when several-uid\n```\n", 11, 20,
	       "expected a feature, got \"several-uid\"");
	refuse(STEP "```lab\no: seteuid(7) when linux 6\n```\n", 11, 26, "expected >=, got \"6\"");
	refuse(STEP "```lab\no: seteuid(7) when linux >= 6\n```\n", 11, 29,
	       "expected the version of a kernel, got \"6\"");
	refuse(STEP "```lab\no: seteuid(7) when linux >= 6.1.2\n```\n", 11, 29,
	       "expected the version of a kernel, got \"6.1.2\"");
	refuse(STEP "```lab\no: seteuid(7) @l when ipv6\n```\n", 11, 18,
	       "expected @label, # comment or the end of the line, got \"when\"");
	refuse(STEP "```lab when nothing\no: seteuid(7)\n```\n", 10, 13,
	       "expected a feature, got \"nothing\"");
	refuse(STEP "```lab fresh ipv6\no: seteuid(7)\n```\n", 10, 14,
	       "expected when or the end of the line");
	refuse(STEP "<!-- when: bound -->\n", 10, 12, "expected a feature, got \"bound\"");
	refuse(STEP "<!-- when: ipv6 now -->\n", 10, 17, "expected one feature, got \"now\"");
	refuse(STEP "<!-- when: ipv6 --> <!-- when: ipv -->\n", 10, 32,
	       "expected a feature, got \"ipv\"");
	refuse(STEP "<!-- when:\nipv6 -->\n", 10, 1, "this comment goes over several lines");
	refuse(STEP "```lab\no: seteuid(7)\n```\n\n<!-- when: ipv6 -->\n", 14, 1,
	       "lines of this step stand above this already");
	refuse(STEP "```lab\nwhen: seteuid(7)\n```\n", 11, 1, "\"when\" cannot be a name");
	refuse(STEP "```lab\no: seteuid(7) = EPERM when several-uids @l\n```\n"
		    "```predict l\nask Q\nchoice 0: a\nwhy a\nchoice EINVAL: b\nwhy b\n```\n",
	       13, 12, "no choice is what line 11 states");
}

static void test_versions(void **state)
{
	(void)state;
	assert_int_equal(rt_gate_version("6.18.44-amd64"), 6 << 16 | 18);
	assert_int_equal(rt_gate_version("6.1"), 6 << 16 | 1);
	assert_true(rt_gate_version("6.9.1") < rt_gate_version("6.18"));
	assert_int_equal(rt_gate_version("six"), 0);
}

/* --- running ---------------------------------------------------------------------------------- */

static const char lesson_text[] =
	STEP "```predict bind\nask What?\nchoice 0: ok\nwhy no\nchoice EADDRINUSE: in use\nwhy "
	     "yes\n```\n"
	     "```predict rows\nask Rows?\nchoice LISTEN: a\nwhy a\nchoice none: b\nwhy b\n```\n"
	     "```lab\n"
	     "o: s = socket(AF_INET, SOCK_STREAM)\n"		     /* 0 */
	     "u: seteuid(7) when several-uids\n"		     /* 1 */
	     "u: t = socket(AF_INET, SOCK_STREAM)\n"		     /* 2 */
	     "u: bind(t, 127.0.0.1:1) = EADDRINUSE @bind\n"	     /* 3 */
	     "u: recv(t) = blocks\n"				     /* 4 */
	     "expect tcp 127.0.0.1:1 LISTEN when bound-rows @rows\n" /* 5 */
	     "expect no tcp 127.0.0.1:1 when several-uids\n"	     /* 6 */
	     "o: listen(s) when linux >= 9.2\n"			     /* 7 */
	     "o: close(s)\n"					     /* 8 */
	     "```\n";

struct fixture {
	struct rt_loop *loop;
	struct fake *fake;
};

static int setup(void **state)
{
	struct fixture *f = rt_calloc(1, sizeof(*f));

	f->loop = rt_loop_new();
	f->fake = fake_new(f->loop);
	f->fake->missing = bit("several-uids") | bit("bound-rows");
	f->fake->version = 6 << 16 | 1;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	fake_free(f->fake);
	rt_loop_free(f->loop);
	free(f);
	return 0;
}

static void assert_words(const struct rt_lesson *lesson, const struct rt_engine *engine,
			 size_t line, const char *full, const char *brief)
{
	struct rt_str text = {0};

	rt_words_outcome(&lesson->line[line], rt_engine_outcome(engine, line), &text);
	assert_string_equal(rt_str_text(&text), full);
	rt_str_clear(&text);
	rt_words_outcome_short(&lesson->line[line], rt_engine_outcome(engine, line), &text);
	assert_string_equal(rt_str_text(&text), brief);
	rt_str_fini(&text);
}

static void test_what_is_missing_is_not_run(void **state)
{
	struct fixture *f = *state;
	struct rt_lesson *lesson = parse(lesson_text);
	struct rt_engine *engine = rt_engine_new(&f->fake->world, 50);

	rt_engine_load(engine, lesson->line, lesson->n_lines);
	rt_engine_go(engine, lesson->n_lines);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(f->fake->processes, 1);
	assert_int_equal(f->fake->orders[RT_CALL_SETEUID], 0);
	assert_int_equal(f->fake->orders[RT_CALL_SOCKET], 1);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 0);
	assert_int_equal(f->fake->orders[RT_CALL_LISTEN], 0);
	assert_int_equal(f->fake->orders[RT_CALL_CLOSE], 1);
	for (size_t i = 1; i <= 7; i++) {
		assert_int_equal(rt_engine_outcome(engine, i)->how, RT_RECORDED);
		assert_false(rt_engine_outcome(engine, i)->as_wanted);
	}
	assert_int_equal(rt_engine_outcome(engine, 8)->how, RT_DONE);
	assert_string_equal(rt_engine_outcome(engine, 7)->why, "needs Linux 9.2 or later");
	assert_words(lesson, engine, 1, "recorded: 0", "recorded: 0");
	assert_words(lesson, engine, 2, "recorded: success", "recorded: success");
	assert_words(lesson, engine, 3, "recorded: -1 EADDRINUSE (98, Address already in use)",
		     "recorded: -1 EADDRINUSE");
	assert_words(lesson, engine, 4, "recorded: blocks", "recorded: blocks");
	assert_words(lesson, engine, 5, "recorded: such a row", "recorded: such a row");
	assert_words(lesson, engine, 6, "recorded: no such row", "recorded: no such row");
	assert_false(rt_words_is_same_reason(engine, 1));
	assert_true(rt_words_is_same_reason(engine, 2));
	assert_false(rt_words_is_same_reason(engine, 5));
	rt_engine_free(engine);
	rt_lesson_free(lesson);
}

static void test_what_is_there_is_run(void **state)
{
	struct fixture *f = *state;
	struct rt_lesson *lesson = parse(lesson_text);
	struct rt_engine *engine = rt_engine_new(&f->fake->world, 50);

	f->fake->missing = 0;
	f->fake->version = 9 << 16 | 2;
	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	f->fake->silent[RT_CALL_RECV] = true;
	rt_engine_load(engine, lesson->line, lesson->n_lines);
	rt_engine_go(engine, 5);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(f->fake->processes, 2);
	assert_int_equal(f->fake->orders[RT_CALL_SETEUID], 1);
	assert_true(rt_engine_outcome(engine, 3)->as_wanted);
	assert_int_equal(rt_engine_outcome(engine, 4)->how, RT_BLOCKED);
	rt_engine_free(engine);
	rt_lesson_free(lesson);
}

/* Goes on to the next question, answers it, and gives what the plain mode says. */
static char *ask(struct rt_session *session, int answer)
{
	const struct rt_predict *predict;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	while (rt_session_phase(session) != RT_PHASE_ASK) {
		rt_session_go_on(session);
		rt_session_settle(session);
	}
	rt_session_answer(session, answer);
	rt_session_settle(session);
	assert_int_equal(rt_session_phase(session), RT_PHASE_RESULT);
	predict = rt_session_question(session);
	rt_plain_line(out, session, predict->line);
	rt_plain_result(out, session, predict);
	fclose(out);
	return text;
}

static void test_questions_are_asked(void **state)
{
	struct fixture *f = *state;
	struct rt_session *session = rt_session_new(&f->fake->world);
	size_t asked, answered, right;
	char *said;

	rt_session_open(session, parse(lesson_text), 0);
	said = ask(session, 0);
	assert_non_null(strstr(said, "  : recorded: -1 EADDRINUSE (98, Address already in use)\n"));
	assert_null(strstr(said, "The kernel"));
	assert_non_null(strstr(said, "[differs from what is recorded]\n"
				     "not run here: the stage has one uid here;"));
	assert_non_null(strstr(said, "You said 0. no"));
	assert_non_null(strstr(said, "The recorded result is EADDRINUSE. yes"));
	free(said);
	said = ask(session, 0);
	assert_non_null(strstr(said, "recorded: such a row\n    not run here: sock_diag shows no"));
	assert_non_null(strstr(said, "[as recorded]"));
	free(said);
	rt_session_score(session, &asked, &answered, &right);
	assert_int_equal(asked, 2);
	assert_int_equal(answered, 2);
	assert_int_equal(right, 1);
	rt_session_free(session);
}

/* --- check ------------------------------------------------------------------------------------ */

static char *report(const char *format, const struct rt_checked *checked)
{
	const struct rt_check_report *report = rt_check_report_find(format);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	report->lesson(out, checked, 0);
	fclose(out);
	return text;
}

static void assert_says(const char *format, const struct rt_checked *checked, const char *words)
{
	char *text = report(format, checked);

	if (!strstr(text, words))
		fail_msg("%s: \"%s\" is not in\n%s", format, words, text);
	free(text);
}

static void test_check_skips(void **state)
{
	struct fixture *f = *state;
	struct rt_lesson *lesson = parse(lesson_text);
	struct rt_checks checks;
	struct rt_error err = {0};
	struct rt_checked checked = {.name = "t", .id = "t", .checks = &checks};

	assert_int_equal(rt_check_run(&f->fake->world, lesson, 0, &checks, &err), 0);
	assert_int_equal(checks.n, 11);
	assert_int_equal(checks.failed, 0);
	assert_int_equal(checks.skipped, 9);
	for (size_t i = 0; i < checks.n; i++) {
		assert_true(checks.check[i].passed == !checks.check[i].skipped);
		if (checks.check[i].skipped)
			assert_null(checks.check[i].result);
	}
	checks.took_ms = 7;
	assert_says("text", &checked, "t: ok, 2 of 11 as written, 9 skipped, 7 ms\n");
	assert_says("text", &checked,
		    "    skipped, recorded, lines 10, 26-29, 31: the stage has one uid "
		    "here; ");
	assert_says("text", &checked,
		    "    skipped, recorded, lines 32: needs Linux 9.2 or later\n");
	assert_says("tap", &checked, "ok 1 - t\n");
	assert_says("tap", &checked, "# skipped, recorded, lines 32: needs Linux 9.2 or later\n");
	assert_says("json", &checked, "\"result\":\"passed\"");
	assert_says("json", &checked,
		    "{\"passed\":false,\"line\":32,\"step\":\"one\",\"what\":\"o: listen(s)\","
		    "\"expected\":\"success\",\"got\":\"recorded: 0\",\"replaced\":false,"
		    "\"skipped\":\"needs Linux 9.2 or later\"}");
	assert_says("json", &checked, "\"took_ms\":7,\"skipped\":9}");
	rt_checks_fini(&checks);
	rt_lesson_free(lesson);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_it_stands),
		cmocka_unit_test(test_names_take_it_along),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_versions),
		cmocka_unit_test_setup_teardown(test_what_is_missing_is_not_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_there_is_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_questions_are_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_check_skips, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
