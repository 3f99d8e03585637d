/* A call that is made many times, on the screen: its tally, the bars, how far it has come. */
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
#include "base/utf8.h"
#include "lesson/tally.h"
#include "ui/histogram.h"
#include "ui_fixture.h"

static const char text[] =
	"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
	"## One\n<!-- step: one -->\n\nText.\n\n"
	"```lab\n"
	"client: 10 x c = socket(AF_INET, SOCK_STREAM)\n"
	"client: 10 x connect(c, 127.0.0.1:8000) = 4 x 0, 6 x EADDRNOTAVAIL # few ports\n"
	"client: close(c[3])\n"
	"```\n";

static const struct {
	int width, height;
} sizes[] = {{40, 12}, {80, 24}, {110, 30}, {200, 50}};

static struct ui_fixture *opened(int width, int height)
{
	struct ui_fixture *f = ui_fixture_new(width, height, true, true, text);

	f->fake->answer[RT_CALL_CONNECT] = EADDRNOTAVAIL;
	f->fake->good[RT_CALL_CONNECT] = 4;
	ui_open(f, 0);
	/* The script alone, and all of it. */
	f->ui.face.focus = RT_PANEL_SCRIPT;
	f->ui.face.zoom = true;
	return f;
}

/* The cells of a sheet, a line each. */
static char *sheet_text(const struct rt_sheet *sheet)
{
	struct rt_canvas *canvas = rt_canvas_new(sheet->width, (int)sheet->n_lines, true);
	struct rt_str out = {0};

	rt_sheet_draw(sheet, canvas, (struct rt_rect){0, 0, sheet->width, (int)sheet->n_lines}, 0);
	rt_canvas_dump(canvas, &out);
	rt_canvas_free(canvas);
	return rt_str_take(&out);
}

static void count(struct rt_tally *tally, int n, int err, const char *data)
{
	struct rt_reply *reply = rt_calloc(1, sizeof(*reply));

	reply->err = err;
	reply->data_len = (uint32_t)strlen(data);
	memcpy(reply->data, data, strlen(data));
	while (n-- > 0)
		rt_tally_count(tally, RT_GIVES_DATA, reply);
	free(reply);
}

static void test_bars(void **state)
{
	struct rt_tally tally = {0};
	struct rt_sheet sheet;
	char *drawn;

	(void)state;
	count(&tally, 4, 0, "a");
	rt_sheet_init(&sheet, 30);
	rt_histogram_write(&tally, 2, &sheet);
	assert_int_equal(sheet.n_lines, 0);
	count(&tally, 15, EAGAIN, "");
	count(&tally, 1, EPERM, "");
	rt_histogram_write(&tally, 2, &sheet);
	drawn = sheet_text(&sheet);
	/* 30 - 2 - 6 - 2 - 3: 17 cells for 20 runs. */
	assert_string_equal(drawn, "  \"a\"     ### 4\n"
				   "  EAGAIN  ############# 15\n"
				   "  EPERM   # 1\n");
	assert_false(sheet.cut);
	free(drawn);
	rt_sheet_fini(&sheet);
	rt_tally_fini(&tally);
}

static void test_strange_data_and_many_classes(void **state)
{
	struct rt_tally tally = {0};
	char data[1024 + 1];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		memset(data, i % 2 ? 0x1b : 'x', sizeof(data) - 1);
		data[1024] = '\0';
		snprintf(data, sizeof(data), "%d", i);
		data[strlen(data)] = '\x1b';
		count(&tally, 1, 0, data);
	}
	for (int width = 1; width < 200; width++) {
		struct rt_sheet sheet;
		char *drawn;

		rt_sheet_init(&sheet, width);
		rt_histogram_write(&tally, 2, &sheet);
		rt_progress_write(500, 1000, 2, &sheet);
		/* A line a class, one for the others, one for the progress. */
		assert_int_equal(sheet.n_lines, 10);
		assert_true(width < 40 || !sheet.cut);
		drawn = sheet_text(&sheet);
		for (const char *c = drawn; *c; c++)
			assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
		assert_true(width < 40 || strstr(drawn, "and 992 others"));
		assert_true(width < 40 || strstr(drawn, "-] 500 of 1000"));
		free(drawn);
		rt_sheet_fini(&sheet);
	}
	rt_tally_fini(&tally);
}

