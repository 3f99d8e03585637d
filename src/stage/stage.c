#include "stage/stage.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/call.h"
#include "stage/asleep.h"
#include "stage/channel.h"
#include "stage/namespace.h"
#include "stage/stage_private.h"

enum { SPAWN_SERIAL = -1 };

/* --- life of a stage -------------------------------------------------------------------------- */

static void drop_rising(struct rt_stage *stage)
{
	struct rt_process *rising = &stage->rising;

	rt_process_signal(rising, SIGKILL);
	waitpid(rising->pid, NULL, __WALL);
	close(rising->pidfd);
	close(rising->channel);
	rising->pid = 0;
}

/* An init that nobody needs any more and that has not ended yet. */
struct dying {
	struct rt_loop *loop;
	int pidfd;
};

static void on_dead(void *ctx, int fd, short revents)
{
	struct dying *dying = ctx;

	(void)revents;
	rt_process_reap(fd);
	rt_loop_remove(dying->loop, fd);
	close(fd);
	free(dying);
}

struct rt_stage *rt_stage_begin(struct rt_loop *loop, const struct rt_stage_events *events,
				void *ctx, bool uids, struct rt_error *err)
{
	struct rt_stage *stage = rt_realloc(NULL, 1, sizeof(*stage));
	struct rt_process *rising = &stage->rising;
	int pair[2];

	/* Most of the reply, which is large, is never touched: so its pages are never made. */
	memset(stage, 0, offsetof(struct rt_stage, reply));
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
	struct rt_process *rising = &stage->rising;

	if (rt_namespace_await(rising->channel, &stage->diag_fd, err) < 0) {
		drop_rising(stage);
		free(stage);
		return -1;
	}
	rt_process_add(stage, rising->pid, rising->channel, rising->pidfd);
	rising->pid = 0;
	stage->crew_due = RT_CREW;
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
	struct rt_process *init;

	if (!stage)
		return;
	rt_stage_take_turns(stage, false);
	if (stage->rising.pid > 0)
		drop_rising(stage);
	init = rt_process_find(stage, RT_STAGE_INIT);
	if (init) {
		struct dying *dying = rt_calloc(1, sizeof(*dying));

		*dying = (struct dying){.loop = stage->loop, .pidfd = init->pidfd};
		rt_process_signal(init, SIGKILL);
		rt_loop_add(stage->loop, init->pidfd, POLLIN, on_dead, dying);
		rt_loop_remove(stage->loop, init->channel);
		close(init->channel);
		init->pidfd = init->channel = -1;
	}
	for (int i = 0; i < stage->n; i++)
		rt_process_forget(&stage->process[i]);
	while (stage->n_crew > 0) {
		struct rt_recruit recruit = stage->crew[--stage->n_crew];

		close(recruit.channel);
		close(recruit.pidfd);
	}
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
	const struct rt_process *process = rt_process_find(stage, actor);

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
	struct rt_process *process = rt_process_find(stage, actor);

	if (!process || process->busy)
		return refuse(err, process ? EBUSY : ESRCH, actor);
	if (rt_channel_send_order(process->channel, order) < 0)
		return refuse(err, errno, actor);
	/* Where they take turns, it can answer only when the tutor sleeps. */
	if (!stage->in_turns)
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
	struct rt_process *init = rt_process_find(stage, RT_STAGE_INIT);
	struct rt_parcel parcel;
	int actor = -1;

	if (!init)
		return refuse(err, ESRCH, RT_STAGE_INIT);
	if (stage->n == RT_STAGE_ACTORS_MAX)
		return rt_error_sys(err, RT_ERR_FAILED, EAGAIN,
				    _("the stage has had its %d processes"), stage->n);
	while (stage->n_crew == 0 && stage->crew_due > 0 &&
	       rt_channel_wait_reply(init->channel, &stage->reply, &parcel) == 0)
		rt_process_take_recruit(stage, &parcel);
	actor = rt_process_add_recruit(stage);
	if (actor >= 0)
		return actor;
	if (stage->crew_due > 0)
		return rt_error_sys(err, RT_ERR_FAILED, errno, _("the stage starts no process"));
	if (rt_stage_order(stage, RT_STAGE_INIT, &order, err) < 0)
		return -1;
	if (rt_channel_wait_reply(init->channel, &stage->reply, &parcel) < 0)
		return rt_error_sys(err, RT_ERR_FAILED, errno, _("the stage starts no process"));
	init->busy = false;
	if (parcel.n_fds)
		actor = rt_process_adopt(stage, parcel.fd[0]);
	if (actor < 0)
		rt_error_sys(err, RT_ERR_FAILED, stage->reply.err ? stage->reply.err : EPROTO,
			     _("the stage starts no process"));
	return actor;
}

int rt_stage_asleep(const struct rt_stage *stage, int actor)
{
	const struct rt_process *process = rt_process_find(stage, actor);

	if (!process)
		return -1;
	/* A fork waits for its child to say hello: that is no sleep of the script's. */
	if (!process->busy || process->call == RT_CALL_FORK)
		return 0;
	return rt_asleep_in_call(process->pid, process->fd);
}

int rt_stage_kill(struct rt_stage *stage, int actor, int signo, struct rt_error *err)
{
	const struct rt_process *process = rt_process_find(stage, actor);

	if (!process || rt_process_signal(process, signo) < 0)
		return rt_error_sys(err, RT_ERR_FAILED, process ? errno : ESRCH,
				    _("cannot send a signal to process %d"), actor);
	return 0;
}
