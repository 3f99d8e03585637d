/* Calls that are made many times: what is understood, how they run, what comes of them. */
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
#include "lesson/args.h"
#include "lesson/check.h"
#include "lesson/script.h"
#include "lesson/session.h"
#include "lesson/tally.h"
#include "lesson/words.h"

/* --- the language ----------------------------------------------------------------------------- */

/* The process a with ten sockets c, and one, s. */
static struct rt_scope *make_scope(void)
{
	static const char *const cast[] = {"a: 10 x c = socket(AF_INET, SOCK_STREAM)",
					   "a: s = socket(AF_INET, SOCK_STREAM)"};
	struct rt_scope *scope = rt_scope_new();
	struct rt_mistake mistake;
	struct rt_line line;

	for (size_t i = 0; i < RT_COUNT(cast); i++) {
		rt_scope_set_line(scope, (int)i + 1);
		assert_int_equal(rt_script_parse(cast[i], strlen(cast[i]), scope, &line, &mistake),
				 1);
		rt_line_fini(&line);
	}
	rt_scope_set_line(scope, 20);
	return scope;
}

static void test_good_lines(void **state)
{
	static const struct {
		const char *text, *line, *want;
		int repeat;
	} good[] = {
		{"a: 2 x d = socket(AF_INET, SOCK_STREAM)",
		 "a: 2 x d = socket(AF_INET, SOCK_STREAM)", "success", 2},
		{"a:10 x connect(c,127.0.0.1:8000)=4 x 0,6 x EADDRNOTAVAIL@l#c",
		 "a: 10 x connect(c, 127.0.0.1:8000)", "4 x 0, 6 x EADDRNOTAVAIL", 10},
		{"a: 5 x connect(c[6], 127.0.0.1:8001)", "a: 5 x connect(c[6], 127.0.0.1:8001)",
		 "success", 5},
		{"a: 3 x close(c[1])", "a: 3 x close(c)", "success", 3},
		{"a: close(c[3])", "a: close(c[3])", "success", 0},
		{"a: 200 x k = accept(s) = 60..140 x success, 60..140 x EAGAIN",
		 "a: 200 x k = accept(s)", "60..140 x success, 60..140 x EAGAIN", 200},
		{"a: 50 x recv(s, MSG_DONTWAIT) = 30 x \"m, 1 x 0\", 20 x EAGAIN",
		 "a: 50 x recv(s, MSG_DONTWAIT)", "30 x \"m, 1 x 0\", 20 x EAGAIN", 50},
		{"a: 1000 x send(s, \"m\") = 1", "a: 1000 x send(s, \"m\")", "1", 1000},
		{"2 x sysctl(net.ipv4.tcp_tw_reuse, 0)", "2 x sysctl(net.ipv4.tcp_tw_reuse, 0)",
		 "success", 2},
		{"a: x = socket(AF_INET, SOCK_STREAM)", "a: x = socket(AF_INET, SOCK_STREAM)",
		 "success", 0},
		{"a: 2 x x = socket(AF_INET, SOCK_STREAM)",
		 "a: 2 x x = socket(AF_INET, SOCK_STREAM)", "success", 2},
		{"a: 2 x getsockname(s)", "a: 2 x getsockname(s)", "success", 2},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		struct rt_scope *scope = make_scope();
		struct rt_str text = {0};
		struct rt_mistake mistake;
		struct rt_line line;

		if (rt_script_parse(good[i].text, strlen(good[i].text), scope, &line, &mistake) < 0)
			fail_msg("%s: %s", good[i].text, mistake.what);
		rt_line_format(&line, &text);
		assert_string_equal(rt_str_text(&text), good[i].line);
		rt_str_clear(&text);
		rt_want_format(&line.want, &text);
		assert_string_equal(rt_str_text(&text), good[i].want);
		assert_int_equal(line.call.repeat, good[i].repeat);
		rt_str_fini(&text);
		rt_line_fini(&line);
		rt_scope_free(scope);
	}
}

