/*
 * The rule of bind(2), which listen(2) asks again: inet_csk_get_port() and inet_bind_conflict() for
 * TCP, udp_lib_get_port() and udp_lib_lport_inuse() for UDP.
 *
 *	each other socket O on the port           S: the socket that binds or begins to listen
 *	 |
 *	 +- bound to another device than S? -------------------------------> no conflict
 *	 +- its address does not overlap that of S (host.c)? --------------> no conflict
 *	 +- S and O both have SO_REUSEADDR
 *	 |  and O does not listen (TCP)? ----------------------------------> allowed
 *	 +- S and O both have SO_REUSEPORT, and
 *	 |  one uid owns both, or O is a record of TIME_WAIT (TCP)? -------> allowed
 *	 '- else ----------------------------------------------------------> EADDRINUSE
 *
 * No other TCP state is in the rule. Two things are looked at before, and neither is in a snapshot:
 *
 *	TCP	sk_reuseport_match(): if the socket that was last bound (or began to listen) on the
 *		port has SO_REUSEPORT, its address and uid are kept. A newcomer with SO_REUSEPORT,
 *		of that uid, whose address the kept one takes in, passes unseen.
 *	UDP	the sockets of the port are asked newest first, and the first one that SO_REUSEPORT
 *		lets pass ends the search: an older one that would refuse is not asked.
 */
#include <errno.h>

#include "rules/rules_private.h"

static unsigned depends_of(const struct rt_rules_clause *clause)
{
	switch (clause->id) {
	case RT_CLAUSE_ADDRESS:
		return RT_DEPENDS_V6ONLY;
	case RT_CLAUSE_OWNER:
		return RT_DEPENDS_OWNER;
	default:
		return RT_DEPENDS_OPTION;
	}
}

/* What a socket of which nobody knows whether it allows it depends on. */
static unsigned depends_on(const struct rt_rules_socket *s)
{
	unsigned depends = 0;

	for (size_t i = 0; i < s->n_clauses; i++)
		if (s->clause[i].holds == RT_MAYBE)
			depends |= depends_of(&s->clause[i]);
	return depends;
}

static enum rt_tri one_device(uint32_t mine, uint32_t theirs)
{
	return !mine || !theirs || mine == theirs ? RT_YES : RT_NO;
}

enum { BY_ADDR, BY_STATE, BY_PORT, BY_OWNER, BY_COUNT };

/* Of the four clauses the one that a person is told: for a refusal the one nearest to allowing. */
static int deciding(const enum rt_tri holds[BY_COUNT], enum rt_tri allows,
		    const struct rt_row *self)
{
	if (allows == RT_YES)
		return rt_and(holds[BY_ADDR], holds[BY_STATE]) == RT_YES ? BY_ADDR : BY_PORT;
	if (allows == RT_MAYBE) {
		for (int i = 0; i < BY_COUNT; i++)
			if (holds[i] == RT_MAYBE)
				return i;
	}
	if (holds[BY_PORT] == RT_YES)
		return BY_OWNER;
	if (holds[BY_ADDR] == RT_YES)
		return BY_STATE;
	return self->reuseport.value == 1 && self->reuseaddr.value != 1 ? BY_PORT : BY_ADDR;
}

static enum rt_tri both(const struct rt_flag *a, const struct rt_flag *b)
{
	return rt_and(rt_tri_of(a->value), rt_tri_of(b->value));
}

/* The clauses on two sockets whose addresses overlap. */
static enum rt_tri judge_options(const struct rt_case *c, const struct rt_row *row,
				 struct rt_rules_socket *s)
{
	const struct rt_row *self = c->self;
	bool tcp = row->proto == RT_TCP;
	enum rt_tri holds[BY_COUNT];
	size_t place[BY_COUNT] = {0};

