/* When the screen keeps what lasts, and what it says about it. */
#include <stdio.h>
#include <string.h>

#include "ui/screen.h"

static void say(struct rt_ui *ui, const char *trouble)
{
	if (ui->screen == &rt_screen_contents)
		snprintf(ui->notice, sizeof(ui->notice), "%s", trouble);
	else
		rt_screen_say(ui, trouble);
	ui->dirty = true;
}

/* One after the other: each is to be seen. */
static void tell(struct rt_ui *ui)
{
	const char *trouble = ui->untold[0] ? NULL : ui->keeper->trouble(ui->keeper->ctx);

	if (!trouble)
		return;
	snprintf(ui->untold, sizeof(ui->untold), "%s", trouble);
	say(ui, ui->untold);
}

void rt_kept_drawn(struct rt_ui *ui)
{
	const char *said = ui->screen == &rt_screen_contents ? ui->notice : ui->message;
	size_t len = strlen(said);
	bool whole = strlen(ui->untold) <= len;

	if (!ui->untold[0] || rt_screen_is_too_small(ui))
		return;
	if (len == 0 || strncmp(said, ui->untold, len) != 0) {
		say(ui, ui->untold);
		return;
	}
	ui->untold[0] = '\0';
	/* What is cut is not told yet. */
	if (whole)
		ui->keeper->told(ui->keeper->ctx);
}

void rt_kept_begin(struct rt_ui *ui)
{
	const char *last = ui->keeper ? ui->keeper->last(ui->keeper->ctx) : NULL;

	for (size_t i = 0; last && i < ui->catalog->n; i++)
		if (strcmp(ui->catalog->head[i]->id, last) == 0)
			ui->contents.at = i;
	if (ui->keeper)
		tell(ui);
	rt_review_look(ui);
}

void rt_kept_open(struct rt_ui *ui, bool resume)
{
	const char *welcome;

	if (!ui->keeper)
		return;
	ui->keeper->open(ui->keeper->ctx, ui->session, resume);
	ui->kept_phase = RT_PHASE_READ;
	welcome = ui->keeper->welcome(ui->keeper->ctx);
	if (welcome)
		rt_screen_say(ui, welcome);
	tell(ui);
}

void rt_kept_save(struct rt_ui *ui)
{
	/* Another instance of a lesson is no place in that lesson. */
	if (!ui->keeper || !ui->session || !rt_session_lesson(ui->session) || ui->review.running ||
	    ui->tape.draft)
		return;
	ui->keeper->save(ui->keeper->ctx, ui->session);
	tell(ui);
}

void rt_kept_step(struct rt_ui *ui)
{
	enum rt_phase phase = ui->session ? rt_session_phase(ui->session) : RT_PHASE_READ;
	bool finished = phase == RT_PHASE_STEP || phase == RT_PHASE_END || phase == RT_PHASE_RESULT;

	/* A tape of one's own is no place in a lesson. */
	if (ui->tape.draft)
		return;
	/* Once for each end of a step: where saving fails it is not tried with every drawing. */
	if (finished &&
	    (ui->kept_phase != phase || ui->kept_step != rt_session_step(ui->session))) {
		rt_kept_save(ui);
		ui->dirty = ui->dirty || phase == RT_PHASE_END; /* it says what will come back */
	}
	ui->kept_phase = phase;
	ui->kept_step = ui->session ? rt_session_step(ui->session) : 0;
}

size_t rt_kept_waiting(const struct rt_ui *ui)
{
	if (!ui->keeper || !ui->keeper->due)
		return 0;
	return ui->keeper->waiting(ui->keeper->ctx, rt_session_lesson(ui->session)->id);
}

const char *rt_kept_note(const struct rt_ui *ui)
{
	if (!ui->keeper)
		return NULL;
	return ui->keeper->note(ui->keeper->ctx, rt_session_lesson(ui->session)->id,
				rt_face_step(&ui->face)->id);
}

void rt_kept_set_note(struct rt_ui *ui, const char *text)
{
	if (!ui->keeper)
		return;
	ui->keeper->set_note(ui->keeper->ctx, rt_session_lesson(ui->session)->id,
			     rt_face_step(&ui->face)->id, text);
	tell(ui);
}

void rt_kept_theme(struct rt_ui *ui)
{
	if (!ui->keeper || !ui->keeper->set_theme)
		return;
	ui->keeper->set_theme(ui->keeper->ctx, ui->theme);
	tell(ui);
}
