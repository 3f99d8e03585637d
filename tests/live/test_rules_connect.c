/*
 * The rules of connect, of port 0 and of devices against this kernel: each call is judged over a
 * whole snapshot of sock_diag, with the options that the test gave, then made.
 */
#include "diag_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "rules/words.h"

enum { SOCKETS_MAX = 64, BACKLOG = 16 };

/* What the process of the test knows of its sockets: as the cast does for the stage. */
struct known {
	int fd; /* -1: closed */
	uint64_t cookie;
	struct rt_row row;
};

struct scene {
	struct rt_diag *diag;
	struct rt_snapshot snapshot;
	struct rt_rules_verdict verdict;
	struct rt_rules_net net;
	struct known known[SOCKETS_MAX];
	size_t n;
	bool past_unknown;
};

static void write_sysctl(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, value, strlen(value)), strlen(value));
	close(fd);
}

static struct scene begin(void **state)
{
	struct scene scene = {.diag = need_diag(state)};

	scene.net.port_lo = 40000;
	scene.net.port_hi = 40003;
	write_sysctl("ip_local_port_range", "40000 40003");
	return scene;
}

static void end(struct scene *scene)
{
	for (size_t i = 0; i < scene->n; i++)
		if (scene->known[i].fd >= 0)
			close(scene->known[i].fd);
	rt_rules_fini(&scene->verdict);
	rt_snapshot_fini(&scene->snapshot);
}

/* --- sockets ---------------------------------------------------------------------------------- */

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, level, name, &value, &len) < 0 ? -1 : value;
}

static size_t add_fd(struct scene *scene, int fd, int family, int type)
{
	struct known *known = &scene->known[scene->n];

	assert_in_range(scene->n, 0, SOCKETS_MAX - 1);
	*known = (struct known){.fd = fd, .cookie = cookie_of(fd)};
	known->row = (struct rt_row){.proto = type == SOCK_STREAM ? RT_TCP : RT_UDP,
				     .state = RT_CLOSE,
				     .cookie = known->cookie,
				     .inode = inode_of(fd),
				     .v6only = -1,
				     .source = RT_FROM_PROCESS,
				     .local.family = (uint16_t)family};
	return scene->n++;
}

static size_t make(struct scene *scene, int family, int type, bool reuseaddr, bool reuseport)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0), a = reuseaddr, p = reuseport, syn = 1;

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &a, sizeof(a)), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &p, sizeof(p)), 0);
	/* Where a connect waits against all rules, it does so for seconds, not for minutes. */
	if (type == SOCK_STREAM)
		assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &syn, sizeof(syn)), 0);
	return add_fd(scene, fd, family, type);
}

static void close_one(struct scene *scene, size_t i)
{
	close(scene->known[i].fd);
	scene->known[i].fd = -1;
}

/* --- looking and judging ---------------------------------------------------------------------- */

/* Options from the process while it lives, then what is remembered of it. */
static void remember(struct known *known)
{
	if (known->fd < 0)
		return;
	known->row.reuseaddr.value = (int8_t)option(known->fd, SOL_SOCKET, SO_REUSEADDR);
	known->row.reuseport.value = (int8_t)option(known->fd, SOL_SOCKET, SO_REUSEPORT);
	if (known->row.local.family == AF_INET6)
		known->row.v6only = (int8_t)option(known->fd, IPPROTO_IPV6, IPV6_V6ONLY);
}

static const struct rt_row *look(struct scene *scene, size_t self)
{
	const struct rt_row *found = &scene->known[self].row;

	take(scene->diag, &scene->snapshot);
	for (size_t i = 0; i < scene->n; i++) {
		struct known *known = &scene->known[i];

		remember(known);
		for (size_t k = 0; k < scene->snapshot.n; k++) {
			struct rt_row *row = &scene->snapshot.row[k];

			if (row->cookie != known->cookie)
				continue;
			row->reuseaddr = known->row.reuseaddr;
			row->reuseport = known->row.reuseport;
			if (row->v6only < 0)
				row->v6only = known->row.v6only;
			if (i == self)
				found = row;
		}
	}
	return found;
}