	holds[BY_ADDR] = both(&self->reuseaddr, &row->reuseaddr);
	holds[BY_STATE] = tcp && row->state == RT_LISTEN ? RT_NO : RT_YES;
	holds[BY_PORT] = both(&self->reuseport, &row->reuseport);
	holds[BY_OWNER] = rt_case_one_owner(c, row);
	place[BY_ADDR] = s->n_clauses;
	rt_socket_clause(s, RT_CLAUSE_REUSEADDR, holds[BY_ADDR], self->reuseaddr.value,
			 row->reuseaddr.value);
	place[BY_STATE] = s->n_clauses;
	if (tcp)
		rt_socket_clause(s, RT_CLAUSE_NOT_LISTENING, holds[BY_STATE], self->state,
				 row->state);
	place[BY_PORT] = s->n_clauses;
	rt_socket_clause(s, RT_CLAUSE_REUSEPORT, holds[BY_PORT], self->reuseport.value,
			 row->reuseport.value);
	place[BY_OWNER] = s->n_clauses;
	rt_socket_clause(s, RT_CLAUSE_OWNER, holds[BY_OWNER], self->uid, row->uid);
	s->allows = (uint8_t)rt_or(rt_and(holds[BY_ADDR], holds[BY_STATE]),
				   rt_and(holds[BY_PORT], holds[BY_OWNER]));
	s->decided = (uint8_t)place[deciding(holds, s->allows, self)];
	return s->allows;
}

enum rt_tri rt_judge_row(const struct rt_case *c, const struct rt_row *row,
			 struct rt_rules_socket *s)
{
	enum rt_overlap why;
	enum rt_tri overlaps = rt_rules_overlap(c->self, &c->addr, row, &why);
	enum rt_tri device = one_device(c->self->ifindex, row->ifindex);

	rt_socket_clause(s, RT_CLAUSE_DEVICE, device, c->self->ifindex, row->ifindex);
	rt_socket_clause(s, RT_CLAUSE_ADDRESS, overlaps, c->self->v6only, row->v6only);
	s->overlap = (uint8_t)(device == RT_NO ? RT_OVERLAP_DEVICE : why);
	s->decided = device == RT_NO ? 0 : 1;
	s->allows = RT_YES;
	if (device == RT_NO || overlaps == RT_NO)
		return RT_YES;
	judge_options(c, row, s);
	if (overlaps == RT_MAYBE && s->allows != RT_YES) {
		s->allows = RT_MAYBE;
		s->decided = 1;
	}
	return s->allows;
}

/* UDP: SO_REUSEPORT lets it pass, and SO_REUSEADDR alone would not: the search can end here. */
static bool may_end_search(const struct rt_case *c, const struct rt_row *row,
			   const struct rt_rules_socket *s)
{
	return s->allows != RT_NO && s->overlap >= RT_OVERLAP_SAME &&
	       both(&c->self->reuseaddr, &row->reuseaddr) != RT_YES &&
	       both(&c->self->reuseport, &row->reuseport) != RT_NO;
}

static bool order_may_allow(const struct rt_case *c, const struct rt_rules_verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (may_end_search(c, &c->snapshot->row[v->socket[i].row], &v->socket[i]))
			return true;
	return false;
}

static void conclude(const struct rt_case *c, struct rt_rules_verdict *v, size_t overlapping)
{
	bool tcp = c->self->proto == RT_TCP;
	size_t refuses = SIZE_MAX, unknown = SIZE_MAX;
	unsigned depends = 0;

	for (size_t i = v->n; i-- > 0;) {
		if (v->socket[i].allows == RT_NO)
			refuses = i;
		if (v->socket[i].allows == RT_MAYBE) {
			unknown = i;
			depends |= depends_on(&v->socket[i]);
		}
	}
	if (refuses == SIZE_MAX && unknown == SIZE_MAX) {
		rt_verdict_set(v, overlapping ? RT_REASON_ALLOWED : RT_REASON_FREE, 0);
		return;
	}
	rt_verdict_set(v, RT_REASON_SOCKET, EADDRINUSE);
	v->by = refuses != SIZE_MAX ? refuses : unknown;
	v->by_row = v->socket[v->by].row;
	if (refuses == SIZE_MAX)
		rt_verdict_also(v, 0, depends);
	else if (tcp && rt_cache_may_allow(c, v))
		rt_verdict_also(v, 0, RT_DEPENDS_CACHE);
	else if (!tcp && order_may_allow(c, v))
		rt_verdict_also(v, 0, RT_DEPENDS_ORDER);
}

void rt_judge_port(const struct rt_case *c, struct rt_rules_verdict *v)
{
	size_t overlapping = 0;

	for (size_t i = 0; i < c->snapshot->n; i++) {
		const struct rt_row *row = &c->snapshot->row[i];
		struct rt_rules_socket *s;

		if (row->local.port != c->addr.port || row->proto != c->self->proto ||
		    !rt_row_is_bound(row) || rt_case_is_self(c, row))
			continue;
		s = rt_verdict_add(v, i);
		rt_judge_row(c, row, s);
		overlapping += s->overlap >= RT_OVERLAP_SAME;
	}
	conclude(c, v, overlapping);
}
