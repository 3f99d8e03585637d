#include "ui/socket_table.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum {
	PLAN_COLUMNS = 17,
	FULL = 2, /* plans with all fields, that come first */
};

struct rt_socket_plan {
	bool one_proto; /* not for a table that has several protocols */
	bool uids;	/* only for a table with sockets of several users */
	bool v6;	/* only for a table with IPv6 sockets */
	uint8_t n;
	uint8_t column[PLAN_COLUMNS]; /* enum rt_column, perhaps with RT_COL_BRIEF */
};

enum {
	STATE = RT_COL_STATE | RT_COL_BRIEF,
	TIMER = RT_COL_TIMER | RT_COL_BRIEF,
	PROTO = RT_COL_PROTO | RT_COL_BRIEF,
};

/*
 * The first that fits is taken. Who holds a socket is in all of them: "kernel" is the answer to
 * half of the questions. Where the users of sockets differ, that counts more than a timer.
 */
static const struct rt_socket_plan plans[] = {
	{false,
	 false,
	 true,
	 17,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSEADDR, RT_COL_REUSEPORT, RT_COL_V6ONLY, RT_COL_RECVQ,
	  RT_COL_SENDQ, RT_COL_UID, RT_COL_INODE, RT_COL_COOKIE, RT_COL_SOURCE, RT_COL_TIMER}},
	{false,
	 false,
	 false,
	 16,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSEADDR, RT_COL_REUSEPORT, RT_COL_RECVQ, RT_COL_SENDQ, RT_COL_UID,
	  RT_COL_INODE, RT_COL_COOKIE, RT_COL_SOURCE, RT_COL_TIMER}},
	{false,
	 true,
	 false,
	 10,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, RT_COL_PROTO, RT_COL_STATE,
	  RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE, RT_COL_TIMER}},
	{true,
	 true,
	 false,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE, TIMER}},
	{false,
	 true,
	 false,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, PROTO, STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSE}},
	{true,
	 true,
	 false,
	 8,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE}},
	{false,
	 false,
	 false,
	 11,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSE, RT_COL_RECVQ, RT_COL_SENDQ, RT_COL_TIMER}},
	{false,
	 false,
	 false,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSE, RT_COL_TIMER}},
	{false,
	 false,
	 false,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE, TIMER}},
	{false,
	 false,
	 false,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE, TIMER}},
	{true,
	 false,
	 false,
	 8,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE,
	  TIMER}},
};

static enum rt_column column_of(uint8_t column)
{
	return (enum rt_column)(column & ~RT_COL_BRIEF);
}

static bool is_brief(uint8_t column)
{
	return (column & RT_COL_BRIEF) != 0;
}

/* --- cells ------------------------------------------------------------------------------------ */

void rt_socket_cell(const struct rt_socket_table *table, const struct rt_row *row, uint8_t column,
		    struct rt_str *out)
{
	const char *before = column == STATE ? "-> " : " ";
	size_t from = out->len, skip;
	const char *cut;

	rt_words_cell(column_of(column), table->sockets, row, table->now_ms, out);
	if (column != STATE && column != TIMER)
		return;
	cut = strstr(rt_str_text(out) + from, before);
	if (!cut)
		return;
	skip = (size_t)(cut - (out->s + from)) + strlen(before);
	memmove(out->s + from, out->s + from + skip, out->len - from - skip + 1);
	out->len -= skip;
}

enum rt_style rt_socket_style(const struct rt_row *row, enum rt_column column)
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

/* --- widths ----------------------------------------------------------------------------------- */

/* Columns do not grow and shrink with every call: they have room for what usually stands there. */
static int usual_width(uint8_t column)
{
	static const uint8_t usual[RT_COLUMNS] = {
		[RT_COL_NAME] = 8,  [RT_COL_OWNER] = 6, [RT_COL_STATE] = 11, [RT_COL_LOCAL] = 14,
		[RT_COL_PEER] = 15, [RT_COL_REUSE] = 5, [RT_COL_TIMER] = 15,
	};
	int heading = (int)strlen(rt_words_column(column_of(column)));

	if (column == TIMER)
		return (int)strlen("53.9 s");
	if (column == PROTO)
		return (int)strlen("tcp"); /* the heading is wider than any protocol */
	return usual[column_of(column)] > heading ? usual[column_of(column)] : heading;
}

static int width_of(const struct rt_socket_table *table, uint8_t column)
{
	struct rt_str text = {0};
	int most = usual_width(column);

	if (column_of(column) == RT_COL_MARK)
		return 1;
	for (size_t i = 0; i < table->n; i++) {
		int columns;

		rt_str_clear(&text);
		rt_socket_cell(table, &table->sockets->row[i], column, &text);
		columns = rt_columns(rt_str_text(&text), text.len);
		most = columns > most ? columns : most;
	}
	rt_str_fini(&text);
	return most;
}

