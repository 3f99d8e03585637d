/*
 * The values of model/: addresses, rows and what matches them, snapshots, calls as text, errno
 * names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/mem.h"
#include "model/snapshot.h"

static struct rt_addr addr(const char *text)
{
	struct rt_addr value;

	assert_int_equal(rt_addr_parse(text, strlen(text), &value, NULL), 0);
	return value;
}

static struct rt_addr_pattern addr_pattern(const char *text)
{
	struct rt_addr_pattern value;

	assert_int_equal(rt_addr_pattern_parse(text, strlen(text), &value), 0);
	return value;
}

static struct rt_row *add_row(struct rt_snapshot *snapshot, uint64_t cookie, enum rt_state state,
			      const char *local)
{
	struct rt_row *row = rt_snapshot_add(snapshot);

	row->cookie = cookie;
	row->state = (uint8_t)state;
	row->local = addr(local);
	row->source = RT_FROM_DIAG;
	return row;
}

/* --- addresses -------------------------------------------------------------------------------- */

static void test_addresses_read_as_they_print(void **state)
{
	static const char *const good[] = {
		"127.0.0.1:8000", "0.0.0.0:0", "255.255.255.255:65535",
		"[::1]:8000",	  "[::]:0",    "[::ffff:127.0.0.1]:8000"};
	char text[RT_ADDR_TEXT];

	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		struct rt_addr value = addr(good[i]);

		assert_string_equal(rt_addr_format(&value, text), good[i]);
	}
}

static void test_what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  ":",
					  "127.0.0.1",
					  "127.0.0.1:",
					  "127.0.0.1:65536",
					  "127.0.0.1:-1",
					  "127.0.0.1: 1",
					  "127.0.0.1:port",
					  "1.2.3:1",
					  "256.0.0.1:1",
					  "::1:8000",
					  "[::1]",
					  "[::1]8000",
					  "[::1",
					  "[127.0.0.1]:1",
					  "127.0.0.1:80x",
					  "*:1"};
	struct rt_addr value;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++)
		if (rt_addr_parse(bad[i], strlen(bad[i]), &value, NULL) == 0)
			fail_msg("\"%s\" was taken for an address", bad[i]);
}

static void test_an_address_may_have_no_port(void **state)
{
	struct rt_addr value;
	bool has_port = true;

	(void)state;
	assert_int_equal(rt_addr_parse("239.1.1.1", 9, &value, &has_port), 0);
	assert_false(has_port);
	assert_int_equal(rt_addr_parse("239.1.1.1:7", 11, &value, &has_port), 0);
	assert_true(has_port);
	assert_int_equal(value.port, 7);
}

static void test_an_address_is_what_bind_takes_and_gives(void **state)
{
	static const char *const both[] = {"127.0.0.2:8000", "[::1]:8000"};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(both); i++) {
		struct rt_addr there = addr(both[i]), back;
		struct sockaddr_storage sa;
		socklen_t len = rt_addr_to_sockaddr(&there, &sa);

		rt_addr_from_sockaddr(&sa, len, &back);
		assert_true(rt_addr_equal(&there, &back));
		rt_addr_from_sockaddr(&sa, 2, &back);
		assert_int_equal(back.family, AF_UNSPEC);
	}
}

static void test_address_patterns(void **state)
{
	static const struct {
		const char *pattern, *address;
		bool match;
	} pair[] = {
		{"127.0.0.1:8000", "127.0.0.1:8000", true},
		{"127.0.0.1:8000", "127.0.0.1:8001", false},
		{"127.0.0.1:8000", "127.0.0.2:8000", false},
		{"127.0.0.1:*", "127.0.0.1:9", true},
		{"127.0.0.1:*", "127.0.0.2:9", false},
		{"*:8000", "[::1]:8000", true},
		{"*:8000", "127.0.0.1:8001", false},
		{"*", "127.0.0.1:8001", true},
		{"0.0.0.0:8000", "127.0.0.1:8000", false},
		{"[::]:8000", "0.0.0.0:8000", false},
	};
	char text[RT_ADDR_TEXT];

	(void)state;
	for (size_t i = 0; i < RT_COUNT(pair); i++) {
		struct rt_addr_pattern pattern = addr_pattern(pair[i].pattern);
		struct rt_addr value = addr(pair[i].address);

		if (rt_addr_match(&pattern, &value) != pair[i].match)
			fail_msg("%s and %s", pair[i].pattern, pair[i].address);
		assert_string_equal(rt_addr_pattern_format(&pattern, text), pair[i].pattern);
	}
}

