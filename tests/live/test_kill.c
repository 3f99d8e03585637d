/*
 * SIGKILL at random moments of a tutor that builds stages, forks, executes and blocks. Afterwards
 * no process and no namespace of it may be left. The test is a subreaper, so an orphan can go
 * nowhere else, and root of a user namespace of its own, where it can limit the number of
 * namespaces to one: a stage can then be built only if all others are really gone.
 *
 * RT_KILLS in the environment is how many are killed, 1000 by default.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/call.h"
#include "stage/stage.h"

enum { KILLS = 1000, LONGEST_US = 12000, WAIT_MS = 10000 };

/* What may go wrong in a tutor of this test by itself. */
enum { NO_STAGE = 3, NO_ORDER = 4 };

struct tutor {
	struct rt_loop *loop;
	int actor, child; /* of the last reply */
	int replies;
	struct rt_reply reply;
};

static void on_reply(void *ctx, int actor, const struct rt_reply *reply, int child)
{
	struct tutor *tutor = ctx;

	tutor->actor = actor;
	tutor->child = child;
	tutor->reply = *reply;
	tutor->replies++;
}

static void on_gone(void *ctx, int actor)
{
	(void)ctx;
	(void)actor;
}

static void on_dead(void *ctx)
{
	(void)ctx;
}

static const struct rt_stage_events events = {on_reply, on_gone, on_dead};

static void call(struct tutor *tutor, struct rt_stage *stage, int actor, struct rt_order order)
{
	int before = tutor->replies;

	order.serial = (uint32_t)before + 1;
	if (actor < 0 || rt_stage_order(stage, actor, &order, NULL) < 0)
		_exit(NO_ORDER);
	while (tutor->replies == before)
		rt_loop_once(tutor->loop, -1);
}

/* One stage with everything that a script can do, but for its end. */
static struct rt_stage *play(struct tutor *tutor)
{
	const struct rt_order open_order = {
		.call = RT_CALL_SOCKET, .fd = -1, .i = {AF_INET, SOCK_STREAM}};
	const struct rt_order fork_order = {.call = RT_CALL_FORK, .fd = -1};
	const struct rt_order exec_order = {.call = RT_CALL_EXEC, .fd = -1};
	struct rt_order order = {.call = RT_CALL_BIND};
	struct rt_stage *stage = rt_stage_new(tutor->loop, &events, tutor, NULL);
	int server, child;

	if (!stage)
		_exit(NO_STAGE);
	server = rt_stage_spawn(stage, NULL);
	call(tutor, stage, server, open_order);
	order.fd = (int)tutor->reply.ret;
	rt_addr_parse("127.0.0.1:8000", strlen("127.0.0.1:8000"), &order.addr, NULL);
	call(tutor, stage, server, order);
	order.call = RT_CALL_LISTEN;
	order.i[0] = 8;
	call(tutor, stage, server, order);
	call(tutor, stage, server, fork_order);
	child = tutor->child;
	call(tutor, stage, child, fork_order);
	order.call = RT_CALL_ACCEPT;
	if (rt_stage_order(stage, tutor->child, &order, NULL) < 0)
		_exit(NO_ORDER);
	call(tutor, stage, rt_stage_spawn(stage, NULL), open_order);
	call(tutor, stage, child, exec_order);
	rt_stage_kill(stage, server, SIGKILL, NULL);
	return stage;
}

static void run_tutor(void)
{
	struct tutor tutor = {.loop = rt_loop_new()};
	struct rt_stage *before = NULL;

	for (;;) {
		struct rt_stage *stage = play(&tutor);

		/* As the tape does it: the new one stands before the old one goes. */
		rt_stage_free(before);
		before = stage;
		rt_loop_once(tutor.loop, 0);
	}
}

/*
 * Waits until this process has no child any more; an orphan becomes one. Returns how many are left
 * at the end of the time. *odd becomes the exit status of tutor, where it ended by itself.
 */
static int reap_children(pid_t tutor, int *odd)
{
	const struct timespec step = {.tv_nsec = 100000000};
	const int64_t end = rt_now_ms() + WAIT_MS;
	sigset_t set;
	siginfo_t info;
	int status;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (;;) {
		while ((pid = waitpid(-1, &status, WNOHANG | (int)__WALL)) > 0)
			if (pid == tutor && WIFEXITED(status))
				*odd = WEXITSTATUS(status);
		if (pid < 0)
			return 0;
		if (rt_now_ms() > end)
			break;
		sigtimedwait(&set, &info, &step);
	}
	/*
	 * Only the children of this process: it started them, or they are orphans of what it
	 * started.
	 */
	for (int left = 0;; left++) {
		char path[64], text[16] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
		file = fopen(path, "re");
		if (!file || fscanf(file, "%15s", text) != 1) {
			if (file)
				fclose(file);
			return left ? left : 1;
		}
		fclose(file);
		kill((pid_t)atoi(text), SIGKILL);
		waitpid((pid_t)atoi(text), NULL, (int)__WALL);
	}
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return len < 0 ? -1 : 0;
}

