/* The rules over snapshots made by hand: what decides, what is left open, and what the words say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "rules/words.h"

/* A snapshot, a query over it, the verdict and its words. */
struct table {
	struct rt_snapshot snapshot;
	struct rt_row self;
	struct rt_rules_net net;
	struct rt_rules_query query;
	struct rt_rules_verdict verdict;
	struct rt_str words;
};

static struct rt_addr addr(const char *text)
{
	struct rt_addr value;

	assert_int_equal(rt_addr_parse(text, strlen(text), &value, NULL), 0);
	return value;
}

static struct rt_row row(enum rt_proto proto, enum rt_state state, const char *local, int reuseaddr,
			 int reuseport)
{
	return (struct rt_row){.proto = (uint8_t)proto,
			       .state = (uint8_t)state,
			       .inode = 7,
			       .v6only = -1,
			       .source = RT_FROM_DIAG,
			       .local = addr(local),
			       .reuseaddr.value = (int8_t)reuseaddr,
			       .reuseport.value = (int8_t)reuseport};
}

static struct rt_row *add(struct table *table, enum rt_state state, const char *local,
			  int reuseaddr, int reuseport)
{
	struct rt_row *added = rt_snapshot_add(&table->snapshot);

	*added = row(table->self.proto == RT_UDP ? RT_UDP : RT_TCP, state, local, reuseaddr,
		     reuseport);
	added->inode = 100 + (uint32_t)table->snapshot.n;
	return added;
}

/* The calling socket, not bound. */
static void begin(struct table *table, enum rt_proto proto, const char *any, int reuseaddr,
		  int reuseport)
{
	*table = (struct table){.self = row(proto, RT_CLOSE, any, reuseaddr, reuseport)};
	table->query.self = &table->self;
}

static void judge(struct table *table, enum rt_rules_call call, const char *to)
{
	table->query.call = call;
	if (to)
		table->query.addr = addr(to);
	rt_rules_judge(&table->snapshot, &table->query, &table->verdict);
	rt_str_clear(&table->words);
	rt_rules_words(&table->snapshot, &table->query, &table->verdict, 4, &table->words);
}

static void end(struct table *table)
{
	rt_str_fini(&table->words);
	rt_rules_fini(&table->verdict);
	rt_snapshot_fini(&table->snapshot);
}

static void expect(const struct table *table, int err, enum rt_reason reason)
{
	assert_int_equal(table->verdict.err, err);
	assert_int_equal(table->verdict.reason, reason);
	assert_int_equal(table->verdict.n_also, 0);
	assert_int_equal(table->verdict.depends, 0);
}

static void expect_either(const struct table *table, int err, int also, unsigned depends)
{
	assert_int_equal(table->verdict.err, err);
	assert_int_equal(table->verdict.n_also, 1);
	assert_int_equal(table->verdict.also[0], also);
	assert_int_equal(table->verdict.depends, depends);
	assert_true(rt_rules_agrees(&table->verdict, err));
	assert_true(rt_rules_agrees(&table->verdict, also));
	assert_false(rt_rules_agrees(&table->verdict, EINVAL));
}

/* The clause that decided about the first socket of the verdict. */
static const struct rt_rules_clause *deciding(const struct table *table)
{
	const struct rt_rules_socket *s = &table->verdict.socket[0];

	assert_true(table->verdict.n > 0);
	return &s->clause[s->decided];
}

static void expect_words(const struct table *table, const char *part)
{
	if (!strstr(rt_str_text(&table->words), part))
		fail_msg("no \"%s\" in:\n%s", part, rt_str_text(&table->words));
}

/* --- bind and listen -------------------------------------------------------------------------- */

