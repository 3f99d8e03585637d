#include "model/holder.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void rt_holders_fini(struct rt_holders *holders)
{
	free(holders->holder);
	memset(holders, 0, sizeof(*holders));
}

void rt_holders_add(struct rt_holders *holders, const struct rt_holder *holder)
{
	RT_GROW(holders->holder, holders->n, holders->cap);
	holders->holder[holders->n++] = *holder;
}

static int compare(const void *a, const void *b)
{
	const struct rt_holder *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

void rt_holders_sort(struct rt_holders *holders)
{
	if (holders->n)
		qsort(holders->holder, holders->n, sizeof(*holders->holder), compare);
}

const struct rt_holder *rt_holders_of(const struct rt_holders *holders, uint32_t inode, size_t *n)
{
	size_t low = 0, high = holders->n;

	*n = 0;
	if (inode == 0)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (holders->holder[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + *n < holders->n && holders->holder[low + *n].inode == inode)
		++*n;
	return *n ? &holders->holder[low] : NULL;
}
