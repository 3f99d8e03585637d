/*
 * The sockets as the kernel shows them. As a table where that fits, with as many columns as there
 * is room for; else each row as a few lines of text, of which nothing is cut.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "ui/socket_table.h"

enum { HEADED = 50 }; /* columns that headings over such rows need */

/* --- as text ---------------------------------------------------------------------------------- */

/* Adds words behind the last ones, or in a new line where there is no room. */
static void flow(struct rt_sheet *sheet, enum rt_style style, const char *label, const char *text)
{
	enum { INDENT = 2 };
	int columns = rt_columns(text, strlen(text)) + (label ? (int)strlen(label) + 1 : 0);
	int gap = sheet->column > INDENT ? 2 : 0;

	if (sheet->column + gap + columns > sheet->width) {
		rt_sheet_line(sheet);
		gap = INDENT;
	}
	rt_sheet_at(sheet, sheet->column + gap);
	if (label) {
		rt_sheet_add(sheet, RT_STYLE_DIM, label);
		rt_sheet_add(sheet, RT_STYLE_NORMAL, " ");
	}
	rt_sheet_add(sheet, style, text);
}

static void flow_cell(const struct rt_socket_table *table, const struct rt_row *row, uint8_t column,
		      bool label, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_socket_cell(table, row, column, &text);
	flow(sheet, rt_socket_style(row, (enum rt_column)(column & ~RT_COL_BRIEF)),
	     label ? rt_words_column((enum rt_column)(column & ~RT_COL_BRIEF)) : NULL,
	     rt_str_text(&text));
	rt_str_fini(&text);
}

static void flow_addresses(const struct rt_socket_table *table, const struct rt_row *row,
			   struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_socket_cell(table, row, RT_COL_LOCAL, &text);
	if (row->peer.port) {
		rt_str_add(&text, " -> ");
		rt_socket_cell(table, row, RT_COL_PEER, &text);
	}
	flow(sheet, rt_socket_style(row, RT_COL_LOCAL), NULL, rt_str_text(&text));
	rt_str_fini(&text);
}

static void write_row_as_text(const struct rt_socket_table *table, const struct rt_row *row,
			      struct rt_sheet *sheet)
{
	static const uint8_t fields[] = {
		RT_COL_REUSEADDR, RT_COL_REUSEPORT, RT_COL_V6ONLY, RT_COL_RECVQ,  RT_COL_SENDQ,
		RT_COL_UID,	  RT_COL_INODE,	    RT_COL_COOKIE, RT_COL_SOURCE, RT_COL_TIMER};
	struct rt_str mark = {0};

	rt_words_cell(RT_COL_MARK, table->sockets, row, 0, &mark);
	rt_sheet_text(sheet, 0, rt_socket_style(row, RT_COL_MARK), rt_str_text(&mark));
	rt_str_fini(&mark);
	rt_sheet_at(sheet, 2);
	flow_cell(table, row, RT_COL_NAME, false, sheet);
	flow_cell(table, row, RT_COL_STATE, false, sheet);
	flow_cell(table, row, RT_COL_OWNER, table->all_fields, sheet);
	if (!table->all_fields && row->timer != RT_TIMER_NONE)
		flow_cell(table, row, RT_COL_TIMER | RT_COL_BRIEF, false, sheet);
	rt_sheet_line(sheet);
	rt_sheet_at(sheet, 2);
	flow_cell(table, row, RT_COL_PROTO, false, sheet);
	flow_addresses(table, row, sheet);
	if (!table->all_fields)
		flow_cell(table, row, RT_COL_REUSE, false, sheet);
	for (size_t i = 0; table->all_fields && i < sizeof(fields); i++)
		if (fields[i] != RT_COL_V6ONLY || row->local.family == AF_INET6)
			flow_cell(table, row, fields[i], true, sheet);
}

/* What stands where, once, as a table would say it; all fields have their names beside them. */
static void write_text_headings(const struct rt_face *face, struct rt_sheet *sheet)
{
	if (face->all_fields || !face->airy || sheet->width < HEADED)
		return;
	rt_sheet_text(sheet, 2, RT_STYLE_DIM, "NAME  STATE  OWNER  TIMER");
	rt_sheet_text(sheet, 2, RT_STYLE_DIM, "PROTO  LOCAL -> PEER  REUSE");
	sheet->head = 2;
}

/* --- the view --------------------------------------------------------------------------------- */

