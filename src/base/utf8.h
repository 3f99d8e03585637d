/*
 * UTF-8 and columns. Columns are those of wcwidth(3): a Chinese character takes two. Text that
 * comes from a file, from a socket or from a name may hold anything; what is shown goes through
 * rt_utf8_next(), which never yields a control character.
 */
#ifndef RT_BASE_UTF8_H
#define RT_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { RT_REPLACEMENT = 0xfffd };

/*
 * Decodes one character of the len bytes at text into *c. What is not valid UTF-8 gives U+FFFD, a
 * control character (C0, DEL, C1, and the bidirectional overrides, which reorder a terminal line)
 * gives U+FFFD too; tab and newline stay. Returns the bytes it took, 0 only when len is 0.
 */
size_t rt_utf8_next(const char *text, size_t len, uint32_t *c);

/* Writes c as UTF-8 into out (at least 5 bytes) with a NUL. Returns the bytes without the NUL. */
size_t rt_utf8_encode(uint32_t c, char *out);

/* Columns of one character: 0, 1 or 2. What wcwidth() does not know takes 1. */
int rt_char_columns(uint32_t c);

/* Columns of len bytes of text, as they would be shown. */
int rt_columns(const char *text, size_t len);

/* The bytes of the longest beginning of text that fits into columns. */
size_t rt_utf8_fit(const char *text, size_t len, int columns);

#endif
