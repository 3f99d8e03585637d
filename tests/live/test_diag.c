/* sock_diag of the real kernel, in a user and network namespace that the test enters itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "diag/diag.h"

enum { WAIT_MS = 5000, MANY = 3000 };

/* Why this machine cannot run the tests, or "". */
static char refused[128];

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;

	if (fd < 0)
		return -1;
	written = write(fd, text, strlen(text));
	close(fd);
	return written == (ssize_t)strlen(text) ? 0 : -1;
}

static void enter_user_namespace(void)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1", getuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 || write_file("/proc/self/uid_map", map) < 0)
		snprintf(refused, sizeof(refused), "no user and network namespace here: %s", strerror(errno));
}

/* Each test has a network namespace without a socket, whatever the one before has left. */
static int enter_network(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = -1, rc = -1;

	if (unshare(CLONE_NEWNET) == 0)
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		rc = ioctl(fd, SIOCSIFFLAGS, &lo);
	close(fd);
	return rc;
}

static int setup(void **state)
{
	struct rt_error err;

	*state = NULL;
	if (refused[0])
		return 0;
	if (enter_network() < 0)
		return -1;
	*state = rt_diag_new(-1, &err);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	rt_diag_free(*state);
	return 0;
}

static struct rt_diag *need_diag(void **state)
{
	if (refused[0]) {
		print_message("skip: %s\n", refused);
		skip();
	}
	return *state;
}

/* --- sockets of the test ------------------------------------------------------------------------------------------------- */

static struct rt_addr addr(const char *text)
{
	struct rt_addr value;

	assert_int_equal(rt_addr_parse(text, strlen(text), &value, NULL), 0);
	return value;
}

static int bound(int type, const char *local)
{
	struct rt_addr value = addr(local);
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(&value, &sa);
	int fd = socket(value.family, type | SOCK_CLOEXEC, 0), on = 1;

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

static int listener(const char *local)
{
	int fd = bound(SOCK_STREAM, local);

	assert_int_equal(listen(fd, 16), 0);
	return fd;
}

static int connected(int type, const char *peer)
{
	struct rt_addr value = addr(peer);
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(&value, &sa);
	int fd = socket(value.family, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

static int accepted(int fd)
{
	int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	assert_true(connection >= 0);
	return connection;
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len), 0);
	return cookie;
}

static uint32_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return (uint32_t)st.st_ino;
}

/* --- looking ------------------------------------------------------------------------------------------------------------- */

static void take(struct rt_diag *diag, struct rt_snapshot *snapshot)
{
	struct rt_error err = {0};

	if (rt_diag_snapshot(diag, snapshot, &err) < 0)
		fail_msg("%s: %s", err.what, err.why);
}

static const struct rt_row *find(const struct rt_snapshot *snapshot, uint64_t cookie)
{
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->row[i].cookie == cookie)
			return &snapshot->row[i];
	return NULL;
}

static const struct rt_row *need(const struct rt_snapshot *snapshot, int fd)
{
	const struct rt_row *row = find(snapshot, cookie_of(fd));

	assert_non_null(row);
	return row;
}

/* Takes snapshots until the socket is in that state; 0: until it is not there. Returns its row. */
static const struct rt_row *wait_state(struct rt_diag *diag, struct rt_snapshot *snapshot, uint64_t cookie, enum rt_state state)
{
	int64_t end = rt_now_ms() + WAIT_MS;

	do {
		const struct rt_row *row;

		take(diag, snapshot);
		row = find(snapshot, cookie);
		if (row ? row->state == state : !state)
			return row;
	} while (rt_now_ms() < end);
	fail_msg("no %s within %d ms", rt_state_name(RT_TCP, state), WAIT_MS);
	return NULL;
}

static void expect_addr(const struct rt_addr *value, const char *expected)
{
	char text[RT_ADDR_TEXT];

	assert_string_equal(rt_addr_format(value, text), expected);
}

/* Sends a request through a socket of our own, as the stage's init does. Returns the errno of the kernel's answer. */
static int send_destroy(const struct rt_row *row)
{
	char request[256];
	size_t size = rt_diag_destroy_request(row, request, sizeof(request));
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char more[256];
	} answer;

	assert_true(size > 0 && fd >= 0);
	assert_int_equal(send(fd, request, size, 0), size);
	assert_true(recv(fd, &answer, sizeof(answer), 0) >= (ssize_t)NLMSG_LENGTH(sizeof(answer.error)));
	assert_int_equal(answer.header.nlmsg_type, NLMSG_ERROR);
	close(fd);
	return -answer.error.error;
}

