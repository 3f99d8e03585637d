/*
 * How long a snapshot of 20,000 TIME_WAIT sockets takes, against a bare receive loop of the same
 * requests and buffer, and against `ss -tan`. In a user and network namespace of its own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "diag/diag.h"

enum { SOCKETS = 20000, HOSTS = 4, ROUNDS = 21, BUFFER_SIZE = 32768 };

static const double max_of_bare = 2.5, max_of_ss = 0.4;

static void die(const char *what)
{
	fprintf(stderr, "bench_diag: %s: %s\n", what, strerror(errno));
	exit(99);
}

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

static void skip(const char *why)
{
	printf("skipped: %s: %s\n", why, strerror(errno));
	exit(77);
}

static void enter_namespaces(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	char map[64];
	uid_t uid = getuid();
	int fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		skip("no user and network namespace");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (write_file("/proc/self/uid_map", map) < 0)
		skip("no uid map");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
		die("lo");
	close(fd);
	/*
	 * A value of the namespace, initially half its hash table; more than it is allowed just
	 * stays the old one.
	 */
	write_file("/proc/sys/net/ipv4/tcp_max_tw_buckets", "100000");
	write_file("/proc/sys/net/ipv4/ip_local_port_range", "10000 65000");
}

/* --- the TIME_WAIT sockets -------------------------------------------------------------------- */

static struct sockaddr_in host(int i)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons(8000),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)i)};
}

/*
 * The client closes first, so TIME_WAIT is on its side and every row has a local port of its own.
 */
static void make_one(int listener, const struct sockaddr_in *addr)
{
	char byte;
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), server;

	if (client < 0 || connect(client, (const struct sockaddr *)addr, sizeof(*addr)) < 0)
		die("connect");
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (server < 0)
		die("accept");
	close(client);
	if (read(server, &byte, 1) != 0)
		die("read");
	close(server);
}

