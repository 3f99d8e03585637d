#include "ui/layout.h"

#include <string.h>

enum {
	STACK_WIDTH = 80,
	STACK_HEIGHT = 20, /* below that two panels would be all there is room for */
	TWO_WIDTH = 110,
	TWO_HEIGHT = 30,
	WIDE_WIDTH = 160,
	WIDE_HEIGHT = 40,
	TABLE_WIDTH = 80, /* the socket table in one line a row */
	SCRIPT_WIDTH = 56,
	TWO_NOW = 7, /* lines that are there for what to do, even where it wants fewer */
	WIDE_NOW = 11,
	WIDE_SOCKETS = 10,
};

enum rt_layout_kind rt_layout_kind(int width, int height, bool zoom)
{
	if (zoom || width < STACK_WIDTH || height < STACK_HEIGHT)
		return RT_LAYOUT_ONE;
	if (width >= WIDE_WIDTH && height >= WIDE_HEIGHT)
		return RT_LAYOUT_WIDE;
	return width >= TWO_WIDTH && height >= TWO_HEIGHT ? RT_LAYOUT_TWO : RT_LAYOUT_STACK;
}

void rt_layout_columns(struct rt_layout *layout, enum rt_layout_kind kind, struct rt_rect body)
{
	int left = body.width / 2;

	memset(layout, 0, sizeof(*layout));
	layout->kind = kind;
	for (int i = 0; i < RT_PANELS; i++)
		layout->panel[i] = (struct rt_rect){body.x, body.y, body.width, 0};
	if (kind != RT_LAYOUT_TWO && kind != RT_LAYOUT_WIDE)
		return;
	/* With two columns the table gets what it needs, if the script keeps enough. */
	if (kind == RT_LAYOUT_TWO && body.width - TABLE_WIDTH >= SCRIPT_WIDTH)
		left = body.width - TABLE_WIDTH - 1;
	layout->gap = (struct rt_rect){body.x + left, body.y, 1, 0};
	layout->panel[RT_PANEL_READ].width = left;
	if (kind == RT_LAYOUT_TWO) {
		layout->panel[RT_PANEL_SCRIPT].width = left;
		layout->panel[RT_PANEL_SOCKETS].x = body.x + left + 1;
		layout->panel[RT_PANEL_SOCKETS].width = body.width - left - 1;
	} else {
		layout->panel[RT_PANEL_SCRIPT].x = body.x + left + 1;
		layout->panel[RT_PANEL_SCRIPT].width = body.width - left - 1;
	}
}

/* --- one below the other ---------------------------------------------------------------------- */

/* A share of lines: what a panel gets, its rule included; 0: it is not shown. */
struct share {
	enum rt_panel panel;
	struct rt_need need;
	int got;
};

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

/* The panel that has least of those that want more, NULL where none wants more. */
static struct share *poorest(struct share *share, int n)
{
	struct share *found = NULL;

	for (int i = 0; i < n; i++)
		if (share[i].got > 0 && share[i].got - 1 < share[i].need.enough &&
		    (!found || share[i].got < found->got))
			found = &share[i];
	return found;
}

/*
 * Parts `total` lines among n panels, the most important first: first the least that each needs,
 * then line by line to whoever has least. What nobody wants goes to the text, so that what is below
 * it stays in its place.
 */
static void part(struct share *share, int n, int total)
{
	struct share *rich = &share[0];

	for (int i = 0; i < n; i++) {
		int least = share[i].need.least + 1;

		/* The most important is cut rather than left out. */
		if (total >= least || (i == 0 && total >= 2)) {
			share[i].got = smaller(least, total);
			total -= share[i].got;
			if (rich->panel != RT_PANEL_READ)
				rich = &share[i];
		}
	}
	for (struct share *next; total > 0 && (next = poorest(share, n)) != NULL; total--)
		next->got++;
	rich->got += total;
}

/*
 * Parts body among the panels of `stack`, in the order in which they stand; rank and focus say who
 * comes first.
 */
