/* The list of steps, to go to one of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/screen.h"

enum { MARGIN = 1 };

static void draw_entry(struct rt_ui *ui, struct rt_rect rect, int y, size_t i)
{
	char number[24];

	snprintf(number, sizeof(number), "%3zu", i + 1);
	rt_canvas_text(ui->canvas, rect, 0, y, RT_STYLE_CURRENT,
		       i == rt_session_step(ui->session) ? ">" : " ");
	rt_canvas_text(ui->canvas, rect, 1, y, RT_STYLE_KEY, number);
	rt_canvas_text(ui->canvas, rect, 6, y, RT_STYLE_NORMAL,
		       rt_session_lesson(ui->session)->step[i].title);
	if (i == ui->steps.at)
		rt_canvas_style(ui->canvas, rect, 0, y, rect.width, RT_STYLE_SELECTED);
}

static void draw_steps(struct rt_ui *ui)
{
	struct rt_rect body = rt_screen_body(ui);
	struct rt_rect inner = {MARGIN, body.y + 1, body.width - 2 * MARGIN, body.height - 1};
	size_t n = rt_session_lesson(ui->session)->n_steps;
	struct rt_str right = {0};

	rt_str_addf(&right, _("number: %s_"), ui->typed);
	rt_screen_frame(ui, rt_session_lesson(ui->session)->title, "");
	rt_canvas_rule(ui->canvas, body, 0, true, _("Go to a step"), rt_str_text(&right));
	rt_list_show(&ui->steps, n, inner.height);
	for (int y = 0; y < inner.height && ui->steps.top + (size_t)y < n; y++)
		draw_entry(ui, inner, y, ui->steps.top + (size_t)y);
	rt_str_fini(&right);
}

static void act_steps(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	(void)key;
	switch (action) {
	case RT_ACT_OPEN:
		rt_screen_back(ui);
		rt_lesson_go_to(ui, ui->steps.at);
		break;
	case RT_ACT_LEAVE:
		rt_screen_back(ui);
		break;
	default:
		ui->typed[0] = '\0';
		(void)rt_list_act(&ui->steps, rt_session_lesson(ui->session)->n_steps, action);
	}
}

/* Digits make a number, and the step of that number is chosen as it grows. */
static bool type_steps(struct rt_ui *ui, uint32_t key)
{
	size_t n = rt_session_lesson(ui->session)->n_steps, len = strlen(ui->typed);
	size_t number;

	if (key == RT_KEY_BACKSPACE && len > 0) {
		ui->typed[len - 1] = '\0';
	} else if (key >= '0' && key <= '9') {
		if (len >= 3)
			len = 0;
		ui->typed[len] = (char)key;
		ui->typed[len + 1] = '\0';
	} else {
		return false;
	}
	number = strtoul(ui->typed, NULL, 10);
	if (number >= 1 && number <= n)
		ui->steps.at = number - 1;
	return true;
}

const struct rt_screen rt_screen_steps = {RT_IN_STEPS, draw_steps, act_steps, type_steps};
