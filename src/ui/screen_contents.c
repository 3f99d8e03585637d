/* The list of lessons and pages: what this is, what to press, and whether a stage can be built here. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "ui/screen.h"
#include "ui/sheet.h"

enum {
	MARGIN = 1,
	PROSE_WIDTH = 96,
	LIST_ROWS_MIN = 2,
	INTRO_ROWS = 10,
	STAGE_ROWS = 14,
	NARROW = 60,
	PAGE_COLUMN = 12
};

/* The lessons, and below them the pages. */
static size_t n_entries(const struct rt_ui *ui)
{
	return ui->catalog->n + ui->books.n;
}

/* The row of the page that is chosen, or -1. */
static int chosen_page(const struct rt_ui *ui)
{
	return ui->contents.at < ui->catalog->n ? -1 : (int)(ui->contents.at - ui->catalog->n);
}

/* Who comes back goes on with one key. */
static void write_press(const struct rt_ui *ui, struct rt_str *out)
{
	const struct rt_lesson *head =
		chosen_page(ui) < 0 ? ui->catalog->head[ui->contents.at] : NULL;
	const char *last = ui->keeper ? ui->keeper->last(ui->keeper->ctx) : NULL;
	struct rt_kept kept;

	if (!last || !head || strcmp(last, head->id) != 0) {
		rt_str_add(out, _("Choose a lesson with Up and Down, then press Enter."));
		return;
	}
	kept = ui->keeper->kept(ui->keeper->ctx, last);
	rt_str_addf(out,
		    _("Welcome back. You stopped at lesson %zu, step %zu of %zu. Press Enter to go "
		      "on."),
		    ui->contents.at + 1, kept.step, kept.steps);
}

/* Blank lines stand around what to press where there is room for them. */
static void write_intro(const struct rt_ui *ui, bool airy, struct rt_sheet *sheet)
{
	struct rt_str press = {0};

	if (airy)
		rt_sheet_line(sheet);
	rt_sheet_wrap(
		sheet, 0, 0, RT_STYLE_NORMAL,
		_("What SO_REUSEADDR and SO_REUSEPORT really do, answered by your own kernel: each "
		  "lesson makes "
		  "real socket calls, you predict what they return, and the kernel decides."));
	if (airy)
		rt_sheet_line(sheet);
	write_press(ui, &press);
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&press));
	if (ui->review.n > 0) {
		rt_str_clear(&press);
		rt_str_addf(&press,
			    P_("%zu question is due for review: press v.",
			       "%zu questions are due for review: press v.", ui->review.n),
			    ui->review.n);
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&press));
	}
	rt_str_fini(&press);
	if (airy)
		rt_sheet_line(sheet);
}

static void write_about(struct rt_ui *ui, struct rt_sheet *sheet)
{
	const struct rt_lesson *head;
	const struct rt_page *page;
	struct rt_str text = {0};

	if (ui->notice[0]) {
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_BAD, ui->notice);
		return;
	}
	if (chosen_page(ui) >= 0) {
		page = rt_reading_page(ui, (size_t)chosen_page(ui));
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG,
			      page ? page->question : _("This page cannot be read."));
		return;
	}
	head = ui->catalog->head[ui->contents.at];
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, head->question);
	if (head->after[0]) {
		rt_str_addf(&text, _("Best after: %s"), head->after);
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_DIM, rt_str_text(&text));
	}
	rt_str_fini(&text);
}

static void write_stage(const struct rt_ui *ui, struct rt_sheet *sheet)
{
	if (ui->trouble || !ui->world) {
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_BAD,
			      ui->trouble ? ui->trouble : _("No stage can be built here."));
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL,
			      _("The lessons can be read; their calls cannot be run."));
		return;
	}
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL,
		      _("Everything runs in private namespaces of this kernel. No port, process or "
			"setting of this machine "
			"is touched."));
}

/* Draws a sheet with its rule into the bottom lines of *body, and takes them off. */
static void draw_bottom(struct rt_ui *ui, const char *name, const struct rt_sheet *sheet,
			struct rt_rect *body)
{
	int rows = (int)sheet->n_lines + 1, most = body->height - LIST_ROWS_MIN;
	struct rt_rect rect = *body, inner;

