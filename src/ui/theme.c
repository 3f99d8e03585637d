#include "ui/theme.h"

/* Yellow and blue are left out: one cannot be read on white, the other not on black. */
static const struct rt_look looks[RT_STYLES] = {
	[RT_STYLE_NORMAL] = {RT_COLOR_DEFAULT, false, false},
	[RT_STYLE_TITLE] = {RT_COLOR_DEFAULT, true, false},
	[RT_STYLE_RULE] = {RT_COLOR_DEFAULT, false, false},
	[RT_STYLE_FOCUS] = {RT_COLOR_DEFAULT, true, true},
	[RT_STYLE_STRONG] = {RT_COLOR_DEFAULT, true, false},
	[RT_STYLE_EMPH] = {RT_COLOR_DEFAULT, true, false},
	[RT_STYLE_CODE] = {RT_COLOR_CYAN, false, false},
	[RT_STYLE_DIM] = {RT_COLOR_DEFAULT, false, false},
	[RT_STYLE_KEY] = {RT_COLOR_DEFAULT, true, false},
	[RT_STYLE_SELECTED] = {RT_COLOR_DEFAULT, false, true},
	[RT_STYLE_CURRENT] = {RT_COLOR_DEFAULT, true, false},
	[RT_STYLE_GOOD] = {RT_COLOR_GREEN, true, false},
	[RT_STYLE_BAD] = {RT_COLOR_RED, true, false},
	[RT_STYLE_NEW] = {RT_COLOR_GREEN, true, false},
	[RT_STYLE_CHANGED] = {RT_COLOR_MAGENTA, true, false},
	[RT_STYLE_GONE] = {RT_COLOR_RED, false, false},
	[RT_STYLE_ACTOR] = {RT_COLOR_CYAN, false, false},
};

struct rt_look rt_theme_look(enum rt_style style, bool color)
{
	struct rt_look look = looks[style < RT_STYLES ? style : RT_STYLE_NORMAL];

	if (!color)
		look.color = RT_COLOR_DEFAULT;
	return look;
}
