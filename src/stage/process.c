/* The processes of a stage, as the tutor has them: a channel and a pidfd each. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/call.h"
#include "stage/channel.h"
#include "stage/stage_private.h"

static rt_loop_fn on_message, on_end;

int rt_process_add(struct rt_stage *stage, pid_t pid, int channel, int pidfd)
{
	struct rt_process *process = &stage->process[stage->n];

	*process =
		(struct rt_process){.stage = stage, .pid = pid, .channel = channel, .pidfd = pidfd};
	rt_loop_add(stage->loop, channel, POLLIN, on_message, process);
	rt_loop_add(stage->loop, pidfd, POLLIN, on_end, process);
	if (stage->in_turns)
		rt_process_place(process);
	return stage->n++;
}

/* Whoever writes there is known: no message needs to bring a pid again. */
static void forget_credentials(int channel)
{
	int zero = 0;

	setsockopt(channel, SOL_SOCKET, SO_PASSCRED, &zero, sizeof(zero));
}

int rt_process_adopt(struct rt_stage *stage, int channel)
{
	struct rt_reply hello;
	struct rt_parcel parcel = {0};

	if (stage->n < RT_STAGE_ACTORS_MAX &&
	    rt_channel_recv_reply(channel, &hello, &parcel, MSG_DONTWAIT) > 0 &&
	    parcel.n_fds == 1 && parcel.pid > 0) {
		forget_credentials(channel);
		return rt_process_add(stage, parcel.pid, channel, parcel.fd[0]);
	}
	rt_parcel_close(&parcel);
	/* With its channel at an end the process ends. */
	close(channel);
	return -1;
}

void rt_process_take_recruit(struct rt_stage *stage, struct rt_parcel *parcel)
{
	if (--stage->crew_due == 0)
		forget_credentials(stage->process[RT_STAGE_INIT].channel);
	if (parcel->n_fds != 2 || parcel->pid <= 0 || stage->n_crew == RT_CREW) {
		rt_parcel_close(parcel);
		return;
	}
	stage->crew[stage->n_crew++] =
		(struct rt_recruit){parcel->pid, parcel->fd[0], parcel->fd[1]};
}

int rt_process_add_recruit(struct rt_stage *stage)
{
	struct rt_recruit recruit;

	if (stage->n_crew == 0)
		return -1;
	recruit = stage->crew[--stage->n_crew];
	forget_credentials(recruit.channel);
	return rt_process_add(stage, recruit.pid, recruit.channel, recruit.pidfd);
}

void rt_process_forget(struct rt_process *process)
{
	struct rt_loop *loop = process->stage->loop;

	if (process->pidfd < 0)
		return;
	rt_loop_remove(loop, process->channel);
	rt_loop_remove(loop, process->pidfd);
	close(process->channel);
	close(process->pidfd);
	process->channel = process->pidfd = -1;
	process->busy = false;
}

struct rt_process *rt_process_find(const struct rt_stage *stage, int actor)
{
	if (actor < 0 || actor >= stage->n || stage->process[actor].pidfd < 0)
		return NULL;
	return (struct rt_process *)&stage->process[actor];
}

int rt_process_signal(const struct rt_process *process, int signo)
{
	return (int)syscall(SYS_pidfd_send_signal, process->pidfd, signo, NULL, 0);
}

/* --- what the loop calls: after an event nothing touches the stage, it may be freed by then --- */

static void deliver(struct rt_process *process, struct rt_parcel *parcel)
{
	struct rt_stage *stage = process->stage;
	struct rt_reply *reply = &stage->reply;
	int child = -1;

	if (stage->crew_due > 0 && process == &stage->process[RT_STAGE_INIT]) {
		rt_process_take_recruit(stage, parcel);
		return;
	}
	if (!process->busy || reply->serial != process->serial) {
		rt_parcel_close(parcel);
		rt_process_signal(process, SIGKILL);
		return;
	}
	process->busy = false;
	if (parcel->n_fds) {
		child = rt_process_adopt(stage, parcel->fd[0]);
		if (child < 0) {
			reply->err = EAGAIN;
			reply->ret = -1;
		}
	}
	stage->events->reply(stage->ctx, (int)(process - stage->process), reply, child);
}

/* Returns whether there was a message. */
static bool receive(struct rt_process *process)
{
	struct rt_parcel parcel;
	int got = rt_channel_recv_reply(process->channel, &process->stage->reply, &parcel,
					MSG_DONTWAIT);

	if (got > 0) {
		deliver(process, &parcel);
		return true;
	}
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	/*
	 * Its end comes through the pidfd, once all its descriptors are closed; a process that
	 * talks nonsense is ended.
	 */
	if (got < 0)
		rt_process_signal(process, SIGKILL);
	rt_loop_remove(process->stage->loop, process->channel);
	return false;
}

static void on_message(void *ctx, int fd, short revents)
{
	(void)fd;
	(void)revents;
	receive(ctx);
}

static void answer_exit(struct rt_process *process)
{
	struct rt_stage *stage = process->stage;
	struct rt_reply *reply = &stage->reply;

	process->busy = false;
	/* Not the table of sockets behind it: its pages would be made. */
	memset(reply, 0, offsetof(struct rt_reply, fd));
	reply->serial = process->serial;
	stage->events->reply(stage->ctx, (int)(process - stage->process), reply, -1);
}

void rt_process_reap(int pidfd)
{
	siginfo_t info;

	waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | __WALL);
}

/* Called again while pidfd is watched: one event each time. */
static void on_end(void *ctx, int fd, short revents)
{
	struct rt_process *process = ctx;
	struct rt_stage *stage = process->stage;

	(void)revents;
	if (receive(process))
		return;
	if (process->busy && process->call == RT_CALL_EXIT) {
		answer_exit(process);
		return;
	}
	if (process != &stage->process[RT_STAGE_INIT]) {
		rt_process_forget(process);
		stage->events->gone(stage->ctx, (int)(process - stage->process));
		return;
	}
	rt_process_reap(fd);
	for (int i = 0; i < stage->n; i++)
		rt_process_forget(&stage->process[i]);
	stage->events->dead(stage->ctx);
}
