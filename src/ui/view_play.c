/* Where one types a line of script: the line, what is wrong with it, and what could come next. */
#include <string.h>

#include "base/i18n.h"
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

/* The end of the line, where one types, is always in sight. Returns the columns that are not. */
static int write_line(const char *line, struct rt_sheet *sheet)
{
	int hidden = 0, room = sheet->width - PROMPT - 1;
	const char *end = line;
	uint32_t c;

	while (rt_columns(end, strlen(end)) > room) {
		size_t n = rt_utf8_next(end, strlen(end), &c);

		hidden += rt_columns(end, n);
		end += n;
	}
	rt_sheet_text(sheet, 0, RT_STYLE_KEY, hidden ? "<" : ">");
	rt_sheet_at(sheet, PROMPT);
	rt_sheet_add(sheet, RT_STYLE_STRONG, end);
	rt_sheet_add(sheet, RT_STYLE_NORMAL, "_");
	return hidden;
}

static void write_mistake(const struct rt_tape *tape, int hidden, struct rt_sheet *sheet)
{
	int column = tape->mistake.column - 1 - hidden;
	struct rt_str text = {0};

	if (column >= 0) {
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

	rt_str_add(&text, _("Tab: "));
	for (size_t i = 0; i < completion->n && rt_columns(text.s, text.len) < 2 * sheet->width;
	     i++)
		rt_str_addf(&text, "%s%s", i ? "  " : "", completion->word[i]);
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
				      : _("As in: old: s = socket(AF_INET, SOCK_STREAM)"));
}

void rt_typing_write(const struct rt_tape *tape, struct rt_sheet *sheet)
{
	int hidden = write_line(tape->line, sheet);

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
		write_line("", sheet);
		write_empty(face, sheet);
	}
	sheet->least = LINES;
	sheet->keep = 0;
	sheet->n_keep = 1;
}

const struct rt_view rt_view_play = {title_play, write_play, NULL};
