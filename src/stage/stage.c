#include "stage/stage.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/call.h"
#include "stage/actor.h"
#include "stage/asleep.h"
#include "stage/channel.h"
#include "stage/namespace.h"

enum { SPAWN_SERIAL = -1 };

struct process {
	struct rt_stage *stage;
	pid_t pid;   /* as the tutor counts */
	int channel; /* -1: it ended */
	int pidfd;   /* readable when it has ended; -1 then */
	bool busy;   /* has an order that it has not answered */
	uint32_t call, serial;
	int32_t fd; /* of that order */
};

struct rt_stage {
	struct rt_loop *loop;
	const struct rt_stage_events *events;
	void *ctx;
	unsigned uids;
	int diag_fd;
	struct process rising; /* init until it is ready; pid 0 then */
	bool crew_due;	       /* init has not yet sent the processes it makes ahead of need */
	size_t n_crew;
	int crew[RT_CREW]; /* their channels: adopted when they are needed */
	int n;
	struct process process[RT_STAGE_ACTORS_MAX];
	struct rt_reply reply; /* the last one */
};

/* An init that nobody needs any more and that has not ended yet. */
struct dying {
	struct rt_loop *loop;
	int pidfd;
};

static rt_loop_fn on_message, on_end, on_dead;

/* --- processes -------------------------------------------------------------------------------- */

static int add_process(struct rt_stage *stage, pid_t pid, int channel, int pidfd)
{
	struct process *process = &stage->process[stage->n];
	int zero = 0;

	*process = (struct process){.stage = stage, .pid = pid, .channel = channel, .pidfd = pidfd};
	/* Its pid is known: no message needs to bring it again. */
	setsockopt(channel, SOL_SOCKET, SO_PASSCRED, &zero, sizeof(zero));
	rt_loop_add(stage->loop, channel, POLLIN, on_message, process);
	rt_loop_add(stage->loop, pidfd, POLLIN, on_end, process);
	return stage->n++;
}

/*
 * Takes in a process that another one forked; its hello is there already. Returns its number, or
 * -1: channel is closed then.
 */
static int adopt(struct rt_stage *stage, int channel)
{
	struct rt_reply hello;
	struct rt_parcel parcel = {0};

	if (stage->n < RT_STAGE_ACTORS_MAX &&
	    rt_channel_recv_reply(channel, &hello, &parcel, MSG_DONTWAIT) > 0 &&
	    parcel.n_fds == 1 && parcel.pid > 0)
		return add_process(stage, parcel.pid, channel, parcel.fd[0]);
	rt_parcel_close(&parcel);
	/* With its channel at an end the process ends. */
	close(channel);
	return -1;
}

static void take_crew(struct rt_stage *stage, struct rt_parcel *parcel)
{
	stage->crew_due = false;
	while (parcel->n_fds > 0 && stage->n_crew < RT_CREW)
		stage->crew[stage->n_crew++] = parcel->fd[--parcel->n_fds];
	rt_parcel_close(parcel);
}

/* Adopts one of the crew. Returns its number, or -1 where there is none left. */
static int adopt_crew(struct rt_stage *stage)
{
	enum { HELLO_MS = 2000 };
	struct pollfd hello = {.events = POLLIN};
	int actor = -1;

	while (actor < 0 && stage->n_crew > 0) {
		hello.fd = stage->crew[--stage->n_crew];
		poll(&hello, 1, HELLO_MS);
		actor = adopt(stage, hello.fd);
	}
	return actor;
}

static void forget_process(struct process *process)
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

static struct process *find_process(const struct rt_stage *stage, int actor)
{
	if (actor < 0 || actor >= stage->n || stage->process[actor].pidfd < 0)
		return NULL;
	return (struct process *)&stage->process[actor];
}

static int send_signal(const struct process *process, int signo)
{
	return (int)syscall(SYS_pidfd_send_signal, process->pidfd, signo, NULL, 0);
}

/* --- what the loop calls: after an event nothing touches the stage, it may be freed by then --- */

static void deliver(struct process *process, struct rt_parcel *parcel)
{
	struct rt_stage *stage = process->stage;
	struct rt_reply *reply = &stage->reply;
	int child = -1;

	if (stage->crew_due && process == &stage->process[RT_STAGE_INIT]) {
		take_crew(stage, parcel);
		return;
	}
	if (!process->busy || reply->serial != process->serial) {
		rt_parcel_close(parcel);
		send_signal(process, SIGKILL);
		return;
	}
	process->busy = false;
	if (parcel->n_fds) {
		child = adopt(stage, parcel->fd[0]);
		if (child < 0) {
			reply->err = EAGAIN;
			reply->ret = -1;
		}
	}
	stage->events->reply(stage->ctx, (int)(process - stage->process), reply, child);
}

