#include "rules/words.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "rules/words_private.h"

/* For each reason: what decided, the rule behind it, and where that stands. */
static const struct {
	const char *sentence, *rule, *source;
} reasons[RT_REASONS] = {
	[RT_REASON_FREE] = {N_("no socket on this port has an overlapping address"),
			    N_("Sockets conflict only on one port, with addresses that overlap."),
			    "inet_csk_get_port(), udp_lib_get_port()"},
	[RT_REASON_ALLOWED] = {N_("each socket with an overlapping address allows it"), NULL, NULL},
	[RT_REASON_SOCKET] = {N_("a socket on this port does not allow it"), NULL, NULL},
	[RT_REASON_FREE_PORT] = {N_("the kernel finds a free port"),
				 N_("Port 0 lets the kernel choose from ip_local_port_range."),
				 "inet_csk_find_open_port(), ip(7)"},
	[RT_REASON_NO_PORT] = {N_("no port of ip_local_port_range is left"),
			       N_("Port 0 lets the kernel choose from ip_local_port_range."),
			       "inet_csk_find_open_port(), __inet_hash_connect(), ip(7)"},
	[RT_REASON_PORT_LATER] = {N_("the port is chosen at connect"),
				  N_("IP_BIND_ADDRESS_NO_PORT puts the choice off."), "ip(7)"},
	[RT_REASON_BOUND] = {N_("the socket is bound already"), N_("A socket is bound once."),
			     "bind(2), __inet_bind()"},
	[RT_REASON_FAMILY] = {N_("the address is not of the family of the socket"),
			      N_("An IPv4 socket takes IPv4 addresses, an IPv6 socket IPv6 ones."),
			      "ip(7), ipv6(7)"},
	[RT_REASON_NOT_LOCAL] = {N_("this host does not have the address"),
				 N_("Without IP_FREEBIND the address must be one of the host."),
				 "ip(7), __inet_bind()"},
	[RT_REASON_V6ONLY_MAPPED] = {N_("IPV6_V6ONLY keeps the socket from IPv4"),
				     N_("With IPV6_V6ONLY a socket has no IPv4 address."),
				     "ipv6(7), __inet6_bind()"},
	[RT_REASON_MULTICAST] = {N_("TCP has no multicast or broadcast"),
				 N_("A TCP connection has one peer."),
				 "__inet6_bind(), tcp_v4_connect()"},
	[RT_REASON_NO_SCOPE] = {N_("the address means nothing without its interface"),
				N_("A link-local address needs a scope."),
				"ipv6(7), __inet6_bind()"},
	[RT_REASON_LOW_PORT] = {N_("the port needs CAP_NET_BIND_SERVICE"),
				N_("Ports below ip_unprivileged_port_start need a privilege."),
				"ip(7), __inet_bind()"},
	[RT_REASON_NO_LISTEN] = {N_("a UDP socket does not listen"),
				 N_("Only a socket type with connections listens."), "listen(2)"},
	[RT_REASON_LISTENS] = {N_("it listens already: only the backlog changes"),
			       N_("A second listen() asks no other socket."), "__inet_listen_sk()"},
	[RT_REASON_CONNECTED] = {N_("the socket has a connection, or listens"),
				 N_("A socket has one part: it listens, or it is a connection."),
				 "__inet_listen_sk(), __inet_stream_connect()"},
	[RT_REASON_CONNECTING] = {N_("a connect is under way"),
				  N_("A socket makes one connection at a time."),
				  "connect(2), __inet_stream_connect()"},
	[RT_REASON_TUPLE] = {N_("a connection with the same two addresses and ports is there"),
			     N_("Two TCP connections never share all four values."),
			     "__inet_check_established(), RFC 9293 section 3.4"},
	[RT_REASON_NO_LISTENER] = {N_("nobody listens at the peer's address"),
				   N_("A SYN without a listener is answered by a RST."),
				   "tcp_v4_rcv(), RFC 9293 section 3.10.7.1"},
	[RT_REASON_LISTENER] = {N_("a socket listens there"),
				N_("The most specific listener takes the connection."),
				"__inet_lookup_listener()"},
	[RT_REASON_QUEUE_FULL] = {N_("the accept queue there is full: connect waits"),
				  N_("A full accept queue drops the SYN, and TCP sends it again."),
				  "tcp_conn_request(), listen(2)"},
	[RT_REASON_SELF] = {N_("the socket meets itself"),
			    N_("A SYN to the own address and port is a simultaneous open."),
			    "RFC 9293 section 3.5"},
	[RT_REASON_UDP_PEER] = {N_("UDP has no connections that could conflict"),
				N_("UDP sockets may share all four values."),
				"__ip4_datagram_connect()"},
	[RT_REASON_STARTED] = {N_("the connection is on its way"),
			       N_("With O_NONBLOCK connect does not wait for the answer."),
			       "connect(2)"},
	[RT_REASON_ROUTE] = {N_("the peer is not an address of this host"),
			     N_("What a route leads to is not in the socket tables."), "ip(7)"},
};