/*
 * Writes the maps of its parent from outside: all ids where that is allowed, so that the stages
 * have many, else the one.
 */
static void map_parent(int go, unsigned uid, unsigned gid)
{
	char path[64], one[32], c;
	const char *files[] = {"uid_map", "gid_map"};
	const unsigned ids[] = {uid, gid};

	if (read(go, &c, 1) != 1)
		_exit(1);
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)getppid(), files[i]);
		if (uid == 0 && write_text(path, "0 0 4294967295") == 0)
			continue;
		snprintf(one, sizeof(one), "0 %u 1", ids[i]);
		if (write_text(path, one) < 0)
			_exit(1);
	}
	_exit(0);
}

/* Becomes root of a user namespace. Returns 0, or -1 where that is refused. */
static int enter_user_namespace(void)
{
	unsigned uid = geteuid(), gid = getegid();
	int go[2], status = -1;
	pid_t pid;

	if (pipe2(go, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		map_parent(go[0], uid, gid);
	}
	close(go[0]);
	if (unshare(CLONE_NEWUSER) == 0 &&
	    (uid == 0 || write_text("/proc/self/setgroups", "deny") == 0) &&
	    write(go[1], "", 1) < 0)
		perror("write");
	close(go[1]);
	waitpid(pid, &status, 0);
	return status ? -1 : 0;
}

/*
 * In a child: whether a stage can be built, and another one beside it. Returns the errno of the one
 * that cannot.
 */
static int try_stages(int n)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct tutor tutor = {.loop = rt_loop_new()};
		struct rt_error err = {0};

		while (n-- > 0)
			if (!rt_stage_new(tutor.loop, &events, &tutor, &err))
				_exit(err.sys);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int limit_namespaces(const char *n)
{
	if (write_text("/proc/sys/user/max_user_namespaces", n) < 0)
		return -1;
	if (write_text("/proc/sys/user/max_net_namespaces", n) < 0)
		return -1;
	return write_text("/proc/sys/user/max_pid_namespaces", n);
}

/*
 * With a limit of one: the kernel frees a network namespace in the background, so it may take a
 * moment until a stage can be built. Returns whether it could, in the time.
 */
static int all_namespaces_are_gone(void)
{
	const int64_t end = rt_now_ms() + WAIT_MS;
	int sys = -1;

	while (rt_now_ms() < end && (sys = try_stages(1)) != 0)
		reap_children(0, NULL);
	return sys == 0 && reap_children(0, NULL) == 0;
}

static void test_nothing_is_left(void **state)
{
	const char *text = getenv("RT_KILLS");
	int kills = text ? atoi(text) : KILLS, left = 0, odd = 0;
	unsigned seed = (unsigned)rt_now_us();
	int64_t started = rt_now_ms();

	(void)state;
	print_message("# seed %u\n", seed);
	srandom(seed);
	for (int i = 0; i < kills && left < 3 && !odd; i++) {
		const struct timespec moment = {.tv_nsec = random() % LONGEST_US * 1000};
		pid_t pid = fork();

		if (pid == 0)
			run_tutor();
		nanosleep(&moment, NULL);
		kill(pid, SIGKILL);
		left += reap_children(pid, &odd);
	}
	print_message("# %d kills in %d ms, %d processes left\n", kills,
		      (int)(rt_now_ms() - started), left);
	/* None ended by itself: each one was killed in the middle of its work. */
	assert_int_equal(odd, 0);
	assert_int_equal(left, 0);
	if (limit_namespaces("1") < 0) {
		print_message("skip: /proc/sys/user cannot be written here, so namespaces cannot "
			      "be counted\n");
		skip();
	}
	assert_true(all_namespaces_are_gone());
	/* The measure measures: beside a stage there is no room for a second one. */
	assert_int_equal(try_stages(2), ENOSPC);
	print_message("# 0 namespaces left\n");
}

/*
 * An init that cannot see the end of its channel, as it is stopped: PR_SET_PDEATHSIG is what ends
 * it.
 */
static void test_a_stopped_stage_ends_too(void **state)
{
	int ready[2], odd = 0;
	pid_t pid;
	char c;

	(void)state;
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		struct tutor tutor = {.loop = rt_loop_new()};
		struct rt_stage *stage = play(&tutor);

		if (rt_stage_kill(stage, RT_STAGE_INIT, SIGSTOP, NULL) < 0 ||
		    write(ready[1], "", 1) != 1)
			_exit(NO_ORDER);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	kill(pid, SIGKILL);
	assert_int_equal(reap_children(pid, &odd), 0);
	assert_int_equal(odd, 0);
}

static void test_refused(void **state)
{
	(void)state;
	print_message("skip: this machine refuses user namespaces\n");
	skip();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stopped_stage_ends_too),
		cmocka_unit_test(test_nothing_is_left),
	};
	const struct CMUnitTest refused[] = {cmocka_unit_test(test_refused)};
	int status = rt_stage_exec_main(argc, argv);
	sigset_t set;

	if (status >= 0)
		return status;
	if (enter_user_namespace() < 0)
		return cmocka_run_group_tests(refused, NULL, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_DUMPABLE, 1);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
