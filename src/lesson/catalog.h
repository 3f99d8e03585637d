/* Which lessons there are, and where. */
#ifndef RT_LESSON_CATALOG_H
#define RT_LESSON_CATALOG_H

#include "lesson/lesson.h"

struct rt_catalog {
	struct rt_lesson **head; /* front matter alone, in the order of the course */
	size_t n;
	char *dir;    /* where they are */
	bool is_read; /* false: of a head nothing is known but its id and its path */
};

/*
 * Finds the lessons: in $REUSE_TUTOR_LESSONS, else in `lessons` beside the executable (a build
 * tree), else where they were installed. A file that has no front matter is left out here; `check`
 * names it. Returns NULL with err where there is no folder of lessons, or it has none.
 */
struct rt_catalog *rt_catalog_new(struct rt_error *err);

/*
 * The same in two parts, because the heads of all lessons are not needed to begin with one: names
 * them by their files, and reads the heads. The second leaves out what has no front matter, so an
 * index may change, and until then a lesson has no number.
 */
struct rt_catalog *rt_catalog_name(struct rt_error *err);
void rt_catalog_read(struct rt_catalog *catalog);

void rt_catalog_free(struct rt_catalog *catalog);

/*
 * The index of a lesson by id, or by its number from 1; -1 with err ("no lesson "timewait""; did
 * you mean "time-wait"?).
 */
int rt_catalog_find(const struct rt_catalog *catalog, const char *name, struct rt_error *err);

#endif