static int call_kernel(enum rt_rules_call call, int fd, const struct rt_addr *to)
{
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(to, &sa);
	int rc;

	if (call == RT_RULES_BIND)
		rc = bind(fd, (struct sockaddr *)&sa, len);
	else if (call == RT_RULES_CONNECT)
		rc = connect(fd, (struct sockaddr *)&sa, len);
	else
		rc = listen(fd, BACKLOG);
	return rc < 0 ? errno : 0;
}

/* Judges and makes the call; both must say err, or the rules "either". */
static void judged(struct scene *scene, enum rt_rules_call call, size_t self, const char *to,
		   bool sure, int err)
{
	struct rt_rules_query query = {
		.call = call, .net = &scene->net, .past_unknown = scene->past_unknown};
	struct rt_str words = {0};
	int kernel;

	if (to)
		assert_int_equal(rt_addr_parse(to, strlen(to), &query.addr, NULL), 0);
	query.self = look(scene, self);
	rt_rules_judge(&scene->snapshot, &query, &scene->verdict);
	rt_rules_words(&scene->snapshot, &query, &scene->verdict, SIZE_MAX, &words);
	kernel = call_kernel(call, scene->known[self].fd, &query.addr);
	if (kernel != err || !rt_rules_agrees(&scene->verdict, err) ||
	    (sure && scene->verdict.n_also))
		fail_msg("%s: expected %s, the kernel says %s, the rules:\n%s", to ? to : "listen",
			 rt_errno_name(err), rt_errno_name(kernel), rt_str_text(&words));
	rt_str_fini(&words);
}

static void must_bind(struct scene *s, size_t self, const char *to)
{
	judged(s, RT_RULES_BIND, self, to, true, 0);
}

static void must_listen(struct scene *s, size_t self)
{
	judged(s, RT_RULES_LISTEN, self, NULL, true, 0);
}

static void connects(struct scene *s, size_t self, const char *to, int err)
{
	judged(s, RT_RULES_CONNECT, self, to, true, err);
}

static size_t listening(struct scene *s, const char *at)
{
	size_t l = make(s, at[0] == '[' ? AF_INET6 : AF_INET, SOCK_STREAM, true, false);

	must_bind(s, l, at);
	must_listen(s, l);
	return l;
}

static size_t accept_one(struct scene *s, size_t l)
{
	int fd = accepted(s->known[l].fd);

	return add_fd(s, fd, s->known[l].row.local.family, SOCK_STREAM);
}

/* --- connect ---------------------------------------------------------------------------------- */

static void test_four_values_are_unique(void **state)
{
	struct scene s = begin(state);
	size_t c[3];

	listening(&s, "127.0.0.1:8000");
	listening(&s, "127.0.0.2:8000");
	for (int port = 0; port < 2; port++) {
		for (size_t i = 0; i < 3; i++) {
			c[i] = make(&s, AF_INET, SOCK_STREAM, port == 0, port == 1);
			must_bind(&s, c[i],
				  i == 2      ? port ? "0.0.0.0:9001" : "0.0.0.0:9000"
				  : port == 0 ? "127.0.0.1:9000"
					      : "127.0.0.1:9001");
		}
		connects(&s, c[0], "127.0.0.1:8000", 0);
		connects(&s, c[0], "127.0.0.1:8000", EISCONN);
		connects(&s, c[1], "127.0.0.1:8000", EADDRNOTAVAIL);
		assert_int_equal(s.verdict.reason, RT_REASON_TUPLE);
		connects(&s, c[2], "127.0.0.1:8000", EADDRNOTAVAIL);
		connects(&s, c[1], "127.0.0.2:8000", 0);
	}
	end(&s);
}

