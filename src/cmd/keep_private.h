/*
 * The keeper inside: shared by keep.c (what lasts of a session) and keep_ui.c (its table for the
 * screen).
 */
#ifndef RT_CMD_KEEP_PRIVATE_H
#define RT_CMD_KEEP_PRIVATE_H

#include "cmd/keep.h"
#include "store/config.h"

/* A question, as it was when it was last looked at. */
struct rt_keep_seen {
	int answer;
	enum rt_progress_right right;
};

struct rt_keep {
	struct rt_progress *progress;
	struct rt_config *config;
	const struct rt_catalog *catalog;
	const struct rt_lesson *lesson; /* of the session that was opened last */
	struct rt_keep_seen *seen;	/* of its questions */
	size_t step, calls;		/* where it stood when it was last saved */
	bool end;
	struct rt_str welcome, told; /* to be told; and what was told of it last */
	struct rt_str troubles;	     /* all that were to be told, and stood on no screen */
	size_t last_trouble;	     /* where the last of them begins */
	struct rt_str coming;	     /* told last */
};

#endif
