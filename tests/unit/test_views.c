/* The panels of the lesson as cells: what stands where, at every size. */
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
#include "ui_fixture.h"

static const struct {
	int width, height;
} sizes[] = {{40, 12}, {80, 24},  {110, 30}, {160, 40}, {200, 50},
	     {81, 20}, {109, 60}, {40, 100}, {300, 12}};

/* At the question of the first step; the kernel will refuse listen(). */
static struct ui_fixture *asked(int width, int height)
{
	struct ui_fixture *f = ui_fixture_new(width, height, false, true, NULL);

	f->fake->answer[RT_CALL_LISTEN] = EADDRINUSE;
	ui_open(f, 0);
	ui_press(f, "\n");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_ASK);
	return f;
}

/* A record of a dead server and a listener, in the kernel's tables from now on. */
static void add_rows(struct ui_fixture *f)
{
	struct rt_row *record =
		fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40001");

	record->cookie = 11;
	record->timer = RT_TIMER_TIME_WAIT;
	record->timer_ms = 53999;
	f->fake->tables.taken_ms = rt_now_ms();
	fake_row(f->fake, RT_LISTEN, "127.0.0.2:8000", NULL)->cookie = 12;
}

static void test_question_at_every_size(void **state)
{
	static const char *const needed[] = {"What does listen(s, 8) return?", "Predict",
					     "1-4 answer"};
	static const char *const choices[] = {"0", "EADDRINUSE", "EACCES", "I do not know yet"};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct ui_fixture *f = asked(sizes[i].width, sizes[i].height);

		ui_assert_sound(f);
		for (size_t k = 0; k < RT_COUNT(needed); k++)
			ui_assert_shows(f, needed[k]);
		for (size_t k = 0; k < RT_COUNT(choices); k++) {
			char words[32];

			snprintf(words, sizeof(words), "%zu%s%s", k + 1,
				 sizes[i].width < 60 ? " " : "  ", choices[k]);
			ui_assert_shows(f, words);
		}
		ui_fixture_free(f);
	}
}

static void test_stack_shows_all_panels(void **state)
{
	struct ui_fixture *f = asked(80, 24);
	char *title;

	(void)state;
	ui_assert_shows(f, "─ Read: The server closes first ─");
	ui_assert_shows(f, "─ Script ─");
	ui_assert_shows(f, "─ Sockets ─");
	ui_assert_shows(f, "─ Predict ─");
	ui_assert_shows(f, " > old:    listen(s, 8)");
	title = ui_line(f, 0);
	assert_string_equal(
		title,
		" 1  TIME_WAIT：重启不了的服务器                                   step 1/2 [--]");
	free(title);
	ui_fixture_free(f);
}

static void test_layouts(void **state)
{
	struct ui_fixture *f = asked(110, 30);
	char *line;

	(void)state;
	ui_draw(f);
	line = ui_line(f, 1);
	assert_non_null(strstr(line, "Read: "));
	assert_non_null(strstr(line, "┬"));
	assert_non_null(strstr(line, "Sockets"));
	free(line);
	ui_resize(f, 160, 40);
	ui_draw(f);
	line = ui_line(f, 1);
	assert_non_null(strstr(line, "Read: "));
	assert_non_null(strstr(line, "Script"));
	assert_null(strstr(line, "Sockets"));
	free(line);
	ui_fixture_free(f);
}

static void test_small_screen_shows_one_panel(void **state)
{
	struct ui_fixture *f = ui_fixture_new(40, 12, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_assert_shows(f, "Before the calls");
	ui_assert_hides(f, "Script");
	ui_assert_shows(f, "Tab panel");
	ui_press(f, "\t");
	ui_assert_shows(f, "Script");
	ui_assert_hides(f, "Before the calls");
	ui_key(f, RT_KEY_BACKTAB);
	ui_assert_shows(f, "Before the calls");
	ui_press(f, "\n"); /* the question comes first when one is asked */
	ui_assert_shows(f, "4 I do not know yet");
	ui_fixture_free(f);
}

static void test_too_small(void **state)
{
	struct ui_fixture *f = asked(80, 24);

	(void)state;
	for (int width = 1; width < 40; width++)
		for (int height = 1; height < 12; height++) {
			ui_resize(f, width, height);
			ui_draw(f);
		}
	ui_assert_shows(f, "needs 40x12; q quits");
	ui_resize(f, 10, 3);
	ui_draw(f);
	ui_assert_shows(f, "40x12; q");
	ui_assert_shows(f, "--plain");
	ui_press(f, "\n2hnbrRg");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_ASK);
	ui_resize(f, 80, 24);
	ui_assert_shows(f, "What does listen(s, 8) return?");
	ui_resize(f, 20, 5);
	ui_draw(f);
	ui_press(f, "q");
	assert_true(f->ui.done);
	ui_fixture_free(f);
}

