/*
 * connect(2): tcp_v4_connect(), tcp_v6_connect(), __inet_hash_connect() and
 * __inet_check_established(); for UDP __ip4_datagram_connect(), __ip6_datagram_connect().
 *
 *	TCP, the socket has a port            it has none: for each port of the range
 *	 |                                     +- a socket was bound to it? -------> not this one
 *	 +- the four values (local address and port, peer address and port) are those of another
 *	 |  connection, in any state, whoever owns it?
 *	 |   +- a record of TIME_WAIT that may be taken over? -------> as if it were not there
 *	 |   '- else ---------------------------> EADDRNOTAVAIL (or the next port of the range)
 *	 '- who listens at the peer?
 *	     +- a listener -----------------------------------------> 0, or it waits: queue full
 *	     +- this socket itself, its own address ----------------> 0 (also where the kernel
 *	     |                                                         chooses the peer's port)
 *	     '- nobody ---------------------------------------------> ECONNREFUSED
 *
 * A record may be taken over by a socket that has a port where tcp_timestamps is on
 * (tcp_twsk_unique()); by one that has none where also tcp_tw_reuse allows it and a second has
 * passed. UDP asks none of this: two sockets may have the same four values.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "rules/rules_private.h"

/* 127.255.255.255, which the local routing table has for lo. */
enum { LO_BROADCAST = 0x7fffffff };

/* 0.0.0.0 as a peer is this host: ip_route_output() and tcp_v6_connect() put the loopback in. */
static struct rt_addr peer_of(const struct rt_case *c)
{
	struct rt_addr peer = c->query->addr;
	uint32_t v4_be;

	if (rt_host_any6(&peer)) {
		if (rt_host_v4(&c->self->local, &v4_be))
			inet_pton(AF_INET6, "::ffff:127.0.0.1", &peer.v6);
		else
			peer.v6 = in6addr_loopback;
	} else if (peer.family == AF_INET && peer.v4.s_addr == 0) {
		peer.v4.s_addr = htonl(INADDR_LOOPBACK);
	} else if (rt_host_any4(&peer)) {
		inet_pton(AF_INET6, "::ffff:127.0.0.1", &peer.v6);
	}
	return peer;
}

/*
 * The local address that the socket has or gets: that of the route, which is 127.0.0.1 to all of
 * 127.0.0.0/8, and for another address of this host that address.
 */
static struct rt_addr source_of(const struct rt_case *c, const struct rt_addr *peer)
{
	struct rt_addr source = c->self->local;
	uint32_t v4_be;

	if (!rt_addr_is_wildcard(&source) && !rt_host_any4(&source))
		return source;
	source = *peer;
	source.port = c->self->local.port;
	if (!rt_host_v4(&source, &v4_be) || ntohl(v4_be) >> IN_CLASSA_NSHIFT != IN_LOOPBACKNET)
		return source;
	v4_be = htonl(INADDR_LOOPBACK);
	memcpy(source.family == AF_INET ? (void *)&source.v4 : (void *)&source.v6.s6_addr[12],
	       &v4_be, sizeof(v4_be));
	return source;
}

/* --- what needs no other socket --------------------------------------------------------------- */

static bool refuse_state(const struct rt_case *c, struct rt_rules_verdict *v)
{
	if (c->self->state == RT_CLOSE || c->self->state == RT_BOUND)
		return false;
	if (c->self->state == RT_SYN_SENT)
		rt_verdict_set(v, RT_REASON_CONNECTING, EALREADY);
	else
		rt_verdict_set(v, RT_REASON_CONNECTED, EISCONN);
	return true;
}

