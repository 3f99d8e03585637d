/* Places to go to and the search, over two lessons in files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui_fixture.h"

static const char *const texts[] = {
	"---\nid: first\ntitle: One port\nminutes: 5\nquestion: Who may bind it?\nbelief: "
	"B\n---\n\n"
	"## Beginning\n<!-- step: begin -->\n<!-- note: N -->\n\n"
	"Long words of no matter stand before the place that is looked for, so that these are not "
	"shown with it: here the `listener` keeps the 端口 for itself.\n\n"
	"```lab\nold: s = socket(AF_INET, SOCK_STREAM)\n```\n\nThe kernel says perhaps.\n\n"
	"## The trap\n<!-- step: trap -->\n<!-- note: N -->\n\nNobody looks here.\n",
	"---\nid: second\ntitle: Many readers\nminutes: 5\nquestion: Who gets the "
	"datagram?\nbelief: "
	"B\n---\n\n"
	"## A listener\n<!-- step: listen -->\n<!-- note: N -->\n\nNothing of interest.\n\n"
	"## A group\n<!-- step: group -->\n<!-- note: N -->\n\nEach gets a copy.\n"};

struct world {
	struct ui_fixture *f;
	char dir[64], path[2][96];
};

static struct world *world_new(int width, int height)
{
	struct world *w = rt_calloc(1, sizeof(*w));
	struct rt_error err;

	w->f = ui_fixture_new(width, height, false, true, NULL);
	rt_lesson_free(w->f->catalog.head[0]);
	free(w->f->catalog.head);
	w->f->catalog.head = rt_calloc(2, sizeof(w->f->catalog.head[0]));
	w->f->catalog.n = 2;
	strcpy(w->dir, "/tmp/rt-find.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	for (size_t i = 0; i < 2; i++) {
		FILE *file;

		snprintf(w->path[i], sizeof(w->path[i]), "%s/%s.md", w->dir,
			 i ? "second" : "first");
		file = fopen(w->path[i], "w");
		assert_non_null(file);
		fputs(texts[i], file);
		fclose(file);
		w->f->catalog.head[i] = rt_lesson_load_head(w->path[i], &err);
		if (!w->f->catalog.head[i])
			fail_msg("%s", err.what);
	}
	return w;
}

static void world_free(struct world *w)
{
	for (size_t i = 0; i < 2; i++)
		unlink(w->path[i]);
	rmdir(w->dir);
	rt_lesson_free(w->f->catalog.head[1]);
	ui_fixture_free(w->f);
	free(w);
}

/* "0:-1 0:0": lesson and step of each place. */
static void assert_places(const struct rt_found *found, const char *wanted)
{
	struct rt_str text = {0};

	for (size_t i = 0; i < found->n; i++)
		rt_str_addf(&text, "%s%zu:%d", i ? " " : "", found->place[i].lesson,
			    found->place[i].step);
	assert_string_equal(rt_str_text(&text), wanted);
	rt_str_fini(&text);
}

static void test_order_of_what_is_found(void **state)
{
	static const struct {
		const char *words, *places;
	} cases[] = {
		{"", ""},
		{"  ", ""},
		{"port", "0:-1"},
		{"LISTENER", "1:0 0:0"}, /* a title comes before a text */
		{"first", "0:-1"},
		{"datagram", "1:-1"}, /* in the question */
		{"copy each", "1:1"}, /* all words, in any order */
		{"copy nobody", ""},
		{"trap", "0:1"}, /* once, though the id says so too */
		{"端口", "0:0"},
		{"perhaps", "0:0"},
		{"zzz", ""},
	};
	struct world *w = world_new(80, 24);
	struct rt_places *places = rt_places_new(&w->f->catalog, NULL, 0);
	struct rt_found found = {0};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		rt_places_search(places, cases[i].words, &found);
		assert_places(&found, cases[i].places);
	}
	rt_found_fini(&found);
	rt_places_free(places);
	world_free(w);
}