/* Of "a: 3 x bind(s, ...) = 1 x 0 @l" the result ends at its 0. */
static void test_a_result_ends_where_it_ends(void **state)
{
	const char *text = "a: 3 x close(s) = 1 x 0, 2 x EBADF   @l";
	struct rt_scope *scope = make_scope();
	struct rt_mistake mistake;
	struct rt_line line;

	(void)state;
	assert_int_equal(rt_script_parse(text, strlen(text), scope, &line, &mistake), 1);
	assert_int_equal(line.result_at, strstr(text, "1 x") - text);
	assert_int_equal(line.result_end, strstr(text, "   @") - text);
	assert_string_equal(line.label, "l");
	rt_line_fini(&line);
	rt_scope_free(scope);
}

static const struct {
	const char *text;
	int column;
	const char *what;
} wrong[] = {
	{"a: 1 x d = socket(AF_INET, SOCK_STREAM)", 4, "expected a number from 2 to 1000, got 1"},
	{"a: 1001 x d = socket(AF_INET, SOCK_STREAM)", 4,
	 "expected a number from 2 to 1000, got 1001"},
	{"a: 600 x d = socket(AF_INET, SOCK_STREAM)", 10, "a process has at most 512 descriptors"},
	{"a: 502 x d = socket(AF_INET, SOCK_STREAM)", 10, "a process has at most 512 descriptors"},
	{"a: 10 y d = socket(AF_INET, SOCK_STREAM)", 7, "expected \"x\", got \"y\""},
	{"a: 10 close(s)", 7, "expected \"x\", got \"close\""},
	{"a: 10 x", 8, "expected a call, got the end of the line"},
	{"a: close(c)", 10, "c stands for 10 descriptors: which one?"},
	{"a: close(c[11])", 10, "c stands for c[1] to c[10]"},
	{"a: close(c[0])", 12, "expected a number from 1 to 1000, got 0"},
	{"a: close(c[x])", 12, "expected a number, got \"x\""},
	{"a: close(c[])", 10, "expected a number in brackets, got \"c[]\""},
	{"a: close(c[3)", 10, "expected a number in brackets, got \"c[3\""},
	{"a: close(s[1])", 10, "s stands for one descriptor"},
	{"a: close(z[1])", 10, "a has no descriptor \"z\""},
	{"a: 5 x close(c[7])", 14, "5 calls from c[7] on would need c[11]: the last is 10"},
	{"a: 11 x close(c)", 15, "11 calls from c[1] on would need c[11]: the last is 10"},
	{"a: c = socket(AF_INET, SOCK_STREAM)", 4,
	 "a has an open descriptor \"c\" already, of line 1"},
	{"a: 2 x k = accept(s) = blocks", 24, "a call that blocks would end the repetition"},
	{"a: 2 x k = accept(s) = 1 x success, 1 x blocks", 41,
	 "a call that blocks would end the repetition"},
	{"a: 2 x getsockname(s) = 127.0.0.1:*", 25,
	 "expected an errno name or success, got \"127.0.0.1:*\""},
	{"a: 2 x d = getsockname(s)", 12, "one name cannot stand for 2 addresses"},
	{"a: 2 x f = fork()", 12, "fork cannot be repeated"},
	{"a: 2 x exit()", 8, "exit cannot be repeated"},
	{"2 x wait(no tcp *:1)", 5, "wait cannot be repeated"},
	{"2 x kill(a, SIGKILL)", 5, "kill cannot be repeated"},
	{"2 x close(s)", 5, "close is made by a process"},
	{"a: close(s) = 1 x 0", 15, "one call gives one result"},
	{"a: 3 x close(s) = 1 x 0, 1 x EBADF", 19, "these counts make 2, the calls are 3"},
	{"a: 3 x close(s) = 4..5 x 0", 19, "these counts make 4 to 5, the calls are 3"},
	{"a: 3 x close(s) = 3..1 x 0", 19, "no number is in 3..1"},
	{"a: 3 x close(s) = 1..z x 0", 19, "expected a number, or two joined by .., got \"1..z\""},
	{"a: 3 x close(s) = 1 x 0, EBADF", 26, "expected how many, got \"EBADF\""},
	{"a: 3 x close(s) = 1 x 0, 2 x", 29, "expected a result, got the end of the line"},
	{"a: 3 x close(s) = 1 x 0, 2 x EBADFF", 30, "expected a result, got \"EBADFF\""},
	{"a: 3 x close(s) = 1001 x 0", 19, "expected a number from 0 to 1000, got 1001"},
	{"a: 3 x close(s) = 3 x 7", 23, "expected 0, an errno name or blocks, got \"7\""},
	{"a: 3 x close(s) = 1 x 0, 2 x success", 30,
	 "this class and number 1 of the tally can be the same result"},
	{"a: 3 x close(s) = 1 x 0, 2 x 0", 30,
	 "this class and number 1 of the tally can be the same result"},
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(wrong); i++) {
		struct rt_scope *scope = make_scope();
		struct rt_mistake mistake;
		struct rt_line line;

		if (rt_script_parse(wrong[i].text, strlen(wrong[i].text), scope, &line, &mistake) !=
		    -1)
			fail_msg("%s: understood", wrong[i].text);
		assert_string_equal(mistake.what, wrong[i].what);
		if (mistake.column != wrong[i].column)
			fail_msg("%s: column %d", wrong[i].text, mistake.column);
		rt_mistake_fini(&mistake);
		rt_scope_free(scope);
	}
}

