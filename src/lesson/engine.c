/* The way through the script: forward line by line, back and over a stage on a fresh one. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/engine_private.h"

static void on_dead(void *ctx)
{
	struct rt_engine *engine = ctx;

	if (!engine->staged)
		return;
	rt_error_set(&engine->error, RT_ERR_STAGE, _("the stage has ended"));
	rt_error_why(&engine->error, "%s", _("its first process was killed from outside"));
	rt_error_fix(&engine->error, "%s", _("begin the step again, on a fresh one"));
	rt_engine_fail(engine);
}

static void on_changed(void *ctx)
{
	struct rt_engine *engine = ctx;

	engine->dirty = true;
}

struct rt_engine *rt_engine_new(struct rt_world *world, int patience_ms)
{
	struct rt_engine *engine = rt_calloc(1, sizeof(*engine));

	engine->world = world;
	engine->patience_ms = patience_ms;
	engine->cast = rt_cast_new();
	engine->events = (struct rt_world_events){rt_engine_on_reply, rt_engine_on_gone, on_dead,
						  on_changed};
	if (world) {
		world->events = &engine->events;
		world->events_ctx = engine;
	}
	return engine;
}

static void leave_world(struct rt_engine *engine)
{
	engine->state = RT_ENGINE_IDLE;
	rt_engine_take_turns(engine);
	engine->world->events = NULL;
}

void rt_engine_free(struct rt_engine *engine)
{
	if (!engine)
		return;
	if (engine->world)
		leave_world(engine);
	rt_engine_forget_outcomes(engine, 0);
	free(engine->outcome);
	rt_snapshot_fini(&engine->now);
	rt_snapshot_fini(&engine->base);
	rt_snapshot_fini(&engine->fresh);
	rt_snapshot_fini(&engine->rest);
	rt_addr_names_fini(&engine->names);
	rt_cast_free(engine->cast);
	free(engine);
}

void rt_engine_forget_world(struct rt_engine *engine)
{
	rt_engine_load(engine, engine->line, engine->n);
	leave_world(engine);
	engine->world = NULL;
}

void rt_engine_watch(struct rt_engine *engine, const struct rt_engine_watch *watch)
{
	engine->watch = watch;
}

void rt_engine_replace_waits(struct rt_engine *engine, bool always)
{
	engine->always_replace = always;
}

/*
 * The last line at or before position - 1 that begins a fresh stage: the lines from there make the
 * stage of position.
 */
static size_t stage_start(const struct rt_engine *engine, size_t position)
{
	size_t start = position ? position - 1 : 0;

	while (start > 0 && (engine->is_tape || !engine->line[start].fresh))
		start--;
	return start;
}

void rt_engine_rebuild_to(struct rt_engine *engine, size_t target)
{
	size_t start = stage_start(engine, target);

	rt_engine_forget_outcomes(engine, start);
	rt_engine_forget_stage(engine);
	engine->position = start;
	engine->replay_to = target;
	engine->shown = 0;
}

void rt_engine_go(struct rt_engine *engine, size_t position)
{
	size_t target = position < engine->n ? position : engine->n;

	if (engine->state == RT_ENGINE_FAILED || target < engine->position)
		rt_engine_rebuild_to(engine, target);
	else if (target > engine->position && stage_start(engine, target) > engine->position)
		/*
		 * A jump over a whole stage: its lines have nothing to do with what is to be seen.
		 */
		rt_engine_rebuild_to(engine, target);
	else if (engine->state == RT_ENGINE_IDLE && rt_engine_has_expired(engine))
		/* The script goes on from a state that time has undone: it is made again first. */
		rt_engine_rebuild_to(engine, engine->position);
	else if (engine->state == RT_ENGINE_IDLE)
		rt_snapshot_copy(&engine->base, &engine->now);
	engine->target = target;
	engine->unmarked = false;
	engine->state = RT_ENGINE_BUSY;
}

void rt_engine_rebuild(struct rt_engine *engine)
{
	size_t target = engine->position;

	rt_engine_rebuild_to(engine, target);
	engine->target = target;
	engine->state = RT_ENGINE_BUSY;
}

bool rt_engine_replaying(const struct rt_engine *engine)
{
	return engine->position < engine->replay_to;
}

