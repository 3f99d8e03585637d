/*
 * What each call of the table gives back, as the kernel gave it: values, addresses, bytes; and the
 * calls of the stage itself.
 */
#include "stage_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void test_options_and_flags(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f);
	int s = fixture_ok(f, actor, order_socket(AF_INET6, SOCK_STREAM));
	struct rt_order order = order_option(RT_CALL_SETSOCKOPT, s, SOL_SOCKET, SO_REUSEADDR, 1);
	struct linger linger = {1, 7};
	const struct rt_reply *reply = &f->actor[actor].reply;

	assert_int_equal(reply->fd[0].reuseaddr, 0);
	assert_int_equal(reply->fd[0].v6only, 0);
	fixture_ok(f, actor, order);
	assert_int_equal(reply->fd[0].reuseaddr, 1);
	assert_int_equal(reply->fd[0].reuseport, 0);
	fixture_ok(f, actor, order_option(RT_CALL_SETSOCKOPT, s, SOL_SOCKET, SO_REUSEPORT, 1));
	fixture_ok(f, actor, order_option(RT_CALL_SETSOCKOPT, s, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	assert_int_equal(reply->fd[0].reuseport, 1);
	assert_int_equal(reply->fd[0].v6only, 1);
	assert_int_equal(
		fixture_ok(f, actor,
			   order_option(RT_CALL_GETSOCKOPT, s, SOL_SOCKET, SO_REUSEADDR, 0)),
		1);
	assert_int_equal(
		fixture_ok(f, actor,
			   order_option(RT_CALL_GETSOCKOPT, s, IPPROTO_TCP, TCP_NODELAY, 0)),
		0);
	order = order_option(RT_CALL_SETSOCKOPT, s, SOL_SOCKET, SO_LINGER, 0);
	order.value_len = sizeof(linger);
	memcpy(order.value, &linger, sizeof(linger));
	fixture_ok(f, actor, order);
	fixture_ok(f, actor, order_option(RT_CALL_GETSOCKOPT, s, SOL_SOCKET, SO_LINGER, 0));
	assert_int_equal(reply->data_len, sizeof(linger));
	assert_memory_equal(reply->data, &linger, sizeof(linger));
	fixture_fails(f, actor, order_option(RT_CALL_SETSOCKOPT, 99, SOL_SOCKET, SO_REUSEADDR, 1),
		      EBADF);

	order = order_int(RT_CALL_FCNTL, s, F_SETFD);
	order.i[1] = FD_CLOEXEC;
	fixture_ok(f, actor, order);
	assert_int_equal(reply->fd[0].cloexec, 1);
	assert_int_equal(fixture_ok(f, actor, order_int(RT_CALL_FCNTL, s, F_GETFD)), FD_CLOEXEC);
	assert_true(fixture_ok(f, actor, order_int(RT_CALL_FCNTL, s, F_GETFL)) & O_RDWR);
	fixture_fails(f, actor, order_int(RT_CALL_FCNTL, s, F_DUPFD), EINVAL);
}

static void test_addresses_and_datagrams(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f);
	int s = fixture_ok(f, actor, order_socket(AF_INET, SOCK_DGRAM));
	int c = fixture_ok(f, actor, order_socket(AF_INET, SOCK_DGRAM));
	const struct rt_reply *reply = &f->actor[actor].reply;
	struct rt_order order = order_addr(RT_CALL_SENDTO, c, "127.0.0.3:9000");
	char text[RT_ADDR_TEXT];

	assert_int_equal(reply->fd[1].proto, RT_UDP);
	fixture_ok(f, actor, order_addr(RT_CALL_BIND, s, "127.0.0.3:9000"));
	fixture_ok(f, actor, order_addr(RT_CALL_BIND, c, "127.0.0.2:0"));
	fixture_ok(f, actor, order_fd(RT_CALL_GETSOCKNAME, c));
	assert_string_equal(rt_addr_host(&reply->addr, text), "127.0.0.2");
	assert_int_not_equal(reply->addr.port, 0);
	fixture_fails(f, actor, order_int(RT_CALL_RECV, s, MSG_DONTWAIT), EAGAIN);
	fixture_fails(f, actor, order_fd(RT_CALL_GETPEERNAME, c), ENOTCONN);
	order.data_len = RT_DATA_MAX;
	memset(order.data, 'x', RT_DATA_MAX);
	assert_int_equal(fixture_ok(f, actor, order), RT_DATA_MAX);
	order = order_fd(RT_CALL_RECV, s);
	order.data_len = 10;
	order.i[0] = MSG_PEEK | MSG_TRUNC;
	assert_int_equal(fixture_ok(f, actor, order), RT_DATA_MAX);
	assert_int_equal(reply->data_len, 10);
	assert_string_equal(rt_addr_host(&reply->addr, text), "127.0.0.2");
	assert_int_equal(fixture_ok(f, actor, order_fd(RT_CALL_RECV, s)), RT_DATA_MAX);
	assert_int_equal(reply->data[RT_DATA_MAX - 1], 'x');
	fixture_ok(f, actor, order_addr(RT_CALL_CONNECT, c, "127.0.0.3:9000"));
	fixture_ok(f, actor, order_fd(RT_CALL_GETPEERNAME, c));
	assert_string_equal(rt_addr_format(&reply->addr, text), "127.0.0.3:9000");
	assert_true(rt_addr_equal(&reply->fd[1].peer, &reply->addr));
}