static void test_who_listens(void **state)
{
	struct scene s = begin(state);
	size_t c = make(&s, AF_INET, SOCK_STREAM, false, false), six, dual;

	connects(&s, c, "127.0.0.1:8000", ECONNREFUSED);
	listening(&s, "[::1]:8000");
	close_one(&s, c);
	c = make(&s, AF_INET, SOCK_STREAM, false, false);
	connects(&s, c, "127.0.0.1:8000", ECONNREFUSED);
	six = make(&s, AF_INET6, SOCK_STREAM, false, false);
	connects(&s, six, "[::1]:8000", 0);
	dual = listening(&s, "[::]:8001");
	close_one(&s, c);
	c = make(&s, AF_INET, SOCK_STREAM, false, false);
	connects(&s, c, "127.0.0.1:8001", 0);
	connects(&s, dual, "[::1]:8000", EISCONN);
	six = make(&s, AF_INET6, SOCK_STREAM, false, false);
	connects(&s, six, "[::ffff:127.0.0.1]:8001", 0);
	connects(&s, make(&s, AF_INET, SOCK_STREAM, false, false), "[::1]:8001", EAFNOSUPPORT);
	connects(&s, make(&s, AF_INET6, SOCK_STREAM, false, false), "127.0.0.1:8001", EINVAL);
	connects(&s, make(&s, AF_INET, SOCK_STREAM, false, false), "239.1.1.1:8001", ENETUNREACH);
	connects(&s, make(&s, AF_INET, SOCK_STREAM, false, false), "127.255.255.255:8001",
		 ENETUNREACH);
	connects(&s, make(&s, AF_INET, SOCK_STREAM, false, false), "0.0.0.0:8001", 0);
	six = make(&s, AF_INET6, SOCK_STREAM, false, false);
	must_bind(&s, six, "[::1]:9000");
	connects(&s, six, "[::ffff:127.0.0.1]:8001", ENETUNREACH);
	six = make(&s, AF_INET6, SOCK_STREAM, false, false);
	must_bind(&s, six, "[::ffff:127.0.0.1]:9000");
	connects(&s, six, "[::1]:8001", EAFNOSUPPORT);
	connects(&s, six, "[::]:8001", 0);
	end(&s);
}

static void test_a_socket_meets_itself(void **state)
{
	struct scene s = begin(state);
	size_t c = make(&s, AF_INET, SOCK_STREAM, false, false);

	must_bind(&s, c, "127.0.0.1:9000");
	connects(&s, c, "127.0.0.1:9000", 0);
	assert_int_equal(s.verdict.reason, RT_REASON_SELF);
	c = make(&s, AF_INET, SOCK_STREAM, false, false);
	must_bind(&s, c, "0.0.0.0:9001");
	connects(&s, c, "127.0.0.2:9001", ECONNREFUSED);
	end(&s);
}

static void test_a_record_may_be_taken_over(void **state)
{
	struct scene s = begin(state);
	size_t l = listening(&s, "127.0.0.1:8000"), c, k;

	for (int stamps = 1; stamps >= 0; stamps--) {
		write_sysctl("tcp_timestamps", stamps ? "1" : "0");
		s.net.no_timestamps = !stamps;
		c = make(&s, AF_INET, SOCK_STREAM, true, false);
		must_bind(&s, c, "127.0.0.1:9000");
		connects(&s, c, "127.0.0.1:8000", 0);
		k = accept_one(&s, l);
		look(&s, k);
		close_one(&s, c);
		close_one(&s, k);
		wait_state(s.diag, &s.snapshot, s.known[c].cookie, RT_TIME_WAIT);
		c = make(&s, AF_INET, SOCK_STREAM, true, false);
		must_bind(&s, c, "127.0.0.1:9000");
		connects(&s, c, "127.0.0.1:8000", stamps ? 0 : EADDRNOTAVAIL);
		if (!stamps)
			break;
		/* A RST leaves nothing for the second round. */
		assert_int_equal(setsockopt(s.known[c].fd, SOL_SOCKET, SO_LINGER,
					    &(struct linger){.l_onoff = 1}, sizeof(struct linger)),
				 0);
		close_one(&s, c);
		close_one(&s, accept_one(&s, l));
	}
	end(&s);
}

