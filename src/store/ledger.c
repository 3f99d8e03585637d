#include "store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* --- one lesson ------------------------------------------------------------------------------- */

static void free_notes(struct rt_progress_lesson *lesson)
{
	for (size_t i = 0; i < lesson->n_notes; i++)
		free(lesson->note[i].text);
	free(lesson->note);
	lesson->note = NULL;
	lesson->n_notes = lesson->cap_notes = 0;
}

void rt_ledger_clear(struct rt_progress_lesson *lesson)
{
	free(lesson->answer);
	free(lesson->seen);
	free(lesson->review);
	lesson->answer = NULL;
	lesson->review = NULL;
	lesson->n_reviews = lesson->cap_reviews = 0;
	lesson->seen = NULL;
	lesson->n_answers = lesson->cap_answers = 0;
	lesson->n_seen = lesson->cap_seen = 0;
	lesson->place = (struct rt_progress_place){0};
	lesson->done = 0;
	lesson->unsaved = false;
}

struct rt_progress_answer *rt_ledger_answer(struct rt_progress_lesson *lesson, const char *label,
					    bool create)
{
	struct rt_progress_answer *answer;

	for (size_t i = 0; i < lesson->n_answers; i++)
		if (strcmp(lesson->answer[i].label, label) == 0)
			return &lesson->answer[i];
	if (!create)
		return NULL;
	RT_GROW(lesson->answer, lesson->n_answers, lesson->cap_answers);
	answer = &lesson->answer[lesson->n_answers++];
	*answer = (struct rt_progress_answer){0};
	rt_ledger_copy(answer->label, sizeof(answer->label), label);
	return answer;
}

struct rt_progress_note *rt_ledger_note(struct rt_progress_lesson *lesson, const char *step,
					bool create)
{
	struct rt_progress_note *note;

	for (size_t i = 0; i < lesson->n_notes; i++)
		if (strcmp(lesson->note[i].step, step) == 0)
			return &lesson->note[i];
	if (!create)
		return NULL;
	RT_GROW(lesson->note, lesson->n_notes, lesson->cap_notes);
	note = &lesson->note[lesson->n_notes++];
	*note = (struct rt_progress_note){.text = rt_strdup("")};
	rt_ledger_copy(note->step, sizeof(note->step), step);
	return note;
}

struct rt_progress_review *rt_ledger_review(struct rt_progress_lesson *lesson, const char *label,
					    bool create)
{
	struct rt_progress_review *review;

	for (size_t i = 0; i < lesson->n_reviews; i++)
		if (strcmp(lesson->review[i].label, label) == 0)
			return &lesson->review[i];
	if (!create)
		return NULL;
	RT_GROW(lesson->review, lesson->n_reviews, lesson->cap_reviews);
	review = &lesson->review[lesson->n_reviews++];
	*review = (struct rt_progress_review){0};
	rt_ledger_copy(review->label, sizeof(review->label), label);
	return review;
}

static void drop_note(struct rt_progress_lesson *lesson, struct rt_progress_note *note)
{
	free(note->text);
	*note = lesson->note[--lesson->n_notes];
}

bool rt_ledger_see(struct rt_progress_lesson *lesson, const char *step)
{
	for (size_t i = 0; i < lesson->n_seen; i++)
		if (strcmp(lesson->seen[i], step) == 0)
			return false;
	RT_GROW(lesson->seen, lesson->n_seen, lesson->cap_seen);
	rt_ledger_copy(lesson->seen[lesson->n_seen++], RT_PROGRESS_NAME, step);
	return true;
}

static bool is_changed(const struct rt_progress_lesson *lesson)
{
	if (lesson->unsaved || lesson->forgotten)
		return true;
	for (size_t i = 0; i < lesson->n_answers; i++)
		if (lesson->answer[i].unsaved)
			return true;
	for (size_t i = 0; i < lesson->n_notes; i++)
		if (lesson->note[i].unsaved)
			return true;
	for (size_t i = 0; i < lesson->n_reviews; i++)
		if (lesson->review[i].unsaved)
			return true;
	return false;
}

/* --- all of them ------------------------------------------------------------------------------ */