struct rt_outcome *rt_engine_current(struct rt_engine *engine)
{
	return &engine->outcome[engine->position];
}

void rt_engine_fail(struct rt_engine *engine)
{
	engine->state = RT_ENGINE_FAILED;
	engine->staged = false;
	engine->phase = RT_AT_REST;
}

void rt_engine_finish(struct rt_engine *engine, enum rt_outcome_how how)
{
	const struct rt_line *line = &engine->line[engine->position];
	struct rt_outcome *outcome = rt_engine_current(engine);

	outcome->how = how;
	if (line->kind == RT_LINE_CALL && how != RT_RECORDED)
		outcome->as_wanted = rt_outcome_match(outcome, &line->want);
	engine->phase = RT_AT_WAKE;
	engine->began_ms = rt_now_ms();
	engine->next_look_ms = 0;
	engine->looks = 0;
}

void rt_engine_say_why(struct rt_engine *engine, char *why)
{
	struct rt_outcome *outcome = rt_engine_current(engine);

	free(outcome->why);
	outcome->why = why;
}

void rt_engine_unable(struct rt_engine *engine, const struct rt_error *err)
{
	struct rt_str why = {0};

	rt_str_addf(&why, "%s%s%s", err->what, err->why[0] ? ": " : "", err->why);
	rt_engine_say_why(engine, rt_str_take(&why));
	rt_engine_finish(engine, RT_UNABLE);
}

static int build_stage(struct rt_engine *engine)
{
	rt_engine_forget_stage(engine);
	if (engine->world->ops->fresh(engine->world->self, &engine->error) < 0) {
		rt_engine_fail(engine);
		return -1;
	}
	engine->staged = true;
	return 0;
}

/* A line that this machine cannot run is not: what the lesson states stands for what it gives. */
static bool record(struct rt_engine *engine, const struct rt_line *line)
{
	struct rt_outcome *outcome = rt_engine_current(engine);
	struct rt_gate first;
	struct rt_str why = {0};
	int sys;

	if (!rt_gates_any(&line->gates) || rt_gates_open(&line->gates, engine->world->ops->feature,
							 engine->world->self, &first, &sys))
		return false;
	rt_gate_why(&first, sys, &why);
	rt_engine_say_why(engine, rt_str_take(&why));
	outcome->stated = line;
	rt_engine_finish(engine, RT_RECORDED);
	return true;
}

static void begin_line(struct rt_engine *engine)
{
	const struct rt_line *line = &engine->line[engine->position];

	if ((line->fresh || !engine->staged) && build_stage(engine) < 0)
		return;
	/* After a rebuild the marks show what the last line did, as they did the first time. */
	if (engine->position + 1 == engine->replay_to || engine->position == engine->replay_to)
		rt_snapshot_copy(&engine->base, &engine->now);
	rt_engine_forget_outcomes(engine, engine->position);
	engine->began_ms = rt_now_ms();
	engine->next_look_ms = 0;
	engine->looks = 0;
	if (record(engine, line) || rt_engine_pass(engine))
		return;
	if (engine->uncalm && rt_engine_notices(line) && !rt_engine_is_passing(engine))
		engine->phase = RT_AT_CALM;
	else if (line->kind == RT_LINE_EXPECT)
		rt_engine_begin_expect(engine);
	else
		rt_engine_begin_call(engine, line);
}

static void step_line(struct rt_engine *engine)
{
	const struct rt_line *line = &engine->line[engine->position];

	switch (engine->phase) {
	case RT_AT_REST:
		begin_line(engine);
		break;
	case RT_AT_TURN:
		rt_engine_begin_call(engine, line);
		break;
	case RT_AT_CALL:
		rt_engine_step_call(engine);
		break;
	case RT_AT_EXPECT:
		rt_engine_step_expect(engine, line);
		break;
	case RT_AT_WAIT:
		rt_engine_step_wait(engine, line);
		break;
	case RT_AT_DESTROY:
		rt_engine_step_destroy(engine, line);
		break;
	case RT_AT_KILL:
		rt_engine_step_kill(engine);
		break;
	case RT_AT_WAKE:
		rt_engine_step_wake(engine);
		break;
	case RT_AT_SETTLE:
		if (!rt_engine_distrust(engine))
			rt_engine_step_settle(engine);
		break;
	case RT_AT_CALM:
		rt_engine_step_calm(engine);
		break;
	}
}

