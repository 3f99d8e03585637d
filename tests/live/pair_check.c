/* The rules held against the calls of pairs.c. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/error.h"
#include "diag/diag.h"
#include "pairs.h"
#include "rules/words.h"

enum { STATE_MS = 2000, HELD = 1, MISMATCHES_SHOWN = 20 };

static const enum rt_state states[PAIR_STATES] = {
	[PAIR_BOUND] = RT_BOUND,	   [PAIR_LISTENING] = RT_LISTEN,
	[PAIR_CHILD] = RT_ESTABLISHED,	   [PAIR_FIN_WAIT2] = RT_FIN_WAIT2,
	[PAIR_CLOSE_WAIT] = RT_CLOSE_WAIT, [PAIR_TIME_WAIT] = RT_TIME_WAIT,
	[PAIR_CLIENT] = RT_ESTABLISHED,
};

/* --- rows ------------------------------------------------------------------------------------- */

/* What the process of a socket knows of it, by getsockopt(2), and sock_diag does not say. */
static void add_options(const struct pair_side *side, struct rt_row *row)
{
	row->reuseaddr = (struct rt_flag){side->reuseaddr, RT_FROM_PROCESS};
	row->reuseport = (struct rt_flag){side->reuseport, RT_FROM_PROCESS};
	row->v6only = (int8_t)(side->addr.family == AF_INET6 ? side->v6only : -1);
}

void pair_row_unbound(const struct pair_side *side, struct rt_row *row)
{
	*row = (struct rt_row){.proto = side->proto,
			       .state = RT_CLOSE,
			       .inode = HELD + 1,
			       .uid = side->uid,
			       .source = RT_FROM_PROCESS,
			       .local.family = side->addr.family};
	add_options(side, row);
}

/* bind(2) to an IPv6 address sets IPV6_V6ONLY, __inet6_bind(); the rows test compares it. */
static void mark_v6only(struct rt_row *row)
{
	if (row->local.family == AF_INET6 && !IN6_IS_ADDR_UNSPECIFIED(&row->local.v6) &&
	    !IN6_IS_ADDR_V4MAPPED(&row->local.v6))
		row->v6only = 1;
}

void pair_row_bound(const struct pair_side *side, uint16_t port, struct rt_row *row)
{
	pair_row_unbound(side, row);
	row->local = side->addr;
	row->local.port = port;
	row->state = side->proto == RT_TCP ? RT_BOUND : RT_CLOSE;
	row->source = RT_FROM_DIAG;
	mark_v6only(row);
}

static void copy_host(__be32 to[4], const struct rt_addr *addr)
{
	if (addr->family == AF_INET)
		memcpy(to, &addr->v4, sizeof(addr->v4));
	else
		memcpy(to, &addr->v6, sizeof(addr->v6));
}

/* One connection of sock_diag, by its four values: no walk over 30,000 others. */
static int ask(struct pair_place *place, const struct pair_fds *fds, struct rt_row *row)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 req;
	} request = {.header = {sizeof(request), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0},
		     .req = {.sdiag_family = (uint8_t)fds->local.family,
			     .sdiag_protocol = IPPROTO_TCP,
			     .idiag_states = UINT32_MAX,
			     .id = {.idiag_sport = htons(fds->local.port),
				    .idiag_dport = htons(fds->remote.port),
				    .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}}};
	char answer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *header = (struct nlmsghdr *)(void *)answer;
	ssize_t len;

	copy_host(request.req.id.idiag_src, &fds->local);
	copy_host(request.req.id.idiag_dst, &fds->remote);
	if (send(place->netlink, &request, sizeof(request), 0) < 0)
		return -1;
	len = recv(place->netlink, answer, sizeof(answer), 0);
	if (len < 0 || !NLMSG_OK(header, len) || header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return -1;
	return rt_diag_parse(NLMSG_DATA(header), NLMSG_PAYLOAD(header, 0), RT_TCP, row);
}

/*
 * close() has returned, and who reads a link in /proc/PID/fd meanwhile still holds the listener of
 * the connection.
 */
