/*
 * A run in plain text inside: shared by run_plain.c (a lesson) and run_plain_review.c (questions of
 * several).
 */
#ifndef RT_CMD_RUN_PLAIN_PRIVATE_H
#define RT_CMD_RUN_PLAIN_PRIVATE_H

#include "cmd/answers.h"
#include "cmd/publish.h"
#include "cmd/run_plain.h"
#include "lesson/session.h"

struct rt_plain_run {
	struct rt_loop *loop;
	struct rt_world *world;
	struct rt_publish *publish;
	struct rt_session *session;
	struct rt_answers *answers; /* NULL with --auto */
	struct rt_keep *keep;	    /* likewise: what nobody took is not kept */
	bool review;		    /* it ends behind the result of one question */
	struct rt_error *err;
	size_t printed; /* lines of script whose outcome was written */
	size_t told;	/* lines of script whose prose was written */
	char **why;	/* of each line: why its call did not succeed, or NULL. Owned */
	size_t n_why;
	bool *blocked;	/* of each line: it was written as blocking, and not yet as resumed */
	bool explained; /* what the signs of the sockets mean */
	bool left;	/* q */
};

/* What both kinds of run stand on. Returns 0, or -1 with plain->err. */
int rt_plain_run_begin(struct rt_plain_run *plain, const struct rt_options *options);
void rt_plain_run_finish(struct rt_plain_run *plain);

/* A script of that many lines is about to be opened: nothing of it was written. */
void rt_plain_run_script(struct rt_plain_run *plain, size_t n_lines);

/*
 * From where the session stands to the end of the lesson, of a review behind the result of its
 * question. Returns the exit status.
 */
int rt_plain_run_go(struct rt_plain_run *plain);

/* A person gets a pause between steps; a file of answers has no line for it. */
void rt_plain_run_pause(struct rt_plain_run *plain, const char *prompt);

#endif
