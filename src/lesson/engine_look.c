/* The kernel's tables: what an expect line states, what wait() waits for, and what changed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/engine_private.h"

enum {
	EXPECT_MS = 2000,   /* a state must show within */
	WAIT_FOR_MS = 5000, /* wait(ROW) */
	/* wait(no ROW): a TIME_WAIT lives 60 s, TCP_TIMEWAIT_LEN of include/net/tcp.h. */
	WAIT_NO_MS = 130000,
	WAIT_LOOK_MS = 250,
	SETTLE_MS = 60, /* a FIN and its ACK on lo take less than 1 ms; a delayed ACK 40 */
	SETTLE_LOOKS = 6,
};

int rt_engine_look(struct rt_engine *engine)
{
	struct rt_snapshot swap;

	engine->dirty = false;
	if (engine->world->ops->snapshot(engine->world->self, &engine->fresh, &engine->error) < 0) {
		rt_engine_fail(engine);
		return -1;
	}
	rt_cast_annotate(engine->cast, &engine->fresh);
	rt_snapshot_diff(&engine->fresh, &engine->base);
	swap = engine->now;
	engine->now = engine->fresh;
	engine->fresh = swap;
	return 0;
}

/* After rt_engine_look(): now against the look before, which lies in fresh. */
static bool same_tables(const struct rt_snapshot *a, const struct rt_snapshot *b)
{
	if (a->n != b->n || !rt_groups_same(&a->groups, &b->groups))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!rt_row_same(&a->row[i], &b->row[i]))
			return false;
	return true;
}

bool rt_engine_refresh(struct rt_engine *engine)
{
	enum rt_engine_state before = engine->state;

	if (!engine->staged || before == RT_ENGINE_FAILED)
		return false;
	if (rt_engine_look(engine) < 0)
		return true;
	return !same_tables(&engine->now, &engine->fresh);
}

static bool is_there(const struct rt_snapshot *snapshot, uint64_t cookie)
{
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->row[i].cookie == cookie && snapshot->row[i].mark != RT_MARK_GONE)
			return true;
	return false;
}

bool rt_engine_is_stale(const struct rt_engine *engine)
{
	if (engine->is_tape)
		return false;
	for (size_t i = 0; i < engine->rest.n; i++) {
		const struct rt_row *row = &engine->rest.row[i];

		if (row->timer == RT_TIMER_TIME_WAIT && row->mark != RT_MARK_GONE &&
		    !is_there(&engine->now, row->cookie))
			return true;
	}
	return false;
}

bool rt_engine_has_expired(struct rt_engine *engine)
{
	bool timed = false;

	if (engine->is_tape)
		return false;
	for (size_t i = 0; i < engine->rest.n; i++)
		timed = timed || engine->rest.row[i].timer == RT_TIMER_TIME_WAIT;
	return timed && rt_engine_look(engine) == 0 && rt_engine_is_stale(engine);
}

bool rt_engine_refresh_if_dirty(struct rt_engine *engine)
{
	bool news = engine->news;

	if (engine->state == RT_ENGINE_BUSY)
		return false;
	engine->news = false;
	return (engine->dirty && rt_engine_refresh(engine)) || news;
}

/* --- after each line -------------------------------------------------------------------------- */

/*
 * No process of the script has it open, and it is there. Whoever reads a link of /proc/PID/fd holds
 * the file for that moment (proc_fd_link() in fs/proc/fd.c); a close() in it ends the socket only
 * when that one lets go.
 */
static bool is_held_open(const struct rt_row *row)
{
	return row->inode != 0 && row->n_owners == 0;
}

static bool any_passing(const struct rt_engine *engine)
{
	for (size_t i = 0; i < engine->now.n; i++) {
		const struct rt_row *row = &engine->now.row[i];

		if (row->mark == RT_MARK_GONE)
			continue;
		if (is_held_open(row) ||
		    (row->proto == RT_TCP && rt_state_is_passing((enum rt_state)row->state)))
			return true;
	}
	return false;
}

/* Whether the call that was made can leave a FIN on its way. */
static bool may_pass(const struct rt_line *line)
{
	return line->kind == RT_LINE_CALL && rt_call_ends_sockets(line->call.id);
}

bool rt_engine_notices(const struct rt_line *line)
{
	switch (line->call.id) {
	case RT_CALL_SOCKET:
	case RT_CALL_SETSOCKOPT:
	case RT_CALL_FORK:
		return false;
	default:
		/*
		 * Whoever looks for a state waits for it. But what is to go may not have come yet:
		 * FIN_WAIT2 while the FIN is on its way. And whoever ends the other side at once
		 * may leave no record: one in 2,500 was lost so, and one RST was sent for each that
		 * was counted. What fits: from another processor the second FIN comes before the
		 * ACK of the first, the record answers that old ACK, and who is not there any more
		 * sends an RST (RFC 1337, section 2; tcp_timewait_state_process()).
		 */
		return line->kind == RT_LINE_CALL &&
		       (line->call.id != RT_CALL_WAIT || rt_engine_is_no_wait(line));
	}
}

