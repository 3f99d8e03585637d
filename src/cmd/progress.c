/* progress [--json]: how far the learner is in each lesson. */
#include "store/progress.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/due.h"
#include "lesson/catalog.h"
#include "report/json.h"

enum { COLUMNS = 4 };

/* Choices that were answered, and those of them that the kernel made right. */
static void count_answers(const struct rt_progress_lesson *lesson, size_t *answered, size_t *right)
{
	*answered = *right = 0;
	for (size_t i = 0; i < lesson->n_answers; i++) {
		const struct rt_progress_answer *answer = &lesson->answer[i];

		if (strcmp(answer->answer, RT_PROGRESS_UNSURE) == 0 ||
		    strcmp(answer->answer, RT_PROGRESS_SKIPPED) == 0)
			continue;
		(*answered)++;
		*right += answer->right == RT_PROGRESS_RIGHT;
	}
}

/* The later of the two times that a lesson was worked on, 0 for never. */
static int64_t last_time(const struct rt_progress_lesson *lesson)
{
	int64_t when = lesson->place.when > lesson->done ? lesson->place.when : lesson->done;

	for (size_t i = 0; i < lesson->n_answers; i++)
		if (lesson->answer[i].when > when)
			when = lesson->answer[i].when;
	return when;
}

/* --- text ------------------------------------------------------------------------------------- */

static void fill_row(const struct rt_progress_lesson *lesson, struct rt_str row[COLUMNS])
{
	time_t seconds = lesson ? (time_t)(last_time(lesson) / 1000) : 0;
	size_t answered = 0, right = 0;
	char date[32] = "";
	struct tm tm;

	if (lesson)
		count_answers(lesson, &answered, &right);
	if (lesson && rt_progress_is_begun(lesson))
		rt_str_addf(&row[1], _("%zu of %zu"), lesson->place.number, lesson->place.steps);
	if (lesson && lesson->done)
		rt_str_add(&row[1], row[1].len ? _(", done before") : _("done"));
	if (!row[1].len)
		rt_str_add(&row[1], _("new"));
	if (answered)
		rt_str_addf(&row[2], _("%zu of %zu"), right, answered);
	else
		rt_str_add(&row[2], "-");
	if (seconds && localtime_r(&seconds, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M", &tm);
	rt_str_add(&row[3], seconds ? date : "-");
}

/* Pads each column to its widest cell; the last needs none. */
static void print_table(struct rt_str (*row)[COLUMNS], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t column = 0; column < COLUMNS; column++) {
			int widest = 0, columns;

			for (size_t j = 0; j < n && column + 1 < COLUMNS; j++) {
				columns = rt_columns(row[j][column].s, row[j][column].len);
				widest = columns > widest ? columns : widest;
			}
			columns = rt_columns(row[i][column].s, row[i][column].len);
			printf("%s%*s", row[i][column].s,
			       column + 1 < COLUMNS ? widest + 2 - columns : 0, "");
		}
		putchar('\n');
	}
}

/* Below the table: when questions come back, and how they are asked. */
static void print_due(const struct rt_progress *progress, const struct rt_catalog *catalog)
{
	struct rt_str text = {0};

	rt_due_words(progress, catalog, &text);
	if (text.len > 0)
		printf("\n%s %s\n", text.s, _("`reuse-tutor review` asks what is due."));
	rt_str_fini(&text);
}

