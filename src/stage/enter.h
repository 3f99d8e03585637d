/*
 * Other programs in a stage: a shell, ss(8), tcpdump(8). They keep the terminal, the files and the
 * pid namespace of whoever starts them; the user and the network namespace are the stage's. There
 * they are uid 0, with capabilities over the stage and nothing else. setns(2), user_namespaces(7).
 */
#ifndef RT_STAGE_ENTER_H
#define RT_STAGE_ENTER_H

#include "base/error.h"

/*
 * Whether init_pid is the first process of a stage that this user made: its user namespace is a
 * child of ours and belongs to us, its network namespace belongs to that. Returns 0, or -1 with err
 * of kind RT_ERR_STAGE.
 */
int rt_enter_check(int init_pid, struct rt_error *err);

/*
 * Moves this process into the stage of init_pid, as its uid 0. There is no way back. Whoever came
 * as the machine's root leaves that uid behind. Returns 0, or -1 with err; then the process may be
 * half way and should end.
 */
int rt_enter(int init_pid, struct rt_error *err);

/*
 * Replaces this process, which has entered a stage, by argv; by $SHELL, else /bin/sh, where argv is
 * NULL. Returns only on failure: -1 with err.
 */
int rt_enter_exec(char *const argv[], struct rt_error *err);

/*
 * Runs argv, or a shell, in the stage of init_pid and waits for its end; meanwhile the terminal is
 * its own. SIGTERM and SIGHUP, where the caller catches them, end it with SIGHUP. Returns 0 however
 * it ended, or -1 with err where it could not be started. Give the terminal back before, and take
 * it again after.
 */
int rt_shell_in(int init_pid, char *const argv[], struct rt_error *err);

#endif
