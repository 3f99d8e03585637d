/* Destroy events next to dumps on one socket, and descriptors that are passed in. */
#include "diag_fixture.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, timeout_ms) == 1;
}

/* It hears from its first snapshot on. */
static void begin_to_hear(struct rt_diag *diag)
{
	struct rt_snapshot snapshot = {0};

	take(diag, &snapshot);
	rt_snapshot_fini(&snapshot);
}

static void expect_event(struct rt_diag *diag)
{
	int fd = rt_diag_event_fd(diag), u = bound(SOCK_DGRAM, "127.0.0.1:8200");

	assert_true(fd >= 0);
	begin_to_hear(diag);
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

/* The kernel tells all who listen at once: when the one has heard it, the other has not. */
static void test_nothing_is_heard_before_the_first_snapshot(void **state)
{
	struct rt_diag *diag = need_diag(state), *other;
	struct rt_error err;

	other = rt_diag_new(-1, &err);
	assert_non_null(other);
	begin_to_hear(other);
	close(bound(SOCK_DGRAM, "127.0.0.1:8200"));
	assert_true(is_readable(rt_diag_event_fd(other), WAIT_MS));
	assert_false(is_readable(rt_diag_event_fd(diag), 0));
	rt_diag_free(other);
	expect_event(diag);
}

/* More events than the queue holds: hints are lost, snapshots are not. */
static void test_a_flood_of_events_harms_no_dump(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s = listener("127.0.0.1:8000");

	begin_to_hear(diag);
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

	begin_to_hear(diag);
	close(bound(SOCK_DGRAM, "127.0.0.1:8200"));
	assert_true(is_readable(rt_diag_event_fd(diag), WAIT_MS));
	assert_int_equal(rt_diag_dump(diag, AF_INET, IPPROTO_UDP, UINT32_MAX, 0, &snapshot, &err),
			 0);
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
	int fd[] = {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
		    socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE),
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, diag_setup, diag_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_destroyed_socket_makes_the_descriptor_readable),
		TEST(test_nothing_is_heard_before_the_first_snapshot),
		TEST(test_a_flood_of_events_harms_no_dump),
		TEST(test_an_event_before_an_answer_is_not_taken_for_a_row),
		TEST(test_a_passed_descriptor_is_borrowed),
		TEST(test_another_kind_of_descriptor_is_refused),
	};

	diag_enter_user_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