/* True when nothing is on its way any more, or has had its time; else it is to be asked again. */
static bool is_calm(struct rt_engine *engine)
{
	int64_t now = rt_now_ms();

	if (any_passing(engine) && engine->looks++ < SETTLE_LOOKS &&
	    now - engine->began_ms < SETTLE_MS) {
		engine->next_look_ms = now + (1 << engine->looks) / 2;
		return false;
	}
	engine->uncalm = false;
	return true;
}

/* Nobody sees the tables between two lines of one go, and a look walks the kernel's hash tables. */
static bool look_is_due(const struct rt_engine *engine)
{
	size_t next = engine->position + 1;

	if (next >= engine->target)
		return true;
	/*
	 * The marks after a replay are against what was before its last line, or before the lines
	 * after it.
	 */
	return !engine->unmarked && (next + 1 == engine->replay_to || next == engine->replay_to);
}

/*
 * The line is done. The next one that could notice must not find a FIN on its way, or its result
 * would be a race: states that pass by themselves get a moment to do so. So they do before the
 * learner looks.
 */
void rt_engine_step_settle(struct rt_engine *engine)
{
	const struct rt_line *line = &engine->line[engine->position];
	bool just_looked = line->kind == RT_LINE_EXPECT && engine->looks == 0 &&
			   rt_engine_current(engine)->how == RT_DONE;

	engine->uncalm = engine->uncalm || may_pass(line);
	if (just_looked && !any_passing(engine))
		engine->uncalm = false;
	if (look_is_due(engine)) {
		if (!just_looked && rt_engine_look(engine) < 0)
			return;
		if (!is_calm(engine))
			return;
	}
	engine->phase = RT_AT_REST;
	engine->position++;
}

void rt_engine_step_calm(struct rt_engine *engine)
{
	if (rt_engine_look(engine) == 0 && is_calm(engine))
		engine->phase = RT_AT_REST;
}

/* --- expect ----------------------------------------------------------------------------------- */

void rt_engine_begin_expect(struct rt_engine *engine)
{
	engine->phase = RT_AT_EXPECT;
}

/*
 * The state of the row that the line means, whatever state that is: for questions about an expect
 * line. A timer comes and goes with the state; the owner and the queue are the row's own.
 */
static int state_there(const struct rt_snapshot *snapshot, const struct rt_row_pattern *pattern)
{
	struct rt_row_pattern any = *pattern;
	const struct rt_row *row;

	any.state = 0;
	any.check_timer = false;
	return rt_snapshot_count(snapshot, &any, &row) ? row->state : 0;
}

/* Who holds the row, whoever that is. The queue is what tells it from others on its address. */
static char *owners_there(const struct rt_snapshot *snapshot, const struct rt_row_pattern *pattern)
{
	struct rt_row_pattern any = *pattern;
	const struct rt_row *row;
	struct rt_str names = {0};

	any.check_owner = any.check_uid = any.check_timer = false;
	if (rt_snapshot_count(snapshot, &any, &row) == 0 || row->n_owners > RT_OWNERS_MAX)
		return NULL;
	if (row->n_owners == 0)
		return row->inode == 0 ? rt_strdup("kernel") : NULL;
	for (size_t i = 0; i < row->n_owners; i++)
		rt_str_addf(&names, "%s%s", i ? "+" : "", row->owner[i]);
	return rt_str_take(&names);
}

/* Counts what the line is about. -1: that cannot be told, and the line is over. */
static int count_expected(struct rt_engine *engine, const struct rt_expect *expect)
{
	struct rt_outcome *outcome = rt_engine_current(engine);
	struct rt_row_pattern row;
	struct rt_error err = {0};

	if (!expect->is_group && rt_resolve_row(&expect->row, &engine->names, &row, &err) < 0) {
		rt_engine_unable(engine, &err);
		return -1;
	}
	if (rt_engine_look(engine) < 0)
		return -1;
	if (!expect->is_group) {
		outcome->ret = (int64_t)rt_snapshot_count(&engine->now, &row, NULL);
		outcome->state = state_there(&engine->now, &row);
		free(outcome->owners);
		outcome->owners = owners_there(&engine->now, &row);
		return 0;
	}
	if (!engine->now.groups.known) {
		rt_error_set(&err, RT_ERR_FAILED, _("/proc does not tell the groups of the stage"));
		rt_engine_unable(engine, &err);
		return -1;
	}
	outcome->ret = rt_groups_users(&engine->now.groups, expect->group);
	return 0;
}

void rt_engine_step_expect(struct rt_engine *engine, const struct rt_line *line)
{
	struct rt_outcome *outcome = rt_engine_current(engine);
	int64_t now;
	bool met;

	if (count_expected(engine, &line->expect) < 0)
		return;
	now = rt_now_ms();
	met = outcome->ret >= line->expect.min && outcome->ret <= line->expect.max;
	/*
	 * One dump is not atomic, so what is not there, or not twice, is believed when two of them
	 * agree (diag.h).
	 */
	engine->looks = met ? engine->looks + 1 : 0;
	outcome->as_wanted = met;
	if (met ? line->expect.max == RT_EXPECT_ANY || engine->looks >= 2
		: now - engine->began_ms >= EXPECT_MS)
		rt_engine_finish(engine, RT_DONE);
	else if (!met)
		engine->next_look_ms = now + 5;
}