/* Lines one after the other; the last has that mistake, or none. */
static void refuse_last(const char *const *text, size_t n, const char *what)
{
	struct rt_scope *scope = make_scope();

	for (size_t i = 0; i < n; i++) {
		struct rt_mistake mistake = {0};
		struct rt_line line;
		int result;

		rt_scope_set_line(scope, 30 + (int)i);
		result = rt_script_parse(text[i], strlen(text[i]), scope, &line, &mistake);
		if (result == 1)
			rt_line_fini(&line);
		if (i + 1 == n && what)
			assert_string_equal(result == 1 ? "understood" : mistake.what, what);
		else if (result != 1)
			fail_msg("%s: %s", text[i], mistake.what);
		rt_mistake_fini(&mistake);
	}
	rt_scope_free(scope);
}

#define REFUSE_LAST(what, ...)                                                                     \
	refuse_last((const char *const[]){__VA_ARGS__},                                            \
		    RT_COUNT(((const char *const[]){__VA_ARGS__})), what)

static void test_each_descriptor_is_closed_for_itself(void **state)
{
	(void)state;
	REFUSE_LAST("c[3] was closed in line 30", "a: close(c[3])", "a: 10 x listen(c)");
	REFUSE_LAST(NULL, "a: close(c[3])", "a: 7 x listen(c[4])");
	REFUSE_LAST("c was closed in line 31", "a: 5 x close(c)", "a: 5 x close(c[6])",
		    "a: listen(c[1])");
	REFUSE_LAST(NULL, "a: 10 x close(c)", "a: 500 x c = socket(AF_INET, SOCK_STREAM)",
		    "a: close(c[500])");
	REFUSE_LAST(NULL, "a: 10 x close(c) = EBADF", "a: close(c[3])");
	REFUSE_LAST(NULL, "a: 2 x d = accept(s) = EAGAIN", "a: d = accept(s)");
	REFUSE_LAST("a has no descriptor \"d\"", "a: 2 x d = accept(s) = 1 x EAGAIN, 1 x EMFILE",
		    "a: close(d[1])");
	/* A child has a copy of what its parent has open, and closes that alone. */
	REFUSE_LAST("c[3] was closed in line 30", "a: close(c[3])", "a: b = fork()",
		    "b: close(c[4])", "a: close(c[4])", "b: close(c[3])");
}

static void test_the_length_of_a_choice(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} choice[] = {
		{"4 x 0, 6 x EADDRINUSE: four", strlen("4 x 0, 6 x EADDRINUSE")},
		{"60..140 x success , 1 x EAGAIN :x", strlen("60..140 x success , 1 x EAGAIN")},
		{"3 x \"a: \\\"b, \", 1 x EAGAIN: x", strlen("3 x \"a: \\\"b, \", 1 x EAGAIN")},
		{"4 x 0, 6 EADDRINUSE: four", 0},
		{"4 x 0 four", 0},
		{"4 x", 0},
		{"4 x \"a", 0},
		{"0: x", 0},
		{"EADDRINUSE: 4 x 0: x", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(choice); i++) {
		struct rt_word word = {.s = choice[i].text, .len = strlen(choice[i].text)};

		assert_int_equal(rt_tally_length(word), choice[i].len);
	}
}

/* --- tallies ---------------------------------------------------------------------------------- */

