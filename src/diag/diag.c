/*
 * The netlink conversation. The kernel answers a dump request inside sendmsg(2) and goes on inside
 * each recvmsg(2), so nothing here ever has to wait: every receive is MSG_DONTWAIT, and an empty
 * queue in the middle of a dump is an error, not a hang.
 *
 * One socket carries two things, since only this one is in the right namespace: the answers, with
 * the sequence number of the request, and the destroy events, with sequence number 0. An event that
 * comes in the middle of a snapshot makes it be taken again; one that comes later stays in the
 * queue and makes the descriptor readable.
 */
#include "diag/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "diag/request.h"

enum {
	BUFFER_SIZE = 32768, /* the kernel fills no more in one go: netlink_recvmsg() */
	TRIES = 3, /* of a dump that was interrupted, and of a snapshot that an event overtook */
	DRAIN_MAX = 4096, /* messages read and forgotten in one go */
};

/* What became of one dump. */
enum verdict { DONE, MORE, AGAIN, FAILED };

struct rt_diag {
	struct nl_sock *sock;
	bool hears; /* the destroy events, where the kernel has them: rt_diag_snapshot() */
	bool has_bound;
	bool event_seen; /* since the snapshot began */
	char buffer[BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* One dump on its way. */
struct dump {
	struct rt_diag *diag;
	struct rt_snapshot *snapshot;
	struct rt_error *err;
	uint32_t seq;
	enum rt_proto proto;
	bool interrupted;
};

static int fail_sys(struct rt_error *err, int sys)
{
	return rt_error_sys(err, RT_ERR_FAILED, sys, _("cannot read the sockets from sock_diag"));
}

static int fail_why(struct rt_error *err, const char *why)
{
	rt_error_set(err, RT_ERR_FAILED, _("cannot read the sockets from sock_diag"));
	return rt_error_why(err, "%s", why);
}

/* --- the socket ------------------------------------------------------------------------------- */

/*
 * TCP_BOUND_INACTIVE came with Linux 6.8. There is nothing to probe: a dump without such rows looks
 * like one without the state.
 */
static bool kernel_has_bound(void)
{
	struct utsname uts;
	unsigned major, minor;

	if (uname(&uts) < 0 || sscanf(uts.release, "%u.%u", &major, &minor) != 2)
		return false;
	return major > 6 || (major == 6 && minor >= 8);
}

/* A socket that is not bound can join the groups and hears nothing. A bound one keeps its port. */
static int bind_port(int fd)
{
	struct sockaddr_nl addr = {0};
	socklen_t len = sizeof(addr);

	if (getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
		return -1;
	if (addr.nl_pid)
		return 0;
	addr = (struct sockaddr_nl){.nl_family = AF_NETLINK};
	return bind(fd, (struct sockaddr *)&addr, sizeof(addr));
}

/* libnl closes the descriptor that it is given: it gets one of its own for the same socket. */
static int adopt(struct nl_sock *sock, int fd, struct rt_error *err)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0), rc;

	if (own < 0)
		return fail_sys(err, errno);
	if (bind_port(own) < 0) {
		fail_sys(err, errno);
		close(own);
		return -1;
	}
	rc = nl_socket_set_fd(sock, NETLINK_SOCK_DIAG, own);
	if (rc < 0) {
		close(own);
		return fail_why(err, nl_geterror(rc));
	}
	return 0;
}

/* Not by libnl: its codes say of each refusal less than errno does. */
static int open_own(struct nl_sock *sock, struct rt_error *err)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG), rc;

	if (fd < 0)
		return fail_sys(err, errno);
	rc = adopt(sock, fd, err);
	close(fd);
	return rc;
}

/*
 * Events are only hints: a full queue drops them without turning that into an error of a later
 * receive, and a kernel without them is asked more often. While nobody listens the kernel makes
 * none: what a jump opens and closes on its way costs nothing then.
 */
static void hear(struct rt_diag *diag)
{
	int on = 1;

	if (diag->hears)
		return;
	diag->hears = true;
	if (setsockopt(nl_socket_get_fd(diag->sock), SOL_NETLINK, NETLINK_NO_ENOBUFS, &on,
		       sizeof(on)) < 0)
		return;
	nl_socket_add_memberships(diag->sock, SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET_UDP_DESTROY,
				  SKNLGRP_INET6_TCP_DESTROY, SKNLGRP_INET6_UDP_DESTROY, 0);
}

struct rt_diag *rt_diag_new(int fd, struct rt_error *err)
{
	struct rt_diag *diag = rt_realloc(NULL, 1, sizeof(*diag));

