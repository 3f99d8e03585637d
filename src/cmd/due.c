#include "cmd/due.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/review.h"

enum { DAYS_MAX = 21 };

struct dues {
	struct rt_due *due;
	size_t n, cap;
};

/* Whether reading the lesson file can be spared. */
static bool has_any(const struct rt_progress_lesson *known, int64_t now, bool all)
{
	for (size_t i = 0; known && i < known->n_reviews; i++) {
		int days = rt_review_days(&known->review[i], now);

		if (days == 0 || (all && days > 0))
			return true;
	}
	return false;
}

/* By the lesson as it is: what it does not ask any more is passed over. */
static void add_lesson(struct dues *dues, const struct rt_lesson *lesson, size_t index,
		       const struct rt_progress_lesson *known, int64_t now, bool all)
{
	for (size_t i = 0; i < lesson->n_predicts; i++) {
		const char *label = lesson->predict[i].label;
		const struct rt_progress_review *review = rt_review_find(known, label);
		int days = review ? rt_review_days(review, now) : -1;
		struct rt_due *due;

		if (days < 0 || (days > 0 && !all))
			continue;
		RT_GROW(dues->due, dues->n, dues->cap);
		due = &dues->due[dues->n++];
		*due = (struct rt_due){
			.lesson = index, .seed = (uint64_t)review->asked + i, .days = days};
		snprintf(due->label, sizeof(due->label), "%s", label);
	}
}

size_t rt_due_find(const struct rt_progress *progress, const struct rt_catalog *catalog, bool all,
		   struct rt_due **list)
{
	int64_t now = rt_progress_now(progress);
	struct dues dues = {0};

	for (size_t i = 0; i < catalog->n; i++) {
		const struct rt_progress_lesson *known =
			rt_progress_lesson(progress, catalog->head[i]->id);
		struct rt_mistakes mistakes = {0};
		struct rt_error ignored;
		struct rt_lesson *lesson;

		if (!has_any(known, now, all))
			continue;
		lesson = rt_lesson_load(catalog->head[i]->path, &mistakes, &ignored);
		if (lesson)
			add_lesson(&dues, lesson, i, known, now, all);
		rt_lesson_free(lesson);
		rt_mistakes_fini(&mistakes);
	}
	*list = dues.due;
	return dues.n;
}

void rt_due_answered(struct rt_progress *progress, const struct rt_catalog *catalog,
		     const struct rt_due *due, bool right)
{
	rt_progress_set_reviewed(progress, catalog->head[due->lesson]->id, due->label, right);
	(void)rt_progress_save(progress, NULL); /* what is wrong with it is told once, elsewhere */
}

/* "2 tomorrow". */
static void add_day(int days, size_t n, struct rt_str *out)
{
	if (days == 0)
		rt_str_addf(out, _("%zu now"), n);
	else if (days == 1)
		rt_str_addf(out, _("%zu tomorrow"), n);
	else
		rt_str_addf(out, _("%zu in %d days"), n, days);
}

void rt_due_words(const struct rt_progress *progress, const struct rt_catalog *catalog,
		  struct rt_str *out)
{
	size_t count[DAYS_MAX + 2] = {0}, n, groups = 0;
	struct rt_due *due;

	n = rt_due_find(progress, catalog, true, &due);
	for (size_t i = 0; i < n; i++)
		count[due[i].days <= DAYS_MAX ? due[i].days : DAYS_MAX + 1]++;
	free(due);
	if (n == 0)
		return;
	rt_str_add(out, _("Coming back: "));
	for (int days = 0; days <= DAYS_MAX + 1; days++) {
		if (count[days] == 0)
			continue;
		rt_str_add(out, groups++ ? ", " : "");
		add_day(days, count[days], out);
	}
	rt_str_addc(out, '.');
}
