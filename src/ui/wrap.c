#include "ui/wrap.h"

#include <ctype.h>
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
			if (run->n && is_wide(run->cell[run->n - 1].c) &&
			    rt_utf8_next(text + n, len - n, &next) && is_wide(next))
				continue;
			c = ' ';
		}
		if (rt_char_columns(c) > 0)
			add_char(run, style, c);
	}
}

static bool is_word(char c)
{
	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c) || c == '_';
}

/*
 * Whether a star at i opens or closes *emphasis*: a word on its inner side alone. The one of
 * 127.0.0.1:* does neither.
 */
static bool is_star(const char *text, size_t len, size_t i, bool opens)
{
	bool before = i > 0 && is_word(text[i - 1]), after = i + 1 < len && is_word(text[i + 1]);

	return text[i] == '*' &&
	       (opens ? after && !before && (i == 0 || text[i - 1] != ':') : before && !after);
}

/* The other end of what opens at i, or len where there is none. */
static size_t other_end(const char *text, size_t len, size_t i)
{
	for (size_t k = i + 2; k < len; k++)
		if (text[i] == '`' ? text[k] == '`' : is_star(text, len, k, false))
			return k;
	return len;
}

void rt_run_add_marked(struct rt_run *run, enum rt_style style, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		size_t end;

		if (text[i] != '`' && !is_star(text, len, i, true))
			continue;
		end = other_end(text, len, i);
		if (end == len)
			continue;
		rt_run_add(run, style, text + from, i - from);
		rt_run_add(run, text[i] == '`' ? RT_STYLE_CODE : RT_STYLE_EMPH, text + i + 1,
			   end - i - 1);
		from = end + 1;
		i = end;
	}
	rt_run_add(run, style, text + from, len - from);
}

/*
 * 、。〉》」』】）！，．：；？ and their like never begin a line, 〈《「『【（ never end one (JIS X
 * 4051, the common part).
 */
static bool closes(uint32_t c)
{
	static const uint32_t closing[] = {0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x300f,
					   0x3011, 0xff09, 0xff01, 0xff0c, 0xff0e, 0xff1a,
					   0xff1b, 0xff1f, 0x201d, 0x2019};

	for (size_t i = 0; i < RT_COUNT(closing); i++)
		if (closing[i] == c)
			return true;
	return c < 0x80 && c != 0 && strchr(".,:;!?)]}\"'", (int)c);
}

static bool opens(uint32_t c)
{
	static const uint32_t opening[] = {0x3008, 0x300a, 0x300c, 0x300e,
					   0x3010, 0xff08, 0x201c, 0x2018};

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
