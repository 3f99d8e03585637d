/* What a learner has beside the lesson: a note of one's own, a table that stands still, a shell. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui_fixture.h"

/* --- notes ------------------------------------------------------------------------------------ */

/* Keeps one note, of one step. */
struct kept {
	char lesson[32], step[32], text[5000];
	bool any;
};

static const char *kept_note(void *ctx, const char *lesson, const char *step)
{
	const struct kept *kept = ctx;

	return kept->any && strcmp(kept->lesson, lesson) == 0 && strcmp(kept->step, step) == 0
		       ? kept->text
		       : NULL;
}

static void kept_set_note(void *ctx, const char *lesson, const char *step, const char *text)
{
	struct kept *kept = ctx;

	snprintf(kept->lesson, sizeof(kept->lesson), "%s", lesson);
	snprintf(kept->step, sizeof(kept->step), "%s", step);
	snprintf(kept->text, sizeof(kept->text), "%s", text);
	kept->any = text[0] != '\0';
}

static const char *kept_nothing(void *ctx)
{
	(void)ctx;
	return NULL;
}

static const char *kept_trouble(void *ctx)
{
	struct kept *kept = ctx;

	return kept->any && strstr(kept->text, "full") ? "the disk is full" : NULL;
}

static struct rt_kept kept_place(void *ctx, const char *lesson)
{
	(void)ctx;
	(void)lesson;
	return (struct rt_kept){0};
}

static void kept_save(void *ctx, const struct rt_session *session)
{
	(void)ctx;
	(void)session;
}

static struct rt_ui_keeper keeper_of(struct kept *kept)
{
	return (struct rt_ui_keeper){.ctx = kept,
				     .kept = kept_place,
				     .last = kept_nothing,
				     .save = kept_save,
				     .note = kept_note,
				     .set_note = kept_set_note,
				     .welcome = kept_nothing,
				     .trouble = kept_trouble};
}

static void test_note_is_written_and_shown(void **state)
{
	struct kept kept = {.any = false};
	struct rt_ui_keeper keeper = keeper_of(&kept);
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	f->ui.keeper = &keeper;
	ui_open(f, 0);
	ui_assert_hides(f, "My note");
	ui_press(f, "N");
	ui_assert_sound(f);
	ui_assert_shows(f, "My note on this step");
	ui_assert_shows(f, "Enter keep");
	ui_assert_shows(f, "Before the calls there is one paragraph"); /* beside the text */
	ui_press(f, "See Q *and* R");
	ui_key(f, 0x7b2c);
	ui_key(f, 0xff0c); /* as it was typed */
	ui_press(f, "x");
	ui_key(f, RT_KEY_BACKSPACE);
	ui_assert_shows(f, "See Q *and* R第，_");
	ui_press(f, "\n");
	assert_ptr_equal(f->ui.screen, &rt_screen_lesson);
	assert_string_equal(kept.text, "See Q *and* R第，");
	assert_string_equal(kept.lesson, "t");
	assert_string_equal(kept.step, "one");
	ui_assert_shows(f, "My note: See Q *and* R第，");
	ui_assert_shows(f, "Your note is kept.");
	assert_int_equal(ui_style_of(f, "My note:"), RT_STYLE_STRONG);
	assert_int_equal(f->ui.face.focus, RT_PANEL_READ);
	ui_press(f, "g2\n");
	ui_assert_hides(f, "My note");
	ui_fixture_free(f);
}

static void test_note_is_changed_and_deleted(void **state)
{
	struct kept kept = {"t", "one", "old words", true};
	struct rt_ui_keeper keeper = keeper_of(&kept);
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	f->ui.keeper = &keeper;
	ui_open(f, 0);
	ui_assert_shows(f, "My note: old words");
	ui_press(f, "N and new\x1b");
	assert_string_equal(kept.text, "old words");
	ui_assert_shows(f, "My note: old words");
	ui_press(f, "N and new\n");
	assert_string_equal(kept.text, "old words and new");
	ui_press(f, "N");
	for (int i = 0; i < 40; i++)
		ui_key(f, RT_KEY_BACKSPACE);
	ui_press(f, "  \n");
	assert_false(kept.any);
	ui_assert_hides(f, "My note:");
	ui_press(f, "Nfull\n");
	ui_assert_shows(f, "the disk is full"); /* and the note is still there */
	ui_assert_shows(f, "My note: full");
	ui_fixture_free(f);
}

/* Long notes, pasted ones with line ends, and every size. */
static void test_note_takes_what_comes(void **state)
{
	static const int sizes[][2] = {{40, 12}, {80, 24}, {110, 30}, {160, 40}};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct kept kept = {.any = false};
		struct rt_ui_keeper keeper = keeper_of(&kept);
		struct ui_fixture *f = ui_fixture_new(sizes[i][0], sizes[i][1], false, true, NULL);

		f->ui.keeper = &keeper;
		ui_open(f, 0);
		ui_press(f, "N");
		f->ui.more_keys = true;
		for (int n = 0; n < 1000; n++)
			ui_press(f, "word\n");
		ui_press(f, "Q");
		f->ui.more_keys = false;
		ui_assert_sound(f);
		ui_assert_shows(f, "word _");
		ui_assert_shows(f, "Enter keep");
		ui_press(f, "\n");
		assert_int_equal(strlen(kept.text), RT_TYPED_BYTES - 1);
		ui_assert_sound(f);
		ui_fixture_free(f);
	}
}

