/*
 * Rows of sock_diag as a script writes them: tcp 127.0.0.1:8000 -> *:* TIME_WAIT owner kernel uid 0
 * timer 55..61 queue 0
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/args.h"
#include "lesson/suggest.h"

enum { SECONDS_MAX = 86400, QUEUE_MAX = 1 << 24 };

static const char *row_help(void)
{
	return _("a row looks like: tcp 127.0.0.1:8000 -> *:* TIME_WAIT owner kernel");
}

static int parse_proto(struct rt_lex *lex, struct rt_row_pattern *row)
{
	struct rt_word word = rt_lex_word(lex);
	struct rt_suggest suggest;
	char *help;

	row->proto = RT_TCP;
	if (rt_word_is(word, "tcp"))
		return 0;
	row->proto = RT_UDP;
	if (rt_word_is(word, "udp"))
		return 0;
	rt_suggest_init(&suggest, word.s, word.len);
	rt_suggest_offer(&suggest, "tcp");
	rt_suggest_offer(&suggest, "udp");
	help = rt_suggest_help(&suggest, row_help());
	rt_lex_expected(lex, word.at, _("tcp or udp"), help);
	free(help);
	return -1;
}

/* A pattern, or the name of an address that the engine puts in its place. */
static int parse_end(struct rt_lex *lex, const struct rt_scope *scope,
		     struct rt_addr_pattern *pattern, char *name)
{
	const char *help =
		_("addresses look like 127.0.0.1:8002, [::1]:8002, 127.0.0.1:*, *:8002 or *");
	struct rt_word word = rt_lex_word(lex);

	if (!rt_word_is_name(word) || rt_state_parse(word.s, word.len)) {
		if (word.len == 0 || rt_addr_pattern_parse(word.s, word.len, pattern) < 0)
			return rt_lex_expected(lex, word.at, _("an address"), help);
		return 0;
	}
	if (rt_scope_check_address(lex, scope, word) < 0)
		return -1;
	memcpy(name, word.s, word.len);
	name[word.len] = '\0';
	return 0;
}

static int parse_owner(struct rt_lex *lex, const struct rt_scope *scope, struct rt_row_pattern *row)
{
	struct rt_word all = rt_lex_word(lex), name = {.s = all.s, .at = all.at};

	row->check_owner = true;
	if (rt_word_is(all, "kernel"))
		return 0;
	for (size_t i = 0; i <= all.len; i++) {
		if (i < all.len && all.s[i] != '+')
			continue;
		name.len = (size_t)(all.s + i - name.s);
		if (row->n_owners == RT_OWNERS_MAX)
			return rt_lex_fail(lex, name.at, "", _("at most %d owners can be named"),
					   RT_OWNERS_MAX);
		if (rt_word_is(name, "kernel"))
			return rt_lex_fail(lex, name.at, "",
					   _("kernel stands alone: it means that no process holds "
					     "the socket"));
		if (!rt_word_is_name(name))
			return rt_lex_expected(
				lex, name.at, _("the name of a process, or kernel"),
				_("as in: owner old, owner old+child, owner kernel"));
		if (rt_scope_check_process(lex, scope, name, true) < 0)
			return -1;
		memcpy(row->owner[row->n_owners], name.s, name.len);
		row->owner[row->n_owners++][name.len] = '\0';
		name.s += name.len + 1;
		name.at += name.len + 1;
	}
	return 0;
}

/* Whole seconds; the number of digits taken, 0 where there is none. */
static size_t seconds(const char *s, size_t len, uint32_t *ms)
{
	uint32_t value = 0;
	size_t n = 0;

	while (n < len && s[n] >= '0' && s[n] <= '9' && value <= SECONDS_MAX)
		value = value * 10 + (uint32_t)(s[n++] - '0');
	*ms = value * 1000;
	return value > SECONDS_MAX ? 0 : n;
}