static void test_script_column(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	f->fake->answer[RT_CALL_LISTEN] = EINVAL;
	ui_open(f, 0);
	ui_assert_shows(f, " > old:    s = socket(AF_INET, SOCK_STREAM)\n");
	ui_assert_shows(f, "0 of 5 lines run");
	ui_press(f, "n");
	ui_assert_shows(f, "   old:    s = socket(AF_INET, SOCK_STREAM)  = 3\n");
	ui_assert_shows(f,
			" > old:    bind(s, 127.0.0.1:8000)                # without the option\n");
	ui_press(f, "n");
	ui_assert_shows(f,
			"   old:    bind(s, 127.0.0.1:8000)           = 0  # without the option\n");
	assert_int_equal(ui_style_of(f, "> client: c"), RT_STYLE_CURRENT);
	ui_press(f, "\n1");
	ui_press(f, "\n");
	ui_assert_shows(f, "listen(s, 8)                      = -1 EINVAL");
	assert_int_equal(ui_style_of(f, "= -1 EINVAL"), RT_STYLE_BAD);
	ui_fixture_free(f);
}

/* The style of the result behind a call. */
static enum rt_style style_of_result(struct ui_fixture *f, const char *call)
{
	const struct rt_canvas *canvas = f->ui.canvas;

	ui_draw(f);
	for (int y = 0; y < rt_canvas_height(canvas); y++) {
		char *line = ui_line(f, y);
		char *at = strstr(line, call), *result = at ? strstr(at, "= ") : NULL;
		int x = result ? rt_columns(line, (size_t)(result - line)) : -1;

		free(line);
		if (x >= 0)
			return (enum rt_style)rt_canvas_cell(canvas, x, y)->style;
	}
	fail_msg("%s has no result", call);
	return RT_STYLE_NORMAL;
}

static void test_other_result_than_the_lesson(void **state)
{
	struct ui_fixture *f = ui_fixture_new(110, 40, false, true, NULL);

	(void)state;
	f->fake->answer[RT_CALL_LISTEN] = EINVAL;
	ui_open(f, 0);
	ui_press(f, "\n2");
	ui_assert_shows(f, "the script expects: EADDRINUSE");
	/* Success is no less a surprise where the lesson expects an error. */
	f->fake->answer[RT_CALL_LISTEN] = 0;
	ui_press(f, "r\n2");
	ui_assert_shows(f, "the script expects: EADDRINUSE");
	assert_int_equal(style_of_result(f, "listen(s, 8)"), RT_STYLE_BAD);
	ui_fixture_free(f);
}

static void test_result(void **state)
{
	struct ui_fixture *f = asked(80, 24);

	(void)state;
	ui_press(f, "1");
	ui_assert_shows(f, "─ Result ─");
	ui_assert_shows(f, "You said  0");
	ui_assert_shows(f, "Kernel    listen(s, 8) = -1 EADDRINUSE (98, Address already in use)");
	ui_assert_shows(f, "differs");
	assert_int_equal(ui_style_of(f, "[differs"), RT_STYLE_BAD);
	ui_assert_shows(f, "Zero would be success.");
	ui_assert_shows(f, "Two listeners do not share a port.");
	ui_assert_hides(f, "Nobody asks for permission");
	ui_assert_shows(f, "Enter go on");
	ui_press(f, "r\n2");
	ui_assert_shows(f, "as you predicted");
	assert_int_equal(ui_style_of(f, "[as you predicted"), RT_STYLE_GOOD);
	ui_press(f, "r\n4");
	ui_assert_shows(f, "You said  I do not know yet");
	assert_int_equal(ui_style_of(f, "[now you know"), RT_STYLE_STRONG);
	ui_fixture_free(f);
}

