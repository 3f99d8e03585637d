#include "ui/tape.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/panels.h"
#include "ui/screen.h"

/* The stage of the tape is the one that `reuse-tutor shell` enters while it is open. */
static void tell_stage(const struct rt_world *from, struct rt_world *to)
{
	to->staged = from->staged;
	to->staged_ctx = from->staged_ctx;
}

void rt_tape_open(struct rt_ui *ui, struct rt_draft *draft, const struct rt_screen *screen)
{
	struct rt_tape *tape = &ui->tape;
	struct rt_world *world = ui->world;

	rt_tape_close(ui);
	memset(tape, 0, sizeof(*tape));
	tape->draft = draft;
	tape->at = SIZE_MAX;
	tape->screen = ui->screen;
	tape->session = ui->session;
	tape->face = ui->face;
	tape->phase = ui->phase;
	tape->question = ui->question;
	tape->focus_before = ui->focus_before;
	tape->step = ui->step;
	tape->review = ui->review.running;
	if (ui->session && ui->second_world) {
		world = tape->world = ui->second_world(ui->second_ctx);
		world->is_second = true;
		tell_stage(ui->world, world);
	}
	ui->review.running = false;
	ui->session = rt_session_new(world);
	rt_session_borrow(ui->session, rt_draft_lesson(draft, &(size_t){0}));
	ui->face = (struct rt_face){.session = ui->session,
				    .trouble = ui->trouble,
				    .tape = tape,
				    .choice = -1,
				    .focus = RT_PANEL_NOW};
	rt_panels_reset(&ui->face);
	ui->phase = RT_PHASE_READ;
	ui->question = NULL;
	ui->step = 0;
	ui->screen = screen;
	rt_lesson_pump(ui);
}

static void free_typed(struct rt_tape *tape)
{
	rt_mistake_fini(&tape->mistake);
	rt_completion_fini(&tape->completion);
	rt_changes_fini(&tape->changes);
	free(tape->row);
	for (size_t i = 0; i < tape->n_history; i++)
		free(tape->history[i]);
}

void rt_tape_close(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;

	if (!tape->draft)
		return;
	rt_face_thaw(&ui->face);
	rt_session_free(ui->session);
	rt_draft_free(tape->draft);
	rt_world_free(tape->world);
	free_typed(tape);
	ui->session = tape->session;
	ui->face = tape->face;
	ui->phase = tape->phase;
	ui->question = tape->question;
	ui->focus_before = tape->focus_before;
	ui->step = tape->step;
	ui->review.running = tape->review;
	ui->screen = tape->screen;
	if (ui->world && ui->world->staged && ui->session)
		ui->world->staged(ui->world->staged_ctx, ui->world->ops->pid(ui->world->self));
	memset(tape, 0, sizeof(*tape));
	ui->dirty = true;
	rt_lesson_pump(ui);
}

void rt_tape_changed(struct rt_ui *ui)
{
	size_t same;

	(void)rt_draft_lesson(ui->tape.draft, &same);
	rt_session_changed(ui->session, same);
	rt_lesson_pump(ui);
}

void rt_tape_undo(struct rt_ui *ui, bool again)
{
	struct rt_draft *draft = ui->tape.draft;

	if (again ? rt_draft_redo(draft) : rt_draft_undo(draft)) {
		rt_screen_say(ui, again ? _("Done again, on a fresh stage.")
					: _("Taken back. The rest has run on a fresh stage."));
		rt_tape_changed(ui);
	} else {
		rt_screen_say(ui, again ? _("There is nothing to redo.")
					: _("There is nothing to undo."));
	}
}