static void title_sockets(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	/* Said in the name too: on a small screen there is no room at the right. */
	rt_str_add(name, face->frozen ? _("Sockets (frozen)") : _("Sockets"));
	if (rt_face_is_stageless(face))
		return;
	if (face->frozen)
		rt_str_add(right, _("frozen, f goes on"));
	else if (rt_engine_is_stale(rt_session_engine(face->session)))
		rt_str_add(right, _("a record ran out: made again before the next call"));
	else
		rt_str_add(right, _("kernel, live"));
}

/*
 * The row that Up and Down stand on, or the first that the last call touched, wants to be in sight.
 */
static void keep_row(const struct rt_face *face, const struct rt_row *row, bool chosen,
		     int first_line, struct rt_sheet *sheet)
{
	bool focus = face->focus == RT_PANEL_SOCKETS;

	if (focus ? !chosen : row->mark == RT_MARK_SAME || sheet->n_keep)
		return;
	sheet->keep = first_line;
	sheet->n_keep = (int)sheet->n_lines - first_line;
	for (int y = first_line; focus && y < (int)sheet->n_lines; y++)
		rt_sheet_turn(sheet, (size_t)y, RT_STYLE_SELECTED);
}

static void write_legend(struct rt_sheet *sheet)
{
	int before = (int)sheet->n_lines;

	rt_sheet_wrap(sheet, 0, 2, RT_STYLE_DIM, rt_words_legend());
	sheet->extra = (int)sheet->n_lines - before;
	sheet->brief = rt_words_legend_brief();
}

static void write_groups(const struct rt_snapshot *sockets, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_words_groups(sockets, &text);
	if (text.len)
		rt_sheet_wrap(sheet, 2, 4, RT_STYLE_NORMAL, rt_str_text(&text));
	rt_str_fini(&text);
}

static void write_sockets(const struct rt_face *face, struct rt_sheet *sheet)
{
	struct rt_socket_table table;
	size_t chosen = rt_face_row(face);
	const struct rt_socket_plan *plan;

	rt_socket_table_init(&table, face);
	if (table.n == 0) {
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_DIM, rt_words_no_sockets(face->session));
		sheet->least = 1;
		return;
	}
	plan = rt_socket_plan(&table, sheet->width);
	if (plan)
		rt_socket_headings(&table, plan, sheet);
	else
		write_text_headings(face, sheet);
	for (size_t i = 0; i < table.n; i++) {
		const struct rt_row *row = &table.sockets->row[i];
		int first_line = (int)sheet->n_lines;

		if (plan)
			rt_socket_row(&table, plan, row, sheet);
		else
			write_row_as_text(&table, row, sheet);
		rt_sheet_item(sheet, first_line);
		keep_row(face, row, i == chosen, first_line, sheet);
	}
	sheet->least = sheet->n_lines < 5 ? (int)sheet->n_lines : 5;
	if (table.n < table.sockets->n)
		rt_sheet_text(sheet, 2, RT_STYLE_DIM, _("... and more"));
	write_groups(table.sockets, sheet);
	/* Who goes to the last row sees what stands below it. */
	if (face->focus == RT_PANEL_SOCKETS && chosen + 1 == table.n)
		sheet->n_keep = (int)sheet->n_lines - sheet->keep;
	if (plan)
		rt_socket_changes(&table, plan, sheet);
	if (table.remembered || !(face->all_fields || (plan && rt_socket_plan_is_full(plan))))
		write_legend(sheet);
}

static bool act_sockets(struct rt_face *face, enum rt_action action)
{
	const struct rt_snapshot *sockets = rt_face_sockets(face);
	size_t n = sockets->n < RT_SOCKET_ROWS_MAX ? sockets->n : RT_SOCKET_ROWS_MAX;
	size_t row = rt_face_row(face), page = 5;

	if (n == 0)
		return false;
	if (row >= n)
		row = action == RT_ACT_UP || action == RT_ACT_END ? n - 1 : 0;
	else if (action == RT_ACT_UP)
		row -= row > 0;
	else if (action == RT_ACT_DOWN)
		row += row + 1 < n;
	else if (action == RT_ACT_PAGE_UP)
		row = row > page ? row - page : 0;
	else if (action == RT_ACT_PAGE_DOWN)
		row = row + page < n ? row + page : n - 1;
	else
		row = action == RT_ACT_HOME ? 0 : n - 1;
	face->row = row;
	face->row_cookie = sockets->row[row].cookie;
	face->row_chosen = true;
	return true;
}

const struct rt_view rt_view_sockets = {title_sockets, write_sockets, act_sockets};
