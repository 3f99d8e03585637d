/* Private to lesson/: looking up the names of a script, and what a line does to them. */
#ifndef RT_LESSON_SCOPE_H
#define RT_LESSON_SCOPE_H

#include "lesson/lex.h"
#include "lesson/script.h"

enum {
	/* The stage makes 32 processes in its life, its init among them; no script needs more. */
	RT_SCOPE_ACTORS_MAX = 31,
	/* RT_FDS_MAX of model/order.h are reported of one process. */
	RT_SCOPE_FDS_MAX = RT_FDS_MAX,
};

/* --- a name that is used: 0, or -1 with the mistake ------------------------------------------- */

/*
 * The process in front of a line. One that is new is right too, as long as the stage has room for
 * it.
 */
int rt_scope_check_actor(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word word);

/* A descriptor that is open in the process of that name. */
int rt_scope_check_fd(struct rt_lex *lex, const struct rt_scope *scope, const char *name,
		      struct rt_word word);

/*
 * Which of the descriptors that the name of the argument stands for a line means, from `c[3]`: index
 * is 3, or 0 where none was written. What is left out is filled in: the first one in a repetition, 0
 * for a name that stands for one descriptor. A repetition needs as many as it makes calls.
 */
int rt_scope_check_member(struct rt_lex *lex, const struct rt_scope *scope,
			  const struct rt_call *call, struct rt_word word, int64_t *index);

/* An address that getsockname or getpeername named. */
int rt_scope_check_address(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word word);

/* A process that lives; with ended_too, one that lived. */
int rt_scope_check_process(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word word,
			   bool ended_too);

/* --- a name that is given --------------------------------------------------------------------- */

/*
 * A new descriptor of a process, or with repeat so many: the name must not be that of an open one,
 * which nothing could close any more.
 */
int rt_scope_check_new_fd(struct rt_lex *lex, const struct rt_scope *scope, const char *name,
			  struct rt_word word, int repeat);

/* A new process: no process of this stage may have had the name. */
int rt_scope_check_new_process(struct rt_lex *lex, const struct rt_scope *scope, const char *name,
			       struct rt_word word);

/* --- what changes ----------------------------------------------------------------------------- */

/*
 * Adds to the gates of the line those of the block that it stands in, and of the lines that made
 * what it uses: its process, descriptors, addresses.
 */
void rt_scope_gate(const struct rt_scope *scope, struct rt_line *line);

/* Does to the names what the line will do. A call that must fail makes no name. */
void rt_scope_apply(struct rt_scope *scope, const struct rt_line *line);

/*
 * Takes the names from a line that was wrong, as far as they can be read, so that the lines below
 * are not blamed for it. For files; not for a person at the keyboard, whose wrong line never was.
 */
void rt_scope_guess(struct rt_scope *scope, const char *text, size_t len);

/* --- gates of names: scope_gate.c ------------------------------------------------------------- */

struct rt_gated {
	struct rt_gated_name *name;
	size_t n, cap;
	struct rt_gates block; /* of the step and the block that are read */
};

/* Adds to the line's gates those of the block and of what it uses. */
void rt_gated_add(const struct rt_gated *gated, struct rt_line *line);

/* Notes the gates of what the line makes. */
void rt_gated_apply(struct rt_gated *gated, const struct rt_line *line);

/* Forgets the names, for a fresh stage. */
void rt_gated_clear(struct rt_gated *gated);
void rt_gated_fini(struct rt_gated *gated);

#endif
