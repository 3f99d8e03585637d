/* The list of lessons, the list of steps, the help, and the key table behind all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "ui_fixture.h"

static const struct {
	int width, height;
} sizes[] = {{40, 12}, {80, 24}, {110, 30}, {160, 40}, {200, 50}};

static void test_contents_say_what_to_press(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct ui_fixture *f =
			ui_fixture_new(sizes[i].width, sizes[i].height, false, true, NULL);

		ui_assert_sound(f);
		ui_assert_shows(f, "Lessons");
		ui_assert_shows(f, "TIME_WAIT：重启不了");
		ui_assert_shows(f, "7 min");
		ui_assert_shows(f, "Enter open");
		ui_assert_shows(f, "q quit");
		ui_fixture_free(f);
	}
}

static void test_contents_at_80x24(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_assert_shows(f, "What SO_REUSEADDR and SO_REUSEPORT really do");
	ui_assert_shows(f, "press Enter");
	ui_assert_shows(f, "Who keeps the record?");
	ui_assert_shows(f, "private namespaces");
	ui_press(f, "q");
	assert_true(f->ui.done);
	ui_fixture_free(f);
}

static void test_contents_name_the_trouble(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, false, NULL);

	(void)state;
	ui_assert_shows(f, "EPERM (user namespaces are off); try: sudo reuse-tutor");
	ui_assert_shows(f, "The lessons can be read");
	ui_resize(f, 40, 12);
	ui_assert_shows(f, "EPERM");
	ui_fixture_free(f);
}

/* A lesson file that cannot be read is said so where one stands, and the list stays. */
static void test_lesson_that_cannot_be_opened(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_press(f, "\n"); /* there is no file t.md */
	assert_ptr_equal(f->ui.screen, &rt_screen_contents);
	ui_assert_shows(f, "t.md");
	assert_int_equal(ui_style_of(f, "t.md"), RT_STYLE_BAD);
	ui_fixture_free(f);
}

static void test_leaving_and_coming_back(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "\nq");
	ui_assert_shows(f, "step 1/2");
	ui_press(f, "\n");
	ui_assert_shows(f, "What does listen(s, 8) return?");
	ui_press(f, "Q");
	assert_true(f->ui.done);
	ui_fixture_free(f);
}

/* R: only where there is something to lose, and not twice in one burst. */
static void test_reset_asks_first(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);
	const struct rt_predict *predict;

	(void)state;
	ui_open(f, 0);
	predict = &rt_session_lesson(f->ui.session)->predict[0];
	ui_press(f, "\n");
	ui_press(f, "R");
	assert_int_equal(rt_session_calls(f->ui.session), 0); /* nothing was answered */
	ui_press(f, "\n2");
	assert_int_equal(rt_session_answer_of(f->ui.session, predict), 1);
	ui_press(f, "R");
	ui_assert_shows(f, "R once more forgets your answer; any other key keeps it");
	ui_assert_shows(f, "R forget all answers");
	assert_int_equal(rt_session_answer_of(f->ui.session, predict), 1);
	ui_press(f, "z");
	ui_assert_hides(f, "R forget all answers");
	ui_press(f, "zR");
	assert_int_equal(rt_session_answer_of(f->ui.session, predict), 1);
	/* A held key: both in one burst. */
	ui_press(f, "z");
	f->ui.gone_on = false;
	rt_screen_key(&f->ui, 'R');
	rt_screen_key(&f->ui, 'R');
	assert_int_equal(rt_session_answer_of(f->ui.session, predict), 1);
	ui_press(f, "R");
	assert_int_equal(rt_session_answer_of(f->ui.session, predict), RT_ANSWER_NONE);
	assert_int_equal(rt_session_calls(f->ui.session), 0);
	ui_fixture_free(f);
}

static void test_enter_needs_a_choice(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "\n");
	ui_assert_hides(f, "Choose an answer first");
	ui_press(f, "\n");
	ui_assert_shows(f, "Choose an answer first: 1-4, or n to run without one");
	ui_assert_sound(f);
	ui_key(f, RT_KEY_DOWN);
	ui_assert_hides(f, "Choose an answer first");
	ui_assert_shows(f, "> 1  0");
	ui_assert_shows(f, "Enter answer");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_shows(f, "> 2  EADDRINUSE");
	ui_press(f, "\n");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_RESULT);
	assert_int_equal(
		rt_session_answer_of(f->ui.session, &rt_session_lesson(f->ui.session)->predict[0]),
		1);
	ui_fixture_free(f);
}

