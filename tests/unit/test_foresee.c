/* Each bind, listen and connect held against the rules, on a world that answers what the test says. */
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
#include "lesson/foresee.h"
#include "report/check.h"

#define HEAD                                                                                       \
	"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n## One\n"                \
	"<!-- step: one -->\n\n```lab\n"
/* The first line of a script is this one of the file. */
enum { FIRST_LINE = 13 };

struct fixture {
	struct rt_loop *loop;
	struct fake *fake;
	struct rt_lesson *lesson;
	struct rt_engine *engine;
	struct rt_foresee *foresee;
	struct rt_checks checks;
};

static int set_up(void **state)
{
	struct fixture *f = rt_calloc(1, sizeof(*f));

	f->loop = rt_loop_new();
	f->fake = fake_new(f->loop);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	rt_foresee_free(f->foresee);
	rt_engine_free(f->engine);
	rt_checks_fini(&f->checks);
	rt_lesson_free(f->lesson);
	fake_free(f->fake);
	rt_loop_free(f->loop);
	free(f);
	return 0;
}

static void load(struct fixture *f, const char *script)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};
	struct rt_str text = {0};

	rt_str_addf(&text, HEAD "%s```\n", script);
	f->lesson = rt_lesson_parse(rt_str_text(&text), text.len, "dir/t.md", &mistakes, &err);
	if (!f->lesson) {
		rt_str_clear(&text);
		rt_mistakes_format(&mistakes, "t.md", &text);
		fail_msg("%s", rt_str_text(&text));
	}
	rt_mistakes_fini(&mistakes);
	rt_str_fini(&text);
}

static void check(struct fixture *f, const char *script, unsigned how)
{
	struct rt_error err = {0};

	load(f, script);
	assert_int_equal(rt_check_run(&f->fake->world, f->lesson, how, &f->checks, &err), 0);
}

/* The failures of what was foreseen. */
static const struct rt_check *only_one(const struct fixture *f)
{
	const struct rt_check *found = NULL;

	for (size_t i = 0; i < f->checks.n; i++)
		if (f->checks.check[i].foreseen) {
			assert_null(found);
			found = &f->checks.check[i];
		}
	assert_non_null(found);
	return found;
}

#define BIND                                                                                       \
	"a: s = socket(AF_INET, SOCK_STREAM)\n"                                                    \
	"a: bind(s, 127.0.0.1:8000)\n"

/* --- check ------------------------------------------------------------------------------------ */

static void test_as_foreseen(void **state)
{
	struct fixture *f = *state;
	struct rt_row *row = fake_row(f->fake, RT_LISTEN, "127.0.0.1:8000", NULL);

	row->reuseaddr.value = row->reuseport.value = 0;
	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	check(f, "a: s = socket(AF_INET, SOCK_STREAM)\na: bind(s, 127.0.0.1:8000) = EADDRINUSE\n",
	      RT_CHECK_FORESEE);
	assert_int_equal(f->checks.foreseen, 1);
	assert_int_equal(f->checks.unforeseen, 0);
	assert_int_equal(f->checks.failed, 0);
	assert_int_equal(f->checks.n, 2);
}

/* The lesson and the kernel are at one, and the rules are not: that is a failure. */
static void test_otherwise(void **state)
{
	struct fixture *f = *state;
	const struct rt_check *wrong;

	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	check(f, "a: s = socket(AF_INET, SOCK_STREAM)\na: bind(s, 127.0.0.1:8000) = EADDRINUSE\n",
	      RT_CHECK_FORESEE);
	assert_int_equal(f->checks.failed, 1);
	assert_int_equal(f->checks.unforeseen, 1);
	wrong = only_one(f);
	assert_false(wrong->passed);
	assert_int_equal(wrong->number, FIRST_LINE + 1);
	assert_string_equal(wrong->what, "a: bind(s, 127.0.0.1:8000)");
	assert_string_equal(wrong->expected,
			    "success: no socket on this port has an overlapping address");
	assert_string_equal(wrong->got, "-1 EADDRINUSE");
}

static void test_the_clause_is_named(void **state)
{
	struct fixture *f = *state;
	struct rt_row *row = fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");

	/* The socket of the first descriptor died: its option is remembered. */
	row->cookie = 3;
	check(f,
	      "a: o = socket(AF_INET, SOCK_STREAM)\n"
	      "a: close(o)\n"
	      "a: s = socket(AF_INET, SOCK_STREAM)\n"
	      "a: setsockopt(s, SO_REUSEADDR, 1)\n"
	      "a: bind(s, 127.0.0.1:8000)\n",
	      RT_CHECK_FORESEE);
	assert_string_equal(only_one(f)->expected,
			    "EADDRINUSE: a.o TIME_WAIT 127.0.0.1:8000 refuses: SO_REUSEADDR on "
			    "both: here set, there not set");
	assert_string_equal(only_one(f)->got, "0");
}

