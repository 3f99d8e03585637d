/* The lesson: a title line, the panels, and what the keys do to the session. */
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

/* --- keys ------------------------------------------------------------------------------------- */

static void answer(struct rt_ui *ui, size_t i)
{
	size_t n = rt_face_answers(&ui->face);
	char text[sizeof(ui->message)];

	if (i < n) {
		rt_session_answer(ui->session, i + 1 == n ? RT_ANSWER_UNSURE : (int)i);
		return;
	}
	snprintf(text, sizeof(text), _("The answers are 1 to %zu"), n);
	rt_screen_say(ui, text);
}

/* Without a stage nothing runs, and the steps can still be read one after the other. */
static void turn_page(struct rt_ui *ui, int by)
{
	size_t step = rt_session_step(ui->session);

	if (by > 0 || step > 0)
		rt_session_go_to(ui->session, by > 0 ? step + 1 : step - 1);
}

static void go_on(struct rt_ui *ui)
{
	char text[sizeof(ui->message)];

	if (rt_review_is_answered(ui)) {
		rt_review_next(ui);
		return;
	}
	switch (rt_session_phase(ui->session)) {
	case RT_PHASE_ASK:
		if (ui->face.choice >= 0) {
			answer(ui, (size_t)ui->face.choice);
			return;
		}
		snprintf(text, sizeof(text),
			 _("Choose an answer first: 1-%zu, or n to run without one"),
			 rt_face_answers(&ui->face));
		rt_screen_say(ui, text);
		ui->face.focus = RT_PANEL_NOW;
		return;
	case RT_PHASE_LOST:
		turn_page(ui, 1);
		return;
	default:
		rt_session_go_on(ui->session);
	}
}

static void end_record(struct rt_ui *ui)
{
	struct rt_engine *engine = rt_session_engine(ui->session);
	size_t several;
	const struct rt_row *row = rt_face_doomed_row(&ui->face, &several);
	char text[sizeof(ui->message)];

	if (rt_engine_waiting_line(engine) >= 0) {
		rt_engine_end_wait(engine);
	} else if (row) {
		rt_engine_destroy(engine, row);
	} else if (several) {
		snprintf(text, sizeof(text),
			 _("This row stands for %zu records: press s, choose one, then k"),
			 several);
		rt_screen_say(ui, text);
	}
}

/*
 * A shell in the stage, on the terminal as the program found it. Never from pasted text: its rest
 * would go to that shell.
 */
static void shell(struct rt_ui *ui)
{
	struct rt_engine *engine = rt_session_engine(ui->session);
	struct rt_error err = {0};
	char text[sizeof(ui->message)];
	int status;

	if (!ui->alone) {
		rt_screen_say(ui, _("For a shell press $ once more, alone"));
		return;
	}
	if (ui->term)
		rt_term_suspend(ui->term);
	status = ui->shell(ui->shell_ctx, &err);
	if (ui->term)
		rt_term_resume(ui->term);
	rt_screen_say(ui, status < 0 ? rt_error_format(&err, text, sizeof(text))
				     : _("Back from the shell. The sockets are those of now."));
	if (rt_engine_waiting_line(engine) < 0)
		rt_engine_refresh(engine);
}

/* That were given in this lesson: a question that was skipped has none. */
static size_t count_answers(const struct rt_session *session)
{
	const struct rt_lesson *lesson = rt_session_lesson(session);
	size_t n = 0;

	for (size_t i = 0; i < lesson->n_predicts; i++) {
		int given = rt_session_answer_of(session, &lesson->predict[i]);

		n += given >= 0 || given == RT_ANSWER_UNSURE;
	}
	return n;
}

static void next_panel(struct rt_face *face, int by)
{
	face->focus = (enum rt_panel)(((int)face->focus + RT_PANELS + by) % RT_PANELS);
}

/* What changes how the learner looks at the lesson. False for what changes the lesson. */
static bool act_on_face(struct rt_face *face, enum rt_action action)
{
	switch (action) {
	case RT_ACT_NEXT_PANEL:
		next_panel(face, 1);
		return true;
	case RT_ACT_PANEL_BEFORE:
		next_panel(face, -1);
		return true;
	case RT_ACT_ZOOM:
		face->zoom = !face->zoom;
		return true;
	case RT_ACT_FIELDS:
		face->all_fields = !face->all_fields;
		return true;
	case RT_ACT_FREEZE:
		if (face->frozen)
			rt_face_thaw(face);
		else
			rt_face_freeze(face);
		return true;
	case RT_ACT_WHY:
		if (face->why)
			rt_face_close_why(face);
		else
			rt_face_open_why(face);
		return true;
	case RT_ACT_NOTE:
		rt_face_close_why(face);
		face->note = !face->note;
		face->scroll[RT_PANEL_READ] = (struct rt_scroll){.keep = -1};
		if (face->note)
			face->focus = RT_PANEL_READ;
		return true;
	case RT_ACT_UP:
	case RT_ACT_DOWN:
	case RT_ACT_PAGE_UP:
	case RT_ACT_PAGE_DOWN:
	case RT_ACT_HOME:
	case RT_ACT_END:
		rt_panels_act(face, action);
		return true;
	default:
		return false;
	}
}

