/* The cells of rows that are shown as one. */
#include <stdio.h>

#include "base/i18n.h"
#include "lesson/words.h"

enum { PARTS = 4 }; /* of the member numbers, "1,3..9,...": the count tells the rest */

static bool differ(const struct rt_range *range)
{
	return range->min != range->max;
}

void rt_words_bundle_count(const struct rt_bundle *bundle, struct rt_str *out)
{
	rt_str_addf(out, P_("%zu socket", "%zu sockets", bundle->n), bundle->n);
}

void rt_words_bundle_ports(const struct rt_bundle *bundle, struct rt_str *out)
{
	const struct rt_range *port =
		differ(&bundle->local_port) ? &bundle->local_port : &bundle->peer_port;

	if (bundle->n > 1 && differ(port))
		rt_str_addf(out, _(", ports %u..%u"), port->min, port->max);
}

static void add_name(const struct rt_bundle *bundle, size_t parts, struct rt_str *out)
{
	const struct rt_row *row = bundle->row;
	int base = 0;

	if (!row->name[0]) {
		rt_words_bundle_count(bundle, out);
		return;
	}
	while (row->name[base] && row->name[base] != '[')
		base++;
	rt_str_addf(out, "%s.%.*s", row->name_owner, base, row->name);
	if (rt_bundle_is_numbered(bundle)) {
		rt_str_addc(out, '[');
		if (parts)
			rt_bundle_numbers(bundle, parts, out);
		else
			rt_str_addc(out, '*');
		rt_str_addc(out, ']');
	}
	rt_str_add(out, row->name_remembered ? " ~" : "");
}

void rt_words_bundle_name(const struct rt_bundle *bundle, struct rt_str *out)
{
	if (bundle->n > 1)
		add_name(bundle, 0, out);
	else
		rt_words_cell(RT_COL_NAME, NULL, bundle->row, 0, out);
}

static void add_addr(const struct rt_addr *addr, const struct rt_range *port, struct rt_str *out)
{
	struct rt_addr_pattern pattern = {.addr = *addr, .any_port = differ(port)};
	char text[RT_ADDR_TEXT];

	rt_str_add(out, addr->port == 0 ? "-" : rt_addr_pattern_format(&pattern, text));
}

static void add_queue(const struct rt_bundle *bundle, const struct rt_range *queue,
		      struct rt_str *out)
{
	if (bundle->row->source == RT_FROM_PROCESS)
		rt_str_addc(out, '-');
	else if (differ(queue))
		rt_str_addf(out, "%u..%u", queue->min, queue->max);
	else
		rt_str_addf(out, "%u", queue->min);
}

/* Whole seconds that all of them lie between. */
static void add_timer(const struct rt_snapshot *snapshot, const struct rt_bundle *bundle,
		      int64_t now_ms, struct rt_str *out)
{
	struct rt_row soonest = {.timer_ms = bundle->timer_ms.min};
	struct rt_row latest = {.timer_ms = bundle->timer_ms.max};

	if (bundle->row->timer == RT_TIMER_NONE || bundle->row->mark == RT_MARK_GONE) {
		rt_str_addc(out, '-');
		return;
	}
	rt_str_addf(out, "%s %u..%u s", rt_timer_name((enum rt_timer)bundle->row->timer),
		    rt_snapshot_timer_ms(snapshot, &soonest, now_ms) / 1000,
		    (rt_snapshot_timer_ms(snapshot, &latest, now_ms) + 999) / 1000);
}

void rt_words_bundle_cell(enum rt_column column, const struct rt_snapshot *snapshot,
			  const struct rt_bundle *bundle, int64_t now_ms, struct rt_str *out)
{
	if (bundle->n == 1) {
		rt_words_cell(column, snapshot, bundle->row, now_ms, out);
		return;
	}
	switch (column) {
	case RT_COL_NAME:
		add_name(bundle, PARTS, out);
		return;
	case RT_COL_LOCAL:
		add_addr(&bundle->row->local, &bundle->local_port, out);
		return;
	case RT_COL_PEER:
		add_addr(&bundle->row->peer, &bundle->peer_port, out);
		return;
	case RT_COL_RECVQ:
		add_queue(bundle, &bundle->rqueue, out);
		return;
	case RT_COL_SENDQ:
		add_queue(bundle, &bundle->wqueue, out);
		return;
	case RT_COL_TIMER:
		add_timer(snapshot, bundle, now_ms, out);
		return;
	case RT_COL_INODE:
	case RT_COL_COOKIE:
		rt_str_addc(out, '-');
		return;
	default:
		rt_words_cell(column, snapshot, bundle->row, now_ms, out);
	}
}
