#include "lesson/lex.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/str.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

char rt_lex_peek(struct rt_lex *lex)
{
	while (lex->at < lex->len && is_blank(lex->text[lex->at]))
		lex->at++;
	return lex->at < lex->len ? lex->text[lex->at] : '\0';
}

bool rt_lex_at_end(struct rt_lex *lex)
{
	return rt_lex_peek(lex) == '#' || lex->at == lex->len;
}

bool rt_lex_take(struct rt_lex *lex, char c)
{
	if (rt_lex_peek(lex) != c || lex->at == lex->len)
		return false;
	lex->at++;
	return true;
}

static bool at_arrow(const struct rt_lex *lex)
{
	return lex->at + 1 < lex->len && lex->text[lex->at] == '-' && lex->text[lex->at + 1] == '>';
}

bool rt_lex_take_arrow(struct rt_lex *lex)
{
	rt_lex_peek(lex);
	if (!at_arrow(lex))
		return false;
	lex->at += 2;
	return true;
}

/* Whether a word ends in front of c. */
static bool ends_word(char c)
{
	switch (c) {
	case ' ':
	case '\t':
	case ',':
	case '(':
	case ')':
	case '{':
	case '}':
	case '|':
	case '=':
	case '"':
	case '#':
	case '@':
		return true;
	default:
		return false;
	}
}

struct rt_word rt_lex_word(struct rt_lex *lex)
{
	struct rt_word word;

	rt_lex_peek(lex);
	word = (struct rt_word){.s = lex->text + lex->at, .at = lex->at};
	while (lex->at < lex->len && !ends_word(lex->text[lex->at]) && !at_arrow(lex))
		lex->at++;
	word.len = lex->at - word.at;
	return word;
}

struct rt_word rt_lex_name(struct rt_lex *lex)
{
	struct rt_word word;

	rt_lex_peek(lex);
	word = (struct rt_word){.s = lex->text + lex->at, .at = lex->at};
	while (lex->at < lex->len &&
	       (is_letter(lex->text[lex->at]) || is_digit(lex->text[lex->at])))
		lex->at++;
	word.len = lex->at - word.at;
	return word;
}

bool rt_word_is(struct rt_word word, const char *text)
{
	return strlen(text) == word.len && memcmp(word.s, text, word.len) == 0;
}

bool rt_word_is_name(struct rt_word word)
{
	if (word.len == 0 || !is_letter(word.s[0]))
		return false;
	for (size_t i = 1; i < word.len; i++)
		if (!is_letter(word.s[i]) && !is_digit(word.s[i]))
			return false;
	return true;
}

int rt_lex_new_name(struct rt_lex *lex, struct rt_word word, const char *expected, char *name)
{
	static const char *const taken[] = {"kernel", "no",   "expect", "owner",
					    "blocks", "none", "when"};

	if (!rt_word_is_name(word) || word.s[0] == '_')
		return rt_lex_expected(
			lex, word.at, expected,
			_("a name begins with a letter; letters, digits and _ follow"));
	if (word.len > RT_NAME_LETTERS)
		return rt_lex_fail(lex, word.at, _("choose a shorter one"),
				   _("a name has at most %d letters, this has %zu"),
				   RT_NAME_LETTERS, word.len);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (rt_word_is(word, taken[i]))
			return rt_lex_fail(lex, word.at,
					   _("kernel, no, expect, owner, blocks, none and when "
					     "have a meaning of their own"),
					   _("\"%s\" cannot be a name"), taken[i]);
	memcpy(name, word.s, word.len);
	name[word.len] = '\0';
	return 0;
}

int rt_lex_number(struct rt_lex *lex, int64_t min, int64_t max, int64_t *number)
{
	struct rt_word word = rt_lex_word(lex);
	bool minus = word.len > 0 && word.s[0] == '-';
	int64_t value = 0;
	size_t i = minus;

	while (i < word.len && is_digit(word.s[i])) {
		/* Twelve digits are beyond every limit and far from an overflow. */
		if (value < INT64_C(100000000000))
			value = value * 10 + (word.s[i] - '0');
		i++;
	}
	if (i < word.len || word.len == (size_t)minus)
		return rt_lex_expected(lex, word.at, _("a number"), "");
	if (minus)
		value = -value;
	if (value < min || value > max)
		return rt_lex_fail(
			lex, word.at, "", _("expected a number from %lld to %lld, got %.*s"),
			(long long)min, (long long)max, word.len > 40 ? 40 : (int)word.len, word.s);
	*number = value;
	return 0;
}

