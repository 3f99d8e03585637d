/*
 * The sockets as the kernel shows them. As a table where that fits, with as many columns as there is room for; else each row
 * as a few lines of text, of which nothing is cut.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "lesson/words.h"
#include "ui/view.h"

enum {
	ROWS_MAX = 400, /* a screen is no place for more */
	PLAN_COLUMNS = 17,
};

/* A column in its short form says less: the state without the one before it, the timer without its name. */
struct column {
	uint8_t id; /* enum rt_column */
	bool brief;
};

struct plan {
	bool no_proto; /* not for a table that has several protocols */
	uint8_t n;
	struct column column[PLAN_COLUMNS];
};

#define C(name) {RT_COL_##name, false}
#define B(name) {RT_COL_##name, true}

/* The first that fits is taken. Who holds a socket is in all of them: "kernel" is the answer to half of the questions. */
static const struct plan plans[] = {
	{false, 16, {C(MARK), C(NAME), C(OWNER), C(PROTO), C(STATE), C(LOCAL), C(PEER), C(REUSEADDR), C(REUSEPORT), C(RECVQ),
		     C(SENDQ), C(UID), C(INODE), C(COOKIE), C(SOURCE), C(TIMER)}},
	{false, 11, {C(MARK), C(NAME), C(OWNER), C(PROTO), C(STATE), C(LOCAL), C(PEER), C(REUSE), C(RECVQ), C(SENDQ),
		     C(TIMER)}},
	{false, 9, {C(MARK), C(NAME), C(OWNER), C(PROTO), C(STATE), C(LOCAL), C(PEER), C(REUSE), C(TIMER)}},
	{false, 9, {C(MARK), C(NAME), C(OWNER), C(PROTO), B(STATE), C(LOCAL), C(PEER), C(REUSE), B(TIMER)}},
	{false, 9, {C(MARK), C(NAME), C(OWNER), B(PROTO), B(STATE), C(LOCAL), C(PEER), C(REUSE), B(TIMER)}},
	{true, 8, {C(MARK), C(NAME), C(OWNER), B(STATE), C(LOCAL), C(PEER), C(REUSE), B(TIMER)}},
};

#undef C
#undef B

/* What is drawn: the rows, and how wide each column would be in both forms. */
struct table {
	const struct rt_face *face;
	const struct rt_snapshot *sockets;
	size_t n;
	bool one_proto;
	bool remembered; /* a value with ~ is among them */
	int width[RT_COLUMNS][2];
};

static void cell_text(const struct table *table, const struct rt_row *row, struct column column, struct rt_str *out)
{
	const char *cut;
	size_t from = out->len;

	rt_words_cell((enum rt_column)column.id, table->sockets, row, table->face->now_ms, out);
	if (!column.brief || column.id == RT_COL_PROTO)
		return;
	cut = strstr(rt_str_text(out) + from, column.id == RT_COL_STATE ? "-> " : " ");
	if (cut) {
		size_t skip = (size_t)(cut - (out->s + from)) + (column.id == RT_COL_STATE ? 3 : 1);

		memmove(out->s + from, out->s + from + skip, out->len - from - skip + 1);
		out->len -= skip;
	}
}

/* Columns do not grow and shrink with every call: they have room for what usually stands there. */
static int usual_width(struct column column)
{
	static const uint8_t usual[RT_COLUMNS][2] = {
		[RT_COL_NAME] = {8, 8},	   [RT_COL_OWNER] = {6, 6},  [RT_COL_STATE] = {11, 11}, [RT_COL_LOCAL] = {14, 14},
		[RT_COL_PEER] = {15, 15}, [RT_COL_REUSE] = {5, 5}, [RT_COL_TIMER] = {15, 6},
	};
	const char *heading = rt_words_column((enum rt_column)column.id);
	/* "PROTO" is wider than any protocol. */
	int columns = column.brief && column.id == RT_COL_PROTO ? 3 : (int)strlen(heading);

	return usual[column.id][column.brief] > columns ? usual[column.id][column.brief] : columns;
}

static void measure(struct table *table)
{
	struct rt_str text = {0};

	for (uint8_t id = 0; id < RT_COLUMNS; id++) {
		for (int brief = 0; brief < 2; brief++) {
			struct column column = {id, brief != 0};
			int most = usual_width(column);

			for (size_t i = 0; i < table->n; i++) {
				int columns;

				rt_str_clear(&text);
				cell_text(table, &table->sockets->row[i], column, &text);
				columns = rt_columns(rt_str_text(&text), text.len);
				most = columns > most ? columns : most;
			}
			table->width[id][brief] = id == RT_COL_MARK ? 1 : most;
		}
	}
	rt_str_fini(&text);
}

