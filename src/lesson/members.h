/*
 * Private to lesson/: the descriptors that one name stands for, c[1] to c[n], and which of them are
 * closed.
 */
#ifndef RT_LESSON_MEMBERS_H
#define RT_LESSON_MEMBERS_H

#include "lesson/lex.h"

struct rt_members {
	int n, open;
	int closed[]; /* of each: 0 it is open, -1 it is closed, else the line that closed it */
};

/* n open ones, n > 0. The caller frees them with free(). */
struct rt_members *rt_members_new(int n);

/* A copy; NULL of NULL. */
struct rt_members *rt_members_copy(const struct rt_members *members);

/*
 * Closes the members from index on, n of them, in a line of that number, 0 for none. What is closed
 * already, and what there is not, stays as it is.
 */
void rt_members_close(struct rt_members *members, int index, int n, int line);

/*
 * Whether the line's call, or each call of its repetition, has an open member from index on; word is
 * their name. Returns 0, or -1 with the mistake.
 */
int rt_members_check(struct rt_lex *lex, struct rt_word word, const struct rt_members *members,
		     const struct rt_call *call, int64_t index);

#endif
