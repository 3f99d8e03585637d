/* Private to rules/: three-valued logic, addresses, and the parts of rt_rules_judge(). */
#ifndef RT_RULES_RULES_PRIVATE_H
#define RT_RULES_RULES_PRIVATE_H

#include "rules/rules.h"

/* What all parts of one judgement look at. */
struct rt_case {
	const struct rt_snapshot *snapshot;
	const struct rt_rules_query *query;
	const struct rt_row *self;
	const struct rt_rules_net *net; /* never NULL */
	struct rt_addr addr;		/* what the socket is, or would be, bound to */
};

static inline enum rt_tri rt_and(enum rt_tri a, enum rt_tri b)
{
	if (a == RT_NO || b == RT_NO)
		return RT_NO;
	return a == RT_YES && b == RT_YES ? RT_YES : RT_MAYBE;
}

static inline enum rt_tri rt_not(enum rt_tri a)
{
	return a == RT_MAYBE ? RT_MAYBE : a == RT_YES ? RT_NO : RT_YES;
}

static inline enum rt_tri rt_or(enum rt_tri a, enum rt_tri b)
{
	return rt_not(rt_and(rt_not(a), rt_not(b)));
}

/* Of an option: 0, 1, or -1 for unknown. */
static inline enum rt_tri rt_tri_of(int value)
{
	return value < 0 ? RT_MAYBE : value ? RT_YES : RT_NO;
}

/* The IPv4 address (network order) of an IPv4 or v4-mapped address; false where it is neither. */
bool rt_host_v4(const struct rt_addr *addr, uint32_t *v4_be);
/* 0.0.0.0 or ::ffff:0.0.0.0; [::] is not. */
bool rt_host_any4(const struct rt_addr *addr);
bool rt_host_any6(const struct rt_addr *addr);
bool rt_host_equal(const struct rt_addr *a, const struct rt_addr *b);
bool rt_host_multicast(const struct rt_addr *addr);
/* Whether it means something on an interface alone: __ipv6_addr_needs_scope_id(). */
bool rt_host_needs_scope(const struct rt_addr *addr);

/* Whether the namespace has the address; wildcards, IPv4 multicast and broadcast pass for bind. */
enum rt_tri rt_host_local(const struct rt_case *c, const struct rt_addr *addr);

/* A TIME_WAIT record, also one that still says FIN_WAIT2: no socket is left. */
bool rt_row_is_record(const struct rt_row *row);

/* Whether the row holds its port: its place in the kernel's table of bound ports. */
bool rt_row_is_bound(const struct rt_row *row);

/* Whether row is the calling socket itself. */
bool rt_case_is_self(const struct rt_case *c, const struct rt_row *row);

/* The uids are equal; RT_MAYBE where no process holds the other and its uid is not reported. */
enum rt_tri rt_case_one_owner(const struct rt_case *c, const struct rt_row *row);

void rt_verdict_clear(struct rt_rules_verdict *v);
struct rt_rules_socket *rt_verdict_add(struct rt_rules_verdict *v, size_t row);
struct rt_rules_clause *rt_socket_clause(struct rt_rules_socket *s, enum rt_clause_id id,
					 enum rt_tri holds, int64_t mine, int64_t theirs);

/* Sets the answer. Return nothing: the caller returns. */
void rt_verdict_set(struct rt_rules_verdict *v, enum rt_reason reason, int err);

/* The answer may also be err, because of what depends says. */
void rt_verdict_also(struct rt_rules_verdict *v, int err, unsigned depends);

/* Holds the rows of the port against a socket at c->addr: bind, and listen. */
void rt_judge_port(const struct rt_case *c, struct rt_rules_verdict *v);

/* Port 0: whether a port of the range is left; err where none is. */
void rt_judge_any_port(const struct rt_case *c, int err, struct rt_rules_verdict *v);

void rt_judge_connect(const struct rt_case *c, struct rt_rules_verdict *v);

/* The rule of one row for bind and listen, its clauses into *s. Returns s->allows. */
enum rt_tri rt_judge_row(const struct rt_case *c, const struct rt_row *row,
			 struct rt_rules_socket *s);

/* Whether the cache of the port may let the call through that the rows refuse. */
bool rt_cache_may_allow(const struct rt_case *c, const struct rt_rules_verdict *v);

#endif
