#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* A terminal that says it is larger than this does not tell the truth. */
enum { SIDE_MAX = 1000 };

enum { LINE_ACROSS = 0x2500, LINE_DOWN = 0x2502 };

struct rt_canvas {
	int width, height;
	bool ascii;
	struct rt_cell *cell; /* height lines of width cells */
};

static int side(int n)
{
	return n < 1 ? 1 : n > SIDE_MAX ? SIDE_MAX : n;
}

struct rt_canvas *rt_canvas_new(int width, int height, bool ascii)
{
	struct rt_canvas *canvas = rt_calloc(1, sizeof(*canvas));

	canvas->ascii = ascii;
	rt_canvas_resize(canvas, width, height);
	return canvas;
}

void rt_canvas_free(struct rt_canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->cell);
	free(canvas);
}

void rt_canvas_resize(struct rt_canvas *canvas, int width, int height)
{
	canvas->width = side(width);
	canvas->height = side(height);
	canvas->cell = rt_realloc(canvas->cell, (size_t)(canvas->width * canvas->height),
				  sizeof(canvas->cell[0]));
	rt_canvas_clear(canvas);
}

void rt_canvas_clear(struct rt_canvas *canvas)
{
	for (int i = 0; i < canvas->width * canvas->height; i++)
		canvas->cell[i] = (struct rt_cell){' ', RT_STYLE_NORMAL};
}

void rt_canvas_copy(struct rt_canvas *to, const struct rt_canvas *from)
{
	if (to->width != from->width || to->height != from->height)
		rt_canvas_resize(to, from->width, from->height);
	memcpy(to->cell, from->cell, (size_t)(from->width * from->height) * sizeof(from->cell[0]));
}

int rt_canvas_width(const struct rt_canvas *canvas)
{
	return canvas->width;
}

int rt_canvas_height(const struct rt_canvas *canvas)
{
	return canvas->height;
}

bool rt_canvas_is_ascii(const struct rt_canvas *canvas)
{
	return canvas->ascii;
}

const struct rt_cell *rt_canvas_cell(const struct rt_canvas *canvas, int x, int y)
{
	return &canvas->cell[y * canvas->width + x];
}

/*
 * What stands for a character where only ASCII can be shown. A wide one becomes two, so that
 * columns stay in line.
 */
static uint32_t plain(uint32_t c)
{
	static const struct {
		uint32_t c;
		char plain;
	} look[] = {{LINE_ACROSS, '-'}, {LINE_DOWN, '|'}, {0x252c, '+'}, {0x2534, '+'},
		    {0x251c, '+'},	{0x2524, '+'},	  {0x253c, '+'}, {0xa0, ' '},
		    {0x2018, '\''},	{0x2019, '\''},	  {0x201c, '"'}, {0x201d, '"'},
		    {0x2013, '-'},	{0x2014, '-'},	  {0x2022, '*'}, {0x2192, '>'}};

	if (c < 0x80)
		return c;
	for (size_t i = 0; i < RT_COUNT(look); i++)
		if (look[i].c == c)
			return (unsigned char)look[i].plain;
	return '?';
}

/* No half of a wide character may be left where its other half was overwritten. */
static void part_wide(struct rt_canvas *canvas, int x, int y)
{
	struct rt_cell *line = &canvas->cell[y * canvas->width];

	if (line[x].c == 0 && x > 0)
		line[x - 1].c = ' ';
	if (x + 1 < canvas->width && line[x + 1].c == 0)
		line[x + 1].c = ' ';
}

static void put(struct rt_canvas *canvas, int x, int y, enum rt_style style, uint32_t c)
{
	part_wide(canvas, x, y);
	canvas->cell[y * canvas->width + x] = (struct rt_cell){c, (uint8_t)style};
}

/*
 * Whether columns x to x + n - 1 of line y, both relative to rect, lie in rect and on the canvas.
 */
static bool inside(const struct rt_canvas *canvas, struct rt_rect rect, int x, int y, int n)
{
	return x >= 0 && y >= 0 && x + n <= rect.width && y < rect.height && rect.x + x >= 0 &&
	       rect.y + y >= 0 && rect.x + x + n <= canvas->width && rect.y + y < canvas->height;
}

int rt_canvas_char(struct rt_canvas *canvas, struct rt_rect rect, int x, int y, enum rt_style style,
		   uint32_t c)
{
	int n;

	if (c == '\t' || c == '\n')
		c = ' ';
	n = rt_char_columns(c);
	if (n == 0)
		return x;
	if (inside(canvas, rect, x, y, n)) {
		uint32_t shown = canvas->ascii ? plain(c) : c;

		put(canvas, rect.x + x, rect.y + y, style, shown);
		if (n == 2)
			put(canvas, rect.x + x + 1, rect.y + y, style, canvas->ascii ? shown : ' ');
		if (n == 2 && !canvas->ascii)
			canvas->cell[(rect.y + y) * canvas->width + rect.x + x + 1].c = 0;
	}
	return x + n;
}

