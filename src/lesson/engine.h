/*
 * The engine runs the script of a lesson on a world. Its position is the number of lines that have
 * been run; what the learner sees is the outcomes of these lines (the tape) and the sockets that
 * the kernel shows now.
 *
 *	go forward	run the next lines
 *	go back, jump	a fresh stage, and the lines from its beginning run again:
 *			nothing is ever undone by hand
 *
 * Time cannot be run again: in a replay, waiting for a TIME_WAIT to run out is done by ending the
 * record, and marked so.
 */
#ifndef RT_LESSON_ENGINE_H
#define RT_LESSON_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "lesson/lesson.h"
#include "lesson/world.h"
#include "model/cast.h"
#include "model/snapshot.h"

enum rt_outcome_how {
	RT_NOT_RUN,
	RT_DONE,     /* the call returned, or the expectation was decided */
	RT_BLOCKED,  /* the process sits in the call */
	RT_RESUMED,  /* it did; later the call returned */
	RT_KILLED,   /* the process ended in the middle of the call */
	RT_REPLACED, /* a wait, done by ending the record instead */
	RT_UNABLE,   /* could not be run: `why` says what was missing */
	/*
	 * Not run, because this machine lacks what the line needs (`when`): `why` says what. What
	 * the lesson states stands in its place.
	 */
	RT_RECORDED,
};

/* What came of a call that is made many times. */
struct rt_tally {
	struct rt_tally_class {
		struct rt_want result; /* NUMBER, ERRNO, DATA (owned), or SUCCESS */
		int count;
	} * class;
	size_t n, cap;
	int runs; /* that have returned */
};

/* What came of one line of the script. */
struct rt_outcome {
	enum rt_outcome_how how;
	bool as_wanted; /* it is what the lesson file says, and the kernel said it */
	int err;	/* errno of the call, 0 where it succeeded */
	int64_t ret;	/* an expect line: how many rows matched, or users the group has */
	struct rt_addr addr;
	char *data; /* what was read, owned by the engine; NULL where the call reads nothing */
	size_t data_len;
	int state; /* an expect line: of the row with these addresses, 0 where there is none */
	/*
	 * An expect line: who holds the row of these addresses and this state, "a+b" or "kernel";
	 * NULL where there is none, or a process that is not of the script has it. Owned by the
	 * engine.
	 */
	char *owners;
	struct rt_tally tally;	      /* of a repetition, in place of err, ret, addr and data */
	char *why;		      /* RT_UNABLE, RT_RECORDED: owned by the engine; else NULL */
	const struct rt_line *stated; /* RT_RECORDED: the line, as the engine borrows it */
};

enum rt_engine_state {
	RT_ENGINE_IDLE, /* stands where it was sent */
	RT_ENGINE_BUSY, /* on its way: wait for the loop, then pump again */
	/* The stage is lost: see rt_engine_error(); rt_engine_go() tries again with a fresh one. */
	RT_ENGINE_FAILED,
};

struct rt_engine;

/*
 * world is borrowed. patience_ms: how long a call that is not expected to block may take before it
 * counts as blocked (250).
 */
struct rt_engine *rt_engine_new(struct rt_world *world, int patience_ms);
void rt_engine_free(struct rt_engine *engine);

/* The world, which there was, is not there any more: from now on the engine never moves. */
void rt_engine_forget_world(struct rt_engine *engine);

/*
 * Who is told of the calls that processes make: right before one is made, with what its process
 * gets (actor: its index in the cast), and what came of it: an errno or 0, or that it blocks. The
 * line is the one at the position; of a repetition tally.runs of its outcome tells which run. No
 * `after` where the process ended in the call. watch is borrowed; NULL: nobody.
 */
struct rt_engine_watch {
	void (*before)(void *ctx, const struct rt_order *order, size_t actor);
	void (*after)(void *ctx, bool blocks, int err);
	void *ctx;
};

void rt_engine_watch(struct rt_engine *engine, const struct rt_engine_watch *watch);

/*
 * In a replay, and everywhere when `always` was set, waits are done by ending the record. For
 * `check`, which has no minute to wait.
 */
void rt_engine_replace_waits(struct rt_engine *engine, bool always);

/* Takes a script of n lines (borrowed) at position 0, without a stage: the first line builds it. */
void rt_engine_load(struct rt_engine *engine, const struct rt_line *line, size_t n);

/*
 * Takes another script, of which the first `same` lines are those of the one that it has: what came
 * of them stays. Returns false where something else has run, or runs; then nothing has run any
 * more, and whoever wants to see it again says rt_engine_jump().
 */
bool rt_engine_exchange(struct rt_engine *engine, const struct rt_line *line, size_t n,
			size_t same);

