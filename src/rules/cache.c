/*
 * The cache of a TCP port, sk_reuseport_match() and inet_csk_update_fastreuse(): what bind.c calls
 * the kept address. It changes with each bind or listen on the port that succeeds:
 *
 *	by a socket without SO_REUSEPORT              emptied
 *	by one with it that the kept one takes in     stays
 *	by one with it otherwise                      is now that one's address, family and uid
 *
 * A snapshot shows who could be the kept one, not who it is. So the call that the rows refuse may
 * pass where a row H could be kept, and each row O that refuses could have been there when H came,
 * or could have come without emptying the cache:
 *
 *	O overlaps H     only through SO_REUSEADDR on both, and O does not listen: where it listens,
 *	                 its listen came last, or H would have been refused
 *	O does not       whatever its options: the kept address 0.0.0.0 takes in [::] as well
 */
#include "rules/rules_private.h"

static enum rt_tri if_v6only_off(int v6only)
{
	return rt_not(rt_tri_of(v6only));
}

/*
 * Whether the kept address of H takes in that of the newcomer: the same, or H has a wildcard. A
 * wildcard of the newcomer counts only where H has the same, or 0.0.0.0 for [::].
 */
static enum rt_tri takes_in(const struct rt_row *h, const struct rt_case *c)
{
	uint32_t v4_be;
	bool mine_v4 = rt_host_v4(&c->addr, &v4_be);

	/* A connection took its address after the bind, or from a listener with another one. */
	if (h->state != RT_BOUND && h->state != RT_LISTEN)
		return RT_MAYBE;
	if (rt_host_equal(&h->local, &c->addr))
		return RT_YES;
	if (rt_host_any6(&h->local))
		return mine_v4 ? if_v6only_off(h->v6only) : RT_YES;
	if (!rt_host_any4(&h->local))
		return RT_NO;
	if (mine_v4)
		return RT_YES;
	/* sk_rcv_saddr of [::] is 0.0.0.0; ipv4_rcv_saddr_equal() asks no more than V6ONLY. */
	if (h->local.family == AF_INET && rt_host_any6(&c->addr))
		return if_v6only_off(c->self->v6only);
	return RT_NO;
}

static bool could_come_with(const struct rt_row *h, const struct rt_row *o)
{
	enum rt_overlap why;

	if (rt_rules_overlap(h, &h->local, o, &why) != RT_YES)
		return true;
	return o->reuseaddr.value != 0 && o->state != RT_LISTEN;
}

static bool may_be_kept(const struct rt_case *c, const struct rt_rules_verdict *v,
			const struct rt_row *h)
{
	if (h->proto != RT_TCP || h->local.port != c->addr.port || !rt_row_is_bound(h) ||
	    h->reuseport.value == 0 || takes_in(h, c) == RT_NO)
		return false;
	/* The uid is that of the bind; a record has lost it. */
	if (!rt_row_is_record(h) && rt_case_one_owner(c, h) == RT_NO)
		return false;
	for (size_t i = 0; i < v->n; i++)
		if (v->socket[i].allows == RT_NO &&
		    !could_come_with(h, &c->snapshot->row[v->socket[i].row]))
			return false;
	return true;
}

bool rt_cache_may_allow(const struct rt_case *c, const struct rt_rules_verdict *v)
{
	if (c->self->reuseport.value == 0)
		return false;
	if (c->query->past_unknown)
		return true;
	/* The socket that begins to listen may be the kept one itself. */
	if (c->query->call == RT_RULES_LISTEN && may_be_kept(c, v, c->self))
		return true;
	for (size_t i = 0; i < c->snapshot->n; i++)
		if (!rt_case_is_self(c, &c->snapshot->row[i]) &&
		    may_be_kept(c, v, &c->snapshot->row[i]))
			return true;
	return false;
}
