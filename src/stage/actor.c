#include "stage/actor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stage/channel.h"
#include "stage/stage.h"

/*
 * The first argument of a program that an actor's exec started. No command of ours has this name.
 */
#define EXEC_WORD "(exec)"

static void begin_reply(struct rt_reply *reply, uint32_t serial)
{
	/*
	 * The table of sockets behind it stays untouched: most of it is never used, so its pages
	 * are never made.
	 */
	memset(reply, 0, offsetof(struct rt_reply, fd));
	reply->serial = serial;
}

/*
 * Tells the tutor of a new process: its pid, by the credentials of the message, and a pidfd by
 * which to see its end.
 */
static void say_hello(struct rt_reply *reply)
{
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	begin_reply(reply, 0);
	reply->err = pidfd < 0 ? errno : 0;
	if (rt_channel_send_reply(RT_CHANNEL_FD, reply, &pidfd, pidfd < 0 ? 0 : 1) < 0 || pidfd < 0)
		_exit(1);
	close(pidfd);
}

static void make_call(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	rt_run_fn *run =
		rt_run_allowed(order->call, getpid() == 1) ? rt_run_find(order->call) : NULL;

	if (!run)
		reply->err = ENOSYS;
	else if (order->fd == RT_CHANNEL_FD)
		reply->err = EBADF;
	else
		run(order, reply, pass);
	if (reply->err)
		reply->ret = -1;
}

/* The descriptor that the call has made, -1 for none. */
static int made_fd(const struct rt_order *order, const struct rt_reply *reply)
{
	bool makes = order->call < RT_CALLS &&
		     rt_call_spec((enum rt_call_id)order->call)->gives == RT_GIVES_FD;

	return makes ? (int)reply->ret : -1;
}

/* All sockets, or where many calls follow each other those that this one was about. */
static void report(const struct rt_order *order, int top, struct rt_reply *reply)
{
	int made = made_fd(order, reply);

	reply->brief = order->brief;
	if (!order->brief) {
		reply->n_fds = rt_report_sockets(STDERR_FILENO + 1, top, reply->fd, RT_FDS_MAX);
		return;
	}
	if (order->fd > STDERR_FILENO && order->fd != RT_CHANNEL_FD)
		reply->n_fds = rt_report_sockets(order->fd, order->fd, reply->fd, 1);
	if (made > STDERR_FILENO)
		reply->n_fds += rt_report_sockets(made, made, &reply->fd[reply->n_fds], 1);
}

static void answer(struct rt_reply *reply, int pass)
{
	if (rt_channel_send_reply(RT_CHANNEL_FD, reply, &pass, pass < 0 ? 0 : 1) < 0)
		_exit(1);
	if (pass >= 0)
		close(pass);
}

static bool is_new_process(const struct rt_order *order, const struct rt_reply *reply)
{
	return (order->call == RT_CALL_FORK || order->call == RT_STAGE_SPAWN) && !reply->err &&
	       reply->ret == 0;
}

noreturn void rt_actor_obey(int top)
{
	struct rt_order order;
	struct rt_reply reply;

	while (rt_channel_recv_order(RT_CHANNEL_FD, &order) > 0) {
		int pass = -1;

		begin_reply(&reply, order.serial);
		make_call(&order, &reply, &pass);
		/* fork(2) returns 0 in the child, which has no order to answer. */
		if (is_new_process(&order, &reply)) {
			say_hello(&reply);
			continue;
		}
		if (made_fd(&order, &reply) > top)
			top = made_fd(&order, &reply);
		report(&order, top, &reply);
		answer(&reply, pass);
	}
	_exit(0);
}

/* In the child: end takes the place of init's channel, and others is the tutor's end of it. */
static noreturn void join_crew(int end, int others)
{
	if (rt_channel_install(end) < 0)
		_exit(1);
	close(others);
	prctl(PR_SET_NAME, "rt-actor");
	rt_actor_obey(STDERR_FILENO);
}

/* Returns whether there is one process more, of which the tutor has been told. */
static bool raise_one(void)
{
	int given[2], pair[2]; /* given: to the tutor, a channel and a pidfd */
	pid_t pid;
	bool done;

	if (rt_channel_pair(pair) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		join_crew(pair[1], pair[0]);
	close(pair[1]);
	given[0] = pair[0];
	given[1] = pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
	done = given[1] >= 0 && rt_channel_introduce(RT_CHANNEL_FD, pid, given, 2) == 0;
	if (given[1] >= 0)
		close(given[1]);
	/* With it a process ends that the tutor was not told of. */
	close(given[0]);
	return done;
}

void rt_actor_raise_crew(void)
{
	for (int i = 0; i < RT_CREW; i++)
		if (!raise_one())
			rt_channel_introduce(RT_CHANNEL_FD, getpid(), NULL, 0);
}

void rt_actor_exec(uint32_t serial)
{
	char text[16];
	char *argv[] = {(char *)"reuse-tutor", (char *)EXEC_WORD, text, NULL};
	int sys;

	snprintf(text, sizeof(text), "%u", serial);
	fcntl(RT_CHANNEL_FD, F_SETFD, 0);
	execv("/proc/self/exe", argv);
	sys = errno;
	fcntl(RT_CHANNEL_FD, F_SETFD, FD_CLOEXEC);
	errno = sys;
}

int rt_stage_exec_main(int argc, char **argv)
{
	struct rt_reply reply;

	if (argc != 3 || strcmp(argv[1], EXEC_WORD) != 0)
		return -1;
	/* Somebody may type this. Without a channel there is nobody to obey. */
	if (!rt_channel_is_installed() || fcntl(RT_CHANNEL_FD, F_SETFD, FD_CLOEXEC) < 0)
		return RT_ERR_USAGE;
	prctl(PR_SET_NAME, "rt-actor");
	/* exec clears it where the effective uid is not the real one; see rt_run_seteuid(). */
	prctl(PR_SET_DUMPABLE, 1);
	begin_reply(&reply, (uint32_t)strtoul(argv[2], NULL, 10));
	report(&(struct rt_order){.fd = -1}, RT_CHANNEL_FD - 1, &reply);
	answer(&reply, -1);
	rt_actor_obey(RT_CHANNEL_FD - 1);
}