static void come_to_rest(struct rt_engine *engine)
{
	engine->state = RT_ENGINE_IDLE;
	if (engine->unmarked) {
		rt_snapshot_copy(&engine->base, &engine->now);
		rt_snapshot_diff(&engine->now, &engine->base);
	}
	rt_snapshot_copy(&engine->rest, &engine->now);
}

/*
 * On a busy machine this program gets its turn late, and so do those it waits for: that time does
 * not count. Where nobody ran for long (a virtual machine was held, a laptop slept) what has come
 * is to be heard before anything is given up: true then, but not twice in a row, for a machine that
 * is always late must go on too.
 */
static bool was_held(struct rt_engine *engine)
{
	enum { IN_TIME_MS = 10, HELD_MS = 100 };
	int64_t now = rt_now_ms(), late = now - engine->next_look_ms;

	if (engine->phase == RT_AT_REST || engine->next_look_ms == 0 || late < IN_TIME_MS) {
		engine->held = false;
		return false;
	}
	engine->began_ms += late;
	engine->held = late >= HELD_MS && !engine->held;
	if (engine->held)
		engine->next_look_ms = now + HELD_MS / 2;
	return engine->held;
}

enum rt_engine_state rt_engine_pump(struct rt_engine *engine)
{
	rt_engine_take_turns(engine);
	while (engine->state == RT_ENGINE_BUSY) {
		if (engine->phase == RT_AT_REST && engine->position >= engine->target) {
			come_to_rest(engine);
			break;
		}
		if (engine->phase != RT_AT_REST &&
		    (engine->next_look_ms > rt_now_ms() || was_held(engine)))
			break;
		step_line(engine);
	}
	rt_engine_take_turns(engine);
	return engine->state;
}

int rt_engine_timeout_ms(const struct rt_engine *engine)
{
	int64_t left;

	if (engine->state != RT_ENGINE_BUSY)
		return -1;
	left = engine->next_look_ms - rt_now_ms();
	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

int rt_engine_settle(struct rt_engine *engine, struct rt_error *err)
{
	/* Whatever has ended since is to be known before anything is begun. */
	if (engine->world) {
		rt_loop_once(engine->world->loop, 0);
		while (rt_engine_pump(engine) == RT_ENGINE_BUSY)
			rt_loop_once(engine->world->loop, rt_engine_timeout_ms(engine));
	}
	if (engine->state == RT_ENGINE_IDLE)
		return 0;
	if (err)
		*err = engine->error;
	return -1;
}

bool rt_engine_is_busy(const struct rt_engine *engine)
{
	return engine->state == RT_ENGINE_BUSY;
}

bool rt_engine_failed(const struct rt_engine *engine)
{
	return engine->state == RT_ENGINE_FAILED;
}

size_t rt_engine_position(const struct rt_engine *engine)
{
	return engine->position;
}

size_t rt_engine_target(const struct rt_engine *engine)
{
	return engine->target;
}

int rt_engine_waiting_line(const struct rt_engine *engine)
{
	return engine->state == RT_ENGINE_BUSY && engine->phase == RT_AT_WAIT
		       ? (int)engine->position
		       : -1;
}

int rt_engine_repeating_line(const struct rt_engine *engine, int *done)
{
	size_t at = engine->position;

	if (engine->state != RT_ENGINE_BUSY ||
	    (engine->phase != RT_AT_CALL && engine->phase != RT_AT_TURN) ||
	    engine->line[at].call.repeat == 0)
		return -1;
	*done = engine->outcome[at].tally.runs;
	return (int)at;
}

void rt_engine_end_wait(struct rt_engine *engine)
{
	if (engine->phase == RT_AT_WAIT) {
		engine->replace_now = true;
		engine->next_look_ms = 0;
	}
}

const struct rt_snapshot *rt_engine_sockets(const struct rt_engine *engine)
{
	return &engine->now;
}

const struct rt_cast *rt_engine_cast(const struct rt_engine *engine)
{
	return engine->cast;
}

const struct rt_error *rt_engine_error(const struct rt_engine *engine)
{
	return &engine->error;
}

struct rt_world *rt_engine_world(const struct rt_engine *engine)
{
	return engine->world;
}
