/* What if: a row for each call, with what came of it in the lesson and what comes of it now. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/script.h"
#include "lesson/words.h"
#include "ui/tape.h"

enum {
	MARKS = 4,	    /* "> ~ " in front of a call */
	RESULT = 17,	    /* columns of an outcome */
	COLUMNS_WIDTH = 70, /* from here on the outcomes stand side by side */
};

void rt_whatif_text(const struct rt_whatif *whatif, const struct rt_whatif_row *row,
		    struct rt_str *out)
{
	const struct rt_draft_line *line =
		row->at < 0 ? NULL : rt_draft_line(whatif->draft, (size_t)row->at);

	if (!line)
		rt_line_format(&whatif->lesson->line[row->before], out);
	else if (line->kind == RT_DRAFT_SCRIPT)
		rt_line_format(&whatif->changed->line[line->index], out);
	else
		rt_str_add(out, line->text);
}

/* "0", "-1 EADDRINUSE", "blocks": without the = that a script has. */
static void add_outcome(const struct rt_line *line, const struct rt_outcome *outcome,
			struct rt_str *out)
{
	struct rt_str text = {0};

	rt_words_outcome_short(line, outcome, &text);
	rt_str_add(out, rt_str_text(&text) + strspn(rt_str_text(&text), "= "));
	rt_str_fini(&text);
}

static void add_before(const struct rt_whatif *whatif, const struct rt_whatif_row *row,
		       struct rt_str *out)
{
	if (row->before < 0)
		rt_str_add(out, "-");
	else
		add_outcome(&whatif->lesson->line[row->before], rt_whatif_before(whatif, row), out);
}

static void add_now(const struct rt_whatif *whatif, const struct rt_whatif_row *row,
		    struct rt_str *out)
{
	const struct rt_outcome *now = rt_whatif_now(whatif, row);

	if (row->mark == RT_WHATIF_LEFT_OUT)
		rt_str_add(out, _("left out"));
	else if (!now)
		rt_str_add(out, row->mark == RT_WHATIF_REMOVED ? _("removed") : "-");
	else
		add_outcome(&whatif->changed
				     ->line[rt_draft_line(whatif->draft, (size_t)row->at)->index],
			    now, out);
}

void rt_whatif_wrap(struct rt_sheet *sheet, int column, enum rt_style style, const char *text)
{
	int room = sheet->width - column;

	rt_sheet_at(sheet, column);
	while (rt_columns(text, strlen(text)) > room) {
		size_t fits = rt_utf8_fit(text, strlen(text), room), cut = fits;
		char *part;

		while (cut > 0 && text[cut - 1] != ' ')
			cut--;
		cut = cut > 0 ? cut : fits;
		part = rt_strndup(text, cut);
		rt_sheet_add(sheet, style, part);
		free(part);
		text += cut;
		rt_sheet_line(sheet);
		rt_sheet_at(sheet, column + 2);
		room = sheet->width - column - 2;
		if (cut == 0)
			return;
	}
	rt_sheet_add(sheet, style, text);
}

static void write_results(const struct rt_whatif *whatif, const struct rt_whatif_row *row,
			  int before, struct rt_sheet *sheet)
{
	int now = before + RESULT;
	struct rt_str was = {0}, is = {0};

	add_before(whatif, row, &was);
	add_now(whatif, row, &is);
	if (sheet->width < COLUMNS_WIDTH) {
		bool both = row->differs || strcmp(was.s, is.s) != 0;
		struct rt_str text = {0};

		rt_sheet_line(sheet);
		if (both)
			rt_str_addf(&text, _("lesson %s, now %s"), was.s, rt_str_text(&is));
		else
			rt_str_addf(&text, _("both %s"), was.s);
		rt_whatif_wrap(sheet, MARKS + 2, row->differs ? RT_STYLE_BAD : RT_STYLE_DIM,
			       text.s);
		rt_str_fini(&text);
	} else {
		if (sheet->column >= before)
			rt_sheet_line(sheet);
		rt_sheet_at(sheet, before);
		rt_sheet_add(sheet, RT_STYLE_NORMAL, rt_str_text(&was));
		rt_sheet_at(sheet, sheet->column >= now ? sheet->column + 1 : now);
		rt_sheet_add(sheet, row->differs ? RT_STYLE_BAD : RT_STYLE_NORMAL,
			     rt_str_text(&is));
	}
	rt_str_fini(&was);
	rt_str_fini(&is);
}

static void write_row(const struct rt_tape *tape, size_t i, bool first, int before,
		      struct rt_sheet *sheet)
{
	static const char sign[] = {[RT_WHATIF_SAME] = ' ',
				    [RT_WHATIF_CHANGED] = '~',
				    [RT_WHATIF_ADDED] = '+',
				    [RT_WHATIF_REMOVED] = '-',
				    [RT_WHATIF_LEFT_OUT] = '!'};
	const struct rt_whatif_row *row = &tape->row[i];
	struct rt_str text = {0};
	char marks[] = "  ";
	size_t from = sheet->n_lines;

	marks[0] = i == tape->chosen ? '>' : ' ';
	marks[1] = sign[row->mark];
	rt_sheet_text(sheet, 0, RT_STYLE_STRONG, marks);
	rt_whatif_text(&tape->whatif, row, &text);
	rt_whatif_wrap(sheet, MARKS,
		       row->mark == RT_WHATIF_SAME	? RT_STYLE_NORMAL
		       : row->mark == RT_WHATIF_REMOVED ? RT_STYLE_GONE
							: RT_STYLE_CHANGED,
		       rt_str_text(&text));
	write_results(&tape->whatif, row, before, sheet);
	if (first)
		rt_sheet_text(sheet, MARKS, RT_STYLE_BAD, _("^ the first difference"));
	if (i == tape->chosen) {
		sheet->keep = (int)from;
		sheet->n_keep = (int)(sheet->n_lines - from);
		rt_sheet_turn(sheet, from, RT_STYLE_SELECTED);
	}
	rt_str_fini(&text);
}

/* Where the outcomes stand: right of all calls that leave them room. */
static int result_column(const struct rt_tape *tape, int width)
{
	int most = 0, limit = width - 2 * RESULT;
	struct rt_str text = {0};

	for (size_t i = 0; i < tape->n_rows; i++) {
		int columns;

		rt_str_clear(&text);
		rt_whatif_text(&tape->whatif, &tape->row[i], &text);
		columns = MARKS + rt_columns(rt_str_text(&text), text.len) + 2;
		if (columns > most && columns <= limit)
			most = columns;
	}
	rt_str_fini(&text);
	return most > 0 ? most : limit;
}

void rt_whatif_write(const struct rt_tape *tape, bool running, struct rt_sheet *sheet)
{
	int before = result_column(tape, sheet->width);
	bool found = running || !rt_draft_is_edited(tape->draft);

	if (sheet->width >= COLUMNS_WIDTH) {
		rt_sheet_text(sheet, before, RT_STYLE_DIM, _("LESSON"));
		rt_sheet_at(sheet, before + RESULT);
		rt_sheet_add(sheet, RT_STYLE_DIM, _("NOW"));
		sheet->head = 1;
	}
	for (size_t i = 0; i < tape->n_rows; i++) {
		bool first = !found && tape->row[i].differs;

		write_row(tape, i, first, before, sheet);
		found = found || first;
	}
}
