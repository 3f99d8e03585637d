/*
 * The programs in lessons/programs, built with the compiler of this build and run as they are: they
 * must do what the lessons say of them.
 */
#include "diag_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define LOCAL "127.0.0.1:10013"

enum {
	BUILD_MS = 60000,
	/* The program sleeps for a second before it restarts; the tests share their processors. */
	RESTART_MS = 20000,
	ATTEMPTS = 5,
};

/* One run of the program: what it has printed, and its processes, which are one process group. */
struct run {
	struct rt_diag *diag;
	struct rt_snapshot sockets;
	pid_t group;
	int from; /* what it prints */
	size_t len;
	char text[1024];
};

static char folder[] = "/tmp/rt-programs-XXXXXX";
static pid_t running; /* the group that a test which fails leaves behind; 0: none */

/* Starts sh with what stands in command; its own group, so that all of it can be ended. */
static pid_t start(const char *command, int out)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		setpgid(0, 0);
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	setpgid(pid, pid);
	return pid;
}

/* Ends what is left of the group, and waits for all of it: orphans come to this process. */
static void end_group(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-group, NULL, 0) > 0)
		;
	running = 0;
}

static int tear_down(void **state)
{
	if (running)
		end_group(running);
	return diag_teardown(state);
}

static void build(const char *name, const char *options)
{
	const char *cc = getenv("CC"), *top = getenv("top_srcdir");
	char command[1024];
	int status;
	pid_t pid;

	snprintf(command, sizeof(command),
		 "exec %s -std=gnu17 -Wall -Wextra -Werror %s -o %s/%s "
		 "'%s/lessons/programs/restart.c'",
		 cc && cc[0] ? cc : "cc", options, folder, name, top && top[0] ? top : ".");
	pid = start(command, STDERR_FILENO);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("this does not build: %s", command);
}

static int set_up_group(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -1;
	build("with", "");
	build("without", "-DWITHOUT_REUSEADDR");
	diag_enter_user_namespace();
	return 0;
}

static int tear_down_group(void **state)
{
	char path[sizeof(folder) + 16];

	(void)state;
	snprintf(path, sizeof(path), "%s/with", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/without", folder);
	unlink(path);
	return rmdir(folder);
}

/* --- a run ------------------------------------------------------------------------------------ */

static void run_start(struct run *run, struct rt_diag *diag, const char *name)
{
	char command[sizeof(folder) + 32];
	int out[2];

	*run = (struct run){.diag = diag};
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	snprintf(command, sizeof(command), "exec %s/%s", folder, name);
	run->group = running = start(command, out[1]);
	run->from = out[0];
	close(out[1]);
}

static void run_end(struct run *run)
{
	end_group(run->group);
	close(run->from);
	rt_snapshot_fini(&run->sockets);
}

/* How many lines that begin with "bind: " the program has printed so far. */
static int binds(const struct run *run)
{
	const char *at = run->text;
	int n = 0;

	while ((at = strstr(at, "bind: ")) && strchr(at, '\n')) {
		at += strlen("bind: ");
		n++;
	}
	return n;
}

/* Reads what the program prints, for wait_ms at most, until it has told of n calls of bind(). */
static bool told_binds(struct run *run, int n, int wait_ms)
{
	int64_t end = rt_now_ms() + wait_ms;
	struct pollfd out = {.fd = run->from, .events = POLLIN};

	while (binds(run) < n) {
		int64_t left = end - rt_now_ms();
		ssize_t got;

		if (poll(&out, 1, left > 0 ? (int)left : 0) <= 0)
			return false;
		got = read(run->from, run->text + run->len, sizeof(run->text) - 1 - run->len);
		if (got <= 0)
			return false;
		run->len += (size_t)got;
	}
	return true;
}

static bool is_second(const struct run *run, const char *line)
{
	const char *second = strstr(strstr(run->text, "bind: ") + 1, "bind: ");

	return strncmp(second, line, strlen(line)) == 0;
}

/* A client that has read the time and the end of file. -1 where it was refused. */
static int client(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
				 .sin_port = htons(10013),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[128];
	size_t len = 0;
	ssize_t got;

	assert_true(fd >= 0);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		close(fd);
		return -1;
	}
	while ((got = recv(fd, text + len, sizeof(text) - len, 0)) > 0)
		len += (size_t)got;
	assert_int_equal(got, 0);
	assert_true(len > 2 && memcmp(text + len - 2, "\r\n", 2) == 0);
	return fd;
}