static void count(struct rt_tally *tally, enum rt_call_result gives, int n, int err, int ret,
		  const char *data)
{
	struct rt_reply *reply = rt_calloc(1, sizeof(*reply));

	reply->err = err;
	reply->ret = err ? -1 : ret;
	reply->data_len = data ? (uint32_t)strlen(data) : 0;
	if (data)
		memcpy(reply->data, data, strlen(data));
	while (n-- > 0)
		rt_tally_count(tally, gives, reply);
	free(reply);
}

static bool matches(const struct rt_tally *tally, const char *text)
{
	struct rt_mistake mistake;
	struct rt_want want;
	bool result;

	assert_int_equal(rt_want_parse(text, strlen(text), false, &want, &mistake), 0);
	result = rt_tally_match(tally, &want);
	rt_want_fini(&want);
	return result;
}

static void test_every_run_falls_into_a_class(void **state)
{
	struct rt_tally tally = {0};
	struct rt_str text = {0};

	(void)state;
	count(&tally, RT_GIVES_ZERO, 2, EAGAIN, 0, NULL);
	count(&tally, RT_GIVES_ZERO, 3, 0, 0, NULL);
	count(&tally, RT_GIVES_ZERO, 1, EPERM, 0, NULL);
	rt_tally_format(&tally, 8, &text);
	assert_string_equal(rt_str_text(&text), "3 x 0, 2 x EAGAIN, 1 x EPERM");
	rt_str_clear(&text);
	rt_tally_format(&tally, 1, &text);
	assert_string_equal(rt_str_text(&text), "3 x 0 and 2 others");
	rt_str_fini(&text);
	assert_true(matches(&tally, "3 x 0, 2 x EAGAIN, 1 x EPERM"));
	assert_true(matches(&tally, "1..4 x success, 2 x EAGAIN, 1..2 x EPERM"));
	assert_false(matches(&tally, "3 x 0, 2 x EAGAIN"));
	assert_false(matches(&tally, "3 x 0, 3 x EAGAIN"));
	assert_false(matches(&tally, "4 x 0, 1 x EAGAIN, 1 x EPERM"));
	assert_false(matches(&tally, "2 x 0, 2 x EAGAIN, 1 x EPERM"));
	assert_false(matches(&tally, "0"));
	assert_false(matches(&tally, "EAGAIN"));
	rt_tally_fini(&tally);
	count(&tally, RT_GIVES_DATA, 2, 0, 1, "m");
	count(&tally, RT_GIVES_DATA, 1, 0, 0, NULL);
	assert_true(matches(&tally, "2 x \"m\", 1 x \"\""));
	assert_true(matches(&tally, "success"));
	assert_false(matches(&tally, "\"m\""));
	rt_tally_fini(&tally);
	count(&tally, RT_GIVES_FD, 1, 0, 7, NULL);
	count(&tally, RT_GIVES_FD, 1, 0, 8, NULL);
	assert_true(matches(&tally, "2 x success"));
	rt_tally_fini(&tally);
}

static void test_choices_that_say_the_same(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} pair[] = {{"4 x 0, 6 x EAGAIN", "6 x EAGAIN, 4 x success", true},
		    {"4 x 0, 6 x EAGAIN", "5 x 0, 5 x EAGAIN", false},
		    {"4 x 0, 6 x EAGAIN", "4 x 0, 6 x EPERM", false},
		    {"10 x 0", "0", true},
		    {"10 x EAGAIN", "EAGAIN", true},
		    {"10 x EAGAIN", "EPERM", false}};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(pair); i++) {
		struct rt_mistake mistake;
		struct rt_want a, b;

		rt_want_parse(pair[i].a, strlen(pair[i].a), false, &a, &mistake);
		rt_want_parse(pair[i].b, strlen(pair[i].b), false, &b, &mistake);
		assert_int_equal(rt_want_equal(&a, &b, rt_call_spec(RT_CALL_BIND)), pair[i].equal);
		rt_want_fini(&a);
		rt_want_fini(&b);
	}
}

/* --- the engine ------------------------------------------------------------------------------- */

