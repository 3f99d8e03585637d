/* One cell of the matrix: the calls that were made, and why the last one ended as it did. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/screen.h"
#include "ui/sheet.h"

enum { MARGIN = 1, INDENT = 4 };

/* A call as code, wrapped where the screen is narrow. */
static void write_call(struct rt_sheet *sheet, const char *line)
{
	struct rt_str text = {0};

	rt_str_addf(&text, "`%s`", line);
	rt_sheet_wrap(sheet, 0, INDENT, RT_STYLE_NORMAL, rt_str_text(&text));
	rt_str_fini(&text);
}

/* The words of the rules are lines for a wide screen: on a narrow one they are wrapped again. */
static void write_why(struct rt_sheet *sheet, const char *line)
{
	int indent = (int)strspn(line, " ");

	if (rt_columns(line, strlen(line)) <= sheet->width)
		rt_sheet_text(sheet, 0, RT_STYLE_NORMAL, line);
	else
		rt_sheet_wrap(sheet, indent, indent + 2, RT_STYLE_NORMAL, line + indent);
}

static void write_lines(struct rt_sheet *sheet, const struct rt_str *text, bool calls)
{
	const char *at = rt_str_text(text);

	while (*at) {
		size_t len = strcspn(at, "\n");
		char *line = rt_strndup(at, len);

		if (calls)
			write_call(sheet, line);
		else
			write_why(sheet, line);
		free(line);
		at += len + (at[len] == '\n');
	}
}

static void write_cell(const struct rt_matrix_cell *cell, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_matrix_result(cell, &text);
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&text));
	rt_str_clear(&text);
	if (cell->differs)
		rt_str_addf(&text, _("! The rules foresaw another result: %s."),
			    rt_str_text(&cell->foreseen));
	else if (cell->either)
		rt_str_addf(&text, _("~ The rules left it open: %s."),
			    rt_str_text(&cell->foreseen));
	if (text.len)
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&text));
	if (cell->calls.len) {
		rt_sheet_line(sheet);
		write_lines(sheet, &cell->calls, true);
	}
	if (cell->why.len) {
		rt_sheet_line(sheet);
		write_lines(sheet, &cell->why, false);
	}
	rt_str_fini(&text);
}

static void draw_cell(struct rt_ui *ui)
{
	struct rt_grid *grid = &ui->grid;
	struct rt_matrix_row first = rt_matrix_row(grid->matrix, grid->rows.at);
	struct rt_rect body = rt_screen_body(ui);
	struct rt_sheet sheet;
	char name[80];

	snprintf(name, sizeof(name), "%s %s, %s", rt_state_name(grid->setup.proto, first.state),
		 rt_matrix_options(first.options), rt_matrix_options((unsigned)grid->column));
	rt_sheet_init(&sheet, body.width - 2 * MARGIN);
	write_cell(rt_matrix_cell(grid->matrix, grid->rows.at, grid->column), &sheet);
	/* The list is one of places for the first line: it ends where the last line is in sight. */
	grid->lines.rows = (size_t)(body.height > 2 ? body.height - 1 : 1);
	if (grid->lines.at + grid->lines.rows > sheet.n_lines)
		grid->lines.at =
			sheet.n_lines > grid->lines.rows ? sheet.n_lines - grid->lines.rows : 0;
	grid->lines.top = sheet.n_lines;
	rt_screen_frame(ui, _("Two sockets, one port"), "");
	rt_canvas_rule(ui->canvas, body, 0, true, name,
		       rt_sheet_more(grid->lines.at > 0,
				     grid->lines.at + grid->lines.rows < sheet.n_lines, true));
	body = (struct rt_rect){MARGIN, body.y + 1, body.width - 2 * MARGIN, body.height - 1};
	rt_sheet_draw(&sheet, ui->canvas, body, (int)grid->lines.at);
	rt_sheet_fini(&sheet);
}

/* The calls of the cell, to go on from: a listen that was not called is left to whoever wants it. */
static void play_cell(struct rt_ui *ui)
{
	struct rt_grid *grid = &ui->grid;
	const struct rt_matrix_cell *cell =
		rt_matrix_cell(grid->matrix, grid->rows.at, grid->column);
	struct rt_draft *draft = rt_draft_new(_("Two sockets, one port"));
	struct rt_str script = {0};
	const char *at;

	rt_matrix_script(grid->matrix, grid->rows.at, grid->column, &script);
	for (at = rt_str_text(&script); *at; at += strcspn(at, "\n") + 1) {
		char *line = rt_strndup(at, strcspn(at, "\n"));
		bool last = at[strlen(line) + 1] == '\0';
		struct rt_mistake mistake = {0};

		if (last && grid->setup.proto == RT_TCP && !cell->listened)
			;
		else if (rt_draft_insert(draft, rt_draft_count(draft), line, &mistake) < 0)
			rt_mistake_fini(&mistake);
		free(line);
	}
	rt_str_fini(&script);
	rt_grid_stop(ui);
	rt_play_open(ui, draft);
}

static void act_cell(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	struct rt_grid *grid = &ui->grid;

	(void)key;
	if (action == RT_ACT_LEAVE)
		ui->screen = &rt_screen_matrix;
	else if (action == RT_ACT_PLAY)
		play_cell(ui);
	else
		(void)rt_list_act(&grid->lines, grid->lines.top, action);
}

const struct rt_screen rt_screen_cell = {RT_IN_CELL, draw_cell, act_cell, NULL};
