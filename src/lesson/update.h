/*
 * The expected results of a lesson file, rewritten to what this kernel said. Of a line nothing
 * changes but what stands behind `=`; expect lines and questions are for a person to mend.
 */
#ifndef RT_LESSON_UPDATE_H
#define RT_LESSON_UPDATE_H

#include "lesson/check.h"

/* A line of the file that changes, without its line end. */
struct rt_update_line {
	int number;
	char *before, *after;
};

struct rt_update {
	struct rt_update_line *line;
	size_t n, cap;
	struct rt_str text; /* the whole file as it would be; empty where no line changes */
};

/*
 * text is the file from which lesson was read, and checks is what came of it. Fills *update, which
 * the caller ends with rt_update_fini().
 */
void rt_update_make(const char *text, size_t len, const struct rt_lesson *lesson,
		    const struct rt_checks *checks, struct rt_update *update);
void rt_update_fini(struct rt_update *update);

/*
 * Adds the difference as diff -u would: the file, then for each line its number, how it was and how
 * it would be. No byte of the file can harm a terminal there.
 */
void rt_update_format(const struct rt_update *update, const char *path, struct rt_str *out);

#endif
