/* check --size, judged on screens over a world without a kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ui/fits.h"
#include "ui_fixture.h"

static const char sentence[] = "One more sentence, which goes on for a while and then ends here.\n";

/* A lesson whose text before the calls, and whose question, are so many sentences long. */
static struct ui_fixture *open_lesson(int text, int question)
{
	struct rt_str lesson = {0};
	struct ui_fixture *f;

	rt_str_add(&lesson, "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n"
			    "## A\n<!-- step: a -->\n\n");
	for (int i = 0; i < text; i++)
		rt_str_add(&lesson, sentence);
	rt_str_add(&lesson, "\n```predict l\nask What comes of it?\n");
	for (int i = 0; i < question; i++)
		rt_str_addf(&lesson, "  %s", sentence);
	rt_str_add(&lesson, "choice 0: it succeeds\nwhy W\nchoice EINVAL: it fails, and says so\n"
			    "why W\n```\n\n```lab\no: s = socket(AF_INET, SOCK_STREAM)\n"
			    "o: listen(s, 8) @l\no: close(s)\n```\n");
	f = ui_fixture_new(80, 24, false, true, rt_str_text(&lesson));
	for (int i = 0; i < 6; i++)
		fake_row(f->fake, RT_LISTEN, "127.0.0.1:8000", "0.0.0.0:0");
	ui_open(f, 0);
	rt_str_fini(&lesson);
	return f;
}

/* words: the reasons why it does not fit; "" where it does. */
static void assert_fits(struct ui_fixture *f, int width, int height, const char *words)
{
	struct rt_str why = {0};
	bool fits = rt_ui_fits(f->ui.session, width, height, &why);

	if (words[0] ? !strstr(rt_str_text(&why), words) : why.len > 0)
		fail_msg("\"%s\" instead of \"%s\"", rt_str_text(&why), words);
	assert_int_equal(fits, !words[0]);
	rt_str_fini(&why);
}

static void test_a_short_step_fits(void **state)
{
	struct ui_fixture *f = open_lesson(3, 0);

	(void)state;
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_READ);
	assert_fits(f, 80, 24, "");
	assert_fits(f, 40, 12, "");
	ui_press(f, "\n");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_ASK);
	assert_fits(f, 80, 24, "");
	assert_fits(f, 160, 40, "");
	ui_fixture_free(f);
}

static void test_text_counts_before_the_first_call_alone(void **state)
{
	struct ui_fixture *f = open_lesson(30, 0);

	(void)state;
	assert_fits(f, 80, 24, "the text takes 26 lines and has ");
	assert_fits(f, 200, 60, "");
	ui_press(f, "\n");
	assert_fits(f, 80, 24, "");
	ui_fixture_free(f);
}

static void test_a_long_question(void **state)
{
	struct ui_fixture *f = open_lesson(1, 30);

	(void)state;
	assert_fits(f, 80, 24, "");
	ui_press(f, "\n");
	assert_fits(f, 80, 24, "the question takes ");
	assert_fits(f, 80, 24, "the call that comes next is out of sight");
	assert_fits(f, 80, 24, "0 of 7 rows of the sockets are in sight");
	assert_fits(f, 200, 60, "");
	ui_fixture_free(f);
}

/* A choice is wrapped, not cut; what has no room then has to be scrolled, and the keys say how. */
static void test_a_choice_that_is_long(void **state)
{
	struct ui_fixture *f = open_lesson(1, 0);

	(void)state;
	ui_press(f, "\n");
	assert_fits(f, 40, 12, "");
	ui_fixture_free(f);
	f = ui_fixture_new(
		80, 24, false, true,
		"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n## A\n"
		"<!-- step: a -->\n```predict l\nask What?\nchoice success: it does all "
		"that anybody could ask of it, and then it does some more, and after that "
		"it still goes on\nwhy W\nchoice EMFILE: no, there is not enough of "
		"anything here, and what there is goes to the others, who were here first "
		"and stay to the end\nwhy W\n```\n"
		"```lab\no: s = socket(AF_INET, SOCK_STREAM) @l\n```\n");
	ui_open(f, 0);
	assert_fits(f, 40, 12, "the question takes 10 lines and has 8");
	assert_fits(f, 80, 24, "");
	ui_resize(f, 40, 12);
	ui_assert_shows(f, "     goes on");
	ui_assert_shows(f, "more: PgDn");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_shows(f, "> 1 success");
	ui_assert_shows(f, "What?");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_shows(f, "> 2 EMFILE");
	ui_assert_shows(f, "stay to the end");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_shows(f, "> 3 I do not know yet");
	ui_assert_hides(f, "What?");
	ui_key(f, RT_KEY_UP);
	ui_key(f, RT_KEY_UP);
	ui_assert_shows(f, "What?");
	ui_fixture_free(f);
}

/* The learner's own screen is not touched. */
static void test_looking_changes_nothing(void **state)
{
	struct ui_fixture *f = open_lesson(30, 0);
	struct rt_str before = {0};

	(void)state;
	/* Where there is more to read the key bar says how. */
	ui_assert_shows(f, "PgDn read on");
	ui_key(f, RT_KEY_PAGE_DOWN);
	rt_str_add(&before, ui_draw(f));
	assert_fits(f, 80, 24, "the text takes");
	assert_string_equal(ui_draw(f), rt_str_text(&before));
	rt_str_fini(&before);
	ui_fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_short_step_fits),
		cmocka_unit_test(test_text_counts_before_the_first_call_alone),
		cmocka_unit_test(test_a_long_question),
		cmocka_unit_test(test_a_choice_that_is_long),
		cmocka_unit_test(test_looking_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
