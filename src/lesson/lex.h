/*
 * Private to lesson/: a cursor over one line of script, and the mistake that is made of it where
 * the line is wrong. A function that returns int gives 0, or -1 with the mistake filled; the first
 * failure ends the line.
 */
#ifndef RT_LESSON_LEX_H
#define RT_LESSON_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lesson/lesson.h"

enum {
	RT_NAME_LETTERS = 16, /* of a process, a descriptor, an address */
	RT_LINE_BYTES_MAX =
		8192, /* of one line of script: RT_DATA_MAX bytes, all of them escaped, fit */
};

struct rt_lex {
	const char *text;
	size_t len, at;
	struct rt_mistake *mistake;
};

/* A piece of the line. */
struct rt_word {
	const char *s;
	size_t len;
	size_t at; /* where it begins */
};

/* --- what went wrong: mistakes.c -------------------------------------------------------------- */

/*
 * Fills the mistake: column of byte `at`, the text of the line, the help ("" for none) and the
 * sentence. Returns -1.
 */
int rt_lex_fail(struct rt_lex *lex, size_t at, const char *help, const char *what, ...)
	__attribute__((format(printf, 4, 5)));

/* The same with "expected EXPECTED, got WHAT STANDS THERE". */
int rt_lex_expected(struct rt_lex *lex, size_t at, const char *expected, const char *help);

/* A copy of text in which no byte can harm a terminal. The caller frees it. */
char *rt_text_harmless(const char *text, size_t len);

/*
 * Fills *mistake for byte `at` of the line text, of len bytes; what and help now belong to it. A
 * very long line is kept only to some columns behind the place.
 */
void rt_mistake_set(struct rt_mistake *mistake, const char *text, size_t len, size_t at, char *what,
		    char *help);

/* --- tokens: lex.c ---------------------------------------------------------------------------- */

/* Goes over blanks. Returns the byte that stands then, '\0' at the end of the line. */
char rt_lex_peek(struct rt_lex *lex);

/* Goes over blanks. Whether the end of the line, or a comment, stands there. */
bool rt_lex_at_end(struct rt_lex *lex);

/* Goes over blanks, and over c if it stands there. Returns whether it did. */
bool rt_lex_take(struct rt_lex *lex, char c);

/* The same for "->". */
bool rt_lex_take_arrow(struct rt_lex *lex);

/*
 * Goes over blanks and a word: all up to a blank, one of , ( ) { } | = " # @ or "->". Its length is
 * 0 where one of these stands there. 127.0.0.1:8000 is one word.
 */
struct rt_word rt_lex_word(struct rt_lex *lex);

/* Goes over blanks and a name: letters, digits and _. `old:` gives `old`. */
struct rt_word rt_lex_name(struct rt_lex *lex);

bool rt_word_is(struct rt_word word, const char *text);

/* Whether a word has the letters of a name: then it can be looked up. */
bool rt_word_is_name(struct rt_word word);

/*
 * Checks that a word may be given as a name to something new, and copies it into name, of
 * RT_NAME_MAX bytes.
 */
int rt_lex_new_name(struct rt_lex *lex, struct rt_word word, const char *expected, char *name);

/* A decimal number from min to max. */
int rt_lex_number(struct rt_lex *lex, int64_t min, int64_t max, int64_t *number);

/* A number from 0 to max, which stands for itself twice, or two joined: 60..140. */
int rt_lex_range(struct rt_lex *lex, int64_t max, int64_t *from, int64_t *to);

/* A C string of at most max bytes. *data is of the caller's, with a NUL behind it. */
int rt_lex_string(struct rt_lex *lex, size_t max, uint8_t **data, size_t *len);

#endif