	/* Most of the buffer is never touched where there are few sockets. */
	memset(diag, 0, offsetof(struct rt_diag, buffer));
	diag->sock = nl_socket_alloc();
	if (!diag->sock) {
		fail_sys(err, ENOMEM);
		goto fail;
	}
	nl_socket_disable_auto_ack(diag->sock);
	if ((fd >= 0 ? adopt(diag->sock, fd, err) : open_own(diag->sock, err)) < 0)
		goto fail;
	diag->has_bound = kernel_has_bound();
	return diag;
fail:
	rt_diag_free(diag);
	return NULL;
}

void rt_diag_free(struct rt_diag *diag)
{
	if (!diag)
		return;
	if (diag->sock)
		nl_socket_free(diag->sock);
	free(diag);
}

int rt_diag_event_fd(const struct rt_diag *diag)
{
	return nl_socket_get_fd(diag->sock);
}

void rt_diag_drain_events(struct rt_diag *diag)
{
	int fd = nl_socket_get_fd(diag->sock);

	for (int i = 0; i < DRAIN_MAX; i++)
		if (recv(fd, diag->buffer, sizeof(diag->buffer), MSG_DONTWAIT) < 0 &&
		    errno != ENOBUFS)
			return;
}

/* --- one dump --------------------------------------------------------------------------------- */

/* What NLMSG_ERROR and NLMSG_DONE carry: 0 or a negative errno. */
static enum verdict judge(struct dump *dump, const struct nlmsghdr *header, bool done)
{
	int code = 0;

	if (header->nlmsg_len >= NLMSG_LENGTH(sizeof(code)))
		memcpy(&code, NLMSG_DATA(header), sizeof(code));
	else if (!done)
		code = -EBADMSG;
	if (code == 0)
		return done ? DONE : MORE;
	if (code == -ENOBUFS || code == -EBUSY)
		return AGAIN;
	fail_sys(dump->err, -code);
	if (code == -ENOENT)
		rt_error_fix(dump->err, _("this kernel needs CONFIG_INET_DIAG, "
					  "CONFIG_INET_TCP_DIAG and CONFIG_INET_UDP_DIAG"));
	return FAILED;
}

static enum verdict take_message(struct dump *dump, const struct nlmsghdr *header)
{
	struct rt_snapshot *to = dump->snapshot;

	if (header->nlmsg_seq != dump->seq) {
		/*
		 * An event; or the rest of an older dump, which is as good a reason to look again.
		 */
		dump->diag->event_seen = true;
		return MORE;
	}
	if (header->nlmsg_flags & NLM_F_DUMP_INTR)
		dump->interrupted = true;
	if (header->nlmsg_type == NLMSG_DONE)
		return judge(dump, header, true);
	if (header->nlmsg_type == NLMSG_ERROR)
		return judge(dump, header, false);
	if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY && header->nlmsg_type != TCPDIAG_GETSOCK)
		return MORE;
	/*
	 * Not rt_snapshot_add(): the parser sets the row, and zeroing each one twice shows in a
	 * long snapshot.
	 */
	RT_GROW(to->row, to->n, to->cap);
	if (rt_diag_parse(NLMSG_DATA(header), header->nlmsg_len - NLMSG_HDRLEN, dump->proto,
			  &to->row[to->n]) == 0) {
		to->n++;
		return MORE;
	}
	fail_why(dump->err, _("the kernel's answer cannot be understood"));
	return FAILED;
}

static enum verdict take_buffer(struct dump *dump, size_t len)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(void *)dump->diag->buffer;
	int rest = (int)len;
	enum verdict verdict = MORE;

	for (; verdict == MORE && nlmsg_ok(header, rest); header = nlmsg_next(header, &rest))
		verdict = take_message(dump, header);
	return verdict;
}

static enum verdict receive(struct dump *dump)
{
	struct sockaddr_nl from = {0};
	struct iovec iov = {dump->diag->buffer, sizeof(dump->diag->buffer)};
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1};
	ssize_t len = recvmsg(nl_socket_get_fd(dump->diag->sock), &msg, MSG_DONTWAIT);

	/*
	 * The kernel had no memory for the next part; with the queue empty nothing starts it again
	 * but a new request.
	 */
	if (len < 0 && (errno == ENOBUFS || errno == EAGAIN))
		return AGAIN;
	if (len < 0 && errno == EINTR)
		return MORE;
	if (len < 0) {
		fail_sys(dump->err, errno);
		return FAILED;
	}
	if (from.nl_pid != 0)
		return MORE; /* from another process, not from the kernel */
	if (msg.msg_flags & MSG_TRUNC) {
		fail_why(dump->err, _("the kernel's answer is larger than it ever should be"));
		return FAILED;
	}
	return take_buffer(dump, (size_t)len);
}

