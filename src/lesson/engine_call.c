/* Calls: who makes them, and how the engine learns what came of them. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/engine_private.h"
#include "lesson/tally.h"

enum {
	FIRST_LOOK_MS = 2, /* when a call that has not returned is looked at */
	LOOK_MS = 4,	   /* and again */
	/* Asleep for so long is "blocks" where the lesson, or the first run, says that it does. */
	EXPECTED_BLOCK_MS = 12,
	TURN_MS = 300,	/* for a process to come out of the call that it blocked in */
	WAKE_MS = 2000, /* for a process that runs again to return */
	/* A call that neither returns nor sleeps, and a process that does not die. */
	NEVER_MS = 5000,
};

/* --- orders ----------------------------------------------------------------------------------- */

/* run: of a repetition, from 1, else 0. */
static int send_order(struct rt_engine *engine, int process, struct rt_order *order, int run,
		      struct rt_error *err)
{
	struct rt_pending *pending;

	if (process < 0 || process >= RT_PROCESSES_MAX) {
		rt_error_set(err, RT_ERR_FAILED, _("the stage has too many processes"));
		return -1;
	}
	pending = &engine->pending[process];
	order->serial = ++engine->serial;
	if (engine->world->ops->order(engine->world->self, process, order, err) < 0)
		return -1;
	*pending = (struct rt_pending){.open = true,
				       .serial = order->serial,
				       .line = engine->position,
				       .run = run,
				       .fd = order->fd};
	engine->process = process;
	engine->phase = RT_AT_CALL;
	engine->next_look_ms = rt_now_ms() + FIRST_LOOK_MS;
	return 0;
}

/* The process of a name: the first line that uses it starts it. */
static int find_actor(struct rt_engine *engine, const char *name, struct rt_error *err)
{
	int actor = rt_cast_find(engine->cast, name), process;

	if (actor >= 0 && rt_cast_actor(engine->cast, (size_t)actor)->alive)
		return actor;
	if (actor >= 0) {
		rt_error_set(err, RT_ERR_FAILED, _("the process %s has ended"), name);
		return -1;
	}
	process = engine->world->ops->spawn(engine->world->self, err);
	return process < 0 ? -1 : (int)rt_cast_add(engine->cast, name, process);
}

/*
 * It may be on its way out of a call that blocked: the line before has just woken it. Then the
 * name of what it returns is not there yet either.
 */
static bool is_in_call(const struct rt_engine *engine, int process)
{
	return process >= 0 && process < RT_PROCESSES_MAX && engine->pending[process].open;
}

static int wait_for_turn(struct rt_engine *engine, int process, struct rt_error *err)
{
	int64_t now = rt_now_ms();

	if (now - engine->began_ms >= TURN_MS)
		return rt_error_set(err, RT_ERR_FAILED,
				    _("the process is still in the call of line %d"),
				    engine->line[engine->pending[process].line].number);
	engine->phase = RT_AT_TURN;
	engine->next_look_ms = now + FIRST_LOOK_MS;
	return 0;
}

/*
 * Whether a connection must not begin yet, for what was captured is not old enough. The clock of
 * TCP's timestamps on Linux ticks in milliseconds, and PAWS takes a segment that is one tick too
 * old (tcp_paws_check() in include/net/tcp.h; RFC 7323, section 5). A learner is never so quick.
 */
static bool must_age(struct rt_engine *engine, const struct rt_call *call)
{
	enum { AGE_MS = 4 };

	if (!engine->captures || call->id != RT_CALL_CONNECT ||
	    rt_now_ms() - engine->sent_ms >= AGE_MS)
		return false;
	engine->phase = RT_AT_TURN;
	engine->next_look_ms = engine->sent_ms + AGE_MS;
	return true;
}

static void note_capture(struct rt_engine *engine, const struct rt_call *call)
{
	if (call->id == RT_CALL_CAPTURE)
		engine->captures = true;
	else if (call->id == RT_CALL_SEND)
		engine->sent_ms = rt_now_ms();
}

static int begin_order(struct rt_engine *engine, const struct rt_call *call, struct rt_error *err)
{
	bool staged = rt_call_spec(call->id)->by == RT_BY_STAGE;
	struct rt_order order;
	int actor = 0, process, run = rt_engine_current(engine)->tally.runs;

	if (!staged) {
		actor = find_actor(engine, call->actor, err);
		if (actor < 0)
			return -1;
	}
	process = staged ? RT_WORLD_INIT : rt_cast_actor(engine->cast, (size_t)actor)->stage_id;
	if (is_in_call(engine, process))
		return wait_for_turn(engine, process, err);
	if (must_age(engine, call))
		return 0;
	note_capture(engine, call);
	if (rt_resolve_call(call, run, engine->cast, (size_t)actor, &engine->names, &order, err) <
	    0)
		return -1;
	/* What a process says of all its sockets would take longer than the calls do. */
	order.brief = run + 1 < call->repeat;
	if (engine->watch && !staged)
		engine->watch->before(engine->watch->ctx, &order, (size_t)actor);
	return send_order(engine, process, &order, call->repeat ? run + 1 : 0, err);
}