static void test_answers_and_hints(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "\n");
	ui_assert_shows(f, "h hint");
	ui_assert_hides(f, "Look at the sockets.");
	ui_press(f, "h");
	ui_assert_shows(f, "Hint: Look at the sockets.");
	ui_press(f, "h");
	ui_assert_shows(f, "Hint: Look again.");
	ui_assert_hides(f, "h hint"); /* there is no third */
	ui_press(f, "9");	      /* no such answer */
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_ASK);
	ui_press(f, "4");
	assert_int_equal(
		rt_session_answer_of(f->ui.session, &rt_session_lesson(f->ui.session)->predict[0]),
		RT_ANSWER_UNSURE);
	ui_fixture_free(f);
}

static void test_moving(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "nn");
	ui_assert_shows(f, "> client: c = socket");
	ui_press(f, "b");
	ui_assert_shows(f, "> old:    bind");
	ui_press(f, "\n2\n");
	ui_assert_shows(f, "After the calls this is the explanation.");
	ui_press(f, "\n");
	ui_assert_shows(f, "Remember this.");
	ui_assert_shows(f, "step 2/2");
	ui_press(f, "b");
	ui_assert_shows(f, "step 1/2");
	ui_press(f, "r");
	ui_assert_shows(f, "> old:    s = socket");
	assert_int_equal(
		rt_session_answer_of(f->ui.session, &rt_session_lesson(f->ui.session)->predict[0]),
		RT_ANSWER_NONE);
	ui_press(f, "\n2RR");
	ui_assert_shows(f, "> old:    s = socket");
	ui_fixture_free(f);
}

static void test_go_to_step(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "g");
	ui_assert_sound(f);
	ui_assert_shows(f, "Go to a step");
	ui_assert_shows(f, "1  The server closes first");
	ui_assert_shows(f, "2  What to remember");
	ui_press(f, "\x1b");
	ui_assert_hides(f, "Go to a step");
	ui_press(f, "g2");
	ui_assert_hides(f, "The server closes first");
	ui_press(f, "\n");
	ui_assert_shows(f, "step 2/2");
	ui_press(f, "g");
	ui_key(f, RT_KEY_UP);
	ui_press(f, "\n");
	ui_assert_shows(f, "step 1/2");
	ui_fixture_free(f);
}

static void test_help(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "?");
	ui_assert_sound(f);
	ui_assert_shows(f, "runs one call");
	ui_assert_shows(f, "playground: calls of your own");
	ui_assert_shows(f, "1 of ");   /* there are more than there is room for */
	ui_assert_shows(f, "not now"); /* no question is asked */
	ui_assert_shows(f, "> Enter Space");
	ui_key(f, RT_KEY_DOWN); /* the choice is told by more than its style */
	ui_assert_hides(f, "> Enter Space");
	ui_key(f, RT_KEY_END);
	ui_assert_shows(f, "quits");
	ui_press(f, "instr");
	ui_assert_hides(f, "runs one call");
	ui_assert_shows(f, "type to find: instr_");
	ui_assert_shows(f, "the instructor's note");
	ui_press(f, "\n"); /* does what the entry says */
	ui_assert_shows(f, "Ask the room first.");
	ui_key(f, RT_KEY_F1);
	ui_press(f, "hint\n");
	ui_assert_shows(f, "This key has nothing to do right now");
	ui_key(f, RT_KEY_BACKSPACE);
	ui_assert_shows(f, "type to find: hin_");
	ui_press(f, "zzzz");
	ui_assert_shows(f, "No key has these words");
	ui_press(f, "\x1b");
	assert_ptr_equal(f->ui.screen, &rt_screen_lesson);
	ui_fixture_free(f);
}

static void test_help_at_every_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct ui_fixture *f =
			ui_fixture_new(sizes[i].width, sizes[i].height, false, true, NULL);

		ui_press(f, "?");
		ui_assert_sound(f);
		ui_assert_shows(f, "opens the lesson");
		ui_press(f, "\x1b");
		ui_open(f, 0);
		ui_press(f, "?");
		for (int n = 0; n < 40; n++)
			ui_key(f, RT_KEY_DOWN);
		ui_assert_sound(f);
		ui_assert_shows(f, "quits");
		ui_fixture_free(f);
	}
}

