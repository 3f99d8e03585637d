#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void reserve(struct rt_str *str, size_t more)
{
	size_t need = str->len + more + 1;

	if (need <= str->cap)
		return;
	str->cap = need < 64 ? 64 : need * 2;
	str->s = rt_realloc(str->s, str->cap, 1);
}

void rt_str_fini(struct rt_str *str)
{
	free(str->s);
	memset(str, 0, sizeof(*str));
}

void rt_str_clear(struct rt_str *str)
{
	str->len = 0;
	if (str->s)
		str->s[0] = '\0';
}

void rt_str_addn(struct rt_str *str, const char *text, size_t len)
{
	reserve(str, len);
	if (len)
		memcpy(str->s + str->len, text, len);
	str->len += len;
	str->s[str->len] = '\0';
}

void rt_str_add(struct rt_str *str, const char *text)
{
	rt_str_addn(str, text, strlen(text));
}

void rt_str_addc(struct rt_str *str, char c)
{
	rt_str_addn(str, &c, 1);
}

void rt_str_addf(struct rt_str *str, const char *format, ...)
{
	va_list ap;
	int len;

	reserve(str, 0);
	va_start(ap, format);
	len = vsnprintf(str->s + str->len, str->cap - str->len, format, ap);
	va_end(ap);
	if (len < 0)
		return;
	if ((size_t)len >= str->cap - str->len) {
		reserve(str, (size_t)len);
		va_start(ap, format);
		vsnprintf(str->s + str->len, (size_t)len + 1, format, ap);
		va_end(ap);
	}
	str->len += (size_t)len;
}

const char *rt_str_text(const struct rt_str *str)
{
	return str->s ? str->s : "";
}

char *rt_str_take(struct rt_str *str)
{
	char *text = str->s ? str->s : rt_strdup("");

	memset(str, 0, sizeof(*str));
	return text;
}
