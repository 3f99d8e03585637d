#include "report/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* The number of a character of n bytes, which is valid: json_dumps() gives nothing else. */
static unsigned number_of(const char *text, size_t n)
{
	unsigned c = (unsigned char)text[0] & (n == 1 ? 0x7fu : 0xffu >> (n + 1));

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)text[i] & 0x3fu);
	return c;
}

void rt_json_print(FILE *out, const json_t *json, size_t flags)
{
	char *text = json_dumps(json, flags);
	size_t len, n;
	uint32_t c;

	if (!text) {
		fputs("null", out);
		return;
	}
	len = strlen(text);
	/* All that rt_utf8_next() replaces lies below U+10000, and outside of strings there is none. */
	for (const char *s = text; (n = rt_utf8_next(s, len, &c)) > 0; s += n, len -= n) {
		if (c == RT_REPLACEMENT)
			fprintf(out, "\\u%04x", number_of(s, n));
		else
			fwrite(s, 1, n, out);
	}
	free(text);
}
