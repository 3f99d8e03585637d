/*
 * The life of a stage: its processes, how they block, fork, exec and end, and that nothing of it is
 * left or leaks out.
 */
#include "stage_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage/asleep.h"

static void test_a_connection_between_two_processes(void **state)
{
	struct fixture *f = *state;
	int server = fixture_spawn(f), client = fixture_spawn(f);
	int s = fixture_listener(f, server, "127.0.0.1:8000");
	int c = fixture_ok(f, client, order_socket(AF_INET, SOCK_STREAM)), k;
	const struct rt_reply *reply;
	struct rt_fd listener;
	char text[RT_ADDR_TEXT];

	/* As strace would show it in a program of its own. */
	assert_int_equal(s, 3);
	assert_int_equal(c, 3);
	fixture_ok(f, client, order_addr(RT_CALL_CONNECT, c, "127.0.0.1:8000"));
	reply = fixture_call(f, server, order_fd(RT_CALL_ACCEPT, s));
	k = (int)reply->ret;
	assert_int_equal(k, 4);
	assert_int_equal(reply->n_fds, 2);
	listener = reply->fd[0];
	assert_int_equal(listener.fd, s);
	assert_int_equal(listener.listening, 1);
	assert_int_equal(listener.proto, RT_TCP);
	assert_int_not_equal(listener.inode, 0);
	assert_true(listener.cookie != 0 && listener.cookie != reply->fd[1].cookie);
	assert_string_equal(rt_addr_format(&listener.local, text), "127.0.0.1:8000");
	assert_int_equal(listener.peer.family, AF_UNSPEC);
	assert_true(rt_addr_equal(&reply->fd[1].peer, &reply->addr));
	assert_true(rt_addr_equal(&f->actor[client].reply.fd[0].local, &reply->addr));

	assert_int_equal(fixture_ok(f, server, order_data(RT_CALL_SEND, k, "hello")), 5);
	reply = fixture_call(f, client, order_fd(RT_CALL_RECV, c));
	assert_int_equal(reply->data_len, 5);
	assert_memory_equal(reply->data, "hello", 5);
	fixture_ok(f, server, order_fd(RT_CALL_CLOSE, k));
	assert_int_equal(f->actor[server].reply.n_fds, 1);
	assert_int_equal(fixture_ok(f, client, order_fd(RT_CALL_RECV, c)), 0);
}

static void test_a_blocked_call_blocks_nobody_else(void **state)
{
	struct fixture *f = *state;
	int server = fixture_spawn(f), client = fixture_spawn(f);
	int s = fixture_listener(f, server, "127.0.0.1:8000"), c;

	assert_int_equal(rt_stage_asleep(f->stage, server), 0);
	fixture_send(f, server, order_fd(RT_CALL_ACCEPT, s));
	fixture_asleep(f, server);
	assert_int_equal(
		rt_stage_order(f->stage, server, &(struct rt_order){.call = RT_CALL_CLOSE}, NULL),
		-1);
	c = fixture_ok(f, client, order_socket(AF_INET, SOCK_STREAM));
	assert_int_equal(rt_stage_asleep(f->stage, client), 0);
	assert_int_equal(rt_stage_asleep(f->stage, server), 1);
	fixture_ok(f, client, order_addr(RT_CALL_CONNECT, c, "127.0.0.1:8000"));
	assert_int_equal(fixture_reply(f, server, 4)->err, 0);
	assert_int_equal(f->actor[server].reply.ret, 4);
	assert_int_equal(rt_stage_asleep(f->stage, server), 0);
}