/* Whether both words stand in one line of the screen. */
static bool shows_in_line(struct ui_fixture *f, const char *a, const char *b)
{
	bool found = false;

	ui_draw(f);
	for (int y = 0; y < rt_canvas_height(f->ui.canvas) && !found; y++) {
		char *line = ui_line(f, y);

		found = strstr(line, a) && strstr(line, b);
		free(line);
	}
	return found;
}

static void test_where_one_goes(void **state)
{
	static const struct {
		const char *typed, *places;
	} cases[] = {
		{"", "1:0 1:1 0:-1 1:-1"}, /* of the open lesson, then all */
		{"1", "1:0 0:-1"},
		{"2", "1:1 1:-1"},
		{"3", ""},
		{"1:", "0:0 0:1"},
		{"1:2", "0:1"},
		{"first:trap", "0:1"},
		{"fir:2", "0:1"},
		{"2:9", ""},
		{"trap", "0:1"}, /* in another lesson */
		{"first", "0:-1"},
		{"group", "1:1"},
	};
	struct world *w = world_new(80, 24);
	struct rt_mistakes mistakes = {0};
	struct rt_error err;
	struct rt_lesson *open = rt_lesson_load(w->path[1], &mistakes, &err);
	struct rt_places *places = rt_places_new(&w->f->catalog, open, 1);
	struct rt_found found = {0};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		rt_places_go(places, cases[i].typed, &found);
		assert_places(&found, cases[i].places);
	}
	rt_found_fini(&found);
	rt_places_free(places);
	rt_lesson_free(open);
	world_free(w);
}

static void test_search_screen(void **state)
{
	struct world *w = world_new(80, 24);
	struct ui_fixture *f = w->f;

	(void)state;
	ui_press(f, "/");
	ui_assert_sound(f);
	ui_assert_shows(f, "Type words");
	ui_press(f, "KEEPS listener");
	ui_assert_sound(f);
	ui_assert_shows(f, "words: KEEPS listener_");
	ui_assert_shows(f, "1:1  Beginning");
	ui_assert_shows(f, "Lesson 1: One port");
	ui_assert_shows(f, "... ");
	ui_assert_shows(f, "here the listener keeps");
	ui_assert_hides(f, "Long words");
	assert_int_equal(ui_style_of(f, "keeps"), RT_STYLE_STRONG);
	ui_press(f, "zz");
	ui_assert_shows(f, "Nothing has these words");
	ui_press(f, "\x1b");
	assert_ptr_equal(f->ui.screen, &rt_screen_contents);
	ui_press(f, "/group\n");
	assert_ptr_equal(f->ui.screen, &rt_screen_lesson);
	ui_assert_shows(f, "A group");
	ui_assert_shows(f, "step 2/2");
	world_free(w);
}

/* What stands behind the calls is found, and not told. */
static void test_search_keeps_the_answer(void **state)
{
	struct world *w = world_new(80, 24);

	(void)state;
	ui_press(w->f, "/perhaps");
	ui_assert_shows(w->f, "1:1  Beginning");
	ui_assert_shows(w->f, "in the explanation after the calls");
	ui_assert_hides(w->f, "kernel says");
	world_free(w);
}

/* Letters of any script are text here, full-width ones those of ASCII. */
static void test_search_takes_every_letter(void **state)
{
	struct world *w = world_new(80, 24);
	struct ui_fixture *f = w->f;

	(void)state;
	ui_press(f, "/");
	ui_key(f, 0x7aef);
	ui_key(f, 0x53e3);
	ui_assert_shows(f, "words: 端口_");
	ui_assert_shows(f, "1:1  Beginning");
	ui_key(f, RT_KEY_BACKSPACE);
	ui_assert_shows(f, "words: 端_");
	ui_key(f, RT_KEY_BACKSPACE);
	ui_key(f, RT_KEY_BACKSPACE);
	ui_key(f, 0xff45); /* e */
	ui_key(f, 0x9b);   /* a control character */
	ui_key(f, RT_REPLACEMENT);
	ui_assert_shows(f, "Input method is on");
	ui_assert_shows(f, "words: e_");
	for (int i = 0; i < 3000; i++)
		ui_key(f, 0x7aef);
	ui_assert_sound(f);
	ui_assert_shows(f, "端_");
	world_free(w);
}

