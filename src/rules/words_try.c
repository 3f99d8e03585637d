/*
 * What would help a call that was refused. For options and the owner the rules are asked: each
 * change, from the smallest on, is made to a copy and judged, so what is said here is what would be so.
 */
#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "rules/words.h"

/* A change of options: on this socket, on those that refuse, or on both. Or of the owner. */
struct change {
	bool owner; /* this socket belongs to that of the other, and the rest is as it was */
	bool port;  /* SO_REUSEPORT, else SO_REUSEADDR */
	bool mine, theirs;
	const char *words;
};

static const struct change changes[] = {
	{false, false, true, false,
	 N_("SO_REUSEADDR on this socket before the call: the other has it.")},
	{false, true, true, false,
	 N_("SO_REUSEPORT on this socket before the call: the other has it.")},
	{false, false, false, true, N_("SO_REUSEADDR on the other socket too, while it lives.")},
	{false, true, false, true, N_("SO_REUSEPORT on the other socket too, while it lives.")},
	{false, false, true, true, N_("SO_REUSEADDR on both sockets, before each of them binds.")},
	{false, true, true, true, N_("SO_REUSEPORT on both sockets, before each of them binds.")},
	{true, false, false, false,
	 N_("A socket that the user of the other makes: the owner is "
	    "whoever called socket(2).")},
};

static void set(struct rt_row *row, bool port)
{
	struct rt_flag *flag = port ? &row->reuseport : &row->reuseaddr;

	*flag = (struct rt_flag){1, RT_FROM_PROCESS};
}

static bool helps(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
		  const struct rt_rules_verdict *verdict, const struct change *change)
{
	struct rt_rules_query changed = *query;
	struct rt_rules_verdict then = {0};
	struct rt_snapshot copy = {0};
	struct rt_row self = *query->self;
	bool is_free;

	rt_snapshot_copy(&copy, snapshot);
	changed.self = &self;
	if (change->mine)
		set(&self, change->port);
	if (change->owner)
		self.uid = snapshot->row[verdict->by_row].uid;
	for (size_t i = 0; i < verdict->n && change->theirs; i++)
		if (verdict->socket[i].allows != RT_YES)
			set(&copy.row[verdict->socket[i].row], change->port);
	rt_rules_judge(&copy, &changed, &then);
	is_free = then.err == 0 && then.n_also == 0;
	rt_rules_fini(&then);
	rt_snapshot_fini(&copy);
	return is_free;
}

static void try_options(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
			const struct rt_rules_verdict *verdict, struct rt_str *out)
{
	const struct rt_row *by = &snapshot->row[verdict->by_row];
	const char *besides = NULL;

	for (size_t i = 0; i < RT_COUNT(changes); i++)
		if (helps(snapshot, query, verdict, &changes[i])) {
			rt_str_add(out, _(changes[i].words));
			break;
		}
	if (by->proto == RT_TCP && by->state == RT_TIME_WAIT)
		besides = out->len ? _("Or wait: the record ends by itself after 60 s.")
				   : _("Wait: the record ends by itself after 60 s.");
	else if (by->proto == RT_TCP && by->state == RT_LISTEN)
		besides = out->len ? _("Or close the other: it listens.")
				   : _("Close the other: it listens.");
	if (besides)
		rt_str_addf(out, "%s%s", out->len ? " " : "", besides);
}

/* connect() takes a port that is in use when its four values stay unique; UDP has no such rule. */
static const char *no_port(const struct rt_rules_query *query)
{
	if (query->call != RT_RULES_CONNECT)
		return _("A larger ip_local_port_range, or IP_BIND_ADDRESS_NO_PORT: then connect "
			 "chooses the port, for each peer anew.");
	if (query->self->proto == RT_UDP)
		return _("A larger ip_local_port_range.");
	return _("A larger ip_local_port_range. Another peer, too, where connect chose the ports "
		 "that are in use.");
}

static const char *const advice[RT_REASONS] = {
	[RT_REASON_BOUND] = N_("A new socket."),
	[RT_REASON_FAMILY] = N_("A socket of the family of the address."),
	[RT_REASON_NOT_LOCAL] = N_("An address of this host, 0.0.0.0 or [::], or IP_FREEBIND."),
	[RT_REASON_V6ONLY_MAPPED] = N_("IPV6_V6ONLY 0 before bind, or an IPv4 socket."),
	[RT_REASON_MULTICAST] = N_("UDP."),
	[RT_REASON_NO_SCOPE] = N_("An address of another scope, or SO_BINDTODEVICE."),
	[RT_REASON_LOW_PORT] = N_("A port from 1024 on, or the capability."),
	[RT_REASON_NO_LISTEN] = N_("TCP. A UDP socket receives as soon as it is bound."),
	[RT_REASON_CONNECTED] = N_("A new socket."),
	[RT_REASON_CONNECTING] = N_("Wait until the socket is writable: connect(2)."),
	[RT_REASON_TUPLE] = N_("Another local port or address, or another peer."),
	[RT_REASON_NO_LISTENER] = N_("A socket that listens there, first."),
	[RT_REASON_QUEUE_FULL] = N_("accept() on the listener, or a larger backlog."),
};

void rt_rules_words_try(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
			const struct rt_rules_verdict *verdict, struct rt_str *out)
{
	if (verdict->err == 0)
		return;
	if (verdict->reason == RT_REASON_SOCKET && verdict->by_row < snapshot->n)
		try_options(snapshot, query, verdict, out);
	else if (verdict->reason == RT_REASON_NO_PORT)
		rt_str_add(out, no_port(query));
	else if (advice[verdict->reason])
		rt_str_add(out, _(advice[verdict->reason]));
}
