#include "lesson/foresee.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct rt_foresee {
	struct rt_engine *engine;
	struct rt_engine_watch watch;
	enum rt_foresee_which which;
	void (*judged)(void *ctx, const struct rt_foresight *foresight);
	void *ctx;
	struct rt_foresight call; /* the last one */
	bool has_call;
	bool asked; /* somebody wants it, in a replay too */
	int wanted; /* that line, and no other; -1: the last */
	bool open;  /* it was judged, and the kernel has not answered */
};

bool rt_foresight_agrees(const struct rt_foresight *foresight)
{
	/* A connect that waits is one that times out where nothing comes. */
	return rt_rules_agrees(&foresight->verdict, foresight->blocks ? ETIMEDOUT : foresight->err);
}

bool rt_foresee_is_judged(const struct rt_line *line)
{
	return line->kind == RT_LINE_CALL &&
	       (line->call.id == RT_CALL_BIND || line->call.id == RT_CALL_LISTEN ||
		line->call.id == RT_CALL_CONNECT);
}

/* --- before the call -------------------------------------------------------------------------- */

/* Whether another such call is still to come before the engine rests. */
static bool is_followed(const struct rt_foresee *foresee)
{
	const struct rt_engine *engine = foresee->engine;

	for (size_t i = rt_engine_position(engine) + 1; i < rt_engine_target(engine); i++)
		if (rt_foresee_is_judged(rt_engine_line(engine, i)))
			return true;
	return false;
}

/* A run of a repetition that a person would ask about is there already. */
static bool has_better(const struct rt_foresee *foresee, size_t line, int run)
{
	const struct rt_foresight *call = &foresee->call;

	return foresee->which == RT_FORESEE_LAST && run > 1 && foresee->has_call &&
	       call->line == line && call->run < run &&
	       (call->err != 0 || call->blocks || !rt_foresight_agrees(call));
}

static const struct rt_row *find_self(const struct rt_snapshot *sockets, const struct rt_fd *fd)
{
	for (size_t i = 0; i < sockets->n; i++) {
		const struct rt_row *row = &sockets->row[i];

		/* A record has the cookie of the socket that it was, and no inode. */
		if (row->proto == fd->proto && row->inode == fd->inode &&
		    (fd->inode || row->cookie == fd->cookie))
			return row;
	}
	return NULL;
}

/*
 * The socket of fd as a row. After shutdown(2) a record may have its place in the tables: the
 * socket itself is closed then, and the record is another that holds the port.
 */
static void set_self(struct rt_foresight *call, const struct rt_fd *fd)
{
	const struct rt_row *row = find_self(&call->sockets, fd);

	if (row) {
		call->self = *row;
		return;
	}
	call->self = (struct rt_row){.inode = fd->inode,
				     .uid = fd->uid,
				     .proto = fd->proto,
				     .state = RT_CLOSE,
				     .v6only = fd->v6only,
				     .source = RT_FROM_PROCESS,
				     .local = fd->local};
	call->self.local.family = fd->family;
	call->self.reuseaddr = (struct rt_flag){fd->reuseaddr, RT_FROM_PROCESS};
	call->self.reuseport = (struct rt_flag){fd->reuseport, RT_FROM_PROCESS};
}

static void set_query(struct rt_foresight *call, const struct rt_order *order,
		      const struct rt_fd *fd)
{
	enum rt_rules_call which = order->call == RT_CALL_BIND	   ? RT_RULES_BIND
				   : order->call == RT_CALL_LISTEN ? RT_RULES_LISTEN
								   : RT_RULES_CONNECT;

	call->query = (struct rt_rules_query){.call = which,
					      .self = &call->self,
					      .addr = order->addr,
					      .net = &call->net,
					      .freebind = fd->freebind,
					      .no_port = fd->no_port,
					      .nonblock = fd->nonblock};
}

static int look(struct rt_foresee *foresee)
{
	struct rt_world *world = rt_engine_world(foresee->engine);
	struct rt_snapshot *sockets = &foresee->call.sockets;
	struct rt_error err;

	rt_snapshot_clear(sockets);
	if (world->ops->snapshot(world->self, sockets, &err) < 0)
		return -1;
	rt_cast_annotate(rt_engine_cast(foresee->engine), sockets);
	return 0;
}