static const char lesson_text[] =
	"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
	"## One\n<!-- step: one -->\n\n"
	"```lab\n"
	"a: 10 x c = socket(AF_INET, SOCK_STREAM)\n"		      /* 0 */
	"a: 10 x connect(c, 127.0.0.1:8000) = 4 x 0, 6 x EAGAIN @l\n" /* 1 */
	"a: 3 x close(c[2])\n"					      /* 2 */
	"a: close(c[10])\n"					      /* 3 */
	"b: s = socket(AF_INET, SOCK_STREAM)\n"			      /* 4 */
	"```\n\n"
	"```predict l\nask What?\nchoice 10 x 0: all\nwhy no\nchoice 4 x 0, 6 x EAGAIN: four\nwhy "
	"yes\nchoice EAGAIN: none\nwhy no\n```\n";

struct fixture {
	struct rt_loop *loop;
	struct fake *fake;
	struct rt_lesson *lesson;
	struct rt_engine *engine;
};

static int setup(void **state)
{
	struct fixture *f = rt_calloc(1, sizeof(*f));
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};

	f->loop = rt_loop_new();
	f->fake = fake_new(f->loop);
	f->fake->answer[RT_CALL_CONNECT] = EAGAIN;
	f->fake->good[RT_CALL_CONNECT] = 4;
	f->lesson = rt_lesson_parse(lesson_text, sizeof(lesson_text) - 1, "t.md", &mistakes, &err);
	rt_mistakes_fini(&mistakes);
	assert_non_null(f->lesson);
	f->engine = rt_engine_new(&f->fake->world, 250);
	rt_engine_load(f->engine, f->lesson->line, f->lesson->n_lines);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	rt_engine_free(f->engine);
	rt_lesson_free(f->lesson);
	fake_free(f->fake);
	rt_loop_free(f->loop);
	free(f);
	return 0;
}

static void go(struct fixture *f, size_t position)
{
	rt_engine_go(f->engine, position);
	assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
}

static int fd_of(struct fixture *f, const char *name)
{
	return rt_cast_fd(rt_engine_cast(f->engine), 0, name);
}

static void test_the_runs_are_counted(void **state)
{
	struct fixture *f = *state;
	const struct rt_outcome *outcome;
	struct rt_str words = {0};

	go(f, 2);
	assert_int_equal(f->fake->orders[RT_CALL_SOCKET], 10);
	assert_int_equal(f->fake->orders[RT_CALL_CONNECT], 10);
	/* The last of each tells of all descriptors. */
	assert_int_equal(f->fake->briefs, 18);
	outcome = rt_engine_outcome(f->engine, 1);
	assert_int_equal(outcome->how, RT_DONE);
	assert_true(outcome->as_wanted);
	rt_words_outcome_short(&f->lesson->line[1], outcome, &words);
	assert_string_equal(rt_str_text(&words), "= 4 x 0, 6 x EAGAIN");
	rt_str_fini(&words);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(rt_outcome_match(outcome, &f->lesson->predict[0].choice[i].want),
				 i == 1);
}

static void test_other_counts_are_not_as_wanted(void **state)
{
	struct fixture *f = *state;

	f->fake->good[RT_CALL_CONNECT] = 5;
	go(f, 2);
	assert_int_equal(rt_engine_outcome(f->engine, 1)->how, RT_DONE);
	assert_false(rt_engine_outcome(f->engine, 1)->as_wanted);
}

static void test_each_has_a_name_of_its_own(void **state)
{
	struct fixture *f = *state;

	go(f, 2);
	assert_int_equal(fd_of(f, "c[1]"), 3);
	assert_int_equal(fd_of(f, "c[10]"), 12);
	assert_int_equal(fd_of(f, "c"), -1);
	go(f, 3);
	assert_int_equal(fd_of(f, "c[1]"), 3);
	assert_int_equal(fd_of(f, "c[2]"), -1);
	assert_int_equal(fd_of(f, "c[4]"), -1);
	assert_int_equal(fd_of(f, "c[5]"), 7);
	go(f, 4);
	assert_int_equal(fd_of(f, "c[10]"), -1);
	assert_true(rt_engine_outcome(f->engine, 3)->as_wanted);
}