static const char *const overlaps[RT_OVERLAPS] = {
	[RT_OVERLAP_PORT] = N_("another port"),
	[RT_OVERLAP_DEVICE] = N_("bound to another device"),
	[RT_OVERLAP_DIFFERENT] = N_("another address"),
	[RT_OVERLAP_FAMILY] = N_("one is IPv4, the other IPv6"),
	[RT_OVERLAP_V6ONLY] = N_("[::] with IPV6_V6ONLY takes in no IPv4 address"),
	[RT_OVERLAP_SAME] = N_("the same address"),
	[RT_OVERLAP_ANY4] = N_("0.0.0.0 takes in every IPv4 address"),
	[RT_OVERLAP_ANY6] = N_("[::] takes in every IPv6 address"),
	[RT_OVERLAP_DUAL] = N_("[::] without IPV6_V6ONLY takes in every IPv4 address"),
	[RT_OVERLAP_UNMARKED] = N_("0.0.0.0 meets every socket without IPV6_V6ONLY"),
};

static const struct {
	unsigned bit;
	const char *what;
} dependences[] = {
	{RT_DEPENDS_CACHE, N_("which socket was bound, or began to listen, last on this port: "
			      "one with SO_REUSEPORT leaves its address in the port's cache")},
	{RT_DEPENDS_ORDER, N_("which socket was bound later: UDP asks the newest first and stops "
			      "at one that SO_REUSEPORT lets pass")},
	{RT_DEPENDS_OPTION, N_("an option that sock_diag does not report")},
	{RT_DEPENDS_OWNER, N_("the uid of a socket that no process holds")},
	{RT_DEPENDS_V6ONLY, N_("an IPV6_V6ONLY that sock_diag does not report")},
	{RT_DEPENDS_LOCAL, N_("whether this host has the address")},
	{RT_DEPENDS_ROUTE, N_("what lies beyond this host")},
	{RT_DEPENDS_CHOSEN, N_("whether the ports in use were bound, or chosen by connect")},
	{RT_DEPENDS_TIME, N_("how much time passes")},
	{RT_DEPENDS_PORT, N_("the port that the kernel chooses: from the peer's own the socket "
			     "meets itself")},
};

/* --- lines ------------------------------------------------------------------------------------ */

/*
 * Adds text in lines of at most RT_RULES_LINE columns. The first goes on at column `at`, where out
 * stands; the others begin at indent.
 */
static void add_wrapped(const char *text, int at, int indent, struct rt_str *out)
{
	int column = at;

	while (*text) {
		size_t len = strcspn(text, " ");
		int width = rt_columns(text, len);

		if (column > indent && column + 1 + width > RT_RULES_LINE) {
			rt_str_addf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > at) {
			rt_str_addc(out, ' ');
			column++;
		}
		rt_str_addn(out, text, len);
		column += width;
		text += len + strspn(text + len, " ");
	}
	rt_str_addc(out, '\n');
}

static const char *result_name(int err)
{
	return err ? rt_errno_name(err) : _("success");
}

/* "EADDRINUSE or success". */
void rt_words_results(const struct rt_rules_verdict *verdict, struct rt_str *out)
{
	rt_str_add(out, result_name(verdict->err));
	for (size_t i = 0; i < verdict->n_also; i++)
		rt_str_addf(out, _(" or %s"), result_name(verdict->also[i]));
}

const char *rt_words_reason(const struct rt_rules_verdict *verdict)
{
	return _(reasons[verdict->reason].sentence);
}

const char *rt_words_dependence(const struct rt_rules_verdict *verdict, size_t *from)
{
	while (*from < RT_COUNT(dependences)) {
		size_t i = (*from)++;

		if (verdict->depends & dependences[i].bit)
			return _(dependences[i].what);
	}
	return NULL;
}