/* --- rows ------------------------------------------------------------------------------------- */

static void test_states_have_the_names_of_the_field(void **state)
{
	(void)state;
	for (unsigned i = RT_ESTABLISHED; i < RT_STATES; i++) {
		const char *name = rt_state_name(RT_TCP, (enum rt_state)i);

		if (i != RT_NEW_SYN_RECV) /* to a learner the same as SYN_RECV */
			assert_int_equal(rt_state_parse(name, strlen(name)), i);
	}
	assert_string_equal(rt_state_name(RT_TCP, RT_BOUND), "BOUND");
	assert_string_equal(rt_state_name(RT_TCP, RT_CLOSE), "CLOSE");
	assert_string_equal(rt_state_name(RT_UDP, RT_CLOSE), "UNCONN");
	assert_string_equal(rt_state_name(RT_TCP, (enum rt_state)200), "?");
	assert_int_equal(rt_state_parse("UNCONN", 6), RT_CLOSE);
	assert_int_equal(rt_state_parse("TIME_WAI", 8), 0);
	assert_int_equal(rt_state_parse("", 0), 0);
}

static void test_a_row_pattern_reads_each_part(void **state)
{
	struct rt_snapshot snapshot = {0};
	struct rt_row *row = add_row(&snapshot, 1, RT_TIME_WAIT, "127.0.0.1:8000");
	struct rt_row_pattern pattern = {.local = addr_pattern("*:8000"), .state = RT_TIME_WAIT};

	(void)state;
	row->peer = addr("127.0.0.1:40000");
	row->timer = RT_TIMER_TIME_WAIT;
	row->timer_ms = 59000;
	row->rqueue = 2;
	assert_true(rt_row_match(&pattern, row));
	pattern.proto = RT_UDP;
	assert_false(rt_row_match(&pattern, row));
	pattern = (struct rt_row_pattern){.local = addr_pattern("*"), .state = RT_LISTEN};
	assert_false(rt_row_match(&pattern, row));
	pattern = (struct rt_row_pattern){
		.local = addr_pattern("*"), .has_peer = true, .peer = addr_pattern("*:40000")};
	assert_true(rt_row_match(&pattern, row));
	pattern.peer = addr_pattern("*:40001");
	assert_false(rt_row_match(&pattern, row));
	pattern = (struct rt_row_pattern){.local = addr_pattern("*"),
					  .check_timer = true,
					  .timer_min_ms = 55000,
					  .timer_max_ms = 59000};
	assert_true(rt_row_match(&pattern, row));
	pattern.timer_max_ms = 58999;
	assert_false(rt_row_match(&pattern, row));
	pattern.timer_max_ms = 60000;
	row->timer = RT_TIMER_NONE;
	assert_false(rt_row_match(&pattern, row));
	pattern = (struct rt_row_pattern){
		.local = addr_pattern("*"), .check_queue = true, .queue_min = 2, .queue_max = 2};
	assert_true(rt_row_match(&pattern, row));
	row->rqueue = 3;
	assert_false(rt_row_match(&pattern, row));
	pattern.check_queue = false;
	assert_true(rt_row_match(&pattern, row));
	row->mark = RT_MARK_GONE;
	assert_false(rt_row_match(&pattern, row));
	rt_snapshot_fini(&snapshot);
}