void rt_socket_table_init(struct rt_socket_table *table, const struct rt_face *face)
{
	const struct rt_snapshot *sockets = rt_face_sockets(face);

	*table = (struct rt_socket_table){.sockets = sockets,
					  .n = sockets->n < RT_SOCKET_ROWS_MAX ? sockets->n
									       : RT_SOCKET_ROWS_MAX,
					  .now_ms = face->now_ms,
					  .all_fields = face->all_fields,
					  .one_proto = true,
					  .uids = rt_words_tell_uids(sockets)};
	for (size_t i = 0; i < table->n; i++) {
		const struct rt_row *row = &sockets->row[i], *first = &sockets->row[0];

		if (row->proto != first->proto || row->local.family != first->local.family)
			table->one_proto = false;
		if (row->local.family == AF_INET6)
			table->v6 = true;
		if (row->name_remembered || row->reuseaddr.source == RT_FROM_MEMORY ||
		    row->reuseport.source == RT_FROM_MEMORY)
			table->remembered = true;
	}
	for (int column = 0; column < RT_COLUMNS; column++) {
		table->width[column][0] = width_of(table, (uint8_t)column);
		table->width[column][1] = width_of(table, (uint8_t)(column | RT_COL_BRIEF));
	}
}

/* --- the table -------------------------------------------------------------------------------- */

static int cell_width(const struct rt_socket_table *table, uint8_t column)
{
	return table->width[column_of(column)][is_brief(column)];
}

/* Where column i begins; the mark has one blank behind it. */
static int begin_of(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
		    size_t i, int gap)
{
	int x = 0;

	for (size_t k = 0; k < i; k++)
		x += cell_width(table, plan->column[k]) + (k == 0 ? 1 : gap);
	return x;
}

static int plan_width(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
		      int gap)
{
	size_t last = plan->n - 1u;

	return begin_of(table, plan, last, gap) + cell_width(table, plan->column[last]);
}

static int gap_of(const struct rt_socket_table *table, const struct rt_socket_plan *plan, int width)
{
	return plan_width(table, plan, 2) <= width ? 2 : 1;
}

static bool suits(const struct rt_socket_table *table, const struct rt_socket_plan *plan)
{
	return (!plan->one_proto || table->one_proto) && (!plan->uids || table->uids) &&
	       (!plan->v6 || table->v6);
}

/* The first ones of the table have all fields; for IPv6 sockets there is one field more. */
static size_t n_full(const struct rt_socket_table *table)
{
	return table->v6 ? 1 : FULL;
}

const struct rt_socket_plan *rt_socket_plan(const struct rt_socket_table *table, int width)
{
	size_t n = table->all_fields ? n_full(table) : RT_COUNT(plans);

	for (size_t i = 0; i < n; i++)
		if (suits(table, &plans[i]) && plan_width(table, &plans[i], 1) <= width)
			return &plans[i];
	return NULL;
}

bool rt_socket_plan_is_full(const struct rt_socket_plan *plan)
{
	return plan < &plans[FULL];
}

void rt_socket_headings(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
			struct rt_sheet *sheet)
{
	int gap = gap_of(table, plan, sheet->width);

	rt_sheet_line(sheet);
	for (size_t i = 0; i < plan->n; i++) {
		char heading[16];

		snprintf(heading, sizeof(heading), "%.*s", cell_width(table, plan->column[i]),
			 rt_words_column(column_of(plan->column[i])));
		rt_sheet_at(sheet, begin_of(table, plan, i, gap));
		rt_sheet_add(sheet, RT_STYLE_DIM, heading);
	}
	sheet->head = 1;
}

void rt_socket_row(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
		   const struct rt_row *row, struct rt_sheet *sheet)
{
	int gap = gap_of(table, plan, sheet->width);
	struct rt_str text = {0};

	rt_sheet_line(sheet);
	for (size_t i = 0; i < plan->n; i++) {
		rt_str_clear(&text);
		rt_socket_cell(table, row, plan->column[i], &text);
		rt_sheet_at(sheet, begin_of(table, plan, i, gap));
		rt_sheet_add(sheet, rt_socket_style(row, column_of(plan->column[i])),
			     rt_str_text(&text));
	}
	rt_str_fini(&text);
}

void rt_socket_changes(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
		       struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	if (!memchr(plan->column, STATE, plan->n))
		return;
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
