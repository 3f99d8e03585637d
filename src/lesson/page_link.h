/* Private to lesson/: the line of a lesson that a `see` names. */
#ifndef RT_LESSON_PAGE_LINK_H
#define RT_LESSON_PAGE_LINK_H

#include "lesson/page.h"

/*
 * The index of the line that carries the label of see, in that step, and in *want what see says that
 * it gives; the caller ends *want with rt_want_fini(). -1 where there is none, and with *mistake
 * filled where the result cannot be read.
 */
int rt_see_line(const struct rt_see *see, const struct rt_lesson *lesson, int step,
		struct rt_want *want, struct rt_mistake *mistake);

#endif