static bool refuse_family(const struct rt_case *c, struct rt_rules_verdict *v)
{
	bool six = c->self->local.family == AF_INET6, udp = c->self->proto == RT_UDP;
	bool to_six = c->query->addr.family == AF_INET6, local_v4, peer_v4;
	uint32_t v4_be;

	if (!six && to_six) {
		rt_verdict_set(v, RT_REASON_FAMILY, EAFNOSUPPORT);
		return true;
	}
	if (six && !to_six) {
		/* UDP takes an IPv4 address here; for TCP struct sockaddr_in is too short. */
		if (!udp)
			rt_verdict_set(v, RT_REASON_FAMILY, EINVAL);
		else if (c->self->v6only == 1)
			rt_verdict_set(v, RT_REASON_FAMILY, EAFNOSUPPORT);
		return !udp || c->self->v6only == 1;
	}
	local_v4 = rt_host_v4(&c->self->local, &v4_be);
	peer_v4 = rt_host_v4(&c->query->addr, &v4_be) || rt_host_any6(&c->query->addr);
	if (six && local_v4 && !peer_v4) {
		rt_verdict_set(v, RT_REASON_FAMILY, EAFNOSUPPORT);
		return true;
	}
	if (six && c->self->v6only == 1 && rt_host_v4(&c->query->addr, &v4_be)) {
		rt_verdict_set(v, RT_REASON_V6ONLY_MAPPED, ENETUNREACH);
		return true;
	}
	return false;
}

/* What lies outside is not in a snapshot; multicast never has a TCP peer. */
static bool refuse_route(const struct rt_case *c, const struct rt_addr *peer,
			 struct rt_rules_verdict *v)
{
	uint32_t v4_be;
	bool broadcast =
		rt_host_v4(peer, &v4_be) && (v4_be == INADDR_NONE || ntohl(v4_be) == LO_BROADCAST);

	if (c->self->proto == RT_TCP && (rt_host_multicast(peer) || broadcast)) {
		rt_verdict_set(v, RT_REASON_MULTICAST, ENETUNREACH);
		return true;
	}
	if (rt_host_local(c, peer) == RT_YES && !rt_host_multicast(peer) && !broadcast)
		return false;
	rt_verdict_set(v, RT_REASON_ROUTE, ENETUNREACH);
	rt_verdict_also(v, 0, RT_DEPENDS_ROUTE);
	rt_verdict_also(v, c->self->proto == RT_TCP ? ECONNREFUSED : EACCES, RT_DEPENDS_ROUTE);
	rt_verdict_also(v, c->self->proto == RT_TCP ? ETIMEDOUT : EINVAL, RT_DEPENDS_ROUTE);
	return true;
}

/* --- the four values -------------------------------------------------------------------------- */

static bool is_connection(const struct rt_row *row)
{
	return row->proto == RT_TCP && rt_row_is_bound(row) && row->state != RT_LISTEN &&
	       row->state != RT_BOUND;
}

static bool meets_device(const struct rt_case *c, const struct rt_row *row)
{
	return row->ifindex == 0 || row->ifindex == c->self->ifindex;
}

static bool same_peer(const struct rt_row *row, const struct rt_addr *peer)
{
	return row->peer.port == peer->port && rt_host_equal(&row->peer, peer);
}

/* Holds a connection on the same local port against the four values. */
static void judge_tuple(const struct rt_case *c, const struct rt_addr *peer, size_t i,
			struct rt_rules_verdict *v)
{
	const struct rt_row *row = &c->snapshot->row[i];
	struct rt_rules_socket *s = rt_verdict_add(v, i);
	bool address = rt_host_equal(&row->local, &c->addr), to = same_peer(row, peer);
	bool taken_over = rt_row_is_record(row) && !c->net->no_timestamps;

	s->overlap = address ? RT_OVERLAP_SAME : RT_OVERLAP_DIFFERENT;
	rt_socket_clause(s, RT_CLAUSE_ADDRESS, address ? RT_YES : RT_NO, 0, 0);
	rt_socket_clause(s, RT_CLAUSE_PEER, to ? RT_YES : RT_NO, peer->port, row->peer.port);
	rt_socket_clause(s, RT_CLAUSE_ALIVE, taken_over ? RT_NO : RT_YES, 0, row->state);
	s->decided = (uint8_t)(!address ? 0 : !to ? 1 : 2);
	s->allows = address && to && !taken_over ? RT_NO : RT_YES;
	if (s->allows == RT_NO && v->by == SIZE_MAX) {
		v->by = v->n - 1;
		v->by_row = i;
	}
}