static void test_explanation_comes_into_sight(void **state)
{
	struct rt_str text = {0};
	struct ui_fixture *f;

	(void)state;
	rt_str_add(&text, "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n## "
			  "One\n<!-- step: one -->\n\n");
	for (int i = 1; i <= 30; i++)
		rt_str_addf(&text, "Paragraph number %d.\n\n", i);
	rt_str_add(&text, "```lab\na: s = socket(AF_INET, SOCK_STREAM)\n```\n\nThe explanation.\n");
	f = ui_fixture_new(80, 24, false, true, rt_str_text(&text));
	ui_open(f, 0);
	ui_assert_shows(f, "Paragraph number 1.");
	ui_assert_shows(f, "more: PgDn");
	ui_assert_hides(f, "The explanation.");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_shows(f, "more: PgUp, PgDn");
	/* Of a panel that the keys do not scroll they are not said. */
	ui_key(f, RT_KEY_TAB);
	ui_assert_shows(f, "more above, below");
	ui_assert_hides(f, "more: PgUp");
	ui_key(f, RT_KEY_BACKTAB);
	ui_key(f, RT_KEY_END);
	ui_assert_shows(f, "Paragraph number 30.");
	ui_assert_shows(f, "more: PgUp");
	ui_key(f, RT_KEY_HOME);
	ui_assert_shows(f, "Paragraph number 1.");
	ui_key(f, RT_KEY_DOWN);
	ui_assert_hides(f, "Paragraph number 1.");
	ui_press(f, "\n");
	ui_assert_shows(f, "The explanation.");
	ui_key(f, RT_KEY_PAGE_UP); /* who scrolls by hand is not pulled back */
	ui_key(f, RT_KEY_PAGE_UP);
	ui_assert_hides(f, "The explanation.");
	ui_fixture_free(f);
	rt_str_fini(&text);
}

static void test_socket_rows(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_assert_shows(f, "No sockets yet.");
	add_rows(f);
	ui_press(f, "n");
	ui_assert_shows(f, "NAME     OWNER  ");
	ui_assert_shows(f, "STATE       LOCAL          PEER            REUSE TIMER\n");
	ui_assert_shows(f, "TIME_WAIT   127.0.0.1:8000 127.0.0.1:40001");
	ui_assert_shows(f, " 53.");
	ui_assert_shows(f, " kernel ");
	assert_int_equal(ui_style_of(f, "TIME_WAIT   127"), RT_STYLE_NEW);
	ui_assert_shows(f, "A SO_REUSEADDR"); /* the legend */
	ui_assert_hides(f, "COOKIE");
	ui_press(f, "s");
	ui_assert_shows(f, "COOKIE 12");
	ui_press(f, "s");
	ui_resize(f, 200, 50);
	ui_assert_shows(f, "COOKIE  SOURCE");
	ui_fixture_free(f);
}