	rows = rows < most ? rows : most;
	if (rows < 2)
		return;
	rect.y = body->y + body->height - rows;
	rect.height = rows;
	inner = (struct rt_rect){rect.x + MARGIN, rect.y + 1, rect.width - 2 * MARGIN, rows - 1};
	rt_canvas_rule(ui->canvas, rect, 0, false, name, NULL);
	rt_sheet_draw(sheet, ui->canvas, inner, 0);
	body->height -= rows;
}

/* "step 4/9", "done", "7 min   new": how far the learner is, or how long it takes. */
static void write_mark(const struct rt_ui *ui, size_t i, char *text, size_t size)
{
	const struct rt_lesson *head = ui->catalog->head[i];
	bool narrow = rt_canvas_width(ui->canvas) < NARROW;
	struct rt_kept kept = {0};

	if (ui->keeper)
		kept = ui->keeper->kept(ui->keeper->ctx, head->id);
	if (ui->session && i == ui->lesson && !kept.begun && !kept.done) {
		kept.begun = true; /* it was opened, and nothing is kept of it yet */
		kept.step = rt_session_step(ui->session) + 1;
		kept.steps = rt_session_lesson(ui->session)->n_steps;
	}
	if (kept.done && !kept.begun)
		snprintf(text, size, "%s", _("done"));
	else if (kept.begun)
		snprintf(text, size, narrow ? "%zu/%zu" : _("step %zu/%zu"), kept.step, kept.steps);
	else if (ui->keeper && narrow)
		snprintf(text, size, "%s", _("new")); /* the title needs the columns */
	else if (ui->keeper)
		snprintf(text, size, _("%d min   new"), head->minutes);
	else
		snprintf(text, size, _("%d min"), head->minutes);
}

/* A page has a name in place of a number. */
static void draw_page_entry(struct rt_ui *ui, struct rt_rect rect, int y, size_t i)
{
	size_t n;
	const struct rt_page_spec *spec = &rt_page_specs(&n)[i - ui->catalog->n];
	bool chosen = i == ui->contents.at;

	rt_canvas_text(ui->canvas, rect, 0, y, RT_STYLE_CURRENT, chosen ? ">" : " ");
	rt_canvas_text(ui->canvas, rect, 2, y, RT_STYLE_KEY, spec->id);
	rt_canvas_text(ui->canvas, rect, PAGE_COLUMN, y, RT_STYLE_NORMAL, _(spec->help));
	if (chosen)
		rt_canvas_style(ui->canvas, rect, 0, y, rect.width, RT_STYLE_SELECTED);
}

static void draw_entry(struct rt_ui *ui, struct rt_rect rect, int y, size_t i)
{
	const struct rt_lesson *head = ui->catalog->head[i];
	bool chosen = i == ui->contents.at;
	struct rt_rect left = rect;
	char text[64];
	int columns;

	write_mark(ui, i, text, sizeof(text));
	columns = rt_columns(text, strlen(text));
	left.width -= columns + 2;
	rt_canvas_text(ui->canvas, rect, rect.width - columns, y, RT_STYLE_NORMAL, text);
	rt_canvas_text(ui->canvas, left, 0, y, RT_STYLE_CURRENT, chosen ? ">" : " ");
	snprintf(text, sizeof(text), "%2zu", i + 1);
	rt_canvas_text(ui->canvas, left, 2, y, RT_STYLE_KEY, text);
	rt_canvas_text(ui->canvas, left, 6, y, RT_STYLE_NORMAL, head->title);
	if (chosen)
		rt_canvas_style(ui->canvas, rect, 0, y, rect.width, RT_STYLE_SELECTED);
}