static void test_a_member_that_was_not_made_gives_ebadf(void **state)
{
	struct fixture *f = *state;

	f->fake->answer[RT_CALL_SOCKET] = EMFILE;
	f->fake->good[RT_CALL_SOCKET] = 9;
	/* The order of the tenth goes to descriptor -1. */
	f->fake->quiet_from[RT_CALL_CONNECT] = 9;
	rt_engine_go(f->engine, 2);
	while (f->fake->orders[RT_CALL_CONNECT] < 10) {
		rt_engine_pump(f->engine);
		rt_loop_once(f->loop, rt_engine_timeout_ms(f->engine));
	}
	assert_int_equal(f->fake->held.fd, -1);
	assert_int_equal(rt_engine_outcome(f->engine, 0)->tally.n, 2);
	assert_false(rt_engine_outcome(f->engine, 0)->as_wanted);
}

static void test_going_back_makes_them_all_again(void **state)
{
	struct fixture *f = *state;

	f->fake->good[RT_CALL_CONNECT] = 1000;
	go(f, 3);
	go(f, 2);
	assert_int_equal(f->fake->stages, 2);
	assert_int_equal(f->fake->orders[RT_CALL_CONNECT], 20);
	assert_int_equal(rt_engine_outcome(f->engine, 1)->tally.runs, 10);
	assert_int_equal(rt_engine_outcome(f->engine, 2)->how, RT_NOT_RUN);
	assert_int_equal(rt_engine_outcome(f->engine, 2)->tally.runs, 0);
}

static void test_a_call_that_blocks_ends_it(void **state)
{
	struct fixture *f = *state;
	struct rt_str words = {0};
	int done = 0;

	f->fake->quiet_from[RT_CALL_CONNECT] = 2;
	rt_engine_go(f->engine, 2);
	while (f->fake->orders[RT_CALL_CONNECT] < 3) {
		rt_engine_pump(f->engine);
		rt_loop_once(f->loop, rt_engine_timeout_ms(f->engine));
	}
	assert_int_equal(rt_engine_repeating_line(f->engine, &done), 1);
	assert_int_equal(done, 2);
	assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
	assert_int_equal(f->fake->orders[RT_CALL_CONNECT], 3);
	assert_int_equal(rt_engine_outcome(f->engine, 1)->how, RT_BLOCKED);
	assert_false(rt_engine_outcome(f->engine, 1)->as_wanted);
	assert_int_equal(rt_engine_repeating_line(f->engine, &done), -1);
	rt_words_outcome(&f->lesson->line[1], rt_engine_outcome(f->engine, 1), &words);
	assert_string_equal(rt_str_text(&words), "2 x 0, then blocks");
	rt_str_fini(&words);
	/* What is in the call makes no other one; when it returns, that counts, and no more follow. */
	go(f, 3);
	assert_int_equal(rt_engine_outcome(f->engine, 2)->how, RT_UNABLE);
	fake_wake(f->fake, 0);
	while (rt_engine_outcome(f->engine, 1)->how == RT_BLOCKED)
		rt_loop_once(f->loop, 1000);
	assert_int_equal(rt_engine_outcome(f->engine, 1)->how, RT_RESUMED);
	assert_int_equal(rt_engine_outcome(f->engine, 1)->tally.runs, 3);
	assert_false(rt_engine_outcome(f->engine, 1)->as_wanted);
	assert_int_equal(f->fake->orders[RT_CALL_CONNECT], 3);
}

static void test_a_process_that_dies_among_them(void **state)
{
	struct fixture *f = *state;

	f->fake->quiet_from[RT_CALL_CONNECT] = 2;
	rt_engine_go(f->engine, 2);
	while (f->fake->orders[RT_CALL_CONNECT] < 3) {
		rt_engine_pump(f->engine);
		rt_loop_once(f->loop, rt_engine_timeout_ms(f->engine));
	}
	fake_die(f->fake, 1);
	assert_int_equal(rt_engine_settle(f->engine, NULL), 0);
	assert_int_equal(rt_engine_outcome(f->engine, 1)->how, RT_KILLED);
	assert_int_equal(f->fake->orders[RT_CALL_CONNECT], 3);
}

