#include "store/review.h"

#include <string.h>
#include <time.h>

static const int interval_days[RT_REVIEW_LEVELS] = {1, 3, 7, 21};

enum { DAY_BEGINS_HOUR = 4, DAY_S = 24 * 60 * 60 };

/* The number of the calendar day where the learner is, from any first day. */
static int64_t day_of(int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	bool night;
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		return seconds / DAY_S;
	night = tm.tm_hour < DAY_BEGINS_HOUR;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	return timegm(&tm) / DAY_S - night;
}

int rt_review_days(const struct rt_progress_review *review, int64_t now_ms)
{
	int64_t gone;

	if (review->level < 0 || review->level >= RT_REVIEW_LEVELS)
		return -1;
	gone = day_of(now_ms) - day_of(review->asked);
	/* Yesterday alone may be a journey to the west. */
	if (gone < -1 || gone >= interval_days[review->level])
		return 0;
	return (int)(interval_days[review->level] - gone);
}

const struct rt_progress_review *rt_review_find(const struct rt_progress_lesson *lesson,
						const char *label)
{
	for (size_t i = 0; i < lesson->n_reviews; i++)
		if (strcmp(lesson->review[i].label, label) == 0)
			return &lesson->review[i];
	return NULL;
}

size_t rt_review_waiting(const struct rt_progress_lesson *lesson)
{
	size_t n = 0;

	for (size_t i = 0; lesson && i < lesson->n_reviews; i++)
		n += lesson->review[i].level < RT_REVIEW_LEVELS;
	return n;
}