static void draw_list(struct rt_ui *ui, struct rt_rect rect)
{
	struct rt_rect inner = {rect.x + MARGIN, rect.y + 1, rect.width - 2 * MARGIN,
				rect.height - 1};
	size_t n = n_entries(ui);
	char right[64];
	int page = chosen_page(ui);

	if (inner.width > PROSE_WIDTH)
		inner.width = PROSE_WIDTH;
	rt_list_show(&ui->contents, n, inner.height);
	if (page >= 0)
		snprintf(right, sizeof(right), _("page %d of %zu"), page + 1, ui->books.n);
	else
		snprintf(right, sizeof(right),
			 ui->books.n > 0 ? _("%zu of %zu, pages below") : _("%zu of %zu"),
			 ui->contents.at + 1, ui->catalog->n);
	rt_canvas_rule(ui->canvas, rect, 0, true, _("Lessons"),
		       ui->contents.rows < n ? right : NULL);
	for (int y = 0; y < inner.height && ui->contents.top + (size_t)y < n; y++) {
		size_t i = ui->contents.top + (size_t)y;

		(i < ui->catalog->n ? draw_entry : draw_page_entry)(ui, inner, y, i);
	}
}

static void draw_contents(struct rt_ui *ui)
{
	struct rt_rect body = rt_screen_body(ui);
	struct rt_sheet intro, about, stage;
	int width = body.width - 2 * MARGIN;
	char right[32] = "";
	int rows;

	width = width < PROSE_WIDTH ? width : PROSE_WIDTH;
	/* Where there is no room for the introduction this says what it is. */
	if (ui->review.n > 0)
		snprintf(right, sizeof(right), _("%zu due: v"), ui->review.n);
	rt_screen_frame(ui, _("reuse-tutor: learn SO_REUSEADDR"), right);
	rt_sheet_init(&intro, width);
	rt_sheet_init(&about, width);
	rt_sheet_init(&stage, width);
	write_about(ui, &about);
	write_stage(ui, &stage);
	write_intro(ui,
		    body.height >=
			    (int)(about.n_lines + stage.n_lines + n_entries(ui)) + INTRO_ROWS,
		    &intro);
	/* Trouble comes before everything else; on a small screen the introduction goes first. */
	rows = (int)(intro.n_lines + about.n_lines + stage.n_lines) + 3 + LIST_ROWS_MIN;
	if (rows <= body.height) {
		struct rt_rect top = {body.x + MARGIN, body.y, width, (int)intro.n_lines};

		rt_sheet_draw(&intro, ui->canvas, top, 0);
		body.y += (int)intro.n_lines;
		body.height -= (int)intro.n_lines;
	}
	if (body.height >= STAGE_ROWS || ui->trouble || !ui->world)
		draw_bottom(ui, _("Stage"), &stage, &body);
	draw_bottom(ui, chosen_page(ui) < 0 ? _("The chosen lesson") : _("The chosen page"), &about,
		    &body);
	draw_list(ui, body);
	rt_sheet_fini(&intro);
	rt_sheet_fini(&about);
	rt_sheet_fini(&stage);
}

static void open_chosen(struct rt_ui *ui)
{
	struct rt_error err;

	if (chosen_page(ui) >= 0)
		rt_reading_open(ui, (size_t)chosen_page(ui), 0);
	else if (ui->session && ui->lesson == ui->contents.at)
		ui->screen = &rt_screen_lesson;
	else
		(void)rt_lesson_open(ui, ui->contents.at, NULL, &err); /* the notice says why not */
}

static void act_contents(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	(void)key;
	if (action == RT_ACT_OPEN) {
		open_chosen(ui);
		return;
	}
	if (action == RT_ACT_REVIEW) {
		rt_review_next(ui);
		return;
	}
	if (action == RT_ACT_MATRIX) {
		rt_grid_open(ui, NULL);
		return;
	}
	if (rt_list_act(&ui->contents, n_entries(ui), action))
		ui->notice[0] = '\0';
}

/* A number chooses: a second digit makes it a longer one where there are as many lessons. */
static bool type_contents(struct rt_ui *ui, uint32_t key)
{
	size_t digit, before = (size_t)ui->typed[0];

	key = rt_key_fold(key);
	digit = key - '0';
	if (key < '0' || key > '9') {
		ui->typed[0] = '\0';
		return false;
	}
	digit += before && before * 10 + digit <= ui->catalog->n ? before * 10 : 0;
	if (digit >= 1 && digit <= ui->catalog->n) {
		ui->contents.at = digit - 1;
		ui->typed[0] = (char)(digit < 10 ? digit : 0);
		ui->notice[0] = '\0';
	}
	return true;
}

const struct rt_screen rt_screen_contents = {RT_IN_CONTENTS, draw_contents, act_contents,
					     type_contents};