static void test_owners_are_all_of_them_in_any_order(void **state)
{
	struct rt_row row = {
		.inode = 9, .local = addr("127.0.0.1:1"), .n_owners = 2, .owner = {"old", "child"}};
	struct rt_row_pattern pattern = {.local = addr_pattern("*"),
					 .check_owner = true,
					 .n_owners = 2,
					 .owner = {"child", "old"}};

	(void)state;
	assert_true(rt_row_match(&pattern, &row));
	pattern.n_owners = 1;
	assert_false(rt_row_match(&pattern, &row));
	strcpy(pattern.owner[0], "old");
	row.n_owners = 1;
	assert_true(rt_row_match(&pattern, &row));
	pattern.n_owners = 0;
	assert_false(rt_row_match(&pattern, &row));
	/* A process that is not of the script is not the kernel. */
	row.n_owners = 0;
	assert_false(rt_row_match(&pattern, &row));
	row.inode = 0;
	assert_true(rt_row_match(&pattern, &row));
}

static void test_a_row_pattern_prints_as_a_script_writes_it(void **state)
{
	struct rt_row_pattern pattern = {.local = addr_pattern("127.0.0.1:8000"),
					 .state = RT_TIME_WAIT};
	char text[256], small[8];

	(void)state;
	assert_string_equal(rt_row_pattern_format(&pattern, text, sizeof(text)),
			    "tcp 127.0.0.1:8000 TIME_WAIT");
	pattern.has_peer = true;
	pattern.peer = addr_pattern("*:*");
	pattern.check_owner = pattern.check_timer = pattern.check_queue = true;
	pattern.timer_min_ms = 55000;
	pattern.timer_max_ms = 60500;
	pattern.queue_min = pattern.queue_max = 3;
	assert_string_equal(
		rt_row_pattern_format(&pattern, text, sizeof(text)),
		"tcp 127.0.0.1:8000 -> * TIME_WAIT owner kernel timer 55..60.500 queue 3");
	assert_string_equal(rt_row_pattern_format(&pattern, small, sizeof(small)), "tcp 127");
	pattern = (struct rt_row_pattern){.proto = RT_UDP,
					  .state = RT_CLOSE,
					  .local_name = "a",
					  .check_owner = true,
					  .n_owners = 2,
					  .owner = {"A", "B"}};
	assert_string_equal(rt_row_pattern_format(&pattern, text, sizeof(text)),
			    "udp a UNCONN owner A+B");
}

/* --- snapshots -------------------------------------------------------------------------------- */

static void test_the_order_of_a_table(void **state)
{
	/* Cookies count in the order that is expected. */
	static const struct {
		const char *local, *peer;
		enum rt_state state;
		enum rt_proto proto;
	} expected[] = {
		{"127.0.0.1:7999", NULL, RT_BOUND, RT_TCP},
		{"127.0.0.2:8000", NULL, RT_LISTEN, RT_TCP},
		{"[::1]:8000", NULL, RT_LISTEN, RT_TCP},
		{"127.0.0.1:8000", "127.0.0.1:9", RT_TIME_WAIT, RT_TCP},
		{"127.0.0.1:8000", "127.0.0.1:9", RT_TIME_WAIT, RT_TCP},
		{"127.0.0.1:8000", "127.0.0.9:9", RT_TIME_WAIT, RT_TCP},
		{"127.0.0.1:8000", "127.0.0.1:10", RT_ESTABLISHED, RT_TCP},
		{"127.0.0.3:8000", NULL, RT_BOUND, RT_TCP},
		{"[::]:8000", NULL, RT_BOUND, RT_TCP},
		{"[::1]:8000", "[::1]:4", RT_ESTABLISHED, RT_TCP},
		{"[::2]:8000", "[::1]:3", RT_ESTABLISHED, RT_TCP},
		{"[::2]:8000", "[::2]:3", RT_ESTABLISHED, RT_TCP},
		{"127.0.0.1:7000", NULL, RT_CLOSE, RT_UDP},
	};
	size_t n = RT_COUNT(expected);

	(void)state;
	for (size_t turn = 0; turn < n; turn++) {
		struct rt_snapshot snapshot = {0};

		for (size_t i = 0; i < n; i++) {
			size_t at = (i * 5 + turn) % n;
			struct rt_row *row =
				add_row(&snapshot, at + 1, expected[at].state, expected[at].local);

			row->proto = (uint8_t)expected[at].proto;
			if (expected[at].peer)
				row->peer = addr(expected[at].peer);
			row->n_owners = (uint8_t)(at % 2);
			snprintf(row->owner[0], RT_NAME_MAX, "%zu", at + 1);
		}
		rt_snapshot_sort(&snapshot);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(snapshot.row[i].cookie, i + 1);
			if (snapshot.row[i].n_owners)
				assert_int_equal(atoi(snapshot.row[i].owner[0]), i + 1);
		}
		rt_snapshot_fini(&snapshot);
	}
}

