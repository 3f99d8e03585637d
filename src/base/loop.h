/*
 * The one poll() loop. Whoever has a descriptor to watch adds it with a function; whoever waits
 * calls rt_loop_once(). Signals are let in only while it waits, so a handler needs to do no more
 * than set a flag.
 */
#ifndef RT_BASE_LOOP_H
#define RT_BASE_LOOP_H

#include "base/error.h"

struct rt_loop;

/*
 * Called when fd is readable, closed or in error: revents is that of poll(2). May add and remove
 * descriptors.
 */
typedef void rt_loop_fn(void *ctx, int fd, short revents);

/* Called from rt_loop_once(), not from the handler. */
typedef void rt_signal_fn(void *ctx, int signo);

struct rt_loop *rt_loop_new(void);

/*
 * Takes the signal handlers back too. Closes no descriptor: they belong to those who added them.
 * loop may be NULL.
 */
void rt_loop_free(struct rt_loop *loop);

/* Watches fd for events (POLLIN ...). One entry a descriptor: adding it again replaces it. */
void rt_loop_add(struct rt_loop *loop, int fd, short events, rt_loop_fn *fn, void *ctx);

/* Stops watching fd; not watching it is no mistake. Call it before close(). */
void rt_loop_remove(struct rt_loop *loop, int fd);

/*
 * Catches signo from now on: fn runs inside rt_loop_once(). The signal stays blocked outside of it.
 * Only one loop of a program may catch signals.
 */
void rt_loop_signal(struct rt_loop *loop, int signo, rt_signal_fn *fn, void *ctx);

/*
 * Calls nothing with ctx any more where a signal comes: before ctx is freed. The signals stay
 * caught until rt_loop_free(), so what is cleared away meanwhile is cleared away whole.
 */
void rt_loop_forget_signals(struct rt_loop *loop, const void *ctx);

/*
 * An answer is due within some 100 us: the next rt_loop_once() that may wait looks for it for a
 * moment before it sleeps.
 */
void rt_loop_soon(struct rt_loop *loop);

/*
 * Waits until a descriptor or a signal has something, at most timeout_ms milliseconds (-1: without
 * end, 0: only looks), and calls the functions. Returns how many were called, 0 when the time ran
 * out. Not to be called from one of those functions.
 */
int rt_loop_once(struct rt_loop *loop, int timeout_ms);

#endif
