/*
 * What the kernel will answer to a bind, a listen or a connect, and why: its rules, clause by
 * clause, over a snapshot. Pure: it looks at values and asks nobody. The verdict is a value that
 * tells which socket decided, by which clause, with which values; words.h puts it into sentences.
 *
 *	struct rt_rules_query query = {.call = RT_RULES_BIND, .self = &row, .addr = addr};
 *	struct rt_rules_verdict verdict = {0};
 *
 *	rt_rules_judge(&snapshot, &query, &verdict);
 *	if (!rt_rules_agrees(&verdict, kernel_errno)) ...
 *	rt_rules_fini(&verdict);
 *
 * Where the snapshot does not hold what the kernel looks at, the verdict says "either" and names
 * it: an option that nobody knows, or the cache of the port (inet_csk_get_port()), which remembers
 * what was bound before. Source of the rules: the kernel functions named at each of them, Linux
 * 6.18.
 */
#ifndef RT_RULES_RULES_H
#define RT_RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "model/row.h"
#include "model/snapshot.h"

enum rt_rules_call { RT_RULES_BIND, RT_RULES_LISTEN, RT_RULES_CONNECT };

/* Yes, no, or: what is known does not tell. */
enum rt_tri { RT_NO, RT_YES, RT_MAYBE };

/* What the answer depends on besides the sockets. All zero: not known, or as the kernel has it. */
struct rt_rules_net {
	/*
	 * The addresses of the namespace, ports ignored, besides 127.0.0.0/8 and ::1. NULL: not
	 * known; an address that may or may not be there makes the verdict "either".
	 */
	const struct rt_addr *local;
	size_t n_local;
	uint16_t port_lo, port_hi;  /* net.ipv4.ip_local_port_range; 0: not known, taken as large */
	uint16_t unprivileged_from; /* lowest port that the process may bind; 0: any */
	bool autobind_reuse;	    /* net.ipv4.ip_autobind_reuse is 1 */
	bool no_tw_reuse;	    /* net.ipv4.tcp_tw_reuse is 0 */
	bool no_timestamps;	    /* net.ipv4.tcp_timestamps is 0 */
};

struct rt_rules_query {
	enum rt_rules_call call;
	/*
	 * The socket that makes the call, as a row: proto, state, local (its family is that of the
	 * socket, its port what it is bound to), v6only, both options, uid, ifindex. A TCP socket
	 * that is not bound is in RT_CLOSE. It may be a row of the snapshot or stand apart; a row of
	 * its cookie, or else its inode, is not counted against it.
	 */
	const struct rt_row *self;
	struct rt_addr addr;		/* bind, connect: the argument. listen: ignored */
	const struct rt_rules_net *net; /* NULL: nothing known */
	bool freebind;			/* IP_FREEBIND */
	bool no_port;			/* IP_BIND_ADDRESS_NO_PORT */
	bool nonblock;			/* connect: O_NONBLOCK */
	/*
	 * Sockets of this port may have closed, or changed SO_REUSEPORT, after they were bound: the
	 * cache of the port may hold what no row shows. false: who was bound is still to be
	 * seen, with the options that it was bound with.
	 */
	bool past_unknown;
};

/* Why two local addresses overlap or do not. */
enum rt_overlap {
	RT_OVERLAP_PORT,      /* no: another port or protocol. Such rows are not listed */
	RT_OVERLAP_DEVICE,    /* no: bound to different devices */
	RT_OVERLAP_DIFFERENT, /* no: two different addresses */
	RT_OVERLAP_FAMILY,    /* no: an IPv4 address and an IPv6 address */
	RT_OVERLAP_V6ONLY,    /* no: [::] with IPV6_V6ONLY, and an IPv4 address */
	RT_OVERLAP_SAME,      /* the same address; ::ffff:a.b.c.d is a.b.c.d */
	RT_OVERLAP_ANY4,      /* 0.0.0.0 takes in every IPv4 address */
	RT_OVERLAP_ANY6,      /* [::] takes in every IPv6 address */
	RT_OVERLAP_DUAL,      /* [::] without IPV6_V6ONLY takes in every IPv4 address too */
	/*
	 * 0.0.0.0 and an IPv6 address of a socket without IPV6_V6ONLY: one that took its address
	 * from a connection. ipv4_rcv_saddr_equal() asks that option, not the family.
	 */
	RT_OVERLAP_UNMARKED,
	RT_OVERLAPS
};

/* The clauses of the rules. mine and theirs of a clause are what stands behind each. */
enum rt_clause_id {
	RT_CLAUSE_DEVICE,	 /* one device, or one of them bound to none: ifindexes */
	RT_CLAUSE_ADDRESS,	 /* the local addresses overlap: see overlap */
	RT_CLAUSE_REUSEADDR,	 /* both have SO_REUSEADDR: 0, 1, -1 unknown */
	RT_CLAUSE_NOT_LISTENING, /* the other does not listen: theirs is its state */
	RT_CLAUSE_REUSEPORT,	 /* both have SO_REUSEPORT: 0, 1, -1 unknown */
	RT_CLAUSE_OWNER,	 /* one uid, or the other is a record of a closed socket: uids */
	RT_CLAUSE_PEER,		 /* connect: the same peer */
	RT_CLAUSE_ALIVE,	 /* connect: no record of TIME_WAIT that may be taken over: state */
	RT_CLAUSES
};

struct rt_rules_clause {
	uint8_t id;    /* enum rt_clause_id */
	uint8_t holds; /* enum rt_tri */
	int64_t mine, theirs;
};

enum { RT_RULES_CLAUSES_MAX = 6, RT_RULES_ALSO_MAX = 3 };