static void test_a_time_wait_record_refuses_by_its_own_option(void **state)
{
	struct table t;
	struct rt_row *record;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 1, 0);
	record = add(&t, RT_TIME_WAIT, "127.0.0.1:8002", 0, 0);
	record->inode = 0;
	record->timer = RT_TIMER_TIME_WAIT;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8002");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	assert_int_equal(t.verdict.by, 0);
	assert_int_equal(deciding(&t)->id, RT_CLAUSE_REUSEADDR);
	assert_int_equal(deciding(&t)->mine, 1);
	assert_int_equal(deciding(&t)->theirs, 0);
	expect_words(&t, "EADDRINUSE: ");
	expect_words(&t, "tcp TIME_WAIT 127.0.0.1:8002: refuses");
	expect_words(&t, "> SO_REUSEADDR on both: here set, there not set - no");
	record->reuseaddr.value = 1;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8002");
	expect(&t, 0, RT_REASON_ALLOWED);
	expect_words(&t, "success: ");
	record->reuseaddr.value = -1;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8002");
	expect_either(&t, EADDRINUSE, 0, RT_DEPENDS_OPTION);
	expect_words(&t, "EADDRINUSE or success");
	end(&t);
}

static void test_a_listener_is_not_helped_by_reuseaddr(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 1, 0);
	add(&t, RT_LISTEN, "127.0.0.1:8000", 1, 0);
	judge(&t, RT_RULES_BIND, "0.0.0.0:8000");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	assert_int_equal(deciding(&t)->id, RT_CLAUSE_NOT_LISTENING);
	assert_int_equal(t.verdict.socket[0].overlap, RT_OVERLAP_ANY4);
	expect_words(&t, "> and the other does not listen: it is LISTEN - no");
	judge(&t, RT_RULES_BIND, "0.0.0.0:8001");
	expect(&t, 0, RT_REASON_FREE);
	assert_int_equal(t.verdict.n, 0);
	end(&t);
}

static void test_reuseport_asks_the_owner(void **state)
{
	struct table t;
	struct rt_row *other;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 0, 1);
	other = add(&t, RT_LISTEN, "127.0.0.1:8000", 0, 1);
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect(&t, 0, RT_REASON_ALLOWED);
	assert_int_equal(deciding(&t)->id, RT_CLAUSE_REUSEPORT);
	other->uid = 20;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	assert_int_equal(deciding(&t)->id, RT_CLAUSE_OWNER);
	expect_words(&t, "here uid 0, there uid 20 - no");
	/* A connection that nobody has accepted: sock_diag reports no uid. */
	other->state = RT_ESTABLISHED;
	other->inode = 0;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect_either(&t, EADDRINUSE, 0, RT_DEPENDS_OWNER);
	/* A record has none. */
	other->timer = RT_TIMER_TIME_WAIT;
	other->state = RT_FIN_WAIT2;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect(&t, 0, RT_REASON_ALLOWED);
	end(&t);
}

static void test_devices_keep_apart(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 0, 0);
	add(&t, RT_LISTEN, "0.0.0.0:8000", 0, 0)->ifindex = 1;
	t.self.ifindex = 2;
	judge(&t, RT_RULES_BIND, "0.0.0.0:8000");
	expect(&t, 0, RT_REASON_FREE);
	assert_int_equal(t.verdict.socket[0].overlap, RT_OVERLAP_DEVICE);
	expect_words(&t, "here 2, there 1 - no");
	t.self.ifindex = 0;
	judge(&t, RT_RULES_BIND, "0.0.0.0:8000");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	end(&t);
}

