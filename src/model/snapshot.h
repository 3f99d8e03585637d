/* All sockets of the stage at one moment, and what changed since the moment before. */
#ifndef RT_MODEL_SNAPSHOT_H
#define RT_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/groups.h"
#include "model/row.h"

struct rt_snapshot {
	struct rt_row *row;
	size_t n, cap;
	int64_t taken_ms; /* rt_now_ms() then: a timer shows timer_ms less the time since */
	bool has_bound;	  /* the kernel shows TCP sockets that are only bound (Linux 6.8) */
	struct rt_groups groups;
};

void rt_snapshot_fini(struct rt_snapshot *snapshot);

/* Makes it empty; keeps the memory. */
void rt_snapshot_clear(struct rt_snapshot *snapshot);

/* A new zeroed row at the end, valid until the next one is added. */
struct rt_row *rt_snapshot_add(struct rt_snapshot *snapshot);

/* Puts *to in the state of *from. */
void rt_snapshot_copy(struct rt_snapshot *to, const struct rt_snapshot *from);

/*
 * Sorts: TCP before UDP, by local port, listeners first, local address, peer, cookie. The dump
 * comes in hash order.
 */
void rt_snapshot_sort(struct rt_snapshot *snapshot);

/*
 * Marks the rows of now against those of before, by cookie (without one by inode, then by protocol
 * and addresses): new, changed (with the old state, which is the present one where only an address
 * changed), the same; and adds to now the rows that are gone, marked so. Rows of either that were
 * already gone are forgotten, so now may be what an earlier call has marked. Sorts now.
 */
void rt_snapshot_diff(struct rt_snapshot *now, const struct rt_snapshot *before);

/* How many rows match; *first, if not NULL, is the first of them or NULL. */
size_t rt_snapshot_count(const struct rt_snapshot *snapshot, const struct rt_row_pattern *pattern,
			 const struct rt_row **first);

/* Milliseconds left of the row's timer at now_ms, never below 0. */
uint32_t rt_snapshot_timer_ms(const struct rt_snapshot *snapshot, const struct rt_row *row,
			      int64_t now_ms);

#endif
