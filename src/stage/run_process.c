/* The calls that make, change or end a process. */
#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "stage/actor.h"
#include "stage/channel.h"

static void enter_child(int pair[2], struct rt_reply *reply)
{
	/* Takes the place of the parent's channel: only the parent may answer there. */
	if (rt_channel_install(pair[1]) < 0)
		_exit(1);
	close(pair[0]);
	rt_capture_close();
	prctl(PR_SET_NAME, "rt-actor");
	reply->ret = 0;
}

/*
 * Returns twice, as fork(2) does. The parent waits until the child has said hello, so that the
 * tutor, which gets the child's channel with the answer, finds the hello there and waits for
 * nothing.
 */
void rt_run_fork(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	int pair[2];
	pid_t pid;

	(void)order;
	if (rt_channel_pair(pair) < 0) {
		reply->err = errno;
		return;
	}
	pid = fork();
	if (pid == 0) {
		enter_child(pair, reply);
		return;
	}
	reply->err = pid < 0 ? errno : 0;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return;
	}
	rt_channel_wait(pair[0]);
	reply->ret = pid;
	*pass = pair[0];
}

void rt_run_exec(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	rt_actor_exec(order->serial);
	reply->err = errno;
}

void rt_run_exit(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)reply;
	(void)pass;
	_exit(order->i[0]);
}

void rt_run_seteuid(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	if (seteuid((uid_t)order->i[0]) < 0)
		reply->err = errno;
	/* As in init: a change of uid takes it away. */
	prctl(PR_SET_DUMPABLE, 1);
}
