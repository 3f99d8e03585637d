#include "ui_fixture.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"

static const char plain_lesson[] =
	"---\nid: t\ntitle: \"TIME_WAIT：重启不了的服务器\"\nminutes: 7\nquestion: Who keeps the "
	"record?\n"
	"belief: B\n---\n\n"
	"## The server closes first\n<!-- step: one -->\n<!-- note: Ask the room first. -->\n\n"
	"Before the calls there is *one* paragraph with `code` in it.\n\n"
	"- first item\n- second item\n\n"
	"```lab\n"
	"old:    s = socket(AF_INET, SOCK_STREAM)\n"
	"old:    bind(s, 127.0.0.1:8000)          # without the option\n"
	"client: c = socket(AF_INET, SOCK_STREAM)\n"
	"old:    listen(s, 8)                     = EADDRINUSE @listen\n"
	"client: close(c)\n"
	"```\n\n"
	"After the calls this is the explanation.\n\n"
	"```predict listen\n"
	"ask What does `listen(s, 8)` return?\n"
	"choice 0: it succeeds\nwhy Zero would be success.\n"
	"choice EADDRINUSE: address already in use\nwhy Two listeners do not share a port.\n"
	"choice EACCES: not allowed\nwhy Nobody asks for permission here.\n"
	"hint Look at the sockets.\nhint Look again.\n```\n\n"
	"## What to remember\n<!-- step: two -->\n<!-- note: The end. -->\n\nRemember this.\n";

static struct rt_lesson *parse(const char *text)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};
	struct rt_str list = {0};
	struct rt_lesson *lesson = rt_lesson_parse(text, strlen(text), "t.md", &mistakes, &err);

	if (!lesson) {
		rt_mistakes_format(&mistakes, "t.md", &list);
		fail_msg("%s %s", err.what, rt_str_text(&list));
	}
	rt_mistakes_fini(&mistakes);
	return lesson;
}

struct ui_fixture *ui_fixture_new(int width, int height, bool ascii, bool staged, const char *text)
{
	struct ui_fixture *f = rt_calloc(1, sizeof(*f));

	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	f->loop = rt_loop_new();
	f->fake = staged ? fake_new(f->loop) : NULL;
	f->catalog.head = rt_calloc(1, sizeof(f->catalog.head[0]));
	f->catalog.head[0] = parse(text ? text : plain_lesson);
	f->catalog.n = 1;
	f->ui = (struct rt_ui){
		.loop = f->loop,
		.world = staged ? &f->fake->world : NULL,
		.catalog = &f->catalog,
		.trouble = staged ? NULL : "EPERM (user namespaces are off); try: sudo reuse-tutor",
		.canvas = rt_canvas_new(width, height, ascii),
		.screen = &rt_screen_contents,
	};
	f->catalog.dir = rt_strdup(text ? text : plain_lesson);
	return f;
}

void ui_fixture_free(struct ui_fixture *f)
{
	rt_tape_close(&f->ui);
	rt_grid_close(&f->ui);
	rt_find_close(&f->ui);
	rt_reading_close(&f->ui);
	rt_face_thaw(&f->ui.face);
	rt_session_free(f->ui.session);
	rt_canvas_free(f->ui.canvas);
	rt_lesson_free(f->catalog.head[0]);
	free(f->catalog.head);
	free(f->catalog.dir);
	if (f->fake)
		fake_free(f->fake);
	rt_loop_free(f->loop);
	free(f->picture);
	free(f);
}

void ui_open(struct ui_fixture *f, size_t step)
{
	rt_lesson_take(&f->ui, parse(f->catalog.dir), 0, step);
	rt_lesson_pump(&f->ui);
	ui_settle(f);
}

void ui_settle(struct ui_fixture *f)
{
	for (int i = 0; i < 1000 && f->ui.session; i++) {
		rt_lesson_pump(&f->ui);
		if (rt_session_phase(f->ui.session) != RT_PHASE_RUN ||
		    rt_engine_waiting_line(rt_session_engine(f->ui.session)) >= 0)
			return;
		rt_loop_once(f->loop, rt_session_timeout_ms(f->ui.session));
	}
	assert_null(f->ui.session);
}

