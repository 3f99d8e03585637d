/* Where one types a line of script: the line, what is wrong with it, and what could come next. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/tape.h"

enum { LINES = 4, PROMPT = 2 };

static void title_play(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	const struct rt_engine *engine = rt_session_engine(face->session);

	rt_str_add(name, _("Type a line"));
	if (rt_engine_waiting_line(engine) >= 0)
		rt_str_add(right, _("waiting: Enter ends the record"));
	else if (rt_session_phase(face->session) == RT_PHASE_RUN)
		rt_str_add(right, _("running"));
	else
		rt_str_addf(right, _("line %zu"), rt_draft_count(face->tape->draft) + 1);
}

/* The byte of the line that is shown first: as much of it as there is room for, with the cursor. */
static size_t first_shown(const char *line, size_t cursor, int room)
{
	size_t from = 0, len = strlen(line);
	uint32_t c;

	while (rt_columns(line + from, len - from) > room)
		from += rt_utf8_next(line + from, len - from, &c);
	if (cursor >= from)
		return from;
	/* To the left of the end: in the middle one sees what is around it. */
	for (from = 0; rt_columns(line + from, cursor - from) > room / 2;)
		from += rt_utf8_next(line + from, len - from, &c);
	return from;
}

static void write_part(struct rt_sheet *sheet, enum rt_style style, const char *text, size_t len)
{
	char *part = rt_strndup(text, len);

	rt_sheet_add(sheet, style, part);
	free(part);
}

/*
 * The line with the cursor, which is always in sight: "_" behind the end, within the line the
 * character it stands on is reversed. < and > say that there is more. Returns the columns that are
 * out of sight at the left.
 */
static int write_line(const char *line, size_t cursor, struct rt_sheet *sheet)
{
	int room = sheet->width - PROMPT - 1;
	size_t from = first_shown(line, cursor, room), len = strlen(line);
	size_t to = from + rt_utf8_fit(line + from, len - from, room), on = cursor;
	uint32_t c;

	rt_sheet_text(sheet, 0, RT_STYLE_KEY, from ? "<" : ">");
	rt_sheet_at(sheet, PROMPT);
	write_part(sheet, RT_STYLE_STRONG, line + from, cursor - from);
	if (cursor < len) {
		on += rt_utf8_next(line + cursor, len - cursor, &c);
		write_part(sheet, RT_STYLE_SELECTED, line + cursor, on - cursor);
		if (on < to)
			write_part(sheet, RT_STYLE_STRONG, line + on, to - on);
	} else {
		rt_sheet_add(sheet, RT_STYLE_NORMAL, "_");
	}
	if (to < len) {
		rt_sheet_at(sheet, sheet->width - 1);
		rt_sheet_add(sheet, RT_STYLE_KEY, ">");
	}
	return rt_columns(line, from);
}

static void write_mistake(const struct rt_tape *tape, int hidden, struct rt_sheet *sheet)
{
	int column = tape->mistake.column - 1 - hidden;
	struct rt_str text = {0};

	if (column >= 0 && column <= sheet->width - PROMPT - 1) {
		rt_sheet_line(sheet);
		rt_sheet_at(sheet, PROMPT + column);
		rt_sheet_add(sheet, RT_STYLE_BAD, "^");
	}
	rt_str_add(&text, tape->mistake.what);
	if (tape->mistake.help[0])
		rt_str_addf(&text, "; %s", tape->mistake.help);
	rt_sheet_wrap(sheet, PROMPT, PROMPT, RT_STYLE_BAD, rt_str_text(&text));
	rt_str_fini(&text);
}

/* What Tab would choose from. */
static void write_words(const struct rt_tape *tape, struct rt_sheet *sheet)
{
	const struct rt_completion *completion = &tape->completion;
	struct rt_str text = {0};
	size_t i;

	rt_str_add(&text, _("Tab: "));
	for (i = 0; i < completion->n && rt_columns(text.s, text.len) < 2 * sheet->width; i++)
		rt_str_addf(&text, "%s%s", i ? "  " : "", completion->word[i]);
	if (i < completion->n)
		rt_str_add(&text, _("  ... and more: type a letter first"));
	rt_sheet_wrap(sheet, PROMPT, PROMPT, RT_STYLE_DIM, rt_str_text(&text));
	rt_str_fini(&text);
}

/* What stands there as long as nothing is typed. */
static void write_empty(const struct rt_face *face, struct rt_sheet *sheet)
{
	char text[1280];

	if (face->trouble)
		rt_sheet_wrap(sheet, PROMPT, PROMPT, RT_STYLE_BAD, face->trouble);
	else if (rt_session_phase(face->session) == RT_PHASE_LOST)
		rt_sheet_wrap(sheet, PROMPT, PROMPT, RT_STYLE_BAD,
			      rt_error_format(rt_session_error(face->session), text, sizeof(text)));
	else
		rt_sheet_wrap(sheet, PROMPT, PROMPT, RT_STYLE_DIM,
			      rt_draft_count(face->tape->draft)
				      ? _("Enter runs a line. Words: why, undo, redo, save NAME, "
					  "fresh, help, quit.")
				      : _("As in: old: s = socket(AF_INET, SOCK_STREAM). Tab "
					  "lists what can come next. Words: why, undo, redo, save "
					  "NAME, fresh, help, quit."));
}

void rt_typing_write(const struct rt_tape *tape, struct rt_sheet *sheet)
{
	int hidden = write_line(tape->line, tape->cursor, sheet);

	if (tape->wrong && !tape->unfinished)
		write_mistake(tape, hidden, sheet);
	else if (tape->wrong && tape->completion.n == 0)
		rt_sheet_wrap(sheet, PROMPT, PROMPT, RT_STYLE_DIM, tape->mistake.what);
	if (tape->completion.n > 0)
		write_words(tape, sheet);
}

static void write_play(const struct rt_face *face, struct rt_sheet *sheet)
{
	const struct rt_tape *tape = face->tape;

	if (tape->line[0]) {
		rt_typing_write(tape, sheet);
	} else {
		write_line("", 0, sheet);
		write_empty(face, sheet);
	}
	sheet->least = LINES;
	sheet->keep = 0;
	sheet->n_keep = 1;
}

const struct rt_view rt_view_play = {title_play, write_play, NULL};