static enum verdict dump_once(struct dump *dump, struct nl_msg *request)
{
	enum verdict verdict = MORE;
	int rc;

	do
		dump->seq = nl_socket_use_seq(dump->diag->sock);
	while (dump->seq == 0); /* that is the events' */
	nlmsg_hdr(request)->nlmsg_seq = dump->seq;
	dump->interrupted = false;
	rc = nl_send_auto(dump->diag->sock, request);
	if (rc < 0) {
		fail_why(dump->err, nl_geterror(rc));
		return FAILED;
	}
	while (verdict == MORE)
		verdict = receive(dump);
	return verdict == DONE && dump->interrupted ? AGAIN : verdict;
}

/* Sends request, which is freed, and adds what comes to *snapshot. */
static int dump_request(struct rt_diag *diag, struct nl_msg *request, enum rt_proto proto,
			struct rt_snapshot *snapshot, struct rt_error *err)
{
	struct dump dump = {.diag = diag, .snapshot = snapshot, .err = err, .proto = proto};
	enum verdict verdict = AGAIN;
	size_t before = snapshot->n;

	if (!request)
		return fail_sys(err, ENOMEM);
	for (int i = 0; i < TRIES && verdict == AGAIN; i++) {
		if (i > 0)
			rt_diag_drain_events(diag); /* else EBUSY: the old one is unfinished */
		snapshot->n = before;
		verdict = dump_once(&dump, request);
	}
	nlmsg_free(request);
	if (verdict == DONE)
		return 0;
	snapshot->n = before;
	if (verdict == AGAIN)
		fail_why(err, _("the kernel broke off its answer each time"));
	rt_diag_drain_events(diag);
	return -1;
}

int rt_diag_dump(struct rt_diag *diag, int family, int protocol, uint32_t states, uint16_t port,
		 struct rt_snapshot *snapshot, struct rt_error *err)
{
	return dump_request(diag, rt_diag_dump_request(family, protocol, states, port),
			    protocol == IPPROTO_UDP ? RT_UDP : RT_TCP, snapshot, err);
}

int rt_diag_port(struct rt_diag *diag, enum rt_proto proto, uint16_t port,
		 struct rt_snapshot *snapshot, struct rt_error *err)
{
	static const int of_tcp[] = {AF_UNSPEC}, of_udp[] = {AF_INET, AF_INET6};
	const int *family = proto == RT_TCP ? of_tcp : of_udp;
	size_t n = proto == RT_TCP ? RT_COUNT(of_tcp) : RT_COUNT(of_udp);
	int protocol = proto == RT_TCP ? IPPROTO_TCP : IPPROTO_UDP;

	rt_snapshot_clear(snapshot);
	snapshot->taken_ms = rt_now_ms();
	snapshot->has_bound = diag->has_bound;
	for (size_t i = 0; i < n; i++) {
		if (dump_request(diag, rt_diag_port_request(family[i], protocol, port), proto,
				 snapshot, err) < 0)
			return -1;
	}
	rt_snapshot_sort(snapshot);
	return 0;
}

/* --- all of them ------------------------------------------------------------------------------ */

static int dump_all(struct rt_diag *diag, struct rt_snapshot *snapshot, struct rt_error *err)
{
	static const struct {
		int family, protocol;
	} part[] = {{AF_UNSPEC, IPPROTO_TCP}, {AF_INET, IPPROTO_UDP}, {AF_INET6, IPPROTO_UDP}};

	rt_snapshot_clear(snapshot);
	snapshot->taken_ms = rt_now_ms();
	for (size_t i = 0; i < RT_COUNT(part); i++)
		if (rt_diag_dump(diag, part[i].family, part[i].protocol, UINT32_MAX, 0, snapshot,
				 err) < 0)
			return -1;
	return 0;
}

int rt_diag_snapshot(struct rt_diag *diag, struct rt_snapshot *snapshot, struct rt_error *err)
{
	hear(diag);
	for (int i = 0; i < TRIES; i++) {
		rt_diag_drain_events(diag); /* what they tell is older than this snapshot */
		diag->event_seen = false;
		if (dump_all(diag, snapshot, err) < 0) {
			rt_snapshot_clear(snapshot);
			return -1;
		}
		if (!diag->event_seen)
			break;
	}
	snapshot->has_bound = diag->has_bound;
	rt_snapshot_sort(snapshot);
	return 0;
}
