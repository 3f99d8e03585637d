/* What if: why a call of the changed tape did what it did. */
#include "base/i18n.h"
#include "lesson/foresee.h"
#include "ui/screen.h"

enum {
	MARGIN = 1,
	ROWS_LEAST = 4, /* of the calls, above a why that is long */
};

void rt_whatif_why_draw(struct rt_ui *ui, bool room, struct rt_rect *body)
{
	int *top = &ui->tape.why_top, most;
	struct rt_rect rect = *body, inner;
	struct rt_sheet sheet;

	rt_sheet_init(&sheet, rect.width - 2 * MARGIN);
	if (rt_session_why(ui->session))
		rt_view_why.write(&ui->face, &sheet);
	if (room && rect.height > (int)sheet.n_lines + 1)
		rect.height = (int)sheet.n_lines + 1;
	if (room && rect.height > body->height - ROWS_LEAST)
		rect.height = body->height - ROWS_LEAST;
	rect.y += body->height - rect.height;
	body->height -= rect.height;
	most = (int)sheet.n_lines - (rect.height - 1);
	*top = *top > most ? most : *top;
	*top = *top < 0 ? 0 : *top;
	ui->tape.why_more = *top < most;
	rt_canvas_rule(ui->canvas, rect, 0, true, _("Why now"),
		       ui->tape.why_more ? _("more below") : _("before the call, i closes"));
	inner = (struct rt_rect){rect.x + MARGIN, rect.y + 1, sheet.width, rect.height - 1};
	rt_sheet_draw(&sheet, ui->canvas, inner, *top);
	rt_sheet_fini(&sheet);
}

/* The line of the changed lesson that a row stands for, where it is a bind, listen or connect. */
static int why_of_row(const struct rt_tape *tape, const struct rt_whatif_row *row)
{
	const struct rt_draft_line *line =
		row->at >= 0 ? rt_draft_line(tape->draft, (size_t)row->at) : NULL;

	if (!line || line->kind != RT_DRAFT_SCRIPT ||
	    !rt_foresee_is_judged(&tape->whatif.changed->line[line->index]))
		return -1;
	return (int)line->index;
}

static int line_to_explain(const struct rt_tape *tape)
{
	int line = tape->chosen < tape->n_rows ? why_of_row(tape, &tape->row[tape->chosen]) : -1;

	for (size_t i = 0; i < tape->n_rows && line < 0; i++)
		if (tape->row[i].differs)
			line = why_of_row(tape, &tape->row[i]);
	for (size_t i = tape->n_rows; i-- > 0 && line < 0;)
		line = why_of_row(tape, &tape->row[i]);
	return line;
}

void rt_whatif_why_toggle(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;
	bool running = rt_session_phase(ui->session) == RT_PHASE_RUN;
	int line = line_to_explain(tape);

	if (tape->mode == RT_WHATIF_WHY) {
		tape->mode = RT_WHATIF_CHOOSE;
		return;
	}
	if (line < 0 || !rt_session_make_why_of(ui->session, (size_t)line)) {
		rt_screen_say(ui, running ? _("The calls still run.")
					  : _("No bind, listen or connect has run."));
		return;
	}
	tape->mode = RT_WHATIF_WHY;
	tape->why_top = 0;
	rt_lesson_pump(ui);
}

/* What is too far is put right where it is drawn. */
void rt_whatif_why_scroll(struct rt_tape *tape, enum rt_action action)
{
	enum { PAGE = 8, FAR = 10000 };

	tape->why_top += action == RT_ACT_UP	      ? -1
			 : action == RT_ACT_DOWN      ? 1
			 : action == RT_ACT_PAGE_UP   ? -PAGE
			 : action == RT_ACT_PAGE_DOWN ? PAGE
			 : action == RT_ACT_HOME      ? -FAR
			 : action == RT_ACT_END	      ? FAR
						      : 0;
}
