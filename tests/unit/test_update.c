/*
 * What check --update would make of a file, byte by byte; and how long a lesson takes. No kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/update.h"

#define FRONT "---\nid: x\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n" /* 7 lines */
#define OPEN FRONT "## A\n<!-- step: a -->\n```lab\n"				/* 10 lines */
#define SOCKET "o: s = socket(AF_INET, SOCK_STREAM)\n"				/* line 11 */
#define CLOSE "```\n"

static struct rt_lesson *parse(const char *text)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_lesson *lesson = rt_lesson_parse(text, strlen(text), "x.md", &mistakes, &err);

	if (!lesson)
		fail_msg("%s: %s", err.what, mistakes.n ? mistakes.mistake[0].what : "");
	return lesson;
}

/* A line that gave another result than the file says; NULL: one that cannot be stated. */
static void differ(struct rt_checks *checks, int number, const char *result)
{
	struct rt_check *check = rt_checks_add(checks, "a", number, false);

	check->result = result ? rt_strdup(result) : NULL;
}

/* The file before, with the result of its line 12, becomes the file after. */
static void assert_update(const char *before, const char *result, const char *after)
{
	struct rt_lesson *lesson = parse(before);
	struct rt_checks checks = {0};
	struct rt_update update;

	rt_checks_add(&checks, "a", 11, true)->result = rt_strdup("EINVAL"); /* it passed */
	differ(&checks, 12, result);
	rt_update_make(before, strlen(before), lesson, &checks, &update);
	assert_int_equal(update.n, 1);
	assert_int_equal(update.line[0].number, 12);
	assert_string_equal(rt_str_text(&update.text), after);
	rt_update_fini(&update);
	rt_checks_fini(&checks);
	rt_lesson_free(lesson);
}

/* The same for the line alone. */
static void assert_line(const char *before, const char *result, const char *after)
{
	struct rt_str from = {0}, to = {0};

	rt_str_addf(&from, OPEN SOCKET "%s\n" CLOSE, before);
	rt_str_addf(&to, OPEN SOCKET "%s\n" CLOSE, after);
	assert_update(rt_str_text(&from), result, rt_str_text(&to));
	rt_str_fini(&from);
	rt_str_fini(&to);
}

static void test_only_the_result_changes(void **state)
{
	(void)state;
	assert_line("o: listen(s, 8) = EINVAL", "0", "o: listen(s, 8) = 0");
	assert_line("o:  listen( s,8 )  =  0   @l   # = 0", "EINVAL",
		    "o:  listen( s,8 )  =  EINVAL @l   # = 0");
	assert_line("o: listen(s, 8) = EADDRINUSE   @l # c", "0",
		    "o: listen(s, 8) = 0            @l # c");
	assert_line("o: k = accept(s) = blocks", "EAGAIN", "o: k = accept(s) = EAGAIN");
	assert_line("o: send(s, \") = 1\") = 5", "EPIPE", "o: send(s, \") = 1\") = EPIPE");
	assert_line("o: recv(s) = \"a # b\"  # c", "\"\"", "o: recv(s) = \"\"       # c");
	assert_line("o: listen(s, 8) = EINVAL@l", "0", "o: listen(s, 8) = 0@l");
}

static void test_a_result_where_none_stood(void **state)
{
	(void)state;
	assert_line("o: listen(s, 8)", "EINVAL", "o: listen(s, 8) = EINVAL");
	assert_line("o: listen(s, 8)          @l  # c", "EINVAL",
		    "o: listen(s, 8) = EINVAL @l  # c");
	assert_line("o: listen(s, 8) # c", "EINVAL", "o: listen(s, 8) = EINVAL # c");
	/* In the column of those around. */
	assert_update(OPEN SOCKET "o: bind(s, 127.0.0.1:1)   @b\no: listen(s, 8)     = 0\n" CLOSE,
		      "EACCES",
		      OPEN SOCKET
		      "o: bind(s, 127.0.0.1:1) = EACCES @b\no: listen(s, 8)     = 0\n" CLOSE);
	assert_update(OPEN SOCKET "o: listen(s, 8)\no: listen(s, 8)        = 0\n" CLOSE, "EINVAL",
		      OPEN SOCKET
		      "o: listen(s, 8)        = EINVAL\no: listen(s, 8)        = 0\n" CLOSE);
}

static void test_tabs_and_line_ends_stay(void **state)
{
	(void)state;
	assert_line("o: listen(s, 8)\t=\tEINVAL\t\t@l\t# c", "0",
		    "o: listen(s, 8)\t=\t0\t\t@l\t# c");
	assert_update(OPEN SOCKET "o: listen(s, 8) = EINVAL  \r\n" CLOSE "Text.\r\n", "0",
		      OPEN SOCKET "o: listen(s, 8) = 0\r\n" CLOSE "Text.\r\n");
	assert_update(OPEN SOCKET "o: listen(s, 8) = EINVAL\n" CLOSE "The end", "0",
		      OPEN SOCKET "o: listen(s, 8) = 0\n" CLOSE "The end");
}

