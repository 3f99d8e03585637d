/* Review: from one due question to the next, and what is said at its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "lesson/variant.h"
#include "lesson/words.h"
#include "ui/panels.h"
#include "ui/screen.h"

enum { MARGIN = 1, PROSE_WIDTH = 96 };

void rt_review_look(struct rt_ui *ui)
{
	free(ui->review.due);
	ui->review = (struct rt_review){0};
	/* Before the catalog is read a lesson has no number; then it is not the list that is shown. */
	if (ui->keeper && ui->keeper->due && ui->world && ui->catalog->is_read)
		ui->review.n = ui->keeper->due(ui->keeper->ctx, &ui->review.due);
}

/* False where the file can be read no more, or has the question no more. */
static bool ask(struct rt_ui *ui, size_t at)
{
	const struct rt_due *due = &ui->review.due[at];
	const struct rt_predict *question;
	struct rt_mistakes mistakes = {0};
	struct rt_lesson *lesson;
	struct rt_error ignored;

	lesson = rt_variant_load(ui->catalog->head[due->lesson]->path, due->seed, &mistakes,
				 &ignored);
	rt_mistakes_fini(&mistakes);
	question = lesson ? rt_lesson_question(lesson, due->label) : NULL;
	if (!question) {
		rt_lesson_free(lesson);
		return false;
	}
	rt_kept_save(ui); /* the lesson that was open before */
	rt_lesson_take(ui, lesson, due->lesson, lesson->line[question->line].step);
	rt_session_ask(ui->session, question);
	ui->review.running = true;
	ui->review.question = question;
	ui->review.noted = false;
	rt_panels_reset(&ui->face);
	rt_lesson_pump(ui);
	return true;
}

/* The lesson of a review is nobody's place: it goes with the review. */
void rt_session_drop(struct rt_ui *ui)
{
	rt_face_thaw(&ui->face);
	rt_session_free(ui->session);
	ui->session = NULL;
	ui->question = NULL;
	ui->running_since = 0;
	ui->review.running = false;
}

void rt_review_next(struct rt_ui *ui)
{
	struct rt_review *review = &ui->review;

	review->at += review->running;
	while (review->at < review->n && !ask(ui, review->at))
		review->at++;
	if (review->at < review->n)
		return;
	rt_session_drop(ui);
	ui->screen = &rt_screen_review;
}

bool rt_review_is_answered(const struct rt_ui *ui)
{
	return ui->review.running && rt_session_phase(ui->session) == RT_PHASE_RESULT &&
	       rt_session_question(ui->session) == ui->review.question;
}

void rt_review_note(struct rt_ui *ui)
{
	struct rt_review *review = &ui->review;
	bool right;

	if (review->noted || !rt_review_is_answered(ui))
		return;
	review->noted = true;
	/* Whoever skips it has not said what they think: it stays due. */
	if (rt_session_answer_of(ui->session, review->question) == RT_ANSWER_SKIPPED)
		return;
	right = rt_session_was_right(ui->session, review->question);
	review->answered++;
	review->right += right;
	ui->keeper->reviewed(ui->keeper->ctx, &review->due[review->at], right);
}

void rt_review_end(struct rt_ui *ui)
{
	if (ui->review.running)
		rt_session_drop(ui);
	rt_review_look(ui);
}

/* --- its end ---------------------------------------------------------------------------------- */

static void draw_review(struct rt_ui *ui)
{
	struct rt_rect body = rt_screen_body(ui);
	struct rt_str text = {0};
	struct rt_sheet sheet;

	body.x += MARGIN;
	body.width -= 2 * MARGIN;
	body.width = body.width < PROSE_WIDTH ? body.width : PROSE_WIDTH;
	rt_sheet_init(&sheet, body.width);
	rt_sheet_line(&sheet);
	if (ui->review.answered)
		rt_words_reviewed(ui->review.right, ui->review.answered, &text);
	else
		rt_str_add(&text, _("You predicted nothing this time."));
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&text));
	rt_sheet_line(&sheet);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, ui->keeper->coming(ui->keeper->ctx));
	rt_sheet_line(&sheet);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_DIM,
		      _("A question answered right comes back after 3, then 7, then 21 days, and "
			"then no more; any other tomorrow."));
	rt_screen_frame(ui, _("The end of the review"), "");
	rt_sheet_draw(&sheet, ui->canvas, body, 0);
	rt_sheet_fini(&sheet);
	rt_str_fini(&text);
}

static void act_review(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	(void)key;
	if (action != RT_ACT_LEAVE)
		return;
	ui->screen = &rt_screen_contents;
	rt_review_end(ui);
}

const struct rt_screen rt_screen_review = {RT_IN_REVIEW, draw_review, act_review, NULL};
