/*
 * The stage inside: shared by stage.c (its life and its orders), process.c (its processes as the
 * tutor has them: channels, pidfds, what the loop says of them) and turns.c (where they run). The
 * own side of a process: actor.h.
 */
#ifndef RT_STAGE_STAGE_PRIVATE_H
#define RT_STAGE_STAGE_PRIVATE_H

#include <sched.h>
#include <sys/types.h>

#include "stage/actor.h"
#include "stage/channel.h"
#include "stage/stage.h"

struct rt_process {
	struct rt_stage *stage;
	pid_t pid;   /* as the tutor counts */
	int channel; /* -1: it ended */
	int pidfd;   /* readable when it has ended; -1 then */
	bool busy;   /* has an order that it has not answered */
	uint32_t call, serial;
	int32_t fd; /* of that order */
};

/* A process that nothing was asked of yet. */
struct rt_recruit {
	pid_t pid;
	int channel, pidfd;
};

struct rt_stage {
	struct rt_loop *loop;
	const struct rt_stage_events *events;
	void *ctx;
	unsigned uids;
	int diag_fd;
	struct rt_process rising; /* init until it is ready; pid 0 then */
	int crew_due; /* how many of the processes that it makes ahead of need init has not sent */
	size_t n_crew;
	struct rt_recruit crew[RT_CREW]; /* those that wait for a part */
	bool in_turns;			 /* rt_stage_take_turns() */
	cpu_set_t here, everywhere;
	int n;
	struct rt_process process[RT_STAGE_ACTORS_MAX];
	struct rt_reply reply; /* the last one */
};

/* Takes its channel and its pidfd, which the loop watches from now on. Returns its number. */
int rt_process_add(struct rt_stage *stage, pid_t pid, int channel, int pidfd);

/*
 * Takes in a process that another one forked; its hello is there already. Returns its number, or
 * -1: channel is closed then.
 */
int rt_process_adopt(struct rt_stage *stage, int channel);

/* A message in which init sends a process that it made ahead of need, or says that it could not. */
void rt_process_take_recruit(struct rt_stage *stage, struct rt_parcel *parcel);

/* Takes one of the crew in. Returns its number, or -1 where there is none left. */
int rt_process_add_recruit(struct rt_stage *stage);

/* turns.c: lets a process run where it is to. */
void rt_process_place(const struct rt_process *process);

/* Closes what is had of a process; nothing where that was done. */
void rt_process_forget(struct rt_process *process);

/* The process of that number, or NULL where there is none or it has ended. */
struct rt_process *rt_process_find(const struct rt_stage *stage, int actor);

/* Returns 0, or -1 with errno: pidfd_send_signal(2). */
int rt_process_signal(const struct rt_process *process, int signo);

/* Reaps an init that has ended. */
void rt_process_reap(int pidfd);

#endif
