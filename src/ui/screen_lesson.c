/* The lesson: a title line, the panels; how one is opened. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "lesson/words.h"
#include "ui/panels.h"
#include "ui/screen.h"

enum { BAR_CELLS = 20 };

/* --- drawing ---------------------------------------------------------------------------------- */

/* "step 4/9 [====-----]": filled up to the step that is done. */
static void add_progress(const struct rt_ui *ui, struct rt_str *out)
{
	size_t n = rt_session_lesson(ui->session)->n_steps, at = rt_session_step(ui->session) + 1;
	enum rt_phase phase = rt_session_phase(ui->session);
	size_t done = phase == RT_PHASE_STEP || phase == RT_PHASE_END ? at : at - 1;
	size_t cells = n < BAR_CELLS ? n : BAR_CELLS;

	if (rt_canvas_width(ui->canvas) < 60) {
		rt_str_addf(out, "%zu/%zu", at, n);
		return;
	}
	rt_str_addf(out, _("step %zu/%zu"), at, n);
	rt_str_add(out, " [");
	for (size_t i = 0; i < cells; i++)
		rt_str_addc(out, i < done * cells / n ? '=' : '-');
	rt_str_addc(out, ']');
}

static void draw_lesson(struct rt_ui *ui)
{
	struct rt_str title = {0}, right = {0};
	bool sockets;

	ui->face.now_ms = ui->face.frozen ? ui->face.frozen_ms : rt_now_ms();
	ui->face.my_note = rt_kept_note(ui);
	ui->face.terms = rt_reading_terms(ui);
	ui->face.waiting = rt_kept_waiting(ui);
	if (ui->review.running) {
		rt_words_review(ui->review.at + 1, ui->review.n, &title);
		rt_str_addf(&title, "  %s", rt_session_lesson(ui->session)->title);
	} else {
		rt_str_addf(&title, "%zu  %s", ui->lesson + 1,
			    rt_session_lesson(ui->session)->title);
	}
	add_progress(ui, &right);
	/* The panels first: the key bar says whether there is more to read. */
	sockets = rt_panels_draw(&ui->face, ui->canvas, rt_screen_body(ui));
	rt_screen_frame(ui, rt_str_text(&title), rt_str_text(&right));
	ui->countdown = sockets && !ui->face.frozen && rt_face_has_timer(&ui->face);
	rt_str_fini(&title);
	rt_str_fini(&right);
}

/* --- opening ----------------------------------------------------------------------------------- */

void rt_lesson_go_to(struct rt_ui *ui, size_t step)
{
	rt_session_go_to(ui->session, step);
	rt_panels_reset(&ui->face);
	rt_lesson_pump(ui);
}

static void show_mistakes(struct rt_ui *ui, const struct rt_mistakes *mistakes,
			  const struct rt_error *err)
{
	size_t used;

	rt_error_format(err, ui->notice, sizeof(ui->notice));
	used = strlen(ui->notice);
	if (mistakes->n > 0 && used < sizeof(ui->notice))
		snprintf(ui->notice + used, sizeof(ui->notice) - used, "\n%d:%d: %s",
			 mistakes->mistake[0].line, mistakes->mistake[0].column,
			 mistakes->mistake[0].what);
}

int rt_lesson_open(struct rt_ui *ui, size_t index, const char *step, struct rt_error *err)
{
	struct rt_mistakes mistakes = {0};
	struct rt_lesson *lesson = rt_lesson_load(ui->catalog->head[index]->path, &mistakes, err);
	int at = lesson && step ? rt_lesson_find_step(lesson, step) : 0;

	if (!lesson)
		show_mistakes(ui, &mistakes, err);
	rt_mistakes_fini(&mistakes);
	if (!lesson)
		return -1;
	if (at < 0) {
		rt_error_set(err, RT_ERR_USAGE, _("lesson \"%s\" has no step \"%s\""), lesson->id,
			     step);
		rt_lesson_free(lesson);
		return -1;
	}
	rt_kept_save(ui);
	rt_lesson_take(ui, lesson, index, (size_t)at);
	rt_kept_open(ui, !step);
	rt_lesson_pump(ui);
	return 0;
}

void rt_lesson_take(struct rt_ui *ui, struct rt_lesson *lesson, size_t index, size_t step)
{
	ui->notice[0] = '\0';
	if (!ui->session)
		ui->session = rt_session_new(ui->world);
	rt_session_open(ui->session, lesson, step);
	ui->lesson = index;
	ui->review.running = false;
	rt_face_thaw(&ui->face);
	ui->face = (struct rt_face){.session = ui->session, .trouble = ui->trouble, .choice = -1};
	ui->reading.stepped = false;
	ui->phase = RT_PHASE_READ;
	ui->question = NULL;
	ui->focus_before = RT_PANEL_READ;
	rt_panels_reset(&ui->face);
	ui->screen = &rt_screen_lesson;
}

const struct rt_screen rt_screen_lesson = {RT_IN_LESSON, draw_lesson, rt_lesson_act, NULL};