static void test_shutdown_and_a_refused_connect(void **state)
{
	struct fixture *f = *state;
	int server = fixture_spawn(f), client = fixture_spawn(f);
	int s = fixture_listener(f, server, "127.0.0.1:8000"), k;
	int c = fixture_ok(f, client, order_socket(AF_INET, SOCK_STREAM));

	fixture_fails(f, client, order_addr(RT_CALL_CONNECT, c, "127.0.0.1:8001"), ECONNREFUSED);
	fixture_fails(f, client, order_data(RT_CALL_SEND, c, "x"), EPIPE);
	fixture_ok(f, client, order_addr(RT_CALL_CONNECT, c, "127.0.0.1:8000"));
	k = fixture_ok(f, server, order_fd(RT_CALL_ACCEPT, s));
	fixture_send(f, server, order_fd(RT_CALL_RECV, k));
	fixture_asleep(f, server);
	fixture_ok(f, client, order_int(RT_CALL_SHUTDOWN, c, SHUT_WR));
	assert_int_equal(fixture_reply(f, server, 5)->ret, 0);
	fixture_fails(f, server, order_addr(RT_CALL_BIND, k, "127.0.0.1:8000"), EINVAL);
}

static void test_sysctls_of_ipv4_and_ipv6_alone(void **state)
{
	static const char *const refused[] = {
		"kernel.panic",
		"net.core.somaxconn",
		"net.ipv4",
		"net.ipv4.",
		"net.ipv4../kernel.panic",
		"net.ipv4....kernel.panic",
		"net.ipv4.conf..forwarding",
		"net.ipv4.conf/lo/forwarding",
		"../kernel.panic",
		"",
		"net.ipv4.TCP_MIGRATE_REQ",
		"net.ipv4x.tcp_migrate_req",
	};
	struct fixture *f = *state;
	int actor = fixture_spawn(f), s;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		fixture_fails(f, RT_STAGE_INIT, order_sysctl(refused[i], "1"), EPERM);
	fixture_fails(f, RT_STAGE_INIT, order_sysctl("net.ipv4.no_such_name", "1"), ENOENT);
	fixture_fails(f, RT_STAGE_INIT, order_sysctl("net.ipv4.ip_local_port_range", "one"),
		      EINVAL);
	fixture_ok(f, RT_STAGE_INIT, order_sysctl("net.ipv4.tcp_migrate_req", "1"));
	fixture_ok(f, RT_STAGE_INIT, order_sysctl("net.ipv4.conf.lo.rp_filter", "1"));
	fixture_ok(f, RT_STAGE_INIT, order_sysctl("net.ipv6.bindv6only", "1"));
	fixture_ok(f, RT_STAGE_INIT, order_sysctl("net.ipv4.ip_local_port_range", "40000 40000"));
	/* They are those of the stage's sockets. */
	s = fixture_ok(f, actor, order_socket(AF_INET6, SOCK_STREAM));
	assert_int_equal(f->actor[actor].reply.fd[0].v6only, 1);
	fixture_ok(f, actor, order_addr(RT_CALL_BIND, s, "[::1]:0"));
	assert_int_equal(f->actor[actor].reply.fd[0].local.port, 40000);
}