static void test_which_addresses_overlap(void **state)
{
	static const struct {
		const char *mine, *theirs;
		int my_v6only, their_v6only;
		enum rt_tri overlap;
		enum rt_overlap why;
	} cases[] = {
		{"127.0.0.1:1", "127.0.0.1:1", -1, -1, RT_YES, RT_OVERLAP_SAME},
		{"127.0.0.1:1", "127.0.0.2:1", -1, -1, RT_NO, RT_OVERLAP_DIFFERENT},
		{"127.0.0.1:1", "[::ffff:127.0.0.1]:1", -1, 0, RT_YES, RT_OVERLAP_SAME},
		{"127.0.0.1:1", "[::ffff:0.0.0.0]:1", -1, 0, RT_YES, RT_OVERLAP_ANY4},
		{"127.0.0.1:1", "[::]:1", -1, 0, RT_YES, RT_OVERLAP_DUAL},
		{"127.0.0.1:1", "[::]:1", -1, 1, RT_NO, RT_OVERLAP_V6ONLY},
		{"127.0.0.1:1", "[::]:1", -1, -1, RT_MAYBE, RT_OVERLAP_DUAL},
		{"[::]:1", "127.0.0.1:1", 0, -1, RT_YES, RT_OVERLAP_DUAL},
		{"[::]:1", "127.0.0.1:1", 1, -1, RT_NO, RT_OVERLAP_V6ONLY},
		{"[::]:1", "[::]:1", 1, 0, RT_YES, RT_OVERLAP_SAME},
		{"[::1]:1", "[::]:1", 1, 0, RT_YES, RT_OVERLAP_ANY6},
		{"[::1]:1", "0.0.0.0:1", 1, -1, RT_NO, RT_OVERLAP_FAMILY},
		{"0.0.0.0:1", "[::1]:1", -1, 1, RT_NO, RT_OVERLAP_FAMILY},
		{"0.0.0.0:1", "[::1]:1", -1, 0, RT_YES, RT_OVERLAP_UNMARKED},
		{"[::ffff:0.0.0.0]:1", "[::1]:1", 0, 0, RT_NO, RT_OVERLAP_FAMILY},
		{"[::1]:1", "[fe80::1]:1", 1, 1, RT_NO, RT_OVERLAP_DIFFERENT},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_row self = row(RT_TCP, RT_CLOSE, "0.0.0.0:0", 0, 0);
		struct rt_row other = row(RT_TCP, RT_BOUND, cases[i].theirs, 0, 0);
		struct rt_addr mine = addr(cases[i].mine);
		enum rt_overlap why;

		self.local.family = mine.family;
		self.v6only = (int8_t)cases[i].my_v6only;
		other.v6only = (int8_t)cases[i].their_v6only;
		assert_int_equal(rt_rules_overlap(&self, &mine, &other, &why), cases[i].overlap);
		assert_int_equal(why, cases[i].why);
	}
}

static void test_the_cache_of_the_port_leaves_it_open(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 0, 1);
	add(&t, RT_BOUND, "127.0.0.1:8000", 1, 0);
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	/* Nobody in sight could be kept; a past that nobody saw could have left one. */
	t.query.past_unknown = true;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect_either(&t, EADDRINUSE, 0, RT_DEPENDS_CACHE);
	t.query.past_unknown = false;
	add(&t, RT_BOUND, "127.0.0.1:8000", 1, 1);
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect_either(&t, EADDRINUSE, 0, RT_DEPENDS_CACHE);
	expect_words(&t, "It depends on which socket was bound, or began to listen, last");
	/* 127.0.0.1 does not take in 0.0.0.0; a listener was bound or listened last. */
	judge(&t, RT_RULES_BIND, "0.0.0.0:8000");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	t.snapshot.row[0].state = RT_LISTEN;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	end(&t);
}

static void test_udp_asks_the_newest_first(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_UDP, "0.0.0.0:0", 0, 1);
	add(&t, RT_CLOSE, "0.0.0.0:8000", 1, 0);
	judge(&t, RT_RULES_BIND, "0.0.0.0:8000");
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	add(&t, RT_CLOSE, "0.0.0.0:8000", 1, 1);
	judge(&t, RT_RULES_BIND, "0.0.0.0:8000");
	expect_either(&t, EADDRINUSE, 0, RT_DEPENDS_ORDER);
	judge(&t, RT_RULES_LISTEN, NULL);
	expect(&t, EOPNOTSUPP, RT_REASON_NO_LISTEN);
	end(&t);
}

