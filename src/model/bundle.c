#include "model/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/index.h"

/*
 * A row may be one of those that differ in the local port, or of those that differ in the peer's: a
 * client on an ephemeral port of a server on another. It goes where more are like it.
 */
enum differs { IN_NO_PORT, IN_LOCAL_PORT, IN_PEER_PORT };

struct kind {
	const struct rt_row *row; /* the first of it */
	enum differs differs;
	size_t n;      /* rows that may be of it, then: that are */
	size_t bundle; /* of its rows, once there is one */
};

struct sorter {
	const struct rt_snapshot *snapshot;
	struct rt_index index; /* kinds, by hash */
	struct kind *kind;
	size_t n_kinds;
	uint32_t (
		*of_row)[2]; /* the kinds that each row may be of; the first is the one it is of */
};

/* --- alike ------------------------------------------------------------------------------------ */

/* Up to the bracket of c[3]. */
static size_t base_length(const char *name)
{
	return strcspn(name, "[");
}

static bool same_base(const char *a, const char *b)
{
	size_t len = base_length(a);

	return len == base_length(b) && memcmp(a, b, len) == 0 && a[len] == b[len];
}

static bool same_host(const struct rt_addr *a, const struct rt_addr *b, bool any_port)
{
	struct rt_addr other = *b;

	if (any_port)
		other.port = a->port;
	return rt_addr_equal(a, &other);
}

static bool same_flag(struct rt_flag a, struct rt_flag b)
{
	return a.value == b.value && a.source == b.source;
}

static bool same_owners(const struct rt_row *a, const struct rt_row *b)
{
	if (a->n_owners != b->n_owners || (a->inode == 0) != (b->inode == 0))
		return false;
	for (size_t i = 0; i < a->n_owners && i < RT_OWNERS_MAX; i++)
		if (strcmp(a->owner[i], b->owner[i]) != 0)
			return false;
	return strcmp(a->name_owner, b->name_owner) == 0 && same_base(a->name, b->name) &&
	       a->name_remembered == b->name_remembered;
}

static bool same_queues(const struct rt_row *a, const struct rt_row *b)
{
	return a->state != RT_LISTEN || (a->rqueue == b->rqueue && a->wqueue == b->wqueue);
}

static bool are_alike(const struct rt_row *a, const struct rt_row *b, enum differs differs)
{
	return a->proto == b->proto && a->state == b->state && a->mark == b->mark &&
	       (a->mark != RT_MARK_CHANGED || a->old_state == b->old_state) && a->uid == b->uid &&
	       a->timer == b->timer && a->source == b->source && a->ifindex == b->ifindex &&
	       a->v6only == b->v6only && same_flag(a->reuseaddr, b->reuseaddr) &&
	       same_flag(a->reuseport, b->reuseport) && same_queues(a, b) &&
	       same_host(&a->local, &b->local, differs == IN_LOCAL_PORT) &&
	       same_host(&a->peer, &b->peer, differs == IN_PEER_PORT) && same_owners(a, b);
}

/* The same for rows that are alike. */
static uint64_t hash_kind(const struct rt_row *row, enum differs differs)
{
	uint64_t hash = (uint64_t)row->proto << 24 | (uint64_t)row->state << 16 |
			(uint64_t)row->mark << 8 | (uint64_t)differs;

	if (differs != IN_LOCAL_PORT)
		hash = rt_index_hash(hash ^ row->local.port);
	if (differs != IN_PEER_PORT)
		hash = rt_index_hash(hash ^ (uint64_t)row->peer.port << 16);
	for (size_t i = 0; i < base_length(row->name); i++)
		hash = rt_index_hash(hash ^ (unsigned char)row->name[i]);
	return rt_index_hash(hash);
}

/* --- kinds ------------------------------------------------------------------------------------ */

