/*
 * One line of script, from text: `[actor:] [N x] [name =] call(arguments) [= result] [when
 * FEATURE] [@label] [# comment]`, or `expect [no | N] ROW [when FEATURE] [@label] [# comment]`. For
 * lesson files and for lines that a person types.
 */
#ifndef RT_LESSON_SCRIPT_H
#define RT_LESSON_SCRIPT_H

#include "lesson/lesson.h"

/*
 * What the lines before gave names to, so that a line can be checked before it runs: processes,
 * their descriptors, addresses. A process exists from its first line, or from the fork that made
 * it; then using its name for another is a mistake.
 */
struct rt_scope;

struct rt_scope *rt_scope_new(void);
void rt_scope_free(struct rt_scope *scope);

/* Forgets every name: a fresh stage. */
void rt_scope_clear(struct rt_scope *scope);

/*
 * The number of the line that comes next, for sentences such as "s was closed in line 9". 0: lines
 * have no numbers.
 */
void rt_scope_set_line(struct rt_scope *scope, int number);

/* What the lines that come next need, as of their step and block. gates NULL: nothing. */
void rt_scope_set_gates(struct rt_scope *scope, const struct rt_gates *gates);

/* What names a scope knows: that live, or are open, now. */
enum rt_scope_names { RT_NAMES_PROCESS, RT_NAMES_FD, RT_NAMES_ADDRESS };

/* Calls each() with every name of that kind; those of FD are of the process `actor`. */
void rt_scope_each(const struct rt_scope *scope, enum rt_scope_names names, const char *actor,
		   void (*each)(void *ctx, const char *name), void *ctx);

/*
 * Parses len bytes of text (one line, no newline) into *line, checks its names against scope and
 * adds those that it makes. Returns 1 for a line, 0 for a blank or a comment alone, -1 for a
 * mistake: *mistake is filled (line 0; the caller sets it) and belongs to the caller.
 * rt_line_fini() frees what *line owns.
 */
int rt_script_parse(const char *text, size_t len, struct rt_scope *scope, struct rt_line *line,
		    struct rt_mistake *mistake);

void rt_line_fini(struct rt_line *line);
void rt_mistake_fini(struct rt_mistake *mistake);

/*
 * Parses what may stand behind `=`, or as a choice of a question. Returns 0, or -1 with *mistake
 * (column within text).
 */
int rt_want_parse(const char *text, size_t len, bool of_expect, struct rt_want *want,
		  struct rt_mistake *mistake);
void rt_want_fini(struct rt_want *want);

/*
 * Adds the line as a lesson writes it, normalised, without result, label and comment: "new: bind(n,
 * 127.0.0.1:8000)". The result is left out because a learner sees the line before it runs.
 */
void rt_line_format(const struct rt_line *line, struct rt_str *out);

/* Adds what is wanted: "EADDRINUSE", "0", "blocks", "\"hello\"", "success". */
void rt_want_format(const struct rt_want *want, struct rt_str *out);

#endif
