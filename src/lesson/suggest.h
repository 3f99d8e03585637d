/* Private to lesson/: the word that a mistyped one was meant to be. */
#ifndef RT_LESSON_SUGGEST_H
#define RT_LESSON_SUGGEST_H

#include <stddef.h>

struct rt_suggest {
	const char *word; /* as it was typed, len bytes; borrowed */
	size_t len;
	const char
		*best; /* the closest candidate so far, NULL while none is close enough; borrowed */
	unsigned distance;
};

void rt_suggest_init(struct rt_suggest *suggest, const char *word, size_t len);

/*
 * Offers one candidate. Close is: at most two letters wrong, missing, or too many (one in a word of
 * up to three letters); two neighbours in the wrong order count as one, capital or small does not
 * count. The first of the closest is kept.
 */
void rt_suggest_offer(struct rt_suggest *suggest, const char *candidate);

/* "did you mean "NAME"?", or a copy of otherwise where nothing was close. The caller frees it. */
char *rt_suggest_help(const struct rt_suggest *suggest, const char *otherwise);

#endif
