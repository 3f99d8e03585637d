/* The two tools of `check` for those who write lessons: --size and --update. */
#ifndef RT_CMD_CHECK_H
#define RT_CMD_CHECK_H

#include "lesson/check.h"

struct rt_size {
	int width, height;
};

/* Reads "80x24". Returns 0, or -1 with err (RT_ERR_USAGE). */
int rt_check_size_parse(const char *text, struct rt_size *size, struct rt_error *err);

/*
 * Goes through the lesson of a file as a learner would and adds one check for the text of each step
 * and one for each question: whether a screen of that size shows what is needed to answer. lesson
 * is the same file, already read: it owns the ids of the steps. Returns 0, or -1 with err where no
 * stage could be built.
 */
int rt_check_size(struct rt_world *world, const struct rt_lesson *lesson, struct rt_size size,
		  struct rt_checks *checks, struct rt_error *err);

/*
 * Shows how the expected results of a lesson file differ from what this kernel says, asks on
 * standard input (yes: does not ask), and writes them. Returns 0 where nothing differs any more,
 * RT_ERR_FAILED where something still does, RT_ERR_LESSON for a file with mistakes, RT_ERR_STAGE
 * where nothing could be run; what is wrong was said.
 */
int rt_check_update(struct rt_world *world, const char *path, bool yes);

#endif
