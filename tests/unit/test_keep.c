/*
 * A lesson is left and found again: the screen, the session and the progress together, without a
 * kernel.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cmd/keep.h"
#include "progress_fixture.h"
#include "store/review.h"
#include "ui_fixture.h"

#define HEAD "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
#define STEP_ONE                                                                                   \
	"## One\n<!-- step: one -->\n<!-- note: n -->\n\nBefore.\n\n"                              \
	"```lab\n"                                                                                 \
	"old: s = socket(AF_INET, SOCK_STREAM)\n"                                                  \
	"old: bind(s, 127.0.0.1:8000)          = EADDRINUSE @first\n"                              \
	"```\n\nAfter.\n\n"                                                                        \
	"```predict first\nask What does the first give?\nchoice 0: ok\nwhy no\n"                  \
	"choice EADDRINUSE: in use\nwhy yes\n```\n\n"
#define STEP_TWO                                                                                   \
	"## Two\n<!-- step: two -->\n<!-- note: n -->\n\n"                                         \
	"```lab fresh\n"                                                                           \
	"a: s = socket(AF_INET, SOCK_STREAM)\n"                                                    \
	"a: t = socket(AF_INET, SOCK_STREAM)\n"                                                    \
	"a: listen(s, 8)                       = EADDRINUSE @second\n"                             \
	"a: close(t)\n"                                                                            \
	"```\n\nSo it is.\n\n"                                                                     \
	"```predict second\nask What does the second give?\nchoice 0: ok\nwhy no\n"                \
	"choice EADDRINUSE: in use\nwhy yes\n```\n\n"
#define STEP_THREE "## Three\n<!-- step: three -->\n<!-- note: n -->\n\nRemember.\n"

static const char whole[] = HEAD STEP_ONE STEP_TWO STEP_THREE;
/* The choices in another order, and a sentence more. */
static const char changed[] = HEAD STEP_ONE
	"## Two\n<!-- step: two -->\n<!-- note: n -->\n\nNew words.\n\n"
	"```lab fresh\na: s = socket(AF_INET, SOCK_STREAM)\n"
	"a: listen(s, 8)                       = EADDRINUSE @second\n```\n\n"
	"```predict second\nask What does the second give?\nchoice EADDRINUSE: in use\nwhy yes\n"
	"choice 0: ok\nwhy no\n```\n\n" STEP_THREE;
static const char shorter[] = HEAD STEP_ONE STEP_THREE;

/* One run of the program. */
struct run {
	struct ui_fixture *f;
	struct rt_keep *keep;
	struct rt_ui_keeper keeper;
};

static struct run start(const char *text, bool staged)
{
	struct run run = {.f = ui_fixture_new(80, 24, false, staged, text),
			  .keep = rt_keep_new(NULL)};

	if (staged) {
		run.f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
		run.f->fake->answer[RT_CALL_LISTEN] = EADDRINUSE;
	}
	return run;
}

static void begin(struct run *run)
{
	run->keeper = rt_keep_for_ui(run->keep);
	run->f->ui.keeper = &run->keeper;
	rt_kept_begin(&run->f->ui);
}

static void open_lesson(struct run *run)
{
	ui_open(run->f, 0);
	rt_kept_open(&run->f->ui, true);
	ui_settle(run->f);
}

static void leave(struct run *run)
{
	rt_kept_save(&run->f->ui);
	ui_fixture_free(run->f);
	rt_keep_free(run->keep);
}

/* A killed program saves nothing more. */
static void die(struct run *run)
{
	ui_fixture_free(run->f);
	rt_keep_free(run->keep);
}

static int answer_of(const struct run *run, size_t i)
{
	return rt_session_answer_of(run->f->ui.session,
				    &rt_session_lesson(run->f->ui.session)->predict[i]);
}

static const struct rt_progress_lesson *kept(struct rt_progress *progress)
{
	const struct rt_progress_lesson *lesson = rt_progress_lesson(progress, "t");

	assert_non_null(lesson);
	return lesson;
}

static void test_a_new_learner_sees_new_lessons(void **state)
{
	struct run run = start(whole, true);
	struct stat st;

	begin(&run);
	ui_assert_shows(run.f, "new");
	ui_assert_shows(run.f, "Choose a lesson");
	open_lesson(&run);
	assert_int_equal(rt_session_step(run.f->ui.session), 0);
	/* A glance is no beginning. */
	leave(&run);
	assert_int_equal(stat(((struct progress_fixture *)*state)->path, &st), -1);
}