static int begin_kill(struct rt_engine *engine, const struct rt_call *call, struct rt_error *err)
{
	int actor = rt_cast_find(engine->cast, call->arg[0].name);
	const struct rt_actor *who;

	if (actor < 0 || !rt_cast_actor(engine->cast, (size_t)actor)->alive) {
		rt_error_set(err, RT_ERR_FAILED, _("there is no process %s to kill"),
			     call->arg[0].name);
		return -1;
	}
	who = rt_cast_actor(engine->cast, (size_t)actor);
	engine->process = who->stage_id;
	engine->phase = RT_AT_KILL;
	engine->next_look_ms = rt_now_ms() + NEVER_MS;
	return engine->world->ops->kill(engine->world->self, who->stage_id,
					(int)call->arg[1].number, err);
}

void rt_engine_begin_call(struct rt_engine *engine, const struct rt_line *line)
{
	struct rt_error err = {0};

	if (line->call.id == RT_CALL_WAIT) {
		rt_engine_begin_wait(engine);
		return;
	}
	if (line->call.id == RT_CALL_DESTROY) {
		rt_engine_begin_destroy(engine);
		return;
	}
	if (line->call.id == RT_CALL_KILL ? begin_kill(engine, &line->call, &err) < 0
					  : begin_order(engine, &line->call, &err) < 0)
		rt_engine_unable(engine, &err);
}

/* --- a call that has not returned yet --------------------------------------------------------- */

/* A busy machine may not have let the process run: that is no answer of the kernel. */
static void give_up(struct rt_engine *engine)
{
	struct rt_error err = {0};

	rt_error_set(&err, RT_ERR_FAILED,
		     _("the call neither returned within %d s nor was seen to block"),
		     NEVER_MS / 1000);
	rt_engine_unable(engine, &err);
}

/*
 * No reply yet: does it block? The actor must sit in a system call of its own, seen asleep at
 * several looks. Where the lesson says "blocks" that is decided soon; otherwise the call gets the
 * whole patience, for a busy machine's sake.
 */
void rt_engine_step_call(struct rt_engine *engine)
{
	const struct rt_line *line = &engine->line[engine->position];
	int64_t now = rt_now_ms(), waited = now - engine->began_ms;
	int asleep = engine->world->ops->asleep(engine->world->self, engine->process);
	int64_t patience =
		line->want.kind == RT_WANT_BLOCKS ? EXPECTED_BLOCK_MS : engine->patience_ms;

	engine->looks = asleep == 0 ? 0 : engine->looks + 1;
	engine->next_look_ms = now + LOOK_MS;
	if (engine->looks >= 3 && waited >= patience) {
		if (engine->watch && engine->process != RT_WORLD_INIT)
			engine->watch->after(engine->watch->ctx, true, 0);
		rt_engine_finish(engine, RT_BLOCKED);
	} else if (waited >= NEVER_MS) {
		give_up(engine);
	}
}

void rt_engine_step_kill(struct rt_engine *engine)
{
	rt_engine_say_why(engine, rt_strdup(_("the process lives on")));
	rt_engine_finish(engine, RT_UNABLE);
}

static bool is_anyone_awake(const struct rt_engine *engine)
{
	for (int i = 0; i < RT_PROCESSES_MAX; i++) {
		const struct rt_pending *pending = &engine->pending[i];

		if (pending->open && engine->outcome[pending->line].how == RT_BLOCKED &&
		    engine->world->ops->asleep(engine->world->self, i) == 0)
			return true;
	}
	return false;
}

/*
 * A call that ends another's sleep returns before that one does: connect() before accept(). What
 * that one returns belongs to this line, on a busy machine too.
 */
void rt_engine_step_wake(struct rt_engine *engine)
{
	int64_t now = rt_now_ms();

	if (is_anyone_awake(engine) && now - engine->began_ms < WAKE_MS) {
		engine->looks = 1; /* what an expect line saw will be another thing then */
		engine->next_look_ms = now + 1;
		return;
	}
	engine->phase = RT_AT_SETTLE;
	engine->began_ms = now;
}

/* --- what comes back -------------------------------------------------------------------------- */

static void take_data(struct rt_outcome *outcome, const struct rt_reply *reply)
{
	size_t len = reply->data_len < RT_DATA_MAX ? reply->data_len : RT_DATA_MAX;

	free(outcome->data);
	outcome->data = rt_strndup(reply->data, len);
	outcome->data_len = len;
}

