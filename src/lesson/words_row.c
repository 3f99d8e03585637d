/* The cells of the socket table. */
#include <stdio.h>

#include "base/i18n.h"
#include "lesson/words.h"

bool rt_words_tell_uids(const struct rt_snapshot *snapshot)
{
	const struct rt_row *first = NULL;

	for (size_t i = 0; i < snapshot->n; i++) {
		const struct rt_row *row = &snapshot->row[i];

		if (row->inode == 0 || row->source != RT_FROM_DIAG || row->mark == RT_MARK_GONE)
			continue;
		if (first && first->uid != row->uid)
			return true;
		first = row;
	}
	return false;
}

const char *rt_words_column(enum rt_column column)
{
	static const char *const name[RT_COLUMNS] = {
		[RT_COL_MARK] = "",
		[RT_COL_NAME] = "NAME",
		[RT_COL_PROTO] = "PROTO",
		[RT_COL_STATE] = "STATE",
		[RT_COL_LOCAL] = "LOCAL",
		[RT_COL_PEER] = "PEER",
		[RT_COL_REUSE] = "REUSE",
		[RT_COL_REUSEADDR] = "REUSEADDR",
		[RT_COL_REUSEPORT] = "REUSEPORT",
		[RT_COL_V6ONLY] = "V6ONLY",
		[RT_COL_OWNER] = "OWNER",
		[RT_COL_RECVQ] = "RECV-Q",
		[RT_COL_SENDQ] = "SEND-Q",
		[RT_COL_TIMER] = "TIMER",
		[RT_COL_UID] = "UID",
		[RT_COL_INODE] = "INODE",
		[RT_COL_COOKIE] = "COOKIE",
		[RT_COL_SOURCE] = "SOURCE",
	};

	return name[column];
}

static const char *remembered(uint8_t source)
{
	return source == RT_FROM_MEMORY ? "~" : "";
}

/* No process holds it: an orphan, a TIME_WAIT record, or a connection that nobody has accepted. */
static bool is_kernels(const struct rt_row *row)
{
	return row->n_owners == 0 && row->inode == 0;
}

static void add_name(const struct rt_row *row, struct rt_str *out)
{
	if (!row->name[0]) {
		rt_str_add(out, row->n_owners ? row->owner[0] : "-");
		return;
	}
	rt_str_addf(out, "%s.%s%s", row->name_owner, row->name, row->name_remembered ? " ~" : "");
}

static void add_flag(char letter, struct rt_flag flag, struct rt_str *out)
{
	rt_str_addf(out, "%c%c%s", letter,
		    flag.value < 0 ? '?'
		    : flag.value   ? '+'
				   : '-',
		    remembered(flag.source));
}

static void add_flag_long(struct rt_flag flag, struct rt_str *out)
{
	const char *value = flag.value < 0 ? "?" : flag.value ? _("yes") : _("no");

	rt_str_addf(out, "%s%s%s", value, flag.source == RT_FROM_MEMORY ? " " : "",
		    remembered(flag.source));
}

static void add_v6only(const struct rt_row *row, struct rt_str *out)
{
	if (row->local.family != AF_INET6)
		rt_str_add(out, "-");
	else
		add_flag_long((struct rt_flag){.value = row->v6only}, out);
}

static void add_owner(const struct rt_row *row, struct rt_str *out)
{
	if (is_kernels(row))
		rt_str_add(out, _("kernel"));
	else if (row->n_owners == 0)
		rt_str_add(out, _("another"));
	for (size_t i = 0; i < row->n_owners && i < RT_OWNERS_MAX; i++)
		rt_str_addf(out, "%s%s", i ? "+" : "", row->owner[i]);
	if (row->n_owners > RT_OWNERS_MAX)
		rt_str_add(out, "+...");
}

static void add_state(const struct rt_row *row, struct rt_str *out)
{
	enum rt_proto proto = (enum rt_proto)row->proto;

	if (row->mark == RT_MARK_GONE) {
		/* The state that it had would read as if it still had it. */
		rt_str_add(out, _("gone"));
		return;
	}
	if (row->mark == RT_MARK_CHANGED && row->old_state != row->state)
		rt_str_addf(out, "%s -> ", rt_state_name(proto, (enum rt_state)row->old_state));
	rt_str_add(out, rt_state_name(proto, (enum rt_state)row->state));
}

