/*
 * The stage: a user, network and pid namespace of its own, with real processes that make the calls
 * they are told.
 *
 *	tutor ---SEQPACKET--- init (pid 1 there; makes the calls of the stage, forks actors)
 *	  |------SEQPACKET--- actor
 *	  '------SEQPACKET--- actor's child        one channel each: a blocked actor blocks no other
 *
 * Whatever way the tutor ends, nothing of the stage stays: init dies with its channel and with its
 * parent, and the pid namespace dies with init. pid_namespaces(7), user_namespaces(7),
 * PR_SET_PDEATHSIG(2const).
 */
#ifndef RT_STAGE_STAGE_H
#define RT_STAGE_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "model/groups.h"
#include "model/order.h"

struct rt_stage;

enum {
	RT_STAGE_INIT = 0,	  /* the actor number of init */
	RT_STAGE_ACTORS_MAX = 32, /* processes of one stage over its whole life, init among them */
};

/*
 * What the stage tells. All are called from rt_loop_once(), never from inside another function of
 * this header.
 */
struct rt_stage_events {
	/*
	 * A process has answered an order. child is the number of the process that a fork made, or
	 * -1. reply belongs to the stage and is valid during the call. An exit is answered by the
	 * end of the process: its descriptors are closed when the reply comes, and gone follows. A
	 * fork beyond RT_STAGE_ACTORS_MAX is answered with EAGAIN.
	 */
	void (*reply)(void *ctx, int actor, const struct rt_reply *reply, int child);
	/*
	 * A process has ended and all its descriptors are closed. status is -1 where it is not
	 * known.
	 */
	void (*gone)(void *ctx, int actor);
	/*
	 * init has ended though nobody asked for it, and with it the stage: no other event comes
	 * after this one, all orders fail. Only rt_stage_free() is left to do.
	 */
	void (*dead)(void *ctx);
};

/*
 * Builds a stage: namespaces, lo up, init. events is borrowed and must outlive the stage. Takes
 * about 2 ms. Which uids it has is told in ids.h: never the machine's root. Returns
 * NULL with err of kind RT_ERR_STAGE: which step the kernel refused, the likely cause (limits of
 * user namespaces, AppArmor, a container, chroot), and how to allow it.
 */
struct rt_stage *rt_stage_new(struct rt_loop *loop, const struct rt_stage_events *events, void *ctx,
			      struct rt_error *err);

/*
 * The same in two parts: between them the kernel and init work on the other processor. The second
 * waits for the rest; where it returns -1 the stage is freed. Until then only rt_stage_free() takes
 * it. uids: whether several are worth some 10 ms, where an ordinary user can have them (ids.h).
 */
struct rt_stage *rt_stage_begin(struct rt_loop *loop, const struct rt_stage_events *events,
				void *ctx, bool uids, struct rt_error *err);
int rt_stage_finish(struct rt_stage *stage, struct rt_error *err);

/*
 * Ends all its processes. Returns at once: the kernel ends the namespaces in the background and the
 * loop reaps init. stage may be NULL.
 */
void rt_stage_free(struct rt_stage *stage);

/*
 * Waits, at most timeout_ms, until every init that rt_stage_free() left behind is reaped: runs the
 * loop, whatever else it watches. Call it when all stages are freed, before the program ends and
 * before rt_loop_free().
 */
void rt_stage_reap_all(struct rt_loop *loop, int timeout_ms);

/* How many uids the stage has: 1, or 65536. */
unsigned rt_stage_uids(const struct rt_stage *stage);

/*
 * A NETLINK_SOCK_DIAG socket that was opened inside the stage. Stays the stage's: do not close it.
 */
int rt_stage_diag_fd(const struct rt_stage *stage);

/*
 * Reads the multicast groups that are joined on the stage's lo. groups->known is false where
 * /proc does not tell.
 */
void rt_stage_groups(const struct rt_stage *stage, struct rt_groups *groups);

/* The pid of a process as the tutor sees it, for /proc/PID and nsenter(1). */
int rt_stage_pid(const struct rt_stage *stage, int actor);

/*
 * Starts a process without descriptors (but /dev/null as 0, 1, 2). Waits for it, at most 2 s; takes
 * about 0.3 ms. Returns its number, or -1: also while init has an order that it has not answered.
 */
int rt_stage_spawn(struct rt_stage *stage, struct rt_error *err);

/*
 * Sends an order. To RT_STAGE_INIT go the calls of the stage (RT_BY_STAGE) and RT_STAGE_DESTROY.
 * The answer comes as events->reply with the same serial. One order at a time for each process: -1
 * where the last is still unanswered, or the process has ended.
 */
int rt_stage_order(struct rt_stage *stage, int actor, const struct rt_order *order,
		   struct rt_error *err);

/*
 * Whether the tutor and its processes take turns on one processor, as many orders come one after
 * the other and nobody looks on; else each runs where it likes.
 */
void rt_stage_take_turns(struct rt_stage *stage, bool on);

/*
 * Runs try in a process of its own that enters the user and network namespace of the stage, and
 * waits for it. Returns what try returned, 0 to 254, or -1 where the stage could not be entered or
 * the process did not come to its end.
 */
int rt_stage_inside(const struct rt_stage *stage, int (*try)(void *ctx), void *ctx);

/*
 * An order for init alone: sends the bytes of order->data, a whole netlink message, through init's
 * own sock_diag socket and answers with the errno of the kernel's NLMSG_ERROR. It must come from
 * inside: the kernel checks the sender too (diag.md).
 */
enum { RT_STAGE_DESTROY = 1000 };

/*
 * Whether a process that has an order sits in a system call of that order right now, asleep (and
 * not in its channel): looks at /proc/PID/syscall and /proc/PID/stat. 1 yes, 0 no, -1 cannot be
 * told.
 */
int rt_stage_asleep(const struct rt_stage *stage, int actor);

/*
 * What main() calls first of all: an actor's exec starts this same program again, with arguments of
 * its own. Returns -1 where argv is that of a person. Otherwise this process is, or was meant to
 * be, one of a stage: it obeys until its end and does not return, but for RT_ERR_USAGE, the exit
 * status, where no tutor stands behind it.
 */
int rt_stage_exec_main(int argc, char **argv);

/*
 * Sends a signal to a process of the stage. Its end comes as events->gone. Returns 0 or -1 (it is
 * gone already).
 */
int rt_stage_kill(struct rt_stage *stage, int actor, int signo, struct rt_error *err);

#endif
