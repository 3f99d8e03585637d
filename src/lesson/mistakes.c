/*
 * Mistakes: what is said about a wrong line, and how it is shown.
 *
 *	time-wait.md:23:17: expected an address, got "127.0.0.1:port"
 *	    new:    bind(n, 127.0.0.1:port)
 *	                    ^
 *	    addresses look like 127.0.0.1:8002 or [::1]:8002
 *
 * The caret stands under the right column because the line of the caret repeats the tabs of the
 * line above it, and has as many blanks for every other character as that takes columns.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/lex.h"
#include "lesson/script.h"

enum {
	GOT_COLUMNS = 40,   /* of what stands there, in a sentence */
	KEPT_BEHIND = 400,  /* bytes of a line that are kept behind the place */
	KEPT_BYTES = 16384, /* and in all */
	SHOWN_BEFORE = 90,  /* columns of a line that are shown before the caret */
	SHOWN_BEHIND = 100, /* and from it on */
};

/* How many bytes at its begin are harmless for sure. */
static size_t plain_letters(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] >= ' ' && text[n] <= '~')
		n++;
	return n;
}

char *rt_text_harmless(const char *text, size_t len)
{
	struct rt_str out = {0};
	char bytes[8];
	uint32_t c;

	for (size_t n; len > 0; text += n, len -= n) {
		n = plain_letters(text, len);
		rt_str_addn(&out, text, n);
		if (n > 0)
			continue;
		n = rt_utf8_next(text, len, &c);
		rt_utf8_encode(c == '\n' ? RT_REPLACEMENT : c, bytes);
		rt_str_add(&out, bytes);
	}
	return rt_str_take(&out);
}

void rt_mistake_set(struct rt_mistake *mistake, const char *text, size_t len, size_t at, char *what,
		    char *help)
{
	size_t kept = len;

	if (at > len)
		at = len;
	if (kept > at + KEPT_BEHIND)
		kept = at + KEPT_BEHIND;
	if (kept > KEPT_BYTES)
		kept = KEPT_BYTES;
	while (kept > 0 && kept < len && ((unsigned char)text[kept] & 0xc0) == 0x80)
		kept--;
	*mistake = (struct rt_mistake){
		.column = 1 + rt_columns(text, at),
		.what = what,
		.help = help,
		.text = rt_text_harmless(text, kept),
	};
}

int rt_lex_fail(struct rt_lex *lex, size_t at, const char *help, const char *what, ...)
{
	char *plain = NULL;
	va_list ap;

	va_start(ap, what);
	if (vasprintf(&plain, what, ap) < 0)
		plain = rt_strdup(what);
	va_end(ap);
	/* A sentence quotes the line: its bytes are as strange as the file's. */
	rt_mistake_set(lex->mistake, lex->text, lex->len, at,
		       rt_text_harmless(plain, strlen(plain)), rt_strdup(help));
	free(plain);
	return -1;
}

/* The word, the string or the sign that stands at `at`. */
static struct rt_word word_at(const struct rt_lex *lex, size_t at)
{
	struct rt_lex look = {.text = lex->text, .len = lex->len, .at = at};
	struct rt_word word = rt_lex_word(&look);
	const char *quote;

	if (word.len > 0 || word.at == lex->len)
		return word;
	word.len = 1;
	if (word.s[0] == '"') {
		quote = memchr(word.s + 1, '"', lex->len - word.at - 1);
		word.len = quote ? (size_t)(quote - word.s) + 1 : lex->len - word.at;
	} else if (word.s[0] == '-') {
		word.len = 2;
	}
	return word;
}

/* ASCII as an input method writes it, U+FF01 to U+FF5E, or a curved quote: what was meant, or 0. */
static char ascii_of(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		return (char)(c - 0xfee0);
	return c == 0x201c || c == 0x201d ? '"' : c == 0x3000 ? ' ' : '\0';
}

/* Whether a full-width character stands in word: then *help says so. */
static bool full_width(struct rt_word word, struct rt_str *help)
{
	char bytes[8];
	uint32_t c;

	for (size_t n, i = 0; (n = rt_utf8_next(word.s + i, word.len - i, &c)) > 0; i += n) {
		if (!ascii_of(c))
			continue;
		rt_utf8_encode(c, bytes);
		rt_str_addf(help, _("\"%s\" is a full-width character: write %c"), bytes,
			    ascii_of(c));
		return true;
	}
	return false;
}

int rt_lex_expected(struct rt_lex *lex, size_t at, const char *expected, const char *help)
{
	struct rt_word word = word_at(lex, at);
	size_t cut = rt_utf8_fit(word.s, word.len, GOT_COLUMNS);
	struct rt_str other = {0};
	char *got;

	if (word.len == 0)
		return rt_lex_fail(lex, word.at, help, _("expected %s, got the end of the line"),
				   expected);
	if (full_width(word, &other))
		help = rt_str_text(&other);
	got = rt_text_harmless(word.s, cut);
	rt_lex_fail(lex, word.at, help,
		    word.s[0] == '"' ? _("expected %s, got %s%s") : _("expected %s, got \"%s%s\""),
		    expected, got, cut < word.len ? "..." : "");
	free(got);
	rt_str_fini(&other);
	return -1;
}

void rt_mistake_fini(struct rt_mistake *mistake)
{
	free(mistake->what);
	free(mistake->help);
	free(mistake->text);
	memset(mistake, 0, sizeof(*mistake));
}

void rt_mistakes_fini(struct rt_mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->n; i++)
		rt_mistake_fini(&mistakes->mistake[i]);
	free(mistakes->mistake);
	memset(mistakes, 0, sizeof(*mistakes));
}

/* Adds the part of the line around the mistake, and the caret. */
static void format_place(const struct rt_mistake *mistake, struct rt_str *out)
{
	int first = mistake->column > SHOWN_BEFORE ? mistake->column - SHOWN_BEFORE : 0, column = 0;
	struct rt_str under = {0};
	const char *s = mistake->text;
	size_t len = strlen(s);
	uint32_t c;

	rt_str_add(out, first ? "    ..." : "    ");
	rt_str_add(&under, first ? "       " : "    ");
	for (size_t n; (n = rt_utf8_next(s, len, &c)) > 0; s += n, len -= n) {
		int wide = rt_char_columns(c);

		if (column >= mistake->column + SHOWN_BEHIND) {
			rt_str_add(out, "...");
			break;
		}
		if (column >= first) {
			rt_str_addn(out, s, n);
			for (int i = 0; i < wide && column < mistake->column - 1; i++)
				rt_str_addc(&under, c == '\t' ? '\t' : ' ');
		}
		column += wide;
	}
	rt_str_addc(out, '\n');
	if (column >= mistake->column - 1)
		rt_str_addf(out, "%s^\n", rt_str_text(&under));
	rt_str_fini(&under);
}

void rt_mistakes_format(const struct rt_mistakes *mistakes, const char *path, struct rt_str *out)
{
	for (size_t i = 0; i < mistakes->n; i++) {
		const struct rt_mistake *mistake = &mistakes->mistake[i];
		char *shown = rt_text_harmless(path, strlen(path));

		rt_str_addf(out, "%s:%d:%d: %s\n", shown, mistake->line, mistake->column,
			    mistake->what);
		format_place(mistake, out);
		if (mistake->help[0])
			rt_str_addf(out, "    %s\n", mistake->help);
		free(shown);
	}
}