static void test_what_is_refused_before_the_port_is_looked_at(void **state)
{
	struct table t;
	struct rt_addr local = addr("10.1.1.1:0");

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 0, 0);
	judge(&t, RT_RULES_BIND, "[::1]:8000");
	expect(&t, EAFNOSUPPORT, RT_REASON_FAMILY);
	judge(&t, RT_RULES_BIND, "10.1.1.1:8000");
	expect_either(&t, 0, EADDRNOTAVAIL, RT_DEPENDS_LOCAL);
	t.query.net = &t.net;
	t.net.local = &local;
	t.net.n_local = 1;
	judge(&t, RT_RULES_BIND, "10.1.1.1:8000");
	expect(&t, 0, RT_REASON_FREE);
	judge(&t, RT_RULES_BIND, "10.1.1.2:8000");
	expect(&t, EADDRNOTAVAIL, RT_REASON_NOT_LOCAL);
	t.query.freebind = true;
	judge(&t, RT_RULES_BIND, "10.1.1.2:8000");
	expect(&t, 0, RT_REASON_FREE);
	t.net.unprivileged_from = 1024;
	judge(&t, RT_RULES_BIND, "127.0.0.1:80");
	expect(&t, EACCES, RT_REASON_LOW_PORT);
	t.self.local = addr("127.0.0.1:8000");
	t.self.state = RT_BOUND;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8001");
	expect(&t, EINVAL, RT_REASON_BOUND);
	end(&t);
	begin(&t, RT_TCP, "[::]:0", 0, 0);
	t.self.v6only = 1;
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect(&t, EINVAL, RT_REASON_FAMILY);
	judge(&t, RT_RULES_BIND, "[::ffff:127.0.0.1]:8000");
	expect(&t, EINVAL, RT_REASON_V6ONLY_MAPPED);
	judge(&t, RT_RULES_BIND, "[ff02::1]:8000");
	expect(&t, EINVAL, RT_REASON_MULTICAST);
	judge(&t, RT_RULES_BIND, "[fe80::1]:8000");
	expect(&t, EINVAL, RT_REASON_NO_SCOPE);
	end(&t);
	begin(&t, RT_UDP, "[::]:0", 0, 0);
	judge(&t, RT_RULES_BIND, "[ff0e::1]:8000");
	expect(&t, 0, RT_REASON_FREE);
	judge(&t, RT_RULES_BIND, "[ff02::1]:8000");
	expect(&t, EINVAL, RT_REASON_NO_SCOPE);
	judge(&t, RT_RULES_BIND, "[ff11::1]:8000");
	expect(&t, EINVAL, RT_REASON_NO_SCOPE);
	t.self.ifindex = 1;
	judge(&t, RT_RULES_BIND, "[ff02::1]:8000");
	expect(&t, 0, RT_REASON_FREE);
	end(&t);
}

static void test_listen_does_not_count_itself(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 1, 0);
	t.self = *add(&t, RT_BOUND, "127.0.0.1:8000", 1, 0);
	judge(&t, RT_RULES_LISTEN, NULL);
	expect(&t, 0, RT_REASON_FREE);
	add(&t, RT_LISTEN, "127.0.0.1:8000", 1, 0);
	judge(&t, RT_RULES_LISTEN, NULL);
	expect(&t, EADDRINUSE, RT_REASON_SOCKET);
	assert_int_equal(t.verdict.by_row, 1);
	t.snapshot.row[1].mark = RT_MARK_GONE;
	judge(&t, RT_RULES_LISTEN, NULL);
	expect(&t, 0, RT_REASON_FREE);
	t.self.state = RT_LISTEN;
	judge(&t, RT_RULES_LISTEN, NULL);
	expect(&t, 0, RT_REASON_LISTENS);
	t.self.state = RT_ESTABLISHED;
	judge(&t, RT_RULES_LISTEN, NULL);
	expect(&t, EINVAL, RT_REASON_CONNECTED);
	end(&t);
}