/*
 * After a key that moved the session: where the learner stands now decides which panel has the
 * keys.
 */
static void moved(struct rt_ui *ui, size_t step_before)
{
	if (rt_session_step(ui->session) != step_before) {
		rt_panels_reset(&ui->face);
		ui->face.note = false;
	}
	rt_face_close_why(&ui->face);
	rt_lesson_pump(ui);
}

/*
 * Asks before it throws answers away. Both letters in one burst are one wish: nobody can have read
 * what was asked.
 */
static bool reset(struct rt_ui *ui)
{
	size_t n = count_answers(ui->session);
	char text[sizeof(ui->message)];

	if (n > 0 && (!ui->reset_asked || ui->gone_on)) {
		snprintf(text, sizeof(text),
			 P_("R once more forgets your answer; any other key keeps it",
			    "R once more forgets your %zu answers; any other key keeps them", n),
			 n);
		rt_screen_say(ui, text);
		ui->reset_asked = ui->gone_on = true;
		return false;
	}
	ui->reset_asked = false;
	rt_session_reset(ui->session);
	rt_panels_reset(&ui->face);
	return true;
}

/* From a question of the review into its lesson, as it is written. */
static void whole_lesson(struct rt_ui *ui)
{
	struct rt_error err;
	size_t lesson = ui->lesson;

	ui->contents.at = lesson;
	if (rt_lesson_open(ui, lesson, rt_face_step(&ui->face)->id, &err) == 0)
		return;
	ui->screen = &rt_screen_contents; /* there is room to say why not */
	rt_review_end(ui);
}

static void leave_lesson(struct rt_ui *ui)
{
	if (ui->review.running && ui->review.answered) {
		ui->review.at = ui->review.n;
		rt_review_next(ui);
		return;
	}
	ui->screen = ui->reading.stepped ? &rt_screen_page : &rt_screen_contents;
	ui->reading.stepped = false;
	rt_kept_save(ui);
	rt_review_end(ui);
}

static void act_lesson(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	struct rt_session *session = ui->session;
	const struct rt_lesson *lesson = rt_session_lesson(session);
	size_t step = rt_session_step(session);

	if (act_on_face(&ui->face, action)) {
		rt_lesson_pump(ui);
		return;
	}
	/* Of several keys at once one may leave an end that was never drawn: it counts all the same. */
	rt_kept_step(ui);
	switch (action) {
	case RT_ACT_GO_ON:
		go_on(ui);
		break;
	case RT_ACT_ONE_CALL:
		rt_session_one_call(session);
		break;
	case RT_ACT_BACK:
		if (rt_session_phase(session) == RT_PHASE_LOST)
			turn_page(ui, -1);
		else
			rt_session_back(session);
		break;
	case RT_ACT_AGAIN:
		rt_session_again(session);
		rt_panels_reset(&ui->face);
		break;
	case RT_ACT_RESET:
		if (!reset(ui))
			return;
		break;
	case RT_ACT_ANSWER:
		answer(ui, (size_t)(key - '1'));
		break;
	case RT_ACT_HINT:
		rt_session_hint(session);
		ui->face.focus = RT_PANEL_NOW; /* where it stands: on a small screen, to be seen */
		rt_lesson_pump(ui);
		return;
	case RT_ACT_END_RECORD:
		/* What is explained stays so: the call was made before. */
		end_record(ui);
		rt_lesson_pump(ui);
		return;
	case RT_ACT_SHELL:
		shell(ui);
		return;
	case RT_ACT_WHAT_IF:
		rt_whatif_open(ui);
		return;
	case RT_ACT_PLAY:
		rt_play_lesson(ui);
		return;
	case RT_ACT_MY_NOTE:
		rt_note_open(ui);
		return;
	case RT_ACT_REVIEW:
		rt_review_next(ui);
		break;
	case RT_ACT_WHOLE_LESSON:
		whole_lesson(ui);
		return;
	case RT_ACT_LEAVE:
		leave_lesson(ui);
		return;
	default:
		return;
	}
	if (ui->session == session && rt_session_lesson(session) == lesson)
		moved(ui, step);
}

void rt_lesson_go_to(struct rt_ui *ui, size_t step)
{
	rt_session_go_to(ui->session, step);
	rt_panels_reset(&ui->face);
	rt_lesson_pump(ui);
}

/* --- opening ---------------------------------------------------------------------------------- */

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

const struct rt_screen rt_screen_lesson = {RT_IN_LESSON, draw_lesson, act_lesson, NULL};