static void test_not_asked(void **state)
{
	struct fixture *f = *state;
	int looks;

	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	check(f, BIND, RT_CHECK_FORESEE);
	looks = f->fake->looks;
	rt_checks_fini(&f->checks);
	rt_lesson_free(f->lesson);
	check(f, BIND, 0);
	assert_int_equal(f->checks.foreseen, 0);
	assert_int_equal(f->checks.n, 2);
	/* One look less for the one call. */
	assert_int_equal(f->fake->looks - looks, looks - 1);
}

static void test_each_run_of_a_repetition(void **state)
{
	struct fixture *f = *state;

	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	f->fake->good[RT_CALL_BIND] = 2;
	check(f, "a: 4 x s = socket(AF_INET, SOCK_STREAM)\na: 4 x bind(s, 127.0.0.1:0)\n",
	      RT_CHECK_FORESEE);
	assert_int_equal(f->checks.foreseen, 4);
	assert_int_equal(f->checks.unforeseen, 2);
	assert_string_equal(only_one(f)->what, "a: 4 x bind(s, 127.0.0.1:0), call 3 of 4");
}

static void test_either_is_counted(void **state)
{
	struct fixture *f = *state;
	struct rt_row *row = fake_row(f->fake, RT_BOUND, "127.0.0.1:8000", NULL);

	/* A socket of which nobody knows the options. */
	row->reuseaddr.value = row->reuseport.value = -1;
	check(f,
	      "a: s = socket(AF_INET, SOCK_STREAM)\n"
	      "a: setsockopt(s, SO_REUSEADDR, 1)\n"
	      "a: bind(s, 127.0.0.1:8000)\n",
	      RT_CHECK_FORESEE);
	assert_int_equal(f->checks.foreseen, 1);
	assert_int_equal(f->checks.either, 1);
	assert_int_equal(f->checks.failed, 0);
}

static void test_a_call_that_waits(void **state)
{
	static const char script[] = "a: s = socket(AF_INET, SOCK_STREAM)\n"
				     "a: connect(s, 127.0.0.1:8000) = blocks\n";
	struct fixture *f = *state;
	struct rt_row *row = fake_row(f->fake, RT_LISTEN, "127.0.0.1:8000", NULL);

	row->rqueue = 2;
	row->wqueue = 1;
	f->fake->silent[RT_CALL_CONNECT] = true;
	check(f, script, RT_CHECK_FORESEE);
	assert_int_equal(f->checks.failed, 0);
	assert_int_equal(f->checks.foreseen, 1);
	rt_checks_fini(&f->checks);
	rt_lesson_free(f->lesson);
	f->fake->tables.row[0].rqueue = 0;
	check(f, script, RT_CHECK_FORESEE);
	assert_string_equal(only_one(f)->got, "blocks");
}

/* --- what the tape tells ---------------------------------------------------------------------- */

/* What the rules foresee of the bind that ends the script, on a world where each call succeeds. */
static void foresees(struct fixture *f, const char *script, int err)
{
	const struct rt_foresight *call;

	load(f, script);
	f->engine = rt_engine_new(&f->fake->world, 250);
	f->foresee = rt_foresee_new(f->engine, RT_FORESEE_ALL, NULL, NULL);
	rt_engine_load(f->engine, f->lesson->line, f->lesson->n_lines);
	rt_engine_go(f->engine, f->lesson->n_lines);
	assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
	call = rt_foresee_last(f->foresee);
	assert_non_null(call);
	if (call->verdict.err != err)
		fail_msg("%s: foreseen %d", script, call->verdict.err);
	rt_foresee_free(f->foresee);
	rt_engine_free(f->engine);
	rt_lesson_free(f->lesson);
	f->foresee = NULL;
	f->engine = NULL;
	f->lesson = NULL;
}

#define SOCKET "a: s = socket(AF_INET, SOCK_STREAM)\n"

