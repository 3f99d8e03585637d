/* The matrix: its cells fill while it is looked at, and keys change what is asked. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/screen.h"
#include "ui/sheet.h"

enum {
	MARGIN = 1,
	STATE_COLUMNS = 12,
	OPTIONS_COLUMNS = 4,
	CELL_COLUMNS = 5, /* "bind!": they and the rest need 36 of 38 columns */
	WIDE_COLUMNS = 9,
	WIDE = 60,
	SHOW_MS = 50,	  /* cells that fill are shown so often */
	LEGEND_ROWS = 18, /* as many rows of screen leave room for the legend */
};

/* The addresses that the keys go through. Those of udp alone come last. */
static const char *const places[] = {"127.0.0.1:8000", "0.0.0.0:8000", "127.0.0.2:8000",
				     "[::]:8000",      "[::1]:8000",   "[::ffff:127.0.0.1]:8000",
				     "239.1.1.1:8000"};

/* --- filling ---------------------------------------------------------------------------------- */

static void begin(struct rt_ui *ui)
{
	struct rt_grid *grid = &ui->grid;

	rt_matrix_free(grid->matrix);
	grid->matrix = rt_matrix_new(&grid->setup);
	/* The other protocol has other rows. */
	if (grid->rows.at >= rt_matrix_rows(grid->matrix))
		grid->rows.at = rt_matrix_rows(grid->matrix) - 1;
	grid->running = true;
	grid->lost = grid->stopped = false;
	rt_matrix_begin(grid->matrix, ui->world);
	ui->dirty = true;
}

void rt_grid_open(struct rt_ui *ui, const struct rt_matrix_setup *setup)
{
	struct rt_grid *grid = &ui->grid;
	struct utsname uts = {0};

	if (setup)
		grid->setup = *setup;
	else if (grid->setup.first.family == AF_UNSPEC)
		rt_matrix_setup_init(&grid->setup);
	uname(&uts);
	snprintf(grid->kernel, sizeof(grid->kernel), "%s", uts.release);
	if (ui->session) {
		rt_kept_save(ui);
		rt_session_drop(ui);
	}
	ui->screen = &rt_screen_matrix;
	begin(ui);
}

void rt_grid_stop(struct rt_ui *ui)
{
	struct rt_grid *grid = &ui->grid;

	rt_matrix_stop(grid->matrix);
	grid->stopped = grid->running;
	grid->running = false;
}

/* What had the stage is gone. */
static void go_on(struct rt_ui *ui)
{
	struct rt_grid *grid = &ui->grid;

	if (!grid->stopped || (ui->screen != &rt_screen_matrix && ui->screen != &rt_screen_cell))
		return;
	rt_matrix_begin(grid->matrix, ui->world);
	grid->stopped = false;
	grid->running = true;
}

void rt_grid_close(struct rt_ui *ui)
{
	rt_matrix_free(ui->grid.matrix);
	ui->grid.matrix = NULL;
	ui->grid.running = ui->grid.stopped = false;
}

static void say_lost(struct rt_ui *ui)
{
	char text[sizeof(ui->message)];

	rt_screen_say(ui, rt_error_format(rt_matrix_error(ui->grid.matrix), text, sizeof(text)));
}

void rt_grid_pump(struct rt_ui *ui)
{
	struct rt_grid *grid = &ui->grid;
	enum rt_matrix_state state;

	go_on(ui);
	if (!grid->running)
		return;
	state = rt_matrix_pump(grid->matrix);
	grid->running = state == RT_MATRIX_BUSY;
	grid->lost = state == RT_MATRIX_LOST;
	if (grid->lost)
		say_lost(ui);
	if (!grid->running || rt_now_ms() - grid->drawn_ms >= SHOW_MS) {
		grid->drawn_ms = rt_now_ms();
		ui->dirty = true;
	}
}