/* --- what is shown ------------------------------------------------------------------------------------------------------- */

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
	assert_int_equal(bind(udp_six, (struct sockaddr *)&(struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(8001)},
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

/* shutdown(2) leaves the process a socket and the kernel a record, both with one cookie: cast.h builds on that. */
static void test_a_record_while_a_process_holds_the_socket(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = listener("127.0.0.1:8000"), c = connected(SOCK_STREAM, "127.0.0.1:8000"), k = accepted(s);

	uint64_t cookie = cookie_of(k); /* the kernel makes it when first asked: before the record copies it */

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
	int s = listener("127.0.0.1:8100"), other = listener("127.0.0.1:8101"), b = bound(SOCK_STREAM, "127.0.0.2:8100");
	int c = connected(SOCK_STREAM, "127.0.0.1:8100"), d = connected(SOCK_STREAM, "127.0.0.1:8101"), k = accepted(s);
	struct rt_error err;

	assert_int_equal(rt_diag_dump(diag, AF_INET, IPPROTO_TCP, UINT32_MAX, 8100, &snapshot, &err), 0);
	assert_non_null(find(&snapshot, cookie_of(s)));
	assert_non_null(find(&snapshot, cookie_of(c)));
	assert_non_null(find(&snapshot, cookie_of(k)));
	assert_null(find(&snapshot, cookie_of(other)));
	assert_null(find(&snapshot, cookie_of(d)));
	assert_int_equal(snapshot.n, find(&snapshot, cookie_of(b)) ? 4 : 3);
	rt_snapshot_clear(&snapshot);
	assert_int_equal(rt_diag_dump(diag, AF_INET, IPPROTO_TCP, 1u << RT_LISTEN, 0, &snapshot, &err), 0);
	assert_int_equal(snapshot.n, 2);
	rt_snapshot_clear(&snapshot);
	assert_int_equal(rt_diag_dump(diag, AF_UNSPEC, IPPROTO_TCP, UINT32_MAX, 8101, &snapshot, &err), 0);
	assert_int_equal(snapshot.n, 3);
	close(s);
	close(other);
	close(b);
	close(c);
	close(d);
	close(k);
	rt_snapshot_fini(&snapshot);
}

static void test_a_refused_dump_is_an_error_and_the_next_one_works(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	struct rt_error err = {0};
	int s = listener("127.0.0.1:8000");

	assert_int_equal(rt_diag_dump(diag, AF_APPLETALK, IPPROTO_TCP, UINT32_MAX, 0, &snapshot, &err), -1);
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
		if (snapshot.row[i - 1].state == RT_TIME_WAIT && snapshot.row[i].state == RT_TIME_WAIT)
			assert_true(rt_addr_compare(&snapshot.row[i - 1].local, &snapshot.row[i].local) <= 0 &&
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

/* --- events and descriptors ---------------------------------------------------------------------------------------------- */

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, timeout_ms) == 1;
}

static void expect_event(struct rt_diag *diag)
{
	int fd = rt_diag_event_fd(diag), u = bound(SOCK_DGRAM, "127.0.0.1:8200");

	assert_true(fd >= 0);
	assert_false(is_readable(fd, 0));
	close(u);
	assert_true(is_readable(fd, WAIT_MS));
	rt_diag_drain_events(diag);
	assert_false(is_readable(fd, 0));
	rt_diag_drain_events(diag); /* with nothing there it must not wait */
}

static void test_a_destroyed_socket_makes_the_descriptor_readable(void **state)
{
	expect_event(need_diag(state));
}

/* More events than the queue holds: hints are lost, snapshots are not. */
static void test_a_flood_of_events_harms_no_dump(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = listener("127.0.0.1:8000");

	for (int i = 0; i < MANY; i++)
		close(bound(SOCK_DGRAM, "127.0.0.1:8200"));
	assert_true(is_readable(rt_diag_event_fd(diag), WAIT_MS));
	take(diag, &snapshot);
	need(&snapshot, s);
	assert_int_equal(snapshot.n, 1);
	close(s);
	rt_snapshot_fini(&snapshot);
}

/* An event looks like a row, and is none. */
static void test_an_event_before_an_answer_is_not_taken_for_a_row(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	struct rt_error err;

	close(bound(SOCK_DGRAM, "127.0.0.1:8200"));
	assert_true(is_readable(rt_diag_event_fd(diag), WAIT_MS));
	assert_int_equal(rt_diag_dump(diag, AF_INET, IPPROTO_UDP, UINT32_MAX, 0, &snapshot, &err), 0);
	assert_int_equal(snapshot.n, 0);
	rt_snapshot_fini(&snapshot);
}

static void test_a_passed_descriptor_is_borrowed(void **state)
{
	int fd, flags;
	struct rt_diag *diag;
	struct rt_error err;

	need_diag(state);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	diag = rt_diag_new(fd, &err);
	assert_non_null(diag);
	expect_event(diag);
	flags = fcntl(rt_diag_event_fd(diag), F_GETFD);
	assert_int_equal(flags & FD_CLOEXEC, FD_CLOEXEC);
	rt_diag_free(diag);
	assert_true(fcntl(fd, F_GETFD) >= 0);
	diag = rt_diag_new(fd, &err); /* bound already: it keeps its port */
	assert_non_null(diag);
	expect_event(diag);
	rt_diag_free(diag);
	close(fd);
}

static void test_another_kind_of_descriptor_is_refused(void **state)
{
	int fd[] = {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE),
		    open("/dev/null", O_RDONLY | O_CLOEXEC)};
	struct rt_error err;

	need_diag(state);
	for (size_t i = 0; i < RT_COUNT(fd); i++) {
		assert_null(rt_diag_new(fd[i], &err));
		assert_int_equal(err.kind, RT_ERR_FAILED);
		close(fd[i]);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_tcp_from_bind_to_time_wait),
		TEST(test_a_connection_that_waits_for_accept_has_no_inode),
		TEST(test_udp_and_ipv6),
		TEST(test_a_record_while_a_process_holds_the_socket),
		TEST(test_the_port_filter_of_the_kernel),
		TEST(test_a_refused_dump_is_an_error_and_the_next_one_works),
		TEST(test_a_snapshot_is_sorted),
		TEST(test_a_long_dump_is_complete),
		TEST(test_a_destroyed_socket_makes_the_descriptor_readable),
		TEST(test_a_flood_of_events_harms_no_dump),
		TEST(test_an_event_before_an_answer_is_not_taken_for_a_row),
		TEST(test_a_passed_descriptor_is_borrowed),
		TEST(test_another_kind_of_descriptor_is_refused),
	};

	enter_user_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
