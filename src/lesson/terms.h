/* The words that the glossary explains, found in a text. */
#ifndef RT_LESSON_TERMS_H
#define RT_LESSON_TERMS_H

#include "lesson/page.h"

struct rt_terms;

/*
 * The titles of the entries of a page, and their other words. The page is looked through by lines,
 * not parsed, for the first screen waits for it: one with mistakes has terms too. text is taken.
 */
struct rt_terms *rt_terms_new(char *text);

/* The same from a file; NULL where it cannot be read. */
struct rt_terms *rt_terms_load(const char *path);

void rt_terms_free(struct rt_terms *terms);

/* Where a term stands in a text. */
struct rt_term {
	size_t entry;	/* index in the page */
	size_t at, len; /* bytes of the text */
};

/*
 * Finds the first term in text from byte *from* on, as whole words; of several at one place the
 * longest. A name with capital letters only must be written so; of others the first letter may be
 * large, and a plural s may stand behind. False where there is none.
 */
bool rt_terms_next(const struct rt_terms *terms, const char *text, size_t from,
		   struct rt_term *term);

/*
 * Splits the spans of para so that each term that is not yet in seen, of the page's number of
 * entries, is a span of its own, RT_TEXT_TERM, and notes it in seen. Code stays as it is, and what
 * is quoted from others. The result belongs to the caller: rt_terms_fini(); para stays as it was.
 */
struct rt_para rt_terms_mark(const struct rt_terms *terms, const struct rt_para *para, bool *seen);
void rt_terms_fini(struct rt_para *marked);

#endif