int rt_canvas_textn(struct rt_canvas *canvas, struct rt_rect rect, int x, int y,
		    enum rt_style style, const char *text, size_t len)
{
	uint32_t c;

	for (size_t n; (n = rt_utf8_next(text, len, &c)) > 0; text += n, len -= n) {
		int columns = c == '\t' || c == '\n' ? 1 : rt_char_columns(c);

		if (x + columns > rect.width)
			break;
		x = rt_canvas_char(canvas, rect, x, y, style, c);
	}
	return x;
}

int rt_canvas_text(struct rt_canvas *canvas, struct rt_rect rect, int x, int y, enum rt_style style,
		   const char *text)
{
	return rt_canvas_textn(canvas, rect, x, y, style, text, strlen(text));
}

void rt_canvas_rule(struct rt_canvas *canvas, struct rt_rect rect, int y, bool focus,
		    const char *name, const char *right)
{
	enum { EDGES = 3, NAME_MIN = 8 };
	int columns = right ? rt_columns(right, strlen(right)) : 0;
	struct rt_rect most = rect;
	int x;

	for (int i = 0; i < rect.width; i++)
		rt_canvas_char(canvas, rect, i, y, RT_STYLE_RULE, LINE_ACROSS);
	/*
	 * Words at the right are short: they come before the end of a long name, not before all of
	 * it.
	 */
	if (columns > 0 && columns + EDGES + NAME_MIN > rect.width)
		columns = 0;
	/* The line goes on behind a name that is too long. */
	most.width = rect.width - (columns > 0 ? columns + EDGES + 1 : 1);
	if (name && *name) {
		x = rt_canvas_char(canvas, most, 1, y, RT_STYLE_RULE, ' ');
		if (focus)
			rt_canvas_char(canvas, most, 1, y, RT_STYLE_FOCUS, ' ');
		x = rt_canvas_text(canvas, most, x, y, focus ? RT_STYLE_FOCUS : RT_STYLE_RULE,
				   name);
		rt_canvas_char(canvas, most, x, y, focus ? RT_STYLE_FOCUS : RT_STYLE_RULE, ' ');
	}
	if (columns == 0)
		return;
	x = rt_canvas_char(canvas, rect, rect.width - columns - EDGES, y, RT_STYLE_RULE, ' ');
	x = rt_canvas_text(canvas, rect, x, y, RT_STYLE_RULE, right);
	rt_canvas_char(canvas, rect, x, y, RT_STYLE_RULE, ' ');
}

static bool is_across(const struct rt_canvas *canvas, int x, int y)
{
	uint32_t c;

	if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
		return false;
	c = rt_canvas_cell(canvas, x, y)->c;
	return c == LINE_ACROSS || (canvas->ascii && c == '-');
}

void rt_canvas_vrule(struct rt_canvas *canvas, struct rt_rect rect, int x)
{
	/*
	 * By what meets the line: nothing, a rule from the left, from the right, from both; in its
	 * first, inner and last line.
	 */
	static const uint16_t joint[3][4] = {{LINE_DOWN, 0x252c, 0x252c, 0x252c},
					     {LINE_DOWN, 0x2524, 0x251c, 0x253c},
					     {LINE_DOWN, 0x2534, 0x2534, 0x2534}};

	for (int y = 0; y < rect.height; y++) {
		int meets = (is_across(canvas, rect.x + x - 1, rect.y + y) ? 1 : 0) +
			    (is_across(canvas, rect.x + x + 1, rect.y + y) ? 2 : 0);

		rt_canvas_char(canvas, rect, x, y, RT_STYLE_RULE,
			       joint[y == 0		    ? 0
				     : y + 1 == rect.height ? 2
							    : 1][meets]);
	}
}

void rt_canvas_style(struct rt_canvas *canvas, struct rt_rect rect, int x, int y, int width,
		     enum rt_style style)
{
	for (int i = x; i < x + width; i++)
		if (inside(canvas, rect, i, y, 1))
			canvas->cell[(rect.y + y) * canvas->width + rect.x + i].style =
				(uint8_t)style;
}

void rt_canvas_dump(const struct rt_canvas *canvas, struct rt_str *out)
{
	for (int y = 0; y < canvas->height; y++) {
		int end = canvas->width;

		while (end > 0 && rt_canvas_cell(canvas, end - 1, y)->c == ' ')
			end--;
		for (int x = 0; x < end; x++) {
			char utf8[8];
			uint32_t c = rt_canvas_cell(canvas, x, y)->c;

			if (c)
				rt_str_addn(out, utf8, rt_utf8_encode(c, utf8));
		}
		rt_str_addc(out, '\n');
	}
}
