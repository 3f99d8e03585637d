#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void rt_mem_begin(void)
{
	/*
	 * A start grows the heap by half a megabyte, and each brk(2) takes as long as a call. The
	 * default gives pages back too, which are wanted again a moment later.
	 */
	mallopt(M_TOP_PAD, 512 * 1024);
	mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
}

void *rt_calloc(size_t n, size_t size)
{
	void *ptr = calloc(n ? n : 1, size ? size : 1);

	if (!ptr)
		abort();
	return ptr;
}

void *rt_realloc(void *ptr, size_t n, size_t size)
{
	void *grown;

	if (size && n > SIZE_MAX / size)
		abort();
	grown = realloc(ptr, n && size ? n * size : 1);
	if (!grown)
		abort();
	return grown;
}

char *rt_strndup(const char *text, size_t len)
{
	char *copy = rt_calloc(len + 1, 1);

	if (len)
		memcpy(copy, text, len);
	return copy;
}

char *rt_strdup(const char *text)
{
	return rt_strndup(text, strlen(text));
}
