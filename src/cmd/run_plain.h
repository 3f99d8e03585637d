/* A lesson in plain text: reads answers, writes report/plain.h. */
#ifndef RT_CMD_RUN_PLAIN_H
#define RT_CMD_RUN_PLAIN_H

#include "cmd/cmd.h"
#include "cmd/keep.h"
#include "lesson/lesson.h"

/*
 * Takes the learner through lesson (which now belongs to it) from step on. Returns the exit status:
 * 0; RT_ERR_STAGE where no stage can be built (the texts are printed all the same); RT_ERR_TERMINAL
 * where an answer is needed and the input has ended. With resume a person goes on where the lesson
 * was left, step being 0; a file of answers is for the whole lesson.
 */
int rt_run_plain(struct rt_lesson *lesson, size_t step, bool resume,
		 const struct rt_options *options, struct rt_error *err);

/*
 * Asks the n questions, each in another instance of its lesson, and says at the end how it went.
 * What was answered is kept in keep, with --auto nothing. Returns the exit status as above.
 */
int rt_run_plain_review(const struct rt_catalog *catalog, struct rt_keep *keep,
			const struct rt_due *due, size_t n, const struct rt_options *options,
			struct rt_error *err);

#endif
