/* sock_diag of the real kernel: what a snapshot shows, and that it shows all. */
#include "diag_fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_tcp_from_bind_to_time_wait(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = bound(SOCK_STREAM, "127.0.0.1:8000"), c, k;
	const struct rt_row *row;
	uint64_t cookie;

	take(diag, &snapshot);
	if (snapshot.has_bound) {
		assert_int_equal(need(&snapshot, s)->state, RT_BOUND);
		expect_addr(&need(&snapshot, s)->local, "127.0.0.1:8000");
	} else {
		assert_null(find(&snapshot, cookie_of(s)));
	}
	assert_int_equal(listen(s, 16), 0);
	c = connected(SOCK_STREAM, "127.0.0.1:8000");
	take(diag, &snapshot);
	row = need(&snapshot, s);
	assert_int_equal(row->state, RT_LISTEN);
	assert_int_equal(row->inode, inode_of(s));
	assert_int_equal(row->uid, 0);
	assert_int_equal(row->rqueue, 1);
	assert_int_equal(row->wqueue, 16);
	assert_int_equal(row->peer.family, AF_UNSPEC);
	k = accepted(s);
	cookie = cookie_of(k);
	take(diag, &snapshot);
	assert_int_equal(need(&snapshot, s)->rqueue, 0);
	assert_int_equal(need(&snapshot, k)->state, RT_ESTABLISHED);
	assert_true(rt_addr_equal(&need(&snapshot, k)->local, &need(&snapshot, c)->peer));
	assert_true(rt_addr_equal(&need(&snapshot, k)->peer, &need(&snapshot, c)->local));
	close(k);
	row = wait_state(diag, &snapshot, cookie, RT_FIN_WAIT2);
	assert_int_equal(row->inode, 0);
	close(c);
	row = wait_state(diag, &snapshot, cookie, RT_TIME_WAIT);
	assert_int_equal(row->inode, 0);
	assert_int_equal(row->timer, RT_TIMER_TIME_WAIT);
	assert_in_range(row->timer_ms, 60000 - WAIT_MS, 60000);
	assert_int_equal(send_destroy(row), 0);
	wait_state(diag, &snapshot, cookie, 0);
	close(s);
	rt_snapshot_fini(&snapshot);
}

static void test_a_connection_that_waits_for_accept_has_no_inode(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = listener("127.0.0.1:8000"), c = connected(SOCK_STREAM, "127.0.0.1:8000");
	struct rt_row_pattern pattern = {.state = RT_ESTABLISHED, .check_owner = true};
	const struct rt_row *row;

	assert_int_equal(rt_addr_pattern_parse("127.0.0.1:8000", 14, &pattern.local), 0);
	take(diag, &snapshot);
	assert_int_equal(rt_snapshot_count(&snapshot, &pattern, &row), 1);
	assert_int_equal(row->inode, 0);
	close(c);
	close(s);
	rt_snapshot_fini(&snapshot);
}

static void test_udp_and_ipv6(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int u = bound(SOCK_DGRAM, "127.0.0.1:8000"), w = connected(SOCK_DGRAM, "127.0.0.1:8000");
	int six = listener("[::]:8000"), udp_six, c, k, on = 1;
	const struct rt_row *row;

	udp_six = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(setsockopt(udp_six, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)), 0);
	assert_int_equal(bind(udp_six,
			      (struct sockaddr *)&(struct sockaddr_in6){.sin6_family = AF_INET6,
									.sin6_port = htons(8001)},
			      sizeof(struct sockaddr_in6)),
			 0);
	c = connected(SOCK_STREAM, "127.0.0.1:8000");
	k = accepted(six);
	take(diag, &snapshot);
	assert_int_equal(snapshot.n, 6);
	row = need(&snapshot, u);
	assert_int_equal(row->proto, RT_UDP);
	assert_string_equal(rt_state_name(row->proto, row->state), "UNCONN");
	assert_int_equal(row->peer.family, AF_UNSPEC);
	row = need(&snapshot, w);
	assert_int_equal(row->state, RT_ESTABLISHED);
	expect_addr(&row->peer, "127.0.0.1:8000");
	row = need(&snapshot, six);
	expect_addr(&row->local, "[::]:8000");
	assert_int_equal(row->v6only, 0);
	assert_int_equal(need(&snapshot, udp_six)->v6only, 1);
	assert_int_equal(need(&snapshot, c)->state, RT_ESTABLISHED);
	/* An IPv4 address in an IPv6 socket. */
	expect_addr(&need(&snapshot, k)->local, "[::ffff:127.0.0.1]:8000");
	close(c);
	close(k);
	close(u);
	close(w);
	close(six);
	close(udp_six);
	rt_snapshot_fini(&snapshot);
}

