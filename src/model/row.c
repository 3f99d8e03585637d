#include "model/row.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const char *const state_names[RT_STATES] = {
	[RT_ESTABLISHED] = "ESTABLISHED",
	[RT_SYN_SENT] = "SYN_SENT",
	[RT_SYN_RECV] = "SYN_RECV",
	[RT_FIN_WAIT1] = "FIN_WAIT1",
	[RT_FIN_WAIT2] = "FIN_WAIT2",
	[RT_TIME_WAIT] = "TIME_WAIT",
	[RT_CLOSE] = "CLOSE",
	[RT_CLOSE_WAIT] = "CLOSE_WAIT",
	[RT_LAST_ACK] = "LAST_ACK",
	[RT_LISTEN] = "LISTEN",
	[RT_CLOSING] = "CLOSING",
	[RT_NEW_SYN_RECV] = "SYN_RECV",
	[RT_BOUND] = "BOUND",
};

const char *rt_proto_name(enum rt_proto proto)
{
	return proto == RT_UDP ? "udp" : "tcp";
}

const char *rt_state_name(enum rt_proto proto, enum rt_state state)
{
	if (proto == RT_UDP && state == RT_CLOSE)
		return "UNCONN";
	if ((unsigned)state >= RT_STATES || !state_names[state])
		return "?";
	return state_names[state];
}

const char *rt_timer_name(enum rt_timer timer)
{
	switch (timer) {
	case RT_TIMER_NONE:
		return "none";
	case RT_TIMER_ON:
		return "retransmit";
	case RT_TIMER_KEEPALIVE:
		return "keepalive";
	case RT_TIMER_TIME_WAIT:
		return "TIME_WAIT";
	case RT_TIMER_PROBE:
		return "probe";
	}
	return "?";
}

enum rt_state rt_state_parse(const char *name, size_t len)
{
	if (len == strlen("UNCONN") && memcmp(name, "UNCONN", len) == 0)
		return RT_CLOSE;
	for (unsigned state = RT_ESTABLISHED; state < RT_STATES; state++)
		if (strlen(state_names[state]) == len && memcmp(state_names[state], name, len) == 0)
			return (enum rt_state)state;
	return (enum rt_state)0;
}

bool rt_state_is_passing(enum rt_state state)
{
	switch (state) {
	case RT_SYN_SENT:
	case RT_SYN_RECV:
	case RT_NEW_SYN_RECV:
	case RT_FIN_WAIT1:
	case RT_CLOSING:
	case RT_LAST_ACK:
		return true;
	default:
		return false;
	}
}

static bool has_owner(const struct rt_row *row, const char *name)
{
	size_t named = row->n_owners < RT_OWNERS_MAX ? row->n_owners : RT_OWNERS_MAX;

	for (size_t i = 0; i < named; i++)
		if (strcmp(row->owner[i], name) == 0)
			return true;
	return false;
}

/*
 * A socket with an inode and no owner belongs to a process that is not of the script: it is not the
 * kernel's.
 */
static bool match_owners(const struct rt_row_pattern *pattern, const struct rt_row *row)
{
	if (pattern->n_owners != row->n_owners)
		return false;
	if (pattern->n_owners == 0)
		return row->inode == 0;
	for (size_t i = 0; i < pattern->n_owners && i < RT_OWNERS_MAX; i++)
		if (!has_owner(row, pattern->owner[i]))
			return false;
	return true;
}

bool rt_row_match(const struct rt_row_pattern *pattern, const struct rt_row *row)
{
	if (row->mark == RT_MARK_GONE || pattern->proto != row->proto)
		return false;
	if (pattern->state && pattern->state != row->state)
		return false;
	if (!rt_addr_match(&pattern->local, &row->local))
		return false;
	if (pattern->has_peer && !rt_addr_match(&pattern->peer, &row->peer))
		return false;
	if (pattern->check_owner && !match_owners(pattern, row))
		return false;
	if (pattern->check_uid && (row->source != RT_FROM_DIAG || row->uid != pattern->uid))
		return false;
	if (pattern->check_timer &&
	    (row->timer == RT_TIMER_NONE || row->timer_ms < pattern->timer_min_ms ||
	     row->timer_ms > pattern->timer_max_ms))
		return false;
	return !pattern->check_queue ||
	       (row->rqueue >= pattern->queue_min && row->rqueue <= pattern->queue_max);
}

