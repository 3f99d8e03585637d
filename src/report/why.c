/* The judgement and its sentences. */
#include "report/why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/lex.h"
#include "rules/words.h"

void rt_why_fini(struct rt_why *why)
{
	for (int i = 0; i < RT_WHY_TRIES; i++)
		rt_rules_fini(&why->verdict[i]);
	rt_snapshot_fini(&why->sockets);
	rt_holders_fini(&why->holders);
	free((void *)(uintptr_t)why->net.local);
	memset(why, 0, sizeof(*why));
}

void rt_why_judge(struct rt_why *why)
{
	struct rt_rules_net net = why->net;

	net.unprivileged_from = 0;
	why->low_port = why->addr.port < why->net.unprivileged_from;
	for (int i = 0; i < RT_WHY_TRIES; i++) {
		const struct rt_row self = {
			.proto = (uint8_t)why->proto,
			.state = RT_CLOSE,
			.uid = why->uid,
			.ifindex = why->ifindex,
			.v6only = why->v6only,
			.local.family = why->addr.family,
			.source = RT_FROM_PROCESS,
			.reuseaddr.value = i == RT_WHY_REUSEADDR,
			.reuseport.value = i == RT_WHY_REUSEPORT,
		};
		const struct rt_rules_query query = {
			.call = RT_RULES_BIND,
			.self = &self,
			.addr = why->addr,
			.net = &net,
			.freebind = why->nonlocal,
		};

		rt_rules_judge(&why->sockets, &query, &why->verdict[i]);
	}
}

static bool is_sure(const struct rt_rules_verdict *verdict)
{
	return verdict->n_also == 0;
}

static bool is_success(const struct rt_rules_verdict *verdict)
{
	return verdict->err == 0 && is_sure(verdict);
}

bool rt_why_is_free(const struct rt_why *why)
{
	return !why->low_port && is_success(&why->verdict[RT_WHY_PLAIN]);
}

/* --- pieces ----------------------------------------------------------------------------------- */

void rt_why_target(const struct rt_why *why, struct rt_str *out)
{
	char host[RT_ADDR_TEXT];
	bool six = why->addr.family == AF_INET6;

	rt_addr_host(&why->addr, host);
	rt_str_addf(out, "%s%s%s%s%s:%u", six ? "[" : "", host, why->device[0] ? "%" : "",
		    why->device, six ? "]" : "", why->addr.port);
}

static const char *result_word(int err)
{
	return err ? rt_errno_name(err) : _("success");
}

void rt_why_result(const struct rt_why *why, enum rt_why_try try, struct rt_str *out)
{
	const struct rt_rules_verdict *verdict = &why->verdict[try];

	/* __inet_bind() asks for the privilege before it looks at another socket. */
	if (why->low_port && verdict->reason != RT_REASON_NOT_LOCAL) {
		rt_str_add(out, result_word(EACCES));
		return;
	}
	rt_str_add(out, result_word(verdict->err));
	for (size_t i = 0; i < verdict->n_also; i++)
		rt_str_addf(out, _(" or %s"), result_word(verdict->also[i]));
}

static const char *proto_word(const struct rt_why *why)
{
	return why->proto == RT_TCP ? "TCP" : "UDP";
}

/* "sshd (pid 812)", "sshd (pid 812 and 3 more)"; whose it is where nobody is seen. */
static void add_who(const struct rt_why *why, const struct rt_row *row, struct rt_str *out)
{
	size_t n, others = 0;
	const struct rt_holder *holder = rt_holders_of(&why->holders, row->inode, &n);
	char *command;

	if (!holder) {
		rt_str_addf(out, _("a process of uid %u"), row->uid);
		return;
	}
	for (size_t i = 1; i < n; i++)
		others += holder[i].pid != holder[i - 1].pid;
	command = rt_text_harmless(holder->command, strlen(holder->command));
	rt_str_addf(out, others ? _("%s (pid %d and %zu more)") : _("%s (pid %d)"),
		    command[0] ? command : "?", holder->pid, others);
	free(command);
}

static void add_record(const struct rt_row *row, struct rt_str *out)
{
	char local[RT_ADDR_TEXT], peer[RT_ADDR_TEXT];

	rt_addr_format(&row->local, local);
	rt_addr_format(&row->peer, peer);
	if (row->timer == RT_TIMER_TIME_WAIT)
		rt_str_addf(out,
			    _("a closed connection from %s to %s is in %s for another %u.%u s"),
			    local, peer, rt_state_name(row->proto, row->state),
			    row->timer_ms / 1000, row->timer_ms % 1000 / 100);
	else if (row->state == RT_ESTABLISHED)
		rt_str_addf(out, _("a connection from %s to %s waits to be accepted"), peer, local);
	else
		rt_str_addf(out, _("a connection from %s to %s is in %s"), local, peer,
			    rt_state_name(row->proto, row->state));
}

