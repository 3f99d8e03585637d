/* What Tab offers where somebody types, and what it makes of the line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lesson/complete.h"
#include "lesson/draft.h"

static struct rt_draft *some_lines(void)
{
	static const char *const lines[] = {"old: s = socket(AF_INET, SOCK_STREAM)",
					    "old: second = socket(AF_INET, SOCK_STREAM)",
					    "old: gone = socket(AF_INET, SOCK_STREAM)",
					    "old: close(gone)",
					    "new: n = socket(AF_INET, SOCK_DGRAM)",
					    "old: a = getsockname(s)"};
	struct rt_draft *draft = rt_draft_new("T");
	struct rt_mistake mistake;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(rt_draft_insert(draft, i, lines[i], &mistake), 1);
	return draft;
}

/* One row of a table: 127.0.0.3:4711. */
static void a_row(struct rt_snapshot *sockets, struct rt_row *row)
{
	*row = (struct rt_row){.proto = RT_TCP, .state = RT_LISTEN};
	assert_int_equal(rt_addr_parse("127.0.0.3:4711", 14, &row->local, &(bool){false}), 0);
	sockets->row = row;
	sockets->n = 1;
}

/* With Tab the line text becomes wanted, and `among` is one of the words that are offered. */
static void assert_tab(const char *text, const char *wanted, const char *among)
{
	struct rt_draft *draft = some_lines();
	struct rt_completion completion = {0};
	struct rt_snapshot sockets = {0};
	struct rt_str out = {0};
	struct rt_row row;
	bool found = !among;

	a_row(&sockets, &row);
	rt_complete(text, rt_draft_scope(draft, rt_draft_count(draft)), &sockets, &completion);
	rt_completion_apply(&completion, text, &out);
	assert_string_equal(rt_str_text(&out), wanted);
	for (size_t i = 0; among && i < completion.n; i++)
		found = found || strcmp(completion.word[i], among) == 0;
	if (!found)
		fail_msg("\"%s\" is not offered for \"%s\"", among, text);
	rt_str_fini(&out);
	rt_completion_fini(&completion);
	rt_draft_free(draft);
}

static void assert_nothing(const char *text)
{
	struct rt_draft *draft = some_lines();
	struct rt_completion completion = {0};

	rt_complete(text, rt_draft_scope(draft, rt_draft_count(draft)), NULL, &completion);
	if (completion.n > 0)
		fail_msg("\"%s\" is offered for \"%s\"", completion.word[0], text);
	rt_completion_fini(&completion);
	rt_draft_free(draft);
}

static void test_the_beginning(void **state)
{
	(void)state;
	assert_tab("", "", "old: ");
	assert_tab("o", "old: ", NULL);
	assert_tab("ne", "new: ", NULL);
	assert_tab("wa", "wait(", NULL);
	assert_tab("exp", "expect ", NULL);
	assert_tab("un", "undo", NULL);
	assert_tab("fr", "fresh", NULL);
	assert_nothing("zzz");
}

static void test_calls(void **state)
{
	(void)state;
	assert_tab("old: b", "old: bind(", NULL);
	assert_tab("old:b", "old:bind(", NULL);
	assert_tab("old: s", "old: s", "setsockopt(");
	assert_tab("old: sh", "old: shutdown(", NULL);
	/* Behind = stands what gives something. */
	assert_tab("old: k = a", "old: k = accept(", NULL);
	assert_nothing("old: k = bi");
	assert_nothing("old: wai");
}

static void test_names(void **state)
{
	(void)state;
	assert_tab("old: bind(", "old: bind(s", "second, ");
	assert_tab("old: bind(se", "old: bind(second, ", NULL);
	assert_tab("old: close(se", "old: close(second)", NULL);
	/* Of its own process, and open. */
	assert_tab("new: bind(", "new: bind(n, ", NULL);
	assert_nothing("old: close(g");
	assert_nothing("third: close(");
	assert_tab("kill(n", "kill(new, ", NULL);
}

static void test_addresses(void **state)
{
	(void)state;
	assert_tab("old: bind(s, ", "old: bind(s, ", "127.0.0.3:4711)");
	assert_tab("old: bind(s, 127.0.0.3", "old: bind(s, 127.0.0.3:4711)", NULL);
	assert_tab("old: bind(s, a", "old: bind(s, a)", NULL);
	assert_tab("old: bind(s, 0", "old: bind(s, 0.0.0.0:8000)", NULL);
}

static void test_constants(void **state)
{
	(void)state;
	assert_tab("old: x = socket(", "old: x = socket(AF_INET", "AF_INET6, ");
	assert_tab("old: x = socket(AF_INET, SOCK_S", "old: x = socket(AF_INET, SOCK_STREAM)",
		   "SOCK_STREAM)");
	assert_tab("old: setsockopt(s, SO_REUSEP", "old: setsockopt(s, SO_REUSEPORT, ", NULL);
	assert_tab("old: setsockopt(s, SO_REUSEA", "old: setsockopt(s, SO_REUSEADDR, ", NULL);
	assert_tab("old: shutdown(s, SHUT_W", "old: shutdown(s, SHUT_WR)", NULL);
	assert_tab("old: x = socket(AF_INET, SOCK_STREAM|SOCK_NON",
		   "old: x = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK)", NULL);
}

static void test_rows_and_results(void **state)
{
	(void)state;
	assert_tab("expect t", "expect tcp ", NULL);
	assert_tab("expect tcp 127.0.0.3:4711 TIME", "expect tcp 127.0.0.3:4711 TIME_WAIT ", NULL);
	assert_tab("wait(n", "wait(n", "no ");
	assert_tab("old: bind(s, a) = EADDRI", "old: bind(s, a) = EADDRINUSE", NULL);
	assert_tab("old: bind(s, a) w", "old: bind(s, a) when ", NULL);
	assert_tab("old: bind(s, a) when sev", "old: bind(s, a) when several-uids", NULL);
}

static void test_where_nothing_fits(void **state)
{
	(void)state;
	assert_nothing("old: send(s, \"so");
	assert_nothing("old: close(s) # cl");
	assert_nothing("old: nocall(s");
	assert_nothing("old: fork(");
}

/* Whatever is typed, nothing is read behind the line. */
static void test_odd_lines(void **state)
{
	static const char *const lines[] = {
		":",	   "=",	     "(",	   ")",
		"a:(",	   "((((",   "}}}{",	   "old: bind(\"",
		"\"\\",	   ",,,,,,", "old: = = :", "old: bind(s,,,,,,,,,,,",
		"expect ", "#",	     "\t"};
	struct rt_draft *draft = some_lines();
	struct rt_completion completion = {0};
	struct rt_str out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		rt_complete(lines[i], rt_draft_scope(draft, 0), NULL, &completion);
		assert_true(completion.from <= strlen(lines[i]));
		rt_str_clear(&out);
		rt_completion_apply(&completion, lines[i], &out);
		assert_int_equal(strncmp(rt_str_text(&out), lines[i], strlen(lines[i])), 0);
	}
	rt_str_fini(&out);
	rt_completion_fini(&completion);
	rt_draft_free(draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_beginning),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_rows_and_results),
		cmocka_unit_test(test_where_nothing_fits),
		cmocka_unit_test(test_odd_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