static void on_before(void *ctx, const struct rt_order *order, size_t actor)
{
	struct rt_foresee *foresee = ctx;
	struct rt_foresight *call = &foresee->call;
	const struct rt_cast *cast = rt_engine_cast(foresee->engine);
	size_t at = rt_engine_position(foresee->engine);
	const struct rt_line *line = rt_engine_line(foresee->engine, at);
	int run = line->call.repeat ? rt_engine_outcome(foresee->engine, at)->tally.runs + 1 : 0;
	const struct rt_fd *fd = rt_cast_socket(cast, actor, order->fd);

	foresee->open = false;
	if (!rt_foresee_is_judged(line) || has_better(foresee, at, run) ||
	    (foresee->wanted >= 0 && at != (size_t)foresee->wanted))
		return;
	foresee->has_call = false;
	if (foresee->which == RT_FORESEE_LAST &&
	    ((foresee->wanted < 0 && is_followed(foresee)) ||
	     (rt_engine_replaying(foresee->engine) && !foresee->asked)))
		return;
	/* No socket: EBADF, which needs no rule. */
	if (!fd || look(foresee) < 0)
		return;
	call->line = at;
	call->run = run;
	call->answered = call->blocks = false;
	call->err = 0;
	set_self(call, fd);
	set_query(call, order, fd);
	rt_foresee_tape(foresee->engine, at, rt_cast_actor(cast, actor)->name, call);
	rt_rules_judge(&call->sockets, &call->query, &call->verdict);
	foresee->has_call = foresee->open = true;
}

/* --- after it --------------------------------------------------------------------------------- */

static void on_after(void *ctx, bool blocks, int err)
{
	struct rt_foresee *foresee = ctx;

	if (!foresee->open)
		return;
	foresee->open = false;
	if (!foresee->call.run || foresee->call.err || blocks)
		foresee->asked = false;
	foresee->call.answered = true;
	foresee->call.blocks = blocks;
	foresee->call.err = err;
	if (foresee->judged)
		foresee->judged(foresee->ctx, &foresee->call);
}

struct rt_foresee *rt_foresee_new(struct rt_engine *engine, enum rt_foresee_which which,
				  void (*judged)(void *ctx, const struct rt_foresight *foresight),
				  void *ctx)
{
	struct rt_foresee *foresee = rt_calloc(1, sizeof(*foresee));

	foresee->engine = engine;
	foresee->which = which;
	foresee->wanted = -1;
	foresee->judged = judged;
	foresee->ctx = ctx;
	foresee->watch = (struct rt_engine_watch){on_before, on_after, foresee};
	rt_engine_watch(engine, &foresee->watch);
	return foresee;
}

void rt_foresee_free(struct rt_foresee *foresee)
{
	if (!foresee)
		return;
	rt_engine_watch(foresee->engine, NULL);
	rt_rules_fini(&foresee->call.verdict);
	rt_snapshot_fini(&foresee->call.sockets);
	free(foresee->call.local);
	free(foresee);
}

/* Whether a line before the position is such a call, and was made. */
static bool can_explain(const struct rt_engine *engine, size_t line)
{
	enum rt_outcome_how how;

	if (line >= rt_engine_position(engine) ||
	    !rt_foresee_is_judged(rt_engine_line(engine, line)))
		return false;
	how = rt_engine_outcome(engine, line)->how;
	return how == RT_DONE || how == RT_BLOCKED || how == RT_RESUMED;
}

/* Of this stage the last line before the position that was judged, or could be; -1: there is none. */
static int last_line(const struct rt_engine *engine)
{
	for (size_t i = rt_engine_position(engine); i-- > 0;) {
		if (can_explain(engine, i))
			return (int)i;
		if (rt_engine_line(engine, i)->fresh)
			break;
	}
	return -1;
}

bool rt_foresee_can(const struct rt_foresee *foresee)
{
	return rt_foresee_last(foresee) ||
	       (!rt_engine_is_busy(foresee->engine) && last_line(foresee->engine) >= 0);
}

void rt_foresee_ask(struct rt_foresee *foresee)
{
	if ((foresee->wanted < 0 && rt_foresee_last(foresee)) || !rt_foresee_can(foresee))
		return;
	rt_foresee_forget(foresee);
	foresee->asked = true;
	rt_engine_rebuild(foresee->engine);
}

bool rt_foresee_ask_of(struct rt_foresee *foresee, size_t line)
{
	const struct rt_foresight *last = rt_foresee_last(foresee);

	if (last && last->line == line)
		return true;
	if (!can_explain(foresee->engine, line))
		return false;
	rt_foresee_forget(foresee);
	foresee->wanted = (int)line;
	foresee->asked = true;
	rt_engine_rebuild(foresee->engine);
	return true;
}

void rt_foresee_forget(struct rt_foresee *foresee)
{
	foresee->wanted = -1;
	foresee->asked = false;
	foresee->has_call = foresee->open = false;
}

const struct rt_foresight *rt_foresee_last(const struct rt_foresee *foresee)
{
	const struct rt_foresight *call = &foresee->call;

	/* A step back, or another stage, has taken the call away. */
	if (!foresee->has_call || !call->answered ||
	    call->line >= rt_engine_position(foresee->engine) ||
	    rt_engine_outcome(foresee->engine, call->line)->how == RT_NOT_RUN)
		return NULL;
	return call;
}
