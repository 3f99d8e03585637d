#include "lesson/tree.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK_SIZE = 64 * 1024 };

/*
 *	block   | before, size, used | len bytes | len bytes | len bytes |   free   |
 *	                               piece       piece       the last
 */
struct block {
	struct block *before;
	size_t size, used; /* of the bytes */
	alignas(max_align_t) char bytes[];
};

struct piece {
	size_t len;
	alignas(max_align_t) char bytes[];
};

static struct block *newest;

/* What a piece takes of a block. */
static size_t span(size_t len)
{
	const size_t unit = alignof(max_align_t);

	if (len > SIZE_MAX / 2)
		abort();
	return sizeof(struct piece) + (len + unit - 1) / unit * unit;
}

static struct piece *piece_of(void *ptr)
{
	return (struct piece *)(void *)((char *)ptr - offsetof(struct piece, bytes));
}

/* Only the last piece of the newest block can grow, or be given back. */
static bool is_last(const struct piece *piece)
{
	return (const char *)piece + span(piece->len) == newest->bytes + newest->used;
}

static void add_block(size_t least)
{
	size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
	struct block *block = rt_realloc(NULL, 1, sizeof(*block) + size);

	block->before = newest;
	block->size = size;
	block->used = 0;
	newest = block;
}

static void *cut(size_t len)
{
	size_t need = span(len);
	struct piece *piece;

	if (!newest || newest->size - newest->used < need)
		add_block(need);
	piece = (struct piece *)(void *)(newest->bytes + newest->used);
	piece->len = len;
	newest->used += need;
	return piece->bytes;
}

static void *tree_calloc(size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		abort();
	return memset(cut(n * size), 0, n * size);
}

static void *tree_realloc(void *ptr, size_t len)
{
	struct piece *piece = ptr ? piece_of(ptr) : NULL;
	size_t more;
	void *grown;

	if (!piece)
		return cut(len);
	if (len <= piece->len)
		return ptr;
	more = span(len) - span(piece->len);
	if (is_last(piece) && newest->size - newest->used >= more) {
		newest->used += more;
		piece->len = len;
		return ptr;
	}
	grown = cut(len);
	return memcpy(grown, ptr, piece->len);
}

static void tree_free(void *ptr)
{
	struct piece *piece = ptr ? piece_of(ptr) : NULL;

	if (piece && is_last(piece))
		newest->used -= span(piece->len);
}

cmark_mem *rt_tree_begin(void)
{
	static cmark_mem mem = {tree_calloc, tree_realloc, tree_free};

	return &mem;
}

void rt_tree_end(void)
{
	while (newest) {
		struct block *block = newest;

		newest = block->before;
		free(block);
	}
}
