/*
 * Where a paragraph's lines end. Blanks part words; between two Chinese characters a line may end
 * too.
 */
#ifndef RT_UI_WRAP_H
#define RT_UI_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"

/* The characters of a paragraph. Zero-initialise it. */
struct rt_run {
	struct rt_cell *cell;
	size_t n, cap;
};

void rt_run_fini(struct rt_run *run);
void rt_run_clear(struct rt_run *run);

/* Adds text; its line ends become blanks, or nothing between two wide characters. */
void rt_run_add(struct rt_run *run, enum rt_style style, const char *text, size_t len);

/* The same, with what stands in `backquotes` as code, and *this* emphasised. */
void rt_run_add_marked(struct rt_run *run, enum rt_style style, const char *text, size_t len);

/* A line of a run: its cells are first to end - 1. Zero-initialise it before the first. */
struct rt_break {
	size_t first, end;
	size_t next; /* where the next line begins */
	size_t n_lines;
};

/*
 * Finds the next line of at most width columns. With as_is blanks count like other characters.
 * False at the end.
 */
bool rt_run_break(const struct rt_run *run, int width, bool as_is, struct rt_break *at);

#endif
