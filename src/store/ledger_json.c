/*
 * progress.json:
 *
 *	{"schema": 2,
 *	 "lessons": {"time-wait": {
 *	   "place": {"step": "new-only", "number": 4, "steps": 9, "calls": 2,
 *	             "hash": "cbf29ce484222325", "when": MS},
 *	   "done": MS, "seen": ["first-run"],
 *	   "answers": {"second-bind": {"answer": "EADDRINUSE", "right": true, "when": MS}},
 *	   "review": {"trap": {"level": 0, "asked": MS, "when": MS}}}},
 *	 "notes": {"time-wait": {"new-only": {"text": "...", "when": MS}}}}
 *
 * Schema 1 had no "review".
 *
 * All that comes from the file is bounded and checked: somebody else may have written it.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/ledger.h"
#include "store/review.h"

/* The end of the year 9999, in milliseconds. */
#define TIME_MAX INT64_C(253402300799999)

enum { COUNT_MAX = 1000000 };

/* Of what has keys of its own: lists are searched from the front. */
enum { ENTRIES_MAX = RT_LEDGER_LESSONS_MAX };

bool rt_progress_is_name(const char *name)
{
	size_t len =
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return len > 0 && len < RT_PROGRESS_NAME && !name[len];
}

/* --- writing ---------------------------------------------------------------------------------- */

static json_t *write_place(const struct rt_progress_place *place)
{
	char hash[20];

	snprintf(hash, sizeof(hash), "%016" PRIx64, place->hash);
	return json_pack("{s:s, s:I, s:I, s:I, s:s, s:I}", "step", place->step, "number",
			 (json_int_t)place->number, "steps", (json_int_t)place->steps, "calls",
			 (json_int_t)place->calls, "hash", hash, "when", (json_int_t)place->when);
}

static json_t *write_answer(const struct rt_progress_answer *answer)
{
	json_t *object =
		json_pack("{s:s, s:I}", "answer", answer->answer, "when", (json_int_t)answer->when);

	if (answer->right != RT_PROGRESS_UNKNOWN)
		json_object_set_new(object, "right",
				    json_boolean(answer->right == RT_PROGRESS_RIGHT));
	if (answer->open)
		json_object_set_new(object, "open", json_true());
	return object;
}

static json_t *write_reviews(const struct rt_progress_lesson *lesson)
{
	json_t *object = json_object();

	for (size_t i = 0; i < lesson->n_reviews; i++) {
		const struct rt_progress_review *review = &lesson->review[i];

		json_object_set_new(object, review->label,
				    json_pack("{s:i, s:I, s:I}", "level", review->level, "asked",
					      (json_int_t)review->asked, "when",
					      (json_int_t)review->when));
	}
	return object;
}

static json_t *write_lesson(const struct rt_progress_lesson *lesson)
{
	json_t *object = json_object(), *answers = json_object(), *seen = json_array();

	for (size_t i = 0; i < lesson->n_answers; i++)
		json_object_set_new(answers, lesson->answer[i].label,
				    write_answer(&lesson->answer[i]));
	for (size_t i = 0; i < lesson->n_seen; i++)
		json_array_append_new(seen, json_string(lesson->seen[i]));
	if (lesson->place.step[0])
		json_object_set_new(object, "place", write_place(&lesson->place));
	if (lesson->done)
		json_object_set_new(object, "done", json_integer(lesson->done));
	json_object_set_new(object, "seen", seen);
	json_object_set_new(object, "answers", answers);
	if (lesson->n_reviews)
		json_object_set_new(object, "review", write_reviews(lesson));
	return object;
}

static json_t *write_notes(const struct rt_progress_lesson *lesson)
{
	json_t *object = json_object();

	for (size_t i = 0; i < lesson->n_notes; i++)
		if (lesson->note[i].text[0])
			json_object_set_new(object, lesson->note[i].step,
					    json_pack("{s:s, s:I}", "text", lesson->note[i].text,
						      "when", (json_int_t)lesson->note[i].when));
	return object;
}