static void test_keys_of_an_input_method(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_key(f, 0x4f60);
	ui_assert_shows(f, "Input method is on: switch to English, or use arrows and Enter");
	ui_key(f, RT_KEY_OTHER);
	ui_assert_hides(f, "Input method");
	ui_key(f, 0xe4); /* a byte of it, where the locale knows no UTF-8 */
	ui_assert_shows(f, "Input method is on");
	ui_key(f, 0xff4e); /* a full-width n */
	ui_assert_shows(f, "1 of 5 lines run");
	ui_fixture_free(f);
}

/* Of keys that come at once only one goes on: the next question was not yet on the screen. */
static void test_keys_that_come_at_once(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "\n2");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_RESULT);
	ui_key(f, 0x3000); /* a blank of an input method, alone */
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_STEP);
	ui_press(f, "r");
	f->ui.gone_on = false;
	rt_screen_key(&f->ui, ' ');
	ui_settle(f);
	rt_screen_key(&f->ui, '2');
	ui_settle(f);
	rt_screen_key(&f->ui, 0x3000);
	rt_screen_key(&f->ui, '\n');
	ui_settle(f);
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_RESULT);
	ui_fixture_free(f);
}

/* A key that does nothing says why. */
static void test_keys_that_do_nothing(void **state)
{
	static const struct {
		const char *keys, *says;
	} row[] = {
		{"3", "No question is open now"},
		{"h", "No question is open now"},
		{"b", "This is the beginning of the lesson"},
		{"y", "y does nothing here; ? lists the keys"},
		{"k", "No TIME_WAIT is selected"},
		{"v", "This key is for a review"},
		{"\nh", "Hint: "},
		{"hhh", "There is no further hint"},
		{"9", "The answers are 1 to 4"},
		{"2n", "Press Enter first: a result is shown"},
		{"\nn", "All calls of this step have run"},
		{"3", "No question is open now"},
	};
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_press(f, "v");
	ui_assert_shows(f, "No question is due for review");
	ui_open(f, 0);
	for (size_t i = 0; i < RT_COUNT(row); i++) {
		ui_press(f, row[i].keys);
		ui_assert_shows(f, row[i].says);
	}
	ui_key(f, RT_KEY_TAB);
	ui_assert_hides(f, "No question is open now");
	ui_fixture_free(f);
	f = ui_fixture_new(80, 24, false, false, NULL);
	ui_open(f, 0);
	ui_press(f, "n");
	ui_assert_shows(f, "Nothing runs without a stage");
	ui_press(f, "$");
	ui_assert_shows(f, "There is no stage to look into");
	ui_press(f, "\n\n");
	ui_assert_shows(f, "This was the last step: q leaves");
	ui_fixture_free(f);
}

/* On the smallest screen too nothing that is said is cut, and a hint comes into sight. */
static void test_small_screen_says_all(void **state)
{
	struct ui_fixture *f = ui_fixture_new(40, 12, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "\n\n");
	ui_assert_sound(f);
	ui_assert_shows(f, "Choose an answer first: 1-4, or n to");
	ui_assert_shows(f, " run without one");
	ui_press(f, "\t\n"); /* from another panel it leads to the question */
	ui_assert_shows(f, "Predict");
	ui_press(f, "\t");
	ui_assert_hides(f, "run without one");
	ui_assert_hides(f, "Predict");
	ui_press(f, "h");
	ui_assert_shows(f, "Predict");
	ui_assert_shows(f, "Hint: ");
	ui_key(f, RT_KEY_F1);
	ui_assert_shows(f, "goes on, up to the next question or");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_hides(f, "goes on, up to the next question or");
	ui_assert_sound(f);
	ui_press(f, "\x1b"
		    "2\n");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_STEP);
	ui_assert_shows(f, "Enter go on  Tab panel");
	ui_fixture_free(f);
}

