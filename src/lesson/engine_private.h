/*
 * The engine inside: shared by engine.c (the way through the script), engine_jump.c (past lines
 * that nobody sees), engine_script.c (the script), engine_call.c (calls) and engine_look.c (the
 * tables).
 */
#ifndef RT_LESSON_ENGINE_PRIVATE_H
#define RT_LESSON_ENGINE_PRIVATE_H

#include "lesson/engine.h"
#include "lesson/resolve.h"

enum { RT_PROCESSES_MAX = 64 };

/* What the engine is doing with the line at its position. */
enum rt_engine_phase {
	RT_AT_REST, /* nothing begun */
	/* The process of the line is still in another call; or the next call of a repetition is due. */
	RT_AT_TURN,
	RT_AT_CALL,    /* an order is out; its reply, its end, or sleep in the kernel decides */
	RT_AT_EXPECT,  /* looking until the row is there, or for 2 s */
	RT_AT_WAIT,    /* wait(): looking until the state has come */
	RT_AT_DESTROY, /* SOCK_DESTROY requests are out */
	RT_AT_KILL,    /* the signal is sent; the end of the process decides */
	RT_AT_WAKE,    /* the line is done; whoever it has woken gets the time to return */
	RT_AT_SETTLE,  /* states that pass in a moment are let pass */
	RT_AT_CALM,    /* the same, before a line that could notice them */
};

/* An order that a process has not answered. */
struct rt_pending {
	bool open;
	uint32_t serial;
	size_t line;
	int run; /* of a repetition, from 1; 0: there is none */
	int fd;	 /* of the order */
};

struct rt_engine {
	struct rt_world *world;
	struct rt_world_events events;
	int patience_ms;
	const struct rt_engine_watch *watch; /* borrowed; NULL for nobody */
	bool always_replace;		     /* no wait() really waits */
	bool is_tape;			     /* rt_engine_be_tape() */

	const struct rt_line *line; /* borrowed */
	size_t n;
	struct rt_outcome *outcome; /* of each line */
	size_t position, target;
	/* Lines before it run again what was run before, or what a jump passes over. */
	size_t replay_to;
	size_t shown; /* a jump: expect lines before it are passed without a look; else 0 */
	bool staged;
	bool in_turns; /* the world was told that a replay is on its way */

	enum rt_engine_phase phase;
	int64_t began_ms, next_look_ms;
	int looks;	    /* of this phase */
	bool held;	    /* nobody ran for a while, and what came in it is being heard */
	int process;	    /* that the phase is about */
	unsigned destroys;  /* answers to SOCK_DESTROY still to come */
	uint64_t destroyed; /* cookie of the socket that the last one was about */
	bool replace_now;   /* the wait in progress is to be ended */
	uint32_t serial;    /* of the last order */
	struct rt_pending pending[RT_PROCESSES_MAX];

	struct rt_cast *cast;
	struct rt_addr_names names;
	struct rt_snapshot now, base,
		fresh; /* base: what marks are against; fresh: room for the next look */
	/* As it was when the engine came to rest: what the next line of the script counts on. */
	struct rt_snapshot rest;
	bool dirty;	 /* the world says that the tables may have changed */
	bool news;	 /* a call has resumed, or its process ended: to be shown */
	bool uncalm;	 /* a FIN may be on its way */
	bool captures;	 /* segments of this stage are kept, to come again as old ones */
	int64_t sent_ms; /* when the last of them may have been sent */
	bool unmarked;	 /* a jump: what changed on the way is not marked */

	enum rt_engine_state state;
	struct rt_error error;
};

/* engine.c: the line at the position is done; out->as_wanted is worked out here. */
void rt_engine_finish(struct rt_engine *engine, enum rt_outcome_how how);
struct rt_outcome *rt_engine_current(struct rt_engine *engine);
/* The stage is lost: the state is RT_ENGINE_FAILED, with engine->error as it stands. */
void rt_engine_fail(struct rt_engine *engine);
/* Why the line is not run: takes the text. */
void rt_engine_say_why(struct rt_engine *engine, char *why);
/* The line cannot be run: finishes it as RT_UNABLE with err's words. */
void rt_engine_unable(struct rt_engine *engine, const struct rt_error *err);
/* A fresh stage, and from its first line to target all runs again. */
void rt_engine_rebuild_to(struct rt_engine *engine, size_t target);

/*
 * engine_jump.c: whether the line at the position is one that nobody sees; passes it by where it is
 * an expect line, and returns true then.
 */
bool rt_engine_is_passing(const struct rt_engine *engine);
bool rt_engine_pass(struct rt_engine *engine);
/* Tells the world whether a replay is on its way. */
void rt_engine_take_turns(struct rt_engine *engine);
/* The line is done. Where it shows that the haste was too much, returns true: all begins again. */
bool rt_engine_distrust(struct rt_engine *engine);

/* engine_script.c: the outcomes of the lines from `from` on; what was
 * known of a stage, which is of no use on the next one.
 */
void rt_engine_forget_outcomes(struct rt_engine *engine, size_t from);
void rt_engine_forget_stage(struct rt_engine *engine);

/* engine_call.c: begins the call at the position; goes on with it; true where the phase is over. */
void rt_engine_begin_call(struct rt_engine *engine, const struct rt_line *line);
void rt_engine_step_call(struct rt_engine *engine);
void rt_engine_step_kill(struct rt_engine *engine);
void rt_engine_step_wake(struct rt_engine *engine);
void rt_engine_on_reply(void *ctx, int process, const struct rt_reply *reply, int child);
void rt_engine_on_gone(void *ctx, int process);

/* engine_look.c: asks the kernel; -1 where that failed and the engine has. */
int rt_engine_look(struct rt_engine *engine);
void rt_engine_begin_expect(struct rt_engine *engine);
void rt_engine_step_expect(struct rt_engine *engine, const struct rt_line *line);
void rt_engine_begin_wait(struct rt_engine *engine);
void rt_engine_step_wait(struct rt_engine *engine, const struct rt_line *line);
void rt_engine_begin_destroy(struct rt_engine *engine);
void rt_engine_step_destroy(struct rt_engine *engine, const struct rt_line *line);
void rt_engine_step_settle(struct rt_engine *engine);
void rt_engine_step_calm(struct rt_engine *engine);
/* Whether a FIN on its way could change what comes of the line. */
bool rt_engine_notices(const struct rt_line *line);
bool rt_engine_is_no_wait(const struct rt_line *line);
/*
 * Whether a record that was there at rest has run out since: a learner may think for longer than
 * TIME_WAIT lasts.
 */
bool rt_engine_has_expired(struct rt_engine *engine);

#endif
