/*
 * The sockets as the kernel shows them. As a table where that fits, with as many columns as there
 * is room for; else each row as a few lines of text, of which nothing is cut.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "ui/socket_table.h"

enum {
	HEADED = 50,	  /* columns that headings over rows of text need */
	LEAST = 5,	  /* lines of the table that are of use */
	STACK_WIDTH = 78, /* where panels stand one below the other */
};

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

static void flow_cell(const struct rt_socket_table *table, const struct rt_bundle *bundle,
		      uint8_t column, bool label, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_socket_cell(table, bundle, column, &text);
	flow(sheet, rt_socket_style(bundle->row, (enum rt_column)(column & ~RT_COL_BRIEF)),
	     label ? rt_words_column((enum rt_column)(column & ~RT_COL_BRIEF)) : NULL,
	     rt_str_text(&text));
	rt_str_fini(&text);
}

static void flow_addresses(const struct rt_socket_table *table, const struct rt_bundle *bundle,
			   struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_socket_cell(table, bundle, RT_COL_LOCAL, &text);
	if (bundle->row->peer.port) {
		rt_str_add(&text, " -> ");
		rt_socket_cell(table, bundle, RT_COL_PEER, &text);
	}
	flow(sheet, rt_socket_style(bundle->row, RT_COL_LOCAL), NULL, rt_str_text(&text));
	rt_str_fini(&text);
}

/* How many, and on which ports, where that is not said yet. */
static void flow_count(const struct rt_bundle *bundle, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	if (bundle->row->name[0])
		rt_words_bundle_count(bundle, &text);
	rt_words_bundle_ports(bundle, &text);
	if (text.len)
		flow(sheet, RT_STYLE_NORMAL, NULL,
		     rt_str_text(&text) + strspn(rt_str_text(&text), ", "));
	rt_str_fini(&text);
}

static void write_row_as_text(const struct rt_socket_table *table, const struct rt_bundle *bundle,
			      struct rt_sheet *sheet)
{
	static const uint8_t fields[] = {
		RT_COL_REUSEADDR, RT_COL_REUSEPORT, RT_COL_V6ONLY, RT_COL_RECVQ,  RT_COL_SENDQ,
		RT_COL_UID,	  RT_COL_INODE,	    RT_COL_COOKIE, RT_COL_SOURCE, RT_COL_TIMER};
	const struct rt_row *row = bundle->row;
	struct rt_str mark = {0};