static void test_fork_shares_the_descriptors(void **state)
{
	struct fixture *f = *state;
	int server = fixture_spawn(f), client = fixture_spawn(f), child, grandchild;
	int s = fixture_listener(f, server, "127.0.0.1:8000"), c;
	uint64_t cookie = f->actor[server].reply.fd[0].cookie;

	assert_true(fixture_ok(f, server, order_fd(RT_CALL_FORK, -1)) > 1);
	child = f->actor[server].child;
	assert_true(child > client);
	assert_int_equal(f->actor[server].reply.n_fds, 1);
	assert_int_not_equal(rt_stage_pid(f->stage, child), rt_stage_pid(f->stage, server));
	fixture_ok(f, child, order_fd(RT_CALL_FORK, -1));
	grandchild = f->actor[child].child;
	fixture_ok(f, server, order_fd(RT_CALL_CLOSE, s));
	assert_int_equal(f->actor[server].reply.n_fds, 0);
	fixture_ok(f, child, order_fd(RT_CALL_CLOSE, s));

	c = fixture_ok(f, client, order_socket(AF_INET, SOCK_STREAM));
	fixture_ok(f, client, order_addr(RT_CALL_CONNECT, c, "127.0.0.1:8000"));
	fixture_ok(f, grandchild, order_fd(RT_CALL_ACCEPT, s));
	assert_int_equal(f->actor[grandchild].reply.n_fds, 2);
	assert_true(f->actor[grandchild].reply.fd[0].cookie == cookie);
	/* The end of a child is not the end of its parent. */
	fixture_ok(f, child, order_int(RT_CALL_EXIT, -1, 0));
	fixture_gone(f, child);
	fixture_ok(f, server, order_socket(AF_INET, SOCK_STREAM));
}

static void test_exec_keeps_what_is_not_cloexec(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f);
	int s = fixture_listener(f, actor, "127.0.0.1:8000");
	int pid = rt_stage_pid(f->stage, actor);
	const struct rt_reply *reply;
	char name[64] = "";
	uint64_t cookie;

	fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC));
	reply = &f->actor[actor].reply;
	assert_int_equal(reply->n_fds, 2);
	assert_int_equal(reply->fd[0].cloexec, 0);
	assert_int_equal(reply->fd[1].cloexec, 1);
	cookie = reply->fd[0].cookie;
	fixture_ok(f, actor, order_fd(RT_CALL_EXEC, -1));
	assert_int_equal(reply->n_fds, 1);
	assert_int_equal(reply->fd[0].fd, s);
	assert_true(reply->fd[0].cookie == cookie);
	/* Another program in the same process. */
	read_proc(pid, "cmdline", name, sizeof(name));
	assert_string_equal(name, "reuse-tutor");
	assert_int_equal(rt_stage_pid(f->stage, actor), pid);
	assert_int_equal(fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM)), 4);
	fixture_send(f, actor, order_fd(RT_CALL_ACCEPT, s));
	fixture_asleep(f, actor);
}

static void test_the_port_is_free_when_its_process_is_gone(void **state)
{
	struct fixture *f = *state;
	int other = fixture_spawn(f);

	for (int round = 0; round < 20; round++) {
		int actor = fixture_spawn(f), s;

		fixture_listener(f, actor, "127.0.0.1:8000");
		if (round % 2) {
			assert_int_equal(rt_stage_kill(f->stage, actor, SIGKILL, NULL), 0);
			fixture_gone(f, actor);
		} else {
			fixture_ok(f, actor, order_int(RT_CALL_EXIT, -1, 3));
			assert_int_equal(f->actor[actor].gone, 0);
			assert_int_equal(f->actor[actor].reply.n_fds, 0);
		}
		s = fixture_listener(f, other, "127.0.0.1:8000");
		fixture_ok(f, other, order_fd(RT_CALL_CLOSE, s));
		fixture_gone(f, actor);
		assert_int_equal(f->actor[actor].gone_after, f->actor[actor].replies);
		assert_int_equal(rt_stage_pid(f->stage, actor), -1);
		assert_int_equal(rt_stage_kill(f->stage, actor, SIGKILL, NULL), -1);
	}
}

static void test_a_signal_ends_a_blocked_process(void **state)
{
	struct fixture *f = *state;
	const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGKILL};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		int actor = fixture_spawn(f);
		int s = fixture_listener(f, actor, "127.0.0.1:8000");
		int replies = f->actor[actor].replies;

		fixture_send(f, actor, order_fd(RT_CALL_ACCEPT, s));
		fixture_asleep(f, actor);
		assert_int_equal(rt_stage_kill(f->stage, actor, signals[i], NULL), 0);
		fixture_gone(f, actor);
		assert_int_equal(f->actor[actor].replies, replies);
	}
}

static void ignore_signal(void *ctx, int signo)
{
	(void)ctx;
	(void)signo;
}

