/* One's own note on a step, written in the panel below the lesson. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/screen.h"

void rt_note_open(struct rt_ui *ui)
{
	const char *note = rt_kept_note(ui);

	rt_screen_over(ui, &rt_screen_note);
	snprintf(ui->typed, sizeof(ui->typed), "%s", note ? note : "");
	ui->face.draft = ui->typed;
	ui->focus_note = ui->face.focus;
	ui->zoom_note = ui->face.zoom;
	ui->face.focus = RT_PANEL_NOW;
	ui->face.zoom = false;
}

static void leave(struct rt_ui *ui)
{
	ui->face.draft = NULL;
	ui->face.zoom = ui->zoom_note;
	/* A question may have come meanwhile: it has the keys. */
	if (rt_face_answers(&ui->face) == 0)
		ui->face.focus = ui->focus_note;
	ui->face.scroll[RT_PANEL_NOW] = (struct rt_scroll){.keep = -1};
	rt_screen_back(ui);
}

void rt_note_keep(struct rt_ui *ui)
{
	bool empty;

	if (!ui->face.draft)
		return;
	empty = ui->typed[strspn(ui->typed, " ")] == '\0';
	rt_screen_say(ui, empty ? _("You have no note on this step.") : _("Your note is kept."));
	rt_kept_set_note(ui, empty ? "" : ui->typed);
	leave(ui);
}

static void draw_note(struct rt_ui *ui)
{
	rt_screen_lesson.draw(ui);
}

static void act_note(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	(void)key;
	if (action == RT_ACT_OPEN)
		rt_note_keep(ui);
	else if (action == RT_ACT_LEAVE)
		leave(ui);
}

/* A note holds what was typed, full-width forms too. */
const struct rt_screen rt_screen_note = {RT_IN_NOTE, draw_note, act_note, rt_screen_type};
