/* An entry of a page, and its tables, as lines of a sheet. */
#ifndef RT_UI_SHEET_PAGE_H
#define RT_UI_SHEET_PAGE_H

#include "lesson/page.h"
#include "ui/sheet.h"

/* Adds what stands before the first entry: what the page answers, its text, the verdicts counted. */
void rt_sheet_intro(struct rt_sheet *sheet, const struct rt_page *page);

/* Adds an entry; a mark stands before the chosen one. */
void rt_sheet_entry(struct rt_sheet *sheet, const struct rt_page *page, size_t index, bool chosen);

/*
 * Adds a table, `left` columns further in: with columns where each has room, else row by row as
 * lines "column: cell".
 */
void rt_sheet_table(struct rt_sheet *sheet, const struct rt_table *table, int left);

#endif
