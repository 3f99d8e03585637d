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
	uint8_t needs; /* of the table, of the bits below: all of them */
	uint8_t n;
	uint8_t column[PLAN_COLUMNS]; /* enum rt_column, perhaps with RT_COL_BRIEF */
};

enum {
	ONE_PROTO = 1, /* all rows have one protocol */
	UIDS = 2,      /* there are sockets of several users */
	NO_TIMER = 4,  /* none runs */
	QUEUES = 8,    /* connections wait for accept(), or data for recv() */
	V6 = 16,       /* there are IPv6 sockets */
};

enum {
	STATE = RT_COL_STATE | RT_COL_BRIEF,
	TIMER = RT_COL_TIMER | RT_COL_BRIEF,
	PROTO = RT_COL_PROTO | RT_COL_BRIEF,
	NAME = RT_COL_NAME | RT_COL_BRIEF,
};

/*
 * The first that fits is taken. Who holds a socket is in all of them: "kernel" is the answer to
 * half of the questions. Where the users of sockets differ, that counts more than a timer; so do
 * connections and data that wait, where none runs.
 */
static const struct rt_socket_plan plans[] = {
	{V6,
	 17,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSEADDR, RT_COL_REUSEPORT, RT_COL_V6ONLY, RT_COL_RECVQ,
	  RT_COL_SENDQ, RT_COL_UID, RT_COL_INODE, RT_COL_COOKIE, RT_COL_SOURCE, RT_COL_TIMER}},
	{0,
	 16,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSEADDR, RT_COL_REUSEPORT, RT_COL_RECVQ, RT_COL_SENDQ, RT_COL_UID,
	  RT_COL_INODE, RT_COL_COOKIE, RT_COL_SOURCE, RT_COL_TIMER}},
	{UIDS,
	 10,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, RT_COL_PROTO, RT_COL_STATE,
	  RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE, RT_COL_TIMER}},
	{ONE_PROTO | UIDS,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE, TIMER}},
	{UIDS,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, PROTO, STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSE}},
	{ONE_PROTO | UIDS,
	 8,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_UID, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE}},
	{0,
	 11,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSE, RT_COL_RECVQ, RT_COL_SENDQ, RT_COL_TIMER}},
	{NO_TIMER | QUEUES,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSE, RT_COL_RECVQ}},
	{NO_TIMER | QUEUES,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE, RT_COL_RECVQ}},
	{ONE_PROTO | NO_TIMER | QUEUES,
	 8,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE,
	  RT_COL_RECVQ}},
	{ONE_PROTO | NO_TIMER | QUEUES,
	 8,
	 {RT_COL_MARK, NAME, RT_COL_OWNER, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE,
	  RT_COL_RECVQ}},
	{0,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, RT_COL_STATE, RT_COL_LOCAL,
	  RT_COL_PEER, RT_COL_REUSE, RT_COL_TIMER}},
	{0,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, RT_COL_PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE, TIMER}},
	{0,
	 9,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE, TIMER}},
	{ONE_PROTO,
	 8,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE,
	  TIMER}},
	{ONE_PROTO | NO_TIMER,
	 7,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE}},
	{NO_TIMER,
	 8,
	 {RT_COL_MARK, RT_COL_NAME, RT_COL_OWNER, PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER,
	  RT_COL_REUSE}},
	{0,
	 9,
	 {RT_COL_MARK, NAME, RT_COL_OWNER, PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE,
	  TIMER}},
	{ONE_PROTO,
	 8,
	 {RT_COL_MARK, NAME, RT_COL_OWNER, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE, TIMER}},
	{NO_TIMER,
	 8,
	 {RT_COL_MARK, NAME, RT_COL_OWNER, PROTO, STATE, RT_COL_LOCAL, RT_COL_PEER, RT_COL_REUSE}},
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

void rt_socket_cell(const struct rt_socket_table *table, const struct rt_bundle *bundle,
		    uint8_t column, struct rt_str *out)
{
	const char *before = column == STATE ? "-> " : " ";
	size_t from = out->len, skip;
	const char *cut;

	if (column == NAME) {
		rt_words_bundle_name(bundle, out);
		return;
	}
	rt_words_bundle_cell(column_of(column), table->sockets, bundle, table->now_ms, out);
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
		rt_socket_cell(table, &table->bundles.bundle[i], column, &text);
		columns = rt_columns(rt_str_text(&text), text.len);
		most = columns > most ? columns : most;
	}
	rt_str_fini(&text);
	return most;
}