static void test_a_full_accept_queue(void **state)
{
	struct scene s = begin(state);
	size_t l = listening(&s, "127.0.0.1:8000"), c;
	struct rt_rules_query query = {.call = RT_RULES_CONNECT, .net = &s.net};

	/* listen() again only changes the backlog; one more than it fits. */
	judged(&s, RT_RULES_LISTEN, l, NULL, true, 0);
	assert_int_equal(listen(s.known[l].fd, 2), 0);
	for (int i = 0; i < 3; i++) {
		c = make(&s, AF_INET, SOCK_STREAM, false, false);
		connects(&s, c, "127.0.0.1:8000", 0);
	}
	c = make(&s, AF_INET, SOCK_STREAM, false, false);
	assert_int_equal(fcntl(s.known[c].fd, F_SETFL, O_NONBLOCK), 0);
	query.addr = look(&s, l)->local;
	query.self = look(&s, c);
	rt_rules_judge(&s.snapshot, &query, &s.verdict);
	assert_int_equal(s.verdict.reason, RT_REASON_QUEUE_FULL);
	query.nonblock = true;
	rt_rules_judge(&s.snapshot, &query, &s.verdict);
	assert_int_equal(s.verdict.err, EINPROGRESS);
	assert_int_equal(call_kernel(RT_RULES_CONNECT, s.known[c].fd, &query.addr), EINPROGRESS);
	connects(&s, c, "127.0.0.1:8000", EALREADY);
	end(&s);
}

/* --- port 0 ----------------------------------------------------------------------------------- */

static void test_ports_run_out(void **state)
{
	struct scene s = begin(state);
	size_t c;

	listening(&s, "127.0.0.1:8000");
	listening(&s, "127.0.0.2:8000");
	for (int i = 0; i < 4; i++)
		connects(&s, make(&s, AF_INET, SOCK_STREAM, false, false), "127.0.0.1:8000", 0);
	/* Each port has this peer; another peer may share it, if nobody was bound to it. */
	connects(&s, make(&s, AF_INET, SOCK_STREAM, false, false), "127.0.0.1:8000", EADDRNOTAVAIL);
	c = make(&s, AF_INET, SOCK_STREAM, false, false);
	judged(&s, RT_RULES_CONNECT, c, "127.0.0.2:8000", false, 0);
	assert_int_equal(s.verdict.depends, RT_DEPENDS_CHOSEN);
	end(&s);
	s = begin(state);
	for (int i = 0; i < 5; i++)
		judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_STREAM, true, false),
		       "127.0.0.3:0", true, i < 4 ? 0 : EADDRINUSE);
	/* Another address is another name for the ports; the wildcard is none. */
	must_bind(&s, make(&s, AF_INET, SOCK_STREAM, true, false), "127.0.0.4:0");
	judged(&s, RT_RULES_LISTEN, make(&s, AF_INET, SOCK_STREAM, true, false), NULL, true,
	       EADDRINUSE);
	write_sysctl("ip_autobind_reuse", "1");
	s.net.autobind_reuse = true;
	judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_STREAM, false, false), "127.0.0.3:0", true,
	       EADDRINUSE);
	must_bind(&s, make(&s, AF_INET, SOCK_STREAM, true, false), "127.0.0.3:0");
	end(&s);
}

static void test_udp(void **state)
{
	struct scene s = begin(state);
	size_t u[2];

	/* Two sockets with the same four values. */
	for (int i = 0; i < 2; i++) {
		u[i] = make(&s, AF_INET, SOCK_DGRAM, true, false);
		must_bind(&s, u[i], "127.0.0.1:9000");
		connects(&s, u[i], "127.0.0.1:9001", 0);
		connects(&s, u[i], "127.0.0.1:9001", 0);
	}
	for (int i = 0; i < 5; i++)
		connects(&s, make(&s, AF_INET, SOCK_DGRAM, false, false), "127.0.0.1:9001",
			 i < 4 ? 0 : EAGAIN);
	judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_DGRAM, true, false), "127.0.0.1:0", true,
	       EADDRINUSE);
	/* A port first, then the family. */
	connects(&s, make(&s, AF_INET, SOCK_DGRAM, false, false), "[::1]:9001", EAGAIN);
	connects(&s, u[0], "[::1]:9001", EAFNOSUPPORT);
	end(&s);
	s = begin(state);
	for (int i = 0; i < 8; i++)
		must_bind(&s, make(&s, AF_INET, SOCK_DGRAM, true, false), "127.0.0.1:0");
	end(&s);
}