int rt_grid_timeout_ms(const struct rt_ui *ui)
{
	return ui->grid.running ? rt_matrix_timeout_ms(ui->grid.matrix) : -1;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static int cell_column(struct rt_rect rect, size_t column)
{
	int width = rect.width >= WIDE ? WIDE_COLUMNS : CELL_COLUMNS;

	return STATE_COLUMNS + OPTIONS_COLUMNS + (int)column * width;
}

static enum rt_style cell_style(const struct rt_matrix_cell *cell)
{
	if (cell->how != RT_MATRIX_RAN)
		return RT_STYLE_DIM;
	if (cell->differs)
		return RT_STYLE_CHANGED;
	return cell->bind || cell->listen ? RT_STYLE_BAD : RT_STYLE_GOOD;
}

static void draw_cell(struct rt_ui *ui, struct rt_rect rect, int y, size_t row, size_t column)
{
	const struct rt_grid *grid = &ui->grid;
	const struct rt_matrix_cell *cell = rt_matrix_cell(grid->matrix, row, column);
	bool chosen = row == grid->rows.at && column == grid->column;
	int x = cell_column(rect, column), end;

	if (chosen)
		rt_canvas_text(ui->canvas, rect, x - 1, y, RT_STYLE_STRONG, ">");
	end = rt_canvas_text(ui->canvas, rect, x, y, cell_style(cell), rt_matrix_word(cell));
	end = rt_canvas_text(ui->canvas, rect, end, y, RT_STYLE_STRONG, rt_matrix_mark(cell));
	if (chosen)
		rt_canvas_style(ui->canvas, rect, x - 1, y, end - x + 1, RT_STYLE_SELECTED);
}

static void draw_row(struct rt_ui *ui, struct rt_rect rect, int y, size_t row)
{
	const struct rt_matrix *matrix = ui->grid.matrix;
	struct rt_matrix_row first = rt_matrix_row(matrix, row);

	/* The name of the state stands once: at its first row, or where the list begins with it. */
	if (first.options == 0 || row == ui->grid.rows.top)
		rt_canvas_text(ui->canvas, rect, 0, y, RT_STYLE_NORMAL,
			       rt_state_name(rt_matrix_setup(matrix)->proto, first.state));
	rt_canvas_text(ui->canvas, rect, STATE_COLUMNS, y, RT_STYLE_STRONG,
		       rt_matrix_options(first.options));
	for (size_t i = 0; i < RT_MATRIX_OPTIONS; i++)
		draw_cell(ui, rect, y, row, i);
}

static void draw_head(struct rt_ui *ui, struct rt_rect rect, int y)
{
	rt_canvas_text(ui->canvas, rect, 0, y, RT_STYLE_DIM, _("first"));
	for (unsigned i = 0; i < RT_MATRIX_OPTIONS; i++)
		rt_canvas_text(ui->canvas, rect, cell_column(rect, i), y, RT_STYLE_STRONG,
			       rt_matrix_options(i));
	rt_canvas_text(ui->canvas, rect, cell_column(rect, RT_MATRIX_OPTIONS), y, RT_STYLE_DIM,
		       rect.width >= WIDE ? _("second socket's options") : "");
}

/* What the chosen cell says, and below it where there is room what the words mean. */
static void write_below(const struct rt_ui *ui, bool legend, struct rt_sheet *sheet)
{
	const struct rt_grid *grid = &ui->grid;
	const struct rt_matrix_cell *cell =
		rt_matrix_cell(grid->matrix, grid->rows.at, grid->column);
	struct rt_matrix_row first = rt_matrix_row(grid->matrix, grid->rows.at);
	struct rt_str text = {0};

	rt_str_addf(&text, "%s %s, %s: ", rt_state_name(grid->setup.proto, first.state),
		    rt_matrix_options(first.options), rt_matrix_options((unsigned)grid->column));
	rt_matrix_result(cell, &text);
	if (cell->differs || cell->either)
		rt_str_addf(&text, _("; the rules: %s"), rt_str_text(&cell->foreseen));
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&text));
	rt_str_clear(&text);
	if (legend)
		rt_matrix_legend(grid->matrix, &text);
	else if (rt_matrix_tally(grid->matrix).differ)
		rt_str_add(&text, _("!: the rules say otherwise"));
	if (text.len)
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL, rt_str_text(&text));
	rt_str_fini(&text);
}

static void write_asked(const struct rt_ui *ui, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_matrix_title(ui->grid.matrix, &text);
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL, rt_str_text(&text));
	rt_str_fini(&text);
}

static void say_tally(const struct rt_ui *ui, char *text, size_t size)
{
	struct rt_matrix_tally tally = rt_matrix_tally(ui->grid.matrix);

	if (ui->grid.running)
		snprintf(text, size, _("%zu of %zu cells"), tally.done, tally.cells);
	else if (tally.differ)
		snprintf(text, size, P_("%zu differs", "%zu differ", tally.differ), tally.differ);
	else
		snprintf(text, size, _("as the rules say"));
	if (ui->grid.lost || tally.failed)
		snprintf(text, size, _("not all could be run"));
}

