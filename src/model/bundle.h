/*
 * Rows of a snapshot that are alike, taken as one: the two hundred clients of one repetition, the
 * connections that wait for accept() at one listener. A listener with a connection in its queue, or
 * a socket with a port that a script chose, never disappears in such a row.
 */
#ifndef RT_MODEL_BUNDLE_H
#define RT_MODEL_BUNDLE_H

#include "base/str.h"
#include "model/snapshot.h"

enum {
	RT_BUNDLE_LEAST = 4, /* fewer are shown one by one */
	/*
	 * From here on a port counts as one that the kernel chose: where ip_local_port_range begins
	 * by default (ip(7)).
	 */
	RT_BUNDLE_PORT = 32768,
};

struct rt_range {
	uint32_t min, max;
};

struct rt_bundle {
	const struct rt_row *row;   /* the first of its rows, which speaks for all */
	const struct rt_row **rows; /* all of them, in the order of the snapshot */
	size_t n;
	struct rt_range local_port, peer_port; /* one of the two at most differs */
	struct rt_range rqueue, wqueue, timer_ms;
};

struct rt_bundles {
	struct rt_bundle *bundle;
	size_t n;
	const struct rt_row **rows;
};

/*
 * Makes bundles of all rows of snapshot, which must outlive them; with each, of one row each. Alike
 * are RT_BUNDLE_LEAST rows and more that differ only in their member number (the 3 of c[3]), in one
 * port that the kernel chose, in the time left of a timer, and in their queues; of listeners the
 * queues must be the same. They stand where the first of their rows stood; those of one local
 * address without peers, or with many, by name.
 */
void rt_bundles_init(struct rt_bundles *bundles, const struct rt_snapshot *snapshot, bool each);
void rt_bundles_fini(struct rt_bundles *bundles);

/* Which bundle holds a row of the snapshot, or how many there are where none does. */
size_t rt_bundles_find(const struct rt_bundles *bundles, const struct rt_row *row);

/* Whether its rows have member numbers. */
bool rt_bundle_is_numbered(const struct rt_bundle *bundle);

/* Adds the member numbers, "1..98,100": at most `most` parts, then "...". */
void rt_bundle_numbers(const struct rt_bundle *bundle, size_t most, struct rt_str *out);

#endif