/* Returns whether there was a message. */
static bool receive(struct process *process)
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
		send_signal(process, SIGKILL);
	rt_loop_remove(process->stage->loop, process->channel);
	return false;
}

static void on_message(void *ctx, int fd, short revents)
{
	(void)fd;
	(void)revents;
	receive(ctx);
}

static void answer_exit(struct process *process)
{
	struct rt_stage *stage = process->stage;
	struct rt_reply *reply = &stage->reply;

	process->busy = false;
	*reply = (struct rt_reply){.serial = process->serial};
	stage->events->reply(stage->ctx, (int)(process - stage->process), reply, -1);
}

static void reap(int pidfd)
{
	siginfo_t info;

	waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | __WALL);
}

/* Called again while pidfd is watched: one event each time. */
static void on_end(void *ctx, int fd, short revents)
{
	struct process *process = ctx;
	struct rt_stage *stage = process->stage;

	(void)revents;
	if (receive(process))
		return;
	if (process->busy && process->call == RT_CALL_EXIT) {
		answer_exit(process);
		return;
	}
	if (process != &stage->process[RT_STAGE_INIT]) {
		forget_process(process);
		stage->events->gone(stage->ctx, (int)(process - stage->process));
		return;
	}
	reap(fd);
	for (int i = 0; i < stage->n; i++)
		forget_process(&stage->process[i]);
	stage->events->dead(stage->ctx);
}

static void on_dead(void *ctx, int fd, short revents)
{
	struct dying *dying = ctx;

	(void)revents;
	reap(fd);
	rt_loop_remove(dying->loop, fd);
	close(fd);
	free(dying);
}

/* --- life of a stage -------------------------------------------------------------------------- */

static void drop_rising(struct rt_stage *stage)
{
	struct process *rising = &stage->rising;

	send_signal(rising, SIGKILL);
	waitpid(rising->pid, NULL, __WALL);
	close(rising->pidfd);
	close(rising->channel);
	rising->pid = 0;
}

struct rt_stage *rt_stage_begin(struct rt_loop *loop, const struct rt_stage_events *events,
				void *ctx, bool uids, struct rt_error *err)
{
	struct rt_stage *stage = rt_calloc(1, sizeof(*stage));
	struct process *rising = &stage->rising;
	int pair[2];

	/* One by one: most of the reply in it is never touched, so its pages are never made. */
	stage->loop = loop;
	stage->events = events;
	stage->ctx = ctx;
	stage->diag_fd = -1;
	if (rt_channel_pair(pair) < 0) {
		rt_namespace_refused(RT_STEP_CHANNEL, errno, err);
		goto out_stage;
	}
	rising->channel = pair[0];
	rising->pid = rt_namespace_clone(pair[1], &rising->pidfd);
	if (rising->pid < 0) {
		rt_namespace_refused(RT_STEP_CLONE, errno, err);
		close(pair[1]);
		goto out_channel;
	}
	close(pair[1]);
	stage->uids = rt_namespace_raise(rising->pid, pair[0], uids, err);
	if (stage->uids)
		return stage;
	drop_rising(stage);
	goto out_stage;
out_channel:
	close(pair[0]);
out_stage:
	free(stage);
	return NULL;
}

int rt_stage_finish(struct rt_stage *stage, struct rt_error *err)
{
	struct process *rising = &stage->rising;

	if (rt_namespace_await(rising->channel, &stage->diag_fd, err) < 0) {
		drop_rising(stage);
		free(stage);
		return -1;
	}
	add_process(stage, rising->pid, rising->channel, rising->pidfd);
	rising->pid = 0;
	stage->crew_due = true;
	return 0;
}

struct rt_stage *rt_stage_new(struct rt_loop *loop, const struct rt_stage_events *events, void *ctx,
			      struct rt_error *err)
{
	struct rt_stage *stage = rt_stage_begin(loop, events, ctx, true, err);

	return stage && rt_stage_finish(stage, err) == 0 ? stage : NULL;
}

