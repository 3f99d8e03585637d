/* Cells, wrapped text, and the rectangles of the layout. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "ui/layout.h"
#include "ui/sheet.h"
#include "ui/theme.h"

static void assert_dump(const struct rt_canvas *canvas, const char *expected)
{
	struct rt_str dump = {0};

	rt_canvas_dump(canvas, &dump);
	assert_string_equal(rt_str_text(&dump), expected);
	rt_str_fini(&dump);
}

static void test_text_is_cut(void **state)
{
	struct rt_canvas *canvas = rt_canvas_new(8, 2, false);
	struct rt_rect rect = {1, 0, 5, 2};

	(void)state;
	assert_int_equal(rt_canvas_text(canvas, rect, 0, 0, RT_STYLE_STRONG, "abcdefgh"), 5);
	assert_int_equal(rt_canvas_textn(canvas, rect, 3, 1, RT_STYLE_NORMAL, "xyz", 2), 5);
	rt_canvas_text(canvas, rect, 0, 2, RT_STYLE_NORMAL, "below");
	rt_canvas_text(canvas, rect, 0, -1, RT_STYLE_NORMAL, "above");
	assert_dump(canvas, " abcde\n    xy\n");
	assert_int_equal(rt_canvas_cell(canvas, 1, 0)->style, RT_STYLE_STRONG);
	assert_int_equal(rt_canvas_cell(canvas, 6, 0)->style, RT_STYLE_NORMAL);
	rt_canvas_free(canvas);
}

static void test_wide_characters(void **state)
{
	struct rt_canvas *canvas = rt_canvas_new(6, 1, false);
	struct rt_rect rect = {0, 0, 6, 1};

	(void)state;
	assert_int_equal(rt_canvas_text(canvas, rect, 1, 0, RT_STYLE_NORMAL, "服务器"),
			 5); /* the third would be cut in half */
	assert_dump(canvas, " 服务\n");
	assert_int_equal(rt_canvas_cell(canvas, 2, 0)->c, 0);
	rt_canvas_char(canvas, rect, 2, 0, RT_STYLE_NORMAL, 'x'); /* over a right half */
	assert_dump(canvas, "  x务\n");
	rt_canvas_char(canvas, rect, 3, 0, RT_STYLE_NORMAL, 'y'); /* over a left half */
	assert_dump(canvas, "  xy\n");
	rt_canvas_text(canvas, rect, 0, 0, RT_STYLE_NORMAL, "e\xcc\x81.");
	assert_dump(canvas, "e.xy\n"); /* a combining accent has no cell */
	rt_canvas_free(canvas);
}

static void test_control_characters_stay_out(void **state)
{
	struct rt_canvas *canvas = rt_canvas_new(20, 1, false);
	struct rt_rect rect = {0, 0, 20, 1};
	char bad[] = "a\x1b[2Jb\tc\nd\xff\xe2\x80?";

	(void)state;
	bad[sizeof(bad) - 2] = (char)0xae; /* U+202E: what follows would run from right to left */
	rt_canvas_text(canvas, rect, 0, 0, RT_STYLE_NORMAL, bad);
	for (int x = 0; x < 20; x++)
		assert_true(rt_canvas_cell(canvas, x, 0)->c >= ' ' &&
			    rt_canvas_cell(canvas, x, 0)->c != 0x202e);
	assert_dump(canvas, "a\xef\xbf\xbd[2Jb c d\xef\xbf\xbd\xef\xbf\xbd\n");
	rt_canvas_free(canvas);
}

static void test_ascii(void **state)
{
	struct rt_canvas *canvas = rt_canvas_new(20, 3, true);
	struct rt_rect rect = {0, 0, 20, 3}, gap = {8, 0, 1, 3};

	(void)state;
	rt_canvas_rule(canvas, rect, 0, false, "Read", "live");
	rt_canvas_rule(canvas, rect, 2, false, NULL, NULL);
	rt_canvas_text(canvas, rect, 0, 1, RT_STYLE_NORMAL, "中x–é");
	rt_canvas_vrule(canvas, gap, 0);
	assert_dump(canvas, "- Read -+---- live -\n??x-?   |\n--------+-----------\n");
	rt_canvas_free(canvas);
}

