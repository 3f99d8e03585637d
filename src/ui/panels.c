#include "ui/panels.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "ui/layout.h"

enum {
	MARGIN = 1,
	AIRY_HEIGHT = 30, /* of a screen that has room for blank lines */
	PROSE_WIDTH = 96, /* longer lines are hard to read */
	HIDDEN = 10000,	  /* the least lines of a panel that is not to be there */
};

/* --- scrolling -------------------------------------------------------------------------------- */

static int last_top(const struct rt_scroll *scroll)
{
	return scroll->lines > scroll->rows ? scroll->lines - scroll->rows : 0;
}

static void clamp(struct rt_scroll *scroll)
{
	if (scroll->top > last_top(scroll))
		scroll->top = last_top(scroll);
	if (scroll->top < 0)
		scroll->top = 0;
}

/* How many items of the sheet stand in sight with all their lines. */
static int items_shown(const struct rt_scroll *scroll, const struct rt_sheet *sheet)
{
	int from = sheet->head + scroll->top, shown = 0;

	for (size_t i = 0; i < sheet->n_items; i++)
		shown += sheet->item[i].first >= from &&
			 sheet->item[i].first + sheet->item[i].n <= from + scroll->rows;
	return shown;
}

/*
 * Follows what the sheet wants in sight, until somebody scrolls by hand; then only when it wants
 * something new.
 */
static void follow(struct rt_scroll *scroll, const struct rt_sheet *sheet, int rows)
{
	int keep = sheet->keep - sheet->head;

	scroll->lines = (int)sheet->n_lines - sheet->head;
	scroll->extra = sheet->extra;
	scroll->rows = rows - sheet->head > 0 ? rows - sheet->head : 0;
	if (sheet->n_keep > 0 && keep != scroll->keep)
		scroll->moved = false;
	scroll->keep = sheet->n_keep > 0 ? keep : -1;
	if (sheet->n_keep > 0 && !scroll->moved) {
		if (keep + sheet->n_keep > scroll->top + scroll->rows)
			scroll->top = keep + sheet->n_keep - scroll->rows;
		if (keep < scroll->top)
			scroll->top = keep;
	}
	clamp(scroll);
	scroll->items = (int)sheet->n_items;
	scroll->items_shown = items_shown(scroll, sheet);
	scroll->cut = sheet->cut;
}

static void scroll_by(struct rt_scroll *scroll, enum rt_action action)
{
	int page = scroll->rows > 2 ? scroll->rows - 1 : 1;

	switch (action) {
	case RT_ACT_UP:
		scroll->top--;
		break;
	case RT_ACT_DOWN:
		scroll->top++;
		break;
	case RT_ACT_PAGE_UP:
		scroll->top -= page;
		break;
	case RT_ACT_PAGE_DOWN:
		scroll->top += page;
		break;
	case RT_ACT_HOME:
		scroll->top = 0;
		break;
	default:
		scroll->top = scroll->lines;
	}
	scroll->moved = true;
	clamp(scroll);
}

void rt_panels_act(struct rt_face *face, enum rt_action action)
{
	const struct rt_view *view = rt_view_of(face, face->focus);
	struct rt_scroll *scroll = &face->scroll[face->focus];

	if (view->act && view->act(face, action)) {
		scroll->moved = false;
		return;
	}
	/* A panel that shows all it has lets the text be turned instead. */
	if (last_top(scroll) == 0 && (action == RT_ACT_PAGE_UP || action == RT_ACT_PAGE_DOWN))
		scroll = &face->scroll[RT_PANEL_READ];
	scroll_by(scroll, action);
}

