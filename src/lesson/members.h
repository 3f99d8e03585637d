/*
 * Private to lesson/: the descriptors that one name stands for, c[1] to c[n], and which of them are
 * closed.
 */
#ifndef RT_LESSON_MEMBERS_H
#define RT_LESSON_MEMBERS_H

#include <stddef.h>

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

/* Where the first closed one of n members from index on is; 0 where all are open. */
int rt_members_first_closed(const struct rt_members *members, int index, int n);

#endif
