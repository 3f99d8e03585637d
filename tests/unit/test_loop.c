/* The loop: whom it tells of a signal, and whom no more. Errors: what they do to a terminal. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/loop.h"

static void count(void *ctx, int signo)
{
	int *n = ctx;

	(void)signo;
	++*n;
}

static void test_signals_are_told(void **state)
{
	struct rt_loop *loop = rt_loop_new();
	int n = 0;

	(void)state;
	rt_loop_signal(loop, SIGWINCH, count, &n);
	kill(getpid(), SIGWINCH);
	assert_int_equal(n, 0);
	rt_loop_once(loop, 0);
	assert_int_equal(n, 1);
	rt_loop_once(loop, 0);
	assert_int_equal(n, 1);
	rt_loop_free(loop);
}

/* A terminal that is resized or closed while the program ends: who drew on it is gone already. */
static void test_who_is_gone_is_told_nothing(void **state)
{
	struct rt_loop *loop = rt_loop_new();
	int gone = 0, there = 0;

	(void)state;
	rt_loop_signal(loop, SIGWINCH, count, &gone);
	rt_loop_signal(loop, SIGTERM, count, &gone);
	rt_loop_signal(loop, SIGHUP, count, &there);
	rt_loop_forget_signals(loop, &gone);
	kill(getpid(), SIGWINCH);
	kill(getpid(), SIGTERM); /* still caught: it ends nothing before all is cleared away */
	kill(getpid(), SIGHUP);
	/* valgrind hands out one signal at a time. */
	for (int i = 0; i < 3; i++)
		rt_loop_once(loop, 0);
	assert_int_equal(gone, 0);
	assert_int_equal(there, 1);
	rt_loop_free(loop);
}

static void take(void *ctx, int fd, short revents)
{
	char byte;

	(void)revents;
	if (read(fd, &byte, 1) == 1)
		++*(int *)ctx;
}

/* Looking for what comes soon is one turn like any other: it ends with the time, and by a signal. */
static void test_what_comes_soon(void **state)
{
	struct rt_loop *loop = rt_loop_new();
	int taken = 0, told = 0, end[2];
	int64_t began;

	(void)state;
	assert_int_equal(pipe(end), 0);
	rt_loop_add(loop, end[0], POLLIN, take, &taken);
	rt_loop_signal(loop, SIGWINCH, count, &told);

	rt_loop_soon(loop);
	began = rt_now_ms();
	assert_int_equal(rt_loop_once(loop, 20), 0);
	assert_in_range(rt_now_ms() - began, 20, 2000);

	rt_loop_soon(loop);
	assert_int_equal(write(end[1], "x", 1), 1);
	assert_int_equal(rt_loop_once(loop, -1), 1);
	assert_int_equal(taken, 1);

	rt_loop_soon(loop);
	kill(getpid(), SIGWINCH);
	assert_int_equal(rt_loop_once(loop, -1), 1);
	assert_int_equal(told, 1);

	/* Who may not wait does not. */
	rt_loop_soon(loop);
	assert_int_equal(rt_loop_once(loop, 0), 0);
	rt_loop_remove(loop, end[0]);
	close(end[0]);
	close(end[1]);
	rt_loop_free(loop);
}

static void test_handlers_are_given_back(void **state)
{
	struct rt_loop *loop = rt_loop_new();
	struct sigaction now;
	sigset_t mask;
	int n = 0;

	(void)state;
	rt_loop_signal(loop, SIGTERM, count, &n);
	rt_loop_forget_signals(loop, &n);
	rt_loop_free(loop);
	sigaction(SIGTERM, NULL, &now);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	assert_true(now.sa_handler == SIG_DFL);
	assert_false(sigismember(&mask, SIGTERM));
}

/* A word of the command line, the name of a file: nothing in it commands the terminal. */
static void test_errors_are_harmless(void **state)
{
	struct rt_error err;
	char text[64], small[8];

	(void)state;
	rt_error_set(&err, RT_ERR_USAGE, "no lesson \"%s\"", "a\033[2J\302\233b\377");
	rt_error_fix(&err, "did you mean \"%s\"?", "\007");
	assert_string_equal(rt_error_format(&err, text, sizeof(text)),
			    "no lesson \"a\357\277\275[2J\357\277\275b\357\277\275\"; "
			    "did you mean \"\357\277\275\"?");
	rt_error_set(&err, RT_ERR_USAGE, "12345\033");
	assert_string_equal(rt_error_format(&err, small, sizeof(small)), "12345");
	rt_error_set(&err, RT_ERR_USAGE, "1234567");
	assert_string_equal(rt_error_format(&err, small, sizeof(small)), "1234567");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_are_told),
		cmocka_unit_test(test_who_is_gone_is_told_nothing),
		cmocka_unit_test(test_what_comes_soon),
		cmocka_unit_test(test_handlers_are_given_back),
		cmocka_unit_test(test_errors_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