/* One socket on the port, held against the calling one. */
struct rt_rules_socket {
	size_t row;	 /* its place in the snapshot */
	uint8_t overlap; /* enum rt_overlap */
	uint8_t allows;	 /* enum rt_tri: the call passes this one */
	uint8_t decided; /* index into clause: what made it so */
	uint8_t n_clauses;
	struct rt_rules_clause clause[RT_RULES_CLAUSES_MAX];
};

/* What decided the whole. words.c has a sentence and a source for each. */
enum rt_reason {
	RT_REASON_FREE,	      /* 0: nobody's address overlaps on that port */
	RT_REASON_ALLOWED,    /* 0: each socket that overlaps allows it */
	RT_REASON_SOCKET,     /* EADDRINUSE: socket `by` does not */
	RT_REASON_FREE_PORT,  /* 0: the kernel finds a port */
	RT_REASON_NO_PORT,    /* EADDRINUSE, EADDRNOTAVAIL, EAGAIN: no port of the range is left */
	RT_REASON_PORT_LATER, /* 0: bind to port 0 with IP_BIND_ADDRESS_NO_PORT */
	RT_REASON_BOUND,      /* EINVAL: the socket has an address already */
	RT_REASON_FAMILY,     /* EAFNOSUPPORT, EINVAL: the address is of another family */
	RT_REASON_NOT_LOCAL,  /* EADDRNOTAVAIL: not an address of this namespace */
	RT_REASON_V6ONLY_MAPPED, /* EINVAL, ENETUNREACH: IPv4 on a socket with IPV6_V6ONLY */
	RT_REASON_MULTICAST,	 /* EINVAL, ENETUNREACH: TCP and a multicast address */
	RT_REASON_NO_SCOPE,	 /* EINVAL: a link-local address without its interface */
	RT_REASON_LOW_PORT,	 /* EACCES: a port that needs CAP_NET_BIND_SERVICE */
	RT_REASON_NO_LISTEN,	 /* EOPNOTSUPP: UDP */
	RT_REASON_LISTENS,	 /* 0: listens already: the backlog changes */
	RT_REASON_CONNECTED,	 /* EINVAL, EISCONN: listen or connect on a connection */
	RT_REASON_CONNECTING,	 /* EALREADY */
	RT_REASON_TUPLE,	 /* EADDRNOTAVAIL: socket `by` has these four values */
	RT_REASON_NO_LISTENER,	 /* ECONNREFUSED */
	RT_REASON_LISTENER,	 /* 0: the socket at row `by_row` listens there */
	RT_REASON_QUEUE_FULL,	 /* its accept queue is full: the call waits */
	RT_REASON_SELF,		 /* 0: a connection with itself */
	RT_REASON_UDP_PEER,	 /* 0: UDP has no such rule */
	RT_REASON_STARTED,	 /* EINPROGRESS: O_NONBLOCK */
	RT_REASON_ROUTE,	 /* whether there is a route is not known */
	RT_REASONS
};

/* What is missing where the verdict is "either": bits. */
enum rt_depends {
	RT_DEPENDS_CACHE = 1 << 0,  /* which socket was bound or began to listen last */
	RT_DEPENDS_ORDER = 1 << 1,  /* UDP: which of two sockets was bound later */
	RT_DEPENDS_OPTION = 1 << 2, /* SO_REUSEADDR or SO_REUSEPORT of a socket */
	RT_DEPENDS_OWNER = 1 << 3,  /* the uid of a socket that no process holds */
	RT_DEPENDS_V6ONLY = 1 << 4, /* IPV6_V6ONLY of a socket */
	RT_DEPENDS_LOCAL = 1 << 5,  /* whether this host has the address */
	RT_DEPENDS_ROUTE = 1 << 6,  /* what lies outside */
	RT_DEPENDS_CHOSEN = 1 << 7, /* whether ports in use were bound, or chosen by connect */
	RT_DEPENDS_TIME = 1 << 8,   /* how old a TIME_WAIT record is; what happens meanwhile */
	RT_DEPENDS_PORT = 1 << 9,   /* connect: whether the kernel chooses the port of the peer */
};

/* Zero-initialise it; it can be used again for the next query. */
struct rt_rules_verdict {
	int err;	/* errno of the call, 0 for success */
	uint8_t n_also; /* not 0: "either": err or one of also, the snapshot does not tell */
	int also[RT_RULES_ALSO_MAX];
	unsigned depends; /* bits of enum rt_depends; 0 where err is sure */
	uint8_t reason;	  /* enum rt_reason, of err */
	size_t by;	  /* index into socket of the one that decided, or SIZE_MAX */
	size_t by_row;	  /* its place in the snapshot (also of a listener), or SIZE_MAX */
	struct rt_rules_socket *socket; /* who is on the port, in the order of the snapshot */
	size_t n, cap;
};

void rt_rules_fini(struct rt_rules_verdict *verdict);

/*
 * Judges the call of *query over *snapshot; *verdict is overwritten. Rows marked RT_MARK_GONE do
 * not count. Nothing is kept of the arguments.
 */
void rt_rules_judge(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
		    struct rt_rules_verdict *verdict);

/* Whether the kernel's answer, an errno or 0, is one that the verdict foresaw. */
bool rt_rules_agrees(const struct rt_rules_verdict *verdict, int err);

/*
 * Whether two local addresses overlap (inet_rcv_saddr_equal(), inet_bhash2_conflict()), and why.
 * self is the socket that calls, bound to addr; RT_MAYBE where an IPV6_V6ONLY is not known.
 */
enum rt_tri rt_rules_overlap(const struct rt_row *self, const struct rt_addr *addr,
			     const struct rt_row *other, enum rt_overlap *why);

#endif