static void test_rules(void **state)
{
	struct rt_canvas *canvas = rt_canvas_new(20, 4, false);
	struct rt_rect rect = {0, 0, 20, 4}, left = {0, 0, 9, 4}, gap = {9, 0, 1, 4};

	(void)state;
	rt_canvas_rule(canvas, rect, 0, true, "Read", "kernel");
	assert_int_equal(rt_canvas_cell(canvas, 2, 0)->style, RT_STYLE_FOCUS);
	assert_int_equal(rt_canvas_cell(canvas, 15, 0)->style, RT_STYLE_RULE);
	rt_canvas_rule(canvas, rect, 1, false, "A name that is too long for it", "kernel");
	rt_canvas_rule(canvas, left, 2, false, "ab", NULL);
	rt_canvas_rule(canvas, rect, 3, false, "Read", "too long for it");
	assert_dump(
		canvas,
		"─ Read ──── kernel ─\n─ A name t─ kernel ─\n─ ab ────\n─ Read ─────────────\n");
	rt_canvas_rule(canvas, rect, 1, false, NULL, NULL);
	rt_canvas_text(canvas, rect, 0, 1, RT_STYLE_NORMAL, "                    ");
	rt_canvas_rule(canvas, rect, 3, false, NULL, NULL);
	rt_canvas_rule(canvas, rect, 0, false, NULL, NULL);
	rt_canvas_vrule(canvas, gap, 0);
	assert_dump(canvas, "─────────┬──────────\n         │\n─ ab ────┤\n─────────┴──────────\n");
	rt_canvas_free(canvas);
}

static void test_size_is_bounded(void **state)
{
	struct rt_canvas *canvas = rt_canvas_new(0, -5, false);

	(void)state;
	assert_int_equal(rt_canvas_width(canvas), 1);
	assert_int_equal(rt_canvas_height(canvas), 1);
	rt_canvas_resize(canvas, 100000, 100000);
	assert_true(rt_canvas_width(canvas) <= 1000 && rt_canvas_height(canvas) <= 1000);
	rt_canvas_free(canvas);
}

/* --- sheets ----------------------------------------------------------------------------------- */

static void assert_sheet(struct rt_sheet *sheet, int height, int top, const char *expected)
{
	struct rt_canvas *canvas = rt_canvas_new(sheet->width, height, false);

	rt_sheet_draw(sheet, canvas, (struct rt_rect){0, 0, sheet->width, height}, top);
	assert_dump(canvas, expected);
	rt_canvas_free(canvas);
}

static void test_wrap(void **state)
{
	struct rt_sheet sheet;

	(void)state;
	rt_sheet_init(&sheet, 12);
	rt_sheet_wrap(&sheet, 0, 2, RT_STYLE_NORMAL, "one two three  four\nnext abcdefghijklmnop");
	assert_sheet(&sheet, 6, 0, "one two\n  three\n  four\n  next\n  abcdefghij\n  klmnop\n");
	rt_sheet_fini(&sheet);
}

static void test_wrap_marks_code(void **state)
{
	struct rt_sheet sheet;

	(void)state;
	rt_sheet_init(&sheet, 40);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, "call `bind(s)` and ` alone");
	assert_sheet(&sheet, 1, 0, "call bind(s) and ` alone\n");
	assert_int_equal(sheet.cell[4].style, RT_STYLE_NORMAL);
	assert_int_equal(sheet.cell[5].style, RT_STYLE_CODE);
	assert_int_equal(sheet.cell[11].style, RT_STYLE_CODE);
	assert_int_equal(sheet.cell[12].style, RT_STYLE_NORMAL);
	rt_sheet_fini(&sheet);
}

static void test_wrap_marks_emphasis(void **state)
{
	struct rt_sheet sheet;

	(void)state;
	rt_sheet_init(&sheet, 40);
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, "on *both* of *:8000 and 1.2.3.4:* 2 * 3");
	assert_sheet(&sheet, 1, 0, "on both of *:8000 and 1.2.3.4:* 2 * 3\n");
	assert_int_equal(sheet.cell[2].style, RT_STYLE_NORMAL);
	assert_int_equal(sheet.cell[3].style, RT_STYLE_EMPH);
	assert_int_equal(sheet.cell[6].style, RT_STYLE_EMPH);
	assert_int_equal(sheet.cell[7].style, RT_STYLE_NORMAL);
	rt_sheet_fini(&sheet);
}

static void test_wrap_chinese(void **state)
{
	struct rt_sheet sheet;

	(void)state;
	rt_sheet_init(&sheet, 12);
	/*
	 * No blank between the words; the full stop does not begin a line; a line end between wide
	 * characters is none.
	 */
	rt_sheet_wrap(&sheet, 0, 0, RT_STYLE_NORMAL, "内核保留五元。TIME_WAIT");
	assert_sheet(&sheet, 3, 0, "内核保留五\n元。\nTIME_WAIT\n");
	rt_sheet_fini(&sheet);
}