static void test_processes_have_no_signals_and_terminal_of_the_tutor(void **state)
{
	struct fixture *f = *state;
	char text[4096], name[64] = "";
	const char *line;
	int actor, pid;

	rt_loop_signal(f->loop, SIGINT, ignore_signal, NULL);
	actor = fixture_spawn(f);
	pid = rt_stage_pid(f->stage, actor);
	read_proc(pid, "status", text, sizeof(text));
	line = strstr(text, "\nSigBlk:");
	assert_non_null(line);
	assert_memory_equal(line, "\nSigBlk:\t0000000000000000\n", 26);
	line = strstr(text, "\nSigCgt:");
	assert_non_null(line);
	assert_memory_equal(line, "\nSigCgt:\t0000000000000000\n", 26);
	assert_int_not_equal(getsid(pid), getsid(0));
	assert_int_equal(proc_owner(pid), fixture_uid(f, 0));
	if (geteuid() != 0)
		assert_int_equal(proc_owner(pid), geteuid());
	assert_int_equal(proc_owner(rt_stage_pid(f->stage, RT_STAGE_INIT)), proc_owner(pid));
	snprintf(text, sizeof(text), "/proc/%d/fd/0", pid);
	assert_true(readlink(text, name, sizeof(name) - 1) > 0);
	assert_string_equal(name, "/dev/null");
}

static void test_what_proc_says_of_a_sleeping_process(void **state)
{
	(void)state;
	assert_int_equal(
		rt_asleep_syscall("43 0x3 0x7ffc1 0x7ffc2 0x0 0x0 0x0 0x7ffc0 0x7f01\n", 3), 1);
	assert_int_equal(
		rt_asleep_syscall("45 0x3e8 0x7ffc1 0x51c 0x0 0x0 0x0 0x7ffc0 0x7f01\n", 3), 0);
	assert_int_equal(rt_asleep_syscall("7 0x7ffc1 0x1 0x7d0 0x0 0x0 0x0 0x7ffc0 0x7f01\n", 3),
			 0);
	assert_int_equal(rt_asleep_syscall("running\n", 3), 0);
	assert_int_equal(rt_asleep_syscall("-1 0x3 0x7f01\n", 3), 0);
	assert_int_equal(rt_asleep_syscall("", 3), -1);
	assert_int_equal(rt_asleep_stat("12 (a) R) S 1 12 12 0\n"), 1);
	assert_int_equal(rt_asleep_stat("12 (a) S) R 1 12 12 0\n"), 0);
	assert_int_equal(rt_asleep_stat("12 (a) D 1 12 12 0\n"), 0);
	assert_int_equal(rt_asleep_stat("12 (a) T 1 12 12 0\n"), 1);
	assert_int_equal(rt_asleep_stat("12 (a)"), -1);
}

static void test_the_number_of_processes_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct rt_error err = {0};
	int actor = fixture_spawn(f), last = actor;

	while (last < RT_STAGE_ACTORS_MAX - 1)
		last = fixture_spawn(f);
	assert_int_equal(rt_stage_spawn(f->stage, &err), -1);
	assert_int_equal(err.sys, EAGAIN);
	fixture_fails(f, actor, order_fd(RT_CALL_FORK, -1), EAGAIN);
	assert_int_equal(f->actor[actor].child, -1);
	fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM));
}

static void test_orders_that_nobody_may_give(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f);
	struct rt_order order = order_data(RT_CALL_SEND, 3, "");

	fixture_fails(f, RT_STAGE_INIT, order_socket(AF_INET, SOCK_STREAM), ENOSYS);
	fixture_fails(f, actor, order_sysctl("net.ipv4.tcp_migrate_req", "1"), ENOSYS);
	fixture_fails(f, actor, order_fd(RT_CALL_KILL, -1), ENOSYS);
	fixture_fails(f, actor, (struct rt_order){.call = 1001, .fd = -1}, ENOSYS);
	fixture_fails(f, actor, (struct rt_order){.call = 12345, .fd = -1}, ENOSYS);
	fixture_fails(f, actor, order_fd(RT_CALL_CLOSE, 1000), EBADF);
	order.data_len = RT_DATA_MAX + 1;
	assert_int_equal(rt_stage_order(f->stage, actor, &order, NULL), -1);
	assert_int_equal(rt_stage_order(f->stage, actor + 1, &order, NULL), -1);
	assert_int_equal(rt_stage_order(f->stage, -1, &order, NULL), -1);
	fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM));
}

static void test_the_end_of_init_is_the_end_of_the_stage(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f), pid = rt_stage_pid(f->stage, actor);

	kill(rt_stage_pid(f->stage, RT_STAGE_INIT), SIGKILL);
	for (int i = 0; i < 100 && !f->dead; i++)
		rt_loop_once(f->loop, WAIT_MS / 100);
	assert_int_equal(f->dead, 1);
	assert_int_equal(
		rt_stage_order(f->stage, actor, &(struct rt_order){.call = RT_CALL_FORK}, NULL),
		-1);
	assert_int_equal(rt_stage_spawn(f->stage, NULL), -1);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(rt_loop_once(f->loop, 0), 0);
	assert_int_equal(f->dead, 1);
}

