/*
 * The lines of a lesson file as text, and what each is: for whoever changes the text and leaves the
 * rest to the parser.
 */
#ifndef RT_LESSON_LINES_H
#define RT_LESSON_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum rt_lines_kind {
	RT_LINES_PROSE,	   /* text, notes, and the sentences of the front matter */
	RT_LINES_LAB,	   /* within a lab block */
	RT_LINES_QUESTION, /* within a predict block */
	RT_LINES_FIXED,	   /* ids, labels, fences, and code blocks of any other kind */
};

/* To begin: next and end of the text, all else 0. */
struct rt_lines {
	const char *next, *end;
	bool front;	  /* within the front matter */
	char fence;	  /* ` or ~ of the fence around, 0 for none */
	size_t fence_len; /* of its marks */
	bool opened;	  /* by the line that was given last */
	enum rt_lines_kind inside;
	size_t number; /* of the line that was given last, from 1 */
};

/* The next line, its end of line included; false behind the last. */
bool rt_lines_next(struct rt_lines *lines, const char **line, size_t *len,
		   enum rt_lines_kind *kind);

#endif
