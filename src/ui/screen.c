#include "ui/screen.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "ui/keys.h"

/* --- drawing ---------------------------------------------------------------------------------- */

/* Three lines are not the screen's own: the title, the rule and the key bar. */
struct rt_rect rt_screen_body(const struct rt_ui *ui)
{
	return (struct rt_rect){0, 1, rt_canvas_width(ui->canvas),
				rt_canvas_height(ui->canvas) - 3};
}

void rt_screen_frame(struct rt_ui *ui, const char *title, const char *right)
{
	int width = rt_canvas_width(ui->canvas), height = rt_canvas_height(ui->canvas);
	struct rt_rect line = {0, 0, width - 1, 1}, all = {0, 0, width, height};
	int columns = rt_columns(right, strlen(right));

	if (columns > 0) {
		rt_canvas_text(ui->canvas, line, line.width - columns, 0, RT_STYLE_NORMAL, right);
		line.width -= columns + 1;
	}
	rt_canvas_text(ui->canvas, line, 1, 0, RT_STYLE_TITLE, title);
	rt_canvas_rule(ui->canvas, all, height - 2, ui->message[0] != '\0', ui->message, NULL);
	rt_keys_draw_bar(ui, height - 1);
}

static void draw_too_small(struct rt_ui *ui)
{
	struct rt_rect all = {0, 0, rt_canvas_width(ui->canvas), rt_canvas_height(ui->canvas)};
	struct rt_sheet sheet;

	rt_sheet_init(&sheet, all.width);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, _("needs 40x12; q quits, or use --plain"));
	rt_sheet_draw(&sheet, ui->canvas, all, 0);
	rt_sheet_fini(&sheet);
}

static bool is_too_small(const struct rt_ui *ui)
{
	return rt_canvas_width(ui->canvas) < RT_WIDTH_MIN ||
	       rt_canvas_height(ui->canvas) < RT_HEIGHT_MIN;
}

void rt_screen_draw(struct rt_ui *ui)
{
	rt_canvas_clear(ui->canvas);
	ui->countdown = false;
	if (is_too_small(ui))
		draw_too_small(ui);
	else
		ui->screen->draw(ui);
}

void rt_screen_say(struct rt_ui *ui, const char *message)
{
	snprintf(ui->message, sizeof(ui->message), "%s", message);
}

/* --- keys ------------------------------------------------------------------------------------- */

void rt_screen_over(struct rt_ui *ui, const struct rt_screen *screen)
{
	ui->below = ui->screen;
	ui->screen = screen;
	ui->typed[0] = '\0';
}

void rt_screen_back(struct rt_ui *ui)
{
	ui->screen = ui->below;
	ui->typed[0] = '\0';
}

static void key_too_small(struct rt_ui *ui, uint32_t key)
{
	if (key == 'q' || key == 'Q')
		ui->done = true;
}

void rt_screen_act(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	switch (action) {
	case RT_ACT_NONE:
		break;
	case RT_ACT_QUIT:
		ui->done = true;
		break;
	case RT_ACT_HELP:
		ui->help = (struct rt_list){0};
		rt_screen_over(ui, &rt_screen_help);
		break;
	case RT_ACT_REDRAW:
		if (ui->term)
			rt_term_redraw(ui->term);
		break;
	default:
		ui->screen->act(ui, action, key);
	}
}

void rt_screen_key(struct rt_ui *ui, uint32_t key)
{
	ui->dirty = true;
	ui->message[0] = '\0';
	if (is_too_small(ui)) {
		key_too_small(ui, key);
		return;
	}
	if (key >= 0x80 && key < RT_KEY_UP) {
		rt_screen_say(ui,
			      _("Input method is on: switch to English, or use arrows and Enter"));
		return;
	}
	if (ui->screen->type && ui->screen->type(ui, key))
		return;
	rt_screen_act(ui, rt_key_action(ui, key), key);
}

/* --- lists ------------------------------------------------------------------------------------ */

bool rt_list_act(struct rt_list *list, size_t n, enum rt_action action)
{
	size_t page = list->rows > 1 ? list->rows - 1 : 1;

	switch (action) {
	case RT_ACT_UP:
		list->at -= list->at > 0;
		break;
	case RT_ACT_DOWN:
		list->at += list->at + 1 < n;
		break;
	case RT_ACT_PAGE_UP:
		list->at = list->at > page ? list->at - page : 0;
		break;
	case RT_ACT_PAGE_DOWN:
		list->at = list->at + page < n ? list->at + page : n ? n - 1 : 0;
		break;
	case RT_ACT_HOME:
		list->at = 0;
		break;
	case RT_ACT_END:
		list->at = n ? n - 1 : 0;
		break;
	default:
		return false;
	}
	return true;
}

void rt_list_show(struct rt_list *list, size_t n, int rows)
{
	list->rows = rows > 0 ? (size_t)rows : 1;
	if (list->at >= n)
		list->at = n ? n - 1 : 0;
	if (list->at < list->top)
		list->top = list->at;
	if (list->at >= list->top + list->rows)
		list->top = list->at - list->rows + 1;
	if (list->top + list->rows > n)
		list->top = n > list->rows ? n - list->rows : 0;
}