static void test_it_goes_on_at_the_exact_place(void **state)
{
	struct run run = start(whole, true);

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f,
		 "\n2\n\n\n"); /* the question, its answer, its result, the next step, its calls */
	assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_ASK);
	assert_int_equal(rt_session_calls(run.f->ui.session), 2);
	leave(&run);

	run = start(whole, true);
	begin(&run);
	ui_assert_shows(run.f, "2/3");
	ui_assert_shows(run.f, "Welcome back. You stopped at lesson 1, step 2 of 3.");
	open_lesson(&run);
	ui_assert_shows(run.f, "Going on where you stopped: step 2 of 3.");
	assert_int_equal(rt_session_step(run.f->ui.session), 1);
	assert_int_equal(rt_session_calls(run.f->ui.session), 2);
	assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_ASK);
	assert_int_equal(answer_of(&run, 0), 1);
	assert_int_equal(answer_of(&run, 1), RT_ANSWER_NONE);
	leave(&run);
}

static void test_the_score_counts_what_was_answered_before(void **state)
{
	struct run run = start(whole, true);
	size_t asked, answered, right;

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n2\n\n\n");
	leave(&run);
	run = start(whole, true);
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "1\n\n");
	/* The first stage was not built again, so the line of the first question never ran here. */
	rt_session_score(run.f->ui.session, &asked, &answered, &right);
	assert_int_equal(asked, 2);
	assert_int_equal(answered, 2);
	assert_int_equal(right, 1);
	leave(&run);
}

static void test_answers_are_kept_by_label_with_the_verdict(void **state)
{
	struct run run = start(whole, true);
	struct rt_progress *progress;
	const struct rt_progress_answer *answer;

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n2\n\n\n1\n");
	leave(&run);
	progress = progress_open_quietly();
	answer = rt_progress_answer(kept(progress), "first");
	assert_string_equal(answer->answer, "EADDRINUSE");
	assert_int_equal(answer->right, RT_PROGRESS_RIGHT);
	answer = rt_progress_answer(kept(progress), "second");
	assert_string_equal(answer->answer, "0");
	assert_int_equal(answer->right, RT_PROGRESS_WRONG);
	rt_progress_free(progress);
}

static void test_unsure_and_skipped_are_kept_as_such(void **state)
{
	struct run run = start(whole, true);
	struct rt_progress *progress;

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n3\n\n\nn\n");
	leave(&run);
	progress = progress_open_quietly();
	assert_string_equal(progress_answer_of(progress, "t", "first"), RT_PROGRESS_UNSURE);
	assert_string_equal(progress_answer_of(progress, "t", "second"), RT_PROGRESS_SKIPPED);
	assert_int_equal(rt_progress_answer(kept(progress), "first")->right, RT_PROGRESS_UNKNOWN);
	rt_progress_free(progress);
	run = start(whole, true);
	begin(&run);
	open_lesson(&run);
	assert_int_equal(answer_of(&run, 0), RT_ANSWER_UNSURE);
	assert_int_equal(answer_of(&run, 1), RT_ANSWER_SKIPPED);
	leave(&run);
}

static void test_each_step_is_saved_when_it_ends(void **state)
{
	struct run run = start(whole, true);
	struct rt_progress *progress;

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n2\n");
	assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_STEP);
	rt_kept_step(&run.f->ui);
	die(&run);
	progress = progress_open_quietly();
	assert_string_equal(kept(progress)->place.step, "one");
	assert_int_equal(kept(progress)->n_seen, 1);
	assert_string_equal(progress_answer_of(progress, "t", "first"), "EADDRINUSE");
	rt_progress_free(progress);
	run = start(whole, true);
	begin(&run);
	open_lesson(&run);
	assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_STEP);
	ui_assert_shows(run.f, "After.");
	leave(&run);
}

static void take_to_the_end(struct run *run)
{
	ui_press(run->f, "\n2\n\n\n2\n\n\n");
	assert_int_equal(rt_session_phase(run->f->ui.session), RT_PHASE_END);
	rt_kept_step(&run->f->ui);
}