/* Counts the row in; returns the kind. */
static uint32_t count_in(struct sorter *sorter, const struct rt_row *row, enum differs differs)
{
	uint64_t hash = hash_kind(row, differs), probe = hash;
	struct kind *kind;
	size_t i;

	while ((i = rt_index_next(&sorter->index, &probe)) != SIZE_MAX) {
		kind = &sorter->kind[i];
		if (kind->differs == differs && are_alike(kind->row, row, differs)) {
			kind->n++;
			return (uint32_t)i;
		}
	}
	rt_index_put(&sorter->index, hash, sorter->n_kinds);
	sorter->kind[sorter->n_kinds] =
		(struct kind){.row = row, .differs = differs, .n = 1, .bundle = SIZE_MAX};
	return (uint32_t)sorter->n_kinds++;
}

static void find_kinds(struct sorter *sorter, size_t i)
{
	const struct rt_row *row = &sorter->snapshot->row[i];
	bool local = row->local.port >= RT_BUNDLE_PORT, peer = row->peer.port >= RT_BUNDLE_PORT;
	uint32_t *of_row = sorter->of_row[i];

	of_row[0] = count_in(sorter, row, local ? IN_LOCAL_PORT : peer ? IN_PEER_PORT : IN_NO_PORT);
	of_row[1] = local && peer ? count_in(sorter, row, IN_PEER_PORT) : of_row[0];
}

static void choose_kind(struct sorter *sorter, size_t i)
{
	uint32_t *of_row = sorter->of_row[i];

	if (sorter->kind[of_row[1]].n > sorter->kind[of_row[0]].n)
		of_row[0] = of_row[1];
}

static void sort_kinds(struct sorter *sorter)
{
	size_t n = sorter->snapshot->n;

	for (size_t i = 0; i < n; i++)
		find_kinds(sorter, i);
	for (size_t i = 0; i < n; i++)
		choose_kind(sorter, i);
	for (size_t i = 0; i < sorter->n_kinds; i++)
		sorter->kind[i].n = 0;
	for (size_t i = 0; i < n; i++)
		sorter->kind[sorter->of_row[i][0]].n++;
}

/* --- bundles ---------------------------------------------------------------------------------- */

static void widen(struct rt_range *range, uint32_t value, bool first)
{
	if (first || value < range->min)
		range->min = value;
	if (first || value > range->max)
		range->max = value;
}

static void add_row(struct rt_bundle *bundle, const struct rt_row *row)
{
	bool first = bundle->n == 0;

	if (first)
		bundle->row = row;
	bundle->rows[bundle->n++] = row;
	widen(&bundle->local_port, row->local.port, first);
	widen(&bundle->peer_port, row->peer.port, first);
	widen(&bundle->rqueue, row->rqueue, first);
	widen(&bundle->wqueue, row->wqueue, first);
	widen(&bundle->timer_ms, row->timer_ms, first);
}

/* A bundle with room for n rows. */
static size_t begin_bundle(struct rt_bundles *bundles, size_t *used, size_t n)
{
	bundles->bundle[bundles->n].rows = bundles->rows + *used;
	*used += n;
	return bundles->n++;
}

static void fill(struct rt_bundles *bundles, struct sorter *sorter)
{
	size_t used = 0;

	for (size_t i = 0; i < sorter->snapshot->n; i++) {
		const struct rt_row *row = &sorter->snapshot->row[i];
		struct kind *kind = sorter->kind ? &sorter->kind[sorter->of_row[i][0]] : NULL;
		bool alone = !kind || kind->n < RT_BUNDLE_LEAST;
		size_t at;

		if (alone)
			at = begin_bundle(bundles, &used, 1);
		else if (kind->bundle == SIZE_MAX)
			at = kind->bundle = begin_bundle(bundles, &used, kind->n);
		else
			at = kind->bundle;
		add_row(&bundles->bundle[at], row);
	}
}

