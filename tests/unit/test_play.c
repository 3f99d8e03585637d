/* The playground on its canvas: what is typed, what is said of it, and the lesson behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "ui_fixture.h"

#define SOCKET "old: s = socket(AF_INET, SOCK_STREAM)"

static const struct {
	int width, height;
} sizes[] = {{40, 12}, {80, 24}, {110, 30}, {160, 40}, {200, 50}};

/* The playground alone, as `reuse-tutor play` opens it. */
static struct ui_fixture *alone(int width, int height, bool staged)
{
	struct ui_fixture *f = ui_fixture_new(width, height, false, staged, NULL);

	f->ui.screen = &rt_screen_play;
	rt_play_open(&f->ui, rt_draft_new("Playground"));
	ui_settle(f);
	return f;
}

static void test_all_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct ui_fixture *f = alone(sizes[i].width, sizes[i].height, true);

		ui_assert_sound(f);
		ui_assert_shows(f, "Type a line");
		ui_assert_shows(f, "Enter run");
		ui_assert_shows(f, "No line yet.");
		ui_press(f, SOCKET "\n");
		ui_assert_sound(f);
		ui_assert_shows(f, "old: s = socket(AF_INET,");
		ui_assert_shows(f, "= 3");
		ui_press(f, "old: bind(x");
		ui_assert_sound(f);
		ui_assert_shows(f, "> old: bind(x_");
		ui_assert_shows(f, "has no descriptor");
		ui_fixture_free(f);
	}
}

static void test_errors_as_one_types(void **state)
{
	struct ui_fixture *f = alone(80, 24, true);

	(void)state;
	ui_press(f, SOCKET "\n");
	/* What is not finished is no mistake yet. */
	ui_press(f, "old: bi");
	ui_assert_shows(f, "Tab: bind(");
	ui_assert_hides(f, "expected");
	ui_press(f, "\t");
	ui_assert_shows(f, "> old: bind(_");
	ui_press(f, "\t");
	ui_assert_shows(f, "> old: bind(s, _");
	ui_assert_shows(f, "127.0.0.1:8000)");
	ui_press(f, "rubbish");
	ui_assert_shows(f, "                ^\n");
	ui_assert_shows(f, "expected an address, got \"rubbish\"");
	assert_int_equal(ui_style_of(f, "expected an address"), RT_STYLE_BAD);
	/* Enter does not run it: it stays, to be mended. */
	ui_press(f, "\n");
	ui_assert_shows(f, "> old: bind(s, rubbish_");
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 0);
	for (int i = 0; i < 7; i++)
		ui_key(f, RT_KEY_BACKSPACE);
	ui_press(f, "127.0.0.1:8000)\n");
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 1);
	ui_assert_shows(f, "2 of 2 lines run");
	/* What is missing is said once somebody has asked for it. */
	ui_press(f, "old: listen(\n");
	ui_assert_shows(f, "got the end of the line");
	ui_fixture_free(f);
}

static void test_history_and_undo(void **state)
{
	struct ui_fixture *f = alone(80, 24, true);

	(void)state;
	ui_press(f, SOCKET "\nold: listen(s, 8)\n");
	ui_key(f, RT_KEY_UP);
	ui_assert_shows(f, "> old: listen(s, 8)_");
	ui_key(f, RT_KEY_UP);
	ui_key(f, RT_KEY_UP);
	ui_assert_shows(f, "> " SOCKET "_");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_shows(f, "> old: listen(s, 8)_");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_shows(f, "> _");
	assert_int_equal(f->fake->stages, 1);
	ui_key(f, '_' - 64);
	ui_assert_shows(f, "Taken back");
	ui_assert_shows(f, "1 of 1 lines run");
	assert_int_equal(f->fake->stages, 2);
	ui_press(f, "redo\n");
	ui_assert_shows(f, "2 of 2 lines run");
	ui_press(f, "undo\nundo\nundo\n");
	ui_assert_shows(f, "There is nothing to undo.");
	ui_assert_shows(f, "No line yet.");
	ui_fixture_free(f);
}

