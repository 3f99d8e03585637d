/*
 * What the engine needs of the outside: a stage, its processes, the kernel's tables. world_live.c
 * gives the real one; a test gives a fake of its own.
 */
#ifndef RT_LESSON_WORLD_H
#define RT_LESSON_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "lesson/gate.h"
#include "model/order.h"
#include "model/snapshot.h"

/*
 * What the world tells the engine, from rt_loop_once(). The same as struct rt_stage_events of
 * stage.h.
 */
struct rt_world_events {
	void (*reply)(void *ctx, int process, const struct rt_reply *reply, int child);
	void (*gone)(void *ctx, int process);
	void (*dead)(void *ctx);    /* the stage ended by itself */
	void (*changed)(void *ctx); /* the kernel's tables may have changed: a hint */
};

/* `process` is the world's number for a process; the functions are those of stage.h and diag.h. */
struct rt_world_ops {
	/* Ends the stage, if any, and builds a fresh one. */
	int (*fresh)(void *self, struct rt_error *err);
	int (*spawn)(void *self, struct rt_error *err);
	int (*order)(void *self, int process, const struct rt_order *order, struct rt_error *err);
	/* An order for the stage's init: its reply comes with RT_WORLD_INIT as process. */
	int (*asleep)(void *self, int process);
	int (*kill)(void *self, int process, int signo, struct rt_error *err);
	/*
	 * Asks the kernel to end the socket of row; the errno comes as a reply of RT_WORLD_INIT
	 * with this serial.
	 */
	int (*destroy)(void *self, const struct rt_row *row, uint32_t serial, struct rt_error *err);
	int (*snapshot)(void *self, struct rt_snapshot *snapshot, struct rt_error *err);
	/* The pid of init as this program sees it, 0 where there is no stage. */
	int (*pid)(void *self);
	/* How many uids the stage has, 1 where there is no stage. */
	unsigned (*uids)(void *self);
	/*
	 * Looks for a feature: 0 where the stage has it, else an errno that tells why not. Called
	 * while there is a stage.
	 */
	int (*feature)(void *self, const struct rt_gate *gate);
	/* A replay begins, or is over: rt_stage_take_turns(). NULL: that is nothing to this world. */
	void (*take_turns)(void *self, bool on);
	void (*free)(void *self);
};

enum { RT_WORLD_INIT = 0 };

struct rt_world {
	const struct rt_world_ops *ops;
	void *self;
	struct rt_loop *loop;		      /* that its events come from */
	const struct rt_world_events *events; /* the engine fills these two in */
	void *events_ctx;
	/*
	 * For `reuse-tutor shell`: called with the pid of init when a stage was built or is for
	 * another lesson from now on, and with 0 when there is none any more. NULL: nobody wants to
	 * know.
	 */
	void (*staged)(void *ctx, int pid);
	void *staged_ctx;
	/*
	 * The script needs several uids: the stages that are built from now on have them where that
	 * is possible, though it takes longer. The engine says so.
	 */
	bool wants_uids;
	/*
	 * Another world lives longer than this one: when that is freed, it waits for the end of the
	 * stages of both. Freeing this one does not run the loop.
	 */
	bool is_second;
	char lesson[72]; /* whose stage it is, "" for none: rt_world_set_lesson() */
};

/*
 * The world of real stages. loop is borrowed. No stage is built before the first fresh(). Never
 * NULL.
 */
struct rt_world *rt_world_live_new(struct rt_loop *loop);

/*
 * Begins to build the first stage of a live world, without waiting for it: the time until fresh()
 * is used.
 */
void rt_world_live_prepare(struct rt_world *world);

/* Says what the stage is for from now on. world may be NULL. */
void rt_world_set_lesson(struct rt_world *world, const char *id);

/* Ends the stage and waits a moment until nothing of it is left. world may be NULL. */
void rt_world_free(struct rt_world *world);

#endif
