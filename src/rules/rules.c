/* The entry: what is refused before any other socket is looked at, and the parts that all share. */
#include "rules/rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rules/rules_private.h"

/* --- the verdict ------------------------------------------------------------------------------ */

void rt_rules_fini(struct rt_rules_verdict *verdict)
{
	free(verdict->socket);
	*verdict = (struct rt_rules_verdict){0};
}

void rt_verdict_clear(struct rt_rules_verdict *v)
{
	struct rt_rules_socket *socket = v->socket;
	size_t cap = v->cap;

	*v = (struct rt_rules_verdict){
		.socket = socket, .cap = cap, .by = SIZE_MAX, .by_row = SIZE_MAX};
}

struct rt_rules_socket *rt_verdict_add(struct rt_rules_verdict *v, size_t row)
{
	RT_GROW(v->socket, v->n, v->cap);
	v->socket[v->n] = (struct rt_rules_socket){.row = row};
	return &v->socket[v->n++];
}

struct rt_rules_clause *rt_socket_clause(struct rt_rules_socket *s, enum rt_clause_id id,
					 enum rt_tri holds, int64_t mine, int64_t theirs)
{
	struct rt_rules_clause *clause = &s->clause[s->n_clauses++];

	*clause = (struct rt_rules_clause){(uint8_t)id, (uint8_t)holds, mine, theirs};
	return clause;
}

void rt_verdict_set(struct rt_rules_verdict *v, enum rt_reason reason, int err)
{
	v->reason = (uint8_t)reason;
	v->err = err;
	v->n_also = 0;
	v->depends = 0;
}

void rt_verdict_also(struct rt_rules_verdict *v, int err, unsigned depends)
{
	v->depends |= depends;
	if (!rt_rules_agrees(v, err) && v->n_also < RT_RULES_ALSO_MAX)
		v->also[v->n_also++] = err;
}

bool rt_rules_agrees(const struct rt_rules_verdict *verdict, int err)
{
	bool agrees = err == verdict->err;

	for (size_t i = 0; i < verdict->n_also; i++)
		agrees |= err == verdict->also[i];
	return agrees;
}

/* --- rows ------------------------------------------------------------------------------------- */

bool rt_row_is_record(const struct rt_row *row)
{
	return row->proto == RT_TCP &&
	       (row->state == RT_TIME_WAIT || row->timer == RT_TIMER_TIME_WAIT);
}

/* A handshake that has not ended (struct request_sock) has no place among the bound ports. */
static bool is_request(const struct rt_row *row)
{
	return row->state == RT_NEW_SYN_RECV || (row->state == RT_SYN_RECV && row->inode == 0);
}

bool rt_row_is_bound(const struct rt_row *row)
{
	if (row->mark == RT_MARK_GONE || row->local.port == 0)
		return false;
	return row->proto == RT_UDP || (row->state != RT_CLOSE && !is_request(row));
}

bool rt_case_is_self(const struct rt_case *c, const struct rt_row *row)
{
	const struct rt_row *self = c->self;

	if (row == self)
		return true;
	if (row->proto != self->proto)
		return false;
	if (row->cookie && self->cookie)
		return row->cookie == self->cookie;
	return row->inode && row->inode == self->inode;
}

enum rt_tri rt_case_one_owner(const struct rt_case *c, const struct rt_row *row)
{
	if (rt_row_is_record(row))
		return RT_YES;
	if (row->inode == 0 && row->source == RT_FROM_DIAG)
		return RT_MAYBE;
	return row->uid == c->self->uid ? RT_YES : RT_NO;
}

/* --- bind and listen -------------------------------------------------------------------------- */