/*
 * shutdown(2) leaves the process a socket and the kernel a record, both with one cookie: cast.h
 * builds on that.
 */
static void test_a_record_while_a_process_holds_the_socket(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = listener("127.0.0.1:8000"), c = connected(SOCK_STREAM, "127.0.0.1:8000"),
	    k = accepted(s);

	uint64_t cookie = cookie_of(
		k); /* the kernel makes it when first asked: before the record copies it */

	assert_int_equal(shutdown(k, SHUT_RDWR), 0);
	close(c);
	assert_int_equal(wait_state(diag, &snapshot, cookie, RT_TIME_WAIT)->inode, 0);
	assert_true(cookie_of(k) == cookie);
	close(k);
	close(s);
	rt_snapshot_fini(&snapshot);
}

static void test_the_port_filter_of_the_kernel(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = listener("127.0.0.1:8100"), other = listener("127.0.0.1:8101"),
	    b = bound(SOCK_STREAM, "127.0.0.2:8100");
	int c = connected(SOCK_STREAM, "127.0.0.1:8100"),
	    d = connected(SOCK_STREAM, "127.0.0.1:8101"), k = accepted(s);
	struct rt_error err;

	assert_int_equal(
		rt_diag_dump(diag, AF_INET, IPPROTO_TCP, UINT32_MAX, 8100, &snapshot, &err), 0);
	assert_non_null(find(&snapshot, cookie_of(s)));
	assert_non_null(find(&snapshot, cookie_of(c)));
	assert_non_null(find(&snapshot, cookie_of(k)));
	assert_null(find(&snapshot, cookie_of(other)));
	assert_null(find(&snapshot, cookie_of(d)));
	assert_int_equal(snapshot.n, find(&snapshot, cookie_of(b)) ? 4 : 3);
	rt_snapshot_clear(&snapshot);
	assert_int_equal(
		rt_diag_dump(diag, AF_INET, IPPROTO_TCP, 1u << RT_LISTEN, 0, &snapshot, &err), 0);
	assert_int_equal(snapshot.n, 2);
	rt_snapshot_clear(&snapshot);
	assert_int_equal(
		rt_diag_dump(diag, AF_UNSPEC, IPPROTO_TCP, UINT32_MAX, 8101, &snapshot, &err), 0);
	assert_int_equal(snapshot.n, 3);
	close(s);
	close(other);
	close(b);
	close(c);
	close(d);
	close(k);
	rt_snapshot_fini(&snapshot);
}

static void test_the_sockets_of_one_local_port(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = listener("127.0.0.1:8100"), six = listener("[::1]:8100"),
	    other = listener("127.0.0.1:8101"), b = bound(SOCK_STREAM, "127.0.0.2:8100"),
	    elsewhere = bound(SOCK_STREAM, "127.0.0.2:8102"), u = bound(SOCK_DGRAM, "[::1]:8100"),
	    v = bound(SOCK_DGRAM, "127.0.0.1:8101");
	int c = connected(SOCK_STREAM, "127.0.0.1:8100"), k = accepted(s);
	struct rt_error err;

	assert_int_equal(rt_diag_port(diag, RT_TCP, 8100, &snapshot, &err), 0);
	assert_non_null(find(&snapshot, cookie_of(s)));
	assert_non_null(find(&snapshot, cookie_of(six)));
	assert_non_null(find(&snapshot, cookie_of(k)));
	/* Its peer has the port; it does not. */
	assert_null(find(&snapshot, cookie_of(c)));
	if (snapshot.has_bound)
		assert_int_equal(find(&snapshot, cookie_of(b))->state, RT_BOUND);
	assert_int_equal(snapshot.n, snapshot.has_bound ? 4 : 3);
	assert_int_equal(rt_diag_port(diag, RT_UDP, 8100, &snapshot, &err), 0);
	assert_int_equal(snapshot.n, 1);
	assert_non_null(find(&snapshot, cookie_of(u)));
	assert_int_equal(rt_diag_port(diag, RT_UDP, 8102, &snapshot, &err), 0);
	assert_int_equal(snapshot.n, 0);
	close(s);
	close(six);
	close(other);
	close(b);
	close(elsewhere);
	close(u);
	close(v);
	close(c);
	close(k);
	rt_snapshot_fini(&snapshot);
}

