/*
 * Who is on the stage: the processes of a script, the names of their descriptors, and what is
 * remembered of sockets that died. It turns the bare rows of sock_diag into rows with owner, name
 * and options. Pure: it is told, it asks nobody.
 */
#ifndef RT_MODEL_CAST_H
#define RT_MODEL_CAST_H

#include <stdbool.h>
#include <stdint.h>

#include "model/order.h"
#include "model/snapshot.h"

struct rt_cast;

/* A process of the script, from its first use to its end and after. */
struct rt_actor {
	char name[RT_NAME_MAX];
	bool alive;
	int stage_id; /* what the stage calls it */
};

struct rt_cast *rt_cast_new(void);
void rt_cast_free(struct rt_cast *cast);

/* Forgets all actors, names and memories: a fresh stage. */
void rt_cast_clear(struct rt_cast *cast);

/*
 * Adds a live actor without descriptors; an ended one of that name is used again. Returns its
 * index.
 */
size_t rt_cast_add(struct rt_cast *cast, const char *name, int stage_id);

/* Adds child as a fork of parent: the same descriptors under the same names. Returns its index. */
size_t rt_cast_fork(struct rt_cast *cast, size_t parent, const char *child, int stage_id);

/* The index of an actor (live or ended) by name or by the stage's id, or -1. */
int rt_cast_find(const struct rt_cast *cast, const char *name);
int rt_cast_find_stage(const struct rt_cast *cast, int stage_id);

size_t rt_cast_count(const struct rt_cast *cast);
const struct rt_actor *rt_cast_actor(const struct rt_cast *cast, size_t actor);

/* The actor ended: its descriptors become memories. */
void rt_cast_end(struct rt_cast *cast, size_t actor);

/* Names descriptor fd of an actor; the same name used before moves to the new descriptor. */
void rt_cast_name(struct rt_cast *cast, size_t actor, const char *name, int fd);

/* The descriptor number of a name in an actor, or -1. */
int rt_cast_fd(const struct rt_cast *cast, size_t actor, const char *name);

/* What an actor last told of its descriptor fd, or NULL. Belongs to the cast. */
const struct rt_fd *rt_cast_socket(const struct rt_cast *cast, size_t actor, int fd);

/*
 * Takes in all sockets that a process reported with its last reply: those that it no longer has
 * become memories.
 */
void rt_cast_report(struct rt_cast *cast, size_t actor, const struct rt_fd *fd, size_t n);

/*
 * The same for two descriptors alone: number (-1: none), which is closed where it is not among the
 * n of fd, and those of fd.
 */
void rt_cast_report_some(struct rt_cast *cast, size_t actor, int number, const struct rt_fd *fd,
			 size_t n);

/*
 * Completes a snapshot of sock_diag: owners (all of them), names, SO_REUSEADDR and SO_REUSEPORT
 * with their source, by cookie, then by inode; adds the sockets that a process has and sock_diag
 * does not show (unbound ones; bound ones before Linux 6.8). A record without an inode is the
 * kernel's, also while a process still holds the socket that it came from. Sorts where it adds.
 */
void rt_cast_annotate(const struct rt_cast *cast, struct rt_snapshot *snapshot);

#endif