/* What a row says about the columns. */
static void take_in(struct rt_socket_table *table, const struct rt_row *row)
{
	const struct rt_row *first = table->sockets->row;

	if (row->proto != first->proto || row->local.family != first->local.family)
		table->has &= (uint8_t)~ONE_PROTO;
	if (row->local.family == AF_INET6)
		table->has |= V6;
	if (row->timer != RT_TIMER_NONE && row->mark != RT_MARK_GONE)
		table->has &= (uint8_t)~NO_TIMER;
	if (row->rqueue > 0 && row->mark != RT_MARK_GONE)
		table->has |= QUEUES;
	if (row->name_remembered || row->reuseaddr.source == RT_FROM_MEMORY ||
	    row->reuseport.source == RT_FROM_MEMORY)
		table->remembered = true;
}

void rt_socket_table_init(struct rt_socket_table *table, const struct rt_face *face)
{
	const struct rt_snapshot *sockets = rt_face_sockets(face);

	*table = (struct rt_socket_table){.sockets = sockets,
					  .now_ms = face->now_ms,
					  .all_fields = face->all_fields,
					  .has = ONE_PROTO | NO_TIMER |
						 (rt_words_tell_uids(sockets) ? UIDS : 0)};
	rt_face_bundles(face, &table->bundles);
	table->n = table->bundles.n < RT_SOCKET_ROWS_MAX ? table->bundles.n : RT_SOCKET_ROWS_MAX;
	for (size_t i = 0; i < table->n; i++)
		take_in(table, table->bundles.bundle[i].row);
	for (int column = 0; column < RT_COLUMNS; column++) {
		table->width[column][0] = width_of(table, (uint8_t)column);
		table->width[column][1] = width_of(table, (uint8_t)(column | RT_COL_BRIEF));
	}
}

void rt_socket_table_fini(struct rt_socket_table *table)
{
	rt_bundles_fini(&table->bundles);
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
	return (plan->needs & table->has) == plan->needs;
}

/* The first ones of the table have all fields; for IPv6 sockets there is one field more. */
static size_t n_full(const struct rt_socket_table *table)
{
	return table->has & V6 ? 1 : FULL;
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
		   const struct rt_bundle *bundle, struct rt_sheet *sheet)
{
	int gap = gap_of(table, plan, sheet->width);
	struct rt_str text = {0};

	rt_sheet_line(sheet);
	for (size_t i = 0; i < plan->n; i++) {
		rt_str_clear(&text);
		rt_socket_cell(table, bundle, plan->column[i], &text);
		rt_sheet_at(sheet, begin_of(table, plan, i, gap));
		rt_sheet_add(sheet, rt_socket_style(bundle->row, column_of(plan->column[i])),
			     rt_str_text(&text));
	}
	rt_str_fini(&text);
}

/* "client.c[1..200]: CLOSE -> ESTABLISHED, 200 sockets, ports 32790..60998". */
static void write_change(const struct rt_socket_table *table, const struct rt_bundle *bundle,
			 bool changed, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	rt_words_bundle_cell(RT_COL_NAME, table->sockets, bundle, 0, &text);
	rt_str_add(&text, ": ");
	if (changed)
		rt_words_cell(RT_COL_STATE, table->sockets, bundle->row, 0, &text);
	if (bundle->n > 1 && bundle->row->name[0]) {
		rt_str_add(&text, changed ? ", " : "");
		rt_words_bundle_count(bundle, &text);
	}
	rt_words_bundle_ports(bundle, &text);
	rt_sheet_text(sheet, 0, RT_STYLE_CHANGED, changed ? "* " : "  ");
	rt_sheet_add(sheet, RT_STYLE_NORMAL, rt_str_text(&text));
	rt_str_fini(&text);
}

static bool has_changed(const struct rt_row *row)
{
	return row->mark == RT_MARK_CHANGED && row->old_state != row->state;
}

void rt_socket_changes(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
		       struct rt_sheet *sheet)
{
	bool brief = memchr(plan->column, STATE, plan->n) != NULL;
	bool as_one = table->bundles.n < table->sockets->n;
	struct rt_bundles alike;

	/* What two hundred sockets did at once is one line, where each has a row of its own too. */
	rt_bundles_init(&alike, table->sockets, false);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < alike.n && i < RT_SOCKET_ROWS_MAX; i++) {
			const struct rt_bundle *bundle = &alike.bundle[i];
			bool changed = brief && has_changed(bundle->row);
			bool counted = as_one && bundle->n > 1 && bundle->row->name[0];

			if (pass == 0 ? changed : counted && !changed)
				write_change(table, bundle, changed, sheet);
		}
	rt_bundles_fini(&alike);
}