static void test_the_tape(void **state)
{
	struct fixture *f = *state;

	foresees(f, SOCKET "a: bind(s, 10.0.0.1:8000)\n", EADDRNOTAVAIL);
	foresees(f, "address(10.0.0.1)\n" SOCKET "a: bind(s, 10.0.0.1:8000)\n", 0);
	foresees(f, "address(10.0.0.1)\n" SOCKET "a: bind(s, 10.0.0.2:8000)\n", EADDRNOTAVAIL);
	foresees(f, "sysctl(net.ipv4.ip_nonlocal_bind, 1)\n" SOCKET "a: bind(s, 10.0.0.1:8000)\n",
		 0);
	foresees(f, SOCKET "a: bind(s, 127.0.0.1:80)\n", 0);
	foresees(f, SOCKET "a: seteuid(1000)\na: bind(s, 127.0.0.1:80)\n", EACCES);
	foresees(f, SOCKET "a: seteuid(1000)\na: bind(s, 127.0.0.1:1024)\n", 0);
	foresees(f,
		 SOCKET "b: t = socket(AF_INET, SOCK_STREAM)\nb: seteuid(1000)\n"
			"a: bind(s, 127.0.0.1:80)\n",
		 0);
	foresees(f, SOCKET "a: seteuid(1000)\na: seteuid(0)\na: bind(s, 127.0.0.1:80)\n", 0);
	foresees(f, SOCKET "a: seteuid(1000)\na: b = fork()\nb: bind(s, 127.0.0.1:80)\n", EACCES);
	foresees(f,
		 "sysctl(net.ipv4.ip_unprivileged_port_start, 80)\n" SOCKET
		 "a: seteuid(1000)\na: bind(s, 127.0.0.1:80)\n",
		 0);
	/* A fresh stage has no address, and its processes are root again. */
	foresees(f,
		 "address(10.0.0.1)\n" SOCKET "```\n\n```lab fresh\n" SOCKET
		 "a: bind(s, 10.0.0.1:8000)\n",
		 EADDRNOTAVAIL);
	/* What failed has changed nothing. */
	f->fake->answer[RT_CALL_ADDRESS] = EPERM;
	foresees(f, "address(10.0.0.1) = EPERM\n" SOCKET "a: bind(s, 10.0.0.1:8000)\n",
		 EADDRNOTAVAIL);
}

/* Whether the port's cache may hold what no row shows, by the script so far. */
static void test_the_past(void **state)
{
	static const struct {
		const char *script;
		bool past;
	} tapes[] = {
		{SOCKET "a: setsockopt(s, SO_REUSEPORT, 1)\n", false},
		{SOCKET "a: setsockopt(s, SO_REUSEADDR, 1)\na: close(s)\n", false},
		{SOCKET "a: close(s)\na: s = socket(AF_INET, SOCK_STREAM)\n"
			"a: setsockopt(s, SO_REUSEPORT, 1)\n",
		 false},
		{SOCKET "a: setsockopt(s, SO_REUSEPORT, 1)\na: close(s)\n", true},
		{SOCKET "a: bind(s, 127.0.0.1:8000)\na: setsockopt(s, SO_REUSEPORT, 1)\n", true},
		/* The name is another socket's since. */
		{SOCKET "a: bind(s, 127.0.0.1:8000)\na: close(s)\n" SOCKET
			"a: setsockopt(s, SO_REUSEPORT, 1)\n",
		 false},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < RT_COUNT(tapes); i++) {
		struct rt_foresight call = {0};

		load(f, tapes[i].script);
		f->engine = rt_engine_new(&f->fake->world, 250);
		rt_engine_load(f->engine, f->lesson->line, f->lesson->n_lines);
		rt_engine_go(f->engine, f->lesson->n_lines);
		assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
		rt_foresee_tape(f->engine, f->lesson->n_lines, "a", &call);
		if (call.query.past_unknown != tapes[i].past)
			fail_msg("%s", tapes[i].script);
		free(call.local);
		rt_engine_free(f->engine);
		rt_lesson_free(f->lesson);
		f->engine = NULL;
		f->lesson = NULL;
	}
}

/* --- the last call ---------------------------------------------------------------------------- */

static void begin(struct fixture *f, const char *script)
{
	load(f, script);
	f->engine = rt_engine_new(&f->fake->world, 250);
	f->foresee = rt_foresee_new(f->engine, RT_FORESEE_LAST, NULL, NULL);
	rt_engine_load(f->engine, f->lesson->line, f->lesson->n_lines);
}

static void go(struct fixture *f, size_t position)
{
	rt_engine_go(f->engine, position);
	assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
}

static void test_the_last_one(void **state)
{
	struct fixture *f = *state;
	int looks;

	begin(f, BIND "a: listen(s, 8)\nb: t = socket(AF_INET, SOCK_STREAM)\n"
		      "b: bind(t, 127.0.0.1:8001)\nb: setsockopt(t, SO_REUSEADDR, 1)\n");
	go(f, 1);
	assert_null(rt_foresee_last(f->foresee));
	looks = f->fake->looks;
	go(f, 6);
	assert_int_equal(rt_foresee_last(f->foresee)->line, 4);
	/* One where the engine rests, and one before the last such call: not before the others. */
	assert_int_equal(f->fake->looks - looks, 2);
	go(f, 1);
	assert_null(rt_foresee_last(f->foresee));
	assert_false(rt_foresee_can(f->foresee));
}

