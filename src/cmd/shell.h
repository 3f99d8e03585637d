/* A shell in the stage: the command `shell`, and what the screen's key does. */
#ifndef RT_CMD_SHELL_H
#define RT_CMD_SHELL_H

#include "base/error.h"

/*
 * For struct rt_ui_options: a shell in the stage of world, a struct rt_world * or NULL. Says where
 * one is, and waits for the end of the shell. Returns 0, or -1 with err.
 */
int rt_shell_of_world(void *world, struct rt_error *err);

#endif