static void stack(struct rt_layout *layout, struct rt_rect body, const enum rt_panel *order, int n,
		  const struct rt_need need[RT_PANELS], const enum rt_panel rank[RT_PANELS])
{
	struct share share[RT_PANELS];
	int k = 0, y = body.y;

	for (int i = 0; i < RT_PANELS; i++)
		for (int j = 0; j < n; j++)
			if (order[j] == rank[i])
				share[k++] = (struct share){rank[i], need[rank[i]], 0};
	part(share, n, body.height);
	for (int j = 0; j < n; j++)
		for (int i = 0; i < n; i++) {
			if (share[i].panel != order[j])
				continue;
			layout->panel[order[j]].y = y;
			layout->panel[order[j]].height = share[i].got;
			y += share[i].got;
		}
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/*
 * As many lines at the bottom of body for a panel as it wants, but not more than half of them. It
 * always has the usual ones: nothing moves when a question comes and goes. Returns what is left.
 */
static struct rt_rect take_bottom(struct rt_layout *layout, struct rt_rect body,
				  enum rt_panel panel, struct rt_need need, int usual)
{
	int rows = smaller(most(need.enough, usual), most(need.least, body.height / 2)) + 1;

	rows = smaller(rows, body.height);
	layout->panel[panel].y = body.y + body.height - rows;
	layout->panel[panel].height = rows;
	body.height -= rows;
	return body;
}

static void rows_of_columns(struct rt_layout *layout, struct rt_rect body,
			    const struct rt_need need[RT_PANELS],
			    const enum rt_panel rank[RT_PANELS])
{
	static const enum rt_panel left[] = {RT_PANEL_READ, RT_PANEL_SCRIPT};
	struct rt_rect top = take_bottom(layout, body, RT_PANEL_NOW, need[RT_PANEL_NOW],
					 layout->kind == RT_LAYOUT_TWO ? TWO_NOW : WIDE_NOW);

	if (layout->kind == RT_LAYOUT_TWO) {
		layout->panel[RT_PANEL_SOCKETS].y = top.y;
		layout->panel[RT_PANEL_SOCKETS].height = top.height;
		stack(layout, top, left, 2, need, rank);
	} else {
		top = take_bottom(layout, top, RT_PANEL_SOCKETS, need[RT_PANEL_SOCKETS],
				  WIDE_SOCKETS);
		layout->panel[RT_PANEL_READ].y = layout->panel[RT_PANEL_SCRIPT].y = top.y;
		layout->panel[RT_PANEL_READ].height = layout->panel[RT_PANEL_SCRIPT].height =
			top.height;
	}
	layout->gap.y = top.y;
	layout->gap.height = top.height + 1;
}

void rt_layout_rows(struct rt_layout *layout, struct rt_rect body,
		    const struct rt_need need[RT_PANELS], const enum rt_panel rank[RT_PANELS],
		    enum rt_panel focus)
{
	static const enum rt_panel order[] = {RT_PANEL_READ, RT_PANEL_SCRIPT, RT_PANEL_SOCKETS,
					      RT_PANEL_NOW};
	enum rt_panel by[RT_PANELS];
	int n = 0;

	if (layout->kind == RT_LAYOUT_ONE) {
		if (layout->typing) {
			body = take_bottom(layout, body, RT_PANEL_NOW, need[RT_PANEL_NOW], 0);
			focus = focus == RT_PANEL_NOW ? RT_PANEL_SCRIPT : focus;
		}
		layout->panel[focus].height = body.height;
		return;
	}
	/* Who has the keys must be seen: it comes second, after what is most important. */
	by[n++] = rank[0];
	if (focus != rank[0])
		by[n++] = focus;
	for (int i = 1; i < RT_PANELS; i++)
		if (rank[i] != focus)
			by[n++] = rank[i];
	if (layout->kind == RT_LAYOUT_STACK)
		stack(layout, body, order, RT_PANELS, need, by);
	else
		rows_of_columns(layout, body, need, by);
}
