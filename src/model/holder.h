/*
 * Which processes of the machine hold which sockets: what /proc told. A value, kept apart from the
 * rows: a row has the processes of a script, and these are anybody's.
 */
#ifndef RT_MODEL_HOLDER_H
#define RT_MODEL_HOLDER_H

#include <stddef.h>
#include <stdint.h>

enum { RT_COMMAND_MAX = 64 };

/* A descriptor of a process, and the socket behind it. */
struct rt_holder {
	uint32_t inode;
	int pid, fd;
	char command
		[RT_COMMAND_MAX]; /* of /proc/PID/comm: any bytes. "" where it ended meanwhile */
};

/* Zero-initialise it. Sorted by inode, pid, fd. */
struct rt_holders {
	struct rt_holder *holder;
	size_t n, cap;
	int sys;	   /* errno with which /proc itself could not be read, 0 where it could */
	size_t unreadable; /* processes whose descriptors this user may not see */
	size_t cut;	   /* processes of so many descriptors that only the first were read */
};

void rt_holders_fini(struct rt_holders *holders);

/* Adds one, unsorted. */
void rt_holders_add(struct rt_holders *holders, const struct rt_holder *holder);
void rt_holders_sort(struct rt_holders *holders);

/* The holders of a socket: the first of *n in a row, or NULL where there is none. inode 0: none. */
const struct rt_holder *rt_holders_of(const struct rt_holders *holders, uint32_t inode, size_t *n);

#endif
