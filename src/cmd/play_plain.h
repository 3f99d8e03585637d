/* The playground as linear text: from a pipe, or line by line at a terminal that can do no more. */
#ifndef RT_CMD_PLAY_PLAIN_H
#define RT_CMD_PLAY_PLAIN_H

#include "cmd/cmd.h"
#include "lesson/draft.h"

/*
 * Runs what the draft has, then each line of standard input as it comes. Returns the exit status: 4
 * with err where lines were no script; these were said and left out, and the others ran.
 */
int rt_play_plain(struct rt_draft *draft, struct rt_error *err);

#endif