static void test_going_screen(void **state)
{
	struct world *w = world_new(80, 24);
	struct ui_fixture *f = w->f;

	(void)state;
	ui_press(f, "g");
	ui_assert_shows(f, "Go to a step or lesson");
	ui_assert_shows(f, "Many readers");
	ui_press(f, "2:2\n");
	ui_assert_shows(f, "step 2/2");
	ui_assert_shows(f, "2  Many readers");
	ui_press(f, "g");
	ui_assert_sound(f);
	ui_assert_shows(f, ">   2  A group");
	assert_true(shows_in_line(f, "A group", "you are here"));
	ui_key(f, RT_KEY_UP); /* the mark goes with the choice, what tells where one is stays */
	ui_assert_hides(f, ">   2  A group");
	assert_true(shows_in_line(f, ">   1  ", ""));
	assert_true(shows_in_line(f, "A group", "you are here"));
	ui_press(f, "trap\n");
	ui_assert_shows(f, "1  One port");
	ui_assert_shows(f, "step 2/2");
	ui_press(f, "g1");
	ui_assert_shows(f, "What is chosen");
	ui_key(f, RT_KEY_DOWN); /* the lesson of that number: where one is */
	ui_press(f, "\n");
	ui_assert_shows(f, "step 2/2");
	world_free(w);
}

static void test_lesson_that_became_unreadable(void **state)
{
	struct world *w = world_new(80, 24);
	FILE *file;

	(void)state;
	ui_press(w->f, "gsecond");
	file = fopen(w->path[1], "w");
	assert_non_null(file);
	fputs("nothing", file);
	fclose(file);
	ui_press(w->f, "\n");
	assert_ptr_equal(w->f->ui.screen, &rt_screen_contents);
	assert_true(w->f->ui.notice[0]);
	world_free(w);
}

static void test_find_at_every_size(void **state)
{
	static const int sizes[][2] = {{40, 12}, {80, 24}, {110, 30}, {160, 40}, {41, 13}};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct world *w = world_new(sizes[i][0], sizes[i][1]);

		ui_press(w->f, "/listener");
		ui_assert_sound(w->f);
		ui_assert_shows(w->f, "2:1  A listener");
		ui_assert_shows(w->f, "1:1  Beginning");
		ui_press(w->f, "\x1bg");
		ui_assert_sound(w->f);
		ui_assert_shows(w->f, "One port");
		ui_assert_shows(w->f, "Enter go there");
		world_free(w);
	}
}

/* Many lines pasted into the search are one, and nothing of them is a command. */
static void test_pasted_lines(void **state)
{
	struct world *w = world_new(80, 24);
	struct ui_fixture *f = w->f;

	(void)state;
	ui_press(f, "/");
	f->ui.more_keys = true;
	ui_press(f, "each\ncopy\nQ");
	f->ui.more_keys = false;
	assert_false(f->ui.done);
	ui_assert_shows(f, "words: each copy Q_");
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_of_what_is_found),
		cmocka_unit_test(test_where_one_goes),
		cmocka_unit_test(test_search_screen),
		cmocka_unit_test(test_search_keeps_the_answer),
		cmocka_unit_test(test_search_takes_every_letter),
		cmocka_unit_test(test_going_screen),
		cmocka_unit_test(test_lesson_that_became_unreadable),
		cmocka_unit_test(test_find_at_every_size),
		cmocka_unit_test(test_pasted_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