/*
 * From now on the script is a tape: every line of it runs, also where a later one begins a fresh
 * stage; and a record that has run out is not made again before the script goes on, as somebody may
 * want to see just that.
 */
void rt_engine_be_tape(struct rt_engine *engine);

/*
 * Sends the engine to the position where the lines before `position` have been run. Forward it runs
 * them; back, and over a fresh stage, it rebuilds from the last fresh stage. Returns at once: pump.
 */
void rt_engine_go(struct rt_engine *engine, size_t position);

/*
 * The same, but nothing on the way is waited for: what wait() waits for is ended, as in every
 * replay. What comes of the lines from `shown` on is to be seen. Of those before it only the calls
 * run: an expect line changes nothing, and to look takes longer than a call. They stay RT_NOT_RUN.
 */
void rt_engine_jump(struct rt_engine *engine, size_t position, size_t shown);

/*
 * Whether a jump has passed an expect line from `line` on without a look. To show what comes of it
 * takes rt_engine_rebuild().
 */
bool rt_engine_has_passed(const struct rt_engine *engine, size_t line);

/* Throws the stage away and rebuilds the present position: the same calls, run again. */
void rt_engine_rebuild(struct rt_engine *engine);

/*
 * Does what can be done now without waiting. Call it after every rt_loop_once() while it is busy.
 */
enum rt_engine_state rt_engine_pump(struct rt_engine *engine);

/*
 * Milliseconds until rt_engine_pump() should be called even when the loop has nothing: -1 for
 * never.
 */
int rt_engine_timeout_ms(const struct rt_engine *engine);

/*
 * Pumps and waits until it is idle or has failed: for programs without a screen. Returns 0, or -1
 * with err.
 */
int rt_engine_settle(struct rt_engine *engine, struct rt_error *err);

/* Whether it is on its way, and whether its stage is lost. */
bool rt_engine_is_busy(const struct rt_engine *engine);
bool rt_engine_failed(const struct rt_engine *engine);

size_t rt_engine_position(const struct rt_engine *engine);
size_t rt_engine_target(const struct rt_engine *engine);

/* Whether the line at the position runs again only to make what was there before. */
bool rt_engine_replaying(const struct rt_engine *engine);

/* Whether a call blocks the way or a wait is in progress: the line, or -1. */
int rt_engine_waiting_line(const struct rt_engine *engine);

/*
 * Whether a repetition is under way: the line, with how many of its calls have returned, or -1.
 */
int rt_engine_repeating_line(const struct rt_engine *engine, int *done);

/* Ends the wait in progress by ending the record it waits for. */
void rt_engine_end_wait(struct rt_engine *engine);

/*
 * Ends the socket of a row (the learner's key): a TIME_WAIT record or any other. The tables follow.
 */
void rt_engine_destroy(struct rt_engine *engine, const struct rt_row *row);

/* The line of the script at that index; NULL behind the last. */
const struct rt_line *rt_engine_line(const struct rt_engine *engine, size_t line);

/* What came of line; how is RT_NOT_RUN where nothing did. Never NULL. */
const struct rt_outcome *rt_engine_outcome(const struct rt_engine *engine, size_t line);

/* The sockets as of the last look, with owners, names, options and marks. Never NULL. */
const struct rt_snapshot *rt_engine_sockets(const struct rt_engine *engine);

/* Asks the kernel again; true where anything but a timer's rest changed. */
bool rt_engine_refresh(struct rt_engine *engine);

/*
 * The same, but only where the world said that the tables may have changed since the last look, or
 * a call has resumed.
 */
bool rt_engine_refresh_if_dirty(struct rt_engine *engine);

/*
 * Whether a record in TIME_WAIT that the lines so far have made has run out since they ran. The
 * next rt_engine_go() makes it again before it goes on: a learner may think for longer than 60 s.
 */
bool rt_engine_is_stale(const struct rt_engine *engine);

const struct rt_cast *rt_engine_cast(const struct rt_engine *engine);
const struct rt_error *rt_engine_error(const struct rt_engine *engine);
struct rt_world *rt_engine_world(const struct rt_engine *engine);

/*
 * Whether an outcome is what want says. Of a line that was not run: whether the lesson states the
 * same.
 */
bool rt_outcome_match(const struct rt_outcome *outcome, const struct rt_want *want);

/*
 * Whether the same came of a line in two runs, of which `line` is the one that ran in the second.
 * What differs from run to run by itself does not count: numbers of descriptors and processes, ports
 * that the kernel chose, and which of several sockets a hash has chosen.
 */
bool rt_outcome_same(const struct rt_line *line, const struct rt_outcome *a,
		     const struct rt_outcome *b);

#endif