/* Gives the name on the left of `=` to what the call made; run is that of a repetition. */
static void name_result(struct rt_engine *engine, const struct rt_call *call, size_t actor, int run,
			const struct rt_reply *reply, int child)
{
	char name[RT_NAME_MAX];

	switch (rt_call_spec(call->id)->gives) {
	case RT_GIVES_FD:
		if (call->assign[0])
			rt_cast_name(engine->cast, actor, rt_member_name(call->assign, run, name),
				     (int)reply->ret);
		break;
	case RT_GIVES_ADDR:
		if (call->assign[0])
			rt_addr_names_set(&engine->names, call->assign, &reply->addr);
		break;
	case RT_GIVES_ACTOR:
		if (child >= 0)
			rt_cast_fork(engine->cast, actor, call->assign, child);
		break;
	default:
		break;
	}
}

static void on_destroyed(struct rt_engine *engine, const struct rt_reply *reply)
{
	struct rt_outcome *outcome;

	if (engine->destroys == 0)
		return;
	engine->destroys--;
	engine->dirty = true;
	engine->next_look_ms = 0;
	if (engine->phase != RT_AT_DESTROY && engine->phase != RT_AT_WAIT)
		return;
	outcome = rt_engine_current(engine);
	if (reply->err)
		outcome->err = reply->err;
}

static void take_result(struct rt_outcome *outcome, const struct rt_call *call,
			const struct rt_reply *reply)
{
	enum rt_call_result gives = rt_call_spec(call->id)->gives;

	if (call->repeat) {
		rt_tally_count(&outcome->tally, gives, reply);
		return;
	}
	outcome->err = reply->err;
	outcome->ret = reply->ret;
	outcome->addr = reply->addr;
	if (gives == RT_GIVES_DATA && reply->err == 0)
		take_data(outcome, reply);
}

static void take_sockets(struct rt_engine *engine, const struct rt_pending *pending, int process,
			 const struct rt_reply *reply, int child)
{
	const struct rt_call *call = &engine->line[pending->line].call;
	int actor = rt_cast_find_stage(engine->cast, process);

	if (actor < 0)
		return;
	if (reply->err == 0)
		name_result(engine, call, (size_t)actor, pending->run, reply, child);
	if (reply->brief)
		rt_cast_report_some(engine->cast, (size_t)actor, pending->fd, reply->fd,
				    reply->n_fds);
	else
		rt_cast_report(engine->cast, (size_t)actor, reply->fd, reply->n_fds);
}

/* The line is done, or the next call of its repetition is due. */
static void go_on(struct rt_engine *engine, int run)
{
	if (run >= engine->line[engine->position].call.repeat) {
		rt_engine_finish(engine, RT_DONE);
		return;
	}
	engine->phase = RT_AT_TURN;
	engine->began_ms = rt_now_ms();
	engine->next_look_ms = 0;
	engine->looks = 0;
}

void rt_engine_on_reply(void *ctx, int process, const struct rt_reply *reply, int child)
{
	struct rt_engine *engine = ctx;
	struct rt_pending *pending;
	struct rt_outcome *outcome;
	bool here;

	if (process < 0 || process >= RT_PROCESSES_MAX)
		return;
	pending = &engine->pending[process];
	if (!pending->open || pending->serial != reply->serial) {
		if (process == RT_WORLD_INIT)
			on_destroyed(engine, reply);
		return;
	}
	pending->open = false;
	outcome = &engine->outcome[pending->line];
	here = pending->line == engine->position && engine->phase == RT_AT_CALL;
	if (here && engine->watch && process != RT_WORLD_INIT)
		engine->watch->after(engine->watch->ctx, false, reply->err);
	take_result(outcome, &engine->line[pending->line].call, reply);
	take_sockets(engine, pending, process, reply, child);
	if (here) {
		go_on(engine, pending->run);
		return;
	}
	/* Of a line that was given up nothing is known: what came so late decides no question. */
	if (outcome->how == RT_BLOCKED)
		outcome->how = RT_RESUMED;
	if (engine->phase == RT_AT_WAKE)
		engine->next_look_ms = 0;
	engine->dirty = engine->news = true;
}

void rt_engine_on_gone(void *ctx, int process)
{
	struct rt_engine *engine = ctx;
	int actor = rt_cast_find_stage(engine->cast, process);
	struct rt_pending pending;
	bool here;

	if (process < 0 || process >= RT_PROCESSES_MAX)
		return;
	if (actor >= 0)
		rt_cast_end(engine->cast, (size_t)actor);
	engine->dirty = engine->news = true;
	pending = engine->pending[process];
	engine->pending[process].open = false;
	here = engine->process == process && pending.line == engine->position;
	if (engine->phase == RT_AT_KILL && engine->process == process) {
		rt_engine_finish(engine, RT_DONE);
	} else if (pending.open && here && engine->phase == RT_AT_CALL) {
		bool exits = engine->line[pending.line].call.id == RT_CALL_EXIT;

		rt_engine_finish(engine, exits ? RT_DONE : RT_KILLED);
	}
	if (pending.open && engine->outcome[pending.line].how == RT_BLOCKED)
		engine->outcome[pending.line].how = RT_KILLED;
}
