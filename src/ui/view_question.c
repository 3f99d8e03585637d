/*
 * The question before a call, and the same panel after it: what was said, what the kernel said, and
 * why.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "lesson/words.h"
#include "ui/histogram.h"
#include "ui/view.h"

enum {
	GUTTER = 2,
	COLUMN_GAP = 2,
	NARROW = 60,
	SMALL_ROWS = 8, /* of the panel on the smallest screen */
};

/* Of the number of an answer, with the blanks behind it. */
static int key_columns(int width)
{
	return width < NARROW ? 2 : 3;
}

static void title_ask(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	const struct rt_predict *predict = rt_session_question(face->session);

	rt_str_add(name, _("Predict"));
	if (predict->n_hints > 0)
		rt_str_addf(right, _("hint %zu of %zu"), rt_session_hints(face->session),
			    predict->n_hints);
}

/* The words of the answer with number i, the last of which is "I do not know yet". */
static void answer_text(const struct rt_predict *predict, size_t i, struct rt_str *out)
{
	if (i < predict->n_choices)
		rt_words_choice(&predict->choice[i], out);
	else
		rt_str_add(out, rt_words_unsure());
}

static void write_answer(const struct rt_face *face, const struct rt_predict *predict, size_t i,
			 int column, struct rt_sheet *sheet)
{
	int left = column + GUTTER + key_columns(sheet->width), first = (int)sheet->n_lines - 1;
	bool chosen = face->choice == (int)i;
	struct rt_str text = {0};
	char key[8];

	snprintf(key, sizeof(key), "%zu", i + 1);
	answer_text(predict, i, &text);
	rt_sheet_at(sheet, column);
	rt_sheet_add(sheet, RT_STYLE_CURRENT, chosen ? "> " : "  ");
	rt_sheet_add(sheet, RT_STYLE_KEY, key);
	rt_sheet_at(sheet, left);
	rt_sheet_wrap_on(sheet, left, chosen ? RT_STYLE_SELECTED : RT_STYLE_NORMAL,
			 rt_str_text(&text));
	if (chosen) {
		/* Who goes up to the first answer sees the question again, where both have room. */
		sheet->keep = i == 0 && (int)sheet->n_lines <= SMALL_ROWS ? 0 : first;
		sheet->n_keep = (int)sheet->n_lines - sheet->keep;
	}
	rt_str_fini(&text);
}

/* Two columns save lines where every answer fits into one of them. */
static bool fits_in_two(const struct rt_predict *predict, int width)
{
	bool fits = predict->n_choices + 1 > 3;
	struct rt_str text = {0};

	for (size_t i = 0; i <= predict->n_choices && fits; i++) {
		rt_str_clear(&text);
		answer_text(predict, i, &text);
		fits = rt_columns(rt_str_text(&text), text.len) + GUTTER + key_columns(width) +
			       COLUMN_GAP <=
		       width / 2;
	}
	rt_str_fini(&text);
	return fits;
}

static void write_answers(const struct rt_face *face, const struct rt_predict *predict,
			  struct rt_sheet *sheet)
{
	size_t n = predict->n_choices + 1;
	size_t lines = !face->airy && fits_in_two(predict, sheet->width) ? (n + 1) / 2 : n;

	for (size_t i = 0; i < lines; i++) {
		rt_sheet_line(sheet);
		write_answer(face, predict, i, 0, sheet);
		if (i + lines < n)
			write_answer(face, predict, i + lines, sheet->width / 2, sheet);
	}
}

static void write_ask(const struct rt_face *face, struct rt_sheet *sheet)
{
	const struct rt_predict *predict = rt_session_question(face->session);
	struct rt_str next = {0};

	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, predict->ask);
	if (face->airy)
		rt_sheet_line(sheet);
	write_answers(face, predict, sheet);
	for (size_t i = 0; i < rt_session_hints(face->session); i++) {
		rt_sheet_text(sheet, 0, RT_STYLE_EMPH, _("Hint: "));
		rt_sheet_wrap_on(sheet, GUTTER, RT_STYLE_NORMAL, predict->hint[i]);
		sheet->keep = (int)sheet->n_lines - 1;
		sheet->n_keep = 1;
	}
	sheet->least = (int)sheet->n_lines;
	rt_sheet_line(sheet);
	rt_words_next(face->session, &next);
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_DIM, rt_str_text(&next));
	sheet->extra = (int)sheet->n_lines - sheet->least;
	rt_str_fini(&next);
}

