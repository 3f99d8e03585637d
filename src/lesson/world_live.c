/*
 * The real world: a stage of processes, and sock_diag through a socket that was opened inside it.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "diag/diag.h"
#include "lesson/world.h"
#include "lesson/world_probe.h"
#include "stage/stage.h"

enum { REAP_MS = 2000 };

struct live {
	struct rt_world world;
	struct rt_loop *loop;
	struct rt_stage *stage;
	struct rt_stage *rising; /* begun, for the next fresh() */
	struct rt_diag *diag;
	struct rt_stage_events events;
	bool in_turns; /* the processes of each stage from now on: rt_stage_take_turns() */
	bool has_uids; /* the stage, or the rising one, has several where that is possible */
	/* Something was done on the stage. One that nothing happened on is as good as fresh. */
	bool used;
	/*
	 * What the machine was found to have: a row of the table is looked for once in the life of
	 * the program. One more than the errno; 0 where it was not looked for.
	 */
	int probed[32];
};

static void tell_staged(struct rt_world *world)
{
	if (world->staged)
		world->staged(world->staged_ctx, world->ops->pid(world->self));
}

static void on_reply(void *ctx, int actor, const struct rt_reply *reply, int child)
{
	struct live *live = ctx;

	if (live->world.events)
		live->world.events->reply(live->world.events_ctx, actor, reply, child);
}

static void on_gone(void *ctx, int actor)
{
	struct live *live = ctx;

	if (live->world.events)
		live->world.events->gone(live->world.events_ctx, actor);
}

static void on_dead(void *ctx)
{
	struct live *live = ctx;

	live->used = true;
	if (live->world.staged)
		live->world.staged(live->world.staged_ctx, 0);
	if (live->world.events)
		live->world.events->dead(live->world.events_ctx);
}

static void on_diag_event(void *ctx, int fd, short revents)
{
	struct live *live = ctx;

	(void)fd;
	(void)revents;
	rt_diag_drain_events(live->diag);
	if (live->world.events)
		live->world.events->changed(live->world.events_ctx);
}

static void end_stage(struct live *live)
{
	if (live->diag)
		rt_loop_remove(live->loop, rt_diag_event_fd(live->diag));
	rt_diag_free(live->diag);
	live->diag = NULL;
	rt_stage_free(live->stage);
	live->stage = NULL;
}

void rt_world_live_prepare(struct rt_world *world)
{
	struct live *live = world->self;
	struct rt_error ignored; /* fresh() tries again, and tells */

	if (live->stage || live->rising)
		return;
	live->has_uids = world->wants_uids;
	live->rising = rt_stage_begin(live->loop, &live->events, live, world->wants_uids, &ignored);
}

static int build(struct live *live, struct rt_error *err)
{
	end_stage(live);
	live->used = false;
	/* It was begun before anybody knew that the lesson needs more. */
	if (live->rising && live->world.wants_uids && !live->has_uids) {
		rt_stage_free(live->rising);
		live->rising = NULL;
	}
	if (!live->rising)
		live->has_uids = live->world.wants_uids;
	live->stage =
		live->rising ? live->rising
			     : rt_stage_begin(live->loop, &live->events, live, live->has_uids, err);
	live->rising = NULL;
	if (!live->stage)
		return -1;
	if (rt_stage_finish(live->stage, err) < 0) {
		live->stage = NULL;
		return -1;
	}
	live->diag = rt_diag_new(rt_stage_diag_fd(live->stage), err);
	if (!live->diag) {
		end_stage(live);
		return -1;
	}
	rt_loop_add(live->loop, rt_diag_event_fd(live->diag), POLLIN, on_diag_event, live);
	rt_stage_take_turns(live->stage, live->in_turns);
	return 0;
}

static int live_fresh(void *self, struct rt_error *err)
{
	struct live *live = self;
	int rc;

	if (live->stage && !live->used && (live->has_uids || !live->world.wants_uids))
		return 0;
	rc = build(live, err);
	tell_staged(&live->world);
	return rc;
}

static int no_stage(struct rt_error *err)
{
	return rt_error_set(err, RT_ERR_STAGE, _("there is no stage"));
}

