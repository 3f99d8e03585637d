/*
 * Two sockets on one port, in every way that the API allows: the calls, and the rules held against
 * each of them. The calls stand apart, so that a loop that checks nothing can make the same ones.
 */
#ifndef RT_TESTS_PAIRS_H
#define RT_TESTS_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rules.h"

/* What the first socket has become when the second comes. */
enum pair_state {
	PAIR_BOUND,
	PAIR_LISTENING,
	PAIR_CHILD, /* of a listener that has closed, as all states but the first two */
	PAIR_FIN_WAIT2,
	PAIR_CLOSE_WAIT,
	PAIR_TIME_WAIT,
	PAIR_CLIENT, /* bound, then connected to somebody else */
	PAIR_STATES
};

struct pair_side {
	struct rt_addr addr; /* the port is that of the pair */
	uint8_t proto;
	bool v6only, reuseaddr, reuseport;
	uint32_t uid;
};

struct pair {
	struct pair_side first, second;
	enum pair_state state;
	bool over_ipv6; /* [::]: the connection is one of [::1], not of 127.0.0.1 */
	uint16_t port;
};

/* What the tests share: the listener for the clients, netlink, memory that is used again. */
struct pair_place {
	int to_v4, to_v6; /* listeners at 0.0.0.0 and [::]:PAIR_PEER_PORT */
	int netlink;
	uint32_t uid; /* the fsuid now */
	struct rt_snapshot snapshot;
	struct rt_rules_verdict verdict;
};

/* The sockets of one pair; -1: none. */
struct pair_fds {
	int first; /* bound, listening or the connection on the port; -1 for a record */
	int peer;  /* the other end of it */
	int second;
	struct rt_addr local; /* of first */
	struct rt_addr remote;
};

/*
 * The uid of one of two users; the least port of a pair and one more than the last: the kernel
 * chooses others.
 */
enum { PAIR_UID = 20, PAIR_PEER_PORT = 1024, PAIR_PORT = 1025, PAIR_PORT_END = 50000 };

/*
 * Called once: a user namespace, as real root a network namespace alone, which has several uids.
 * Returns NULL, or why it cannot be had: skip then.
 */
const char *pairs_enter(void);
bool pairs_have_uids(void);

/* In a network namespace of its own, with lo up. */
void pair_place_init(struct pair_place *place);
void pair_place_fini(struct pair_place *place);

/* Every side of a protocol: addresses, IPV6_V6ONLY, options. Returns how many. */
enum { PAIR_SIDES_MAX = 64 };
size_t pair_sides(enum rt_proto proto, struct pair_side side[PAIR_SIDES_MAX]);

/* Whether the API allows it: a socket of the first side can be in that state. */
bool pair_possible(const struct pair *pair);

/* The calls. The last three return 0 or the errno. A failure of the first ends the test. */
void pair_first(struct pair_place *place, const struct pair *pair, struct pair_fds *fds);
int pair_bind(struct pair_place *place, const struct pair *pair, struct pair_fds *fds);
int pair_listen(const struct pair_fds *fds);
void pair_end(struct pair_fds *fds);

/* A socket of a side, with its options and owner, not bound. Ends the test where it cannot be. */
int pair_socket(struct pair_place *place, const struct pair_side *side);
int pair_bind_to(int fd, const struct pair_side *side, uint16_t port);

/*
 * Rows as a snapshot has them: what a side looks like before it is bound, after, and the first
 * socket of a pair in its state, of which sock_diag is asked.
 */
void pair_row_unbound(const struct pair_side *side, struct rt_row *row);
void pair_row_bound(const struct pair_side *side, uint16_t port, struct rt_row *row);
void pair_row_first(struct pair_place *place, const struct pair *pair, const struct pair_fds *fds,
		    struct rt_row *row);

struct pair_count {
	size_t pairs, calls, either, mismatches;
};

/* One pair with all its calls, each judged before it is made. The first mismatches are printed. */
void pair_check(struct pair_place *place, const struct pair *pair, struct pair_count *count);

/* Judges a call, given the answer of the kernel; prints a mismatch. Counts. */
void pair_judge(struct pair_place *place, const struct rt_rules_query *query, int err,
		const char *what, struct pair_count *count);

/* Goes through all pairs of both protocols, the second socket of uid second_uid. */
typedef void pair_visit(struct pair_place *place, const struct pair *pair, void *arg);
void pairs_each(struct pair_place *place, uint32_t first_uid, uint32_t second_uid,
		pair_visit *visit, void *arg);

/* What came of the calls that the rules left open, and why they did. */
struct triple_count {
	struct pair_count all; /* pairs: how many triples */
	size_t by_cache, by_order;
	size_t passed, refused;
};

/*
 * Every order of three sockets at 127.0.0.1, 0.0.0.0, [::], [::] with IPV6_V6ONLY and [::1], with
 * all options. TCP: all bind, then all listen; and each listens as soon as it is bound. UDP: all
 * bind. uid: of the first, the second and the third.
 */
void triples_each(struct pair_place *place, const uint32_t uid[3], struct triple_count *count);

#endif
