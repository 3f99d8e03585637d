/*
 * Runs a lesson without a learner and holds every result and every `expect` against this kernel:
 * lessons are executable documents.
 */
#ifndef RT_LESSON_CHECK_H
#define RT_LESSON_CHECK_H

#include "base/str.h"
#include "lesson/engine.h"

/* One thing that was checked: a line of script, or a question. */
struct rt_check {
	bool passed;
	int number;	  /* line of the file */
	const char *step; /* id of its step; belongs to the lesson */
	char *what;	  /* "new: bind(n, 127.0.0.1:8000)", "question: What will ..." */
	char *expected;	  /* "EADDRINUSE" */
	char *got;	  /* "0" */
	bool replaced;	  /* a wait that was done by ending the record */
};

struct rt_checks {
	struct rt_check *check;
	size_t n, cap;
	size_t failed;
	int64_t took_ms;
};

void rt_checks_fini(struct rt_checks *checks);

/*
 * Runs lesson on a fresh stage of world. real_waits: wait() really waits, up to a minute each.
 * Returns 0 with *checks filled, whether they passed or not; -1 with err where no stage could be
 * built (RT_ERR_STAGE).
 */
int rt_check_run(struct rt_world *world, const struct rt_lesson *lesson, bool real_waits,
		 struct rt_checks *checks, struct rt_error *err);

#endif