static int live_spawn(void *self, struct rt_error *err)
{
	struct live *live = self;

	live->used = true;
	return live->stage ? rt_stage_spawn(live->stage, err) : no_stage(err);
}

static int live_order(void *self, int process, const struct rt_order *order, struct rt_error *err)
{
	struct live *live = self;

	live->used = true;
	return live->stage ? rt_stage_order(live->stage, process, order, err) : no_stage(err);
}

static int live_asleep(void *self, int process)
{
	struct live *live = self;

	return live->stage ? rt_stage_asleep(live->stage, process) : -1;
}

static int live_kill(void *self, int process, int signo, struct rt_error *err)
{
	struct live *live = self;

	return live->stage ? rt_stage_kill(live->stage, process, signo, err) : no_stage(err);
}

static int live_destroy(void *self, const struct rt_row *row, uint32_t serial, struct rt_error *err)
{
	struct rt_order order = {.call = RT_STAGE_DESTROY, .serial = serial, .fd = -1};

	order.data_len = (uint32_t)rt_diag_destroy_request(row, order.data, sizeof(order.data));
	return live_order(self, RT_STAGE_INIT, &order, err);
}

static int live_snapshot(void *self, struct rt_snapshot *snapshot, struct rt_error *err)
{
	struct live *live = self;

	if (!live->diag)
		return no_stage(err);
	if (rt_diag_snapshot(live->diag, snapshot, err) < 0)
		return -1;
	rt_stage_groups(live->stage, &snapshot->groups);
	return 0;
}

static int live_pid(void *self)
{
	struct live *live = self;

	return live->stage ? rt_stage_pid(live->stage, RT_STAGE_INIT) : 0;
}

static unsigned live_uids(void *self)
{
	struct live *live = self;

	return live->stage ? rt_stage_uids(live->stage) : 1;
}

static int live_feature(void *self, const struct rt_gate *gate)
{
	struct live *live = self;
	size_t n, i = 0;
	const struct rt_gate *table = rt_gate_table(&n);

	if (!live->stage)
		return 0;
	/* A stage for another lesson may have fewer. */
	if (gate->probe == RT_GATE_UIDS)
		return rt_world_probe(live->stage, gate);
	while (i < n && strcmp(table[i].word, gate->word) != 0)
		i++;
	if (i >= n || i >= RT_COUNT(live->probed))
		return rt_world_probe(live->stage, gate);
	if (!live->probed[i])
		live->probed[i] = 1 + rt_world_probe(live->stage, gate);
	return live->probed[i] - 1;
}

static void live_take_turns(void *self, bool on)
{
	struct live *live = self;

	live->in_turns = on;
	if (live->stage)
		rt_stage_take_turns(live->stage, on);
}

static void live_free(void *self)
{
	struct live *live = self;

	rt_stage_free(live->rising);
	end_stage(live);
	if (!live->world.is_second)
		rt_stage_reap_all(live->loop, REAP_MS);
	free(live);
}

static const struct rt_world_ops live_ops = {
	.fresh = live_fresh,
	.spawn = live_spawn,
	.order = live_order,
	.asleep = live_asleep,
	.kill = live_kill,
	.destroy = live_destroy,
	.snapshot = live_snapshot,
	.pid = live_pid,
	.uids = live_uids,
	.feature = live_feature,
	.take_turns = live_take_turns,
	.free = live_free,
};

struct rt_world *rt_world_live_new(struct rt_loop *loop)
{
	struct live *live = rt_calloc(1, sizeof(*live));

	live->loop = loop;
	live->events = (struct rt_stage_events){on_reply, on_gone, on_dead};
	live->world = (struct rt_world){.ops = &live_ops, .self = live, .loop = loop};
	return &live->world;
}

void rt_world_set_lesson(struct rt_world *world, const char *id)
{
	if (!world)
		return;
	snprintf(world->lesson, sizeof(world->lesson), "%s", id);
	tell_staged(world);
}

void rt_world_free(struct rt_world *world)
{
	if (world)
		world->ops->free(world->self);
}
