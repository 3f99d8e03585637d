#include "model/index.h"

#include <stdlib.h>

#include "base/mem.h"

void rt_index_init(struct rt_index *index, size_t n)
{
	size_t size = 16;

	while (size < n * 2)
		size *= 2;
	index->slot = rt_calloc(size, sizeof(*index->slot));
	index->mask = size - 1;
}

void rt_index_fini(struct rt_index *index)
{
	free(index->slot);
	index->slot = NULL;
}

void rt_index_put(struct rt_index *index, uint64_t hash, size_t pos)
{
	while (index->slot[hash & index->mask])
		hash++;
	index->slot[hash & index->mask] = (uint32_t)(pos + 1);
}

size_t rt_index_next(const struct rt_index *index, uint64_t *probe)
{
	uint32_t slot = index->slot[*probe & index->mask];

	++*probe;
	return slot ? (size_t)slot - 1 : SIZE_MAX;
}

/*
 * The finisher of a multiplicative hash: an odd 64-bit constant (the golden ratio), the high half
 * folded onto the low.
 */
uint64_t rt_index_hash(uint64_t number)
{
	number *= 0x9e3779b97f4a7c15u;
	return number ^ number >> 32;
}