	rt_words_cell(RT_COL_MARK, table->sockets, row, 0, &mark);
	rt_sheet_text(sheet, 0, rt_socket_style(row, RT_COL_MARK), rt_str_text(&mark));
	rt_str_fini(&mark);
	rt_sheet_at(sheet, 2);
	flow_cell(table, bundle, RT_COL_NAME, false, sheet);
	flow_cell(table, bundle, RT_COL_STATE, false, sheet);
	flow_cell(table, bundle, RT_COL_OWNER, table->all_fields, sheet);
	if (!table->all_fields && row->timer != RT_TIMER_NONE)
		flow_cell(table, bundle, RT_COL_TIMER | RT_COL_BRIEF, false, sheet);
	rt_sheet_line(sheet);
	rt_sheet_at(sheet, 2);
	flow_cell(table, bundle, RT_COL_PROTO, false, sheet);
	flow_addresses(table, bundle, sheet);
	if (!table->all_fields)
		flow_cell(table, bundle, RT_COL_REUSE, false, sheet);
	if (!table->all_fields && row->rqueue > 0)
		flow_cell(table, bundle, RT_COL_RECVQ, true, sheet);
	if (bundle->n > 1)
		flow_count(bundle, sheet);
	for (size_t i = 0; table->all_fields && i < sizeof(fields); i++)
		if (fields[i] != RT_COL_V6ONLY || row->local.family == AF_INET6)
			flow_cell(table, bundle, fields[i], true, sheet);
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

/* Whether rows stand for several sockets. */
static bool is_bundled(const struct rt_face *face)
{
	struct rt_bundles bundles;
	bool bundled;

	rt_face_bundles(face, &bundles);
	bundled = bundles.n < rt_face_sockets(face)->n;
	rt_bundles_fini(&bundles);
	return bundled;
}

/* This step has not made them: it has no calls, or begins on a stage of its own with the next one. */
static bool is_of_before(const struct rt_face *face)
{
	const struct rt_session *session = face->session;
	const struct rt_engine *engine = rt_session_engine(session);
	const struct rt_line *next = rt_engine_line(engine, rt_engine_position(engine));

	if (face->tape || rt_session_phase(session) == RT_PHASE_RUN ||
	    rt_session_calls(session) > 0 || rt_face_sockets(face)->n == 0)
		return false;
	return rt_face_step(face)->n_lines == 0 || (next && next->fresh);
}

static void title_sockets(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	/* Said in the name too: on a small screen there is no room at the right. */
	rt_str_add(name, face->frozen ? _("Sockets (frozen)") : _("Sockets"));
	if (rt_face_is_stageless(face))
		return;
	if (is_bundled(face))
		rt_str_addf(right, _("%zu sockets, s shows each, "), rt_face_sockets(face)->n);
	if (face->frozen)
		rt_str_add(right, _("frozen, f goes on"));
	else if (rt_engine_is_stale(rt_session_engine(face->session)))
		rt_str_add(right, _("a record ran out: made again before the next call"));
	else if (is_of_before(face))
		rt_str_add(right, _("of the step before, live"));
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

/* Who goes to the last row sees what stands below it. */
static void keep_end(const struct rt_face *face, bool is_last, struct rt_sheet *sheet)
{
	if (face->focus == RT_PANEL_SOCKETS && is_last)
		sheet->n_keep = (int)sheet->n_lines - sheet->keep;
}

/* It is worth a line of the panel where all rows are in sight. */
static void write_changes(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
			  struct rt_sheet *sheet)
{
	bool all_rows = (int)sheet->n_lines == sheet->least;

	rt_socket_changes(table, plan, sheet);
	if (all_rows && table->bundles.n < table->sockets->n && sheet->least < (int)sheet->n_lines)
		sheet->least++;
}

/* Where one panel is all there is, its title does not say it. */
static void write_way_to_each(const struct rt_socket_table *table, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_str_addf(&text, _("%zu sockets: s shows each of them."), table->sockets->n);
	rt_sheet_wrap(sheet, 0, 2, RT_STYLE_DIM, rt_str_text(&text));
	rt_str_fini(&text);
}

static void write_groups(const struct rt_snapshot *sockets, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_words_groups(sockets, &text);
	if (text.len)
		rt_sheet_wrap(sheet, 2, 4, RT_STYLE_NORMAL, rt_str_text(&text));
	rt_str_fini(&text);
}

/* What nobody misses: the legend, and how to see each socket where the title says it, too. */
static void write_end(const struct rt_face *face, const struct rt_socket_table *table,
		      const struct rt_socket_plan *plan, struct rt_sheet *sheet)
{
	int before = (int)sheet->n_lines;

	if (table->remembered || !(face->all_fields || (plan && rt_socket_plan_is_full(plan)))) {
		rt_sheet_wrap(sheet, 0, 2, RT_STYLE_DIM, rt_words_legend());
		sheet->brief = rt_words_legend_brief();
	}
	if (table->bundles.n < table->sockets->n && sheet->width >= STACK_WIDTH)
		write_way_to_each(table, sheet);
	sheet->extra = (int)sheet->n_lines - before;
}

static void write_rows(const struct rt_face *face, const struct rt_socket_table *table,
		       const struct rt_socket_plan *plan, size_t chosen, struct rt_sheet *sheet)
{
	if (plan)
		rt_socket_headings(table, plan, sheet);
	else
		write_text_headings(face, sheet);
	for (size_t i = 0; i < table->n; i++) {
		const struct rt_bundle *bundle = &table->bundles.bundle[i];
		int first_line = (int)sheet->n_lines;

		if (plan)
			rt_socket_row(table, plan, bundle, sheet);
		else
			write_row_as_text(table, bundle, sheet);
		rt_sheet_item(sheet, first_line);
		keep_row(face, bundle->row, i == chosen, first_line, sheet);
	}
	sheet->least = sheet->n_lines < LEAST ? (int)sheet->n_lines : LEAST;
	if (table->n < table->bundles.n)
		rt_sheet_text(sheet, 2, RT_STYLE_DIM, _("... and more"));
}

static void write_sockets(const struct rt_face *face, struct rt_sheet *sheet)
{
	struct rt_socket_table table;
	const struct rt_socket_plan *plan;
	size_t chosen;
	bool bundled;

	rt_socket_table_init(&table, face);
	bundled = table.bundles.n < table.sockets->n;
	chosen = rt_face_bundle(face, &table.bundles);
	if (table.n == 0) {
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_DIM, rt_words_no_sockets(face->session));
		sheet->least = 1;
		rt_socket_table_fini(&table);
		return;
	}
	plan = rt_socket_plan(&table, sheet->width);
	write_rows(face, &table, plan, chosen, sheet);
	if (bundled && sheet->width < STACK_WIDTH)
		write_way_to_each(&table, sheet);
	write_groups(table.sockets, sheet);
	keep_end(face, chosen + 1 == table.n, sheet);
	if (plan)
		write_changes(&table, plan, sheet);
	write_end(face, &table, plan, sheet);
	/* The legend takes no room from rows, unless the panel has all of the screen. */
	keep_end(face, chosen + 1 == table.n && face->zoom, sheet);
	rt_socket_table_fini(&table);
}

static void choose(struct rt_face *face, const struct rt_row *row)
{
	face->row = (size_t)(row - rt_face_sockets(face)->row);
	face->row_cookie = row->cookie;
	face->row_chosen = true;
}

static bool act_sockets(struct rt_face *face, enum rt_action action)
{
	struct rt_bundles bundles;
	size_t n, row, page = 5;

	rt_face_bundles(face, &bundles);
	n = bundles.n < RT_SOCKET_ROWS_MAX ? bundles.n : RT_SOCKET_ROWS_MAX;
	row = rt_face_bundle(face, &bundles);
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
	if (n > 0)
		choose(face, bundles.bundle[row].row);
	rt_bundles_fini(&bundles);
	return n > 0;
}

const struct rt_view rt_view_sockets = {title_sockets, write_sockets, act_sockets};