/* --- connect ---------------------------------------------------------------------------------- */

static void add_connection(struct table *table, enum rt_state state, const char *local,
			   const char *peer)
{
	add(table, state, local, 1, 0)->peer = addr(peer);
}

static void test_connect_asks_for_the_four_values(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "127.0.0.1:9000", 1, 0);
	t.self.state = RT_BOUND;
	add(&t, RT_LISTEN, "0.0.0.0:8000", 0, 0)->wqueue = 8;
	add_connection(&t, RT_FIN_WAIT2, "127.0.0.1:9000", "127.0.0.1:8000");
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:8000");
	expect(&t, EADDRNOTAVAIL, RT_REASON_TUPLE);
	assert_int_equal(t.verdict.by_row, 1);
	assert_int_equal(deciding(&t)->id, RT_CLAUSE_ALIVE);
	expect_words(&t, "the peer is the same - yes");
	expect_words(&t, "it is FIN_WAIT2 - yes");
	judge(&t, RT_RULES_CONNECT, "127.0.0.2:8000");
	expect(&t, 0, RT_REASON_LISTENER);
	assert_int_equal(t.verdict.by_row, 0);
	t.snapshot.row[1].timer = RT_TIMER_TIME_WAIT;
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:8000");
	expect(&t, 0, RT_REASON_LISTENER);
	t.query.net = &t.net;
	t.net.no_timestamps = true;
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:8000");
	expect(&t, EADDRNOTAVAIL, RT_REASON_TUPLE);
	judge(&t, RT_RULES_CONNECT, "127.0.0.2:8001");
	expect(&t, ECONNREFUSED, RT_REASON_NO_LISTENER);
	t.snapshot.row[0].rqueue = 9;
	judge(&t, RT_RULES_CONNECT, "127.0.0.2:8000");
	expect_either(&t, ETIMEDOUT, 0, RT_DEPENDS_TIME);
	end(&t);
}

static void test_connect_chooses_a_port(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 0, 0);
	t.query.net = &t.net;
	t.net.port_lo = 40000;
	t.net.port_hi = 40001;
	add(&t, RT_LISTEN, "0.0.0.0:8000", 0, 0);
	add(&t, RT_BOUND, "127.0.0.3:40000", 1, 1);
	add_connection(&t, RT_ESTABLISHED, "127.0.0.1:40001", "127.0.0.1:8000");
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:8000");
	expect(&t, EADDRNOTAVAIL, RT_REASON_NO_PORT);
	judge(&t, RT_RULES_CONNECT, "127.0.0.2:8000");
	assert_int_equal(t.verdict.depends, RT_DEPENDS_CHOSEN);
	assert_true(rt_rules_agrees(&t.verdict, 0));
	assert_true(rt_rules_agrees(&t.verdict, EADDRNOTAVAIL));
	t.net.port_hi = 40005;
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:8000");
	expect(&t, 0, RT_REASON_LISTENER);
	end(&t);
}

/* A port of the kernel's choice may be the one that nobody listens on. */
static void test_connect_meets_itself(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 0, 0);
	t.query.net = &t.net;
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:40000");
	expect(&t, ECONNREFUSED, RT_REASON_NO_LISTENER);
	t.net.port_lo = t.net.port_hi = 40000;
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:40000");
	expect(&t, 0, RT_REASON_SELF);
	judge(&t, RT_RULES_CONNECT, "127.0.0.2:40000");
	expect(&t, ECONNREFUSED, RT_REASON_NO_LISTENER);
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:40001");
	expect(&t, ECONNREFUSED, RT_REASON_NO_LISTENER);
	t.net.port_hi = 40001;
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:40000");
	expect_either(&t, ECONNREFUSED, 0, RT_DEPENDS_PORT);
	add(&t, RT_BOUND, "127.0.0.1:40001", 0, 0);
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:40000");
	expect(&t, 0, RT_REASON_SELF);
	end(&t);
}

