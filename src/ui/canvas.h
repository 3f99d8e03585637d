/*
 * A screen as a value: a grid of cells. Everything is drawn here; curses, plain text and the tests
 * only read it.
 */
#ifndef RT_UI_CANVAS_H
#define RT_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* What a cell means, not how it looks: theme.h gives the looks. */
enum rt_style {
	RT_STYLE_NORMAL,
	RT_STYLE_TITLE, /* first line of a screen */
	RT_STYLE_RULE,	/* the lines between panels, and their names */
	RT_STYLE_FOCUS, /* the name of the panel that has the keys */
	RT_STYLE_STRONG,
	RT_STYLE_EMPH,
	RT_STYLE_CODE,
	RT_STYLE_TERM, /* a word that the glossary explains */
	RT_STYLE_DIM,  /* what is not yet, or no more */
	RT_STYLE_KEY,  /* a key in the key bar */
	RT_STYLE_SELECTED,
	RT_STYLE_CURRENT, /* the next call of the script */
	RT_STYLE_GOOD,	  /* as predicted, success */
	RT_STYLE_BAD,	  /* differs, refused */
	RT_STYLE_NEW,	  /* a row that appeared */
	RT_STYLE_CHANGED,
	RT_STYLE_GONE,
	RT_STYLE_ACTOR, /* the name of a process */
	RT_STYLES
};

struct rt_cell {
	uint32_t c;    /* 0: the right half of the wide character before it */
	uint8_t style; /* enum rt_style */
};

struct rt_canvas;

/* Part of a canvas; drawing outside of it is cut off. */
struct rt_rect {
	int x, y, width, height;
};

/* A canvas of blanks. ascii: box characters become + - |. */
struct rt_canvas *rt_canvas_new(int width, int height, bool ascii);
void rt_canvas_free(struct rt_canvas *canvas);
void rt_canvas_resize(struct rt_canvas *canvas, int width, int height);
void rt_canvas_clear(struct rt_canvas *canvas);

/* Makes *to what *from is, its size too. */
void rt_canvas_copy(struct rt_canvas *to, const struct rt_canvas *from);

int rt_canvas_width(const struct rt_canvas *canvas);
int rt_canvas_height(const struct rt_canvas *canvas);
bool rt_canvas_is_ascii(const struct rt_canvas *canvas);
const struct rt_cell *rt_canvas_cell(const struct rt_canvas *canvas, int x, int y);

/*
 * Draws text in one line from x (relative to rect) at y, cut at the rect's right edge; a wide
 * character that would be cut in half is left out. Control characters cannot get in (base/utf8.h).
 * Returns the column after the last one drawn.
 */
int rt_canvas_text(struct rt_canvas *canvas, struct rt_rect rect, int x, int y, enum rt_style style,
		   const char *text);
int rt_canvas_textn(struct rt_canvas *canvas, struct rt_rect rect, int x, int y,
		    enum rt_style style, const char *text, size_t len);

/* The same for one character. One that takes no column, such as a combining accent, is left out. */
int rt_canvas_char(struct rt_canvas *canvas, struct rt_rect rect, int x, int y, enum rt_style style,
		   uint32_t c);

/*
 * A horizontal rule over the rect's width at y with a name in it at the left and, if not NULL,
 * words at the right.
 */
void rt_canvas_rule(struct rt_canvas *canvas, struct rt_rect rect, int y, bool focus,
		    const char *name, const char *right);

/*
 * A vertical rule over the rect's height at x, joined to the rules that meet it: draw it after
 * them.
 */
void rt_canvas_vrule(struct rt_canvas *canvas, struct rt_rect rect, int x);

/* Gives cells of one line a style. */
void rt_canvas_style(struct rt_canvas *canvas, struct rt_rect rect, int x, int y, int width,
		     enum rt_style style);

/*
 * The whole grid as UTF-8 text, a line each, blanks at the ends of lines cut: for tests and dumps.
 */
void rt_canvas_dump(const struct rt_canvas *canvas, struct rt_str *out);

#endif