/* Digits alone, of a number up to max. */
static bool whole_number(const char *s, size_t len, int64_t max, int64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < len && *number <= max; i++) {
		if (!is_digit(s[i]))
			return false;
		*number = *number * 10 + (s[i] - '0');
	}
	return len > 0 && *number <= max;
}

int rt_lex_range(struct rt_lex *lex, int64_t max, int64_t *from, int64_t *to)
{
	struct rt_word word = rt_lex_word(lex);
	const char *dots = word.len ? memmem(word.s, word.len, "..", 2) : NULL;
	size_t first = dots ? (size_t)(dots - word.s) : 0;

	if (!dots) {
		lex->at = word.at;
		if (rt_lex_number(lex, 0, max, from) < 0)
			return -1;
		*to = *from;
		return 0;
	}
	if (!whole_number(word.s, first, max, from) ||
	    !whole_number(dots + 2, word.len - first - 2, max, to))
		return rt_lex_expected(lex, word.at, _("a number, or two joined by .."),
				       _("as in 2 or 60..140"));
	if (*from > *to)
		return rt_lex_fail(lex, word.at, _("the smaller number stands first"),
				   _("no number is in %.*s"), (int)word.len, word.s);
	return 0;
}

/* --- strings ---------------------------------------------------------------------------------- */

static int digit_of(char c, int base)
{
	int value = is_digit(c)		   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : 99;

	return value < base ? value : -1;
}

/* At most max digits of base; the number of digits. */
static int escaped_number(struct rt_lex *lex, int base, int max, unsigned *value)
{
	int n = 0;

	*value = 0;
	while (n < max && lex->at < lex->len && digit_of(lex->text[lex->at], base) >= 0) {
		*value = *value * (unsigned)base + (unsigned)digit_of(lex->text[lex->at++], base);
		n++;
	}
	return n;
}

/* What stands behind a backslash. */
static int escape(struct rt_lex *lex, char *byte)
{
	static const char letter[] = "abtnvfr\\\"", meaning[] = "\a\b\t\n\v\f\r\\\"";
	const char *help = _("the escapes are \\n \\t \\r \\0 \\\\ \\\" and \\xHH");
	size_t from = lex->at - 1;
	const char *known;
	unsigned value;

	if (lex->at == lex->len)
		return rt_lex_fail(lex, from, help, _("the string ends in a backslash"));
	known = lex->text[lex->at] ? strchr(letter, lex->text[lex->at]) : NULL;
	if (known) {
		lex->at++;
		*byte = meaning[known - letter];
		return 0;
	}
	if (lex->text[lex->at] == 'x') {
		lex->at++;
		if (escaped_number(lex, 16, 2, &value) == 0)
			return rt_lex_fail(lex, from, help,
					   _("expected two hexadecimal digits behind \\x"));
	} else if (escaped_number(lex, 8, 3, &value) == 0) {
		return rt_lex_fail(lex, from, help, _("a string has no such escape"));
	}
	if (value > 0xff)
		return rt_lex_fail(lex, from, help, _("a byte is at most \\377"));
	*byte = (char)value;
	return 0;
}

int rt_lex_string(struct rt_lex *lex, size_t max, uint8_t **data, size_t *len)
{
	struct rt_str out = {0};
	size_t from;

	if (!rt_lex_take(lex, '"'))
		return rt_lex_expected(lex, lex->at, _("bytes in double quotes"),
				       _("as in \"hello\\n\""));
	from = lex->at - 1;
	for (;;) {
		char c = lex->at < lex->len ? lex->text[lex->at++] : '\0';

		if (c == '"')
			break;
		if (c == '\0' && lex->at == lex->len) {
			rt_lex_fail(lex, from, _("write \" behind its last byte"),
				    _("this string has no end"));
			goto fail;
		}
		if (c == '\\' && escape(lex, &c) < 0)
			goto fail;
		rt_str_addc(&out, c);
		if (out.len > max) {
			rt_lex_fail(lex, from, "", _("at most %zu bytes can stand here"), max);
			goto fail;
		}
	}
	*len = out.len;
	*data = (uint8_t *)rt_str_take(&out);
	return 0;
fail:
	rt_str_fini(&out);
	return -1;
}