/* Whoever jumps, or goes back, does not wait for a look that nobody asked for. */
static void test_a_replay_looks_when_asked(void **state)
{
	struct fixture *f = *state;
	int looks[2], stages;

	begin(f, BIND "a: listen(s, 8)\nb: t = socket(AF_INET, SOCK_STREAM)\n"
		      "b: bind(t, 127.0.0.1:8001)\nb: setsockopt(t, SO_REUSEADDR, 1)\n");
	for (int watched = 0; watched < 2; watched++) {
		int before = f->fake->looks;

		rt_engine_load(f->engine, f->lesson->line, f->lesson->n_lines);
		rt_engine_watch(f->engine, NULL);
		if (watched) {
			rt_foresee_free(f->foresee);
			f->foresee = rt_foresee_new(f->engine, RT_FORESEE_LAST, NULL, NULL);
		}
		rt_engine_jump(f->engine, 6, 0);
		assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
		looks[watched] = f->fake->looks - before;
	}
	assert_int_equal(looks[0], looks[1]);
	assert_null(rt_foresee_last(f->foresee));
	assert_true(rt_foresee_can(f->foresee));
	stages = f->fake->stages;
	rt_foresee_ask(f->foresee);
	assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
	assert_int_equal(f->fake->stages, stages + 1);
	assert_int_equal(rt_foresee_last(f->foresee)->line, 4);
	assert_int_equal(rt_engine_position(f->engine), 6);
	/* It is there: nothing is made again. */
	rt_foresee_ask(f->foresee);
	assert_false(rt_engine_is_busy(f->engine));
	go(f, 3);
	assert_null(rt_foresee_last(f->foresee));
	rt_foresee_ask(f->foresee);
	assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
	assert_int_equal(rt_foresee_last(f->foresee)->line, 2);
}

/* Of many runs a person asks about the first that was refused. */
static void test_the_first_refused_run(void **state)
{
	struct fixture *f = *state;

	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	f->fake->good[RT_CALL_BIND] = 2;
	begin(f, "a: 5 x s = socket(AF_INET, SOCK_STREAM)\na: 5 x bind(s, 127.0.0.1:8000)\n");
	go(f, 2);
	assert_int_equal(rt_foresee_last(f->foresee)->run, 3);
	assert_int_equal(rt_foresee_last(f->foresee)->err, EADDRINUSE);
}

/* A descriptor that is no socket needs no rule; nor does what the process did not live to see. */
static void test_none(void **state)
{
	struct fixture *f = *state;

	f->fake->answer[RT_CALL_SOCKET] = EMFILE;
	f->fake->good[RT_CALL_SOCKET] = 1;
	begin(f, "a: 2 x s = socket(AF_INET, SOCK_STREAM)\na: bind(s[2], 127.0.0.1:8000)\n");
	go(f, 2);
	assert_null(rt_foresee_last(f->foresee));
}

/* --- reports ---------------------------------------------------------------------------------- */

static char *report(const char *format, const struct rt_checked *checked)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	rt_check_report_find(format)->lesson(out, checked, 0);
	fclose(out);
	return text;
}

static void test_reports(void **state)
{
	static const struct {
		const char *format, *text;
	} says[] = {
		{"text", "dir/t.md:14: a: bind(s, 127.0.0.1:8000)\n"
			 "    the rules foresaw success: no socket on this port has an overlapping "
			 "address\n"
			 "    the kernel says   -1 EADDRINUSE\n"
			 "t: FAILED, 2 of 2 as written, 0 of 1 calls foreseen, 7 ms\n"},
		{"tap",
		 "not ok 1 - t\n# dir/t.md:14: a: bind(s, 127.0.0.1:8000): the rules foresaw "
		 "success: no socket on this port has an overlapping address; the kernel says "
		 "-1 EADDRINUSE\n# foreseen 0 of 1 calls, 0 only as one of several\n"},
		{"json", "\"got\":\"-1 EADDRINUSE\",\"replaced\":false,\"foreseen\":true}"},
		{"json", "\"foreseen\":{\"calls\":1,\"otherwise\":1,\"either\":0}"},
	};
	struct fixture *f = *state;
	struct rt_checked checked = {
		.name = "t", .path = "dir/t.md", .id = "t", .checks = &f->checks};

	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	check(f, "a: s = socket(AF_INET, SOCK_STREAM)\na: bind(s, 127.0.0.1:8000) = EADDRINUSE\n",
	      RT_CHECK_FORESEE);
	f->checks.took_ms = 7;
	for (size_t i = 0; i < RT_COUNT(says); i++) {
		char *text = report(says[i].format, &checked);

		if (!strstr(text, says[i].text))
			fail_msg("%s: \"%s\" is not in\n%s", says[i].format, says[i].text, text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_as_foreseen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_otherwise, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_clause_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_each_run_of_a_repetition, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_either_is_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_call_that_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_tape, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_past, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_last_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_replay_looks_when_asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_first_refused_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reports, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
