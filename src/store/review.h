/*
 * Review: when a question comes back. One that was answered wrong, or with "I do not know yet",
 * comes back after 1 day; answered right it comes back after 3, then 7, then 21 days, and after
 * that it is learned; answered otherwise it begins with 1 day again.
 *
 * A day is one of the calendar, where the learner is, from 4 o'clock in the morning: whoever takes
 * a lesson on Monday evening finds its questions on Tuesday, also at noon.
 */
#ifndef RT_STORE_REVIEW_H
#define RT_STORE_REVIEW_H

#include "store/progress.h"

enum { RT_REVIEW_LEVELS = 4 };

/*
 * How many days until the question is due at the time now_ms (since the Epoch): 0 where it is due,
 * -1 where it is learned. A question from tomorrow or later was answered under a clock that has
 * been set back since: it is due, as asking too early does less harm than asking never.
 */
int rt_review_days(const struct rt_progress_review *review, int64_t now_ms);

/* The question of that label, learned or not; NULL where it never was in review. */
const struct rt_progress_review *rt_review_find(const struct rt_progress_lesson *lesson,
						const char *label);

/* How many questions of the lesson (NULL: none) will come back, due ones among them. */
size_t rt_review_waiting(const struct rt_progress_lesson *lesson);

#endif