static bool refuse_tuple(const struct rt_case *c, const struct rt_addr *peer,
			 struct rt_rules_verdict *v)
{
	for (size_t i = 0; i < c->snapshot->n; i++) {
		const struct rt_row *row = &c->snapshot->row[i];

		if (is_connection(row) && row->local.port == c->addr.port && meets_device(c, row) &&
		    !rt_case_is_self(c, row))
			judge_tuple(c, peer, i, v);
	}
	if (v->by == SIZE_MAX)
		return false;
	rt_verdict_set(v, RT_REASON_TUPLE, EADDRNOTAVAIL);
	return true;
}

/* --- a port of the kernel's choice ------------------------------------------------------------ */

/*
 * Whether row leaves its port to a connection to peer. A port that a socket was bound to is passed
 * over; a row with a peer does not tell whether its port was bound.
 */
static enum rt_tri leaves(const struct rt_case *c, const struct rt_row *row,
			  const struct rt_addr *peer, unsigned *depends)
{
	if (!is_connection(row))
		return RT_NO;
	if (rt_host_equal(&row->local, &c->addr) && same_peer(row, peer) && meets_device(c, row)) {
		if (!rt_row_is_record(row) || c->net->no_timestamps || c->net->no_tw_reuse)
			return RT_NO;
		*depends |= RT_DEPENDS_TIME;
		return RT_MAYBE;
	}
	*depends |= RT_DEPENDS_CHOSEN;
	return RT_MAYBE;
}

static enum rt_tri port_is_left(const struct rt_case *c, uint16_t port, const struct rt_addr *peer,
				unsigned *depends)
{
	enum rt_tri left = RT_YES;

	for (size_t i = 0; i < c->snapshot->n && left != RT_NO; i++) {
		const struct rt_row *row = &c->snapshot->row[i];

		if (row->proto == RT_TCP && row->local.port == port && rt_row_is_bound(row) &&
		    !rt_case_is_self(c, row))
			left = rt_and(left, leaves(c, row, peer, depends));
	}
	return left;
}

/* False where a port is left for sure. A range larger than the snapshot has one. */
static bool refuse_range(const struct rt_case *c, const struct rt_addr *peer,
			 struct rt_rules_verdict *v)
{
	enum rt_tri left = RT_NO;
	unsigned depends = 0;

	if (!c->net->port_lo || (size_t)(c->net->port_hi - c->net->port_lo) >= c->snapshot->n)
		return false;
	for (unsigned port = c->net->port_lo; port <= c->net->port_hi && left != RT_YES; port++)
		left = rt_or(left, port_is_left(c, (uint16_t)port, peer, &depends));
	if (left == RT_YES)
		return false;
	rt_verdict_set(v, RT_REASON_NO_PORT, EADDRNOTAVAIL);
	if (left == RT_MAYBE) {
		rt_verdict_also(v, 0, depends);
		rt_verdict_also(v, ECONNREFUSED, depends);
	}
	return true;
}

/* --- who listens ------------------------------------------------------------------------------ */

static enum rt_tri listens_at(const struct rt_row *row, const struct rt_addr *peer)
{
	uint32_t v4_be;
	bool peer_v4 = rt_host_v4(peer, &v4_be);

	if (row->proto != RT_TCP || row->state != RT_LISTEN || row->mark == RT_MARK_GONE ||
	    row->local.port != peer->port)
		return RT_NO;
	if (rt_host_equal(&row->local, peer))
		return RT_YES;
	if (rt_host_any6(&row->local))
		return peer_v4 ? rt_not(rt_tri_of(row->v6only)) : RT_YES;
	return rt_host_any4(&row->local) && peer_v4 ? RT_YES : RT_NO;
}

static void judge_listeners(const struct rt_case *c, const struct rt_addr *peer,
			    struct rt_rules_verdict *v)
{
	enum rt_tri found = RT_NO, room = RT_NO;