void rt_panels_reset(struct rt_face *face)
{
	memset(face->scroll, 0, sizeof(face->scroll));
	for (int i = 0; i < RT_PANELS; i++)
		face->scroll[i].keep = -1;
	face->row_chosen = false;
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* The panels, most important first, for what the learner does now. */
static const enum rt_panel *rank_of(const struct rt_face *face)
{
	static const enum rt_panel reading[] = {RT_PANEL_NOW, RT_PANEL_READ, RT_PANEL_SCRIPT,
						RT_PANEL_SOCKETS};
	static const enum rt_panel done[] = {RT_PANEL_NOW, RT_PANEL_READ, RT_PANEL_SOCKETS,
					     RT_PANEL_SCRIPT};
	static const enum rt_panel asked[] = {RT_PANEL_NOW, RT_PANEL_SCRIPT, RT_PANEL_SOCKETS,
					      RT_PANEL_READ};
	static const enum rt_panel answered[] = {RT_PANEL_NOW, RT_PANEL_SOCKETS, RT_PANEL_SCRIPT,
						 RT_PANEL_READ};
	static const enum rt_panel why[] = {RT_PANEL_READ, RT_PANEL_NOW, RT_PANEL_SOCKETS,
					    RT_PANEL_SCRIPT};

	if (face->why)
		return why;
	if (face->tape)
		return asked;
	switch (rt_session_phase(face->session)) {
	case RT_PHASE_ASK:
		return asked;
	case RT_PHASE_RESULT:
		return answered;
	case RT_PHASE_STEP:
	case RT_PHASE_END:
		return done;
	default:
		return reading;
	}
}

static void write_sheets(const struct rt_face *face, const struct rt_layout *layout,
			 struct rt_sheet *sheet, struct rt_need *need)
{
	for (int i = 0; i < RT_PANELS; i++) {
		int width = layout->panel[i].width - 2 * MARGIN;

		if (i != RT_PANEL_SOCKETS && i != RT_PANEL_SCRIPT && width > PROSE_WIDTH)
			width = PROSE_WIDTH;
		rt_sheet_init(&sheet[i], width);
		rt_view_of(face, (enum rt_panel)i)->write(face, &sheet[i]);
		need[i] = (struct rt_need){sheet[i].least, (int)sheet[i].n_lines};
	}
	/* How to type needs to be read once, and the calls are what it is about. */
	if (layout->kind == RT_LAYOUT_STACK && face->tape && face->focus != RT_PANEL_READ &&
	    !face->why && rt_face_step(face)->n_lines > 0)
		need[RT_PANEL_READ] = (struct rt_need){HIDDEN, 0};
	/* A step without calls is there to be read. */
	for (int i = RT_PANEL_SCRIPT; i <= RT_PANEL_SOCKETS; i++)
		if (layout->kind == RT_LAYOUT_STACK && !face->tape &&
		    face->focus != (enum rt_panel)i && rt_face_step(face)->n_lines == 0)
			need[i] = (struct rt_need){HIDDEN, 0};
	/* Calls that have all run give their lines to the text that explains them. */
	if (layout->kind == RT_LAYOUT_STACK && rank_of(face)[RT_PANELS - 1] == RT_PANEL_SCRIPT)
		need[RT_PANEL_SCRIPT].enough = need[RT_PANEL_SCRIPT].least;
}

/*
 * Words at the right end of a panel's rule: what the view has to say, and that there is more to
 * see.
 */
static void add_more(const struct rt_face *face, enum rt_panel panel, struct rt_str *right)
{
	const struct rt_scroll *scroll = &face->scroll[panel];
	bool above = scroll->top > 0, below = scroll->top < last_top(scroll) - scroll->extra;

	if (!above && !below)
		return;
	if (right->len > 0)
		rt_str_add(right, ", ");
	rt_str_add(right, rt_sheet_more(above, below, face->focus == panel));
}

/* What is selected has `>` in the margin: not everybody sees the style. */
static void draw_selected(const struct rt_sheet *sheet, struct rt_canvas *canvas,
			  struct rt_rect rect, int top)
{
	struct rt_rect margin = {rect.x, rect.y + 1, MARGIN, rect.height - 1};

	for (int y = sheet->head; y < margin.height; y++) {
		size_t i = (size_t)(y + top);

		if (i < sheet->n_lines && sheet->line[i].turned) {
			rt_canvas_text(canvas, margin, 0, y, RT_STYLE_CURRENT, ">");
			return;
		}
	}
}

/* Before them: what the lines at the end say, where these have no room. */
static void add_brief(const struct rt_scroll *scroll, const struct rt_sheet *sheet,
		      struct rt_rect rect, const struct rt_str *name, struct rt_str *right)
{
	enum { EDGES = 8 };
	struct rt_str both = {0};

	if (!sheet->brief || scroll->top + scroll->rows > scroll->lines - scroll->extra)
		return;
	rt_str_addf(&both, "%s%s%s", sheet->brief, right->len ? "; " : "", rt_str_text(right));
	if (rt_columns(rt_str_text(&both), both.len) + rt_columns(rt_str_text(name), name->len) +
		    EDGES <=
	    rect.width) {
		rt_str_clear(right);
		rt_str_add(right, rt_str_text(&both));
	}
	rt_str_fini(&both);
}

static void draw_panel(struct rt_face *face, enum rt_panel panel, const struct rt_sheet *sheet,
		       struct rt_canvas *canvas, const struct rt_layout *layout)
{
	struct rt_rect rect = layout->panel[panel];
	struct rt_rect inner = {rect.x + MARGIN, rect.y + 1, rect.width - 2 * MARGIN,
				rect.height - 1};
	struct rt_str name = {0}, right = {0};

	follow(&face->scroll[panel], sheet, inner.height);
	rt_view_of(face, panel)->title(face, &name, &right);
	if (layout->kind == RT_LAYOUT_ONE && !face->zoom && !face->tape) {
		rt_str_clear(&right);
		rt_str_addf(&right, _("%d of %d"), (int)panel + 1, (int)RT_PANELS);
	}
	add_more(face, panel, &right);
	add_brief(&face->scroll[panel], sheet, rect, &name, &right);
	rt_canvas_rule(canvas, rect, 0, face->focus == panel, rt_str_text(&name),
		       rt_str_text(&right));
	rt_sheet_draw(sheet, canvas, inner, face->scroll[panel].top);
	draw_selected(sheet, canvas, rect, face->scroll[panel].top);
	rt_str_fini(&name);
	rt_str_fini(&right);
}

bool rt_panels_draw(struct rt_face *face, struct rt_canvas *canvas, struct rt_rect body)
{
	struct rt_sheet sheet[RT_PANELS];
	struct rt_need need[RT_PANELS];
	struct rt_layout layout;
	int height = rt_canvas_height(canvas);

	face->airy = height >= AIRY_HEIGHT;
	rt_layout_columns(&layout, rt_layout_kind(rt_canvas_width(canvas), height, face->zoom),
			  body);
	layout.typing = face->tape != NULL;
	write_sheets(face, &layout, sheet, need);
	rt_layout_rows(&layout, body, need, rank_of(face), face->focus);
	for (int i = 0; i < RT_PANELS; i++) {
		if (layout.panel[i].height > 0)
			draw_panel(face, (enum rt_panel)i, &sheet[i], canvas, &layout);
		rt_sheet_fini(&sheet[i]);
	}
	if (layout.gap.height > 0)
		rt_canvas_vrule(canvas, layout.gap, 0);
	return layout.panel[RT_PANEL_SOCKETS].height > 1;
}
