/* Sockets that are alike: which they are, and the words for many at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/words.h"
#include "model/bundle.h"

static void set_addr(struct rt_addr *addr, const char *host, unsigned port)
{
	char text[64];

	snprintf(text, sizeof(text), "%s:%u", host, port);
	assert_int_equal(rt_addr_parse(text, strlen(text), addr, NULL), 0);
}

/* c[number] of a client, connected from a port that the kernel chose. */
static struct rt_row *add_client(struct rt_snapshot *all, unsigned number, unsigned port)
{
	struct rt_row *row = rt_snapshot_add(all);

	row->cookie = row->inode = 1000 + (uint32_t)all->n;
	row->proto = RT_TCP;
	row->state = RT_ESTABLISHED;
	row->source = RT_FROM_DIAG;
	row->v6only = -1;
	set_addr(&row->local, "127.0.0.1", port);
	set_addr(&row->peer, "127.0.0.1", 8000);
	row->n_owners = 1;
	strcpy(row->owner[0], "client");
	strcpy(row->name_owner, "client");
	snprintf(row->name, sizeof(row->name), "c[%u]", number);
	return row;
}

/* The other end of it, which nobody has accepted. */
static struct rt_row *add_child(struct rt_snapshot *all, unsigned port)
{
	struct rt_row *row = add_client(all, 1, port);
	struct rt_addr local = row->local;

	row->local = row->peer;
	row->peer = local;
	row->n_owners = 0;
	row->inode = 0;
	row->name[0] = row->name_owner[0] = row->owner[0][0] = '\0';
	return row;
}

static struct rt_row *add_listener(struct rt_snapshot *all, const char *owner, uint32_t queue)
{
	struct rt_row *row = add_client(all, 1, 8000);

	row->state = RT_LISTEN;
	row->peer = (struct rt_addr){.family = AF_UNSPEC};
	row->rqueue = queue;
	strcpy(row->name, "s");
	strcpy(row->name_owner, owner);
	strcpy(row->owner[0], owner);
	return row;
}

/* How many rows are shown. */
static size_t shown(const struct rt_snapshot *all, bool each)
{
	struct rt_bundles bundles;
	size_t n;

	rt_bundles_init(&bundles, all, each);
	n = bundles.n;
	rt_bundles_fini(&bundles);
	return n;
}

static void assert_cell(enum rt_column column, const struct rt_snapshot *all,
			const struct rt_bundle *bundle, const char *expected)
{
	struct rt_str text = {0};

	rt_words_bundle_cell(column, all, bundle, all->taken_ms, &text);
	assert_string_equal(rt_str_text(&text), expected);
	rt_str_fini(&text);
}

static void test_clients_of_two_listeners(void **state)
{
	struct rt_snapshot all = {0};
	struct rt_bundles bundles;

	(void)state;
	add_listener(&all, "w1", 3);
	add_listener(&all, "w2", 2);
	for (unsigned i = 1; i <= 5; i++) {
		add_client(&all, i, 40000 + 2 * i)->rqueue = i;
		add_child(&all, 40000 + 2 * i);
	}
	rt_snapshot_sort(&all);
	rt_bundles_init(&bundles, &all, false);
	assert_int_equal(bundles.n, 4);
	assert_cell(RT_COL_NAME, &all, &bundles.bundle[0], "w1.s");
	assert_cell(RT_COL_NAME, &all, &bundles.bundle[1], "w2.s");
	assert_cell(RT_COL_RECVQ, &all, &bundles.bundle[1], "2");
	assert_cell(RT_COL_NAME, &all, &bundles.bundle[2], "5 sockets");
	assert_cell(RT_COL_LOCAL, &all, &bundles.bundle[2], "127.0.0.1:8000");
	assert_cell(RT_COL_PEER, &all, &bundles.bundle[2], "127.0.0.1:*");
	assert_cell(RT_COL_OWNER, &all, &bundles.bundle[2], "kernel");
	assert_cell(RT_COL_RECVQ, &all, &bundles.bundle[2], "0");
	assert_cell(RT_COL_NAME, &all, &bundles.bundle[3], "client.c[1..5]");
	assert_cell(RT_COL_LOCAL, &all, &bundles.bundle[3], "127.0.0.1:*");
	assert_cell(RT_COL_PEER, &all, &bundles.bundle[3], "127.0.0.1:8000");
	assert_cell(RT_COL_RECVQ, &all, &bundles.bundle[3], "1..5");
	assert_cell(RT_COL_COOKIE, &all, &bundles.bundle[3], "-");
	assert_int_equal(bundles.bundle[3].local_port.min, 40002);
	assert_int_equal(bundles.bundle[3].local_port.max, 40010);
	for (size_t i = 0; i < all.n; i++) {
		size_t at = rt_bundles_find(&bundles, &all.row[i]);

		assert_in_range(at, 0, 3);
		assert_int_equal(bundles.bundle[at].row->state, all.row[i].state);
	}
	rt_bundles_fini(&bundles);
	assert_int_equal(shown(&all, true), 12);
	rt_snapshot_fini(&all);
}