static void test_the_machine_is_not_touched(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int held = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), other, actor, s;
	char before[32], after[32], addr[32];
	socklen_t len = sizeof(sa);

	assert_int_equal(bind(held, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(getsockname(held, (struct sockaddr *)&sa, &len), 0);
	snprintf(addr, sizeof(addr), "127.0.0.1:%u", ntohs(sa.sin_port));
	read_proc(0, "../sys/net/ipv4/ip_default_ttl", before, sizeof(before));
	actor = fixture_spawn(f);
	/* The port that is taken here is free there, and who listens there is not heard here. */
	fixture_listener(f, actor, addr);
	other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(other, (struct sockaddr *)&sa, sizeof(sa)), -1);
	assert_int_equal(errno, ECONNREFUSED);
	fixture_ok(f, RT_STAGE_INIT, order_sysctl("net.ipv4.ip_default_ttl", "33"));
	read_proc(0, "../sys/net/ipv4/ip_default_ttl", after, sizeof(after));
	assert_string_equal(after, before);
	s = fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM));
	assert_int_equal(
		fixture_ok(f, actor, order_option(RT_CALL_GETSOCKOPT, s, IPPROTO_IP, IP_TTL, 0)),
		33);
	close(held);
	close(other);
}

static int processors(pid_t pid)
{
	cpu_set_t set;

	return sched_getaffinity(pid, sizeof(set), &set) < 0 ? -1 : CPU_COUNT(&set);
}

static void test_processes_take_turns_on_one_processor(void **state)
{
	struct fixture *f = *state;
	int before = fixture_spawn(f), during, all = processors(0), s;

	if (all < 2)
		skip();
	rt_stage_take_turns(f->stage, true);
	during = fixture_spawn(f);
	assert_int_equal(processors(0), 1);
	assert_int_equal(processors(rt_stage_pid(f->stage, before)), 1);
	assert_int_equal(processors(rt_stage_pid(f->stage, during)), 1);
	s = fixture_listener(f, before, "127.0.0.1:8000");
	rt_stage_take_turns(f->stage, false);
	assert_int_equal(processors(0), all);
	assert_int_equal(processors(rt_stage_pid(f->stage, before)), all);
	assert_int_equal(processors(rt_stage_pid(f->stage, during)), all);
	fixture_ok(f, before, order_fd(RT_CALL_CLOSE, s));
}

static void test_a_stage_that_ends_in_turns_gives_the_processors_back(void **state)
{
	struct fixture *f = *state;
	int all = processors(0);

	fixture_spawn(f);
	rt_stage_take_turns(f->stage, true);
	rt_stage_free(f->stage);
	f->stage = NULL;
	assert_int_equal(processors(0), all);
}

static void test_exec_arguments_typed_by_a_person_do_nothing(void **state)
{
	char *argv[] = {(char *)"reuse-tutor", (char *)"(exec)", (char *)"1", NULL};
	int status = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), RT_ERR_USAGE);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		LIVE(test_a_connection_between_two_processes),
		LIVE(test_a_blocked_call_blocks_nobody_else),
		LIVE(test_fork_shares_the_descriptors),
		LIVE(test_exec_keeps_what_is_not_cloexec),
		LIVE(test_the_port_is_free_when_its_process_is_gone),
		LIVE(test_a_signal_ends_a_blocked_process),
		LIVE(test_processes_have_no_signals_and_terminal_of_the_tutor),
		cmocka_unit_test(test_what_proc_says_of_a_sleeping_process),
		LIVE(test_the_number_of_processes_is_bounded),
		LIVE(test_orders_that_nobody_may_give),
		LIVE(test_the_end_of_init_is_the_end_of_the_stage),
		LIVE(test_the_machine_is_not_touched),
		LIVE(test_processes_take_turns_on_one_processor),
		LIVE(test_a_stage_that_ends_in_turns_gives_the_processors_back),
		LIVE(test_exec_arguments_typed_by_a_person_do_nothing),
	};
	int status = rt_stage_exec_main(argc, argv);

	if (status >= 0)
		return status;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