void rt_ledger_write(const struct rt_ledger *ledger, struct rt_str *out)
{
	json_t *lessons = json_object(), *notes = json_object(), *whole;
	char *text;

	for (size_t i = 0; i < ledger->n; i++) {
		const struct rt_progress_lesson *lesson = &ledger->lesson[i];

		if (lesson->place.step[0] || lesson->done || lesson->n_answers || lesson->n_seen ||
		    lesson->n_reviews)
			json_object_set_new(lessons, lesson->id, write_lesson(lesson));
		if (lesson->n_notes)
			json_object_set_new(notes, lesson->id, write_notes(lesson));
	}
	whole = json_pack("{s:i, s:o, s:o}", "schema", RT_PROGRESS_SCHEMA, "lessons", lessons,
			  "notes", notes);
	text = json_dumps(whole, JSON_INDENT(1) | JSON_SORT_KEYS);
	rt_str_add(out, text ? text : "");
	rt_str_addc(out, '\n');
	free(text);
	json_decref(whole);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Where the first mistake is written; every function gives false after one. */
struct reader {
	char *why;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static bool wrong(struct reader *reader, const char *what,
							...)
{
	va_list ap;

	va_start(ap, what);
	vsnprintf(reader->why, reader->size, what, ap);
	va_end(ap);
	return false;
}

/* A name as JSON may have it, cut and harmless, for a message. */
static const char *show(const char *name, char shown[RT_PROGRESS_NAME])
{
	rt_ledger_copy(shown, RT_PROGRESS_NAME, name);
	return shown;
}

static bool check_name(struct reader *reader, const char *name)
{
	char shown[RT_PROGRESS_NAME];

	return rt_progress_is_name(name) ||
	       wrong(reader, _("\"%s\" is no name"), show(name, shown));
}

/* An object, or nothing, of a size that can be searched. */
static bool check_object(struct reader *reader, const json_t *object, const char *key)
{
	if (object && !json_is_object(object))
		return wrong(reader, _("\"%s\" is no object"), key);
	return json_object_size(object) <= ENTRIES_MAX ||
	       wrong(reader, _("\"%s\" has more than %d entries"), key, ENTRIES_MAX);
}

/* The number of a key; left out it is 0. */
static bool read_number(struct reader *reader, const json_t *object, const char *key, int64_t max,
			int64_t *number)
{
	const json_t *value = json_object_get(object, key);

	*number = 0;
	if (!value)
		return true;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > max)
		return wrong(reader, _("\"%s\" is no number in its range"), key);
	*number = json_integer_value(value);
	return true;
}

static bool read_size(struct reader *reader, const json_t *object, const char *key, size_t *number)
{
	int64_t value;

	if (!read_number(reader, object, key, COUNT_MAX, &value))
		return false;
	*number = (size_t)value;
	return true;
}

static bool read_text(struct reader *reader, const json_t *object, const char *key, size_t size,
		      const char **text)
{
	const json_t *value = json_object_get(object, key);

	*text = "";
	if (!json_is_string(value) || json_string_length(value) >= size)
		return wrong(reader, _("\"%s\" is no text, or too long"), key);
	*text = json_string_value(value);
	return true;
}

static bool read_hash(struct reader *reader, const json_t *object, uint64_t *hash)
{
	const char *text;

	if (!read_text(reader, object, "hash", 17, &text))
		return false;
	if (!text[0] || text[strspn(text, "0123456789abcdef")])
		return wrong(reader, _("\"hash\" is none"));
	*hash = strtoull(text, NULL, 16);
	return true;
}

static bool read_place(struct reader *reader, const json_t *object, struct rt_progress_place *place)
{
	const char *step;

	if (!object)
		return true;
	if (!json_is_object(object))
		return wrong(reader, _("\"place\" is no object"));
	if (!read_text(reader, object, "step", RT_PROGRESS_NAME, &step) ||
	    !check_name(reader, step) || !read_size(reader, object, "number", &place->number) ||
	    !read_size(reader, object, "steps", &place->steps) ||
	    !read_size(reader, object, "calls", &place->calls) ||
	    !read_hash(reader, object, &place->hash) ||
	    !read_number(reader, object, "when", TIME_MAX, &place->when))
		return false;
	rt_ledger_copy(place->step, sizeof(place->step), step);
	return true;
}

static bool read_answer(struct reader *reader, const json_t *object,
			struct rt_progress_answer *answer)
{
	const json_t *right = json_object_get(object, "right"),
		     *open = json_object_get(object, "open");
	const char *text;

	if (!read_text(reader, object, "answer", RT_PROGRESS_ANSWER, &text) ||
	    !read_number(reader, object, "when", TIME_MAX, &answer->when))
		return false;
	if ((right && !json_is_boolean(right)) || (open && !json_is_boolean(open)))
		return wrong(reader, _("\"right\" or \"open\" is neither true nor false"));
	rt_ledger_copy(answer->answer, sizeof(answer->answer), text);
	answer->right = !right		      ? RT_PROGRESS_UNKNOWN
			: json_is_true(right) ? RT_PROGRESS_RIGHT
					      : RT_PROGRESS_WRONG;
	answer->open = json_is_true(open);
	return true;
}

/*
 * A new element of an array: the keys of a JSON object are different from each other, so nothing is
 * looked for.
 */
static struct rt_progress_answer *new_answer(struct rt_progress_lesson *lesson, const char *label)
{
	struct rt_progress_answer *answer;

	RT_GROW(lesson->answer, lesson->n_answers, lesson->cap_answers);
	answer = &lesson->answer[lesson->n_answers++];
	*answer = (struct rt_progress_answer){0};
	rt_ledger_copy(answer->label, sizeof(answer->label), label);
	return answer;
}

static bool read_answers(struct reader *reader, json_t *object, struct rt_progress_lesson *lesson)
{
	const char *label;
	json_t *value;

	if (!check_object(reader, object, "answers"))
		return false;
	json_object_foreach(
		object, label,
		value) if (!check_name(reader, label) ||
			   !read_answer(reader, value, new_answer(lesson, label))) return false;
	return true;
}

static bool read_reviews(struct reader *reader, json_t *object, struct rt_progress_lesson *lesson)
{
	const char *label;
	json_t *value;

	if (!check_object(reader, object, "review"))
		return false;
	json_object_foreach(object, label, value)
	{
		struct rt_progress_review *review;
		int64_t level;

		RT_GROW(lesson->review, lesson->n_reviews, lesson->cap_reviews);
		review = &lesson->review[lesson->n_reviews++];
		*review = (struct rt_progress_review){0};
		if (!check_name(reader, label) || !check_object(reader, value, label) ||
		    !read_number(reader, value, "level", RT_REVIEW_LEVELS, &level) ||
		    !read_number(reader, value, "asked", TIME_MAX, &review->asked) ||
		    !read_number(reader, value, "when", TIME_MAX, &review->when))
			return false;
		review->level = (int)level;
		rt_ledger_copy(review->label, sizeof(review->label), label);
	}
	return true;
}

static bool read_seen(struct reader *reader, const json_t *array, struct rt_progress_lesson *lesson)
{
	if (array && (!json_is_array(array) || json_array_size(array) > ENTRIES_MAX))
		return wrong(reader, _("\"seen\" is no list, or too long"));
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *step = json_string_value(json_array_get(array, i));

		if (!step)
			return wrong(reader, _("\"seen\" has an element that is no text"));
		if (!check_name(reader, step))
			return false;
		RT_GROW(lesson->seen, lesson->n_seen, lesson->cap_seen);
		rt_ledger_copy(lesson->seen[lesson->n_seen++], RT_PROGRESS_NAME, step);
	}
	return true;
}

