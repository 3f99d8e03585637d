#include "diag_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

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

void diag_enter_user_namespace(void)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1", getuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 || write_file("/proc/self/uid_map", map) < 0)
		snprintf(refused, sizeof(refused), "no user and network namespace here: %s",
			 strerror(errno));
}

/*
 * Each test has a network namespace without a socket, whatever the one before has left. lo goes up
 * through a Unix socket: the end of an Internet socket is reported late, and where any namespace of
 * the machine has a listener, so it could arrive as the first event of the test.
 */
static int enter_network(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = -1, rc = -1;

	if (unshare(CLONE_NEWNET) == 0)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		rc = ioctl(fd, SIOCSIFFLAGS, &lo);
	close(fd);
	return rc;
}

int diag_setup(void **state)
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

int diag_teardown(void **state)
{
	rt_diag_free(*state);
	return 0;
}

struct rt_diag *need_diag(void **state)
{
	if (refused[0]) {
		print_message("skip: %s\n", refused);
		skip();
	}
	return *state;
}

/* --- sockets of the test ---------------------------------------------------------------------- */

static struct rt_addr addr(const char *text)
{
	struct rt_addr value;

	assert_int_equal(rt_addr_parse(text, strlen(text), &value, NULL), 0);
	return value;
}

int bound(int type, const char *local)
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

int listener(const char *local)
{
	int fd = bound(SOCK_STREAM, local);

	assert_int_equal(listen(fd, 16), 0);
	return fd;
}

int connected(int type, const char *peer)
{
	struct rt_addr value = addr(peer);
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(&value, &sa);
	int fd = socket(value.family, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

int accepted(int fd)
{
	int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	assert_true(connection >= 0);
	return connection;
}

uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len), 0);
	return cookie;
}

uint32_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return (uint32_t)st.st_ino;
}

/* --- looking ---------------------------------------------------------------------------------- */

void take(struct rt_diag *diag, struct rt_snapshot *snapshot)
{
	struct rt_error err = {0};

	if (rt_diag_snapshot(diag, snapshot, &err) < 0)
		fail_msg("%s: %s", err.what, err.why);
}

const struct rt_row *find(const struct rt_snapshot *snapshot, uint64_t cookie)
{
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->row[i].cookie == cookie)
			return &snapshot->row[i];
	return NULL;
}

const struct rt_row *need(const struct rt_snapshot *snapshot, int fd)
{
	const struct rt_row *row = find(snapshot, cookie_of(fd));

	assert_non_null(row);
	return row;
}

/* Takes snapshots until the socket is in that state; 0: until it is not there. Returns its row. */
const struct rt_row *wait_state(struct rt_diag *diag, struct rt_snapshot *snapshot, uint64_t cookie,
				enum rt_state state)
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

void expect_addr(const struct rt_addr *value, const char *expected)
{
	char text[RT_ADDR_TEXT];

	assert_string_equal(rt_addr_format(value, text), expected);
}

/*
 * Sends a request through a socket of our own, as the stage's init does. Returns the errno of the
 * kernel's answer.
 */
int send_destroy(const struct rt_row *row)
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
	assert_true(recv(fd, &answer, sizeof(answer), 0) >=
		    (ssize_t)NLMSG_LENGTH(sizeof(answer.error)));
	assert_int_equal(answer.header.nlmsg_type, NLMSG_ERROR);
	close(fd);
	return -answer.error.error;
}
