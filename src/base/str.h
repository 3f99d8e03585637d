/*
 * A string that grows. Zero-initialise it (`struct rt_str s = {0};`), add to it, end it with
 * rt_str_fini.
 */
#ifndef RT_BASE_STR_H
#define RT_BASE_STR_H

#include <stddef.h>

struct rt_str {
	char *s; /* NUL-terminated once something was added; NULL before: see rt_str_text() */
	size_t len;
	size_t cap;
};

void rt_str_fini(struct rt_str *str);

/* Makes it empty; keeps the memory. */
void rt_str_clear(struct rt_str *str);

void rt_str_add(struct rt_str *str, const char *text);
void rt_str_addn(struct rt_str *str, const char *text, size_t len);
void rt_str_addc(struct rt_str *str, char c);
void rt_str_addf(struct rt_str *str, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull));

/* The text, "" where nothing was added. Belongs to str; valid until str changes. */
const char *rt_str_text(const struct rt_str *str);

/* The text, which now belongs to the caller (free()); str is empty again. Never NULL. */
char *rt_str_take(struct rt_str *str);

#endif