static void test_a_lesson_that_is_done_begins_anew(void **state)
{
	struct run run = start(whole, true);
	struct rt_progress *progress;

	(void)state;
	begin(&run);
	open_lesson(&run);
	take_to_the_end(&run);
	ui_press(run.f, "bq"); /* looking back from the end is no new round */
	ui_assert_shows(run.f, "done");
	leave(&run);
	run = start(whole, true);
	begin(&run);
	ui_assert_shows(run.f, "done");
	ui_assert_shows(run.f, "Choose a lesson");
	open_lesson(&run);
	assert_int_equal(rt_session_step(run.f->ui.session), 0);
	assert_int_equal(answer_of(&run, 0), RT_ANSWER_NONE);
	/* A second round is left in the middle: it goes on with its own answers alone. */
	ui_press(run.f, "\n1\n\n");
	leave(&run);
	run = start(whole, true);
	begin(&run);
	ui_assert_shows(run.f, "2/3");
	open_lesson(&run);
	assert_int_equal(rt_session_step(run.f->ui.session), 1);
	assert_int_equal(answer_of(&run, 0), 0);
	assert_int_equal(answer_of(&run, 1), RT_ANSWER_NONE);
	leave(&run);
	progress = progress_open_quietly();
	assert_true(kept(progress)->done > 0);
	rt_progress_free(progress);
}

/* Whoever asks again at once has read the answer: the question comes back all the same. */
static void test_a_wrong_answer_that_is_mended_at_once_comes_back(void **state)
{
	struct run run = start(whole, true);
	struct rt_progress *progress;

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n1");
	assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_RESULT);
	ui_press(run.f, "r\n2\n");
	assert_int_equal(answer_of(&run, 0), 1);
	leave(&run);
	progress = progress_open_quietly();
	assert_int_equal(rt_progress_answer(kept(progress), "first")->right, RT_PROGRESS_RIGHT);
	assert_int_equal(rt_review_waiting(kept(progress)), 1);
	assert_non_null(rt_review_find(kept(progress), "first"));
	rt_progress_free(progress);
}

/* Nobody is wrong where the kernel surprises the author. */
static void test_a_kernel_that_differs_brings_nothing_back(void **state)
{
	struct run run = start(whole, true);
	struct rt_progress *progress;

	(void)state;
	run.f->fake->answer[RT_CALL_BIND] = 0;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n2\n");
	leave(&run);
	progress = progress_open_quietly();
	assert_int_equal(rt_progress_answer(kept(progress), "first")->right, RT_PROGRESS_UNKNOWN);
	assert_int_equal(rt_review_waiting(kept(progress)), 0);
	rt_progress_free(progress);
}

/* The end was there, though the next key of the same burst left it before anything was drawn. */
static void test_an_end_that_is_left_at_once_counts(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct run run = start(whole, true);
		struct rt_progress *progress;

		begin(&run);
		open_lesson(&run);
		ui_press(run.f, "\n1\n\n\n1\n");
		while (rt_session_phase(run.f->ui.session) != RT_PHASE_STEP)
			ui_press(run.f, "\n");
		assert_int_equal(rt_session_step(run.f->ui.session), 1);
		run.f->ui.gone_on = false;
		rt_screen_key(&run.f->ui, '\n');
		assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_END);
		rt_screen_key(&run.f->ui, i ? 'b' : 'r');
		ui_settle(run.f);
		leave(&run);
		progress = progress_open_quietly();
		assert_true(kept(progress)->done > 0);
		assert_true(rt_progress_forget(progress, "t"));
		progress_save(progress);
		rt_progress_free(progress);
	}
	(void)state;
}

static void test_what_is_asked_again_stays_open(void **state)
{
	struct run run = start(whole, true);

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n2\n");
	rt_kept_step(&run.f->ui);
	ui_press(run.f, "r");
	leave(&run);
	run = start(whole, true);
	begin(&run);
	open_lesson(&run);
	assert_int_equal(answer_of(&run, 0), RT_ANSWER_NONE);
	assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_READ);
	leave(&run);
}