static void test_paragraphs(void **state)
{
	struct rt_span words[] = {{RT_TEXT_PLAIN, (char *)"first line of the\nitem "},
				  {RT_TEXT_STRONG, (char *)"bold"}};
	struct rt_span chinese[] = {{RT_TEXT_PLAIN, (char *)"内核\n保留"},
				    {RT_TEXT_STRONG, (char *)"bold"}};
	struct rt_span code[] = {{RT_TEXT_PLAIN, (char *)"int  x;\n\treturn x;\n"}};
	struct rt_para item = {
		.kind = RT_PARA_ITEM, .indent = 1, .marker = "10.", .span = words, .n_spans = 2};
	struct rt_para deep = {
		.kind = RT_PARA_ITEM, .indent = 30, .marker = "", .span = chinese, .n_spans = 2};
	struct rt_para block = {.kind = RT_PARA_CODE, .span = code, .n_spans = 1};
	struct rt_sheet sheet;

	(void)state;
	rt_sheet_init(&sheet, 19);
	rt_sheet_para(&sheet, &item, 0);
	rt_sheet_para(&sheet, &block, 0);
	assert_sheet(&sheet, 5, 0,
		     "10. first line of\n    the item bold\n  int  x;\n          return x;\n\n");
	rt_sheet_fini(&sheet);
	/* A line end between Chinese words is none; deep lists leave room for their words. */
	rt_sheet_init(&sheet, 19);
	rt_sheet_para(&sheet, &deep, 0);
	assert_sheet(&sheet, 2, 0, "         内核保留\n         bold\n");
	rt_sheet_fini(&sheet);
}

static void test_head_stays(void **state)
{
	struct rt_sheet sheet;

	(void)state;
	rt_sheet_init(&sheet, 5);
	rt_sheet_text(&sheet, 0, RT_STYLE_NORMAL, "head");
	for (int i = 0; i < 5; i++)
		rt_sheet_text(&sheet, 1, RT_STYLE_NORMAL, (char[]){(char)('a' + i), '\0'});
	sheet.head = 1;
	assert_sheet(&sheet, 3, 2, "head\n c\n d\n");
	rt_sheet_fini(&sheet);
}

/* No width may make it hang or write outside: every line it makes fits. */
static void test_every_width(void **state)
{
	static const char text[] =
		"a `code span` 服务器 \xff\x1b and averyveryverylongwordindeed, 内核。 end";

	(void)state;
	for (int width = -1; width < 90; width++) {
		struct rt_sheet sheet;

		rt_sheet_init(&sheet, width);
		rt_sheet_wrap(&sheet, 0, 4, RT_STYLE_NORMAL, text);
		assert_in_range(sheet.n_lines, 1, 200);
		rt_sheet_fini(&sheet);
	}
}

/* --- layout ----------------------------------------------------------------------------------- */

static const enum rt_panel rank[] = {RT_PANEL_NOW, RT_PANEL_SCRIPT, RT_PANEL_SOCKETS,
				     RT_PANEL_READ};

static struct rt_layout lay_out(int width, int height, const struct rt_need *need,
				enum rt_panel focus)
{
	struct rt_rect body = {0, 1, width, height - 3};
	struct rt_layout layout;

	rt_layout_columns(&layout, rt_layout_kind(width, height, false), body);
	rt_layout_rows(&layout, body, need, rank, focus);
	return layout;
}

static void test_layout_fills_the_stack(void **state)
{
	static const struct rt_need need[RT_PANELS] = {{3, 30}, {3, 20}, {4, 6}, {6, 8}};

	(void)state;
	for (int height = 20; height < 60; height++) {
		struct rt_layout layout = lay_out(80, height, need, RT_PANEL_NOW);
		int y = 1;

		assert_int_equal(layout.kind, RT_LAYOUT_STACK);
		assert_true(layout.panel[RT_PANEL_NOW].height >= 6 + 1);
		for (int i = 0; i < RT_PANELS; i++) {
			if (layout.panel[i].height == 0)
				continue;
			assert_int_equal(layout.panel[i].y, y);
			y += layout.panel[i].height;
		}
		assert_int_equal(y, height - 2);
	}
}

