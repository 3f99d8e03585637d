#include "stage/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stage/channel.h"
#include "stage/ids.h"

/*
 * The kernel may let a new process begin on the processor of its parent, where it waits until that
 * one blocks: a stage would rise a millisecond late, beside an idle processor. Until it has its
 * maps init may run on all processors but this one. Best effort.
 */
static void part_from(pid_t pid, cpu_set_t *all)
{
	int here = sched_getcpu();
	cpu_set_t others;

	CPU_ZERO(all);
	if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof(*all), all) < 0)
		return;
	others = *all;
	CPU_CLR((size_t)here, &others);
	if (CPU_COUNT(&others) > 0)
		sched_setaffinity(pid, sizeof(others), &others);
}

static void let_run_anywhere(pid_t pid, const cpu_set_t *all)
{
	if (CPU_COUNT(all) > 0)
		sched_setaffinity(pid, sizeof(*all), all);
}

pid_t rt_namespace_clone(int end, int *pidfd)
{
	/*
	 * No exit signal in the low byte: nobody else in this program can wait for init by mistake.
	 */
	const unsigned long flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_PIDFD;
	pid_t pid;

	*pidfd = -1;
#ifdef __s390__
	pid = (pid_t)syscall(SYS_clone, NULL, flags, pidfd, NULL, 0);
#else
	pid = (pid_t)syscall(SYS_clone, flags, NULL, pidfd, NULL, 0);
#endif
	if (pid == 0)
		rt_init_main(end);
	return pid;
}

/* Why init gave up, from its hello: the step and the errno of it. */
static int refused_by(const struct rt_reply *hello, struct rt_error *err)
{
	enum rt_step step = hello->ret >= 0 && hello->ret < RT_STEPS ? (enum rt_step)hello->ret
								     : RT_STEP_ANSWER;

	return rt_namespace_refused(step, hello->err ? hello->err : EPROTO, err);
}

unsigned rt_namespace_raise(pid_t pid, int channel, bool tools, struct rt_error *err)
{
	struct rt_order maps = {.fd = -1};
	struct rt_parcel parcel;
	struct rt_reply hello;
	unsigned uids;
	cpu_set_t all;
	int sys;

	part_from(pid, &all);
	uids = rt_ids_map(pid, tools);
	sys = errno;
	let_run_anywhere(pid, &all);
	if (uids) {
		maps.i[0] = (int32_t)uids;
		/* Where init gave up, nobody receives this, and the reason is in the channel. */
		rt_channel_send_order(channel, &maps);
		return uids;
	}
	/* The maps of a process that has ended cannot be written: then its reason is the one. */
	if (rt_channel_recv_reply(channel, &hello, &parcel, MSG_DONTWAIT) > 0) {
		rt_parcel_close(&parcel);
		refused_by(&hello, err);
	} else {
		rt_namespace_refused(RT_STEP_MAP, sys, err);
	}
	return 0;
}

int rt_namespace_await(int channel, int *diag, struct rt_error *err)
{
	struct rt_parcel parcel;
	struct rt_reply hello;

	if (rt_channel_wait_reply(channel, &hello, &parcel) < 0)
		return rt_namespace_refused(RT_STEP_ANSWER, errno, err);
	if (!hello.err && parcel.n_fds == 1) {
		*diag = parcel.fd[0];
		return 0;
	}
	rt_parcel_close(&parcel);
	return refused_by(&hello, err);
}
