/* Which questions come back in review, and when: the progress and the lessons, brought together. */
#ifndef RT_CMD_DUE_H
#define RT_CMD_DUE_H

#include "base/str.h"
#include "lesson/catalog.h"
#include "store/progress.h"
#include "ui/keeper.h"

/*
 * The questions that are due now, in the order of the course; with all, also those that will be
 * due later. Returns how many, *list is to be freed. A question that its lesson has no more, or
 * whose lesson is not in the catalog, is none.
 */
size_t rt_due_find(const struct rt_progress *progress, const struct rt_catalog *catalog, bool all,
		   struct rt_due **list);

/* Keeps how one was answered; saves it. */
void rt_due_answered(struct rt_progress *progress, const struct rt_catalog *catalog,
		     const struct rt_due *due, bool right);

/* Adds when questions come back: "Coming back: 1 tomorrow, 2 in 3 days."; nothing where none do. */
void rt_due_words(const struct rt_progress *progress, const struct rt_catalog *catalog,
		  struct rt_str *out);

#endif
