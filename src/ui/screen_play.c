/* The playground: the panels of a lesson, and a line to type in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/draft_file.h"
#include "ui/panels.h"
#include "ui/screen.h"

static void draw_play(struct rt_ui *ui)
{
	bool sockets;

	ui->face.now_ms = rt_now_ms();
	rt_typing_look(ui);
	sockets = rt_panels_draw(&ui->face, ui->canvas, rt_screen_body(ui));
	rt_screen_frame(ui, _("Playground"), ui->tape.session ? _("the lesson waits") : "");
	ui->countdown = sockets && rt_face_has_timer(&ui->face);
}

/* --- the line --------------------------------------------------------------------------------- */

static void remember(struct rt_tape *tape, const char *text)
{
	if (tape->n_history > 0 && strcmp(tape->history[tape->n_history - 1], text) == 0) {
		tape->recalled = tape->n_history;
		return;
	}
	if (tape->n_history == RT_HISTORY_MAX) {
		free(tape->history[0]);
		memmove(&tape->history[0], &tape->history[1],
			--tape->n_history * sizeof(tape->history[0]));
	}
	tape->history[tape->n_history++] = rt_strdup(text);
	tape->recalled = tape->n_history;
}

/* Shows another line of before; behind the last one the line is empty. */
static void recall(struct rt_ui *ui, int by)
{
	struct rt_tape *tape = &ui->tape;

	if (by < 0 ? tape->recalled == 0 : tape->recalled >= tape->n_history)
		return;
	tape->recalled = by < 0 ? tape->recalled - 1 : tape->recalled + 1;
	rt_typing_set(ui, tape->recalled < tape->n_history ? tape->history[tape->recalled] : "");
}

/* --- what it does ----------------------------------------------------------------------------- */

static void leave(struct rt_ui *ui)
{
	bool alone = !ui->tape.session && ui->tape.screen == &rt_screen_play;

	rt_tape_close(ui);
	if (alone)
		ui->done = true;
}

static void save(struct rt_ui *ui, const char *id)
{
	struct rt_error err = {0};
	char text[1280], message[sizeof(ui->message)];

	if (rt_draft_save(ui->tape.draft, rt_session_engine(ui->session), id, &err) == 0)
		snprintf(message, sizeof(message), _("Made %.64s.md in this folder"), id);
	else
		snprintf(message, sizeof(message), "%.150s",
			 rt_error_format(&err, text, sizeof(text)));
	rt_screen_say(ui, message);
}

/* In the place of the text; the next line closes it. */
static void why(struct rt_ui *ui)
{
	if (ui->face.why || !rt_face_has_why(&ui->face)) {
		rt_screen_say(ui,
			      ui->face.why ? "" : _("No bind, listen or connect has run last."));
		rt_face_close_why(&ui->face);
		return;
	}
	rt_face_open_why(&ui->face);
}

static void do_word(struct rt_ui *ui, enum rt_draft_word word, const char *operand)
{
	remember(&ui->tape, ui->tape.line);
	rt_typing_set(ui, "");
	switch (word) {
	case RT_WORD_WHY:
		why(ui);
		break;
	case RT_WORD_UNDO:
	case RT_WORD_REDO:
		rt_tape_undo(ui, word == RT_WORD_REDO);
		break;
	case RT_WORD_SAVE:
		save(ui, operand);
		break;
	case RT_WORD_QUIT:
		leave(ui);
		break;
	default:
		rt_screen_act(ui, RT_ACT_HELP, RT_KEY_NONE);
	}
}

static void run_line(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;
	struct rt_mistake mistake;
	char operand[80];
	enum rt_draft_word word = rt_draft_word(tape->line, operand);

	if (tape->line[strspn(tape->line, " ")] == '\0') {
		rt_engine_end_wait(rt_session_engine(ui->session));
		return;
	}
	if (word != RT_WORD_NONE) {
		do_word(ui, word, operand);
		return;
	}
	if (rt_draft_insert(tape->draft, rt_draft_count(tape->draft), tape->line, &mistake) < 0) {
		rt_typing_refuse(ui, &mistake);
		return;
	}
	remember(tape, tape->line);
	rt_face_close_why(&ui->face);
	rt_tape_changed(ui);
	if (rt_draft_ends_fresh(tape->draft))
		rt_screen_say(ui, _("The next line begins on a fresh stage"));
	rt_typing_set(ui, "");
}

static bool type_play(struct rt_ui *ui, uint32_t key)
{
	/* Each line of a pasted text is one: it ends with its own Enter. */
	if (key == RT_KEY_ENTER) {
		run_line(ui);
		return true;
	}
	return rt_typing_key(ui, key);
}

static void act_play(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	(void)key;
	switch (action) {
	case RT_ACT_OPEN:
		run_line(ui);
		break;
	case RT_ACT_COMPLETE:
		rt_typing_complete(ui);
		break;
	case RT_ACT_UP:
	case RT_ACT_DOWN:
		recall(ui, action == RT_ACT_UP ? -1 : 1);
		break;
	case RT_ACT_UNDO:
	case RT_ACT_REDO:
		rt_tape_undo(ui, action == RT_ACT_REDO);
		ui->tape.stale = true;
		break;
	case RT_ACT_PANEL_BEFORE:
		ui->face.focus = (enum rt_panel)((ui->face.focus + RT_PANELS - 1) % RT_PANELS);
		break;
	case RT_ACT_LEAVE:
		if (ui->tape.line[0])
			rt_typing_set(ui, "");
		else
			leave(ui);
		break;
	default:
		/* On an empty line Home and End are the panel's; what else moves in it is nothing. */
		if (!rt_typing_act(ui, action) && action <= RT_ACT_END)
			rt_panels_act(&ui->face, action);
	}
}

/* --- opening ---------------------------------------------------------------------------------- */

static void explain(struct rt_draft *draft)
{
	rt_draft_say(draft,
		     _("A line is a process, a colon and a call. Enter makes the call at once, "
		       "and the kernel answers. The first line of a new name starts that "
		       "process."));
	rt_draft_say(draft,
		     _("Tab completes a word, Up brings a line back. undo takes the last line "
		       "back: what is left runs on a fresh stage. fresh begins another stage."));
	rt_draft_say(draft, _("save my-lesson makes a lesson file of what you typed. Nothing here "
			      "changes your progress."));
}

void rt_play_open(struct rt_ui *ui, struct rt_draft *draft)
{
	explain(draft);
	rt_tape_open(ui, draft, &rt_screen_play);
	for (size_t i = 0; i < rt_draft_count(draft); i++)
		if (rt_draft_line(draft, i)->kind == RT_DRAFT_SCRIPT)
			remember(&ui->tape, rt_draft_line(draft, i)->text);
	rt_typing_set(ui, "");
}

void rt_play_lesson(struct rt_ui *ui)
{
	const struct rt_lesson *lesson = rt_session_lesson(ui->session);
	size_t end = rt_engine_position(rt_session_engine(ui->session));
	struct rt_draft *draft = rt_draft_new(_("Playground"));

	rt_draft_take(draft, lesson, rt_draft_stage(lesson, end), end);
	rt_play_open(ui, draft);
}

const struct rt_screen rt_screen_play = {RT_IN_PLAY, draw_play, act_play, type_play};