static void add_source(const char *source, struct rt_str *out)
{
	rt_str_addf(out, "  [%s]\n", source);
}

/* --- the answer ------------------------------------------------------------------------------- */

void rt_rules_words_answer(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
			   const struct rt_rules_verdict *verdict, struct rt_str *out)
{
	struct rt_str text = {0};
	const char *what;

	(void)snapshot;
	(void)query;
	rt_words_results(verdict, &text);
	rt_str_addf(&text, ": %s", _(reasons[verdict->reason].sentence));
	add_wrapped(rt_str_text(&text), 0, 0, out);
	for (size_t i = 0; (what = rt_words_dependence(verdict, &i)) != NULL;) {
		rt_str_clear(&text);
		rt_str_addf(&text, _("It depends on %s."), what);
		rt_str_add(out, "  ");
		add_wrapped(rt_str_text(&text), 2, 2, out);
	}
	rt_str_fini(&text);
}

/* --- one socket ------------------------------------------------------------------------------- */

void rt_rules_words_overlap(enum rt_overlap overlap, struct rt_str *out)
{
	rt_str_add(out, _(overlaps[overlap]));
}

static const char *option_word(int64_t value)
{
	return value < 0 ? _("unknown") : value ? _("set") : _("not set");
}

static void add_options(const char *option, const struct rt_rules_clause *clause,
			struct rt_str *out)
{
	rt_str_addf(out, _("%s on both: here %s, there %s"), option, option_word(clause->mine),
		    option_word(clause->theirs));
}

void rt_words_clause(const struct rt_row *row, const struct rt_rules_socket *s,
		     const struct rt_rules_clause *clause, struct rt_str *out)
{
	switch (clause->id) {
	case RT_CLAUSE_DEVICE:
		rt_str_addf(out, _("one device, or none: here %lld, there %lld"),
			    (long long)clause->mine, (long long)clause->theirs);
		break;
	case RT_CLAUSE_ADDRESS:
		rt_str_addf(out, _("the addresses overlap: %s"), _(overlaps[s->overlap]));
		break;
	case RT_CLAUSE_REUSEADDR:
		add_options("SO_REUSEADDR", clause, out);
		break;
	case RT_CLAUSE_NOT_LISTENING:
		rt_str_addf(out, _("and the other does not listen: it is %s"),
			    rt_state_name(row->proto, row->state));
		break;
	case RT_CLAUSE_REUSEPORT:
		add_options(_("or SO_REUSEPORT"), clause, out);
		break;
	case RT_CLAUSE_OWNER:
		if (clause->holds == RT_MAYBE)
			rt_str_add(out, _("and one owner: the kernel holds it, its uid is hidden"));
		else if (rt_state_is_passing(row->state) || row->inode)
			rt_str_addf(out, _("and one owner: here uid %lld, there uid %lld"),
				    (long long)clause->mine, (long long)clause->theirs);
		else
			rt_str_add(out, _("and one owner: a record of a closed socket has none"));
		break;
	case RT_CLAUSE_PEER:
		rt_str_add(out, _("the peer is the same"));
		break;
	case RT_CLAUSE_ALIVE:
		rt_str_addf(out, _("and it is no record that may be taken over: it is %s"),
			    rt_state_name(row->proto, row->state));
		break;
	default:
		break;
	}
}

const char *rt_words_holds(uint8_t holds)
{
	return holds == RT_YES ? _("yes") : holds == RT_NO ? _("no") : "?";
}

void rt_words_row(const struct rt_row *row, struct rt_str *out)
{
	char local[RT_ADDR_TEXT];

	if (row->name[0])
		rt_str_addf(out, "%s.%s  ", row->name_owner, row->name);
	rt_str_addf(out, "%s %s %s", rt_proto_name(row->proto),
		    rt_state_name(row->proto, row->state), rt_addr_format(&row->local, local));
}

void rt_words_head(const struct rt_row *row, const struct rt_rules_socket *s, struct rt_str *out)
{
	rt_words_row(row, out);
	rt_str_add(out, ": ");
	if (s->allows == RT_MAYBE)
		rt_str_add(out, _("allows it or not"));
	else
		rt_str_add(out, s->allows == RT_YES ? _("allows it") : _("refuses"));
}