static bool read_lesson(struct reader *reader, const json_t *object,
			struct rt_progress_lesson *lesson)
{
	return check_object(reader, object, lesson->id) &&
	       read_place(reader, json_object_get(object, "place"), &lesson->place) &&
	       read_number(reader, object, "done", TIME_MAX, &lesson->done) &&
	       read_seen(reader, json_object_get(object, "seen"), lesson) &&
	       read_answers(reader, json_object_get(object, "answers"), lesson) &&
	       read_reviews(reader, json_object_get(object, "review"), lesson);
}

static bool read_notes(struct reader *reader, json_t *object, struct rt_progress_lesson *lesson)
{
	const char *step, *text;
	json_t *value;

	if (!check_object(reader, object, lesson->id))
		return false;
	json_object_foreach(object, step, value)
	{
		struct rt_progress_note *note;
		int64_t when;

		if (!check_name(reader, step) ||
		    !read_text(reader, value, "text", RT_PROGRESS_NOTE_BYTES + 1, &text) ||
		    !read_number(reader, value, "when", TIME_MAX, &when))
			return false;
		RT_GROW(lesson->note, lesson->n_notes, lesson->cap_notes);
		note = &lesson->note[lesson->n_notes++];
		*note = (struct rt_progress_note){.text = rt_strdup(text), .when = when};
		rt_ledger_copy(note->step, sizeof(note->step), step);
	}
	return true;
}

static bool read_whole(struct reader *reader, const json_t *whole, struct rt_ledger *ledger)
{
	json_t *lessons = json_object_get(whole, "lessons"),
	       *notes = json_object_get(whole, "notes");
	const char *id;
	json_t *value;

	if (!check_object(reader, lessons, "lessons") || !check_object(reader, notes, "notes"))
		return false;
	json_object_foreach(lessons, id, value)
	{
		struct rt_progress_lesson *lesson;

		if (!check_name(reader, id))
			return false;
		RT_GROW(ledger->lesson, ledger->n, ledger->cap);
		lesson = &ledger->lesson[ledger->n++];
		*lesson = (struct rt_progress_lesson){0};
		rt_ledger_copy(lesson->id, sizeof(lesson->id), id);
		if (!read_lesson(reader, value, lesson))
			return false;
	}
	json_object_foreach(
		notes, id, value) if (!check_name(reader, id) ||
				      !read_notes(reader, value,
						  rt_ledger_lesson(ledger, id, true))) return false;
	return true;
}

enum rt_ledger_read rt_ledger_parse(const char *text, size_t len, struct rt_ledger *ledger,
				    char *why, size_t size)
{
	struct reader reader = {.why = why, .size = size};
	enum rt_ledger_read status = RT_LEDGER_DAMAGED;
	json_error_t error;
	json_t *whole = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	const json_t *schema = json_object_get(whole, "schema");
	char shown[RT_PROGRESS_NAME];

	if (!whole)
		wrong(&reader, _("line %d: %s"), error.line, show(error.text, shown));
	else if (!json_is_integer(schema) || json_integer_value(schema) < 1)
		wrong(&reader, _("it has no schema number"));
	else if (json_integer_value(schema) > RT_PROGRESS_SCHEMA)
		status = RT_LEDGER_NEWER;
	else if (read_whole(&reader, whole, ledger))
		status = RT_LEDGER_READ;
	json_decref(whole);
	return status;
}