/* The row with that cookie. */
static const struct rt_row *with_cookie(const struct rt_snapshot *snapshot, uint64_t cookie)
{
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->row[i].cookie == cookie)
			return &snapshot->row[i];
	fail_msg("no row has the cookie %llu", (unsigned long long)cookie);
	return NULL;
}

static void test_a_difference_marks_each_row(void **state)
{
	struct rt_snapshot before = {0}, now = {0}, later = {0};

	(void)state;
	add_row(&before, 1, RT_ESTABLISHED, "127.0.0.1:8000");
	add_row(&before, 2, RT_LISTEN, "127.0.0.1:8000");
	add_row(&before, 3, RT_BOUND, "127.0.0.1:8001");
	add_row(&now, 4, RT_BOUND, "127.0.0.1:8002");
	add_row(&now, 2, RT_LISTEN, "127.0.0.1:8000");
	add_row(&now, 1, RT_TIME_WAIT, "127.0.0.1:8000");
	rt_snapshot_diff(&now, &before);
	assert_int_equal(now.n, 4);
	assert_int_equal(with_cookie(&now, 1)->mark, RT_MARK_CHANGED);
	assert_int_equal(with_cookie(&now, 1)->old_state, RT_ESTABLISHED);
	assert_int_equal(with_cookie(&now, 2)->mark, RT_MARK_SAME);
	assert_int_equal(with_cookie(&now, 3)->mark, RT_MARK_GONE);
	assert_int_equal(with_cookie(&now, 4)->mark, RT_MARK_NEW);
	assert_int_equal(now.row[2].cookie, 3); /* sorted in: the gone row stands at its port */
	/* What was gone is forgotten, and is new when it comes again. */
	add_row(&later, 3, RT_BOUND, "127.0.0.1:8001");
	rt_snapshot_diff(&later, &now);
	assert_int_equal(with_cookie(&later, 3)->mark, RT_MARK_NEW);
	assert_int_equal(later.n, 4);
	assert_int_equal(with_cookie(&later, 1)->mark, RT_MARK_GONE);
	/* A table may be marked anew, against itself: what was gone is not there again. */
	rt_snapshot_copy(&now, &later);
	rt_snapshot_diff(&later, &now);
	assert_int_equal(later.n, 1);
	assert_int_equal(later.row[0].mark, RT_MARK_SAME);
	rt_snapshot_fini(&before);
	rt_snapshot_fini(&now);
	rt_snapshot_fini(&later);
}

static void test_a_bind_that_changes_no_state_is_a_change(void **state)
{
	struct rt_snapshot before = {0}, now = {0};

	(void)state;
	add_row(&before, 1, RT_CLOSE, "0.0.0.0:0")->proto = RT_UDP;
	add_row(&now, 1, RT_CLOSE, "0.0.0.0:8000")->proto = RT_UDP;
	rt_snapshot_diff(&now, &before);
	assert_int_equal(now.row[0].mark, RT_MARK_CHANGED);
	assert_int_equal(now.row[0].old_state, RT_CLOSE);
	rt_snapshot_fini(&before);
	rt_snapshot_fini(&now);
}

static void test_without_cookies_inodes_and_addresses_tell_rows_apart(void **state)
{
	struct rt_snapshot before = {0}, now = {0};

	(void)state;
	add_row(&before, 0, RT_CLOSE, "0.0.0.0:0")->inode = 5;
	add_row(&before, 0, RT_TIME_WAIT, "127.0.0.1:9000");
	add_row(&now, 0, RT_LISTEN, "127.0.0.1:8000")->inode = 5;
	add_row(&now, 0, RT_BOUND, "127.0.0.1:8000")->inode = 6;
	add_row(&now, 0, RT_TIME_WAIT, "127.0.0.1:9000");
	add_row(&now, 0, RT_TIME_WAIT, "127.0.0.1:9001");
	rt_snapshot_diff(&now, &before);
	assert_int_equal(now.n, 4);
	assert_int_equal(now.row[0].inode, 5);
	assert_int_equal(now.row[0].mark, RT_MARK_CHANGED);
	assert_int_equal(now.row[1].mark, RT_MARK_NEW);
	assert_int_equal(now.row[2].mark, RT_MARK_SAME);
	assert_int_equal(now.row[3].mark, RT_MARK_NEW);
	rt_snapshot_fini(&before);
	rt_snapshot_fini(&now);
}

