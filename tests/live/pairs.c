#include "pairs.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

/* --- the namespaces --------------------------------------------------------------------------- */

static bool several_uids;

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

/* Real root, and not the root of a user namespace of one uid: setfsuid(2) tells by its next call. */
static bool has_uids(void)
{
	if (getuid() != 0 || unshare(CLONE_NEWNET) < 0)
		return false;
	setfsuid(PAIR_UID);
	return setfsuid(0) == PAIR_UID;
}

const char *pairs_enter(void)
{
	static char refused[128];
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1", getuid());
	several_uids = has_uids();
	if (!several_uids && (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 ||
			      write_file("/proc/self/uid_map", map) < 0)) {
		snprintf(refused, sizeof(refused), "no user and network namespace here: %s",
			 strerror(errno));
		return refused;
	}
	return NULL;
}

/* One without a socket or a record. */
static void enter_network(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		die("network namespace");
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
		die("lo");
	close(fd);
	/* The ports that the kernel chooses are none of the pairs'; every record finds room. */
	if (write_file("/proc/sys/net/ipv4/ip_local_port_range", "50000 65000") < 0)
		die("ip_local_port_range");
	write_file("/proc/sys/net/ipv4/tcp_max_tw_buckets", "100000");
	/* BBR, the default of some machines, holds a FIN back for a millisecond. */
	write_file("/proc/sys/net/ipv4/tcp_congestion_control", "reno");
}

bool pairs_have_uids(void)
{
	return several_uids;
}

static struct rt_addr host(const char *text)
{
	struct rt_addr addr;

	if (rt_addr_parse(text, strlen(text), &addr, NULL) < 0)
		die(text);
	return addr;
}

static int listener(const char *text)
{
	struct rt_addr addr = host(text);
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(&addr, &sa);
	int fd = socket(addr.family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 ||
	    (addr.family == AF_INET6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0) ||
	    bind(fd, (struct sockaddr *)&sa, len) < 0 || listen(fd, 8) < 0)
		die("listener");
	return fd;
}

void pair_place_init(struct pair_place *place)
{
	enter_network();
	*place = (struct pair_place){
		.to_v4 = listener("0.0.0.0:1024"),
		.to_v6 = listener("[::]:1024"),
		.netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
	if (place->netlink < 0)
		die("netlink");
}

void pair_place_fini(struct pair_place *place)
{
	if (place->uid)
		setfsuid(0);
	rt_rules_fini(&place->verdict);
	rt_snapshot_fini(&place->snapshot);
	close(place->netlink);
	close(place->to_v6);
	close(place->to_v4);
}

/* --- all of them ------------------------------------------------------------------------------ */

size_t pair_sides(enum rt_proto proto, struct pair_side side[PAIR_SIDES_MAX])
{
	static const struct {
		const char *addr;
		bool six;
	} hosts[] = {{"0.0.0.0:0", false},
		     {"127.0.0.1:0", false},
		     {"127.0.0.2:0", false},
		     {"239.1.1.1:0", false},
		     {"[::]:0", true},
		     {"[::1]:0", true},
		     {"[::ffff:127.0.0.1]:0", true},
		     {"[::ffff:0.0.0.0]:0", true}};
	size_t n = 0;

	for (size_t i = 0; i < RT_COUNT(hosts); i++)
		for (unsigned bits = 0; bits < (hosts[i].six ? 8 : 4); bits++)
			side[n++] = (struct pair_side){.addr = host(hosts[i].addr),
						       .proto = (uint8_t)proto,
						       .reuseaddr = bits & 1,
						       .reuseport = bits & 2,
						       .v6only = bits & 4};
	return n;
}

static bool is_mapped(const struct rt_addr *addr)
{
	return addr->family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&addr->v6);
}

static bool is_any6(const struct rt_addr *addr)
{
	return addr->family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&addr->v6);
}

static bool is_multicast(const struct rt_addr *addr)
{
	return addr->family == AF_INET && IN_MULTICAST(ntohl(addr->v4.s_addr));
}

bool pair_possible(const struct pair *pair)
{
	const struct pair_side *first = &pair->first;
	bool dual = is_any6(&first->addr) && !first->v6only;

	if (is_mapped(&first->addr) && first->v6only)
		return false; /* its bind is EINVAL */
	if (first->proto == RT_UDP && pair->state != PAIR_BOUND && pair->state != PAIR_CLIENT)
		return false;
	if (is_multicast(&first->addr) && pair->state > PAIR_LISTENING)
		return false; /* has no peer */
	/* Where both are possible both are run, else what the address says. */
	if (pair->state <= PAIR_LISTENING)
		return !pair->over_ipv6;
	return dual ||
	       pair->over_ipv6 == (first->addr.family == AF_INET6 && !is_mapped(&first->addr));
}

static void each_second(struct pair_place *place, struct pair *pair, const struct pair_side *side,
			size_t n, pair_visit *visit, void *arg)
{
	uint32_t uid = pair->second.uid;

	for (size_t i = 0; i < n; i++) {
		pair->second = side[i];
		pair->second.uid = uid;
		visit(place, pair, arg);
		if (++pair->port == PAIR_PORT_END)
			pair->port = PAIR_PORT;
	}
}

void pairs_each(struct pair_place *place, uint32_t first_uid, uint32_t second_uid,
		pair_visit *visit, void *arg)
{
	struct pair_side side[PAIR_SIDES_MAX];
	struct pair pair = {.port = PAIR_PORT, .second.uid = second_uid};

	for (int proto = RT_TCP; proto <= RT_UDP; proto++) {
		size_t n = pair_sides((enum rt_proto)proto, side);

		for (size_t i = 0; i < n * PAIR_STATES * 2; i++) {
			pair.first = side[i / 2 / PAIR_STATES];
			pair.first.uid = first_uid;
			pair.state = (enum pair_state)(i / 2 % PAIR_STATES);
			pair.over_ipv6 = i % 2;
			if (pair_possible(&pair))
				each_second(place, &pair, side, n, visit, arg);
		}
	}
}

