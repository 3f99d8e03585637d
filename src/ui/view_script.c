/* The calls of the step with what they returned, and which one is next. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "lesson/script.h"
#include "lesson/words.h"
#include "ui/histogram.h"
#include "ui/view.h"

enum { MARK_COLUMNS = 2, RESULT_GAP = 2, RESULT_COLUMNS = 18, SUCCESS_COLUMNS = 3 };

/* Where the parts of a line stand: the same in all lines of the step. */
struct columns {
	int actor;
	int result;
};

static void title_script(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	const struct rt_step *step = rt_face_step(face);
	size_t at = rt_engine_position(rt_session_engine(face->session));
	size_t done = at < step->first_line ? 0 : at - step->first_line;

	rt_str_add(name, _("Script"));
	if (step->n_lines > 0)
		rt_str_addf(right, _("%zu of %zu lines run"),
			    done < step->n_lines ? done : step->n_lines, step->n_lines);
}

static int actor_columns(const struct rt_lesson *lesson, const struct rt_step *step)
{
	size_t most = 0;

	for (size_t i = 0; i < step->n_lines; i++) {
		const struct rt_line *line = &lesson->line[step->first_line + i];
		size_t len = line->kind == RT_LINE_CALL ? strlen(line->call.actor) : 0;

		most = len > most ? len : most;
	}
	return most ? (int)most + 1 : 0;
}

/*
 * The results stand in one column, right of the calls: but not of those that are longer than most.
 */
static int result_column(const struct rt_lesson *lesson, const struct rt_step *step, int actor,
			 int width)
{
	int most = 0, limit = width - RESULT_COLUMNS;
	struct rt_str text = {0};

	for (size_t i = 0; i < step->n_lines; i++) {
		const struct rt_line *line = &lesson->line[step->first_line + i];
		int columns;

		if (line->kind != RT_LINE_CALL)
			continue;
		rt_str_clear(&text);
		rt_words_line(line, actor, &text);
		columns = rt_columns(rt_str_text(&text), text.len) + MARK_COLUMNS + RESULT_GAP;
		if (columns > most && columns <= limit)
			most = columns;
	}
	rt_str_fini(&text);
	return most;
}

static enum rt_style result_style(const struct rt_outcome *outcome)
{
	if (outcome->how == RT_RECORDED)
		return RT_STYLE_STRONG;
	if (outcome->how == RT_UNABLE || (outcome->how == RT_DONE && !outcome->as_wanted))
		return RT_STYLE_BAD;
	if (outcome->err)
		return RT_STYLE_BAD;
	if (outcome->tally.n > 1)
		return RT_STYLE_STRONG;
	if (outcome->tally.n == 1 && outcome->tally.class[0].result.kind == RT_WANT_ERRNO)
		return RT_STYLE_BAD;
	return outcome->how == RT_BLOCKED ? RT_STYLE_STRONG : RT_STYLE_GOOD;
}

/* What the lesson's author expected, where this kernel does otherwise: the kernel is right. */
static void write_differs(const struct rt_line *line, const struct rt_outcome *outcome, int left,
			  struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_words_differs(line, outcome, &text);
	if (outcome->how == RT_UNABLE)
		rt_str_addf(&text, _("not run: %s"), outcome->why);
	if (text.len > 0)
		rt_sheet_wrap(sheet, left, left, RT_STYLE_BAD, rt_str_text(&text));
	rt_str_fini(&text);
}

/* Why a line was not run, below the first of several with the same reason. */
static void write_not_run(const struct rt_outcome *outcome, int left, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_words_not_run(outcome, &text);
	if (text.len > 0)
		rt_sheet_wrap(sheet, left, left, RT_STYLE_STRONG, rt_str_text(&text));
	rt_str_fini(&text);
}

/*
 * The call, its actor in a style of its own. Wrapped where the panel is narrow: nothing of a call
 * may be lost.
 */
static void write_call(const struct rt_line *line, int actor, enum rt_style style,
		       struct rt_sheet *sheet)
{
	struct rt_str text = {0};
	const char *call;
	int left = MARK_COLUMNS + (actor ? actor + 1 : 0);

	rt_words_line(line, actor, &text);
	call = rt_str_text(&text);
	if (line->kind == RT_LINE_CALL && actor && (int)text.len > actor + 1) {
		char *cut = &text.s[actor];

		*cut = '\0';
		rt_sheet_add(sheet, style == RT_STYLE_NORMAL ? RT_STYLE_ACTOR : style, call);
		rt_sheet_at(sheet, left);
		call = cut + 1;
	}
	if (left > sheet->width / 2)
		left = MARK_COLUMNS;
	rt_sheet_wrap_on(sheet, left, style, call);
	rt_str_fini(&text);
}

/*
 * Behind the result, with room for a usual one even before there is any: the comment does not move
 * when the call has run.
 */