static bool is_listener_there(struct pair_place *place, const struct pair_fds *fds)
{
	const struct pair_fds at = {.local = fds->local, .remote.family = fds->local.family};
	struct rt_row row;

	return ask(place, &at, &row) == 0 && row.state == RT_LISTEN;
}

/* The state that the pair wants stands within moments: the last segment may be under way. */
static void wait_for(struct pair_place *place, const struct pair *pair, const struct pair_fds *fds,
		     struct rt_row *row)
{
	int64_t end = rt_now_ms() + STATE_MS;
	char local[RT_ADDR_TEXT];

	while (ask(place, fds, row) < 0 || row->state != states[pair->state] ||
	       is_listener_there(place, fds)) {
		if (rt_now_ms() < end)
			continue;
		printf("Bail out! %s is not in %s\n", rt_addr_format(&fds->local, local),
		       rt_state_name(RT_TCP, states[pair->state]));
		exit(99);
	}
}

void pair_row_first(struct pair_place *place, const struct pair *pair, const struct pair_fds *fds,
		    struct rt_row *row)
{
	int8_t v6only;

	pair_row_bound(&pair->first, pair->port, row);
	v6only = row->v6only;
	row->inode = HELD;
	if (pair->first.proto == RT_UDP) {
		row->local = fds->local;
		row->peer = fds->remote;
		row->state = pair->state == PAIR_CLIENT ? RT_ESTABLISHED : RT_CLOSE;
		return;
	}
	row->state = (uint8_t)states[pair->state];
	if (pair->state <= PAIR_LISTENING)
		return;
	/* The options are those of the process, or remembered of the socket that died. */
	wait_for(place, pair, fds, row);
	add_options(&pair->first, row);
	row->v6only = v6only;
}

/* --- judging ---------------------------------------------------------------------------------- */

static const char *name(int err)
{
	return err ? rt_errno_name(err) : "0";
}

static void show(struct pair_place *place, const struct rt_rules_query *query, int err,
		 const char *what)
{
	struct rt_str text = {0};
	char addr[RT_ADDR_TEXT];

	rt_rules_words(&place->snapshot, query, &place->verdict, SIZE_MAX, &text);
	printf("# %s of %s %s A%d P%d V6ONLY %d uid %u: the kernel says %s, the rules:\n", what,
	       rt_proto_name(query->self->proto),
	       rt_addr_format(query->call == RT_RULES_BIND ? &query->addr : &query->self->local,
			      addr),
	       query->self->reuseaddr.value, query->self->reuseport.value, query->self->v6only,
	       query->self->uid, name(err));
	for (char *line = strtok(text.s, "\n"); line; line = strtok(NULL, "\n"))
		printf("#   %s\n", line);
	rt_str_fini(&text);
}

void pair_judge(struct pair_place *place, const struct rt_rules_query *query, int err,
		const char *what, struct pair_count *count)
{
	count->calls++;
	count->either += place->verdict.n_also > 0;
	if (rt_rules_agrees(&place->verdict, err))
		return;
	if (count->mismatches++ < MISMATCHES_SHOWN)
		show(place, query, err, what);
}

void pair_check(struct pair_place *place, const struct pair *pair, struct pair_count *count)
{
	struct rt_snapshot *snapshot = &place->snapshot;
	struct rt_rules_query query = {.call = RT_RULES_BIND, .addr = pair->second.addr};
	struct rt_row self;
	struct pair_fds fds;
	int err;

	pair_first(place, pair, &fds);
	rt_snapshot_clear(snapshot);
	pair_row_first(place, pair, &fds, rt_snapshot_add(snapshot));
	pair_row_unbound(&pair->second, &self);
	query.self = &self;
	query.addr.port = pair->port;
	rt_rules_judge(snapshot, &query, &place->verdict);
	err = pair_bind(place, pair, &fds);
	pair_judge(place, &query, err, "bind", count);
	if (err == 0) {
		pair_row_bound(&pair->second, pair->port, &self);
		*rt_snapshot_add(snapshot) = self;
		query.call = RT_RULES_LISTEN;
		rt_rules_judge(snapshot, &query, &place->verdict);
		pair_judge(place, &query, pair_listen(&fds), "listen", count);
	}
	pair_end(&fds);
	count->pairs++;
}