static void draw_rows(struct rt_ui *ui, struct rt_rect rect)
{
	size_t n = rt_matrix_rows(ui->grid.matrix);
	struct rt_list *rows = &ui->grid.rows;
	char place[48], tally[64];

	rt_list_show(rows, n, rect.height - 2);
	say_tally(ui, tally, sizeof(tally));
	rt_list_place(rows, n, place, sizeof(place));
	rt_canvas_rule(ui->canvas, rect, 0, true, tally, place);
	rect.x += MARGIN;
	rect.width -= 2 * MARGIN;
	draw_head(ui, rect, 1);
	for (size_t i = 0; i < rows->rows && rows->top + i < n; i++)
		draw_row(ui, rect, 2 + (int)i, rows->top + i);
}

static void draw_matrix(struct rt_ui *ui)
{
	struct rt_rect body = rt_screen_body(ui), part;
	struct rt_sheet asked, below;
	char right[80];

	snprintf(right, sizeof(right), "Linux %s", ui->grid.kernel);
	rt_screen_frame(ui, _("Two sockets, one port"), body.width >= WIDE ? right : "");
	rt_sheet_init(&asked, body.width - 2 * MARGIN);
	rt_sheet_init(&below, body.width - 2 * MARGIN);
	write_asked(ui, &asked);
	write_below(ui, body.height >= LEGEND_ROWS, &below);
	part = (struct rt_rect){MARGIN, body.y, body.width - 2 * MARGIN, (int)asked.n_lines};
	/* On a small screen the cells come first; what is asked can be read off them all the same. */
	if (body.height < (int)(asked.n_lines + below.n_lines) + 6)
		part.height = 0;
	rt_sheet_draw(&asked, ui->canvas, part, 0);
	body.y += part.height;
	body.height -= part.height;
	part = (struct rt_rect){MARGIN, body.y + body.height - (int)below.n_lines, part.width,
				(int)below.n_lines};
	rt_sheet_draw(&below, ui->canvas, part, 0);
	body.height -= (int)below.n_lines + 1;
	draw_rows(ui, body);
	rt_canvas_rule(ui->canvas, (struct rt_rect){0, part.y - 1, body.width, 1}, 0, false,
		       _("The chosen cell"), NULL);
	rt_sheet_fini(&asked);
	rt_sheet_fini(&below);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* The next of the addresses that the protocol can have. */
static void next_place(const struct rt_matrix_setup *setup, struct rt_addr *addr)
{
	size_t n = RT_COUNT(places) - (setup->proto == RT_TCP), at = n - 1;
	struct rt_addr place;

	for (size_t i = 0; i < n; i++)
		if (rt_addr_parse(places[i], strlen(places[i]), &place, NULL) == 0 &&
		    rt_addr_equal(&place, addr))
			at = i;
	at = (at + 1) % n;
	(void)rt_addr_parse(places[at], strlen(places[at]), addr, NULL);
}

/* A group is for udp alone. */
static void other_protocol(struct rt_matrix_setup *setup)
{
	struct rt_error unlikely;

	setup->proto = setup->proto == RT_TCP ? RT_UDP : RT_TCP;
	while (rt_matrix_setup_check(setup, &unlikely) != 0) {
		next_place(setup, &setup->first);
		setup->second = setup->first;
	}
}

/* Whether the action changed what is asked. */
static bool change(struct rt_matrix_setup *setup, enum rt_action action)
{
	struct rt_addr first = setup->first;

	switch (action) {
	case RT_ACT_PROTOCOL:
		other_protocol(setup);
		return true;
	case RT_ACT_FIRST:
		next_place(setup, &setup->first);
		return true;
	case RT_ACT_SECOND:
		next_place(setup, &setup->second);
		return true;
	case RT_ACT_EXCHANGE:
		setup->first = setup->second;
		setup->second = first;
		return true;
	case RT_ACT_USERS:
		setup->two_users = !setup->two_users;
		return true;
	default:
		return action == RT_ACT_AGAIN;
	}
}

static void act_matrix(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	struct rt_grid *grid = &ui->grid;

	(void)key;
	if (rt_list_act(&grid->rows, rt_matrix_rows(grid->matrix), action))
		return;
	if (change(&grid->setup, action)) {
		begin(ui);
		return;
	}
	switch (action) {
	case RT_ACT_LEFT:
		grid->column -= grid->column > 0;
		break;
	case RT_ACT_RIGHT:
		grid->column += grid->column + 1 < RT_MATRIX_OPTIONS;
		break;
	case RT_ACT_OPEN:
		grid->lines = (struct rt_list){0};
		ui->screen = &rt_screen_cell;
		break;
	case RT_ACT_LEAVE:
		rt_grid_close(ui);
		ui->screen = &rt_screen_contents;
		break;
	default:
		break;
	}
}

const struct rt_screen rt_screen_matrix = {RT_IN_MATRIX, draw_matrix, act_matrix, NULL};