/* "sshd (pid 812) listens on 0.0.0.0:22". */
static void add_blocker(const struct rt_why *why, const struct rt_row *row, struct rt_str *out)
{
	char local[RT_ADDR_TEXT], peer[RT_ADDR_TEXT];

	if (row->inode == 0) {
		add_record(row, out);
		return;
	}
	add_who(why, row, out);
	rt_addr_format(&row->local, local);
	if (row->state == RT_LISTEN)
		rt_str_addf(out, _(" listens on %s"), local);
	else if (row->peer.family == AF_UNSPEC)
		rt_str_addf(out, _(" has a socket bound to %s"), local);
	else
		rt_str_addf(out, _(" has a connection from %s to %s (%s)"), local,
			    rt_addr_format(&row->peer, peer),
			    rt_state_name(row->proto, row->state));
}

/* --- the sentence ----------------------------------------------------------------------------- */

/* Which sockets would need the option too. */
static const char *only_if(const struct rt_rules_verdict *verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < verdict->n; i++)
		n += verdict->socket[i].allows != RT_YES;
	return n > 1 ? _("only if those sockets have it too, which is unknown")
		     : _("only if that socket has it too, which is unknown");
}

static void add_help(const struct rt_rules_verdict *verdict, const char *option, struct rt_str *out)
{
	if (is_success(verdict))
		rt_str_addf(out, _("%s would help"), option);
	else if (is_sure(verdict))
		rt_str_addf(out, _("%s would not help"), option);
	else if (verdict->depends & RT_DEPENDS_OPTION)
		rt_str_addf(out, _("%s helps %s"), option, only_if(verdict));
	else
		rt_str_addf(out, _("%s may help or not"), option);
}

static void add_options_help(const struct rt_why *why, struct rt_str *out)
{
	const struct rt_rules_verdict *addr = &why->verdict[RT_WHY_REUSEADDR],
				      *port = &why->verdict[RT_WHY_REUSEPORT];

	if (is_sure(addr) && is_sure(port) && addr->err && port->err) {
		rt_str_add(out, _("neither SO_REUSEADDR nor SO_REUSEPORT of the new socket alone "
				  "would help"));
	} else if (addr->depends & port->depends & RT_DEPENDS_OPTION) {
		rt_str_addf(out, _("SO_REUSEADDR or SO_REUSEPORT helps %s"), only_if(addr));
	} else if (is_success(addr) && is_success(port)) {
		rt_str_add(out, _("SO_REUSEADDR or SO_REUSEPORT would help"));
	} else {
		add_help(addr, "SO_REUSEADDR", out);
		rt_str_add(out, ", ");
		add_help(port, "SO_REUSEPORT", out);
	}
}

/* The milliseconds until the last one in the way is gone; 0 where time alone does not help. */
static uint32_t last_gone_ms(const struct rt_why *why)
{
	const struct rt_rules_verdict *verdict = &why->verdict[RT_WHY_PLAIN];
	uint32_t last = 0;

	for (size_t i = 0; i < verdict->n; i++) {
		const struct rt_row *row = &why->sockets.row[verdict->socket[i].row];

		if (verdict->socket[i].allows == RT_YES)
			continue;
		if (row->timer != RT_TIMER_TIME_WAIT)
			return 0;
		last = row->timer_ms > last ? row->timer_ms : last;
	}
	return last;
}

static void add_taken(const struct rt_why *why, struct rt_str *out)
{
	const struct rt_rules_verdict *verdict = &why->verdict[RT_WHY_PLAIN];
	uint32_t last_ms = last_gone_ms(why);
	size_t others = 0;

	for (size_t i = 0; i < verdict->n; i++)
		others += i != verdict->by && verdict->socket[i].allows != RT_YES;
	add_blocker(why, &why->sockets.row[verdict->by_row], out);
	if (others)
		rt_str_addf(out,
			    P_(", and %zu socket more is in the way",
			       ", and %zu sockets more are in the way", others),
			    others);
	if (others && last_ms)
		rt_str_addf(out, _(", the last of them for another %u.%u s"), last_ms / 1000,
			    last_ms % 1000 / 100);
	rt_str_add(out, "; ");
	add_options_help(why, out);
}

static void add_free(const struct rt_why *why, struct rt_str *out)
{
	size_t n = why->verdict[RT_WHY_PLAIN].n;

	if (n == 0)
		rt_str_addf(out, _("no socket is on %s port %u"), proto_word(why), why->addr.port);
	else
		rt_str_addf(out,
			    P_("%zu socket is on %s port %u, with an address that does not overlap",
			       "%zu sockets are on %s port %u, none with an address that overlaps",
			       n),
			    n, proto_word(why), why->addr.port);
	if (why->verdict[RT_WHY_PLAIN].depends & RT_DEPENDS_LOCAL)
		rt_str_add(out, _(", but whether this host has the address is not known"));
}