/* --- the calls -------------------------------------------------------------------------------- */

static void become(struct pair_place *place, uint32_t uid)
{
	if (place->uid == uid)
		return;
	setfsuid(uid);
	place->uid = uid;
}

static void set(int fd, int level, int option)
{
	int on = 1;

	if (setsockopt(fd, level, option, &on, sizeof(on)) < 0)
		die("setsockopt");
}

int pair_socket(struct pair_place *place, const struct pair_side *side)
{
	int type = side->proto == RT_TCP ? SOCK_STREAM : SOCK_DGRAM, fd;

	become(place, side->uid);
	fd = socket(side->addr.family, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	if (side->v6only)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY);
	if (side->reuseaddr)
		set(fd, SOL_SOCKET, SO_REUSEADDR);
	if (side->reuseport)
		set(fd, SOL_SOCKET, SO_REUSEPORT);
	return fd;
}

int pair_bind_to(int fd, const struct pair_side *side, uint16_t port)
{
	struct rt_addr addr = side->addr;
	struct sockaddr_storage sa;
	socklen_t len;

	addr.port = port;
	len = rt_addr_to_sockaddr(&addr, &sa);
	return bind(fd, (struct sockaddr *)&sa, len) < 0 ? errno : 0;
}

static void connect_to(int fd, const struct rt_addr *addr)
{
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(addr, &sa);

	if (connect(fd, (struct sockaddr *)&sa, len) < 0)
		die("connect");
}

static int accept_from(int fd)
{
	int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (connection < 0)
		die("accept");
	return connection;
}

/* The address on which a peer reaches the first side, or that it has as a client. */
static struct rt_addr reached(const struct pair *pair)
{
	const struct rt_addr *addr = &pair->first.addr;

	if (pair->over_ipv6)
		return host("[::1]:0");
	if (addr->family == AF_INET6)
		return host("[::ffff:127.0.0.1]:0");
	return addr->v4.s_addr == 0 ? host("127.0.0.1:0") : *addr;
}

/* A connection on the port, whose listener closes; its peer is in fds->peer. */
static void make_child(const struct pair *pair, struct pair_fds *fds)
{
	int listening = fds->first;
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);

	if (listen(listening, 8) < 0)
		die("listen");
	fds->local = reached(pair);
	fds->local.port = pair->port;
	fds->peer = socket(fds->local.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fds->peer < 0)
		die("socket");
	connect_to(fds->peer, &fds->local);
	fds->first = accept_from(listening);
	close(listening);
	if (getpeername(fds->first, (struct sockaddr *)&sa, &len) < 0)
		die("getpeername");
	rt_addr_from_sockaddr(&sa, len, &fds->remote);
}

static void make_client(struct pair_place *place, const struct pair *pair, struct pair_fds *fds)
{
	fds->local = reached(pair);
	fds->local.port = pair->port;
	fds->remote = host(pair->over_ipv6			 ? "[::1]:1024"
			   : pair->first.addr.family == AF_INET6 ? "[::ffff:127.0.0.1]:1024"
								 : "127.0.0.1:1024");
	connect_to(fds->first, &fds->remote);
	if (pair->first.proto == RT_TCP)
		fds->peer = accept_from(pair->over_ipv6 ? place->to_v6 : place->to_v4);
}

void pair_first(struct pair_place *place, const struct pair *pair, struct pair_fds *fds)
{
	*fds = (struct pair_fds){.first = -1, .peer = -1, .second = -1};
	fds->first = pair_socket(place, &pair->first);
	fds->local = pair->first.addr;
	fds->local.port = pair->port;
	if (pair_bind_to(fds->first, &pair->first, pair->port) != 0)
		die("bind");
	if (pair->state == PAIR_LISTENING && listen(fds->first, 8) < 0)
		die("listen");
	if (pair->state == PAIR_CLIENT)
		make_client(place, pair, fds);
	else if (pair->state > PAIR_LISTENING)
		make_child(pair, fds);
	if (pair->state == PAIR_FIN_WAIT2) {
		if (shutdown(fds->first, SHUT_WR) < 0)
			die("shutdown");
		/* What it sends takes the acknowledgement of the FIN along, which may else be late. */
		if (send(fds->peer, "", 1, 0) != 1)
			die("send");
	}
	if (pair->state == PAIR_CLOSE_WAIT && shutdown(fds->peer, SHUT_WR) < 0)
		die("shutdown");
	if (pair->state == PAIR_TIME_WAIT) {
		/* Not by close() alone: who reads a link in /proc/PID/fd puts its FIN off. */
		if (shutdown(fds->first, SHUT_WR) < 0 || shutdown(fds->peer, SHUT_WR) < 0)
			die("shutdown");
		close(fds->first);
		close(fds->peer);
		fds->first = fds->peer = -1;
	}
}

int pair_bind(struct pair_place *place, const struct pair *pair, struct pair_fds *fds)
{
	fds->second = pair_socket(place, &pair->second);
	return pair_bind_to(fds->second, &pair->second, pair->port);
}

int pair_listen(const struct pair_fds *fds)
{
	return listen(fds->second, 8) < 0 ? errno : 0;
}

/* With a RST, which leaves no record. */
static void end_connection(int fd)
{
	struct linger none = {.l_onoff = 1};

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	close(fd);
}

void pair_end(struct pair_fds *fds)
{
	if (fds->second >= 0)
		close(fds->second);
	end_connection(fds->peer);
	end_connection(fds->first);
}