void ui_key(struct ui_fixture *f, uint32_t key)
{
	f->ui.gone_on = false; /* it comes alone */
	f->ui.alone = true;
	rt_screen_key(&f->ui, key);
	ui_settle(f);
}

void ui_press(struct ui_fixture *f, const char *keys)
{
	for (; *keys; keys++)
		ui_key(f, (unsigned char)*keys);
}

void ui_resize(struct ui_fixture *f, int width, int height)
{
	rt_canvas_resize(f->ui.canvas, width, height);
}

const char *ui_draw(struct ui_fixture *f)
{
	struct rt_str dump = {0};

	rt_screen_draw(&f->ui);
	rt_canvas_dump(f->ui.canvas, &dump);
	free(f->picture);
	f->picture = rt_str_take(&dump);
	return f->picture;
}

char *ui_line(struct ui_fixture *f, int y)
{
	const char *line = f->picture;

	if (y < 0)
		y += rt_canvas_height(f->ui.canvas);
	while (y-- > 0)
		line = strchr(line, '\n') + 1;
	return rt_strndup(line, strcspn(line, "\n"));
}

/* cmocka cuts its own messages at 1024 bytes; a picture is longer. */
static void report(const struct ui_fixture *f, const char *what, const char *words)
{
	fprintf(stderr, "\"%s\" %s\n%s", words, what, f->picture);
	fail();
}

void ui_assert_shows(struct ui_fixture *f, const char *words)
{
	if (!strstr(ui_draw(f), words))
		report(f, "is missing in", words);
}

void ui_assert_hides(struct ui_fixture *f, const char *words)
{
	if (strstr(ui_draw(f), words))
		report(f, "should not be in", words);
}

static bool stands_at(const struct rt_canvas *canvas, int x, int y, const char *words)
{
	uint32_t c;

	for (size_t n; (n = rt_utf8_next(words, strlen(words), &c)) > 0;
	     words += n, x += rt_char_columns(c))
		if (x >= rt_canvas_width(canvas) || rt_canvas_cell(canvas, x, y)->c != c)
			return false;
	return true;
}

enum rt_style ui_style_of(struct ui_fixture *f, const char *words)
{
	const struct rt_canvas *canvas = f->ui.canvas;

	ui_draw(f);
	for (int y = 0; y < rt_canvas_height(canvas); y++)
		for (int x = 0; x < rt_canvas_width(canvas); x++)
			if (stands_at(canvas, x, y, words))
				return (enum rt_style)rt_canvas_cell(canvas, x, y)->style;
	report(f, "is missing in", words);
	return RT_STYLE_NORMAL;
}

void ui_assert_sound(struct ui_fixture *f)
{
	const struct rt_canvas *canvas = f->ui.canvas;
	int width = rt_canvas_width(canvas), height = rt_canvas_height(canvas);
	char *bar;

	ui_draw(f);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			uint32_t c = rt_canvas_cell(canvas, x, y)->c;
			bool wide = c && rt_char_columns(c) == 2;

			if (wide && (x + 1 == width || rt_canvas_cell(canvas, x + 1, y)->c != 0))
				fail_msg("half a character at %d,%d of\n%s", x, y, f->picture);
			if (c == 0 &&
			    (x == 0 || rt_char_columns(rt_canvas_cell(canvas, x - 1, y)->c) != 2))
				fail_msg("half a character at %d,%d of\n%s", x, y, f->picture);
			assert_false(rt_canvas_is_ascii(canvas) && c >= 0x80);
		}
	assert_int_equal(rt_canvas_cell(canvas, width - 1, height - 2)->style, RT_STYLE_RULE);
	assert_int_not_equal(rt_canvas_cell(canvas, width - 1, height - 2)->c, ' ');
	bar = ui_line(f, -1);
	if (!strstr(bar, "q ") && !strstr(bar, "Esc "))
		fail_msg("no way out in the key bar of\n%s", f->picture);
	free(bar);
}