static void test_note_needs_a_keeper(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "N");
	assert_ptr_equal(f->ui.screen, &rt_screen_lesson);
	ui_fixture_free(f);
}

/* --- freezing --------------------------------------------------------------------------------- */

static void test_frozen_table_stands_still(void **state)
{
	struct ui_fixture *f = ui_fixture_new(110, 30, false, true, NULL);
	struct rt_row *record;

	(void)state;
	record = fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40001");
	record->cookie = 11;
	record->timer = RT_TIMER_TIME_WAIT;
	record->timer_ms = 53900;
	ui_open(f, 0);
	ui_press(f, "n");
	f->fake->tables.taken_ms = rt_now_ms();
	ui_assert_shows(f, "kernel, live");
	ui_assert_shows(f, "127.0.0.1:8000");
	assert_true(f->ui.countdown);
	ui_press(f, "f");
	ui_assert_shows(f, "frozen, f goes on");
	ui_assert_shows(f, "f unfreeze");
	assert_false(f->ui.countdown); /* nothing to wake up for */
	fake_row(f->fake, RT_LISTEN, "127.0.0.9:8000", NULL)->cookie = 12;
	ui_press(f, "n");
	ui_assert_hides(f, "127.0.0.9:8000");
	ui_assert_shows(f, "2 of 5 lines run"); /* calls still run */
	ui_press(f, "f");
	ui_assert_shows(f, "127.0.0.9:8000");
	ui_assert_shows(f, "kernel, live");
	ui_press(f, "f");
	ui_resize(f, 40, 12);
	ui_press(f, "\t\t");
	ui_assert_shows(f, "Sockets (frozen)");
	ui_resize(f, 110, 30);
	ui_open(f, 0); /* another lesson is shown live */
	ui_assert_shows(f, "kernel, live");
	ui_fixture_free(f);
}

/* --- the shell -------------------------------------------------------------------------------- */

struct shell {
	int calls;
	bool fails;
};

static int run_shell(void *ctx, struct rt_error *err)
{
	struct shell *shell = ctx;

	shell->calls++;
	if (shell->fails)
		return rt_error_set(err, RT_ERR_STAGE, "%s", "there is no stage");
	return 0;
}

static void test_shell(void **state)
{
	struct shell shell = {0, false};
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "$"); /* none is offered */
	f->ui.shell = run_shell;
	f->ui.shell_ctx = &shell;
	assert_int_equal(shell.calls, 0);
	ui_press(f, "$");
	assert_int_equal(shell.calls, 1);
	ui_assert_shows(f, "Back from the shell.");
	shell.fails = true;
	ui_press(f, "$");
	ui_assert_shows(f, "there is no stage");
	rt_screen_key(&f->ui, 'z');
	f->ui.alone = false; /* as pasted text has it */
	rt_screen_key(&f->ui, '$');
	assert_int_equal(shell.calls, 2);
	ui_assert_shows(f, "press $ once more, alone");
	ui_fixture_free(f);
}

/* --- the list of lessons ---------------------------------------------------------------------- */

/* Titles keep their columns on a small screen, and it says what this is. */
static void test_small_list_with_marks(void **state)
{
	struct kept kept = {.any = false};
	struct rt_ui_keeper keeper = keeper_of(&kept);
	struct ui_fixture *f = ui_fixture_new(40, 12, false, true, NULL);

	(void)state;
	f->ui.keeper = &keeper;
	ui_assert_sound(f);
	ui_assert_shows(f, "learn SO_REUSEADDR");
	ui_assert_shows(f, " new");
	ui_assert_hides(f, "7 min");
	ui_resize(f, 80, 24);
	ui_assert_shows(f, "7 min   new");
	ui_fixture_free(f);
}

/* --- themes ----------------------------------------------------------------------------------- */

static void test_themes_go_round(void **state)
{
	static const char *const names[] = {"Theme: dark", "Theme: light", "Theme: mono",
					    "Theme: projector", "Theme: auto"};
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	for (size_t i = 0; i < RT_COUNT(names); i++) {
		ui_press(f, "t");
		ui_assert_shows(f, names[i]);
	}
	ui_open(f, 0);
	ui_press(f, "t");
	ui_assert_shows(f, "Theme: dark");
	ui_fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_note_is_written_and_shown),
		cmocka_unit_test(test_note_is_changed_and_deleted),
		cmocka_unit_test(test_note_takes_what_comes),
		cmocka_unit_test(test_note_needs_a_keeper),
		cmocka_unit_test(test_frozen_table_stands_still),
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_small_list_with_marks),
		cmocka_unit_test(test_themes_go_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
