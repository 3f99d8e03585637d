/*
 * The socket table: which columns there is room for, and how wide they are. A column can be in a
 * short form that says less: the state without the one before it, the timer without its name, the
 * name without member numbers.
 */
#ifndef RT_UI_SOCKET_TABLE_H
#define RT_UI_SOCKET_TABLE_H

#include "lesson/words.h"
#include "ui/view.h"

/* Joined to an enum rt_column: its short form. */
enum { RT_COL_BRIEF = 0x80 };

/* A screen is no place for more rows: the most that one repetition, seen from both ends, makes. */
enum { RT_SOCKET_ROWS_MAX = 2400 };

struct rt_socket_table {
	const struct rt_snapshot *sockets;
	struct rt_bundles bundles; /* a row each */
	size_t n;		   /* rows that are shown */
	int64_t now_ms;
	bool all_fields;
	uint8_t has;		  /* what decides which columns are worth their room */
	bool remembered;	  /* a value with ~ is among them */
	int width[RT_COLUMNS][2]; /* of each column in its long and its short form */
};

/* A way to show the rows in one line each; NULL stands for none that fits. */
struct rt_socket_plan;

void rt_socket_table_init(struct rt_socket_table *table, const struct rt_face *face);
void rt_socket_table_fini(struct rt_socket_table *table);

/* The plan with the most columns that fits into width. */
const struct rt_socket_plan *rt_socket_plan(const struct rt_socket_table *table, int width);

/* Whether it has all columns in full, so that there is nothing left to explain. */
bool rt_socket_plan_is_full(const struct rt_socket_plan *plan);

/* Write the headings, which become the head of the sheet, and one row. */
void rt_socket_headings(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
			struct rt_sheet *sheet);
void rt_socket_row(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
		   const struct rt_bundle *bundle, struct rt_sheet *sheet);

/*
 * Writes a line for each state that has changed, where the plan had no room for the one before;
 * then for each other row that has a name and stands for several: how many they are.
 */
void rt_socket_changes(const struct rt_socket_table *table, const struct rt_socket_plan *plan,
		       struct rt_sheet *sheet);

/* Adds a cell; column may be in its short form. */
void rt_socket_cell(const struct rt_socket_table *table, const struct rt_bundle *bundle,
		    uint8_t column, struct rt_str *out);
enum rt_style rt_socket_style(const struct rt_row *row, enum rt_column column);

#endif
