/*
 * Which panel of a lesson stands where. Sizes in, rectangles out; it knows nothing of what the
 * panels show.
 */
#ifndef RT_UI_LAYOUT_H
#define RT_UI_LAYOUT_H

#include "ui/view.h"

enum rt_layout_kind {
	RT_LAYOUT_ONE,	 /* one panel at a time: a small screen, or zoomed */
	RT_LAYOUT_STACK, /* one below the other, 80x24 */
	RT_LAYOUT_TWO,	 /* text and script at the left, sockets at the right, 110x30 */
	RT_LAYOUT_WIDE,	 /* text and script side by side, the sockets below them, 160x40 */
};

/* Lines that a panel wants, without its rule. */
struct rt_need {
	int least;  /* without these it is of no use */
	int enough; /* all of it */
};

struct rt_layout {
	enum rt_layout_kind kind;
	struct rt_rect panel[RT_PANELS]; /* with its rule as first line; height 0: not shown */
	/* Somebody types in RT_PANEL_NOW: it is there always, where there is one panel too. */
	bool typing;
	struct rt_rect gap; /* for a vertical rule and its joint below; height 0: none */
};

/* The kind for a whole screen of that size. */
enum rt_layout_kind rt_layout_kind(int width, int height, bool zoom);

/* Gives the panels of body their columns; heights come from rt_layout_rows(). */
void rt_layout_columns(struct rt_layout *layout, enum rt_layout_kind kind, struct rt_rect body);

/*
 * Gives them their lines. rank: the panels, most important first: where lines are short, the last
 * ones go without. focus: the panel that has the keys; it is always shown.
 */
void rt_layout_rows(struct rt_layout *layout, struct rt_rect body,
		    const struct rt_need need[RT_PANELS], const enum rt_panel rank[RT_PANELS],
		    enum rt_panel focus);

#endif
