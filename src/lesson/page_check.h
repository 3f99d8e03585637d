/*
 * Holds a page against the kernel: each `see` of its entries must name a step that is there, and
 * where it has a result the line must give it, on this kernel, now.
 */
#ifndef RT_LESSON_PAGE_CHECK_H
#define RT_LESSON_PAGE_CHECK_H

#include "lesson/check.h"
#include "lesson/page.h"

/*
 * Links the page and runs the lessons that it names with results, each once, on fresh stages of
 * world. One check for each `see`. Returns 0 with *checks filled, whether they passed or not; -1
 * with err where no stage could be built (RT_ERR_STAGE).
 */
int rt_page_check(struct rt_world *world, struct rt_page *page, const struct rt_catalog *catalog,
		  struct rt_checks *checks, struct rt_error *err);

#endif