static void test_an_address_more_on_lo(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f);
	int s = fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM));
	int t = fixture_ok(f, actor, order_socket(AF_INET6, SOCK_STREAM));

	fixture_fails(f, actor, order_addr(RT_CALL_BIND, s, "192.0.2.1:8000"), EADDRNOTAVAIL);
	fixture_ok(f, RT_STAGE_INIT, order_addr(RT_CALL_ADDRESS, -1, "192.0.2.1"));
	fixture_ok(f, actor, order_addr(RT_CALL_BIND, s, "192.0.2.1:8000"));
	fixture_fails(f, RT_STAGE_INIT, order_addr(RT_CALL_ADDRESS, -1, "192.0.2.1"), EEXIST);
	fixture_fails(f, actor, order_addr(RT_CALL_BIND, t, "[2001:db8::1]:8000"), EADDRNOTAVAIL);
	fixture_ok(f, RT_STAGE_INIT, order_addr(RT_CALL_ADDRESS, -1, "[2001:db8::1]"));
	fixture_ok(f, actor, order_addr(RT_CALL_BIND, t, "[2001:db8::1]:8000"));
	fixture_fails(f, RT_STAGE_INIT, order_fd(RT_CALL_ADDRESS, -1), EAFNOSUPPORT);
}

static unsigned count_fds_of(int pid)
{
	char path[64];
	unsigned n = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	folder = opendir(path);
	assert_non_null(folder);
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		n += entry->d_name[0] != '.';
	closedir(folder);
	return n;
}

/* A process with a packet socket could read what the whole stage sends. */
static void test_what_is_captured_is_for_init_alone(void **state)
{
	enum { ACTORS = 6, STANDARD_AND_CHANNEL = 4 }; /* more than are made ahead of need */
	struct fixture *f = *state;
	struct rt_order order = order_fd(RT_CALL_CAPTURE, -1);
	unsigned before;

	fixture_spawn(f);
	order.local = order.peer = (struct rt_addr_pattern){.any_host = true, .any_port = true};
	fixture_ok(f, RT_STAGE_INIT, order);
	before = count_fds_of(rt_stage_pid(f->stage, RT_STAGE_INIT));
	fixture_ok(f, RT_STAGE_INIT, order);
	assert_int_equal(count_fds_of(rt_stage_pid(f->stage, RT_STAGE_INIT)), before + 1);
	for (int i = 0; i < ACTORS; i++) {
		int actor = fixture_spawn(f);

		fixture_fails(f, actor, order, ENOSYS);
		fixture_fails(f, actor, order_fd(RT_CALL_INJECT, -1), ENOSYS);
		/* Behind an answer: a new process closes the pidfd of its hello after it has sent it. */
		assert_int_equal(count_fds_of(rt_stage_pid(f->stage, actor)), STANDARD_AND_CHANNEL);
	}
}

static struct rt_order destroy_order(const char *local)
{
	struct rt_order order = {.call = RT_STAGE_DESTROY, .fd = -1};
	struct rt_addr addr;
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} message = {.header = {.nlmsg_len = sizeof(message), .nlmsg_type = SOCK_DESTROY},
		     .request = {.sdiag_family = AF_INET,
				 .sdiag_protocol = IPPROTO_TCP,
				 .idiag_states = ~0U}};

	assert_int_equal(rt_addr_parse(local, strlen(local), &addr, NULL), 0);
	message.request.id.idiag_sport = htons(addr.port);
	message.request.id.idiag_src[0] = addr.v4.s_addr;
	message.request.id.idiag_cookie[0] = message.request.id.idiag_cookie[1] =
		(uint32_t)INET_DIAG_NOCOOKIE;
	order.data_len = sizeof(message);
	memcpy(order.data, &message, sizeof(message));
	return order;
}

static void test_destroy_ends_a_socket(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f), s = fixture_listener(f, actor, "127.0.0.1:8000");
	struct rt_order order = destroy_order("127.0.0.1:8001");

	fixture_fails(f, RT_STAGE_INIT, order, ENOENT);
	fixture_fails(f, actor, order, ENOSYS);
	order.data_len--;
	fixture_fails(f, RT_STAGE_INIT, order, EINVAL);
	order = destroy_order("127.0.0.1:8000");
	((struct nlmsghdr *)(void *)order.data)->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	fixture_fails(f, RT_STAGE_INIT, order, EINVAL);
	fixture_send(f, actor, order_fd(RT_CALL_ACCEPT, s));
	fixture_asleep(f, actor);
	fixture_ok(f, RT_STAGE_INIT, destroy_order("127.0.0.1:8000"));
	assert_int_equal(fixture_reply(f, actor, 5)->err, EINVAL);
}