/* __inet_bind() and __inet6_bind() ask the same in another order. */
static bool refuse_ipv4(const struct rt_case *c, struct rt_rules_verdict *v)
{
	if (c->addr.family != AF_INET)
		rt_verdict_set(v, RT_REASON_FAMILY, EAFNOSUPPORT);
	else if (!c->query->freebind && rt_host_local(c, &c->addr) == RT_NO)
		rt_verdict_set(v, RT_REASON_NOT_LOCAL, EADDRNOTAVAIL);
	else if (c->addr.port && c->addr.port < c->net->unprivileged_from)
		rt_verdict_set(v, RT_REASON_LOW_PORT, EACCES);
	else if (rt_row_is_bound(c->self))
		rt_verdict_set(v, RT_REASON_BOUND, EINVAL);
	else
		return false;
	return true;
}

static bool refuse_ipv6(const struct rt_case *c, struct rt_rules_verdict *v)
{
	bool mapped = c->addr.family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&c->addr.v6);

	if (c->addr.family != AF_INET6)
		/* struct sockaddr_in is too short: the length is looked at first. */
		rt_verdict_set(v, RT_REASON_FAMILY, EINVAL);
	else if (c->self->proto == RT_TCP && !mapped && rt_host_multicast(&c->addr))
		rt_verdict_set(v, RT_REASON_MULTICAST, EINVAL);
	else if (c->addr.port && c->addr.port < c->net->unprivileged_from)
		rt_verdict_set(v, RT_REASON_LOW_PORT, EACCES);
	else if (rt_row_is_bound(c->self))
		rt_verdict_set(v, RT_REASON_BOUND, EINVAL);
	else if (mapped && c->self->v6only == 1)
		rt_verdict_set(v, RT_REASON_V6ONLY_MAPPED, EINVAL);
	else if (rt_host_needs_scope(&c->addr) && c->self->ifindex == 0)
		rt_verdict_set(v, RT_REASON_NO_SCOPE, EINVAL);
	else if (!c->query->freebind && rt_host_local(c, &c->addr) == RT_NO)
		rt_verdict_set(v, RT_REASON_NOT_LOCAL, EADDRNOTAVAIL);
	else
		return false;
	return true;
}

static void judge_bind(const struct rt_case *c, struct rt_rules_verdict *v)
{
	if (c->self->local.family == AF_INET6 ? refuse_ipv6(c, v) : refuse_ipv4(c, v))
		return;
	if (c->addr.port)
		rt_judge_port(c, v);
	else if (c->query->no_port)
		rt_verdict_set(v, RT_REASON_PORT_LATER, 0);
	else
		rt_judge_any_port(c, EADDRINUSE, v);
	if (!c->query->freebind && rt_host_local(c, &c->addr) == RT_MAYBE)
		rt_verdict_also(v, EADDRNOTAVAIL, RT_DEPENDS_LOCAL);
}

static void judge_listen(const struct rt_case *c, struct rt_rules_verdict *v)
{
	const struct rt_row *self = c->self;

	if (self->proto == RT_UDP)
		rt_verdict_set(v, RT_REASON_NO_LISTEN, EOPNOTSUPP);
	else if (self->state == RT_LISTEN)
		rt_verdict_set(v, RT_REASON_LISTENS, 0);
	else if (self->state != RT_CLOSE && self->state != RT_BOUND)
		rt_verdict_set(v, RT_REASON_CONNECTED, EINVAL);
	else if (rt_row_is_bound(self))
		rt_judge_port(c, v);
	else
		rt_judge_any_port(c, EADDRINUSE, v);
}

void rt_rules_judge(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
		    struct rt_rules_verdict *verdict)
{
	static const struct rt_rules_net nothing_known;
	struct rt_case c = {.snapshot = snapshot,
			    .query = query,
			    .self = query->self,
			    .net = query->net ? query->net : &nothing_known,
			    .addr = query->self->local};

	rt_verdict_clear(verdict);
	switch (query->call) {
	case RT_RULES_BIND:
		c.addr = query->addr;
		judge_bind(&c, verdict);
		break;
	case RT_RULES_LISTEN:
		if (!rt_row_is_bound(c.self))
			c.addr = (struct rt_addr){.family = c.self->local.family};
		judge_listen(&c, verdict);
		break;
	case RT_RULES_CONNECT:
		rt_judge_connect(&c, verdict);
		break;
	}
}
