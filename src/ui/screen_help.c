/*
 * The keys of the screen below, from the key table. What is typed filters them; Enter does what the
 * chosen one does.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "ui/keys.h"

enum { MARGIN = 1, ENTRIES_MAX = 64, KEYS_COLUMN = 11, HELP_COLUMN = 24 };

static bool fits_filter(const struct rt_ui *ui, const struct rt_binding *binding)
{
	return !ui->typed[0] || strcasestr(_(binding->help), ui->typed) ||
	       (binding->keys[0] && strcasestr(_(binding->keys), ui->typed)) ||
	       strcasestr(rt_key_group_name(binding->group), ui->typed);
}

/*
 * What the list shows: the bindings of the screen below that have words, by group. Returns how
 * many.
 */
static size_t entries(const struct rt_ui *ui, const struct rt_binding **entry)
{
	size_t n, found = 0;
	const struct rt_binding *all = rt_bindings(&n);

	for (int group = 0; group < RT_KEY_GROUPS; group++)
		for (size_t i = 0; i < n && found < ENTRIES_MAX; i++)
			if ((int)all[i].group == group && all[i].help &&
			    (all[i].where & ui->below->where) && fits_filter(ui, &all[i]))
				entry[found++] = &all[i];
	return found;
}

/* Where it is the names of the groups have no room. */
static bool is_narrow(struct rt_rect rect)
{
	return rect.width < 60;
}

/* The chosen one: `>` in the columns before its keys. */
static void draw_chosen(struct rt_ui *ui, struct rt_rect rect, int y)
{
	struct rt_rect all = {0, rect.y, rt_canvas_width(ui->canvas), rect.height};

	rt_canvas_style(ui->canvas, rect, 0, y, rect.width, RT_STYLE_SELECTED);
	rt_canvas_text(ui->canvas, all, is_narrow(rect) ? 0 : rect.x + KEYS_COLUMN - 2, y,
		       RT_STYLE_SELECTED, ">");
}

static void draw_entry(struct rt_ui *ui, struct rt_rect rect, int y,
		       const struct rt_binding *binding, bool new_group)
{
	bool can = rt_action_can(ui, ui->below->where, binding->action);
	struct rt_str keys = {0};
	const char *not_now = _("not now");
	int x = is_narrow(rect) ? 0 : KEYS_COLUMN, words = x + HELP_COLUMN - KEYS_COLUMN;

	rt_binding_keys(ui, binding, &keys);
	if (new_group && x > 0)
		rt_canvas_text(ui->canvas, rect, 0, y, RT_STYLE_STRONG,
			       rt_key_group_name(binding->group));
	rt_canvas_text(ui->canvas, rect, x, y, RT_STYLE_KEY, rt_str_text(&keys));
	x = rt_canvas_text(ui->canvas, rect, words, y, can ? RT_STYLE_NORMAL : RT_STYLE_DIM,
			   _(binding->help));
	if (!can && x + 2 <= rect.width - rt_columns(not_now, strlen(not_now)))
		rt_canvas_text(ui->canvas, rect, rect.width - rt_columns(not_now, strlen(not_now)),
			       y, RT_STYLE_DIM, not_now);
	rt_str_fini(&keys);
}

/* Where words are cut in the list: those of the chosen entry, in the bottom lines of *body. */
static void draw_words(struct rt_ui *ui, const struct rt_binding *chosen, struct rt_rect *body)
{
	enum { ROWS = 2 };
	struct rt_rect rect = *body, inner;
	struct rt_sheet sheet;

	if (!chosen || !is_narrow(*body))
		return;
	rt_sheet_init(&sheet, body->width - 2 * MARGIN);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, _(chosen->help));
	rect.y = body->y + body->height - ROWS - 1;
	rect.height = ROWS + 1;
	body->height -= rect.height;
	inner = (struct rt_rect){MARGIN, rect.y + 1, sheet.width, ROWS};
	rt_canvas_rule(ui->canvas, rect, 0, false, _("What is chosen"), NULL);
	rt_sheet_draw(&sheet, ui->canvas, inner, 0);
	rt_sheet_fini(&sheet);
}

static void draw_help(struct rt_ui *ui)
{
	const struct rt_binding *entry[ENTRIES_MAX];
	size_t n = entries(ui, entry);
	struct rt_rect body = rt_screen_body(ui), inner;
	struct rt_str filter = {0};
	char place[48];

	draw_words(ui, ui->help.at < n ? entry[ui->help.at] : NULL, &body);
	inner = (struct rt_rect){MARGIN, body.y + 1, body.width - 2 * MARGIN, body.height - 1};
	rt_screen_typed(ui, _("type to find: "), &filter);
	rt_list_show(&ui->help, n, inner.height);
	rt_screen_frame(ui, _("Help"), rt_list_place(&ui->help, n, place, sizeof(place)));
	rt_canvas_rule(ui->canvas, body, 0, true, _("Keys on this screen"), rt_str_text(&filter));
	for (int y = 0; y < inner.height && ui->help.top + (size_t)y < n; y++) {
		size_t i = ui->help.top + (size_t)y;

		draw_entry(ui, inner, y, entry[i],
			   y == 0 || entry[i]->group != entry[i - 1]->group);
		if (i == ui->help.at)
			draw_chosen(ui, inner, y);
	}
	if (n == 0)
		rt_canvas_text(ui->canvas, inner, 0, 0, RT_STYLE_NORMAL,
			       _("No key has these words. Backspace takes letters back."));
	rt_str_fini(&filter);
}

/* Does what the chosen entry's key would do on the screen below. */
static void run_entry(struct rt_ui *ui)
{
	const struct rt_binding *entry[ENTRIES_MAX];
	size_t n = entries(ui, entry);
	const struct rt_binding *chosen = ui->help.at < n ? entry[ui->help.at] : NULL;

	if (!chosen)
		return;
	if (!rt_action_can(ui, ui->below->where, chosen->action)) {
		rt_screen_say(ui, _("This key has nothing to do right now"));
		return;
	}
	rt_screen_back(ui);
	if (chosen->action == RT_ACT_ANSWER)
		rt_screen_say(ui, _("Press the number of an answer"));
	else
		rt_screen_act(ui, chosen->action, RT_KEY_NONE);
}

static void act_help(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	const struct rt_binding *entry[ENTRIES_MAX];

	(void)key;
	if (action == RT_ACT_OPEN)
		run_entry(ui);
	else if (action == RT_ACT_LEAVE)
		rt_screen_back(ui);
	else
		(void)rt_list_act(&ui->help, entries(ui, entry), action);
}

static bool type_help(struct rt_ui *ui, uint32_t key)
{
	if (!rt_screen_type(ui, rt_key_fold(key)))
		return false;
	ui->help.at = 0;
	return true;
}

const struct rt_screen rt_screen_help = {RT_IN_HELP, draw_help, act_help, type_help};