static void test_check_says_what_was_counted(void **state)
{
	struct fixture *f = *state;
	struct rt_checks checks;
	struct rt_error err = {0};

	f->fake->good[RT_CALL_CONNECT] = 7;
	f->fake->answer[RT_CALL_CLOSE] = EINTR;
	f->fake->good[RT_CALL_CLOSE] = 1;
	assert_int_equal(rt_check_run(&f->fake->world, f->lesson, 0, &checks, &err), 0);
	assert_string_equal(checks.check[0].expected, "10 x success");
	assert_true(checks.check[0].passed);
	assert_string_equal(checks.check[1].what, "a: 10 x connect(c, 127.0.0.1:8000)");
	assert_string_equal(checks.check[1].expected, "4 x 0, 6 x EAGAIN");
	assert_string_equal(checks.check[1].got, "7 x 0, 3 x EAGAIN");
	assert_string_equal(checks.check[1].result, "7 x 0, 3 x EAGAIN");
	assert_false(checks.check[1].passed);
	/* The question: no choice is right. */
	assert_false(checks.check[2].passed);
	assert_non_null(strstr(checks.check[2].got, "7 x 0, 3 x EAGAIN"));
	assert_string_equal(checks.check[3].expected, "3 x success");
	assert_string_equal(checks.check[3].got, "1 x 0, 2 x EINTR");
	rt_checks_fini(&checks);
	/* check made an engine of its own. */
	rt_engine_free(f->engine);
	f->engine = rt_engine_new(&f->fake->world, 250);
}

/* Nor the lines below a line that was wrong: its names are known. */
static void test_one_mistake_is_one_mistake(void **state)
{
	static const char *const line[] = {"a: 2000 x d = socket(AF_INET, SOCK_STREAM)",
					   "a: 2x x d = socket(AF_INET, SOCK_STREAM)"};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(line); i++) {
		struct rt_mistakes mistakes;
		struct rt_error err = {0};
		struct rt_str out = {0};

		rt_str_addf(&out,
			    "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
			    "## One\n<!-- step: one -->\n\n```lab\n%s\n%s\n```\n",
			    line[i], i ? "" : "a: 5 x close(d)\na: listen(d[6])");
		assert_null(rt_lesson_parse(rt_str_text(&out), out.len, "t.md", &mistakes, &err));
		assert_int_equal(mistakes.n, 1);
		assert_int_equal(mistakes.mistake[0].line, 13);
		rt_mistakes_fini(&mistakes);
		rt_str_fini(&out);
	}
}

static void test_a_lesson_makes_so_many_calls(void **state)
{
	static const char head[] =
		"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
		"## One\n<!-- step: one -->\n\n```lab\n"
		"a: s = socket(AF_INET, SOCK_STREAM)\n";
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_str out = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct rt_lesson *lesson;

		rt_str_clear(&out);
		rt_str_add(&out, head);
		for (int k = 0; k < 9; k++)
			rt_str_add(&out, "a: 1000 x listen(s)\n");
		rt_str_addf(&out, "a: %d x listen(s)\n```\n", 999 + i);
		lesson = rt_lesson_parse(rt_str_text(&out), out.len, "t.md", &mistakes, &err);
		assert_int_equal(lesson != NULL, i == 0);
		assert_int_equal(mistakes.n, i);
		if (i == 1)
			assert_string_equal(mistakes.mistake[0].what,
					    "a lesson makes at most 10000 calls");
		rt_lesson_free(lesson);
		rt_mistakes_fini(&mistakes);
	}
	rt_str_fini(&out);
}

int main(void)
{
#define ENGINE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_lines),
		cmocka_unit_test(test_a_result_ends_where_it_ends),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_each_descriptor_is_closed_for_itself),
		cmocka_unit_test(test_the_length_of_a_choice),
		cmocka_unit_test(test_every_run_falls_into_a_class),
		cmocka_unit_test(test_choices_that_say_the_same),
		cmocka_unit_test(test_one_mistake_is_one_mistake),
		cmocka_unit_test(test_a_lesson_makes_so_many_calls),
		ENGINE(test_the_runs_are_counted),
		ENGINE(test_other_counts_are_not_as_wanted),
		ENGINE(test_each_has_a_name_of_its_own),
		ENGINE(test_a_member_that_was_not_made_gives_ebadf),
		ENGINE(test_going_back_makes_them_all_again),
		ENGINE(test_a_call_that_blocks_ends_it),
		ENGINE(test_a_process_that_dies_among_them),
		ENGINE(test_check_says_what_was_counted),
	};

	return cmocka_run_group_tests_name("repetition", tests, NULL, NULL);
}