static void test_a_refused_dump_is_an_error_and_the_next_one_works(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	struct rt_error err = {0};
	int s = listener("127.0.0.1:8000");

	assert_int_equal(
		rt_diag_dump(diag, AF_APPLETALK, IPPROTO_TCP, UINT32_MAX, 0, &snapshot, &err), -1);
	assert_int_equal(err.kind, RT_ERR_FAILED);
	assert_int_not_equal(err.sys, 0);
	assert_int_equal(snapshot.n, 0);
	take(diag, &snapshot);
	need(&snapshot, s);
	close(s);
	rt_snapshot_fini(&snapshot);
}

/* The kernel lists listeners in the order of a hash. */
static void test_a_snapshot_is_sorted(void **state)
{
	enum { LISTENERS = 8 };
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	char local[RT_ADDR_TEXT];
	int fd[LISTENERS];

	for (int i = 0; i < LISTENERS; i++) {
		snprintf(local, sizeof(local), "127.0.0.1:%d", 8000 + i * 3 % LISTENERS);
		fd[i] = listener(local);
	}
	take(diag, &snapshot);
	assert_int_equal(snapshot.n, LISTENERS);
	for (size_t i = 0; i < LISTENERS; i++)
		assert_int_equal(snapshot.row[i].local.port, 8000 + i);
	for (int i = 0; i < LISTENERS; i++)
		close(fd[i]);
	rt_snapshot_fini(&snapshot);
}

/* Many messages of many rows: every socket once, though the kernel sends them in parts. */
static void test_a_long_dump_is_complete(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0}, again = {0};
	struct rt_row_pattern pattern = {.state = RT_TIME_WAIT};
	int s = listener("127.0.0.1:8000");
	char byte;

	for (int i = 0; i < MANY; i++) {
		int c = connected(SOCK_STREAM, "127.0.0.1:8000"), k = accepted(s);

		close(c);
		assert_int_equal(read(k, &byte, 1), 0);
		close(k);
	}
	assert_int_equal(rt_addr_pattern_parse("127.0.0.1:*", 11, &pattern.local), 0);
	pattern.has_peer = true;
	assert_int_equal(rt_addr_pattern_parse("127.0.0.1:8000", 14, &pattern.peer), 0);
	take(diag, &snapshot);
	assert_int_equal(rt_snapshot_count(&snapshot, &pattern, NULL), MANY);
	for (size_t i = 1; i < snapshot.n; i++) /* one port each: sorted, and no row twice */
		if (snapshot.row[i - 1].state == RT_TIME_WAIT &&
		    snapshot.row[i].state == RT_TIME_WAIT)
			assert_true(rt_addr_compare(&snapshot.row[i - 1].local,
						    &snapshot.row[i].local) <= 0 &&
				    snapshot.row[i - 1].cookie != snapshot.row[i].cookie);
	take(diag, &again);
	rt_snapshot_diff(&again, &snapshot);
	for (size_t i = 0; i < again.n; i++)
		assert_int_equal(again.row[i].mark, RT_MARK_SAME);
	for (size_t i = 0; i < snapshot.n; i++)
		if (snapshot.row[i].state == RT_TIME_WAIT)
			assert_int_equal(send_destroy(&snapshot.row[i]), 0);
	close(s);
	rt_snapshot_fini(&snapshot);
	rt_snapshot_fini(&again);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, diag_setup, diag_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_tcp_from_bind_to_time_wait),
		TEST(test_a_connection_that_waits_for_accept_has_no_inode),
		TEST(test_udp_and_ipv6),
		TEST(test_a_record_while_a_process_holds_the_socket),
		TEST(test_the_port_filter_of_the_kernel),
		TEST(test_the_sockets_of_one_local_port),
		TEST(test_a_refused_dump_is_an_error_and_the_next_one_works),
		TEST(test_a_snapshot_is_sorted),
		TEST(test_a_long_dump_is_complete),
	};

	diag_enter_user_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