/* Beside the text there is no room for a table: what stands where in a row is said once. */
static void test_headings_of_rows_as_text(void **state)
{
	struct ui_fixture *f = ui_fixture_new(110, 30, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_assert_hides(f, "NAME  STATE  OWNER");
	add_rows(f);
	ui_press(f, "n");
	ui_assert_shows(f, "NAME  STATE  OWNER  TIMER");
	ui_assert_shows(f, "PROTO  LOCAL -> PEER  REUSE");
	ui_press(f, "s"); /* each field has its name beside it */
	ui_assert_hides(f, "NAME  STATE  OWNER");
	ui_fixture_free(f);
}

static void test_v6only_stands_among_all_fields(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_rows(f);
	ui_press(f, "ns");
	ui_assert_hides(f, "V6ONLY"); /* none of them is IPv6 */
	ui_resize(f, 200, 50);
	ui_assert_hides(f, "V6ONLY");
	fake_row(f->fake, RT_LISTEN, "[::1]:8000", NULL)->v6only = 1;
	ui_press(f, "n");
	ui_assert_shows(f, "REUSEPORT  V6ONLY  RECV-Q");
	ui_assert_shows(f, "?          yes     0 ");
	ui_resize(f, 80, 24);
	ui_press(f, "\t\tz");
	ui_assert_shows(f, "V6ONLY yes");
	ui_fixture_free(f);
}

/* A tall question takes the line of the legend: its short form goes into the rule. */
static void test_legend_without_room(void **state)
{
	static const char brief[] = "A REUSEADDR, P REUSEPORT, ~ remembered; ";
	struct ui_fixture *f = ui_fixture_new(96, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_rows(f);
	ui_press(f, "n");
	ui_assert_shows(f, "A SO_REUSEADDR, P SO_REUSEPORT");
	ui_assert_hides(f, brief);
	ui_press(f, "\nh");
	ui_assert_hides(f, "A SO_REUSEADDR, P SO_REUSEPORT");
	ui_assert_shows(f, brief);
	ui_resize(f, 40, 12); /* no room in the rule either */
	ui_press(f, "\x1b\t\t\t");
	ui_assert_sound(f);
	ui_fixture_free(f);
}

static void test_row_marks(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 30, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_rows(f);
	/*
	 * Without a timer the engine does not look before the next call: the change comes with that
	 * call.
	 */
	f->fake->tables.row[0].timer = RT_TIMER_NONE;
	f->fake->tables.row[0].state = RT_FIN_WAIT2;
	ui_press(f, "n");
	ui_assert_shows(f, " + ");
	f->fake->tables.row[0].state = RT_TIME_WAIT;
	f->fake->tables.n = 1;
	ui_press(f, "n");
	ui_assert_shows(f, "FIN_WAIT2 -> TIME_WAIT");
	ui_assert_shows(f, " * ");
	assert_int_equal(ui_style_of(f, "TIME_WAIT   127"), RT_STYLE_CHANGED);
	/* Not the state that it had: that would read as if it still had it. */
	assert_int_equal(ui_style_of(f, "gone "), RT_STYLE_GONE);
	ui_resize(f, 110, 30); /* side by side the rows are text */
	ui_assert_shows(f, "FIN_WAIT2 -> TIME_WAIT  kernel");
	ui_assert_shows(f, "127.0.0.1:8000 -> 127.0.0.1:40001");
	ui_fixture_free(f);
}

static void test_remembered_values(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_rows(f);
	f->fake->tables.row[0].reuseaddr = (struct rt_flag){0, RT_FROM_MEMORY};
	f->fake->tables.row[0].reuseport = (struct rt_flag){0, RT_FROM_MEMORY};
	ui_press(f, "n");
	ui_assert_shows(f, "~ remembered");
	ui_fixture_free(f);
}

static void test_groups_stand_below_the_rows(void **state)
{
	(void)state;
	for (int width = 40; width <= 200; width += 40) {
		struct ui_fixture *f =
			ui_fixture_new(width, width == 40 ? 12 : 30, false, true, NULL);

		ui_open(f, 0);
		add_rows(f);
		f->fake->tables.groups = (struct rt_groups){.known = true, .n = 1};
		f->fake->tables.groups.group[0] =
			(struct rt_group){{.s_addr = htonl(0xef010101)}, 2};
		ui_press(f, width == 40 ? "n\t\t" : "n");
		if (width == 40)
			ui_key(f, RT_KEY_END);
		ui_assert_sound(f);
		ui_assert_shows(f, "239.1.1.1 (2");
		ui_fixture_free(f);
	}
}

static void test_row_is_chosen_and_ended(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_rows(f);
	ui_press(f, "n\t\t");
	assert_int_equal(f->ui.face.focus, RT_PANEL_SOCKETS);
	assert_int_equal(ui_style_of(f, "TIME_WAIT   127"), RT_STYLE_SELECTED);
	ui_assert_shows(f, ">+ -        kernel tcp TIME_WAIT");
	ui_key(f, RT_KEY_UP);
	assert_int_equal(ui_style_of(f, "LISTEN "), RT_STYLE_SELECTED);
	ui_assert_shows(f, ">+ -        kernel tcp LISTEN");
	ui_assert_hides(f, ">+ -        kernel tcp TIME_WAIT");
	ui_press(f, "k"); /* a listener is not what k ends */
	assert_int_equal(f->fake->destroyed, 0);
	ui_key(f, RT_KEY_END);
	ui_press(f, "k");
	assert_int_equal(f->fake->destroyed, 1);
	ui_fixture_free(f);
}

/* Two listeners, n clients, and their connections in the queue of the first. */
static void add_crowd(struct ui_fixture *f, unsigned n)
{
	fake_row(f->fake, RT_LISTEN, "127.0.0.1:8000", NULL)->rqueue = n;
	fake_row(f->fake, RT_LISTEN, "127.0.0.2:8000", NULL);
	for (unsigned i = 0; i < n; i++) {
		char port[32];

		snprintf(port, sizeof(port), "127.0.0.1:%u", 40000 + i);
		fake_row(f->fake, RT_ESTABLISHED, "127.0.0.1:8000", port);
		fake_row(f->fake, RT_SYN_SENT, port, "127.0.0.1:8000");
	}
}

static void set_state(struct ui_fixture *f, enum rt_state from, enum rt_state to)
{
	for (size_t i = 0; i < f->fake->tables.n; i++)
		if (f->fake->tables.row[i].state == from)
			f->fake->tables.row[i].state = (uint8_t)to;
}

static void test_a_crowd_hides_no_listener(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		int width = sizes[i].width, height = sizes[i].height;
		struct ui_fixture *f = ui_fixture_new(width, height, false, true, NULL);
		bool one = width < 80 || height < 24;

		ui_open(f, 0);
		add_crowd(f, 300);
		ui_press(f, one ? "n\t\t" : "n");
		if (one)
			ui_key(f, RT_KEY_HOME);
		ui_assert_sound(f);
		ui_assert_shows(f, "127.0.0.1:8000");
		ui_assert_shows(f, "127.0.0.2:8000");
		if (one)
			ui_key(f, RT_KEY_END);
		ui_assert_shows(f, "300 sockets");
		ui_assert_shows(f, "127.0.0.1:*");
		ui_assert_hides(f, "40001 ");
		ui_assert_shows(f, "s shows each");
		ui_fixture_free(f);
	}
}

static void test_the_queue_of_a_listener_has_a_column(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_crowd(f, 7);
	ui_press(f, "n");
	ui_assert_shows(f, "REUSE RECV-Q\n");
	ui_assert_shows(f, "127.0.0.1:8000 -               A? P? 7\n");
	ui_resize(f, 110, 30); /* side by side the rows are text */
	ui_assert_shows(f, "127.0.0.1:8000  A? P?  RECV-Q 7");
	ui_assert_hides(f, "RECV-Q 0");
	ui_resize(f, 80, 24);
	f->fake->tables.row[0].rqueue = 0;
	ui_press(f, "n");
	ui_assert_hides(f, "RECV-Q");
	ui_fixture_free(f);
}

static void test_what_a_crowd_did_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		int width = sizes[i].width, height = sizes[i].height;
		struct ui_fixture *f = ui_fixture_new(width, height, false, true, NULL);

		ui_open(f, 0);
		add_crowd(f, 50);
		ui_press(f, "n");
		set_state(f, RT_SYN_SENT, RT_ESTABLISHED);
		ui_press(f, "n\t\t");
		ui_key(f, RT_KEY_END);
		ui_assert_shows(f, "* ");
		ui_assert_shows(f, "50 sockets");
		ui_assert_shows(f, width < 80 || height < 24 ? "ESTABLISHED" : "127.0.0.1:*");
		ui_resize(f, width, 60);
		ui_assert_shows(f, "SYN_SENT -> ESTABLISHED");
		ui_fixture_free(f);
	}
}