/* Pasted lines are lines, each with its own Enter. */
static void test_pasted_lines(void **state)
{
	static const char text[] = SOCKET "\nold: bind(s, 127.0.0.1:1)\nold: close(s)\n";
	struct ui_fixture *f = alone(80, 24, true);

	(void)state;
	f->ui.gone_on = false;
	for (const char *s = text; *s; s++) {
		f->ui.more_keys = s[1] != '\0';
		rt_screen_key(&f->ui, (unsigned char)*s);
	}
	ui_settle(f);
	ui_assert_shows(f, "3 of 3 lines run");
	/* What is typed right behind them is looked at with the drawing. */
	for (const char *s = "old: nonsense"; *s; s++)
		rt_screen_key(&f->ui, (unsigned char)*s);
	ui_assert_shows(f, "expected a call, got \"nonsense\"");
	ui_fixture_free(f);
}

/* Help keeps what was typed; Escape clears the line before it leaves. */
static void test_help_and_leaving(void **state)
{
	struct ui_fixture *f = alone(80, 24, true);

	(void)state;
	ui_press(f, "old: s");
	ui_key(f, RT_KEY_F1);
	ui_assert_shows(f, "completes a word");
	ui_press(f, "\x1b");
	ui_assert_shows(f, "> old: s_");
	ui_press(f, "\x1b");
	ui_assert_shows(f, "> _");
	assert_false(f->ui.done);
	ui_press(f, "\x1b");
	assert_true(f->ui.done);
	ui_fixture_free(f);
}

static struct rt_world *give_world(void *ctx)
{
	return &((struct fake *)ctx)->world;
}

/* From a lesson: the calls that have run, on another stage; the lesson stays where it was. */
static void test_beside_a_lesson(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);
	struct fake *other = fake_new(f->loop);
	char *before;

	(void)state;
	f->ui.second_world = give_world;
	f->ui.second_ctx = other;
	ui_open(f, 0);
	ui_press(f, "\n2"); /* up to the question, and its answer */
	ui_assert_shows(f, "Result");
	before = rt_strdup(ui_draw(f));
	ui_press(f, ":");
	ui_assert_shows(f, "Playground");
	ui_assert_shows(f, "4 of 4 lines run");
	assert_int_equal(other->stages, 1);
	assert_int_equal(other->orders[RT_CALL_BIND], 1);
	ui_press(f, "old: close(s)\n");
	ui_assert_shows(f, "5 of 5 lines run");
	assert_int_equal(f->fake->orders[RT_CALL_CLOSE], 0);
	ui_press(f, "\x1b");
	assert_string_equal(ui_draw(f), before);
	assert_int_equal(f->fake->stages, 1);
	free(before);
	/* It goes on as if nothing had been. */
	ui_press(f, "\n");
	assert_int_equal(f->fake->orders[RT_CALL_CLOSE], 1);
	fake_free(other); /* its loop is the fixture's */
	ui_fixture_free(f);
}

static void test_without_a_stage(void **state)
{
	struct ui_fixture *f = alone(80, 24, false);

	(void)state;
	ui_assert_sound(f);
	ui_assert_shows(f, "EPERM (user namespaces are off)");
	ui_press(f, SOCKET "\n");
	ui_assert_sound(f);
	ui_fixture_free(f);
}

/* Lines of any length, and of any letters, break nothing. */
static void test_long_lines(void **state)
{
	struct ui_fixture *f = alone(40, 12, true);

	(void)state;
	for (int i = 0; i < 5000; i++)
		rt_screen_key(&f->ui, 'x');
	ui_assert_sound(f);
	ui_press(f, "\n");
	ui_assert_sound(f);
	ui_key(f, 'U' - 64);
	ui_key(f, 0x4e2d);
	ui_key(f, 0xff1a); /* full-width colon */
	ui_assert_sound(f);
	ui_assert_shows(f, "中:_");
	ui_fixture_free(f);
}