/* Who uses devices knows it; to all others the clause is noise. */
bool rt_words_is_noise(const struct rt_rules_clause *clause)
{
	return clause->id == RT_CLAUSE_DEVICE && !clause->mine && !clause->theirs;
}

void rt_rules_words_socket(const struct rt_snapshot *snapshot, const struct rt_rules_socket *socket,
			   struct rt_str *out)
{
	const struct rt_row *row = &snapshot->row[socket->row];
	struct rt_str text = {0};

	rt_words_head(row, socket, out);
	rt_str_addc(out, '\n');
	for (size_t i = 0; i < socket->n_clauses; i++) {
		const struct rt_rules_clause *clause = &socket->clause[i];

		if (rt_words_is_noise(clause))
			continue;
		rt_str_clear(&text);
		rt_words_clause(row, socket, clause, &text);
		rt_str_addf(&text, " - %s", rt_words_holds(clause->holds));
		rt_str_add(out, i == socket->decided ? "  > " : "    ");
		add_wrapped(rt_str_text(&text), 4, 6, out);
	}
	rt_str_fini(&text);
}

/* --- in one line ------------------------------------------------------------------------------ */

void rt_rules_words_because(const struct rt_snapshot *snapshot,
			    const struct rt_rules_verdict *verdict, struct rt_str *out)
{
	const struct rt_rules_socket *by =
		verdict->by < verdict->n ? &verdict->socket[verdict->by] : NULL;
	const struct rt_row *row = by ? &snapshot->row[by->row] : NULL;
	char local[RT_ADDR_TEXT];

	if (!row) {
		rt_str_add(out, _(reasons[verdict->reason].sentence));
		return;
	}
	if (row->name[0])
		rt_str_addf(out, "%s.%s ", row->name_owner, row->name);
	rt_str_addf(out, _("%s %s refuses: "), rt_state_name(row->proto, row->state),
		    rt_addr_format(&row->local, local));
	rt_words_clause(row, by, &by->clause[by->decided], out);
}

void rt_rules_words_short(const struct rt_snapshot *snapshot,
			  const struct rt_rules_verdict *verdict, struct rt_str *out)
{
	rt_words_results(verdict, out);
	rt_str_add(out, ": ");
	rt_rules_words_because(snapshot, verdict, out);
}

/* --- the rule --------------------------------------------------------------------------------- */

/* That of bind(2), where the reason has none of its own. UDP has no listeners and no records. */
const char *rt_words_rule(const struct rt_rules_query *query,
			  const struct rt_rules_verdict *verdict, const char **source)
{
	if (reasons[verdict->reason].rule) {
		*source = reasons[verdict->reason].source;
		return _(reasons[verdict->reason].rule);
	}
	if (query->self->proto == RT_UDP) {
		*source = "udp_lib_lport_inuse(), socket(7)";
		return _("UDP sockets share a port on overlapping addresses if both have "
			 "SO_REUSEADDR, or both have SO_REUSEPORT and one owner.");
	}
	*source = "inet_bind_conflict(), socket(7)";
	return _("Sockets share a port on overlapping addresses if both have SO_REUSEADDR and the "
		 "other does not listen, or both have SO_REUSEPORT and one owner. The options of "
		 "closed sockets in TIME_WAIT count.");
}

void rt_rules_words_rule(const struct rt_rules_query *query, const struct rt_rules_verdict *verdict,
			 struct rt_str *out)
{
	const char *source, *rule = rt_words_rule(query, verdict, &source);

	add_wrapped(rule, 0, 0, out);
	add_source(source, out);
}

void rt_rules_words(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
		    const struct rt_rules_verdict *verdict, size_t max, struct rt_str *out)
{
	size_t shown = 0;

	rt_rules_words_answer(snapshot, query, verdict, out);
	if (verdict->by < verdict->n && max > 0) {
		rt_rules_words_socket(snapshot, &verdict->socket[verdict->by], out);
		shown++;
	}
	for (size_t i = 0; i < verdict->n && shown < max; i++) {
		if (i == verdict->by)
			continue;
		rt_rules_words_socket(snapshot, &verdict->socket[i], out);
		shown++;
	}
	if (shown < verdict->n)
		rt_str_addf(
			out,
			P_("and %zu socket more\n", "and %zu sockets more\n", verdict->n - shown),
			verdict->n - shown);
	rt_rules_words_rule(query, verdict, out);
}
