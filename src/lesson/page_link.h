/* Private to lesson/: the line of a lesson that a `see` names. */
#ifndef RT_LESSON_PAGE_LINK_H
#define RT_LESSON_PAGE_LINK_H

#include "lesson/page.h"

/* The index of the line that carries the label of see, in that step; -1 where there is none. */
int rt_see_line(const struct rt_see *see, const struct rt_lesson *lesson, int step);

/*
 * Reads what see says that this line gives: 0, and the caller ends *want with rt_want_fini(); or -1
 * with *mistake, which the caller ends.
 */
int rt_see_want(const struct rt_see *see, const struct rt_line *line, struct rt_want *want,
		struct rt_mistake *mistake);

#endif
