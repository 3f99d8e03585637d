/*
 * A draft inside: shared by draft.c (its lines and their edits) and draft_read.c (the lesson that
 * they make).
 */
#ifndef RT_LESSON_DRAFT_PRIVATE_H
#define RT_LESSON_DRAFT_PRIVATE_H

#include "lesson/draft.h"
#include "lesson/scope.h"

/* An edit: what stood at a place, and what stands there since; NULL for nothing. */
struct rt_draft_edit {
	size_t at;
	struct rt_draft_line *before, *after;
};

struct rt_draft_edits {
	struct rt_draft_edit *edit;
	size_t n, cap;
};

struct rt_draft {
	struct rt_draft_line *line;
	size_t n, cap;
	struct rt_lesson *lesson;
	size_t lines_cap, paras_cap;
	size_t calls; /* that the lesson makes */
	size_t same;
	struct rt_scope *scope;
	size_t known; /* the scope is that before line `known`; SIZE_MAX: it is to be read anew */
	bool fresh;   /* as of the scope: the next line begins a stage */
	int number;
	struct rt_draft_edits done, undone;
};

/* draft_read.c: whether the draft, whose remarks count too, has no room for text: *mistake says so. */
bool rt_draft_is_full(const struct rt_draft *draft, const char *text, struct rt_mistake *mistake);

/* Lets the scope stand before line `at`. */
void rt_draft_reach(struct rt_draft *draft, size_t at);

/* Adds line `at`, before which the scope stands, to the lesson. */
void rt_draft_add_line(struct rt_draft *draft, size_t at);

/* Reads the lines from `at` on again, after those before it, which are as they were. */
void rt_draft_read_from(struct rt_draft *draft, size_t at);

#endif