/* --- destroy and wait ------------------------------------------------------------------------- */

/*
 * Sends a SOCK_DESTROY for the first row that matches: init answers one order at a time. False
 * where none was sent.
 */
static bool destroy_first(struct rt_engine *engine, const struct rt_row_pattern *pattern)
{
	const struct rt_row *row;
	struct rt_error err;

	if (rt_snapshot_count(&engine->now, pattern, &row) == 0)
		return false;
	if (engine->world->ops->destroy(engine->world->self, row, ++engine->serial, &err) < 0)
		return false;
	engine->destroys++;
	engine->destroyed = row->cookie;
	return true;
}

void rt_engine_begin_destroy(struct rt_engine *engine)
{
	engine->phase = RT_AT_DESTROY;
}

/*
 * Whether the socket that was destroyed last is the first that matches all the same: the kernel
 * leaves a UDP socket bound.
 */
static bool is_still_there(const struct rt_engine *engine, const struct rt_row_pattern *pattern)
{
	const struct rt_row *row;

	return rt_snapshot_count(&engine->now, pattern, &row) > 0 &&
	       row->cookie == engine->destroyed;
}

/* One row after the other, until none matches any more. ret counts them. */
void rt_engine_step_destroy(struct rt_engine *engine, const struct rt_line *line)
{
	struct rt_outcome *outcome = rt_engine_current(engine);
	struct rt_row_pattern row;
	struct rt_error err = {0};

	if (rt_resolve_row(line->call.arg[0].row, &engine->names, &row, &err) < 0) {
		rt_engine_unable(engine, &err);
		return;
	}
	if (rt_engine_look(engine) < 0)
		return;
	if (engine->destroys > 0) {
		outcome->err = ETIMEDOUT;
	} else if (outcome->err == 0 && outcome->ret > 0 && is_still_there(engine, &row)) {
		if (rt_now_ms() - engine->began_ms < EXPECT_MS) {
			engine->next_look_ms = rt_now_ms() + 5;
			return;
		}
		outcome->err = ETIMEDOUT;
	} else if (outcome->err == 0 && destroy_first(engine, &row)) {
		outcome->ret++;
		engine->began_ms = rt_now_ms();
		engine->next_look_ms = rt_now_ms() + EXPECT_MS; /* the answer comes sooner */
		return;
	}
	if (outcome->ret == 0)
		outcome->err = ENOENT;
	outcome->ret = 0;
	rt_engine_finish(engine, RT_DONE);
}

void rt_engine_destroy(struct rt_engine *engine, const struct rt_row *row)
{
	struct rt_error err;

	if (!engine->staged ||
	    engine->world->ops->destroy(engine->world->self, row, ++engine->serial, &err) < 0)
		return;
	engine->destroys++;
	/* The learner wants to see what comes of it: this is not to be made good. */
	rt_snapshot_clear(&engine->rest);
}

bool rt_engine_is_no_wait(const struct rt_line *line)
{
	return line->kind == RT_LINE_CALL && line->call.id == RT_CALL_WAIT &&
	       line->call.arg[0].given;
}

void rt_engine_begin_wait(struct rt_engine *engine)
{
	engine->phase = RT_AT_WAIT;
	engine->replace_now = engine->always_replace || rt_engine_replaying(engine);
}

void rt_engine_step_wait(struct rt_engine *engine, const struct rt_line *line)
{
	struct rt_outcome *outcome = rt_engine_current(engine);
	bool none = rt_engine_is_no_wait(line), met;
	struct rt_row_pattern row;
	struct rt_error err = {0};
	int64_t now;

	if (rt_resolve_row(line->call.arg[1].row, &engine->names, &row, &err) < 0) {
		rt_engine_unable(engine, &err);
		return;
	}
	if (rt_engine_look(engine) < 0)
		return;
	now = rt_now_ms();
	met = (rt_snapshot_count(&engine->now, &row, NULL) == 0) == none;
	engine->looks = met ? engine->looks + 1 : 0;
	if (met ? !none || engine->looks >= 2
		: now - engine->began_ms >= (none ? WAIT_NO_MS : WAIT_FOR_MS)) {
		outcome->err = met ? 0 : ETIMEDOUT;
		rt_engine_finish(engine, outcome->ret ? RT_REPLACED : RT_DONE);
		return;
	}
	/*
	 * ret notes how many were ended by force. Where the kernel refuses that, the wait goes on
	 * as a real one.
	 */
	if (!met && none && engine->replace_now && engine->destroys == 0) {
		engine->replace_now = outcome->err == 0 && destroy_first(engine, &row);
		outcome->ret += engine->replace_now;
	}
	if (!met)
		engine->next_look_ms = now + (none ? WAIT_LOOK_MS : 10);
}
