/* How a style looks: eight colours, bold, reverse and underlined. Nothing is told by colour alone. */
#ifndef RT_UI_THEME_H
#define RT_UI_THEME_H

#include <stdbool.h>

#include "ui/canvas.h"

/* The colours of ECMA-48, as curses numbers them. */
enum {
	RT_COLOR_DEFAULT = -1,
	RT_COLOR_RED = 1,
	RT_COLOR_GREEN = 2,
	RT_COLOR_YELLOW = 3,
	RT_COLOR_BLUE = 4,
	RT_COLOR_MAGENTA = 5,
	RT_COLOR_CYAN = 6
};

struct rt_look {
	short color; /* of the characters; the ground is always the terminal's own */
	bool bold;
	bool reverse;
	bool underline;
};

enum rt_theme {
	RT_THEME_AUTO, /* colours that can be read on black and on white */
	RT_THEME_DARK,
	RT_THEME_LIGHT,
	RT_THEME_MONO,
	RT_THEME_PROJECTOR, /* bold, and reverse where one has to look: read from the last row */
	RT_THEMES
};

/* Without colours what they would have told is bold or reverse. */
struct rt_look rt_theme_look(enum rt_style style, enum rt_theme theme);

/* "auto", "dark" ... in the learner's language. */
const char *rt_theme_name(enum rt_theme theme);

/* The same in English, as it is written in settings. */
const char *rt_theme_word(enum rt_theme theme);

/* Whether that is the English name of a theme. */
bool rt_theme_is(const char *name);

/* The theme of that English name; auto for any other, and for NULL. */
enum rt_theme rt_theme_find(const char *name);

#endif