/* Seconds; what is no whole number of them with three decimals. */
static void format_ms(uint32_t ms, struct rt_str *out)
{
	rt_str_addf(out, "%u", ms / 1000);
	if (ms % 1000)
		rt_str_addf(out, ".%03u", ms % 1000);
}

static void format_end(const struct rt_addr_pattern *end, const char *name, struct rt_str *out)
{
	char text[RT_ADDR_TEXT];

	rt_str_add(out, name[0] ? name : rt_addr_pattern_format(end, text));
}

static void format_owners(const struct rt_row_pattern *pattern, struct rt_str *out)
{
	rt_str_add(out, " owner ");
	if (pattern->n_owners == 0)
		rt_str_add(out, "kernel");
	for (size_t i = 0; i < pattern->n_owners && i < RT_OWNERS_MAX; i++)
		rt_str_addf(out, "%s%s", i ? "+" : "", pattern->owner[i]);
}

char *rt_row_pattern_format(const struct rt_row_pattern *pattern, char *text, size_t size)
{
	struct rt_str out = {0};

	rt_str_addf(&out, "%s ", rt_proto_name(pattern->proto));
	format_end(&pattern->local, pattern->local_name, &out);
	if (pattern->has_peer) {
		rt_str_add(&out, " -> ");
		format_end(&pattern->peer, pattern->peer_name, &out);
	}
	if (pattern->state)
		rt_str_addf(&out, " %s", rt_state_name(pattern->proto, pattern->state));
	if (pattern->check_owner)
		format_owners(pattern, &out);
	if (pattern->check_uid)
		rt_str_addf(&out, " uid %u", pattern->uid);
	if (pattern->check_timer) {
		rt_str_add(&out, " timer ");
		format_ms(pattern->timer_min_ms, &out);
		rt_str_add(&out, "..");
		format_ms(pattern->timer_max_ms, &out);
	}
	if (pattern->check_queue)
		rt_str_addf(&out, " queue %u", pattern->queue_min);
	if (pattern->check_queue && pattern->queue_max != pattern->queue_min)
		rt_str_addf(&out, "..%u", pattern->queue_max);
	snprintf(text, size, "%s", rt_str_text(&out));
	rt_str_fini(&out);
	return text;
}

static bool same_flag(struct rt_flag a, struct rt_flag b)
{
	return a.value == b.value && a.source == b.source;
}

static bool same_holders(const struct rt_row *a, const struct rt_row *b)
{
	if (a->n_owners != b->n_owners || strcmp(a->name, b->name) != 0 ||
	    strcmp(a->name_owner, b->name_owner) != 0 || a->name_remembered != b->name_remembered)
		return false;
	for (size_t i = 0; i < a->n_owners && i < RT_OWNERS_MAX; i++)
		if (strcmp(a->owner[i], b->owner[i]) != 0)
			return false;
	return true;
}

bool rt_row_same(const struct rt_row *a, const struct rt_row *b)
{
	return a->cookie == b->cookie && a->inode == b->inode && a->uid == b->uid &&
	       a->proto == b->proto && a->state == b->state && a->old_state == b->old_state &&
	       a->mark == b->mark && a->source == b->source && a->timer == b->timer &&
	       a->retrans == b->retrans && a->rqueue == b->rqueue && a->wqueue == b->wqueue &&
	       a->ifindex == b->ifindex && a->v6only == b->v6only &&
	       rt_addr_equal(&a->local, &b->local) && rt_addr_equal(&a->peer, &b->peer) &&
	       same_flag(a->reuseaddr, b->reuseaddr) && same_flag(a->reuseport, b->reuseport) &&
	       same_holders(a, b);
}
