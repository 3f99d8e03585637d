/*
 * The life of a process inside the stage, init included: receive an order, make the call, report
 * every socket, reply. What the calls do stands in run_*.c.
 */
#ifndef RT_STAGE_ACTOR_H
#define RT_STAGE_ACTOR_H

#include <stdint.h>
#include <stdnoreturn.h>

#include "model/order.h"
#include "stage/run.h"

/*
 * An order for init alone, beside RT_STAGE_DESTROY: fork a process without sockets. Made by
 * rt_stage_spawn().
 */
enum { RT_STAGE_SPAWN = 1001 };

/*
 * Obeys the orders of RT_CHANNEL_FD until it ends. top is the highest descriptor that may be a
 * socket, 2 where there is none.
 */
noreturn void rt_actor_obey(int top);

/*
 * Forks RT_CREW processes without sockets ahead of need, and introduces each to the tutor in a
 * reply of serial 0 with its channel and its pidfd: a lesson has some, and the tutor has other
 * things to do meanwhile. Where a fork fails the reply is empty.
 */
enum { RT_CREW = 3 };
void rt_actor_raise_crew(void);

/*
 * Replaces the program of this process by itself, through /proc/self/exe. The channel survives it,
 * and rt_stage_exec_main() of the new program answers the order. Returns only on failure, with
 * errno.
 */
void rt_actor_exec(uint32_t serial);

/* Whether the process whose pid in the stage is 1 (is_init), or another one, may make this call. */
int rt_run_allowed(uint32_t call, int is_init);

/*
 * Fills fd[0..max) with the sockets of IPv4 and IPv6 among the descriptors first..last of this
 * process. Returns how many.
 */
uint32_t rt_report_sockets(int first, int last, struct rt_fd *fd, uint32_t max);

rt_run_fn rt_run_destroy;

/* Closes what captures hold: for a process that init forked, which is to have none of them. */
void rt_capture_close(void);

#endif
