#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

int rt_error_set(struct rt_error *err, enum rt_error_kind kind, const char *what, ...)
{
	va_list ap;

	if (!err)
		return -1;
	memset(err, 0, sizeof(*err));
	err->kind = kind;
	va_start(ap, what);
	vsnprintf(err->what, sizeof(err->what), what, ap);
	va_end(ap);
	return -1;
}

int rt_error_sys(struct rt_error *err, enum rt_error_kind kind, int sys, const char *what, ...)
{
	va_list ap;

	if (!err)
		return -1;
	memset(err, 0, sizeof(*err));
	err->kind = kind;
	err->sys = sys;
	va_start(ap, what);
	vsnprintf(err->what, sizeof(err->what), what, ap);
	va_end(ap);
	return rt_error_why(err, "%s (%s)", rt_errno_name(sys), strerror(sys));
}

int rt_error_why(struct rt_error *err, const char *why, ...)
{
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, why);
	vsnprintf(err->why, sizeof(err->why), why, ap);
	va_end(ap);
	return -1;
}

int rt_error_fix(struct rt_error *err, const char *fix, ...)
{
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fix);
	vsnprintf(err->fix, sizeof(err->fix), fix, ap);
	va_end(ap);
	return -1;
}

char *rt_error_format(const struct rt_error *err, char *text, size_t size)
{
	char all[sizeof(err->what) + sizeof(err->why) + sizeof(err->fix) + 4], bytes[8];
	size_t left =
		(size_t)snprintf(all, sizeof(all), "%s%s%s%s%s", err->what, err->why[0] ? ": " : "",
				 err->why, err->fix[0] ? "; " : "", err->fix);
	size_t used = 0, n, len;
	uint32_t c;

	for (const char *s = all; (n = rt_utf8_next(s, left, &c)) > 0; s += n, left -= n) {
		len = rt_utf8_encode(c, bytes);
		if (used + len >= size)
			break;
		memcpy(text + used, bytes, len);
		used += len;
	}
	text[used] = '\0';
	return text;
}

int rt_error_status(const struct rt_error *err)
{
	return (int)err->kind;
}

const char *rt_errno_name(int sys)
{
	const char *name = strerrorname_np(sys);

	/*
	 * glibc gives a number's first name; these two are the ones that socket calls are
	 * documented with.
	 */
	if (sys == EOPNOTSUPP)
		return "EOPNOTSUPP";
	if (sys == EAGAIN)
		return "EAGAIN";
	return name ? name : "E?";
}

int rt_errno_number(const char *name, size_t len)
{
	enum { ERRNO_MAX = 134 };
	static const struct {
		const char *name;
		int sys;
	} alias[] = {
		{"EWOULDBLOCK", EWOULDBLOCK}, {"ENOTSUP", ENOTSUP}, {"EOPNOTSUPP", EOPNOTSUPP}};

	if (len < 2 || name[0] != 'E')
		return 0;
	for (size_t i = 0; i < sizeof(alias) / sizeof(alias[0]); i++)
		if (strlen(alias[i].name) == len && memcmp(alias[i].name, name, len) == 0)
			return alias[i].sys;
	for (int sys = 1; sys < ERRNO_MAX; sys++) {
		const char *known = strerrorname_np(sys);

		/* Of so many the second letter, as a rule, tells enough. */
		if (known && known[1] == name[1] && strncmp(known, name, len) == 0 &&
		    known[len] == '\0')
			return sys;
	}
	return 0;
}