static void test_a_crowd_one_by_one(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_crowd(f, 300);
	ui_press(f, "n\t\t");
	ui_assert_hides(f, "127.0.0.1:40299");
	ui_press(f, "z");
	ui_assert_hides(f, "s shows each");
	ui_key(f, RT_KEY_END);
	ui_assert_shows(f, "127.0.0.1:40299");
	ui_press(f, "z"); /* the row that holds it is chosen */
	assert_int_equal(ui_style_of(f, "SYN_SENT    127.0.0.1:*"), RT_STYLE_SELECTED);
	ui_press(f, "s");
	ui_assert_shows(f, "127.0.0.1:40299");
	ui_assert_hides(f, "127.0.0.1:*");
	ui_press(f, "s");
	ui_key(f, RT_KEY_UP);
	assert_int_equal(ui_style_of(f, "ESTABLISHED 127.0.0.1:8000"), RT_STYLE_SELECTED);
	ui_key(f, RT_KEY_UP);
	assert_int_equal(ui_style_of(f, "LISTEN      127.0.0.2"), RT_STYLE_SELECTED);
	ui_key(f, RT_KEY_PAGE_DOWN);
	assert_int_equal(ui_style_of(f, "SYN_SENT    127.0.0.1:*"), RT_STYLE_SELECTED);
	ui_fixture_free(f);
}

static void test_k_ends_no_crowd(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	add_crowd(f, 6);
	set_state(f, RT_ESTABLISHED, RT_TIME_WAIT);
	ui_press(f, "n\t\t");
	ui_key(f, RT_KEY_END);
	ui_key(f, RT_KEY_UP);
	assert_int_equal(ui_style_of(f, "TIME_WAIT   127.0.0.1:8000"), RT_STYLE_SELECTED);
	ui_assert_hides(f, "k end TIME_WAIT");
	ui_press(f, "k");
	assert_int_equal(f->fake->destroyed, 0);
	ui_assert_shows(f, "This row stands for 6 records: press s, choose one, then k");
	ui_press(f, "sk");
	assert_int_equal(f->fake->destroyed, 1);
	ui_fixture_free(f);
}