static void make_sockets(void)
{
	for (int i = 0; i < HOSTS; i++) {
		struct sockaddr_in addr = host(i);
		int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (listener < 0 || bind(listener, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
		    listen(listener, 8) < 0)
			die("listen");
		for (int k = 0; k < SOCKETS / HOSTS; k++)
			make_one(listener, &addr);
		close(listener);
	}
}

/* --- the three ways --------------------------------------------------------------------------- */

/* Into a snapshot that is kept from round to round, as the engine keeps its own. */
static int64_t time_snapshot(struct rt_diag *diag, struct rt_snapshot *snapshot, size_t *count)
{
	struct rt_error err;
	int64_t start = rt_now_us(), taken;
	size_t n = 0;

	if (rt_diag_snapshot(diag, snapshot, &err) < 0) {
		fprintf(stderr, "bench_diag: %s: %s\n", err.what, err.why);
		exit(99);
	}
	taken = rt_now_us() - start;
	for (size_t i = 0; i < snapshot->n; i++)
		n += snapshot->row[i].state == RT_TIME_WAIT;
	*count = n;
	return taken;
}

/* What the kernel answers to request, a whole message. */
static size_t count_messages(int fd, const void *request, size_t size, char *buffer)
{
	size_t n = 0;

	if (send(fd, request, size, 0) < 0)
		die("send");
	for (;;) {
		ssize_t len = recv(fd, buffer, BUFFER_SIZE, 0);
		struct nlmsghdr *header = (struct nlmsghdr *)(void *)buffer;

		if (len < 0)
			die("recv");
		for (; NLMSG_OK(header, len); header = NLMSG_NEXT(header, len)) {
			if (header->nlmsg_type == NLMSG_DONE)
				return n;
			if (header->nlmsg_type == NLMSG_ERROR)
				die("dump");
			n++;
		}
	}
}

/* The requests of rt_diag_snapshot(): TCP of both families, UDP of each. */
static int64_t time_bare(int fd, size_t *count)
{
	static char buffer[BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct {
		struct nlmsghdr header;
		struct inet_diag_req req;
	} tcp = {.header = {sizeof(tcp), TCPDIAG_GETSOCK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0},
		 .req = {.idiag_states = UINT32_MAX}};
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 req;
	} udp = {.header = {sizeof(udp), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 2, 0},
		 .req = {.sdiag_family = AF_INET,
			 .sdiag_protocol = IPPROTO_UDP,
			 .idiag_states = UINT32_MAX}};
	int64_t start = rt_now_us();

	*count = count_messages(fd, &tcp, sizeof(tcp), buffer);
	*count += count_messages(fd, &udp, sizeof(udp), buffer);
	udp.req.sdiag_family = AF_INET6;
	*count += count_messages(fd, &udp, sizeof(udp), buffer);
	return rt_now_us() - start;
}

/* -1 where ss cannot be run. From fork to its end: that is what a person waits for. */
static int64_t time_ss(void)
{
	int64_t start = rt_now_us();
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
			_exit(126);
		execlp("ss", "ss", "-tan", (char *)NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? rt_now_us() - start : -1;
}

/* --- the result ------------------------------------------------------------------------------- */

struct round {
	double snapshot_ms, bare_ms, ss_ms;
};

static int compare_numbers(const void *one, const void *other)
{
	const double *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

/*
 * Of what pick gives for each round: a ratio is that of one round, whose parts met the same load of
 * the machine.
 */
static double median(const struct round *round, double (*pick)(const struct round *round))
{
	double value[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		value[i] = pick(&round[i]);
	qsort(value, ROUNDS, sizeof(value[0]), compare_numbers);
	return value[ROUNDS / 2];
}

static double pick_snapshot(const struct round *round)
{
	return round->snapshot_ms;
}

static double pick_bare(const struct round *round)
{
	return round->bare_ms;
}

static double pick_ss(const struct round *round)
{
	return round->ss_ms;
}

static double pick_of_bare(const struct round *round)
{
	return round->snapshot_ms / round->bare_ms;
}

static double pick_of_ss(const struct round *round)
{
	return round->snapshot_ms / round->ss_ms;
}

static int report(size_t n, const struct round *round)
{
	double of_bare = median(round, pick_of_bare), of_ss = median(round, pick_of_ss);
	int broken = of_bare > max_of_bare;

	printf("snapshot of %zu TIME_WAIT sockets: %.1f ms; bare loop %.1f ms, ratio %.2f (at most "
	       "%.1f); ",
	       n, median(round, pick_snapshot), median(round, pick_bare), of_bare, max_of_bare);
	if (round[0].ss_ms < 0) {
		printf("skipped: ss is not installed\n");
		return broken;
	}
	printf("ss -tan %.1f ms, ratio %.2f (at most %.1f)\n", median(round, pick_ss), of_ss,
	       max_of_ss);
	return broken || of_ss > max_of_ss;
}

int main(void)
{
	struct round round[ROUNDS];
	struct rt_snapshot snapshot = {0};
	size_t n = 0, messages = 0;
	struct rt_error err;
	struct rt_diag *diag;
	int fd;

	enter_namespaces();
	make_sockets();
	diag = rt_diag_new(-1, &err);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (!diag || fd < 0)
		die("sock_diag");
	for (int i = 0; i < ROUNDS; i++) {
		round[i].snapshot_ms = (double)time_snapshot(diag, &snapshot, &n) / 1000;
		round[i].bare_ms = (double)time_bare(fd, &messages) / 1000;
		round[i].ss_ms = (double)time_ss() / 1000;
		if (n < SOCKETS || messages < n) {
			fprintf(stderr, "bench_diag: %zu of %d TIME_WAIT sockets are there\n", n,
				SOCKETS);
			return 99;
		}
	}
	rt_snapshot_fini(&snapshot);
	rt_diag_free(diag);
	close(fd);
	return report(n, round);
}