/* A refusal that has nothing to do with other sockets: the rules have a sentence for it. */
static void add_other(const struct rt_why *why, struct rt_str *out)
{
	struct rt_rules_query query = {.call = RT_RULES_BIND};
	struct rt_str text = {0};

	rt_rules_words_answer(&why->sockets, &query, &why->verdict[RT_WHY_PLAIN], &text);
	rt_str_addn(out, rt_str_text(&text), strcspn(rt_str_text(&text), "\n"));
	rt_str_fini(&text);
}

void rt_why_sentence(const struct rt_why *why, struct rt_str *out)
{
	const struct rt_rules_verdict *verdict = &why->verdict[RT_WHY_PLAIN];
	bool by_socket = verdict->reason == RT_REASON_SOCKET;

	if (rt_why_is_free(why)) {
		rt_str_add(out, _("Yes: "));
	} else if (is_sure(verdict) || why->low_port) {
		rt_str_add(out, _("No: "));
	} else {
		rt_str_add(out, _("Perhaps not: "));
	}
	if (why->low_port && verdict->reason != RT_REASON_NOT_LOCAL) {
		rt_str_addf(out, _("ports below %u need root or CAP_NET_BIND_SERVICE"),
			    why->net.unprivileged_from);
		if (!by_socket) {
			rt_str_addc(out, '.');
			return;
		}
		rt_str_add(out, _(", and "));
	}
	if (by_socket)
		add_taken(why, out);
	else if (verdict->err == 0)
		add_free(why, out);
	else
		add_other(why, out);
	rt_str_addc(out, '.');
}

/* --- notes ------------------------------------------------------------------------------------ */

static size_t count_unseen(const struct rt_why *why)
{
	size_t unseen = 0, n;

	for (size_t i = 0; i < why->sockets.n; i++)
		unseen += why->sockets.row[i].inode &&
			  !rt_holders_of(&why->holders, why->sockets.row[i].inode, &n);
	return unseen;
}

static bool has_unknown_option(const struct rt_why *why)
{
	for (size_t i = 0; i < why->sockets.n; i++)
		if (why->sockets.row[i].inode && why->sockets.row[i].reuseaddr.value < 0)
			return true;
	return false;
}

static bool has_record(const struct rt_why *why)
{
	for (size_t i = 0; i < why->sockets.n; i++)
		if (why->sockets.row[i].inode == 0)
			return true;
	return false;
}

static void note_hidden(const struct rt_why *why, struct rt_str *out)
{
	size_t unseen = count_unseen(why);

	if (why->holders.sys)
		rt_str_addf(out, _("/proc cannot be read (%s), so no process is known by name.\n"),
			    rt_errno_name(why->holders.sys));
	else if (unseen && why->is_root)
		rt_str_addf(out,
			    P_("No process that can be seen here holds %zu of the sockets: it is "
			       "the kernel's own, or of another pid namespace.\n",
			       "No process that can be seen here holds %zu of the sockets: they "
			       "are the kernel's own, or of another pid namespace.\n",
			       unseen),
			    unseen);
	else if (unseen || (has_unknown_option(why) && !why->is_root))
		rt_str_add(out, _("What other users run is hidden from you. To see their processes "
				  "and options: sudo reuse-tutor why ..., with the same words.\n"));
	else if (has_unknown_option(why))
		rt_str_add(out, _("The options of some sockets are unknown: pidfd_getfd(2) was "
				  "refused.\n"));
	if (why->holders.cut)
		rt_str_addf(out,
			    P_("%zu process has many descriptors, and not all were looked at: it "
			       "may hold a socket too.\n",
			       "%zu processes have many descriptors, and not all were looked at: "
			       "they may hold a socket too.\n",
			       why->holders.cut),
			    why->holders.cut);
}

void rt_why_notes(const struct rt_why *why, struct rt_str *out)
{
	if (why->verdict[RT_WHY_PLAIN].n)
		note_hidden(why, out);
	if (why->verdict[RT_WHY_PLAIN].n && has_record(why))
		rt_str_add(out, _("Where no process holds a socket, the kernel keeps its options "
				  "and tells them to nobody.\n"));
	if (why->proto == RT_TCP && !why->sockets.has_bound)
		rt_str_add(out, _("Before Linux 6.8 the kernel does not show TCP sockets that are "
				  "bound and neither listen nor are connected: one may be in the "
				  "way.\n"));
}