static void test_layout_gives_what_is_needed(void **state)
{
	static const struct rt_need little[RT_PANELS] = {{3, 40}, {1, 1}, {1, 2}, {1, 1}};
	static const struct rt_need much[RT_PANELS] = {{3, 40}, {3, 40}, {4, 40}, {14, 16}};
	struct rt_layout layout = lay_out(80, 24, little, RT_PANEL_READ);

	(void)state;
	/* What the others do not need is the text's. */
	assert_int_equal(layout.panel[RT_PANEL_READ].height, 21 - 2 - 3 - 2);
	/* The question is whole; who has the keys is seen; the text goes. */
	layout = lay_out(80, 24, much, RT_PANEL_SCRIPT);
	assert_true(layout.panel[RT_PANEL_NOW].height >= 15);
	assert_true(layout.panel[RT_PANEL_SCRIPT].height >= 4);
	assert_int_equal(layout.panel[RT_PANEL_READ].height, 0);
	/* A panel has the least that it needs, or is not shown. */
	for (int i = 0; i < RT_PANELS; i++)
		assert_true(layout.panel[i].height == 0 || layout.panel[i].height > much[i].least);
}

static void test_layout_kinds(void **state)
{
	(void)state;
	assert_int_equal(rt_layout_kind(40, 12, false), RT_LAYOUT_ONE);
	assert_int_equal(rt_layout_kind(79, 50, false), RT_LAYOUT_ONE);
	assert_int_equal(rt_layout_kind(80, 24, false), RT_LAYOUT_STACK);
	assert_int_equal(rt_layout_kind(110, 29, false), RT_LAYOUT_STACK);
	assert_int_equal(rt_layout_kind(110, 30, false), RT_LAYOUT_TWO);
	assert_int_equal(rt_layout_kind(160, 39, false), RT_LAYOUT_TWO);
	assert_int_equal(rt_layout_kind(160, 40, false), RT_LAYOUT_WIDE);
	assert_int_equal(rt_layout_kind(160, 40, true), RT_LAYOUT_ONE);
}

static void test_looks_without_colour(void **state)
{
	(void)state;
	for (int i = 0; i < RT_STYLES; i++) {
		struct rt_look mono = rt_theme_look((enum rt_style)i, RT_THEME_MONO),
			       color = rt_theme_look((enum rt_style)i, RT_THEME_AUTO);

		assert_int_equal(mono.color, RT_COLOR_DEFAULT);
		assert_int_equal(mono.bold, color.bold);
		assert_int_equal(mono.reverse, color.reverse);
	}
	/* What one must find at a glance differs without colour too. */
	assert_true(rt_theme_look(RT_STYLE_FOCUS, RT_THEME_MONO).reverse);
	assert_true(rt_theme_look(RT_STYLE_SELECTED, RT_THEME_MONO).reverse);
	assert_true(rt_theme_look(RT_STYLE_CURRENT, RT_THEME_MONO).bold);
}

static void test_themes(void **state)
{
	(void)state;
	for (int theme = 0; theme < RT_THEMES; theme++)
		for (int i = 0; i < RT_STYLES; i++) {
			struct rt_look look = rt_theme_look((enum rt_style)i, (enum rt_theme)theme);

			/* Yellow cannot be read on white, blue not on black. */
			assert_true(look.color != RT_COLOR_YELLOW || theme == RT_THEME_DARK);
			assert_true(look.color != RT_COLOR_BLUE || theme == RT_THEME_LIGHT);
			assert_true(look.bold || theme != RT_THEME_PROJECTOR);
			assert_true(look.color == RT_COLOR_DEFAULT ||
				    (theme != RT_THEME_MONO && theme != RT_THEME_PROJECTOR));
		}
	assert_int_equal(rt_theme_look(RT_STYLE_CHANGED, RT_THEME_DARK).color, RT_COLOR_YELLOW);
	assert_int_equal(rt_theme_look(RT_STYLE_CODE, RT_THEME_LIGHT).color, RT_COLOR_BLUE);
	assert_true(rt_theme_look(RT_STYLE_BAD, RT_THEME_PROJECTOR).reverse);
	assert_string_equal(rt_theme_name(RT_THEME_PROJECTOR), "projector");
	assert_int_equal(rt_theme_find("light"), RT_THEME_LIGHT);
	assert_int_equal(rt_theme_find("no such theme"), RT_THEME_AUTO);
	assert_int_equal(rt_theme_find(NULL), RT_THEME_AUTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_cut),
		cmocka_unit_test(test_wide_characters),
		cmocka_unit_test(test_control_characters_stay_out),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_size_is_bounded),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_wrap_marks_code),
		cmocka_unit_test(test_wrap_marks_emphasis),
		cmocka_unit_test(test_wrap_chinese),
		cmocka_unit_test(test_paragraphs),
		cmocka_unit_test(test_head_stays),
		cmocka_unit_test(test_every_width),
		cmocka_unit_test(test_layout_fills_the_stack),
		cmocka_unit_test(test_layout_gives_what_is_needed),
		cmocka_unit_test(test_layout_kinds),
		cmocka_unit_test(test_looks_without_colour),
		cmocka_unit_test(test_themes),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
