/* The keys of a lesson: what each of them does to the script and to what stands beside it. */
#include <stdio.h>

#include "base/i18n.h"
#include "ui/panels.h"
#include "ui/screen.h"

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

/* What leaves the script where it is: it opens something over the lesson, or leaves it. */
static bool act_beside(struct rt_ui *ui, enum rt_action action)
{
	switch (action) {
	case RT_ACT_SHELL:
		shell(ui);
		return true;
	case RT_ACT_WHAT_IF:
		rt_whatif_open(ui);
		return true;
	case RT_ACT_PLAY:
		rt_play_lesson(ui);
		return true;
	case RT_ACT_MY_NOTE:
		rt_note_open(ui);
		return true;
	case RT_ACT_WHOLE_LESSON:
		whole_lesson(ui);
		return true;
	case RT_ACT_LEAVE:
		leave_lesson(ui);
		return true;
	default:
		return false;
	}
}

/* False where the learner has moved nowhere. */
static bool act_on_script(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	struct rt_session *session = ui->session;

	switch (action) {
	case RT_ACT_GO_ON:
		go_on(ui);
		return true;
	case RT_ACT_ONE_CALL:
		rt_session_one_call(session);
		return true;
	case RT_ACT_BACK:
		if (rt_session_phase(session) == RT_PHASE_LOST)
			turn_page(ui, -1);
		else
			rt_session_back(session);
		return true;
	case RT_ACT_AGAIN:
		rt_session_again(session);
		rt_panels_reset(&ui->face);
		return true;
	case RT_ACT_RESET:
		return reset(ui);
	case RT_ACT_ANSWER:
		answer(ui, (size_t)(key - '1'));
		return true;
	case RT_ACT_HINT:
		rt_session_hint(session);
		ui->face.focus = RT_PANEL_NOW; /* where it stands: on a small screen, to be seen */
		rt_lesson_pump(ui);
		return false;
	case RT_ACT_END_RECORD:
		/* What is explained stays so: the call was made before. */
		end_record(ui);
		rt_lesson_pump(ui);
		return false;
	case RT_ACT_REVIEW:
		rt_review_next(ui);
		return true;
	default:
		return false;
	}
}

void rt_lesson_act(struct rt_ui *ui, enum rt_action action, uint32_t key)
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
	if (!act_beside(ui, action) && act_on_script(ui, action, key) && ui->session == session &&
	    rt_session_lesson(session) == lesson)
		moved(ui, step);
}