static void write_comment(const struct rt_line *line, int left, int column, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	if (!line->comment || !*line->comment)
		return;
	rt_str_addf(&text, "# %s", line->comment);
	column = (column > sheet->column ? column : sheet->column) + RESULT_GAP;
	if (column + rt_columns(rt_str_text(&text), text.len) <= sheet->width) {
		rt_sheet_at(sheet, column);
		rt_sheet_add(sheet, RT_STYLE_DIM, rt_str_text(&text));
	} else {
		rt_sheet_wrap(sheet, left, left + 2, RT_STYLE_DIM, rt_str_text(&text));
	}
	rt_str_fini(&text);
}

static void write_line(const struct rt_line *line, const struct rt_outcome *outcome, bool next,
		       struct columns at, struct rt_sheet *sheet)
{
	struct rt_str result = {0};
	int left = MARK_COLUMNS + (at.actor ? at.actor + 1 : 0);

	rt_sheet_text(sheet, 0, RT_STYLE_CURRENT, next ? ">" : " ");
	rt_sheet_at(sheet, MARK_COLUMNS);
	write_call(line, at.actor, next ? RT_STYLE_CURRENT : RT_STYLE_NORMAL, sheet);
	rt_words_outcome_short(line, outcome, &result);
	if (result.len > 0) {
		int columns = rt_columns(rt_str_text(&result), result.len);
		int column = sheet->column + RESULT_GAP > at.result ? sheet->column + RESULT_GAP
								    : at.result;

		if (column + columns > sheet->width) {
			rt_sheet_line(sheet);
			column = sheet->width - columns < left ? left : sheet->width - columns;
		}
		rt_sheet_at(sheet, column);
		/* Tallies may have many classes. */
		rt_sheet_wrap_on(sheet, left, result_style(outcome), rt_str_text(&result));
	}
	write_comment(line, left, at.result + SUCCESS_COLUMNS, sheet);
	if (outcome->how != RT_NOT_RUN)
		rt_histogram_write(&outcome->tally, left, sheet);
	write_differs(line, outcome, left, sheet);
	rt_str_fini(&result);
}

/* How far a repetition has come, as long as it is under way. */
static void write_repeating(const struct rt_engine *engine, const struct rt_line *line, size_t i,
			    struct rt_sheet *sheet)
{
	int done;

	if (rt_engine_repeating_line(engine, &done) == (int)i)
		rt_progress_write(done, line->call.repeat, MARK_COLUMNS, sheet);
}

/* The next line wants to be in sight, with one before it and one after it. */
static void keep_in_sight(struct rt_sheet *sheet, size_t from, size_t to)
{
	sheet->keep = from > 0 ? (int)from - 1 : 0;
	sheet->n_keep = (int)to + 1 - sheet->keep;
}

/* What stands behind an open question is not shown: it would answer it. */
static void write_hidden(size_t n, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_str_addf(&text,
		    P_("(%zu line more, after your prediction)",
		       "(%zu lines more, after your prediction)", n),
		    n);
	rt_sheet_text(sheet, MARK_COLUMNS, RT_STYLE_DIM, rt_str_text(&text));
	rt_str_fini(&text);
}

static void write_script(const struct rt_face *face, struct rt_sheet *sheet)
{
	const struct rt_lesson *lesson = rt_session_lesson(face->session);
	const struct rt_engine *engine = rt_session_engine(face->session);
	const struct rt_step *step = rt_face_step(face);
	size_t position = rt_engine_position(engine), from = 0, to = 0;
	size_t end = step->first_line + step->n_lines,
	       shown = rt_session_shown_lines(face->session);
	struct columns at = {.actor = actor_columns(lesson, step)};

	at.result = result_column(lesson, step, at.actor, sheet->width);
	for (size_t i = step->first_line; i < shown; i++) {
		const struct rt_line *line = &lesson->line[i];

		if (line->fresh && i > step->first_line)
			rt_sheet_text(sheet, 0, RT_STYLE_DIM, rt_words_fresh());
		if (i <= position)
			from = sheet->n_lines;
		write_line(line, rt_engine_outcome(engine, i),
			   i == position && !rt_face_is_stageless(face), at, sheet);
		if (i == step->first_line || !rt_words_is_same_reason(engine, i))
			write_not_run(rt_engine_outcome(engine, i), MARK_COLUMNS, sheet);
		write_repeating(engine, line, i, sheet);
		if (i <= position)
			to = sheet->n_lines;
		if (i == position)
			rt_sheet_item(sheet, (int)from);
	}
	if (shown < end)
		write_hidden(end - shown, sheet);
	if (step->n_lines == 0)
		rt_sheet_text(sheet, 0, RT_STYLE_DIM,
			      face->tape ? _("No line yet.") : _("This step has no calls."));
	keep_in_sight(sheet, from, to);
	sheet->least = sheet->n_lines < 3 ? (int)sheet->n_lines : 3;
}

const struct rt_view rt_view_script = {title_script, write_script, NULL};