/* The word why, in the place of the text; i is a letter here, so it is not what closes it. */
static void test_why(void **state)
{
	struct ui_fixture *f = alone(80, 24, true);

	(void)state;
	ui_press(f, SOCKET "\nwhy\n");
	ui_assert_shows(f, "No bind, listen or connect has run last.");
	ui_press(f, "old: bind(s, 127.0.0.1:8000)\nwhy\n");
	ui_assert_shows(f, " old: bind(s, 127.0.0.1:8000) = 0");
	ui_assert_shows(f, "before the call, the next line closes");
	ui_assert_hides(f, "i closes");
	ui_press(f, "i");
	ui_assert_shows(f, "> i_");
	ui_key(f, RT_KEY_BACKSPACE);
	ui_press(f, "old: close(s)\n");
	ui_assert_hides(f, "the next line closes");
	ui_fixture_free(f);
}

/* Presses a key so often. */
static void press_times(struct ui_fixture *f, uint32_t key, int times)
{
	for (int i = 0; i < times; i++)
		ui_key(f, key);
}

/* What stands in the line is mended where it stands. */
static void test_cursor_in_the_line(void **state)
{
	struct ui_fixture *f = alone(80, 24, true);

	(void)state;
	ui_press(f, SOCKET "\nold: bnd(s, 127.0.0.1:8000)");
	press_times(f, RT_KEY_LEFT, 21);
	ui_press(f, "xi");
	ui_assert_shows(f, "> old: bxind(s, 127.0.0.1:8000)\n");
	assert_int_equal(ui_style_of(f, "nd(s"), RT_STYLE_SELECTED);
	assert_int_equal(ui_style_of(f, "d(s"), RT_STYLE_STRONG);
	ui_key(f, RT_KEY_LEFT);
	ui_key(f, RT_KEY_BACKSPACE);
	assert_string_equal(f->ui.tape.line, "old: bind(s, 127.0.0.1:8000)");
	ui_key(f, 'A' - 64);
	ui_press(f, "x");
	ui_key(f, RT_KEY_RIGHT);
	ui_key(f, RT_KEY_DELETE);
	assert_string_equal(f->ui.tape.line, "xod: bind(s, 127.0.0.1:8000)");
	ui_press(f, "l");
	ui_key(f, RT_KEY_HOME);
	ui_key(f, RT_KEY_LEFT);
	ui_key(f, RT_KEY_DELETE);
	assert_string_equal(f->ui.tape.line, "old: bind(s, 127.0.0.1:8000)");
	/* Enter takes the whole line, wherever the cursor is. */
	ui_press(f, "\n");
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 1);
	ui_assert_shows(f, "2 of 2 lines run");
	/* A line of before has the cursor at its end. */
	ui_key(f, RT_KEY_UP);
	ui_assert_shows(f, "> old: bind(s, 127.0.0.1:8000)_");
	ui_key(f, 'W' - 64);
	ui_assert_shows(f, "> old: bind(s, 127.0.0.1:_");
	ui_key(f, 'W' - 64);
	ui_assert_shows(f, "> old: bind(s, _");
	press_times(f, RT_KEY_LEFT, 4);
	ui_key(f, 'K' - 64);
	ui_assert_shows(f, "> old: bind_");
	ui_key(f, RT_KEY_RIGHT);
	ui_key(f, RT_KEY_DELETE);
	ui_assert_shows(f, "> old: bind_");
	ui_key(f, 'A' - 64);
	ui_key(f, 'W' - 64);
	ui_key(f, RT_KEY_END);
	ui_assert_shows(f, "> old: bind_");
	ui_key(f, 'U' - 64);
	ui_assert_shows(f, "> _");
	ui_fixture_free(f);
}