static void test_four_are_many(void **state)
{
	struct rt_snapshot all = {0};

	(void)state;
	assert_int_equal(shown(&all, false), 0);
	for (unsigned i = 1; i <= 3; i++)
		add_client(&all, i, 40000 + i);
	assert_int_equal(shown(&all, false), 3);
	add_client(&all, 4, 40004);
	assert_int_equal(shown(&all, false), 1);
	rt_snapshot_fini(&all);
}

/* What may not disappear: each makes one of eight rows another one. */
static void other_owner(struct rt_row *row)
{
	strcpy(row->owner[0], "other");
}

static void two_owners(struct rt_row *row)
{
	row->n_owners = 2;
	strcpy(row->owner[1], "child");
}

static void other_name(struct rt_row *row)
{
	strcpy(row->name, "d[3]");
}

static void no_number(struct rt_row *row)
{
	strcpy(row->name, "c");
}

static void other_process(struct rt_row *row)
{
	strcpy(row->name_owner, "other");
}

static void remembered(struct rt_row *row)
{
	row->name_remembered = true;
}

static void other_state(struct rt_row *row)
{
	row->state = RT_CLOSE_WAIT;
}

static void other_proto(struct rt_row *row)
{
	row->proto = RT_UDP;
}

static void is_new(struct rt_row *row)
{
	row->mark = RT_MARK_NEW;
}

static void has_changed(struct rt_row *row)
{
	row->mark = RT_MARK_CHANGED;
	row->old_state = RT_SYN_SENT;
}

static void has_option(struct rt_row *row)
{
	row->reuseaddr.value = 1;
}

static void remembered_option(struct rt_row *row)
{
	row->reuseport.source = RT_FROM_MEMORY;
}

static void has_timer(struct rt_row *row)
{
	row->timer = RT_TIMER_KEEPALIVE;
}

static void other_uid(struct rt_row *row)
{
	row->uid = 7;
}

static void other_host(struct rt_row *row)
{
	set_addr(&row->local, "127.0.0.2", row->local.port);
}

static void other_server(struct rt_row *row)
{
	row->peer.port = 8001;
}

static void chosen_port(struct rt_row *row)
{
	row->local.port = 9000;
}

static void test_what_keeps_a_row_apart(void **state)
{
	static void (*const differ[])(struct rt_row * row) = {
		other_owner, two_owners, other_name,   no_number,   other_process,     remembered,
		other_state, is_new,	 has_changed,  has_option,  remembered_option, has_timer,
		other_uid,   other_host, other_server, chosen_port, other_proto};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(differ); i++) {
		struct rt_snapshot all = {0};

		for (unsigned k = 1; k <= 8; k++)
			add_client(&all, k, 40000 + k);
		differ[i](&all.row[2]);
		if (shown(&all, false) != 2)
			fail_msg("difference %zu: %zu rows", i, shown(&all, false));
		for (unsigned k = 3; k <= 7; k++)
			differ[i](&all.row[k]);
		/* Six of a kind are many, and the two that are left are not. */
		if (shown(&all, false) != 3)
			fail_msg("difference %zu: %zu rows of six and two", i, shown(&all, false));
		rt_snapshot_fini(&all);
	}
}

static void test_ports_of_the_script_stay(void **state)
{
	struct rt_snapshot all = {0};

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		add_child(&all, 9000 + i);
	assert_int_equal(shown(&all, false), 6);
	rt_snapshot_fini(&all);
	/* The server, too, is on a port that the kernel chose: that one stays, where all have it. */
	for (unsigned i = 1; i <= 10; i++)
		add_client(&all, i, 40000 + i)->peer.port = i > 5 ? 50001 : 50000;
	assert_int_equal(shown(&all, false), 2);
	rt_snapshot_fini(&all);
	for (unsigned i = 1; i <= 10; i++)
		add_child(&all, 40000 + i)->local.port = i > 5 ? 50001 : 50000;
	assert_int_equal(shown(&all, false), 2);
	rt_snapshot_fini(&all);
}