/* Thousands of keys leave the screen sound and never pass by a question. */
static void test_many_keys(void **state)
{
	static const char keys[] = "zsIfNt/$\tnbh?x\x1b rgq9\n";
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	for (size_t i = 0; i < 10000; i++)
		ui_key(f, (unsigned char)keys[i * 7 % (sizeof(keys) - 1)]);
	ui_assert_sound(f);
	ui_fixture_free(f);
}

static void test_ascii_screens(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, true, true, NULL);

	(void)state;
	ui_assert_sound(f); /* asserts that each cell is ASCII */
	ui_assert_shows(f, "TIME_WAIT??");
	ui_open(f, 0);
	ui_assert_sound(f);
	ui_assert_shows(f, "- Script ---");
	ui_resize(f, 110, 30);
	ui_assert_sound(f);
	ui_press(f, "?");
	ui_assert_sound(f);
	ui_fixture_free(f);
}

/*
 * On one screen a key that always holds must not stand twice: the second row would never be
 * reached.
 */
static void test_key_table(void **state)
{
	size_t n;
	const struct rt_binding *binding = rt_bindings(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_non_null(binding[i].keys);
		assert_true(binding[i].where & RT_IN_ALL);
		assert_false(binding[i].bar && !binding[i].key[0]);
		assert_false(binding[i].help && !binding[i].keys[0]);
		for (size_t k = 0; k < 3 && !binding[i].can; k++)
			for (size_t j = i + 1; j < n && binding[i].key[k]; j++)
				for (size_t m = 0; m < 3; m++)
					assert_false(binding[j].key[m] == binding[i].key[k] &&
						     (binding[j].where & ~binding[i].where) == 0 &&
						     binding[j].action != binding[i].action);
	}
}

/* Before any cell has run, at each size that has a layout of its own, and each of its keys. */
static void test_the_matrix_at_every_size(void **state)
{
	static const struct {
		int width, height;
	} size[] = {{40, 12}, {59, 13}, {60, 18}, {80, 24}, {200, 50}};
	struct ui_fixture *f;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(size); i++) {
		f = ui_fixture_new(size[i].width, size[i].height, false, true, NULL);
		ui_press(f, "M");
		ui_assert_sound(f);
		ui_assert_shows(f, "0 of 96 cells");
		ui_assert_shows(f, "BOUND -, -: not run yet");
		for (int step = 0; step < 30; step++)
			ui_key(f, step % 2 ? RT_KEY_DOWN : RT_KEY_RIGHT);
		ui_key(f, RT_KEY_END);
		ui_assert_sound(f);
		ui_assert_shows(f, "TIME_WAIT AP, AP: not run yet");
		ui_press(f, "p");
		ui_assert_shows(f, "ESTABLISHED AP, AP: not run yet");
		ui_assert_shows(f, "0 of 32 cells");
		/* Each address, and that of a group is none for TCP. */
		ui_press(f, "aaaaaapu\n");
		ui_assert_sound(f);
		ui_assert_shows(f, "not run yet");
		ui_press(f, "q");
		ui_assert_shows(f, "0 of 96 cells");
		ui_press(f, "qM");
		ui_assert_shows(f, "0 of 96 cells");
		ui_fixture_free(f);
	}
	f = ui_fixture_new(80, 24, false, false, NULL);
	ui_press(f, "M");
	ui_assert_shows(f, "The lessons can be read; their calls cannot be run.");
	ui_assert_hides(f, "matrix");
	ui_fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contents_say_what_to_press),
		cmocka_unit_test(test_contents_at_80x24),
		cmocka_unit_test(test_contents_name_the_trouble),
		cmocka_unit_test(test_lesson_that_cannot_be_opened),
		cmocka_unit_test(test_leaving_and_coming_back),
		cmocka_unit_test(test_reset_asks_first),
		cmocka_unit_test(test_enter_needs_a_choice),
		cmocka_unit_test(test_answers_and_hints),
		cmocka_unit_test(test_moving),
		cmocka_unit_test(test_go_to_step),
		cmocka_unit_test(test_the_matrix_at_every_size),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_help_at_every_size),
		cmocka_unit_test(test_keys_of_an_input_method),
		cmocka_unit_test(test_keys_that_come_at_once),
		cmocka_unit_test(test_keys_that_do_nothing),
		cmocka_unit_test(test_small_screen_says_all),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_ascii_screens),
		cmocka_unit_test(test_key_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
