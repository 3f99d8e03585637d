/* Progress in memory: asking and changing. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/progress_private.h"
#include "store/review.h"

/* --- asking ----------------------------------------------------------------------------------- */

const char *rt_progress_path(const struct rt_progress *progress)
{
	return progress->path;
}

int64_t rt_progress_now(const struct rt_progress *progress)
{
	return progress->clock();
}

size_t rt_progress_count(const struct rt_progress *progress)
{
	return progress->ledger.n;
}

const struct rt_progress_lesson *rt_progress_at(const struct rt_progress *progress, size_t i)
{
	return &progress->ledger.lesson[i];
}

static const struct rt_progress_lesson *find(const struct rt_progress *progress, const char *lesson)
{
	for (size_t i = 0; i < progress->ledger.n; i++)
		if (strcmp(progress->ledger.lesson[i].id, lesson) == 0)
			return &progress->ledger.lesson[i];
	return NULL;
}

const struct rt_progress_lesson *rt_progress_lesson(const struct rt_progress *progress,
						    const char *lesson)
{
	return find(progress, lesson);
}

const struct rt_progress_answer *rt_progress_answer(const struct rt_progress_lesson *lesson,
						    const char *label)
{
	for (size_t i = 0; i < lesson->n_answers; i++)
		if (strcmp(lesson->answer[i].label, label) == 0)
			return &lesson->answer[i];
	return NULL;
}

bool rt_progress_is_begun(const struct rt_progress_lesson *lesson)
{
	return lesson && lesson->place.step[0] && lesson->place.when > lesson->done;
}

const char *rt_progress_note(const struct rt_progress *progress, const char *lesson,
			     const char *step)
{
	const struct rt_progress_lesson *found = find(progress, lesson);

	for (size_t i = 0; found && i < found->n_notes; i++)
		if (strcmp(found->note[i].step, step) == 0)
			return found->note[i].text[0] ? found->note[i].text : NULL;
	return NULL;
}

/* --- changing --------------------------------------------------------------------------------- */

/* The lesson to change, or NULL where its name or the other one is none. */
static struct rt_progress_lesson *change(struct rt_progress *progress, const char *id,
					 const char *name)
{
	struct rt_progress_lesson *lesson = rt_ledger_lesson(&progress->ledger, id, false);

	if (!rt_progress_is_name(id) || !rt_progress_is_name(name) ||
	    (!lesson && progress->ledger.n >= RT_LEDGER_LESSONS_MAX))
		return NULL;
	return lesson ? lesson : rt_ledger_lesson(&progress->ledger, id, true);
}

/*
 * Later than what is there, though the clock may have been set back: else the change would not
 * count.
 */
static int64_t later(const struct rt_progress *progress, int64_t than)
{
	int64_t now = progress->clock();

	return now > than ? now : than + 1;
}

void rt_progress_set_place(struct rt_progress *progress, const char *id,
			   const struct rt_progress_place *place, bool done)
{
	struct rt_progress_lesson *lesson = change(progress, id, place->step);
	int64_t before;

	if (!lesson)
		return;
	before = lesson->place.when > lesson->done ? lesson->place.when : lesson->done;
	lesson->place = *place;
	lesson->place.when = later(progress, before);
	/* The end of a round is later than all answers of it. */
	for (size_t i = 0; done && i < lesson->n_answers; i++)
		if (lesson->answer[i].when > lesson->place.when)
			lesson->place.when = lesson->answer[i].when;
	if (done)
		lesson->done = lesson->place.when;
	lesson->unsaved = true;
}

void rt_progress_set_seen(struct rt_progress *progress, const char *id, const char *step)
{
	struct rt_progress_lesson *lesson = change(progress, id, step);

	if (lesson && rt_ledger_see(lesson, step))
		lesson->unsaved = true;
}

/* asked is the true time, so that a clock that was wrong once does not count for ever. */
static void put_review(const struct rt_progress *progress, struct rt_progress_review *review,
		       int level)
{
	review->level = level;
	review->asked = progress->clock();
	review->when = later(progress, review->when);
	review->unsaved = true;
}

void rt_progress_set_answer(struct rt_progress *progress, const char *id, const char *label,
			    const char *answer, enum rt_progress_right right)
{
	struct rt_progress_lesson *lesson = change(progress, id, label);
	struct rt_progress_answer *to;

	if (!lesson)
		return;
	to = rt_ledger_answer(lesson, label, true);
	rt_ledger_copy(to->answer, sizeof(to->answer), answer);
	to->right = right;
	to->open = false;
	to->when = later(progress, to->when > lesson->done ? to->when : lesson->done);
	to->unsaved = true;
	if (right == RT_PROGRESS_WRONG || strcmp(answer, RT_PROGRESS_UNSURE) == 0)
		put_review(progress, rt_ledger_review(lesson, label, true), 0);
}

void rt_progress_set_reviewed(struct rt_progress *progress, const char *id, const char *label,
			      bool right)
{
	struct rt_progress_lesson *lesson = rt_ledger_lesson(&progress->ledger, id, false);
	struct rt_progress_review *review = lesson ? rt_ledger_review(lesson, label, false) : NULL;

	if (review && review->level < RT_REVIEW_LEVELS)
		put_review(progress, review, right ? review->level + 1 : 0);
}

void rt_progress_ask_again(struct rt_progress *progress, const char *id, const char *label)
{
	struct rt_progress_lesson *lesson = change(progress, id, label);
	struct rt_progress_answer *answer = lesson ? rt_ledger_answer(lesson, label, false) : NULL;

	if (!answer || answer->open)
		return;
	answer->open = true;
	answer->when = later(progress, answer->when);
	answer->unsaved = true;
}

void rt_progress_set_note(struct rt_progress *progress, const char *id, const char *step,
			  const char *text)
{
	struct rt_progress_lesson *lesson = change(progress, id, step);
	char copy[RT_PROGRESS_NOTE_BYTES + 1];
	struct rt_progress_note *note;

	if (!lesson)
		return;
	rt_ledger_copy(copy, sizeof(copy), text);
	note = rt_ledger_note(lesson, step, copy[0] != '\0');
	if (!note || strcmp(note->text, copy) == 0)
		return;
	free(note->text);
	note->text = rt_strdup(copy);
	note->when = later(progress, note->when);
	note->unsaved = true;
}

bool rt_progress_forget(struct rt_progress *progress, const char *id)
{
	struct rt_progress_lesson *lesson = rt_ledger_lesson(&progress->ledger, id, false);

	if (!lesson ||
	    (!lesson->place.step[0] && !lesson->done && !lesson->n_answers && !lesson->n_reviews))
		return false;
	rt_ledger_clear(lesson);
	lesson->forgotten = true;
	return true;
}
