#include "ui/theme.h"

#include <string.h>

#include "base/i18n.h"

/*
 * As the theme `auto` has them. Yellow and blue are left out: one cannot be read on white, the
 * other not on black.
 */
static const struct rt_look looks[RT_STYLES] = {
	[RT_STYLE_NORMAL] = {RT_COLOR_DEFAULT, false, false, false},
	[RT_STYLE_TITLE] = {RT_COLOR_DEFAULT, true, false, false},
	[RT_STYLE_RULE] = {RT_COLOR_DEFAULT, false, false, false},
	[RT_STYLE_FOCUS] = {RT_COLOR_DEFAULT, true, true, false},
	[RT_STYLE_STRONG] = {RT_COLOR_DEFAULT, true, false, false},
	[RT_STYLE_EMPH] = {RT_COLOR_DEFAULT, true, false, false},
	[RT_STYLE_CODE] = {RT_COLOR_CYAN, false, false, false},
	[RT_STYLE_TERM] = {RT_COLOR_DEFAULT, false, false, true},
	[RT_STYLE_DIM] = {RT_COLOR_DEFAULT, false, false, false},
	[RT_STYLE_KEY] = {RT_COLOR_DEFAULT, true, false, false},
	[RT_STYLE_SELECTED] = {RT_COLOR_DEFAULT, false, true, false},
	[RT_STYLE_CURRENT] = {RT_COLOR_DEFAULT, true, false, false},
	[RT_STYLE_GOOD] = {RT_COLOR_GREEN, true, false, false},
	[RT_STYLE_BAD] = {RT_COLOR_RED, true, false, false},
	[RT_STYLE_NEW] = {RT_COLOR_GREEN, true, false, false},
	[RT_STYLE_CHANGED] = {RT_COLOR_MAGENTA, true, false, false},
	[RT_STYLE_GONE] = {RT_COLOR_RED, false, false, false},
	[RT_STYLE_ACTOR] = {RT_COLOR_CYAN, false, false, false},
};

/* What a theme has in place of a colour of the table. */
static short color_of(short color, enum rt_theme theme)
{
	switch (theme) {
	case RT_THEME_DARK:
		return color == RT_COLOR_MAGENTA ? RT_COLOR_YELLOW : color;
	case RT_THEME_LIGHT:
		return color == RT_COLOR_CYAN ? RT_COLOR_BLUE : color;
	case RT_THEME_MONO:
	case RT_THEME_PROJECTOR:
		return RT_COLOR_DEFAULT;
	default:
		return color;
	}
}

static bool calls_for_eyes(enum rt_style style)
{
	return style == RT_STYLE_TITLE || style == RT_STYLE_CURRENT || style == RT_STYLE_BAD ||
	       style == RT_STYLE_CHANGED;
}

struct rt_look rt_theme_look(enum rt_style style, enum rt_theme theme)
{
	struct rt_look look = looks[style < RT_STYLES ? style : RT_STYLE_NORMAL];

	look.color = color_of(look.color, theme);
	if (theme == RT_THEME_PROJECTOR) {
		look.bold = true;
		look.reverse = look.reverse || calls_for_eyes(style);
	}
	return look;
}

static const char *const names[RT_THEMES] = {N_("auto"), N_("dark"), N_("light"), N_("mono"),
					     N_("projector")};

const char *rt_theme_name(enum rt_theme theme)
{
	return _(names[theme < RT_THEMES ? theme : RT_THEME_AUTO]);
}

const char *rt_theme_word(enum rt_theme theme)
{
	return names[theme < RT_THEMES ? theme : RT_THEME_AUTO];
}

bool rt_theme_is(const char *name)
{
	return strcmp(rt_theme_word(rt_theme_find(name)), name) == 0;
}

enum rt_theme rt_theme_find(const char *name)
{
	for (int i = 0; name && i < RT_THEMES; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum rt_theme)i;
	return RT_THEME_AUTO;
}
