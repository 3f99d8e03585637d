/*
 * The namespaces of a stage: the clone that makes them, the maps of ids, and the words for every
 * refusal of the kernel. user_namespaces(7), pid_namespaces(7), network_namespaces(7).
 */
#ifndef RT_STAGE_NAMESPACE_H
#define RT_STAGE_NAMESPACE_H

#include <stdbool.h>
#include <stdnoreturn.h>
#include <sys/types.h>

#include "base/error.h"

/* The steps in which a stage is made, for the message when one fails. */
enum rt_step {
	RT_STEP_CHANNEL,
	RT_STEP_CLONE,
	RT_STEP_MAP,
	RT_STEP_FILES,
	RT_STEP_LO,
	RT_STEP_IDS,
	RT_STEP_DIAG,
	RT_STEP_ANSWER,
	RT_STEPS
};

/*
 * What the machine says about why it may refuse. -1: it has no such setting, or it cannot be read.
 */
struct rt_refusal {
	enum rt_step step;
	int sys; /* errno of the step */
	bool root;
	bool chrooted;
	bool filtered;			 /* a seccomp filter is on */
	long userns_clone;		 /* kernel.unprivileged_userns_clone, of Debian's kernels */
	long apparmor;			 /* kernel.apparmor_restrict_unprivileged_userns */
	long max_user, max_net, max_pid; /* user.max_*_namespaces */
};

/*
 * Clones this process into new user, network and pid namespaces; the child runs rt_init_main() with
 * end as its channel and never returns. Its end sends no signal: it is seen through *pidfd, and
 * waited for with __WCLONE (see rt_stage_reap_all()). Returns the child's pid, or -1 with errno.
 */
pid_t rt_namespace_clone(int end, int *pidfd);

/*
 * Makes the clone a stage: writes the maps of ids (ids.h; tools as there) and lets it go on. Returns how many uids the stage has, or 0 with
 * err.
 */
unsigned rt_namespace_raise(pid_t pid, int channel, bool tools, struct rt_error *err);

/*
 * Waits until it is ready. *diag is its sock_diag socket, the caller's to close. Returns 0 or -1.
 */
int rt_namespace_await(int channel, int *diag, struct rt_error *err);

/* The first process of a stage, from its first moment on. */
noreturn void rt_init_main(int end);

/*
 * Fills *err (RT_ERR_STAGE) with the step, its cause as far as the machine tells, and what to do.
 * Returns -1.
 */
int rt_namespace_refused(enum rt_step step, int sys, struct rt_error *err);

/* The two halves of it: looks at the machine; finds the words, pure. The second returns -1. */
void rt_refusal_look(struct rt_refusal *refusal);
int rt_refusal_explain(const struct rt_refusal *refusal, struct rt_error *err);

#endif
