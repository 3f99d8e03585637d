/* How a style looks: eight colours, bold and reverse. Nothing is told by colour alone. */
#ifndef RT_UI_THEME_H
#define RT_UI_THEME_H

#include <stdbool.h>

#include "ui/canvas.h"

/* The colours of ECMA-48, as curses numbers them. */
enum {
	RT_COLOR_DEFAULT = -1,
	RT_COLOR_RED = 1,
	RT_COLOR_GREEN = 2,
	RT_COLOR_MAGENTA = 5,
	RT_COLOR_CYAN = 6
};

struct rt_look {
	short color; /* of the characters; the ground is always the terminal's own */
	bool bold;
	bool reverse;
};

/* With color false the look has none: what it would have told is then bold or reverse. */
struct rt_look rt_theme_look(enum rt_style style, bool color);

#endif
