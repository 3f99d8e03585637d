/*
 * Which local addresses overlap. As inet_rcv_saddr_equal() has it, which inet_bhash2_conflict() and
 * inet_bind2_bucket_match_addr_any() follow for TCP:
 *
 *	                    other
 *	self              0.0.0.0   a.b.c.d   [::]        [::] V6ONLY  [x]
 *	0.0.0.0           yes       yes       yes (dual)  no           no, unless unmarked
 *	a.b.c.d           yes       same?     yes (dual)  no           no
 *	[::]              yes       yes       yes         yes          yes
 *	[::] V6ONLY       no        no        yes         yes          yes
 *	[x]               no        no        yes         yes          same?
 *
 * ::ffff:a.b.c.d counts as a.b.c.d. Unmarked: an IPv6 address without IPV6_V6ONLY. bind(2) sets it
 * for such an address, so it is missing only where connect(2) or a handshake gave the address.
 */
#include <arpa/inet.h>
#include <string.h>

#include "rules/rules_private.h"

/*
 * What sk_rcv_saddr of an IPv6 socket holds that took its address from a connection:
 * LOOPBACK4_IPV6, 127.0.0.6. UDP compares that with an IPv4 address.
 */
enum { LOOPBACK4_IPV6 = 0x7f000006 };

bool rt_host_v4(const struct rt_addr *addr, uint32_t *v4_be)
{
	if (addr->family == AF_INET)
		*v4_be = addr->v4.s_addr;
	else if (addr->family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&addr->v6))
		memcpy(v4_be, &addr->v6.s6_addr[12], sizeof(*v4_be));
	else
		return false;
	return true;
}

bool rt_host_any4(const struct rt_addr *addr)
{
	uint32_t v4_be;

	return rt_host_v4(addr, &v4_be) && v4_be == 0;
}

bool rt_host_any6(const struct rt_addr *addr)
{
	return addr->family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&addr->v6);
}

bool rt_host_equal(const struct rt_addr *a, const struct rt_addr *b)
{
	uint32_t a4_be = 0, b4_be = 0;
	bool a_is_v4 = rt_host_v4(a, &a4_be), b_is_v4 = rt_host_v4(b, &b4_be);

	if (a_is_v4 || b_is_v4)
		return a_is_v4 && b_is_v4 && a4_be == b4_be;
	return a->family == AF_INET6 && b->family == AF_INET6 && IN6_ARE_ADDR_EQUAL(&a->v6, &b->v6);
}

bool rt_host_multicast(const struct rt_addr *addr)
{
	uint32_t v4_be;

	if (rt_host_v4(addr, &v4_be))
		return IN_MULTICAST(ntohl(v4_be));
	return addr->family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&addr->v6);
}

bool rt_host_needs_scope(const struct rt_addr *addr)
{
	return addr->family == AF_INET6 &&
	       (IN6_IS_ADDR_LINKLOCAL(&addr->v6) || IN6_IS_ADDR_MC_LINKLOCAL(&addr->v6) ||
		IN6_IS_ADDR_MC_NODELOCAL(&addr->v6));
}

enum rt_tri rt_host_local(const struct rt_case *c, const struct rt_addr *addr)
{
	uint32_t v4_be;

	if (rt_host_v4(addr, &v4_be)) {
		if (v4_be == 0 || v4_be == INADDR_NONE || IN_MULTICAST(ntohl(v4_be)) ||
		    ntohl(v4_be) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET)
			return RT_YES;
	} else if (rt_host_any6(addr) || IN6_IS_ADDR_LOOPBACK(&addr->v6) ||
		   IN6_IS_ADDR_MULTICAST(&addr->v6)) {
		return RT_YES;
	}
	for (size_t i = 0; i < c->net->n_local; i++)
		if (rt_host_equal(addr, &c->net->local[i]))
			return RT_YES;
	return c->net->local ? RT_NO : RT_MAYBE;
}

static enum rt_tri because(enum rt_overlap *why, enum rt_tri yes, enum rt_overlap if_not_no,
			   enum rt_overlap if_no)
{
	*why = yes == RT_NO ? if_no : if_not_no;
	return yes;
}

/* An IPv4 address of self, and an IPv6 address of other that is not [::]. */
static enum rt_tri unmarked(const struct rt_row *self, const struct rt_addr *addr,
			    const struct rt_row *other, enum rt_overlap *why)
{
	bool meets = rt_host_any4(addr) ||
		     (self->proto == RT_UDP && ntohl(addr->v4.s_addr) == LOOPBACK4_IPV6);

	if (addr->family != AF_INET || !meets)
		return because(why, RT_NO, RT_OVERLAP_FAMILY, RT_OVERLAP_FAMILY);
	return because(why, rt_not(rt_tri_of(other->v6only)), RT_OVERLAP_UNMARKED,
		       RT_OVERLAP_FAMILY);
}

enum rt_tri rt_rules_overlap(const struct rt_row *self, const struct rt_addr *addr,
			     const struct rt_row *other, enum rt_overlap *why)
{
	const struct rt_addr *theirs = &other->local;
	uint32_t v4_be;
	bool i_am_v4 = rt_host_v4(addr, &v4_be), other_is_v4 = rt_host_v4(theirs, &v4_be);

	if (rt_host_equal(addr, theirs))
		return because(why, RT_YES, RT_OVERLAP_SAME, RT_OVERLAP_SAME);
	if (i_am_v4 && other_is_v4)
		return because(why, rt_host_any4(addr) || rt_host_any4(theirs) ? RT_YES : RT_NO,
			       RT_OVERLAP_ANY4, RT_OVERLAP_DIFFERENT);
	if (rt_host_any6(addr) && other_is_v4)
		return because(why, rt_not(rt_tri_of(self->v6only)), RT_OVERLAP_DUAL,
			       RT_OVERLAP_V6ONLY);
	if (rt_host_any6(theirs) && i_am_v4)
		return because(why, rt_not(rt_tri_of(other->v6only)), RT_OVERLAP_DUAL,
			       RT_OVERLAP_V6ONLY);
	if (rt_host_any6(addr) || rt_host_any6(theirs))
		return because(why, RT_YES, RT_OVERLAP_ANY6, RT_OVERLAP_ANY6);
	if (i_am_v4)
		return unmarked(self, addr, other, why);
	return because(why, RT_NO, RT_OVERLAP_FAMILY,
		       other_is_v4 ? RT_OVERLAP_FAMILY : RT_OVERLAP_DIFFERENT);
}
