/*
 * Pages on the screen: the one that is read, and where in it. What is read of files is kept until
 * the screen ends.
 */
#ifndef RT_UI_READING_H
#define RT_UI_READING_H

#include "lesson/page.h"
#include "lesson/terms.h"

struct rt_ui;
struct rt_screen;

struct rt_reading {
	const struct rt_page *page;
	/* The entries that are shown: all, or the terms of one step. */
	size_t shown[RT_PAGE_ENTRIES_MAX], n;
	size_t at;			    /* of these, the chosen one */
	int first[RT_PAGE_ENTRIES_MAX + 1]; /* line of each, as drawn last; behind the last: all */
	int top, rows;			    /* the line shown first, and how many there were */
	const struct rt_screen *back;	    /* where it was opened */
	bool stepped;			    /* a step was opened from it: leaving that comes back */
};

/* What was read of files: zero-initialise it. */
struct rt_bookcase {
	size_t n;	       /* how many pages there are: all of pages.def, or none */
	struct rt_page **page; /* by its rows; NULL: not read yet */
	bool *linked;	       /* whether its steps were looked up */
	struct rt_terms *terms;
	bool tried; /* to read the glossary for its terms */
};

/* Looks whether the pages are there, beside the lessons. Without it there are none. */
void rt_reading_begin(struct rt_ui *ui);

/* The page of that row of pages.def, read at the first time; NULL with a message. */
const struct rt_page *rt_reading_page(struct rt_ui *ui, size_t index);

/* The terms of the glossary, read at the first time; NULL where there is none. */
const struct rt_terms *rt_reading_terms(struct rt_ui *ui);

/* Shows a page over the present screen, at that entry. */
void rt_reading_open(struct rt_ui *ui, size_t index, size_t entry);

/* Shows the glossary: in a lesson the terms of the text that is read, else all of it. */
void rt_reading_glossary(struct rt_ui *ui);

/* Whether the text that is read in the lesson has terms. */
bool rt_reading_has_terms(const struct rt_ui *ui);

/* Forgets what was read. */
void rt_reading_close(struct rt_ui *ui);

#endif