static int parse_timer(struct rt_lex *lex, struct rt_row_pattern *row)
{
	struct rt_word word = rt_lex_word(lex);
	size_t min = seconds(word.s, word.len, &row->timer_min_ms), max = 0, from = min + 2;

	if (min && from < word.len && memcmp(word.s + min, "..", 2) == 0)
		max = seconds(word.s + from, word.len - from, &row->timer_max_ms);
	if (!max || from + max != word.len)
		return rt_lex_expected(lex, word.at, _("the seconds that are left"),
				       _("as in: timer 55..61"));
	if (row->timer_min_ms > row->timer_max_ms)
		return rt_lex_fail(lex, word.at,
				   _("the smaller number stands first, as in: timer 55..61"),
				   _("no number is in %.*s"), (int)word.len, word.s);
	row->check_timer = true;
	return 0;
}

static int parse_uid(struct rt_lex *lex, struct rt_row_pattern *row)
{
	int64_t uid = 0;

	if (rt_lex_number(lex, 0, UINT32_MAX - 1, &uid) < 0)
		return -1;
	row->check_uid = true;
	row->uid = (uint32_t)uid;
	return 0;
}

static int parse_queue(struct rt_lex *lex, struct rt_row_pattern *row)
{
	int64_t min = 0, max = 0;

	if (rt_lex_range(lex, QUEUE_MAX, &min, &max) < 0)
		return -1;
	row->check_queue = true;
	row->queue_min = (uint32_t)min;
	row->queue_max = (uint32_t)max;
	return 0;
}

static int fail_row_word(struct rt_lex *lex, struct rt_word word)
{
	struct rt_suggest suggest;
	char *help;

	rt_suggest_init(&suggest, word.s, word.len);
	for (enum rt_state state = RT_ESTABLISHED; state < RT_STATES; state++)
		rt_suggest_offer(&suggest, rt_state_name(RT_TCP, state));
	rt_suggest_offer(&suggest, rt_state_name(RT_UDP, RT_CLOSE));
	rt_suggest_offer(&suggest, "owner");
	rt_suggest_offer(&suggest, "uid");
	rt_suggest_offer(&suggest, "timer");
	rt_suggest_offer(&suggest, "queue");
	/* The word itself may be right and only stand in the wrong place. */
	help = suggest.distance == 0 && rt_word_is(word, suggest.best)
		       ? rt_strdup(_("the order is: state, owner, uid, timer, queue"))
		       : rt_suggest_help(&suggest, row_help());
	rt_lex_expected(lex, word.at,
			_("the end of the row, or its state, owner, uid, timer or queue"), help);
	free(help);
	return -1;
}

int rt_row_parse(struct rt_lex *lex, const struct rt_scope *scope, struct rt_row_pattern *row)
{
	struct rt_word word;

	memset(row, 0, sizeof(*row));
	if (parse_proto(lex, row) < 0 || parse_end(lex, scope, &row->local, row->local_name) < 0)
		return -1;
	if (rt_lex_take_arrow(lex)) {
		row->has_peer = true;
		if (parse_end(lex, scope, &row->peer, row->peer_name) < 0)
			return -1;
	}
	word = rt_lex_word(lex);
	row->state = (uint8_t)rt_state_parse(word.s, word.len);
	if (row->state)
		word = rt_lex_word(lex);
	if (rt_word_is(word, "owner")) {
		if (parse_owner(lex, scope, row) < 0)
			return -1;
		word = rt_lex_word(lex);
	}
	if (rt_word_is(word, "uid")) {
		if (parse_uid(lex, row) < 0)
			return -1;
		word = rt_lex_word(lex);
	}
	if (rt_word_is(word, "timer")) {
		if (parse_timer(lex, row) < 0)
			return -1;
		word = rt_lex_word(lex);
	}
	if (rt_word_is(word, "queue")) {
		if (parse_queue(lex, row) < 0)
			return -1;
		word = rt_lex_word(lex);
	}
	if (rt_word_is(word, "when")) {
		lex->at = word.at; /* it belongs to the line, behind the row */
		return 0;
	}
	return word.len ? fail_row_word(lex, word) : 0;
}
