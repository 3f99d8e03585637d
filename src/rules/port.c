/*
 * Port 0: which port the kernel may choose. inet_csk_find_open_port() takes for TCP only a port on
 * which no overlapping socket is bound, whatever the options, unless ip_autobind_reuse is set;
 * udp_lib_get_port() takes for UDP what a bind to that port would get.
 */
#include <string.h>

#include "rules/rules_private.h"

struct ports {
	uint8_t taken[(UINT16_MAX + 1) / 8], unknown[(UINT16_MAX + 1) / 8];
};

static void mark(uint8_t *bits, uint16_t port)
{
	bits[port / 8] = (uint8_t)(bits[port / 8] | 1U << port % 8);
}

static bool is_marked(const uint8_t *bits, uint16_t port)
{
	return bits[port / 8] >> port % 8 & 1;
}

/* The second pass, with ip_autobind_reuse: SO_REUSEADDR on both, and not SO_REUSEPORT on both. */
static bool reuse_allows(const struct rt_case *c, const struct rt_row *row)
{
	return c->net->autobind_reuse && c->self->reuseaddr.value == 1 &&
	       row->reuseaddr.value == 1 && row->state != RT_LISTEN &&
	       (c->self->reuseport.value == 0 || row->reuseport.value == 0);
}

/* Whether row leaves its port to a socket at c->addr. */
static enum rt_tri leaves(const struct rt_case *c, const struct rt_row *row)
{
	struct rt_rules_socket s = {0};

	rt_judge_row(c, row, &s);
	if (row->proto == RT_UDP || s.overlap < RT_OVERLAP_SAME)
		return s.allows;
	if (reuse_allows(c, row))
		return RT_YES;
	return s.clause[1].holds == RT_MAYBE ? RT_MAYBE : RT_NO;
}

/* RT_YES: a port is left. */
static enum rt_tri one_is_left(const struct rt_case *c, const struct ports *ports)
{
	enum rt_tri left = RT_NO;

	for (unsigned port = c->net->port_lo; port <= c->net->port_hi; port++) {
		if (is_marked(ports->taken, (uint16_t)port))
			continue;
		if (!is_marked(ports->unknown, (uint16_t)port))
			return RT_YES;
		left = RT_MAYBE;
	}
	return left;
}

void rt_judge_any_port(const struct rt_case *c, int err, struct rt_rules_verdict *v)
{
	struct ports ports;
	enum rt_tri left = RT_YES;

	if (c->net->port_lo) {
		memset(&ports, 0, sizeof(ports));
		for (size_t i = 0; i < c->snapshot->n; i++) {
			const struct rt_row *row = &c->snapshot->row[i];
			enum rt_tri free_of_it;

			if (row->proto != c->self->proto || !rt_row_is_bound(row) ||
			    rt_case_is_self(c, row))
				continue;
			free_of_it = leaves(c, row);
			if (free_of_it != RT_YES)
				mark(free_of_it == RT_NO ? ports.taken : ports.unknown,
				     row->local.port);
		}
		left = one_is_left(c, &ports);
	}
	rt_verdict_set(v, left == RT_YES ? RT_REASON_FREE_PORT : RT_REASON_NO_PORT,
		       left == RT_YES ? 0 : err);
	if (left == RT_MAYBE)
		rt_verdict_also(v, 0, RT_DEPENDS_OPTION);
}
