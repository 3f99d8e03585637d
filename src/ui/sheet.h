/*
 * Styled lines of one width, as long as they need to be: a view writes its contents on a sheet, and
 * as much of it is shown as there is room for. Lines are cut at the width; paragraphs are wrapped
 * to it.
 */
#ifndef RT_UI_SHEET_H
#define RT_UI_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "lesson/lesson.h"
#include "ui/canvas.h"

struct rt_sheet_line {
	size_t first, n; /* its cells */
	bool turned;	 /* the whole line is shown in `style`, to the edge */
	enum rt_style style;
};

/* What is of use only as a whole: a row of the table, the next call. */
struct rt_sheet_item {
	int first, n; /* its lines */
};

struct rt_sheet {
	struct rt_cell *cell; /* a wide character is one cell here */
	size_t n_cells, cap_cells;
	struct rt_sheet_line *line;
	size_t n_lines, cap_lines;
	struct rt_sheet_item *item;
	size_t n_items, cap_items;
	int width;
	int column; /* where the last line ends */

	/* What its view says of it. */
	const char *brief; /* `least` in a few words, for where it is out of sight; or NULL */
	int head;	   /* lines at the top that stay while the rest scrolls */
	int least;	   /* lines without which the view is of no use */
	int keep, n_keep;  /* lines that want to be in sight; n_keep 0: none in particular */
	int extra; /* lines at the end that nobody misses: no reason to say that there is more */
	bool cut;  /* a character had no room and was left out */
};

void rt_sheet_init(struct rt_sheet *sheet, int width);
void rt_sheet_fini(struct rt_sheet *sheet);

/* Begins the next line. */
void rt_sheet_line(struct rt_sheet *sheet);

/* Adds to the last line: blanks up to column; text. What does not fit is cut. */
void rt_sheet_at(struct rt_sheet *sheet, int column);
void rt_sheet_add(struct rt_sheet *sheet, enum rt_style style, const char *text);

/* Adds to the last line what stands in a line of another sheet. */
void rt_sheet_copy(struct rt_sheet *sheet, const struct rt_sheet *from, size_t line);

/* A line of its own with one text in it. */
void rt_sheet_text(struct rt_sheet *sheet, int column, enum rt_style style, const char *text);

/*
 * Adds text as lines of its own, wrapped: the first begins at column first, the others at rest.
 * What stands in `backquotes` becomes code, *this* is emphasised; a newline ends a paragraph.
 */
void rt_sheet_wrap(struct rt_sheet *sheet, int first, int rest, enum rt_style style,
		   const char *text);

/* The same, going on in the last line where that has come to. */
void rt_sheet_wrap_on(struct rt_sheet *sheet, int rest, enum rt_style style, const char *text);

/* Adds a paragraph of a lesson; the first line of plain text begins `first` columns further in. */
void rt_sheet_para(struct rt_sheet *sheet, const struct rt_para *para, int first);

/* Shows a whole line in one style, to the edge. */
void rt_sheet_turn(struct rt_sheet *sheet, size_t line, enum rt_style style);

/* Says that the lines from first to the last one are an item. */
void rt_sheet_item(struct rt_sheet *sheet, int first);

/*
 * Words for the rule above lines of which some are out of sight, NULL where all are in sight. here:
 * the keys that scroll act on them, and are named.
 */
const char *rt_sheet_more(bool above, bool below, bool here);

/* Draws the head, then the lines from head + top on, as many as rect has room for. */
void rt_sheet_draw(const struct rt_sheet *sheet, struct rt_canvas *canvas, struct rt_rect rect,
		   int top);

#endif
