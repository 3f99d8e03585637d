/* What expect lines state, held against tables that a test made up; and the age of what is kept. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake_world.h"
#include "lesson/engine.h"
#include "lesson/words.h"

struct fixture {
	struct rt_loop *loop;
	struct fake *fake;
	struct rt_engine *engine;
	struct rt_lesson *lesson;
};

/* Runs the lines of a script. */
static void run(struct fixture *f, const char *script)
{
	struct rt_mistakes mistakes = {0};
	struct rt_str text = {0};
	struct rt_error err = {0};

	rt_str_add(&text, "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
			  "## S\n<!-- step: s -->\n\n```lab\n");
	rt_str_addf(&text, "%s\n```\n", script);
	f->lesson = rt_lesson_parse(rt_str_text(&text), text.len, "", &mistakes, &err);
	if (!f->lesson) {
		fail_msg("%s: %s", script, mistakes.n ? mistakes.mistake[0].what : err.what);
		return;
	}
	rt_str_fini(&text);
	rt_mistakes_fini(&mistakes);
	rt_engine_load(f->engine, f->lesson->line, f->lesson->n_lines);
	rt_engine_go(f->engine, f->lesson->n_lines);
	assert_int_equal(rt_engine_settle(f->engine, &err), 0);
}

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));

	f->loop = rt_loop_new();
	f->fake = fake_new(f->loop);
	f->engine = rt_engine_new(&f->fake->world, 250);
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
	test_free(f);
	return 0;
}

/* Whether the line holds, and what is said of it. */
static void assert_line(struct fixture *f, const char *script, bool holds, const char *said)
{
	const struct rt_outcome *outcome;
	struct rt_str text = {0};

	run(f, script);
	outcome = rt_engine_outcome(f->engine, 0);
	rt_words_outcome(&f->lesson->line[0], outcome, &text);
	assert_string_equal(rt_str_text(&text), said);
	assert_int_equal(outcome->as_wanted, holds);
	rt_str_fini(&text);
	rt_lesson_free(f->lesson);
	f->lesson = NULL;
}

static void test_counts_may_be_ranges(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		struct rt_row *row = fake_row(f->fake, RT_LISTEN, "127.0.0.1:8000", NULL);

		row->cookie = (uint64_t)i + 1;
		row->rqueue = (uint32_t)i * 10;
		row->uid = 1000;
		row->inode = 5;
	}
	assert_line(f, "expect 2..4 tcp *:8000 LISTEN", true, "3 rows");
	assert_line(f, "expect 3..3 tcp *:8000 LISTEN", true, "3 rows");
	assert_line(f, "expect tcp *:8000 LISTEN queue 20..21", true, "1 row");
	assert_line(f, "expect 2 tcp *:8000 LISTEN queue 10..30", true, "2 rows");
	assert_line(f, "expect no tcp *:8000 LISTEN queue 21..99", true, "no such row");
	assert_line(f, "expect 3 tcp *:8000 LISTEN uid 1000", true, "3 rows");
	assert_line(f, "expect 4..9 tcp *:8000 LISTEN", false, "3 rows");
	assert_line(f, "expect 1..2 tcp *:8000 LISTEN", false, "3 rows");
	assert_line(f, "expect tcp *:8000 LISTEN uid 0", false, "no such row");
}

static void test_groups_are_counted_by_users(void **state)
{
	struct fixture *f = *state;
	struct rt_groups *groups = &f->fake->tables.groups;
	struct rt_str text = {0};

	*groups = (struct rt_groups){.known = true, .n = 2};
	groups->group[0] = (struct rt_group){{.s_addr = htonl(0xe0000001)}, 1};
	groups->group[1] = (struct rt_group){{.s_addr = htonl(0xef010101)}, 2};
	assert_line(f, "expect group 239.1.1.1", true, "2 users");
	assert_line(f, "expect group 239.1.1.1 users 2", true, "2 users");
	assert_line(f, "expect group 239.1.1.1 users 1..2", true, "2 users");
	assert_line(f, "expect no group 239.1.1.2", true, "no such group");
	assert_line(f, "expect group 224.0.0.1 users 1", true, "1 user");
	assert_line(f, "expect group 239.1.1.1 users 3", false, "2 users");
	assert_line(f, "expect no group 239.1.1.1", false, "2 users");
	assert_line(f, "expect group 239.1.1.2", false, "no such group");
	rt_words_groups(rt_engine_sockets(f->engine), &text);
	assert_string_equal(rt_str_text(&text), "Groups joined on lo: 239.1.1.1 (2 users)");
	rt_str_fini(&text);
	groups->known = false;
	assert_line(f, "expect no group 239.1.1.1", false,
		    "/proc does not tell the groups of the stage");
}

/* The lower bound alone: how long it takes else depends on the machine. */
static void test_what_was_captured_grows_old_before_a_connection(void **state)
{
	struct fixture *f = *state;
	int64_t began = rt_now_ms();

	run(f, "capture(tcp * -> *:8000)\na: c = socket(AF_INET, SOCK_STREAM)\n"
	       "a: send(c, \"old\")\na: connect(c, 127.0.0.1:8000)");
	assert_true(rt_now_ms() - began >= 4);
	assert_int_equal(f->fake->orders[RT_CALL_CONNECT], 1);
	assert_true(rt_engine_outcome(f->engine, 3)->as_wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_counts_may_be_ranges, setup, teardown),
		cmocka_unit_test_setup_teardown(test_groups_are_counted_by_users, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_was_captured_grows_old_before_a_connection, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