/* A UDP socket that took [::1] from a connection is 127.0.0.6 to an IPv4 socket. */
static void test_an_unmarked_ipv6_address(void **state)
{
	struct scene s = begin(state);
	size_t u = make(&s, AF_INET6, SOCK_DGRAM, false, false);

	must_bind(&s, u, "[::]:9000");
	connects(&s, u, "[::1]:9001", 0);
	judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_DGRAM, false, false), "127.0.0.6:9000",
	       true, EADDRINUSE);
	assert_int_equal(s.verdict.socket[0].overlap, RT_OVERLAP_UNMARKED);
	must_bind(&s, make(&s, AF_INET, SOCK_DGRAM, false, false), "127.0.0.5:9000");
	judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_DGRAM, false, false), "0.0.0.0:9000", true,
	       EADDRINUSE);
	end(&s);
}

/* --- the cache of the port -------------------------------------------------------------------- */

/* What no snapshot shows: an option that was cleared after the bind, a socket that has closed. */
static void test_a_past_that_no_row_shows(void **state)
{
	struct scene s = begin(state);
	size_t first = make(&s, AF_INET, SOCK_STREAM, false, true), gone;
	int off = 0;

	s.past_unknown = true;
	must_bind(&s, first, "127.0.0.1:9000");
	assert_int_equal(setsockopt(s.known[first].fd, SOL_SOCKET, SO_REUSEPORT, &off, sizeof(off)),
			 0);
	judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_STREAM, false, true), "127.0.0.1:9000",
	       false, 0);
	assert_int_equal(s.verdict.err, EADDRINUSE);
	assert_int_equal(s.verdict.depends, RT_DEPENDS_CACHE);
	must_bind(&s, make(&s, AF_INET, SOCK_STREAM, true, false), "127.0.0.1:9001");
	gone = make(&s, AF_INET, SOCK_STREAM, true, true);
	must_bind(&s, gone, "127.0.0.1:9001");
	close_one(&s, gone);
	judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_STREAM, false, true), "127.0.0.1:9001",
	       false, 0);
	assert_int_equal(s.verdict.depends, RT_DEPENDS_CACHE);
	/* A socket without the option empties the cache: the exact rule is left. */
	must_bind(&s, make(&s, AF_INET, SOCK_STREAM, true, false), "127.0.0.1:9002");
	judged(&s, RT_RULES_BIND, make(&s, AF_INET, SOCK_STREAM, false, true), "127.0.0.1:9002",
	       false, EADDRINUSE);
	end(&s);
}

/* --- devices ---------------------------------------------------------------------------------- */

static void test_devices(void **state)
{
	static const char *const protos[] = {"tcp", "udp"};
	struct scene s = begin(state);
	int lo = (int)if_nametoindex("lo");

	for (size_t i = 0; i < RT_COUNT(protos); i++) {
		int type = i ? SOCK_DGRAM : SOCK_STREAM;
		size_t on_lo = make(&s, AF_INET, type, false, false);

		assert_int_equal(
			setsockopt(s.known[on_lo].fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), 0);
		s.known[on_lo].row.ifindex = (uint32_t)lo;
		must_bind(&s, on_lo, "0.0.0.0:9000");
		judged(&s, RT_RULES_BIND, make(&s, AF_INET, type, false, false), "0.0.0.0:9000",
		       true, EADDRINUSE);
	}
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_four_values_are_unique, diag_setup,
						diag_teardown),
		cmocka_unit_test_setup_teardown(test_who_listens, diag_setup, diag_teardown),
		cmocka_unit_test_setup_teardown(test_a_socket_meets_itself, diag_setup,
						diag_teardown),
		cmocka_unit_test_setup_teardown(test_a_record_may_be_taken_over, diag_setup,
						diag_teardown),
		cmocka_unit_test_setup_teardown(test_a_full_accept_queue, diag_setup,
						diag_teardown),
		cmocka_unit_test_setup_teardown(test_ports_run_out, diag_setup, diag_teardown),
		cmocka_unit_test_setup_teardown(test_udp, diag_setup, diag_teardown),
		cmocka_unit_test_setup_teardown(test_an_unmarked_ipv6_address, diag_setup,
						diag_teardown),
		cmocka_unit_test_setup_teardown(test_a_past_that_no_row_shows, diag_setup,
						diag_teardown),
		cmocka_unit_test_setup_teardown(test_devices, diag_setup, diag_teardown),
	};

	diag_enter_user_namespace();
	return cmocka_run_group_tests_name("rules of connect", tests, NULL, NULL);
}