void rt_stage_free(struct rt_stage *stage)
{
	struct process *init;

	if (!stage)
		return;
	if (stage->rising.pid > 0)
		drop_rising(stage);
	init = find_process(stage, RT_STAGE_INIT);
	if (init) {
		struct dying *dying = rt_calloc(1, sizeof(*dying));

		*dying = (struct dying){.loop = stage->loop, .pidfd = init->pidfd};
		send_signal(init, SIGKILL);
		rt_loop_add(stage->loop, init->pidfd, POLLIN, on_dead, dying);
		rt_loop_remove(stage->loop, init->channel);
		close(init->channel);
		init->pidfd = init->channel = -1;
	}
	for (int i = 0; i < stage->n; i++)
		forget_process(&stage->process[i]);
	while (stage->n_crew > 0)
		close(stage->crew[--stage->n_crew]);
	if (stage->diag_fd >= 0)
		close(stage->diag_fd);
	free(stage);
}

void rt_stage_reap_all(struct rt_loop *loop, int timeout_ms)
{
	const int inits = (int)(WEXITED | WNOHANG | WNOWAIT | __WCLONE);
	const int64_t end = rt_now_ms() + timeout_ms;
	int64_t left = timeout_ms;
	siginfo_t info;

	/*
	 * Only inits end without SIGCHLD, so only they are seen by __WCLONE: wait(2). WNOWAIT
	 * leaves them to on_dead().
	 */
	while (left >= 0 && waitid(P_ALL, 0, &info, inits) == 0) {
		rt_loop_once(loop, (int)left);
		left = end - rt_now_ms();
	}
}

/* --- questions and orders --------------------------------------------------------------------- */

unsigned rt_stage_uids(const struct rt_stage *stage)
{
	return stage->uids;
}

int rt_stage_diag_fd(const struct rt_stage *stage)
{
	return stage->diag_fd;
}

int rt_stage_pid(const struct rt_stage *stage, int actor)
{
	const struct process *process = find_process(stage, actor);

	return process ? process->pid : -1;
}

static int refuse(struct rt_error *err, int sys, int actor)
{
	return rt_error_sys(err, RT_ERR_FAILED, sys, _("process %d of the stage takes no order"),
			    actor);
}

int rt_stage_order(struct rt_stage *stage, int actor, const struct rt_order *order,
		   struct rt_error *err)
{
	struct process *process = find_process(stage, actor);

	if (!process || process->busy)
		return refuse(err, process ? EBUSY : ESRCH, actor);
	if (rt_channel_send_order(process->channel, order) < 0)
		return refuse(err, errno, actor);
	rt_loop_soon(stage->loop);
	process->busy = true;
	process->call = order->call;
	process->serial = order->serial;
	process->fd = order->fd;
	return 0;
}

int rt_stage_spawn(struct rt_stage *stage, struct rt_error *err)
{
	const struct rt_order order = {
		.call = RT_STAGE_SPAWN, .serial = (uint32_t)SPAWN_SERIAL, .fd = -1};
	struct process *init = find_process(stage, RT_STAGE_INIT);
	struct rt_parcel parcel;
	int actor = -1;

	if (stage->n == RT_STAGE_ACTORS_MAX)
		return rt_error_sys(err, RT_ERR_FAILED, EAGAIN,
				    _("the stage has had its %d processes"), stage->n);
	if (init && stage->crew_due &&
	    rt_channel_wait_reply(init->channel, &stage->reply, &parcel) == 0)
		take_crew(stage, &parcel);
	actor = init ? adopt_crew(stage) : -1;
	if (actor >= 0)
		return actor;
	if (rt_stage_order(stage, RT_STAGE_INIT, &order, err) < 0)
		return -1;
	if (rt_channel_wait_reply(init->channel, &stage->reply, &parcel) < 0)
		return rt_error_sys(err, RT_ERR_FAILED, errno, _("the stage starts no process"));
	init->busy = false;
	if (parcel.n_fds)
		actor = adopt(stage, parcel.fd[0]);
	if (actor < 0)
		rt_error_sys(err, RT_ERR_FAILED, stage->reply.err ? stage->reply.err : EPROTO,
			     _("the stage starts no process"));
	return actor;
}

int rt_stage_asleep(const struct rt_stage *stage, int actor)
{
	const struct process *process = find_process(stage, actor);

	if (!process)
		return -1;
	/* A fork waits for its child to say hello: that is no sleep of the script's. */
	if (!process->busy || process->call == RT_CALL_FORK)
		return 0;
	return rt_asleep_in_call(process->pid, process->fd);
}

int rt_stage_kill(struct rt_stage *stage, int actor, int signo, struct rt_error *err)
{
	const struct process *process = find_process(stage, actor);

	if (!process || send_signal(process, signo) < 0)
		return rt_error_sys(err, RT_ERR_FAILED, process ? errno : ESRCH,
				    _("cannot send a signal to process %d"), actor);
	return 0;
}