/* The same, once the program listens: between its bind() and listen() it may be looked for. */
static int first_client(void)
{
	int64_t end = rt_now_ms() + WAIT_MS;
	int fd;

	do
		fd = client();
	while (fd < 0 && rt_now_ms() < end);
	return fd;
}

static size_t count(struct run *run, const char *local, const char *peer, enum rt_state state,
		    bool kernels)
{
	struct rt_row_pattern pattern = {.state = (uint8_t)state, .check_owner = kernels};

	assert_int_equal(rt_addr_pattern_parse(local, strlen(local), &pattern.local), 0);
	assert_int_equal(rt_addr_pattern_parse(peer, strlen(peer), &pattern.peer), 0);
	pattern.has_peer = peer[0] != '*';
	take(run->diag, &run->sockets);
	return rt_snapshot_count(&run->sockets, &pattern, NULL);
}

static void wait_for(struct run *run, const char *local, const char *peer, enum rt_state state,
		     bool kernels)
{
	int64_t end = rt_now_ms() + WAIT_MS;

	while (count(run, local, peer, state, kernels) != 1)
		if (rt_now_ms() >= end)
			fail_msg("no %s with local %s", rt_state_name(RT_TCP, state), local);
}

/*
 * Runs the program up to its restart, and leaves the first client in *client_fd, closed or open.
 * The states must have been seen before the restart. Where this process came too late for that, on
 * a busy machine, it is no test: it begins again, in another network namespace.
 */
static void run_to_restart(struct run *run, void **state, const char *name, bool closes,
			   int *client_fd)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		run_start(run, *state, name);
		assert_true(told_binds(run, 1, WAIT_MS));
		*client_fd = first_client();
		assert_true(*client_fd >= 0);
		if (closes)
			close(*client_fd);
		wait_for(run, LOCAL, "*", closes ? RT_TIME_WAIT : RT_FIN_WAIT2, true);
		if (!closes)
			wait_for(run, "127.0.0.1:*", LOCAL, RT_CLOSE_WAIT, false);
		if (!told_binds(run, 2, 0)) {
			assert_true(told_binds(run, 2, RESTART_MS));
			return;
		}
		if (!closes)
			close(*client_fd);
		run_end(run);
		diag_teardown(state);
		assert_int_equal(diag_setup(state), 0);
	}
	fail_msg("the restart came before the look, %d times", ATTEMPTS);
}

static void check_restart(void **state, const char *name, bool closes, bool succeeds)
{
	struct run run;
	int first, second;

	need_diag(state);
	run_to_restart(&run, state, name, closes, &first);
	assert_true(is_second(&run, succeeds ? "bind: OK\n" : "bind: Address already in use\n"));
	assert_int_equal(count(&run, LOCAL, "*", closes ? RT_TIME_WAIT : RT_FIN_WAIT2, true), 1);
	second = succeeds ? first_client() : client();
	assert_int_equal(second >= 0, succeeds);
	if (second >= 0)
		close(second);
	if (!closes)
		close(first);
	run_end(&run);
}

static void test_restarts_over_time_wait(void **state)
{
	check_restart(state, "with", true, true);
}

static void test_restarts_over_fin_wait2(void **state)
{
	check_restart(state, "with", false, true);
}

static void test_without_the_option_time_wait_refuses(void **state)
{
	check_restart(state, "without", true, false);
}

static void test_without_the_option_fin_wait2_refuses(void **state)
{
	check_restart(state, "without", false, false);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, diag_setup, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_restarts_over_time_wait),
		TEST(test_restarts_over_fin_wait2),
		TEST(test_without_the_option_time_wait_refuses),
		TEST(test_without_the_option_fin_wait2_refuses),
	};

	return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