/* Completion, and what is wrong, follow the cursor. */
static void test_completion_in_the_line(void **state)
{
	struct ui_fixture *f = alone(80, 24, true);

	(void)state;
	ui_press(f, SOCKET "\nold: bi(s, 127.0.0.1:8000)");
	press_times(f, RT_KEY_LEFT, 19);
	ui_assert_shows(f, "Tab: bind(");
	ui_press(f, "\t");
	/* The parenthesis was there. */
	assert_string_equal(f->ui.tape.line, "old: bind(s, 127.0.0.1:8000)");
	assert_int_equal(ui_style_of(f, "s, 127"), RT_STYLE_SELECTED);
	/* A mistake behind the cursor is none that could still be typed. */
	ui_key(f, 'E' - 64);
	ui_press(f, "x");
	ui_key(f, 'A' - 64);
	ui_assert_shows(f, "                              ^\n");
	ui_fixture_free(f);
}

/* A character of two columns, and a mark that combines, are one step; all is cut whole. */
static void test_cursor_and_wide_characters(void **state)
{
	struct ui_fixture *f = alone(40, 12, true);

	(void)state;
	ui_press(f, "a");
	press_times(f, 0x4e2d, 60);
	ui_press(f, "e");
	ui_key(f, 0x301); /* a combining acute accent */
	ui_press(f, "z");
	ui_assert_shows(f, "< ");
	ui_key(f, RT_KEY_LEFT);
	ui_key(f, RT_KEY_LEFT);
	assert_int_equal(f->ui.tape.cursor, 1 + 60 * 3);
	ui_key(f, RT_KEY_LEFT);
	assert_int_equal(f->ui.tape.cursor, 1 + 59 * 3);
	ui_assert_sound(f);
	/* In the middle one sees what is around it, and that there is more on both sides. */
	press_times(f, RT_KEY_LEFT, 30);
	ui_assert_sound(f);
	ui_assert_shows(f, "< 中中");
	ui_assert_shows(f, "中 >");
	assert_int_equal(f->ui.tape.cursor, 1 + 29 * 3);
	for (int i = 0; i < 32; i++) {
		ui_key(f, RT_KEY_LEFT);
		ui_assert_sound(f);
	}
	assert_int_equal(f->ui.tape.cursor, 0);
	assert_int_equal(ui_style_of(f, "a中"), RT_STYLE_SELECTED);
	ui_key(f, RT_KEY_END);
	ui_key(f, RT_KEY_LEFT);
	ui_key(f, RT_KEY_LEFT);
	ui_key(f, RT_KEY_DELETE);
	ui_assert_shows(f, "中z");
	ui_fixture_free(f);
}

/* A line that is full takes nothing more, and loses nothing. */
static void test_full_line(void **state)
{
	struct ui_fixture *f = alone(40, 12, true);

	(void)state;
	for (int i = 0; i < RT_TAPE_LINE - 1; i++)
		rt_screen_key(&f->ui, i ? 'y' : 'x');
	assert_int_equal(strlen(f->ui.tape.line), RT_TAPE_LINE - 1);
	ui_key(f, RT_KEY_HOME);
	ui_press(f, "z");
	ui_assert_sound(f);
	assert_int_equal(f->ui.tape.line[0], 'x');
	assert_int_equal(strlen(f->ui.tape.line), RT_TAPE_LINE - 1);
	ui_fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_errors_as_one_types),
		cmocka_unit_test(test_history_and_undo),
		cmocka_unit_test(test_pasted_lines),
		cmocka_unit_test(test_help_and_leaving),
		cmocka_unit_test(test_beside_a_lesson),
		cmocka_unit_test(test_without_a_stage),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_cursor_in_the_line),
		cmocka_unit_test(test_completion_in_the_line),
		cmocka_unit_test(test_cursor_and_wide_characters),
		cmocka_unit_test(test_full_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