static void test_countdown(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_draw(f);
	assert_false(f->ui.countdown);
	assert_int_equal(rt_lesson_timeout_ms(&f->ui), -1); /* nothing is due: it sleeps */
	add_rows(f);
	ui_press(f, "n");
	ui_draw(f);
	assert_true(f->ui.countdown);
	f->ui.next_tick_ms = rt_now_ms() + 250;
	assert_in_range(rt_lesson_timeout_ms(&f->ui), 1, 250);
	ui_press(f, "z"); /* the text alone: no timer is in sight */
	ui_draw(f);
	assert_false(f->ui.countdown);
	ui_fixture_free(f);
}

static void test_note_and_zoom(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_assert_hides(f, "Ask the room first.");
	ui_press(f, "I");
	ui_assert_shows(f, "Instructor's note");
	ui_assert_shows(f, "Ask the room first.");
	ui_press(f, "\x1b");
	ui_assert_hides(f, "Ask the room first.");
	ui_press(f, "\tz");
	ui_assert_shows(f, "Script");
	ui_assert_hides(f, "Sockets");
	ui_press(f, "\x1b");
	ui_assert_shows(f, "Sockets");
	ui_fixture_free(f);
}

static void test_no_stage(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, false, NULL);

	(void)state;
	ui_open(f, 0);
	ui_assert_shows(f, "No stage");
	ui_assert_shows(f, "EPERM (user namespaces are off); try: sudo reuse-tutor");
	ui_assert_shows(f, "After the calls this is the explanation.");
	ui_press(f, "\n");
	ui_assert_shows(f, "Remember this.");
	ui_press(f, "b");
	ui_assert_shows(f, "After the calls this is the explanation.");
	ui_fixture_free(f);
}

static void test_lost_stage(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	f->fake->refuse_stage = ENOSPC;
	ui_press(f, "\n");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_LOST);
	ui_assert_shows(f, "ENOSPC");
	ui_assert_shows(f, "r try again");
	ui_press(f, "\n");
	ui_assert_shows(f, "Remember this.");
	ui_press(f, "b");
	ui_assert_shows(f, "Before the calls");
	f->fake->refuse_stage = 0;
	ui_press(f, "r");
	ui_assert_hides(f, "ENOSPC");
	assert_int_equal(rt_session_phase(f->ui.session), RT_PHASE_READ);
	ui_fixture_free(f);
}

static void test_same_picture_when_nothing_changed(void **state)
{
	struct ui_fixture *f = asked(80, 24);
	char *before;

	(void)state;
	ui_draw(f);
	before = strdup(f->picture);
	ui_key(f, RT_KEY_OTHER);
	ui_draw(f);
	assert_string_equal(f->picture, before);
	free(before);
	ui_fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_question_at_every_size),
		cmocka_unit_test(test_stack_shows_all_panels),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_small_screen_shows_one_panel),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_script_column),
		cmocka_unit_test(test_other_result_than_the_lesson),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_explanation_comes_into_sight),
		cmocka_unit_test(test_socket_rows),
		cmocka_unit_test(test_headings_of_rows_as_text),
		cmocka_unit_test(test_v6only_stands_among_all_fields),
		cmocka_unit_test(test_legend_without_room),
		cmocka_unit_test(test_row_marks),
		cmocka_unit_test(test_remembered_values),
		cmocka_unit_test(test_groups_stand_below_the_rows),
		cmocka_unit_test(test_row_is_chosen_and_ended),
		cmocka_unit_test(test_a_crowd_hides_no_listener),
		cmocka_unit_test(test_the_queue_of_a_listener_has_a_column),
		cmocka_unit_test(test_what_a_crowd_did_is_seen),
		cmocka_unit_test(test_a_crowd_one_by_one),
		cmocka_unit_test(test_k_ends_no_crowd),
		cmocka_unit_test(test_countdown),
		cmocka_unit_test(test_note_and_zoom),
		cmocka_unit_test(test_no_stage),
		cmocka_unit_test(test_lost_stage),
		cmocka_unit_test(test_same_picture_when_nothing_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
