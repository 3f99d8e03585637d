/* A draft as a file: from a lesson or a list of lines, and to a lesson that passes `check`. */
#ifndef RT_LESSON_DRAFT_FILE_H
#define RT_LESSON_DRAFT_FILE_H

#include <stdio.h>

#include "lesson/draft.h"
#include "lesson/engine.h"

/*
 * Reads one line of at most RT_DRAFT_LINE_MAX bytes, without its end: a longer one is cut behind
 * them, which makes it too long to be script. Returns it, the caller's to free; NULL at the end.
 */
enum { RT_DRAFT_LINE_MAX = 8200 };
char *rt_draft_read_line(FILE *in);

/*
 * Fills the draft with the script of a lesson file, or with the lines of a file that has nothing
 * else (it does not begin with ---). Returns 0, or -1 with err (RT_ERR_LESSON) and *mistakes, which
 * are the caller's: then the draft has the lines that are none.
 */
int rt_draft_load(struct rt_draft *draft, const char *path, struct rt_mistakes *mistakes,
		  struct rt_error *err);

/*
 * Adds the lesson that the tape is: every line states what came of it. What cannot be stated stands
 * there as a comment.
 */
void rt_draft_lesson_text(struct rt_draft *draft, const struct rt_engine *engine, const char *id,
			  struct rt_str *out);

/*
 * Makes ID.md of it in this folder. Returns 0, or -1 with err: id is none, the file is there, it
 * cannot be written, nothing has run.
 */
int rt_draft_save(struct rt_draft *draft, const struct rt_engine *engine, const char *id,
		  struct rt_error *err);

#endif