static void test_a_lesson_that_has_changed(void **state)
{
	struct run run = start(whole, true);

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n2\n\n\n2\n");
	leave(&run);
	run = start(changed, true);
	begin(&run);
	open_lesson(&run);
	ui_assert_shows(run.f, "Lesson t has changed since");
	ui_assert_shows(run.f, "starting at the same step.");
	assert_int_equal(rt_session_step(run.f->ui.session), 1);
	assert_int_equal(rt_session_calls(run.f->ui.session), 0);
	/* The answer is what was said, wherever it stands now. */
	assert_int_equal(answer_of(&run, 1), 0);
	leave(&run);
	/* That was told. */
	run = start(changed, true);
	begin(&run);
	open_lesson(&run);
	ui_assert_shows(run.f, "Going on where you stopped");
	leave(&run);
	run = start(shorter, true);
	begin(&run);
	open_lesson(&run);
	ui_assert_shows(run.f, "your step is gone");
	assert_int_equal(rt_session_step(run.f->ui.session), 1);
	leave(&run);
}

/* Two copies: one stands still while the other goes on. */
static void test_standing_still_does_not_count(void **state)
{
	struct run run = start(whole, true), still;
	struct rt_progress *progress;

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n2\n");
	leave(&run);
	still = start(whole, true);
	begin(&still);
	open_lesson(&still);
	run = start(whole, true);
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n\n");
	leave(&run);
	leave(&still);
	progress = progress_open_quietly();
	assert_string_equal(kept(progress)->place.step, "two");
	rt_progress_free(progress);
}

static void test_reading_alone_is_not_taking_the_lesson(void **state)
{
	struct run run = start(whole, false);
	struct rt_progress *progress;

	(void)state;
	begin(&run);
	open_lesson(&run);
	ui_press(run.f, "\n\n");
	assert_int_equal(rt_session_phase(run.f->ui.session), RT_PHASE_END);
	leave(&run);
	progress = progress_open_quietly();
	assert_int_equal(kept(progress)->done, 0);
	assert_string_equal(kept(progress)->place.step, "three");
	rt_progress_free(progress);
}

static void test_trouble_is_shown_and_the_lesson_goes_on(void **state)
{
	struct progress_fixture *f = *state;
	struct run run;
	char root[512];

	progress_write(f, "garbage", 7);
	run = start(whole, true);
	begin(&run);
	ui_assert_shows(run.f, "your progress was damaged");
	rt_kept_drawn(&run.f->ui);
	open_lesson(&run);
	snprintf(root, sizeof(root), "%s/progress.json", f->dir);
	assert_int_equal(mkdir(root, 0700), 0);
	ui_press(run.f, "\n2\n");
	rt_kept_step(&run.f->ui);
	ui_assert_shows(run.f, "your progress cannot be saved: EISDIR");
	ui_press(run.f, "\n");
	ui_assert_hides(run.f, "EISDIR");
	assert_int_equal(rt_session_step(run.f->ui.session), 1);
	rmdir(root);
	leave(&run);
	rt_progress_free(progress_open_quietly());
}

static void test_notes_of_ones_own(void **state)
{
	struct run run = start(whole, true);

	(void)state;
	begin(&run);
	assert_null(run.keeper.note(run.keeper.ctx, "t", "one"));
	run.keeper.set_note(run.keeper.ctx, "t", "one", "ask in class");
	die(&run);
	run = start(whole, true);
	begin(&run);
	assert_string_equal(run.keeper.note(run.keeper.ctx, "t", "one"), "ask in class");
	ui_assert_shows(run.f, "new"); /* a note is no beginning */
	leave(&run);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, progress_setup, progress_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_new_learner_sees_new_lessons),
		TEST(test_it_goes_on_at_the_exact_place),
		TEST(test_the_score_counts_what_was_answered_before),
		TEST(test_answers_are_kept_by_label_with_the_verdict),
		TEST(test_unsure_and_skipped_are_kept_as_such),
		TEST(test_each_step_is_saved_when_it_ends),
		TEST(test_a_lesson_that_is_done_begins_anew),
		TEST(test_a_wrong_answer_that_is_mended_at_once_comes_back),
		TEST(test_a_kernel_that_differs_brings_nothing_back),
		TEST(test_an_end_that_is_left_at_once_counts),
		TEST(test_what_is_asked_again_stays_open),
		TEST(test_a_lesson_that_has_changed),
		TEST(test_standing_still_does_not_count),
		TEST(test_reading_alone_is_not_taking_the_lesson),
		TEST(test_trouble_is_shown_and_the_lesson_goes_on),
		TEST(test_notes_of_ones_own),
	};

	return cmocka_run_group_tests_name("leaving and coming back", tests, NULL, NULL);
}