static void test_the_diag_socket_sees_the_stage(void **state)
{
	struct fixture *f = *state;
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} dump = {.header = {.nlmsg_len = sizeof(dump),
			     .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			     .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		  .request = {.sdiag_family = AF_INET,
			      .sdiag_protocol = IPPROTO_TCP,
			      .idiag_states = ~0U}};
	int actor = fixture_spawn(f), fd = rt_stage_diag_fd(f->stage);
	const struct inet_diag_msg *message;
	_Alignas(struct nlmsghdr) char bytes[8192];
	ssize_t len;

	fixture_listener(f, actor, "127.0.0.1:8000");
	assert_int_equal(send(fd, &dump, sizeof(dump), 0), sizeof(dump));
	len = recv(fd, bytes, sizeof(bytes), 0);
	assert_true(len > (ssize_t)NLMSG_LENGTH(sizeof(*message)));
	message = NLMSG_DATA((struct nlmsghdr *)(void *)bytes);
	assert_int_equal(ntohs(message->id.idiag_sport), 8000);
	assert_int_equal(message->idiag_inode, f->actor[actor].reply.fd[0].inode);
}

static void test_users(void **state)
{
	struct fixture *f = *state;
	int actor = fixture_spawn(f), other = fixture_spawn(f), s, t;
	struct rt_order chown_order;

	s = fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM));
	if (rt_stage_uids(f->stage) == 1) {
		fixture_fails(f, actor, order_int(RT_CALL_SETEUID, -1, 1000), EINVAL);
		print_message(
			"skip: the stage has one uid: several need real root, or newuidmap\n");
		skip();
	}
	fixture_ok(f, actor, order_addr(RT_CALL_BIND, s, "127.0.0.1:80"));
	fixture_ok(f, actor, order_int(RT_CALL_SETEUID, -1, 1000));
	t = fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM));
	fixture_fails(f, actor, order_addr(RT_CALL_BIND, t, "127.0.0.1:81"), EACCES);
	/* SO_REUSEPORT shares a port only among sockets of one user. */
	fixture_ok(f, actor, order_option(RT_CALL_SETSOCKOPT, t, SOL_SOCKET, SO_REUSEPORT, 1));
	fixture_ok(f, actor, order_addr(RT_CALL_BIND, t, "127.0.0.1:8000"));
	s = fixture_ok(f, other, order_socket(AF_INET, SOCK_STREAM));
	fixture_ok(f, other, order_option(RT_CALL_SETSOCKOPT, s, SOL_SOCKET, SO_REUSEPORT, 1));
	fixture_fails(f, other, order_addr(RT_CALL_BIND, s, "127.0.0.1:8000"), EADDRINUSE);
	chown_order = order_int(RT_CALL_FCHOWN, s, 1000);
	chown_order.i[1] = -1;
	fixture_ok(f, other, chown_order);
	fixture_ok(f, other, order_addr(RT_CALL_BIND, s, "127.0.0.1:8000"));
	/* One can still look at the process, also after an exec. */
	assert_int_equal(proc_owner(rt_stage_pid(f->stage, actor)), fixture_uid(f, 1000));
	fixture_ok(f, actor, order_int(RT_CALL_LISTEN, t, 1));
	fixture_ok(f, actor, order_fd(RT_CALL_EXEC, -1));
	assert_int_equal(proc_owner(rt_stage_pid(f->stage, actor)), fixture_uid(f, 1000));
	fixture_send(f, actor, order_fd(RT_CALL_ACCEPT, t));
	fixture_asleep(f, actor);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		LIVE(test_options_and_flags),
		LIVE(test_addresses_and_datagrams),
		LIVE(test_shutdown_and_a_refused_connect),
		LIVE(test_sysctls_of_ipv4_and_ipv6_alone),
		LIVE(test_an_address_more_on_lo),
		LIVE(test_what_is_captured_is_for_init_alone),
		LIVE(test_destroy_ends_a_socket),
		LIVE(test_the_diag_socket_sees_the_stage),
		LIVE(test_users),
	};
	int status = rt_stage_exec_main(argc, argv);

	if (status >= 0)
		return status;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