static void print_text(struct rt_progress *progress, const struct rt_catalog *catalog)
{
	static const char *const heads[COLUMNS] = {N_("LESSON"), N_("STEP"), N_("AS PREDICTED"),
						   N_("LAST TIME")};
	size_t n = 1, most = catalog->n + rt_progress_count(progress) + 1;
	struct rt_str(*row)[COLUMNS] = rt_calloc(most, sizeof(*row));
	struct rt_error ignored;

	for (size_t column = 0; column < COLUMNS; column++)
		rt_str_add(&row[0][column], _(heads[column]));
	for (size_t i = 0; i < catalog->n; i++, n++) {
		rt_str_add(&row[n][0], catalog->head[i]->id);
		fill_row(rt_progress_lesson(progress, catalog->head[i]->id), row[n]);
	}
	/* Lessons that are elsewhere now, but not what has notes alone. */
	for (size_t i = 0; i < rt_progress_count(progress); i++) {
		const struct rt_progress_lesson *lesson = rt_progress_at(progress, i);

		if (!last_time(lesson) || rt_catalog_find(catalog, lesson->id, &ignored) >= 0)
			continue;
		rt_str_add(&row[n][0], lesson->id);
		fill_row(lesson, row[n++]);
	}
	print_table(row, n);
	print_due(progress, catalog);
	for (size_t i = 0; i < n; i++)
		for (size_t column = 0; column < COLUMNS; column++)
			rt_str_fini(&row[i][column]);
	free(row);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *json_time(int64_t when)
{
	time_t seconds = (time_t)(when / 1000);
	char text[40];
	struct tm tm;

	if (!when || !gmtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return json_null();
	return json_string(text);
}

static json_t *json_answers(const struct rt_progress_lesson *lesson)
{
	json_t *answers = json_array();

	for (size_t i = 0; i < lesson->n_answers; i++) {
		const struct rt_progress_answer *answer = &lesson->answer[i];
		json_t *right = answer->right == RT_PROGRESS_UNKNOWN
					? json_null()
					: json_boolean(answer->right == RT_PROGRESS_RIGHT);

		json_array_append_new(answers,
				      json_pack("{s:s, s:s, s:o, s:b, s:o}", "label", answer->label,
						"answer", answer->answer, "right", right, "open",
						answer->open, "when", json_time(answer->when)));
	}
	return answers;
}

static json_t *json_notes(const struct rt_progress_lesson *lesson)
{
	json_t *notes = json_array();

	for (size_t i = 0; i < lesson->n_notes; i++)
		json_array_append_new(notes,
				      json_pack("{s:s, s:s, s:o}", "step", lesson->note[i].step,
						"text", lesson->note[i].text, "when",
						json_time(lesson->note[i].when)));
	return notes;
}

static json_t *json_lesson(const char *id, const struct rt_progress_lesson *lesson)
{
	static const struct rt_progress_lesson none;
	const struct rt_progress_lesson *known = lesson ? lesson : &none;
	json_t *step = known->place.step[0] ? json_string(known->place.step) : json_null();

	return json_pack("{s:s, s:b, s:o, s:o, s:I, s:I, s:o, s:o, s:o}", "id", id, "begun",
			 rt_progress_is_begun(lesson), "done", json_time(known->done), "step", step,
			 "number", (json_int_t)known->place.number, "steps",
			 (json_int_t)known->place.steps, "when", json_time(last_time(known)),
			 "answers", json_answers(known), "notes", json_notes(known));
}

static void print_json(struct rt_progress *progress, const struct rt_catalog *catalog)
{
	json_t *lessons = json_array(), *whole;
	struct rt_error ignored;

	for (size_t i = 0; i < catalog->n; i++)
		json_array_append_new(
			lessons, json_lesson(catalog->head[i]->id,
					     rt_progress_lesson(progress, catalog->head[i]->id)));
	for (size_t i = 0; i < rt_progress_count(progress); i++) {
		const struct rt_progress_lesson *lesson = rt_progress_at(progress, i);

		if (rt_catalog_find(catalog, lesson->id, &ignored) < 0)
			json_array_append_new(lessons, json_lesson(lesson->id, lesson));
	}
	whole = json_pack("{s:s, s:o}", "file", rt_progress_path(progress), "lessons", lessons);
	rt_json_print(stdout, whole, JSON_INDENT(1));
	putchar('\n');
	json_decref(whole);
}

int rt_cmd_progress(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_progress *progress;
	struct rt_catalog *catalog;
	const char *message;
	int status = 0;

	if (argc > 0) {
		rt_error_set(err, RT_ERR_USAGE, _("progress takes no \"%.40s\""), argv[0]);
		rt_error_fix(err, "%s", _("`reuse-tutor progress` shows all lessons"));
		return RT_ERR_USAGE;
	}
	catalog = rt_catalog_new(err);
	if (!catalog)
		return rt_error_status(err);
	progress = rt_progress_open(NULL);
	message = rt_progress_message(progress);
	if (rt_progress_trouble(progress, err) < 0) {
		status = rt_error_status(err);
	} else {
		if (message)
			fprintf(stderr, "reuse-tutor: %s\n", message);
		if (options->json)
			print_json(progress, catalog);
		else
			print_text(progress, catalog);
	}
	rt_progress_free(progress);
	rt_catalog_free(catalog);
	return status;
}