static struct table table_of(const struct rt_face *face)
{
	struct table table = {.face = face, .sockets = rt_engine_sockets(rt_session_engine(face->session)), .one_proto = true};

	table.n = table.sockets->n < ROWS_MAX ? table.sockets->n : ROWS_MAX;
	for (size_t i = 0; i < table.n; i++) {
		const struct rt_row *row = &table.sockets->row[i];

		if (row->proto != table.sockets->row[0].proto || row->local.family != table.sockets->row[0].local.family)
			table.one_proto = false;
		if (row->name_remembered || row->reuseaddr.source == RT_FROM_MEMORY ||
		    row->reuseport.source == RT_FROM_MEMORY)
			table.remembered = true;
	}
	return table;
}

/* --- as a table ------------------------------------------------------------------------------- */

static int plan_width(const struct table *table, const struct plan *plan, int gap)
{
	int width = 0;

	for (size_t i = 0; i < plan->n; i++)
		width += table->width[plan->column[i].id][plan->column[i].brief] +
			 (i == 0 ? 1 : i + 1 < plan->n ? gap : 0);
	return width;
}

static const struct plan *choose_plan(const struct table *table, int width)
{
	if (table->face->all_fields)
		return plan_width(table, &plans[0], 1) <= width ? &plans[0] : NULL;
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		if ((!plans[i].no_proto || table->one_proto) && plan_width(table, &plans[i], 1) <= width)
			return &plans[i];
	return NULL;
}

static enum rt_style cell_style(const struct rt_row *row, enum rt_column column)
{
	static const enum rt_style of[] = {
		[RT_MARK_SAME] = RT_STYLE_NORMAL,
		[RT_MARK_NEW] = RT_STYLE_NEW,
		[RT_MARK_CHANGED] = RT_STYLE_CHANGED,
		[RT_MARK_GONE] = RT_STYLE_GONE,
	};

	if (row->mark == RT_MARK_GONE || column == RT_COL_MARK || column == RT_COL_STATE)
		return of[row->mark];
	if (column == RT_COL_NAME)
		return RT_STYLE_STRONG;
	return column == RT_COL_OWNER && row->n_owners ? RT_STYLE_ACTOR : RT_STYLE_NORMAL;
}

static void write_headings(const struct table *table, const struct plan *plan, int gap, struct rt_sheet *sheet)
{
	int x = 0;

	rt_sheet_line(sheet);
	for (size_t i = 0; i < plan->n; i++) {
		struct column column = plan->column[i];
		char heading[16];
		int width = table->width[column.id][column.brief];

		snprintf(heading, sizeof(heading), "%.*s", width, rt_words_column((enum rt_column)column.id));
		rt_sheet_at(sheet, x);
		rt_sheet_add(sheet, RT_STYLE_DIM, heading);
		x += width + (i == 0 ? 1 : gap);
	}
	sheet->head = 1;
}

static void write_row(const struct table *table, const struct plan *plan, int gap, const struct rt_row *row,
		      struct rt_sheet *sheet)
{
	struct rt_str text = {0};
	int x = 0;

	rt_sheet_line(sheet);
	for (size_t i = 0; i < plan->n; i++) {
		struct column column = plan->column[i];

		rt_str_clear(&text);
		cell_text(table, row, column, &text);
		rt_sheet_at(sheet, x);
		rt_sheet_add(sheet, cell_style(row, (enum rt_column)column.id), rt_str_text(&text));
		x += table->width[column.id][column.brief] + (i == 0 ? 1 : gap);
	}
	rt_str_fini(&text);
}

static bool has_brief_state(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->column[i].id == RT_COL_STATE)
			return plan->column[i].brief;
	return false;
}

/* The states before, where the table itself had no room for them. */
static void write_changes(const struct table *table, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	for (size_t i = 0; i < table->n; i++) {
		const struct rt_row *row = &table->sockets->row[i];

		if (row->mark != RT_MARK_CHANGED || row->old_state == row->state)
			continue;
		rt_str_clear(&text);
		rt_words_cell(RT_COL_NAME, table->sockets, row, 0, &text);
		rt_str_add(&text, ": ");
		rt_words_cell(RT_COL_STATE, table->sockets, row, 0, &text);
		rt_sheet_text(sheet, 0, RT_STYLE_CHANGED, "* ");
		rt_sheet_add(sheet, RT_STYLE_NORMAL, rt_str_text(&text));
	}
	rt_str_fini(&text);
}

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