static void test_no_connection_in_a_queue_is_lost(void **state)
{
	struct rt_snapshot all = {0};

	(void)state;
	for (unsigned i = 1; i <= 6; i++)
		snprintf(add_listener(&all, "w", 0)->name, RT_NAME_MAX, "s[%u]", i);
	assert_int_equal(shown(&all, false), 1);
	all.row[4].rqueue = 1;
	assert_int_equal(shown(&all, false), 2);
	rt_snapshot_fini(&all);
}

static void test_order_of_the_names(void **state)
{
	static const char *const expected[] = {"w1.s", "w2.s", "w10.s", "w1.k[1..4]", "w2.k[1..4]"};
	struct rt_snapshot all = {0};
	struct rt_bundles bundles;

	(void)state;
	add_listener(&all, "w10", 0);
	add_listener(&all, "w2", 0);
	add_listener(&all, "w1", 0);
	for (unsigned i = 1; i <= 8; i++) {
		struct rt_row *row = add_child(&all, 40000 + i);

		snprintf(row->name, sizeof(row->name), "k[%u]", (i + 1) / 2);
		strcpy(row->name_owner, i % 2 ? "w2" : "w1");
	}
	rt_snapshot_sort(&all);
	rt_bundles_init(&bundles, &all, false);
	assert_int_equal(bundles.n, RT_COUNT(expected));
	for (size_t i = 0; i < RT_COUNT(expected); i++)
		assert_cell(RT_COL_NAME, &all, &bundles.bundle[i], expected[i]);
	rt_bundles_fini(&bundles);
	rt_snapshot_fini(&all);
}

static void test_numbers(void **state)
{
	static const struct {
		unsigned number[12];
		const char *name;
	} cases[] = {
		{{4, 3, 2, 1}, "client.c[1..4]"},
		{{1, 2, 5, 6, 10, 11, 12}, "client.c[1,2,5,6,10..12]"},
		{{9, 10, 11, 1000}, "client.c[9..11,1000]"},
		{{1, 3, 5, 7}, "client.c[1,3,5,7]"},
		{{1, 3, 5, 7, 9, 10}, "client.c[1,3,5,7,...]"},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_snapshot all = {0};
		struct rt_bundles bundles;
		struct rt_str name = {0};

		for (unsigned k = 0; cases[i].number[k]; k++)
			add_client(&all, cases[i].number[k], 40000 + k);
		rt_bundles_init(&bundles, &all, false);
		assert_int_equal(bundles.n, 1);
		assert_cell(RT_COL_NAME, &all, &bundles.bundle[0], cases[i].name);
		rt_words_bundle_name(&bundles.bundle[0], &name);
		assert_string_equal(rt_str_text(&name), "client.c[*]");
		rt_str_fini(&name);
		rt_bundles_fini(&bundles);
		rt_snapshot_fini(&all);
	}
}

static void test_what_many_did_at_once(void **state)
{
	struct rt_snapshot all = {0};
	struct rt_bundles bundles;
	struct rt_str ports = {0};

	(void)state;
	for (unsigned i = 1; i <= 4; i++) {
		struct rt_row *row = add_client(&all, i, 40000 + i);

		row->state = RT_TIME_WAIT;
		row->mark = RT_MARK_CHANGED;
		row->old_state = RT_FIN_WAIT2;
		row->timer = RT_TIMER_TIME_WAIT;
		row->timer_ms = 53000 + 100 * i;
		row->name_remembered = true;
	}
	rt_bundles_init(&bundles, &all, false);
	assert_int_equal(bundles.n, 1);
	assert_cell(RT_COL_MARK, &all, &bundles.bundle[0], "*");
	assert_cell(RT_COL_NAME, &all, &bundles.bundle[0], "client.c[1..4] ~");
	assert_cell(RT_COL_STATE, &all, &bundles.bundle[0], "FIN_WAIT2 -> TIME_WAIT");
	assert_cell(RT_COL_TIMER, &all, &bundles.bundle[0], "TIME_WAIT 53..54 s");
	rt_words_bundle_ports(&bundles.bundle[0], &ports);
	assert_string_equal(rt_str_text(&ports), ", ports 40001..40004");
	rt_str_fini(&ports);
	rt_bundles_fini(&bundles);
	rt_snapshot_fini(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clients_of_two_listeners),
		cmocka_unit_test(test_four_are_many),
		cmocka_unit_test(test_what_keeps_a_row_apart),
		cmocka_unit_test(test_ports_of_the_script_stay),
		cmocka_unit_test(test_no_connection_in_a_queue_is_lost),
		cmocka_unit_test(test_order_of_the_names),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_what_many_did_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
