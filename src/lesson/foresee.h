/*
 * What the rules foresee of a bind, a listen or a connect of a script: right before the call the
 * kernel's tables are looked at once more, the rules judge the call over them, and then the kernel
 * answers. `check` holds the two against each other; the why of a call is the same verdict.
 *
 *	engine --before--> look, judge        the call        engine --after--> what the kernel said
 *
 * What no table shows comes from the tape, the calls that this stage has seen: addresses that were
 * added, sysctls, whose process gave up its privileges, and whether the cache of a port may hold
 * what is gone (rules.h).
 */
#ifndef RT_LESSON_FORESEE_H
#define RT_LESSON_FORESEE_H

#include "lesson/engine.h"
#include "rules/rules.h"

enum rt_foresee_which {
	/*
	 * On the way to a position only the last such call before it; where calls run again, or are
	 * passed over, none until somebody asks: whoever jumps wants to be there.
	 */
	RT_FORESEE_LAST,
	RT_FORESEE_ALL,
};

/* A call as it stood right before it was made, and what came of it. It stays where it was made. */
struct rt_foresight {
	size_t line; /* of the script */
	int run;     /* of a repetition, from 1; else 0 */
	struct rt_snapshot sockets;
	struct rt_row self; /* the socket that makes the call; query.self points here */
	struct rt_rules_net net;
	struct rt_rules_query query;
	struct rt_rules_verdict verdict;
	struct rt_addr *local; /* owned, what net.local borrows */
	bool answered, blocks; /* blocks: it has not returned, and err says nothing */
	int err;	       /* of the kernel: an errno, or 0 */
};

struct rt_foresee;

/*
 * Watches engine from now on (both are borrowed). After each call that was judged, `judged` is
 * called with it; NULL: nobody wants to know.
 */
struct rt_foresee *rt_foresee_new(struct rt_engine *engine, enum rt_foresee_which which,
				  void (*judged)(void *ctx, const struct rt_foresight *foresight),
				  void *ctx);

/* The engine, where there still is one, is not watched any more. */
void rt_foresee_free(struct rt_foresee *foresee);

/*
 * The last such call that the engine has made, for the position where it stands; of a repetition
 * the first run that was refused or not foreseen, else the last one. NULL where there is none, or
 * where it has not been answered. Belongs to foresee, until the engine goes on.
 */
const struct rt_foresight *rt_foresee_last(const struct rt_foresee *foresee);

/*
 * Whether there is one, or rt_foresee_ask() would make one: a call has run before the position, and
 * nothing was looked at then.
 */
bool rt_foresee_can(const struct rt_foresee *foresee);

/*
 * Where there is none: the calls of this stage are made again on a fresh one, and now it is looked.
 * Pump the engine until it is idle.
 */
void rt_foresee_ask(struct rt_foresee *foresee);

/*
 * The same for a line of this stage before the position, which becomes the last one until the
 * engine has another script. False where it is no such call, or was not made.
 */
bool rt_foresee_ask_of(struct rt_foresee *foresee, size_t line);

/* Forgets it: the engine has another script. */
void rt_foresee_forget(struct rt_foresee *foresee);

/* Whether the kernel's answer is one that the rules foresaw. */
bool rt_foresight_agrees(const struct rt_foresight *foresight);

/* Whether the line is one that the rules judge. */
bool rt_foresee_is_judged(const struct rt_line *line);

/*
 * Fills net, local and of the query freebind (where a sysctl gives it) and past_unknown: what the
 * lines before `line` of the engine's script did to this stage. actor is the name of the process
 * that calls. The caller frees local.
 */
void rt_foresee_tape(const struct rt_engine *engine, size_t line, const char *actor,
		     struct rt_foresight *foresight);

#endif
