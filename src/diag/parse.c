/*
 * One message of sock_diag into one row. The bytes are the kernel's, yet nothing here trusts a
 * length: a message may be cut.
 *
 *	struct inet_diag_msg (72 bytes) | attribute | attribute | ...
 *
 * linux/inet_diag.h, net/ipv4/inet_diag.c
 */
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <netlink/attr.h>
#include <string.h>

#include "diag/diag.h"

/* An attribute of TCP and UDP over IPv6 alone; absent in TIME_WAIT records. */
static int8_t find_v6only(const char *attrs, size_t len)
{
	/*
	 * Attributes are padded to 4 bytes, so a rest that is no multiple of 4 is not one. Cutting
	 * it off keeps `rest` from going below 0, which nla_ok() of libnl 3.7 takes for a large
	 * number.
	 */
	int rest = (int)(len & ~(size_t)(NLA_ALIGNTO - 1));
	const struct nlattr *attr = (const struct nlattr *)(const void *)attrs;

	for (; nla_ok(attr, rest); attr = nla_next(attr, &rest))
		if (nla_type(attr) == INET_DIAG_SKV6ONLY && nla_len(attr) >= 1)
			return *(const uint8_t *)nla_data(attr) != 0;
	return -1;
}

static void copy_addr(struct rt_addr *addr, uint8_t family, const __be32 host[4], __be16 port_be)
{
	addr->family = family;
	addr->port = ntohs(port_be);
	if (family == AF_INET)
		memcpy(&addr->v4, host, sizeof(addr->v4));
	else
		memcpy(&addr->v6, host, sizeof(addr->v6));
}

/*
 * TCP_BOUND_INACTIVE is only a name in the request: the answer says TCP_CLOSE, and an unbound TCP
 * socket is never dumped.
 */
static uint8_t row_state(enum rt_proto proto, uint8_t state)
{
	if (proto == RT_TCP && state == RT_CLOSE)
		return RT_BOUND;
	if (state == RT_NEW_SYN_RECV)
		return RT_SYN_RECV;
	return state < RT_STATES ? state : 0;
}

int rt_diag_parse(const void *payload, size_t len, enum rt_proto proto, struct rt_row *row)
{
	struct inet_diag_msg msg;

	memset(row, 0, offsetof(struct rt_row, owner));
	if (len < sizeof(msg))
		return -1;
	memcpy(&msg, payload, sizeof(msg));
	if (msg.idiag_family != AF_INET && msg.idiag_family != AF_INET6)
		return -1;
	row->cookie = (uint64_t)msg.id.idiag_cookie[1] << 32 | msg.id.idiag_cookie[0];
	row->inode = msg.idiag_inode;
	row->uid = msg.idiag_uid;
	row->ifindex = msg.id.idiag_if;
	row->rqueue = msg.idiag_rqueue;
	row->wqueue = msg.idiag_wqueue;
	row->proto = (uint8_t)proto;
	row->state = row_state(proto, msg.idiag_state);
	row->timer = msg.idiag_timer <= RT_TIMER_PROBE ? msg.idiag_timer : RT_TIMER_NONE;
	row->timer_ms = row->timer == RT_TIMER_NONE ? 0 : msg.idiag_expires;
	row->retrans = msg.idiag_retrans;
	row->source = RT_FROM_DIAG;
	row->reuseaddr.value = row->reuseport.value = row->v6only = -1;
	copy_addr(&row->local, msg.idiag_family, msg.id.idiag_src, msg.id.idiag_sport);
	copy_addr(&row->peer, msg.idiag_family, msg.id.idiag_dst, msg.id.idiag_dport);
	if (row->peer.port == 0 && rt_addr_is_wildcard(&row->peer))
		memset(&row->peer, 0, sizeof(row->peer));
	if (msg.idiag_family == AF_INET6)
		row->v6only = find_v6only((const char *)payload + sizeof(msg), len - sizeof(msg));
	return 0;
}
