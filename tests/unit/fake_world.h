/*
 * A world without a kernel: calls answer what the test says. For tests of the engine and the
 * session.
 */
#ifndef RT_TESTS_FAKE_WORLD_H
#define RT_TESTS_FAKE_WORLD_H

#include "lesson/world.h"
#include "model/call.h"

struct fake {
	struct rt_world world;
	int event_fd;
	int stages;		   /* built so far */
	int processes;		   /* of this stage, init not counted */
	int orders[RT_CALLS];	   /* made so far, by call */
	int answer[RT_CALLS];	   /* errno that a call gives */
	int good[RT_CALLS];	   /* so many orders succeed before it does */
	int quiet_from[RT_CALLS];  /* > 0: so many return, and the next one sleeps */
	bool silent[RT_CALLS];	   /* the call never returns: the process sleeps in it */
	int refuse_stage;	   /* errno for fresh() */
	struct rt_snapshot tables; /* what snapshot() shows */
	uint32_t missing; /* features that this machine lacks, as struct rt_gates has them */
	uint32_t version; /* of the kernel; 0: new enough for all */
	/* > 0: so many more dumps show FIN_WAIT1, then FIN_WAIT2; and those who closed, listening */
	int passing;
	bool destroy_refused;
	bool destroy_kept; /* the kernel takes it, and the socket stays */
	int destroyed;
	int next_fd;
	bool closed[RT_FDS_MAX];
	int8_t reuseaddr[RT_FDS_MAX], reuseport[RT_FDS_MAX]; /* as setsockopt set them */
	int looks;					     /* snapshots taken */
	int replays;   /* how often the engine said that one begins */
	bool in_turns; /* and it is not over */
	int briefs;    /* replies that told of few descriptors */
	/* replies on their way */
	struct fake_reply {
		int process, child;
		bool gone;
		struct rt_reply reply;
	} * queue;
	size_t n_queue, cap_queue;
	struct rt_order held; /* the last order that was not answered */
	int held_by;
	bool sleeps[64]; /* whose order is not answered, by process */
	bool awake;	 /* nobody is ever seen asleep */
};

struct fake *fake_new(struct rt_loop *loop);
void fake_free(struct fake *fake);

/* Answers the order that was held back with errno err. */
void fake_wake(struct fake *fake, int err);

/* A process ends by itself. */
void fake_die(struct fake *fake, int process);

/* Puts a row into the tables. */
struct rt_row *fake_row(struct fake *fake, enum rt_state state, const char *local,
			const char *peer);

#endif