static void add_timer(const struct rt_snapshot *snapshot, const struct rt_row *row, int64_t now_ms,
		      struct rt_str *out)
{
	uint32_t left = rt_snapshot_timer_ms(snapshot, row, now_ms);

	if (row->timer == RT_TIMER_NONE || row->mark == RT_MARK_GONE)
		rt_str_add(out, "-");
	else
		rt_str_addf(out, "%s %u.%u s", rt_timer_name((enum rt_timer)row->timer),
			    left / 1000, left / 100 % 10);
}

static void add_addr(const struct rt_addr *addr, struct rt_str *out)
{
	char text[RT_ADDR_TEXT];

	/*
	 * An unconnected socket has no peer, an unbound one no local address; a failed connect()
	 * leaves the host alone.
	 */
	if (addr->port == 0)
		rt_str_add(out, "-");
	else
		rt_str_add(out, rt_addr_format(addr, text));
}

static void add_number(const struct rt_row *row, bool from_process, uint64_t number,
		       struct rt_str *out)
{
	if (!from_process && row->source == RT_FROM_PROCESS)
		rt_str_add(out, "-");
	else
		rt_str_addf(out, "%llu", (unsigned long long)number);
}

static void add_uid(const struct rt_row *row, struct rt_str *out)
{
	if (is_kernels(row))
		rt_str_add(out, _("kernel"));
	else
		add_number(row, false, row->uid, out);
}

void rt_words_cell(enum rt_column column, const struct rt_snapshot *snapshot,
		   const struct rt_row *row, int64_t now_ms, struct rt_str *out)
{
	static const char mark[] = {[RT_MARK_SAME] = ' ',
				    [RT_MARK_NEW] = '+',
				    [RT_MARK_CHANGED] = '*',
				    [RT_MARK_GONE] = '-'};

	switch (column) {
	case RT_COL_MARK:
		rt_str_addc(out, mark[row->mark]);
		return;
	case RT_COL_NAME:
		add_name(row, out);
		return;
	case RT_COL_PROTO:
		rt_str_addf(out, "%s%s", rt_proto_name((enum rt_proto)row->proto),
			    row->local.family == AF_INET6 ? "6" : "");
		return;
	case RT_COL_STATE:
		add_state(row, out);
		return;
	case RT_COL_LOCAL:
		add_addr(&row->local, out);
		return;
	case RT_COL_PEER:
		add_addr(&row->peer, out);
		return;
	case RT_COL_REUSE:
		add_flag('A', row->reuseaddr, out);
		rt_str_addc(out, ' ');
		add_flag('P', row->reuseport, out);
		return;
	case RT_COL_REUSEADDR:
		add_flag_long(row->reuseaddr, out);
		return;
	case RT_COL_REUSEPORT:
		add_flag_long(row->reuseport, out);
		return;
	case RT_COL_V6ONLY:
		add_v6only(row, out);
		return;
	case RT_COL_OWNER:
		add_owner(row, out);
		return;
	case RT_COL_RECVQ:
		add_number(row, false, row->rqueue, out);
		return;
	case RT_COL_SENDQ:
		add_number(row, false, row->wqueue, out);
		return;
	case RT_COL_TIMER:
		add_timer(snapshot, row, now_ms, out);
		return;
	case RT_COL_UID:
		add_uid(row, out);
		return;
	case RT_COL_INODE:
		add_number(row, true, row->inode, out);
		return;
	case RT_COL_COOKIE:
		add_number(row, true, row->cookie, out);
		return;
	case RT_COL_SOURCE:
		rt_str_add(out, row->source == RT_FROM_PROCESS ? _("process") : "sock_diag");
		return;
	case RT_COLUMNS:
		break;
	}
}

void rt_words_groups(const struct rt_snapshot *snapshot, struct rt_str *out)
{
	const char *before = _("Groups joined on lo: ");

	for (size_t i = 0; i < snapshot->groups.n; i++) {
		const struct rt_group *group = &snapshot->groups.group[i];

		if (!rt_group_is_shown(group))
			continue;
		rt_str_add(out, before);
		rt_group_format(group->addr, out);
		rt_str_add(out, " (");
		rt_str_addf(out, P_("%u user", "%u users", group->users), group->users);
		rt_str_add(out, ")");
		before = ", ";
	}
}