static void test_ports(void **state)
{
	(void)state;
	assert_line("o: getsockname(s) = EBADF", "127.0.0.1:43210",
		    "o: getsockname(s) = 127.0.0.1:*");
	assert_line("o: getsockname(s) = EBADF # not :432100", "[::1]:43210",
		    "o: getsockname(s) = [::1]:* # not :432100");
	assert_line("o: getsockname(s) = EBADF # :43210", "127.0.0.1:43210",
		    "o: getsockname(s) = 127.0.0.1:43210 # :43210");
	assert_line("o: getsockname(s) = EBADF", "0.0.0.0:0", "o: getsockname(s) = 0.0.0.0:*");
}

static void test_what_cannot_be_stated_stays(void **state)
{
	static const char text[] = OPEN SOCKET "o: listen(s, 8) = EINVAL\nexpect tcp *\n" CLOSE;
	struct rt_lesson *lesson = parse(text);
	struct rt_checks checks = {0};
	struct rt_update update;

	(void)state;
	differ(&checks, 12, NULL);
	differ(&checks, 13, NULL);
	differ(&checks, 10, "0"); /* no line of script */
	rt_update_make(text, strlen(text), lesson, &checks, &update);
	assert_int_equal(update.n, 0);
	assert_int_equal(update.text.len, 0);
	assert_int_equal(checks.failed, 3);
	rt_update_fini(&update);
	rt_checks_fini(&checks);
	rt_lesson_free(lesson);
}

static void test_the_difference_is_harmless(void **state)
{
	static const char text[] = OPEN SOCKET "o: listen(s, 8) = EINVAL # \x1b]2;x\x07\n" CLOSE;
	struct rt_lesson *lesson = parse(text);
	struct rt_checks checks = {0};
	struct rt_update update;
	struct rt_str shown = {0};

	(void)state;
	differ(&checks, 12, "0");
	rt_update_make(text, strlen(text), lesson, &checks, &update);
	rt_update_format(&update, "a\x1b.md", &shown);
	assert_null(strchr(rt_str_text(&shown), 0x1b));
	assert_non_null(
		strstr(rt_str_text(&shown), "\n@@ line 12 @@\n-o: listen(s, 8) = EINVAL # "));
	assert_non_null(strstr(rt_str_text(&shown), "\n+o: listen(s, 8) = 0      # "));
	/* The file itself keeps what its author wrote. */
	assert_non_null(strchr(rt_str_text(&update.text), 0x1b));
	rt_str_fini(&shown);
	rt_update_fini(&update);
	rt_checks_fini(&checks);
	rt_lesson_free(lesson);
}

/* --- minutes ---------------------------------------------------------------------------------- */

static int seconds(const char *text)
{
	struct rt_lesson *lesson = parse(text);
	int result = rt_lesson_seconds(lesson);

	rt_lesson_free(lesson);
	return result;
}

static void test_seconds(void **state)
{
	struct rt_str text = {0};

	(void)state;
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	rt_str_add(&text, FRONT "## A\n<!-- step: a -->\n<!-- note: is not read -->\n");
	for (int i = 0; i < 133; i++)
		rt_str_add(&text, "word `code`, and\n");
	assert_int_equal(seconds(rt_str_text(&text)), 400 * 60 / 200); /* the title has one word */
	rt_str_add(&text, "```lab\n" SOCKET "o: close(s)\n```\n");
	assert_int_equal(seconds(rt_str_text(&text)), 120 + 2 * 3);
	rt_str_clear(&text);
	rt_str_add(&text, FRONT "## 一\n<!-- step: a -->\n");
	for (int i = 0; i < 199; i++)
		rt_str_add(&text, "中");
	assert_int_equal(seconds(rt_str_text(&text)), 100 * 60 / 200);
	rt_str_fini(&text);
}

static void test_seconds_of_a_question(void **state)
{
	(void)state;
	/* 1 + 3 + 2 * 2 words, half of the feedback (20 words and 20), and two lines. */
	assert_int_equal(seconds(OPEN SOCKET "o: listen(s, 8) @l\n" CLOSE "```predict l\n"
					     "ask one two three\nchoice 0: yes\n"
					     "why a b c d e f g h i j k l m n o p q r s t\n"
					     "choice EINVAL: no\n"
					     "why a b c d e f g h i j k l m n o p q r s t\n```\n"),
			 (8 + 20) * 60 / 200 + 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_result_changes),
		cmocka_unit_test(test_a_result_where_none_stood),
		cmocka_unit_test(test_tabs_and_line_ends_stay),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_what_cannot_be_stated_stays),
		cmocka_unit_test(test_the_difference_is_harmless),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_seconds_of_a_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
