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

/* On the rule above the key bar; one that is too long for it above that, over what stands there. */
static void draw_message(struct rt_ui *ui, struct rt_rect all)
{
	enum { EDGES = 4 };
	bool fits = rt_columns(ui->message, strlen(ui->message)) + EDGES <= all.width;
	struct rt_rect rect = all;
	struct rt_sheet sheet;

	rt_canvas_rule(ui->canvas, all, all.height - 2, fits && ui->message[0] != '\0',
		       fits ? ui->message : NULL, NULL);
	if (fits)
		return;
	rt_sheet_init(&sheet, all.width - 2);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_FOCUS, ui->message);
	rect.height = (int)sheet.n_lines;
	rect.y = all.height - 2 - rect.height;
	for (int y = 0; y < rect.height; y++)
		for (int x = 0; x < rect.width; x++)
			rt_canvas_char(ui->canvas, rect, x, y, RT_STYLE_NORMAL, ' ');
	rect.x = 1;
	rect.width -= 2;
	rt_sheet_draw(&sheet, ui->canvas, rect, 0);
	rt_sheet_fini(&sheet);
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
	draw_message(ui, all);
	rt_keys_draw_bar(ui, height - 1);
}

static void draw_too_small(struct rt_ui *ui)
{
	struct rt_rect all = {0, 0, rt_canvas_width(ui->canvas), rt_canvas_height(ui->canvas)};
	struct rt_sheet sheet;

	rt_sheet_init(&sheet, all.width);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, _("needs 40x12; q quits, or use --plain"));
	if ((int)sheet.n_lines > all.height) {
		rt_sheet_fini(&sheet);
		rt_sheet_init(&sheet, all.width);
		rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, _("needs 40x12; q, --plain"));
	}
	rt_sheet_draw(&sheet, ui->canvas, all, 0);
	rt_sheet_fini(&sheet);
}

bool rt_screen_is_too_small(const struct rt_ui *ui)
{
	return rt_canvas_width(ui->canvas) < RT_WIDTH_MIN ||
	       rt_canvas_height(ui->canvas) < RT_HEIGHT_MIN;
}

void rt_screen_draw(struct rt_ui *ui)
{
	rt_canvas_clear(ui->canvas);
	ui->countdown = false;
	if (rt_screen_is_too_small(ui))
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

static void next_theme(struct rt_ui *ui)
{
	char text[sizeof(ui->message)];
	bool color = true;

	ui->theme = (enum rt_theme)((ui->theme + 1) % RT_THEMES);
	if (ui->term)
		color = rt_term_theme(ui->term, ui->theme);
	snprintf(text, sizeof(text),
		 color ? _("Theme: %s") : _("Theme: %s, without colours, as it was asked for"),
		 rt_theme_name(ui->theme));
	rt_screen_say(ui, text);
	rt_kept_theme(ui);
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
	case RT_ACT_GO_TO:
		rt_find_open(ui, &rt_screen_go);
		break;
	case RT_ACT_SEARCH:
		rt_find_open(ui, &rt_screen_search);
		break;
	case RT_ACT_GLOSSARY:
		rt_reading_glossary(ui);
		break;
	case RT_ACT_THEME:
		next_theme(ui);
		break;
	case RT_ACT_REDRAW:
		if (ui->term)
			rt_term_redraw(ui->term);
		break;
	default:
		ui->screen->act(ui, action, key);
	}
}

/* Whether the key goes on to something that was not on the screen when it was pressed. */
static bool goes_on(uint32_t key)
{
	return key == RT_KEY_ENTER || key == ' ';
}

void rt_screen_key(struct rt_ui *ui, uint32_t key)
{
	enum rt_action action;

	ui->dirty = true;
	ui->message[0] = '\0';
	if (rt_screen_is_too_small(ui)) {
		key_too_small(ui, key);
		return;
	}
	if (ui->screen->type && ui->screen->type(ui, key))
		return;
	key = rt_key_fold(key);
	if (key >= 0x80 && key < RT_KEY_UP) {
		rt_screen_say(ui,
			      _("Input method is on: switch to English, or use arrows and Enter"));
		return;
	}
	/* Nobody can mean to pass by what was not yet shown. */
	if (goes_on(key) && ui->gone_on)
		return;
	ui->gone_on = ui->gone_on || goes_on(key);
	action = rt_key_action(ui, key);
	if (action != RT_ACT_RESET)
		ui->reset_asked = false;
	if (action == RT_ACT_NONE)
		rt_keys_say_why_not(ui, key);
	rt_screen_act(ui, action, key);
}

/* --- typing ----------------------------------------------------------------------------------- */

uint32_t rt_key_fold(uint32_t key)
{
	if (key == 0x3000)
		return ' ';
	return key >= 0xff01 && key <= 0xff5e ? key - 0xff01 + '!' : key;
}

static bool is_text(uint32_t key)
{
	char text[5];
	uint32_t c;

	if (key < ' ' || key >= RT_KEY_UP || key == RT_REPLACEMENT)
		return false;
	(void)rt_utf8_next(text, rt_utf8_encode(key, text), &c);
	return c == key;
}

static void take_back(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && (text[len - 1] & 0xc0) == 0x80)
		len--;
	text[len > 0 ? len - 1 : 0] = '\0';
}

bool rt_screen_type(struct rt_ui *ui, uint32_t key)
{
	size_t len = strlen(ui->typed);
	char text[5];

	/* The line end of a pasted text; the learner's own Enter comes alone. */
	if (key == RT_KEY_ENTER && ui->more_keys)
		key = ' ';
	if (key == RT_KEY_BACKSPACE) {
		take_back(ui->typed);
		return true;
	}
	if (!is_text(key))
		return false;
	if (len + rt_utf8_encode(key, text) < sizeof(ui->typed))
		strcat(ui->typed, text);
	return true;
}

void rt_screen_typed(const struct rt_ui *ui, const char *label, struct rt_str *out)
{
	const char *end = ui->typed;
	int over = rt_columns(end, strlen(end)) + rt_columns(label, strlen(label)) -
		   rt_canvas_width(ui->canvas) / 2;
	uint32_t c;

	for (; over > 0 && *end; over -= rt_char_columns(c))
		end += rt_utf8_next(end, strlen(end), &c);
	rt_str_addf(out, "%s%s_", label, end);
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

const char *rt_list_place(const struct rt_list *list, size_t n, char *text, size_t size)
{
	text[0] = '\0';
	if (n > list->rows)
		snprintf(text, size, _("%zu of %zu"), list->at + 1, n);
	return text;
}
