/*
 * Private to model/: finds rows by a number in constant time. Open addressing; it holds positions,
 * the caller the rows.
 */
#ifndef RT_MODEL_INDEX_H
#define RT_MODEL_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct rt_index {
	uint32_t *slot; /* position + 1, 0 is free */
	size_t mask;
};

/* For at most n positions. */
void rt_index_init(struct rt_index *index, size_t n);
void rt_index_fini(struct rt_index *index);

/* Adds position pos under hash; the same hash may stand there before. */
void rt_index_put(struct rt_index *index, uint64_t hash, size_t pos);

/*
 * The positions that may have hash, one after the other, oldest first: *probe starts as the hash.
 * Returns the position, or SIZE_MAX at the end. Others may be among them: the caller compares.
 */
size_t rt_index_next(const struct rt_index *index, uint64_t *probe);

/* Spreads the bits of a number such as a cookie, which counts up. */
uint64_t rt_index_hash(uint64_t number);

#endif
