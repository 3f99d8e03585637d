/*
 * A lesson as linear text: for pipes, screen readers and terminals that cannot do more. No cursor
 * movement, no box characters; the same sentences as on the screen (lesson/words.h).
 */
#ifndef RT_REPORT_PLAIN_H
#define RT_REPORT_PLAIN_H

#include <stdio.h>

#include "lesson/session.h"

enum { RT_PLAIN_COLUMNS = 78 };

/*
 * Writes text wrapped to RT_PLAIN_COLUMNS: the first line behind `first`, the others behind as many
 * blanks.
 */
void rt_plain_wrap(FILE *out, const char *first, const char *text);

/*
 * The title of the lesson and its question. The belief that it corrects would give the answer away.
 */
void rt_plain_lesson(FILE *out, const struct rt_lesson *lesson);

/* "Step 2 of 9: title". */
void rt_plain_step(FILE *out, const struct rt_lesson *lesson, size_t step);

/*
 * The paragraphs of a step that are shown once `upto` lines of the script have run and were not yet
 * with `from`.
 */
void rt_plain_prose(FILE *out, const struct rt_step *step, size_t from, size_t upto);

/* One paragraph, behind an empty line. */
void rt_plain_para(FILE *out, const struct rt_para *para);

/* A line of script with what came of it. */
void rt_plain_line(FILE *out, const struct rt_session *session, size_t line);

/*
 * The lines before `upto` that blocked when they were written and that a later one woke. blocked
 * says of each whether it did; it is brought up to date.
 */
void rt_plain_resumed(FILE *out, const struct rt_session *session, size_t upto, bool *blocked);

/* All sockets, a line each; those that are alike in one (model/bundle.h). */
void rt_plain_sockets(FILE *out, const struct rt_session *session);

/* What the signs in such a line mean. */
void rt_plain_legend(FILE *out);

/* The question and its choices; a hint; what was said, what the kernel said, and why. */
void rt_plain_question(FILE *out, const struct rt_predict *predict);
void rt_plain_hint(FILE *out, const struct rt_predict *predict, size_t hint);
void rt_plain_result(FILE *out, const struct rt_session *session, const struct rt_predict *predict);

#endif