static int compare_names(const struct rt_row *a, const struct rt_row *b)
{
	int order = strverscmp(a->name_owner, b->name_owner);

	return order ? order : strverscmp(a->name, b->name);
}

static bool are_neighbours(const struct rt_bundle *a, const struct rt_bundle *b)
{
	bool ends = a->row->peer.port == 0 && b->row->peer.port == 0;

	return (ends || (a->n > 1 && b->n > 1)) && a->row->proto == b->row->proto &&
	       rt_addr_equal(&a->row->local, &b->row->local);
}

/*
 * Which of two bundles has the lowest of many ports is chance, and so is which of two listeners has
 * the lower cookie: w2 must not stand before w1 in every other run.
 */
static void order_neighbours(struct rt_bundles *bundles)
{
	for (size_t i = 1; i < bundles->n; i++) {
		struct rt_bundle bundle = bundles->bundle[i];
		size_t at = i;

		for (; at > 0 && are_neighbours(&bundles->bundle[at - 1], &bundle) &&
		       compare_names(bundles->bundle[at - 1].row, bundle.row) > 0;
		     at--)
			bundles->bundle[at] = bundles->bundle[at - 1];
		bundles->bundle[at] = bundle;
	}
}

void rt_bundles_init(struct rt_bundles *bundles, const struct rt_snapshot *snapshot, bool each)
{
	struct sorter sorter = {.snapshot = snapshot};
	size_t n = snapshot->n;

	*bundles = (struct rt_bundles){.bundle = rt_calloc(n, sizeof(*bundles->bundle)),
				       .rows = rt_calloc(n, sizeof(*bundles->rows))};
	if (!each && n >= RT_BUNDLE_LEAST) {
		rt_index_init(&sorter.index, 2 * n);
		sorter.kind = rt_calloc(2 * n, sizeof(*sorter.kind));
		sorter.of_row = rt_calloc(n, sizeof(*sorter.of_row));
		sort_kinds(&sorter);
		rt_index_fini(&sorter.index);
	}
	fill(bundles, &sorter);
	order_neighbours(bundles);
	free(sorter.of_row);
	free(sorter.kind);
}

void rt_bundles_fini(struct rt_bundles *bundles)
{
	free(bundles->bundle);
	free(bundles->rows);
	*bundles = (struct rt_bundles){0};
}

size_t rt_bundles_find(const struct rt_bundles *bundles, const struct rt_row *row)
{
	for (size_t i = 0; i < bundles->n; i++)
		for (size_t k = 0; k < bundles->bundle[i].n; k++)
			if (bundles->bundle[i].rows[k] == row)
				return i;
	return bundles->n;
}

/* --- numbers ---------------------------------------------------------------------------------- */

bool rt_bundle_is_numbered(const struct rt_bundle *bundle)
{
	return strchr(bundle->row->name, '[') != NULL;
}

static int compare_numbers(const void *one, const void *other)
{
	const long *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

void rt_bundle_numbers(const struct rt_bundle *bundle, size_t most, struct rt_str *out)
{
	long *number = rt_calloc(bundle->n, sizeof(*number));
	size_t parts = 0, upto;

	for (size_t i = 0; i < bundle->n; i++) {
		const char *bracket = strchr(bundle->rows[i]->name, '[');

		number[i] = bracket ? strtol(bracket + 1, NULL, 10) : 0;
	}
	qsort(number, bundle->n, sizeof(*number), compare_numbers);
	for (size_t i = 0; i < bundle->n; i = upto) {
		for (upto = i + 1; upto < bundle->n && number[upto] == number[upto - 1] + 1;)
			upto++;
		rt_str_add(out, parts ? "," : "");
		if (parts++ == most) {
			rt_str_add(out, "...");
			break;
		}
		rt_str_addf(out, "%ld", number[i]);
		if (upto > i + 1)
			rt_str_addf(out, "%s%ld", upto > i + 2 ? ".." : ",", number[upto - 1]);
	}
	free(number);
}