void rt_ledger_fini(struct rt_ledger *ledger)
{
	for (size_t i = 0; i < ledger->n; i++) {
		rt_ledger_clear(&ledger->lesson[i]);
		free_notes(&ledger->lesson[i]);
	}
	free(ledger->lesson);
	*ledger = (struct rt_ledger){0};
}

struct rt_progress_lesson *rt_ledger_lesson(struct rt_ledger *ledger, const char *id, bool create)
{
	struct rt_progress_lesson *lesson;

	for (size_t i = 0; i < ledger->n; i++)
		if (strcmp(ledger->lesson[i].id, id) == 0)
			return &ledger->lesson[i];
	if (!create)
		return NULL;
	RT_GROW(ledger->lesson, ledger->n, ledger->cap);
	lesson = &ledger->lesson[ledger->n++];
	*lesson = (struct rt_progress_lesson){0};
	rt_ledger_copy(lesson->id, sizeof(lesson->id), id);
	return lesson;
}

bool rt_ledger_is_changed(const struct rt_ledger *ledger)
{
	for (size_t i = 0; i < ledger->n; i++)
		if (is_changed(&ledger->lesson[i]))
			return true;
	return false;
}

void rt_ledger_copy(char *to, size_t size, const char *text)
{
	size_t len = strlen(text), used = 0, n;
	uint32_t c;

	while ((n = rt_utf8_next(text, len, &c)) > 0) {
		char one[8];
		size_t bytes = rt_utf8_encode(c, one);

		if (used + bytes >= size)
			break;
		memcpy(to + used, one, bytes);
		used += bytes;
		text += n;
		len -= n;
	}
	to[used] = '\0';
}

/* --- merging ---------------------------------------------------------------------------------- */

static void merge_place(struct rt_progress_lesson *onto, const struct rt_progress_lesson *from)
{
	if (from->place.step[0] && from->place.when >= onto->place.when)
		onto->place = from->place;
	if (from->done > onto->done)
		onto->done = from->done;
	for (size_t i = 0; i < from->n_seen; i++)
		rt_ledger_see(onto, from->seen[i]);
}

static void merge_answers(struct rt_progress_lesson *onto, const struct rt_progress_lesson *from,
			  bool all)
{
	for (size_t i = 0; i < from->n_answers; i++) {
		struct rt_progress_answer *answer;

		if (!all && !from->answer[i].unsaved)
			continue;
		answer = rt_ledger_answer(onto, from->answer[i].label, true);
		if (from->answer[i].when >= answer->when)
			*answer = from->answer[i];
		answer->unsaved = false;
	}
}

/*
 * The newer one as a whole: an answer in one copy follows from what that copy asked, and levels of
 * two copies cannot be added up.
 */
static void merge_reviews(struct rt_progress_lesson *onto, const struct rt_progress_lesson *from,
			  bool all)
{
	for (size_t i = 0; i < from->n_reviews; i++) {
		struct rt_progress_review *review;

		if (!all && !from->review[i].unsaved)
			continue;
		review = rt_ledger_review(onto, from->review[i].label, true);
		if (from->review[i].when >= review->when)
			*review = from->review[i];
		review->unsaved = false;
	}
}

static void merge_notes(struct rt_progress_lesson *onto, const struct rt_progress_lesson *from,
			bool all)
{
	for (size_t i = 0; i < from->n_notes; i++) {
		struct rt_progress_note *note;

		if (!all && !from->note[i].unsaved)
			continue;
		note = rt_ledger_note(onto, from->note[i].step, true);
		if (from->note[i].when >= note->when) {
			free(note->text);
			note->text = rt_strdup(from->note[i].text);
			note->when = from->note[i].when;
		}
		if (!note->text[0])
			drop_note(onto, note);
	}
}

void rt_ledger_merge(struct rt_ledger *onto, const struct rt_ledger *from, bool all)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct rt_progress_lesson *changed = &from->lesson[i];
		struct rt_progress_lesson *lesson;

		if (!all && !is_changed(changed))
			continue;
		lesson = rt_ledger_lesson(onto, changed->id, true);
		if (changed->forgotten)
			rt_ledger_clear(lesson);
		if (all || changed->unsaved)
			merge_place(lesson, changed);
		merge_answers(lesson, changed, all);
		merge_reviews(lesson, changed, all);
		merge_notes(lesson, changed, all);
	}
}