static void test_udp_has_no_four_values(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_UDP, "127.0.0.1:9000", 1, 0);
	add_connection(&t, RT_ESTABLISHED, "127.0.0.1:9000", "127.0.0.1:9001");
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:9001");
	expect(&t, 0, RT_REASON_UDP_PEER);
	t.self.local = addr("0.0.0.0:0");
	t.query.net = &t.net;
	t.net.port_lo = t.net.port_hi = 9000;
	t.self.reuseaddr.value = 0;
	judge(&t, RT_RULES_CONNECT, "127.0.0.1:9001");
	expect(&t, EAGAIN, RT_REASON_NO_PORT);
	end(&t);
}

/* --- words ------------------------------------------------------------------------------------ */

static void test_lines_fit(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 0, 1);
	for (int i = 0; i < 6; i++)
		add(&t, RT_BOUND, "127.0.0.1:8000", 1, i % 2);
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	expect_words(&t, "and 2 sockets more");
	for (const char *line = rt_str_text(&t.words); *line;) {
		size_t len = strcspn(line, "\n");

		assert_in_range(rt_columns(line, len), 1, RT_RULES_LINE);
		assert_int_equal(line[len], '\n');
		line += len + 1;
	}
	end(&t);
}

/* Whatever decides has a sentence, a rule and a source; whatever is missing is named. */
static void test_every_reason_has_words(void **state)
{
	struct table t;

	(void)state;
	begin(&t, RT_TCP, "0.0.0.0:0", 1, 0);
	add(&t, RT_BOUND, "127.0.0.1:8000", 0, 0);
	judge(&t, RT_RULES_BIND, "127.0.0.1:8000");
	for (int reason = 0; reason < RT_REASONS; reason++) {
		rt_str_clear(&t.words);
		t.verdict.reason = (uint8_t)reason;
		rt_rules_words(&t.snapshot, &t.query, &t.verdict, 0, &t.words);
		expect_words(&t, "EADDRINUSE: ");
		expect_words(&t, ".\n  [");
		assert_null(strstr(rt_str_text(&t.words), "(null)"));
	}
	for (unsigned bit = 1; bit <= RT_DEPENDS_PORT; bit <<= 1) {
		rt_str_clear(&t.words);
		t.verdict.depends = bit;
		rt_rules_words_answer(&t.snapshot, &t.query, &t.verdict, &t.words);
		expect_words(&t, "\n  It depends on ");
	}
	for (int why = 0; why < RT_OVERLAPS; why++) {
		rt_str_clear(&t.words);
		t.verdict.socket[0].overlap = (uint8_t)why;
		rt_rules_words_socket(&t.snapshot, &t.verdict.socket[0], &t.words);
		assert_null(strstr(rt_str_text(&t.words), "(null)"));
	}
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_time_wait_record_refuses_by_its_own_option),
		cmocka_unit_test(test_a_listener_is_not_helped_by_reuseaddr),
		cmocka_unit_test(test_reuseport_asks_the_owner),
		cmocka_unit_test(test_devices_keep_apart),
		cmocka_unit_test(test_which_addresses_overlap),
		cmocka_unit_test(test_the_cache_of_the_port_leaves_it_open),
		cmocka_unit_test(test_udp_asks_the_newest_first),
		cmocka_unit_test(test_what_is_refused_before_the_port_is_looked_at),
		cmocka_unit_test(test_listen_does_not_count_itself),
		cmocka_unit_test(test_connect_asks_for_the_four_values),
		cmocka_unit_test(test_connect_chooses_a_port),
		cmocka_unit_test(test_connect_meets_itself),
		cmocka_unit_test(test_udp_has_no_four_values),
		cmocka_unit_test(test_lines_fit),
		cmocka_unit_test(test_every_reason_has_words),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
