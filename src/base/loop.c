#include "base/loop.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

/* Twice what a call takes in a process of the stage, and the way there and back. */
enum { SOON_US = 200 };

struct watch {
	rt_loop_fn *fn;
	void *ctx;
};

struct caught {
	int signo;
	rt_signal_fn *fn;
	void *ctx;
	struct sigaction before;
};

struct rt_loop {
	struct pollfd
		*fds; /* what poll() gets; fd -1 is a hole that the next rt_loop_once() closes */
	struct watch *watches; /* of the same index */
	size_t n, cap;
	struct caught caught[16];
	size_t n_caught;
	sigset_t open_mask; /* the mask while poll() waits */
	bool soon;	    /* rt_loop_soon() */
};

/* Global, as a handler has no other way to tell. */
static volatile sig_atomic_t seen[NSIG];

static void note_signal(int signo)
{
	seen[signo] = 1;
}

struct rt_loop *rt_loop_new(void)
{
	struct rt_loop *loop = rt_calloc(1, sizeof(*loop));

	sigprocmask(SIG_SETMASK, NULL, &loop->open_mask);
	return loop;
}

void rt_loop_free(struct rt_loop *loop)
{
	if (!loop)
		return;
	for (size_t i = 0; i < loop->n_caught; i++) {
		sigaction(loop->caught[i].signo, &loop->caught[i].before, NULL);
		seen[loop->caught[i].signo] = 0;
	}
	sigprocmask(SIG_SETMASK, &loop->open_mask, NULL);
	free(loop->fds);
	free(loop->watches);
	free(loop);
}

static size_t find(const struct rt_loop *loop, int fd)
{
	size_t i = 0;

	while (i < loop->n && loop->fds[i].fd != fd)
		i++;
	return i;
}

void rt_loop_add(struct rt_loop *loop, int fd, short events, rt_loop_fn *fn, void *ctx)
{
	size_t i = find(loop, fd);

	if (i == loop->n) {
		size_t cap = loop->cap;

		RT_GROW(loop->fds, loop->n, cap);
		if (cap != loop->cap)
			loop->watches = rt_realloc(loop->watches, cap, sizeof(loop->watches[0]));
		loop->cap = cap;
		loop->n++;
	}
	loop->fds[i] = (struct pollfd){.fd = fd, .events = events};
	loop->watches[i] = (struct watch){fn, ctx};
}

void rt_loop_remove(struct rt_loop *loop, int fd)
{
	size_t i = find(loop, fd);

	if (fd >= 0 && i < loop->n) {
		loop->fds[i].fd = -1;
		loop->fds[i].revents = 0;
	}
}

void rt_loop_signal(struct rt_loop *loop, int signo, rt_signal_fn *fn, void *ctx)
{
	struct sigaction action = {.sa_handler = note_signal};
	struct caught *caught;
	sigset_t set;

	if (loop->n_caught == RT_COUNT(loop->caught))
		return;
	caught = &loop->caught[loop->n_caught++];
	*caught = (struct caught){.signo = signo, .fn = fn, .ctx = ctx};
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(signo, &action, &caught->before);
	sigdelset(&loop->open_mask, signo);
}

void rt_loop_forget_signals(struct rt_loop *loop, const void *ctx)
{
	for (size_t i = 0; i < loop->n_caught; i++)
		if (loop->caught[i].ctx == ctx)
			loop->caught[i].fn = NULL;
}

static void close_holes(struct rt_loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->n; i++) {
		if (loop->fds[i].fd < 0)
			continue;
		loop->fds[kept] = loop->fds[i];
		loop->watches[kept++] = loop->watches[i];
	}
	loop->n = kept;
}

static int tell_signals(struct rt_loop *loop)
{
	int called = 0;

	for (size_t i = 0; i < loop->n_caught; i++) {
		struct caught caught = loop->caught[i];

		if (!seen[caught.signo])
			continue;
		seen[caught.signo] = 0;
		if (!caught.fn)
			continue;
		caught.fn(caught.ctx, caught.signo);
		called++;
	}
	return called;
}

void rt_loop_soon(struct rt_loop *loop)
{
	loop->soon = true;
}

/* What comes soon comes sooner than a process that sleeps is awake again. As ppoll(2) returns. */
static int look_soon(struct rt_loop *loop)
{
	const struct timespec none = {0};
	int64_t until = rt_now_us() + SOON_US;
	int ready = 0;

	loop->soon = false;
	while (ready == 0 && rt_now_us() < until) {
		ready = ppoll(loop->fds, loop->n, &none, &loop->open_mask);
		if (ready == 0)
			sched_yield(); /* whoever is to answer may need this processor */
	}
	return ready;
}

int rt_loop_once(struct rt_loop *loop, int timeout_ms)
{
	struct timespec ts = {timeout_ms / 1000, (long)(timeout_ms % 1000) * 1000000};
	int ready = 0, called;
	size_t n;

	close_holes(loop);
	if (loop->soon && timeout_ms != 0)
		ready = look_soon(loop);
	if (!ready)
		ready = ppoll(loop->fds, loop->n, timeout_ms < 0 ? NULL : &ts, &loop->open_mask);
	called = tell_signals(loop);
	/* A function may add descriptors: they lie behind n and were not polled. */
	n = loop->n;
	for (size_t i = 0; ready > 0 && i < n; i++) {
		struct pollfd pfd = loop->fds[i];

		if (pfd.fd < 0 || !pfd.revents)
			continue;
		loop->fds[i].revents = 0;
		loop->watches[i].fn(loop->watches[i].ctx, pfd.fd, pfd.revents);
		called++;
	}
	return called;
}
