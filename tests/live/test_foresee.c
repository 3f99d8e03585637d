/*
 * The rules against this kernel, where they are told a lie: a world that hides one row of the
 * tables. What they foresee then must be found wrong, or `check` proves nothing.
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
#include "lesson/check.h"

static const char lesson_text[] =
	"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n## One\n"
	"<!-- step: one -->\n\n```lab\n"
	"old: s = socket(AF_INET, SOCK_STREAM)\n"
	"old: bind(s, 127.0.0.1:8000)\n"
	"old: listen(s, 8)\n"
	"new: n = socket(AF_INET, SOCK_STREAM)\n"
	"new: setsockopt(n, SO_REUSEADDR, 1)\n"
	"new: bind(n, 127.0.0.1:8000) = EADDRINUSE\n" /* line 18 */
	"new: bind(n, 127.0.0.2:8000)\n"
	"cli: c = socket(AF_INET, SOCK_STREAM)\n"
	"cli: connect(c, 127.0.0.1:8000)\n" /* line 21 */
	"```\n";

/* A live world, but for what its tables show. */
struct liar {
	struct rt_world *live;
	struct rt_world_ops ops;
	bool hides; /* sockets that listen */
	void *live_self;
	const struct rt_world_ops *live_ops;
};

static struct liar liar; /* the world's functions get no pointer but that of the live one */

static int lie(void *self, struct rt_snapshot *snapshot, struct rt_error *err)
{
	size_t kept = 0;

	if (liar.live_ops->snapshot(self, snapshot, err) < 0)
		return -1;
	for (size_t i = 0; i < snapshot->n; i++)
		if (!liar.hides || snapshot->row[i].state != RT_LISTEN)
			snapshot->row[kept++] = snapshot->row[i];
	snapshot->n = kept;
	return 0;
}

static void run(bool hides, struct rt_checks *checks)
{
	struct rt_loop *loop = rt_loop_new();
	struct rt_world *world = rt_world_live_new(loop);
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};
	struct rt_lesson *lesson =
		rt_lesson_parse(lesson_text, strlen(lesson_text), "t.md", &mistakes, &err);
	int result;

	assert_non_null(lesson);
	liar.hides = hides;
	liar.live_ops = world->ops;
	liar.ops = *world->ops;
	liar.ops.snapshot = lie;
	world->ops = &liar.ops;
	result = rt_check_run(world, lesson, RT_CHECK_FORESEE, checks, &err);
	rt_lesson_free(lesson);
	rt_world_free(world);
	rt_loop_free(loop);
	if (result < 0) {
		print_message("# %s %s\n", err.what, err.why);
		skip();
	}
}

static const struct rt_check *at(const struct rt_checks *checks, int number)
{
	for (size_t i = 0; i < checks->n; i++)
		if (checks->check[i].foreseen && checks->check[i].number == number)
			return &checks->check[i];
	return NULL;
}

static void test_the_truth(void **state)
{
	struct rt_checks checks;

	(void)state;
	run(false, &checks);
	assert_int_equal(checks.failed, 0);
	assert_int_equal(checks.foreseen, 5);
	assert_int_equal(checks.unforeseen, 0);
	assert_int_equal(checks.either, 0);
	rt_checks_fini(&checks);
}

static void test_a_lie(void **state)
{
	struct rt_checks checks;

	(void)state;
	run(true, &checks);
	assert_int_equal(checks.unforeseen, 2);
	assert_non_null(at(&checks, 18));
	assert_string_equal(at(&checks, 18)->got, "-1 EADDRINUSE");
	assert_non_null(at(&checks, 21));
	assert_string_equal(at(&checks, 21)->expected,
			    "ECONNREFUSED: nobody listens at the peer's address");
	rt_checks_fini(&checks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_truth),
		cmocka_unit_test(test_a_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
