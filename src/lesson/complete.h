/*
 * What could stand where somebody types: the calls, the names that the lines above gave, the
 * options and constants that the argument takes, the addresses that are in use.
 */
#ifndef RT_LESSON_COMPLETE_H
#define RT_LESSON_COMPLETE_H

#include "base/str.h"
#include "lesson/script.h"
#include "model/snapshot.h"

enum { RT_COMPLETE_BYTES = 64 };

/* Zero-initialise it. */
struct rt_completion {
	size_t from; /* where the word begins that is completed, in the text */
	/* Whole words that begin so, in the order of their tables; each once. */
	char (*word)[RT_COMPLETE_BYTES];
	size_t n, cap;
};

void rt_completion_fini(struct rt_completion *completion);

/*
 * Fills *completion for the end of text, which stands where scope is known. sockets may be NULL.
 */
void rt_complete(const char *text, const struct rt_scope *scope, const struct rt_snapshot *sockets,
		 struct rt_completion *completion);

/*
 * Adds text with as much of the word as all that it could become have in common, and where that is
 * one word, with what always follows it: "old: b" becomes "old: bind(".
 */
void rt_completion_apply(const struct rt_completion *completion, const char *text,
			 struct rt_str *out);

#endif
