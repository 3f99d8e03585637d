#include "ui/wrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

void rt_run_fini(struct rt_run *run)
{
	free(run->cell);
	memset(run, 0, sizeof(*run));
}

void rt_run_clear(struct rt_run *run)
{
	run->n = 0;
}

static bool is_wide(uint32_t c)
{
	return rt_char_columns(c) == 2;
}

static void add_char(struct rt_run *run, enum rt_style style, uint32_t c)
{
	RT_GROW(run->cell, run->n, run->cap);
	run->cell[run->n++] = (struct rt_cell){c, (uint8_t)style};
}

void rt_run_add(struct rt_run *run, enum rt_style style, const char *text, size_t len)
{
	uint32_t c, next;

	for (size_t n; (n = rt_utf8_next(text, len, &c)) > 0; text += n, len -= n) {
		if (c == '\t') {
			do
				add_char(run, style, ' ');
			while (run->n % 8);
			continue;
		}
		if (c == '\n') {
			/* A file breaks its Chinese lines anywhere; no blank belongs there. */
			if (run->n && is_wide(run->cell[run->n - 1].c) && rt_utf8_next(text + n, len - n, &next) &&
			    is_wide(next))
				continue;
			c = ' ';
		}
		if (rt_char_columns(c) > 0)
			add_char(run, style, c);
	}
}

void rt_run_add_marked(struct rt_run *run, enum rt_style style, const char *text, size_t len)
{
	while (len > 0) {
		const char *tick = memchr(text, '`', len);
		const char *end = tick ? memchr(tick + 1, '`', len - (size_t)(tick + 1 - text)) : NULL;

		if (!end) {
			rt_run_add(run, style, text, len);
			return;
		}
		rt_run_add(run, style, text, (size_t)(tick - text));
		rt_run_add(run, RT_STYLE_CODE, tick + 1, (size_t)(end - tick - 1));
		len -= (size_t)(end + 1 - text);
		text = end + 1;
	}
}

/* 、。〉》」』】）！，．：；？ and their like never begin a line, 〈《「『【（ never end one (JIS X 4051, the common part). */
static bool closes(uint32_t c)
{
	static const uint32_t closing[] = {0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0xff09,
					   0xff01, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0x201d, 0x2019};

	for (size_t i = 0; i < RT_COUNT(closing); i++)
		if (closing[i] == c)
			return true;
	return c < 0x80 && c != 0 && strchr(".,:;!?)]}\"'", (int)c);
}

static bool opens(uint32_t c)
{
	static const uint32_t opening[] = {0x3008, 0x300a, 0x300c, 0x300e, 0x3010, 0xff08, 0x201c, 0x2018};

	for (size_t i = 0; i < RT_COUNT(opening); i++)
		if (opening[i] == c)
			return true;
	return c < 0x80 && c != 0 && strchr("([{", (int)c);
}

/* Whether a line may end between these two. */
static bool parts(uint32_t left, uint32_t right)
{
	if (left == ' ')
		return true;
	return (is_wide(left) || is_wide(right)) && !closes(right) && !opens(left);
}

bool rt_run_break(const struct rt_run *run, int width, bool as_is, struct rt_break *at)
{
	size_t i = at->next, good = 0;
	int columns = 0;

	if (!as_is)
		while (i < run->n && run->cell[i].c == ' ')
			i++;
	if (i >= run->n)
		return false;
	at->first = i;
	for (; i < run->n; i++) {
		uint32_t c = run->cell[i].c;

		if (i > at->first && !as_is && parts(run->cell[i - 1].c, c))
			good = i;
		columns += rt_char_columns(c);
		/* A blank at the end of a line takes no room. */
		if (columns > width && (as_is || c != ' '))
			break;
	}
	if (i < run->n && good > at->first)
		i = good;
	if (i == at->first)
		i++; /* a wide character in one column: it is cut, and the text goes on */
	at->next = at->end = i;
	while (!as_is && at->end > at->first && run->cell[at->end - 1].c == ' ')
		at->end--;
	at->n_lines++;
	return true;
}
