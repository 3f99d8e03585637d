/*
 * Memory that is always there: a program of this size that cannot have a few kilobytes more has
 * nothing left to say, so these call abort(), whose handler gives the terminal back. What a
 * stranger's file can make large is bounded before it gets here.
 */
#ifndef RT_BASE_MEM_H
#define RT_BASE_MEM_H

#include <stddef.h>

/* Once, before anything else: the heap of a program that starts quickly. */
void rt_mem_begin(void);

/* n zeroed objects of size bytes. The caller frees them with free(). Never NULL. */
void *rt_calloc(size_t n, size_t size);

/* ptr grown or shrunk to n objects of size bytes, new ones not zeroed. Never NULL. */
void *rt_realloc(void *ptr, size_t n, size_t size);

/* A copy of len bytes of text with a NUL behind it; the caller frees it. */
char *rt_strndup(const char *text, size_t len);
char *rt_strdup(const char *text);

/*
 * Makes room for one element more in an array that has n elements and room for cap:
 * `RT_GROW(a->row, a->n, a->cap)`.
 */
#define RT_GROW(array, n, cap)                                                                     \
	do {                                                                                       \
		if ((n) >= (cap)) {                                                                \
			(cap) = (cap) ? (cap)*2 : 8;                                               \
			(array) = rt_realloc((array), (cap), sizeof((array)[0]));                  \
		}                                                                                  \
	} while (0)

#define RT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
