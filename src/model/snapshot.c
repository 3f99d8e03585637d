#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/index.h"

void rt_snapshot_fini(struct rt_snapshot *snapshot)
{
	free(snapshot->row);
	memset(snapshot, 0, sizeof(*snapshot));
}

void rt_snapshot_clear(struct rt_snapshot *snapshot)
{
	snapshot->n = 0;
	snapshot->groups = (struct rt_groups){.known = false};
}

struct rt_row *rt_snapshot_add(struct rt_snapshot *snapshot)
{
	struct rt_row *row;

	RT_GROW(snapshot->row, snapshot->n, snapshot->cap);
	row = &snapshot->row[snapshot->n++];
	memset(row, 0, sizeof(*row));
	return row;
}

void rt_snapshot_copy(struct rt_snapshot *to, const struct rt_snapshot *from)
{
	if (to == from)
		return;
	if (to->cap < from->n) {
		to->row = rt_realloc(to->row, from->n, sizeof(to->row[0]));
		to->cap = from->n;
	}
	if (from->n)
		memcpy(to->row, from->row, from->n * sizeof(from->row[0]));
	to->n = from->n;
	to->taken_ms = from->taken_ms;
	to->has_bound = from->has_bound;
	to->groups = from->groups;
}

/* --- order ------------------------------------------------------------------------------------ */

/*
 * A row is large, so sorting moves these, and each row once at the end. high and low decide for
 * IPv4 all but the cookie:
 *
 *	high	proto:1  local port:16  not listening:1  IPv6:1  first 32 bits of the local address
 *	low	IPv6:1  peer port:16  first 32 bits of the peer's address
 */
struct sort_key {
	uint64_t high, low;
	const struct rt_row *row;
};

static uint64_t address_head(const struct rt_addr *addr)
{
	return ntohl(addr->family == AF_INET6 ? addr->v6.s6_addr32[0] : addr->v4.s_addr);
}

static struct sort_key sort_key(const struct rt_row *row)
{
	struct sort_key key = {.row = row};

	key.high = (uint64_t)(row->proto == RT_UDP) << 50 | (uint64_t)row->local.port << 34 |
		   (uint64_t)(row->state != RT_LISTEN) << 33 |
		   (uint64_t)(row->local.family == AF_INET6) << 32 | address_head(&row->local);
	key.low = (uint64_t)(row->peer.family == AF_INET6) << 48 | (uint64_t)row->peer.port << 32 |
		  address_head(&row->peer);
	return key;
}

/*
 * For keys with the same high; the local addresses of IPv6 must be told apart before the peers are.
 */
static int compare_keys(const void *one, const void *other)
{
	const struct sort_key *a = one, *b = other;
	int order = rt_addr_compare(&a->row->local, &b->row->local);

	if (order)
		return order;
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	order = rt_addr_compare(&a->row->peer, &b->row->peer);
	if (order)
		return order;
	if (a->row->cookie != b->row->cookie)
		return a->row->cookie < b->row->cookie ? -1 : 1;
	return (a->row->inode > b->row->inode) - (a->row->inode < b->row->inode);
}

