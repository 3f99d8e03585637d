/* Three sockets on one port: what two of them leave in the cache of the port meets the third. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pairs.h"

/* Inodes of sockets that are bound: none of the one that pair_row_unbound() makes. */
enum { OTHERS = 10 };

struct triple {
	struct pair_side side[3];
	int fd[3];
	size_t row[3]; /* in the snapshot, where it is bound */
	bool bound[3];
	uint16_t port;
};

static bool takes_part(const struct pair_side *side)
{
	if (side->addr.family == AF_INET)
		return ntohl(side->addr.v4.s_addr) == INADDR_LOOPBACK || side->addr.v4.s_addr == 0;
	if (IN6_IS_ADDR_LOOPBACK(&side->addr.v6))
		return !side->v6only; /* bind sets it */
	return IN6_IS_ADDR_UNSPECIFIED(&side->addr.v6);
}

static void judge(struct pair_place *place, const struct rt_rules_query *query, int err,
		  const char *what, struct triple_count *count)
{
	const struct rt_rules_verdict *verdict = &place->verdict;

	pair_judge(place, query, err, what, &count->all);
	if (verdict->n_also == 0)
		return;
	count->by_cache += verdict->depends == RT_DEPENDS_CACHE;
	count->by_order += verdict->depends == RT_DEPENDS_ORDER;
	count->passed += err == 0;
	count->refused += err != 0;
}

static void bind_one(struct pair_place *place, struct triple *triple, int i,
		     struct triple_count *count)
{
	const struct pair_side *side = &triple->side[i];
	struct rt_rules_query query = {.call = RT_RULES_BIND, .addr = side->addr};
	struct rt_row self;
	int err;

	pair_row_unbound(side, &self);
	query.self = &self;
	query.addr.port = triple->port;
	rt_rules_judge(&place->snapshot, &query, &place->verdict);
	triple->fd[i] = pair_socket(place, side);
	err = pair_bind_to(triple->fd[i], side, triple->port);
	judge(place, &query, err, "bind", count);
	triple->bound[i] = err == 0;
	if (err != 0)
		return;
	triple->row[i] = place->snapshot.n;
	pair_row_bound(side, triple->port, rt_snapshot_add(&place->snapshot));
	place->snapshot.row[triple->row[i]].inode = OTHERS + (uint32_t)i;
}

static void listen_one(struct pair_place *place, struct triple *triple, int i,
		       struct triple_count *count)
{
	struct rt_rules_query query = {.call = RT_RULES_LISTEN};
	int err;

	if (!triple->bound[i] || triple->side[i].proto != RT_TCP)
		return;
	query.self = &place->snapshot.row[triple->row[i]];
	rt_rules_judge(&place->snapshot, &query, &place->verdict);
	err = listen(triple->fd[i], 8) < 0 ? errno : 0;
	judge(place, &query, err, "listen", count);
	if (err == 0)
		place->snapshot.row[triple->row[i]].state = RT_LISTEN;
}

static void run(struct pair_place *place, struct triple *triple, bool listen_at_once,
		struct triple_count *count)
{
	rt_snapshot_clear(&place->snapshot);
	for (int i = 0; i < 3; i++) {
		bind_one(place, triple, i, count);
		if (listen_at_once)
			listen_one(place, triple, i, count);
	}
	for (int i = 0; i < 3 && !listen_at_once; i++)
		listen_one(place, triple, i, count);
	for (int i = 0; i < 3; i++)
		close(triple->fd[i]);
	count->all.pairs++;
	/*
	 * Another port for the next: whoever reads a link in /proc/PID/fd meanwhile keeps a socket
	 * for a moment after it was closed.
	 */
	if (++triple->port == PAIR_PORT_END)
		triple->port = PAIR_PORT;
}

static size_t sides_of(enum rt_proto proto, struct pair_side side[PAIR_SIDES_MAX])
{
	size_t all = pair_sides(proto, side), n = 0;

	for (size_t i = 0; i < all; i++)
		if (takes_part(&side[i]))
			side[n++] = side[i];
	return n;
}

void triples_each(struct pair_place *place, const uint32_t uid[3], struct triple_count *count)
{
	struct pair_side side[PAIR_SIDES_MAX];
	struct triple triple = {.port = PAIR_PORT};

	for (int proto = RT_TCP; proto <= RT_UDP; proto++) {
		size_t n = sides_of((enum rt_proto)proto, side);

		for (size_t order = 0; order < n * n * n; order++) {
			size_t rest = order;

			for (int i = 0; i < 3; i++, rest /= n) {
				triple.side[i] = side[rest % n];
				triple.side[i].uid = uid[i];
			}
			run(place, &triple, false, count);
			if (proto == RT_TCP)
				run(place, &triple, true, count);
		}
	}
}