static bool act_ask(struct rt_face *face, enum rt_action action)
{
	int last = (int)rt_face_answers(face) - 1;

	switch (action) {
	case RT_ACT_UP:
		face->choice = face->choice < 0 ? last : face->choice > 0 ? face->choice - 1 : 0;
		return true;
	case RT_ACT_DOWN:
		face->choice = face->choice < last ? face->choice + 1 : last;
		return true;
	default:
		return false;
	}
}

const struct rt_view rt_view_ask = {title_ask, write_ask, act_ask};

/* --- the result ------------------------------------------------------------------------------- */

static void title_result(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	(void)face;
	(void)right;
	rt_str_add(name, _("Result"));
}

/*
 * "You said EADDRINUSE": the words at the left take the same columns in both lines, in every
 * language.
 */
static int label_columns(const char *const *label, size_t n)
{
	int most = 0;

	for (size_t i = 0; i < n; i++) {
		int columns = rt_columns(label[i], strlen(label[i]));

		most = columns > most ? columns : most;
	}
	return most + COLUMN_GAP;
}

static void write_result(const struct rt_face *face, struct rt_sheet *sheet)
{
	const struct rt_predict *predict = rt_session_question(face->session);
	const struct rt_line *line = &rt_session_lesson(face->session)->line[predict->line];
	const struct rt_outcome *outcome =
		rt_engine_outcome(rt_session_engine(face->session), predict->line);
	const char *const label[] = {_("You said"), rt_words_judge(outcome)};
	int left = label_columns(label, 2);
	struct rt_str said = {0}, kernel = {0}, why = {0}, verdict = {0}, reason = {0};
	int answer = rt_session_answer_of(face->session, predict);
	bool right;

	rt_words_answer(predict, answer, &said);
	rt_words_line(line, 0, &kernel);
	rt_str_add(&kernel, line->kind == RT_LINE_CALL && outcome->how != RT_BLOCKED &&
					    outcome->how != RT_RECORDED
				    ? " = "
				    : ": ");
	rt_words_outcome(line, outcome, &kernel);
	rt_str_addf(&verdict, "[%s]", rt_words_verdict(face->session, predict, &right));
	rt_words_why(face->session, predict, &why);

	rt_sheet_text(sheet, 0, RT_STYLE_DIM, label[0]);
	rt_sheet_at(sheet, left);
	rt_sheet_wrap_on(sheet, left, RT_STYLE_NORMAL, rt_str_text(&said));
	rt_sheet_text(sheet, 0, RT_STYLE_DIM, label[1]);
	rt_sheet_at(sheet, left);
	rt_sheet_wrap_on(sheet, left, RT_STYLE_STRONG, rt_str_text(&kernel));
	rt_sheet_wrap(sheet, left, left,
		      right	   ? RT_STYLE_GOOD
		      : answer < 0 ? RT_STYLE_STRONG
				   : RT_STYLE_BAD,
		      rt_str_text(&verdict));
	rt_histogram_write(&outcome->tally, left, sheet);
	rt_words_not_run(outcome, &reason);
	if (reason.len > 0)
		rt_sheet_wrap(sheet, left, left, RT_STYLE_NORMAL, rt_str_text(&reason));
	if (why.len > 0) {
		rt_sheet_line(sheet);
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL, rt_str_text(&why));
	}
	sheet->least = (int)sheet->n_lines;
	rt_str_fini(&said);
	rt_str_fini(&kernel);
	rt_str_fini(&why);
	rt_str_fini(&reason);
	rt_str_fini(&verdict);
}

const struct rt_view rt_view_result = {title_result, write_result, NULL};