static void test_a_tally_has_its_bars_below_the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct ui_fixture *f = opened(sizes[i].width, sizes[i].height);

		ui_press(f, "n");
		ui_press(f, "n");
		ui_assert_sound(f);
		ui_assert_shows(f, "= 4 x 0, 6 x EADDRNOTAVAIL");
		ui_assert_shows(f, "0              ###");
		ui_assert_shows(f, "EADDRNOTAVAIL  ####");
		ui_assert_shows(f, "# 6\n");
		ui_assert_hides(f, "[differs]");
		assert_int_equal(ui_style_of(f, "####"), RT_STYLE_GOOD);
		ui_fixture_free(f);
	}
}

static void test_the_result_of_a_question_has_them_too(void **state)
{
	static const char asked[] = "\n```predict l\nask What?\nchoice 10 x 0: all\nwhy no\n"
				    "choice 4 x 0, 6 x EADDRNOTAVAIL: four\nwhy yes\n```\n";
	char *lesson = NULL, *label;
	struct ui_fixture *f;

	(void)state;
	assert_true(asprintf(&lesson, "%s%s", text, asked) > 0);
	label = strstr(lesson, "# few ports");
	memset(label, ' ', strlen("# few ports"));
	label[0] = '@';
	label[1] = 'l';
	f = ui_fixture_new(80, 24, true, true, lesson);
	f->fake->answer[RT_CALL_CONNECT] = EADDRNOTAVAIL;
	f->fake->good[RT_CALL_CONNECT] = 4;
	ui_open(f, 0);
	ui_press(f, "\n");
	ui_assert_shows(f, "2  4 x 0, 6 x EADDRNOTAVAIL: four");
	ui_press(f, "2");
	f->ui.face.zoom = true;
	ui_assert_shows(f, "[as you predicted]");
	ui_assert_shows(f, "0              ###");
	ui_assert_shows(f, "EADDRNOTAVAIL  ####");
	ui_fixture_free(f);
	free(lesson);
}

static void test_another_tally_than_the_lesson_expects(void **state)
{
	struct ui_fixture *f = opened(80, 24);

	(void)state;
	f->fake->good[RT_CALL_CONNECT] = 5;
	ui_press(f, "\n");
	ui_assert_shows(f, "= 5 x 0, 5 x EADDRNOTAVAIL");
	ui_assert_shows(f, "the script expects: 4 x 0, 6 x EADDRNOTAVAIL");
	ui_fixture_free(f);
}

/* Lets the calls run until the fourth connect sleeps. */
static void run_into_the_fourth(struct ui_fixture *f)
{
	f->fake->quiet_from[RT_CALL_CONNECT] = 3;
	rt_session_go_on(f->ui.session);
	while (f->fake->orders[RT_CALL_CONNECT] < 4) {
		rt_lesson_pump(&f->ui);
		rt_loop_once(f->loop, 1);
	}
	/* A process that does not sleep is no reason to call it blocked. */
	f->fake->held_by = -1;
}

static void test_progress_while_it_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct ui_fixture *f = opened(sizes[i].width, sizes[i].height);

		run_into_the_fourth(f);
		ui_assert_shows(f, "[====");
		ui_assert_shows(f, "-] 3 of 10");
		ui_assert_hides(f, "= 3 x 0");
		f->fake->held_by = 1;
		fake_wake(f->fake, 0);
		f->fake->quiet_from[RT_CALL_CONNECT] = 0;
		ui_settle(f);
		ui_assert_hides(f, "of 10\n");
		ui_assert_shows(f, "= 4 x 0, 6 x EADDRNOTAVAIL");
		ui_fixture_free(f);
	}
}

/* However often the calls wake the program up, it draws at most every 250 ms. */
static void test_progress_is_drawn_seldom(void **state)
{
	struct ui_fixture *f = opened(80, 24);
	int64_t began, took;
	int drawn = 0;

	(void)state;
	run_into_the_fourth(f);
	began = rt_now_ms();
	f->ui.dirty = false;
	do {
		rt_lesson_pump(&f->ui);
		drawn += f->ui.dirty;
		f->ui.dirty = false;
		took = rt_now_ms() - began;
	} while (took < 600);
	assert_true(drawn >= 2);
	assert_true(drawn <= 1 + took / 250);
	ui_fixture_free(f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bars),
		cmocka_unit_test(test_strange_data_and_many_classes),
		cmocka_unit_test(test_a_tally_has_its_bars_below_the_line),
		cmocka_unit_test(test_the_result_of_a_question_has_them_too),
		cmocka_unit_test(test_another_tally_than_the_lesson_expects),
		cmocka_unit_test(test_progress_while_it_runs),
		cmocka_unit_test(test_progress_is_drawn_seldom),
	};

	return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