/* One pass of a radix sort: by the byte of high (or low) that stands shift bits up. */
static void sort_by_byte(const struct sort_key *from, struct sort_key *to, size_t n, bool high,
			 unsigned shift)
{
	size_t place[256] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		place[((high ? from[i].high : from[i].low) >> shift) & 0xff]++;
	for (size_t i = 0; i < RT_COUNT(place); i++) {
		size_t count = place[i];

		place[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[place[((high ? from[i].high : from[i].low) >> shift) & 0xff]++] = from[i];
}

/* What low and high leave open: the cookie, and the rest of IPv6 addresses. Such runs are short. */
static void sort_ties(struct sort_key *key, size_t n)
{
	size_t start = 0;

	for (size_t i = 1; i <= n; i++) {
		bool v6 = key[start].row->local.family == AF_INET6;

		if (i < n && key[i].high == key[start].high && (v6 || key[i].low == key[start].low))
			continue;
		if (i - start > 1)
			qsort(&key[start], i - start, sizeof(*key), compare_keys);
		start = i;
	}
}

/*
 * Sorts key[0..n-1], with key[n..2n-1] as room to work in; returns where the result stands. By
 * bytes, from the lowest up, leaving out those in which no two keys differ: most of them. A sort
 * that compares takes three times as long.
 */
static const struct sort_key *sort_keys(struct sort_key *key, size_t n)
{
	struct sort_key *from = key, *to = key + n, *swap;
	uint64_t high = 0, low = 0;

	for (size_t i = 1; i < n; i++) {
		high |= key[i].high ^ key[0].high;
		low |= key[i].low ^ key[0].low;
	}
	for (unsigned pass = 0; pass < 16; pass++) {
		unsigned shift = pass % 8 * 8;

		if (!((pass < 8 ? low : high) >> shift & 0xff))
			continue;
		sort_by_byte(from, to, n, pass >= 8, shift);
		swap = from;
		from = to;
		to = swap;
	}
	sort_ties(from, n);
	return from;
}

/*
 * Moves size bytes of every row to its place, along the cycles of the permutation: no second array
 * of large rows. The rows lie in no order, so the one after the next is fetched ahead.
 */
static void place_rows(struct rt_row *row, const struct sort_key *key, size_t n, uint32_t *from,
		       size_t size)
{
	for (size_t i = 0; i < n; i++)
		from[i] = (uint32_t)(key[i].row - row);
	for (size_t i = 0; i < n; i++) {
		struct rt_row first;
		size_t at = i;

		if (from[i] == i)
			continue;
		memcpy(&first, &row[i], size);
		while (from[at] != i) {
			size_t next = from[at];
			const char *ahead = (const char *)&row[from[from[next]]];

			for (size_t line = 0; line < size; line += 64)
				__builtin_prefetch(ahead + line);
			memcpy(&row[at], &row[next], size);
			from[at] = (uint32_t)at;
			at = next;
		}
		memcpy(&row[at], &first, size);
		from[at] = (uint32_t)at;
	}
}

void rt_snapshot_sort(struct rt_snapshot *snapshot)
{
	size_t size =
		offsetof(struct rt_row,
			 owner); /* half of a row, and all of it as long as none has an owner */
	struct sort_key *key;
	uint32_t *from;

	if (snapshot->n < 2)
		return;
	key = rt_realloc(NULL, 2 * snapshot->n, sizeof(*key));
	from = rt_realloc(NULL, snapshot->n, sizeof(*from));
	for (size_t i = 0; i < snapshot->n; i++) {
		key[i] = sort_key(&snapshot->row[i]);
		if (snapshot->row[i].n_owners)
			size = sizeof(struct rt_row);
	}
	place_rows(snapshot->row, sort_keys(key, snapshot->n), snapshot->n, from, size);
	free(from);
	free(key);
}

/* --- difference ------------------------------------------------------------------------------- */

static uint64_t hash_addr(uint64_t hash, const struct rt_addr *addr)
{
	const uint32_t *word = addr->v6.s6_addr32;

	hash = rt_index_hash(hash ^ ((uint64_t)addr->family << 16 | addr->port));
	if (addr->family == AF_INET)
		return rt_index_hash(hash ^ addr->v4.s_addr);
	for (size_t i = 0; addr->family == AF_INET6 && i < 4; i++)
		hash = rt_index_hash(hash ^ word[i]);
	return hash;
}

/* The strongest identity that the row has: cookie, inode, addresses. */
static uint64_t hash_row(const struct rt_row *row)
{
	if (row->cookie)
		return rt_index_hash(row->cookie);
	if (row->inode)
		return rt_index_hash(row->inode);
	return hash_addr(hash_addr(row->proto, &row->local), &row->peer);
}

static bool same_socket(const struct rt_row *a, const struct rt_row *b)
{
	if (a->cookie || b->cookie)
		return a->cookie == b->cookie;
	if (a->inode || b->inode)
		return a->inode == b->inode;
	return a->proto == b->proto && rt_addr_equal(&a->local, &b->local) &&
	       rt_addr_equal(&a->peer, &b->peer);
}

/* The row of before that is the same socket as row and not found yet, or SIZE_MAX. */
static size_t find_before(const struct rt_index *index, const struct rt_snapshot *before,
			  const bool *found, const struct rt_row *row)
{
	uint64_t probe = hash_row(row);
	size_t pos;

	while ((pos = rt_index_next(index, &probe)) != SIZE_MAX)
		if (!found[pos] && same_socket(&before->row[pos], row))
			return pos;
	return SIZE_MAX;
}

static void mark_row(struct rt_row *row, const struct rt_row *old)
{
	bool moved;

	if (!old) {
		row->mark = RT_MARK_NEW;
		return;
	}
	moved = !rt_addr_equal(&row->local, &old->local) || !rt_addr_equal(&row->peer, &old->peer);
	row->mark = moved || row->state != old->state ? RT_MARK_CHANGED : RT_MARK_SAME;
	row->old_state = old->state;
}

/* What an earlier rt_snapshot_diff() added: not a row of this table. */
static void forget_gone(struct rt_snapshot *snapshot)
{
	size_t kept = 0;

	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->row[i].mark != RT_MARK_GONE)
			snapshot->row[kept++] = snapshot->row[i];
	snapshot->n = kept;
}

void rt_snapshot_diff(struct rt_snapshot *now, const struct rt_snapshot *before)
{
	bool *found = rt_calloc(before->n, sizeof(*found));
	struct rt_index index;

	forget_gone(now);
	rt_index_init(&index, before->n);
	for (size_t i = 0; i < before->n; i++)
		if (before->row[i].mark != RT_MARK_GONE)
			rt_index_put(&index, hash_row(&before->row[i]), i);
	for (size_t i = 0; i < now->n; i++) {
		size_t pos = find_before(&index, before, found, &now->row[i]);

		mark_row(&now->row[i], pos == SIZE_MAX ? NULL : &before->row[pos]);
		if (pos != SIZE_MAX)
			found[pos] = true;
	}
	for (size_t i = 0; i < before->n; i++) {
		if (found[i] || before->row[i].mark == RT_MARK_GONE)
			continue;
		struct rt_row *gone = rt_snapshot_add(now);

		*gone = before->row[i];
		gone->mark = RT_MARK_GONE;
		gone->old_state = gone->state;
	}
	rt_snapshot_sort(now);
	rt_index_fini(&index);
	free(found);
}

/* --- questions -------------------------------------------------------------------------------- */

size_t rt_snapshot_count(const struct rt_snapshot *snapshot, const struct rt_row_pattern *pattern,
			 const struct rt_row **first)
{
	size_t count = 0;

	if (first)
		*first = NULL;
	for (size_t i = 0; i < snapshot->n; i++) {
		if (!rt_row_match(pattern, &snapshot->row[i]))
			continue;
		if (count++ == 0 && first)
			*first = &snapshot->row[i];
	}
	return count;
}

uint32_t rt_snapshot_timer_ms(const struct rt_snapshot *snapshot, const struct rt_row *row,
			      int64_t now_ms)
{
	int64_t left = (int64_t)row->timer_ms - (now_ms - snapshot->taken_ms);

	return left > 0 ? (uint32_t)left : 0;
}
