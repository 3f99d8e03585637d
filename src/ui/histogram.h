/* A call that is made many times, drawn: how far it has come, and what came of it. ASCII alone. */
#ifndef RT_UI_HISTOGRAM_H
#define RT_UI_HISTOGRAM_H

#include "lesson/engine.h"
#include "ui/sheet.h"

/*
 * A bar for each class of the tally, in lines of their own from column left on: its result, a part
 * of the room as large as its part of the runs, and its count. Nothing where there is one class.
 */
void rt_histogram_write(const struct rt_tally *tally, int left, struct rt_sheet *sheet);

/* "[=====-----] 100 of 200" in a line of its own. */
void rt_progress_write(int done, int of, int left, struct rt_sheet *sheet);

#endif