static void test_counting_and_copying(void **state)
{
	struct rt_snapshot snapshot = {.taken_ms = 1000}, copy = {0};
	struct rt_row_pattern pattern = {.local = addr_pattern("*:8000")};
	const struct rt_row *first;

	(void)state;
	assert_int_equal(rt_snapshot_count(&snapshot, &pattern, &first), 0);
	assert_null(first);
	for (uint64_t i = 1; i <= 100; i++)
		add_row(&snapshot, i, RT_TIME_WAIT, i % 4 ? "127.0.0.1:8000" : "127.0.0.1:8001")
			->timer_ms = 60000;
	rt_snapshot_copy(&copy, &snapshot);
	assert_int_equal(rt_snapshot_count(&copy, &pattern, &first), 75);
	assert_ptr_equal(first, &copy.row[0]);
	assert_int_equal(rt_snapshot_timer_ms(&copy, first, 1000), 60000);
	assert_int_equal(rt_snapshot_timer_ms(&copy, first, 2500), 58500);
	assert_int_equal(rt_snapshot_timer_ms(&copy, first, 99000), 0);
	rt_snapshot_clear(&snapshot);
	assert_int_equal(rt_snapshot_count(&snapshot, &pattern, NULL), 0);
	rt_snapshot_fini(&snapshot);
	rt_snapshot_fini(&copy);
}

/* --- errno ------------------------------------------------------------------------------------ */

static void test_errno_names_go_both_ways(void **state)
{
	static const int of_sockets[] = {
		EADDRINUSE, EADDRNOTAVAIL, ECONNREFUSED, ECONNRESET, EAGAIN, EACCES, EINVAL,
		ENOTCONN,   EISCONN,	   EOPNOTSUPP,	 EPIPE,	     EMFILE, EBADF,  EDESTADDRREQ};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(of_sockets); i++) {
		const char *name = rt_errno_name(of_sockets[i]);

		assert_int_equal(rt_errno_number(name, strlen(name)), of_sockets[i]);
	}
	assert_string_equal(rt_errno_name(EADDRINUSE), "EADDRINUSE");
	assert_string_equal(rt_errno_name(EWOULDBLOCK), "EAGAIN");
	assert_string_equal(rt_errno_name(99999), "E?");
	assert_int_equal(rt_errno_number("EWOULDBLOCK", 11), EAGAIN);
	assert_int_equal(rt_errno_number("EADDRINUS", 9), 0);
	assert_int_equal(rt_errno_number("E?", 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_read_as_they_print),
		cmocka_unit_test(test_what_is_no_address_is_refused),
		cmocka_unit_test(test_an_address_may_have_no_port),
		cmocka_unit_test(test_an_address_is_what_bind_takes_and_gives),
		cmocka_unit_test(test_address_patterns),
		cmocka_unit_test(test_states_have_the_names_of_the_field),
		cmocka_unit_test(test_a_row_pattern_reads_each_part),
		cmocka_unit_test(test_owners_are_all_of_them_in_any_order),
		cmocka_unit_test(test_a_row_pattern_prints_as_a_script_writes_it),
		cmocka_unit_test(test_the_order_of_a_table),
		cmocka_unit_test(test_a_difference_marks_each_row),
		cmocka_unit_test(test_a_bind_that_changes_no_state_is_a_change),
		cmocka_unit_test(test_without_cookies_inodes_and_addresses_tell_rows_apart),
		cmocka_unit_test(test_counting_and_copying),
		cmocka_unit_test(test_errno_names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