static void flow_cell(const struct table *table, const struct rt_row *row, struct column column, bool label,
		      struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	cell_text(table, row, column, &text);
	flow(sheet, cell_style(row, (enum rt_column)column.id), label ? rt_words_column((enum rt_column)column.id) : NULL,
	     rt_str_text(&text));
	rt_str_fini(&text);
}

static void flow_addresses(const struct table *table, const struct rt_row *row, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	cell_text(table, row, (struct column){RT_COL_LOCAL, false}, &text);
	if (row->peer.port) {
		rt_str_add(&text, " -> ");
		cell_text(table, row, (struct column){RT_COL_PEER, false}, &text);
	}
	flow(sheet, cell_style(row, RT_COL_LOCAL), NULL, rt_str_text(&text));
	rt_str_fini(&text);
}

static void write_row_as_text(const struct table *table, const struct rt_row *row, struct rt_sheet *sheet)
{
	static const uint8_t fields[] = {RT_COL_REUSEADDR, RT_COL_REUSEPORT, RT_COL_RECVQ,  RT_COL_SENDQ, RT_COL_UID,
					 RT_COL_INODE,	   RT_COL_COOKIE,    RT_COL_SOURCE, RT_COL_TIMER};
	struct rt_str mark = {0};

	rt_words_cell(RT_COL_MARK, table->sockets, row, 0, &mark);
	rt_sheet_text(sheet, 0, cell_style(row, RT_COL_MARK), rt_str_text(&mark));
	rt_str_fini(&mark);
	rt_sheet_at(sheet, 2);
	flow_cell(table, row, (struct column){RT_COL_NAME, false}, false, sheet);
	flow_cell(table, row, (struct column){RT_COL_STATE, false}, false, sheet);
	flow_cell(table, row, (struct column){RT_COL_OWNER, false}, table->face->all_fields, sheet);
	if (!table->face->all_fields && row->timer != RT_TIMER_NONE)
		flow_cell(table, row, (struct column){RT_COL_TIMER, true}, false, sheet);
	rt_sheet_line(sheet);
	rt_sheet_at(sheet, 2);
	flow_cell(table, row, (struct column){RT_COL_PROTO, false}, false, sheet);
	flow_addresses(table, row, sheet);
	if (!table->face->all_fields)
		flow_cell(table, row, (struct column){RT_COL_REUSE, false}, false, sheet);
	for (size_t i = 0; table->face->all_fields && i < sizeof(fields); i++)
		flow_cell(table, row, (struct column){fields[i], false}, true, sheet);
}

/* --- the view --------------------------------------------------------------------------------- */

static void title_sockets(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	rt_str_add(name, _("Sockets"));
	if (!rt_face_is_stageless(face))
		rt_str_add(right, _("kernel, live"));
}

/* The row that Up and Down stand on, or the first that the last call touched, wants to be in sight. */
static void keep_row(const struct table *table, size_t i, size_t chosen, int first_line, struct rt_sheet *sheet)
{
	bool focus = table->face->focus == RT_PANEL_SOCKETS;

	if (focus ? i != chosen : table->sockets->row[i].mark == RT_MARK_SAME || sheet->n_keep)
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
}

static void write_sockets(const struct rt_face *face, struct rt_sheet *sheet)
{
	struct table table = table_of(face);
	size_t chosen = rt_face_row(face);
	const struct plan *plan;
	int gap;

	if (table.n == 0) {
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_DIM, rt_words_no_sockets(face->session));
		sheet->least = 1;
		return;
	}
	measure(&table);
	plan = choose_plan(&table, sheet->width);
	gap = plan && plan_width(&table, plan, 2) <= sheet->width ? 2 : 1;
	if (plan)
		write_headings(&table, plan, gap, sheet);
	for (size_t i = 0; i < table.n; i++) {
		int first_line = (int)sheet->n_lines;

		if (plan)
			write_row(&table, plan, gap, &table.sockets->row[i], sheet);
		else
			write_row_as_text(&table, &table.sockets->row[i], sheet);
		keep_row(&table, i, chosen, first_line, sheet);
	}
	sheet->least = sheet->n_lines < 5 ? (int)sheet->n_lines : 5;
	if (table.n < table.sockets->n)
		rt_sheet_text(sheet, 2, RT_STYLE_DIM, _("... and more"));
	if (plan && has_brief_state(plan))
		write_changes(&table, sheet);
	if (table.remembered || (plan != &plans[0] && !face->all_fields))
		write_legend(sheet);
}

static bool act_sockets(struct rt_face *face, enum rt_action action)
{
	const struct rt_snapshot *sockets = rt_engine_sockets(rt_session_engine(face->session));
	size_t n = sockets->n < ROWS_MAX ? sockets->n : ROWS_MAX;
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
