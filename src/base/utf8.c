#include "base/utf8.h"

#include <stdbool.h>
#include <wchar.h>

static bool harmful(uint32_t c)
{
	if (c < 0x20)
		return c != '\n' && c != '\t';
	if (c >= 0x7f && c < 0xa0)
		return true;
	/*
	 * U+202A..202E and U+2066..2069 change the direction of what follows: Unicode TR 36.
	 * U+2028/9 are line ends.
	 */
	return (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/*
 * Decodes by RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. Returns 0 where it
 * is none of these.
 */
static size_t decode(const unsigned char *s, size_t len, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80	 ? 1
		   : s[0] < 0xc2 ? 0
		   : s[0] < 0xe0 ? 2
		   : s[0] < 0xf0 ? 3
		   : s[0] < 0xf5 ? 4
				 : 0;

	if (n == 0 || n > len)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3fu);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return n == 1 ? 1 : 0;
	return n;
}

size_t rt_utf8_next(const char *text, size_t len, uint32_t *c)
{
	size_t n;

	if (len == 0)
		return 0;
	n = decode((const unsigned char *)text, len, c);
	if (n == 0) {
		*c = RT_REPLACEMENT;
		return 1;
	}
	if (harmful(*c))
		*c = RT_REPLACEMENT;
	return n;
}

size_t rt_utf8_encode(uint32_t c, char *out)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	out[n] = '\0';
	return n;
}

int rt_char_columns(uint32_t c)
{
	int n;

	/* Nearly all of a screen, and the same in every locale. */
	if (c >= ' ' && c <= '~')
		return 1;
	n = wcwidth((wchar_t)c);
	return n < 0 ? 1 : n;
}

int rt_columns(const char *text, size_t len)
{
	int columns = 0;
	uint32_t c;

	for (size_t n; (n = rt_utf8_next(text, len, &c)) > 0; text += n, len -= n)
		columns += rt_char_columns(c);
	return columns;
}

size_t rt_utf8_fit(const char *text, size_t len, int columns)
{
	size_t taken = 0;
	uint32_t c;

	for (size_t n; (n = rt_utf8_next(text + taken, len - taken, &c)) > 0; taken += n) {
		columns -= rt_char_columns(c);
		if (columns < 0)
			break;
	}
	return taken;
}