	for (size_t i = 0; i < c->snapshot->n; i++) {
		const struct rt_row *row = &c->snapshot->row[i];
		enum rt_tri here = listens_at(row, peer);

		if (here == RT_NO || rt_case_is_self(c, row))
			continue;
		/* A bound device is that of the route, which the snapshot does not show. */
		here = row->ifindex ? RT_MAYBE : here;
		if (found == RT_NO || (found == RT_MAYBE && here == RT_YES))
			v->by_row = i;
		room = rt_or(room, row->rqueue > row->wqueue ? RT_NO : RT_YES);
		found = rt_or(found, here);
	}
	if (found == RT_NO) {
		rt_verdict_set(v, RT_REASON_NO_LISTENER, ECONNREFUSED);
		return;
	}
	rt_verdict_set(v, RT_REASON_LISTENER, 0);
	if (found == RT_MAYBE)
		rt_verdict_also(v, ECONNREFUSED, RT_DEPENDS_V6ONLY);
	if (room == RT_NO) {
		rt_verdict_set(v, RT_REASON_QUEUE_FULL, ETIMEDOUT);
		rt_verdict_also(v, 0, RT_DEPENDS_TIME);
	}
}

/* The SYN meets the socket that sent it, or one that is sending its own: simultaneous open. */
static bool meets_itself(const struct rt_case *c, const struct rt_addr *peer)
{
	return c->addr.port && c->addr.port == peer->port && rt_host_equal(&c->addr, peer);
}

/*
 * A socket without a port may get that of the peer, and then meets itself. Where the range is not
 * known that is one port of very many.
 */
static void consider_own_port(const struct rt_case *c, const struct rt_addr *peer,
			      struct rt_rules_verdict *v)
{
	unsigned depends = 0;
	bool another = false;

	if (v->reason != RT_REASON_NO_LISTENER || c->addr.port || !rt_host_equal(&c->addr, peer) ||
	    !c->net->port_lo || peer->port < c->net->port_lo || peer->port > c->net->port_hi ||
	    port_is_left(c, peer->port, peer, &depends) == RT_NO)
		return;
	for (unsigned port = c->net->port_lo; port <= c->net->port_hi && !another; port++)
		another = port != peer->port &&
			  port_is_left(c, (uint16_t)port, peer, &depends) != RT_NO;
	if (another)
		rt_verdict_also(v, 0, RT_DEPENDS_PORT);
	else
		rt_verdict_set(v, RT_REASON_SELF, 0);
}

static void judge_tcp(const struct rt_case *c, const struct rt_addr *peer,
		      struct rt_rules_verdict *v)
{
	if (c->addr.port ? refuse_tuple(c, peer, v) : refuse_range(c, peer, v))
		return;
	if (c->query->nonblock)
		rt_verdict_set(v, RT_REASON_STARTED, EINPROGRESS);
	else if (meets_itself(c, peer))
		rt_verdict_set(v, RT_REASON_SELF, 0);
	else
		judge_listeners(c, peer, v);
	consider_own_port(c, peer, v);
}

/* inet_dgram_connect() binds first, to the wildcard address, and then looks at the peer. */
static void judge_udp(const struct rt_case *c, const struct rt_addr *peer,
		      struct rt_rules_verdict *v)
{
	struct rt_rules_verdict port;

	rt_verdict_set(v, RT_REASON_UDP_PEER, 0);
	if (c->addr.port == 0)
		rt_judge_any_port(c, EAGAIN, v);
	if (v->err != 0 && v->n_also == 0)
		return;
	port = *v;
	if (!refuse_family(c, v) && !refuse_route(c, peer, v))
		rt_verdict_set(v, RT_REASON_UDP_PEER, 0);
	if (port.err != 0)
		rt_verdict_also(v, port.err, port.depends);
}

void rt_judge_connect(const struct rt_case *c, struct rt_rules_verdict *v)
{
	struct rt_addr peer = peer_of(c);
	struct rt_case routed = *c;

	if (c->self->proto == RT_UDP) {
		judge_udp(c, &peer, v);
		return;
	}
	if (refuse_state(c, v) || refuse_family(c, v) || refuse_route(c, &peer, v))
		return;
	routed.addr = source_of(c, &peer);
	judge_tcp(&routed, &peer, v);
}
