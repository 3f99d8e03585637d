#include "stage/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int rt_channel_pair(int pair[2])
{
	int one = 1, sys;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	/* The kernel notes the sender of a message when it is sent: it must be asked for before. */
	if (setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)) == 0)
		return 0;
	sys = errno;
	close(pair[0]);
	close(pair[1]);
	errno = sys;
	return -1;
}

int rt_channel_install(int end)
{
	if (end == RT_CHANNEL_FD)
		return fcntl(end, F_SETFD, FD_CLOEXEC);
	if (dup3(end, RT_CHANNEL_FD, O_CLOEXEC) < 0)
		return -1;
	close(end);
	return 0;
}

int rt_channel_is_installed(void)
{
	int domain = 0, type = 0;
	socklen_t domain_len = sizeof(domain), type_len = sizeof(type);

	return getsockopt(RT_CHANNEL_FD, SOL_SOCKET, SO_DOMAIN, &domain, &domain_len) == 0 &&
	       getsockopt(RT_CHANNEL_FD, SOL_SOCKET, SO_TYPE, &type, &type_len) == 0 &&
	       domain == AF_UNIX && type == SOCK_SEQPACKET;
}

/* Room for all that a message may carry beside its bytes. */
union control {
	char space[CMSG_SPACE(RT_CHANNEL_FDS_MAX * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
	struct cmsghdr align;
};

static void add_control(struct msghdr *msg, union control *control, int type, const void *value,
			size_t len)
{
	struct cmsghdr *cmsg = (struct cmsghdr *)(void *)(control->space + msg->msg_controllen);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = type;
	cmsg->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(cmsg), value, len);
	msg->msg_control = control->space;
	msg->msg_controllen += CMSG_SPACE(len);
}

/* about: the process whose pid the message tells; 0 for the sender's own. */
static int send_message(int channel, const void *bytes, size_t len, const int *fds, size_t n_fds,
			pid_t about)
{
	union control control = {0};
	struct iovec iov = {(void *)bytes, len};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t sent;

	if (n_fds)
		add_control(&msg, &control, SCM_RIGHTS, fds, n_fds * sizeof(int));
	if (about) {
		const struct ucred cred = {.pid = about, .uid = getuid(), .gid = getgid()};

		add_control(&msg, &control, SCM_CREDENTIALS, &cred, sizeof(cred));
	}
	do
		sent = sendmsg(channel, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

int rt_channel_send_order(int channel, const struct rt_order *order)
{
	if (order->data_len > RT_DATA_MAX || order->value_len > RT_VALUE_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	return send_message(channel, order, offsetof(struct rt_order, data) + order->data_len, NULL,
			    0, 0);
}

int rt_channel_send_reply(int channel, const struct rt_reply *reply, const int *fds, size_t n_fds)
{
	return send_message(channel, reply,
			    offsetof(struct rt_reply, fd) + reply->n_fds * sizeof(reply->fd[0]),
			    fds, n_fds, 0);
}

int rt_channel_introduce(int channel, pid_t pid, const int *fds, size_t n_fds)
{
	static const struct rt_reply hello;

	return send_message(channel, &hello, offsetof(struct rt_reply, fd), fds, n_fds, pid);
}

int rt_channel_recv_order(int channel, struct rt_order *order)
{
	ssize_t len;

	do
		len = recv(channel, order, sizeof(*order), 0);
	while (len < 0 && errno == EINTR);
	if (len <= 0)
		return (int)len;
	if ((size_t)len < offsetof(struct rt_order, data) || order->data_len > RT_DATA_MAX ||
	    order->value_len > RT_VALUE_MAX ||
	    (size_t)len != offsetof(struct rt_order, data) + order->data_len) {
		errno = EPROTO;
		return -1;
	}
	return 1;
}

static void take_fds(struct cmsghdr *cmsg, struct rt_parcel *parcel)
{
	size_t n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	for (size_t i = 0; i < n; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(int));
		if (parcel->n_fds < RT_CHANNEL_FDS_MAX)
			parcel->fd[parcel->n_fds++] = fd;
		else
			close(fd);
	}
}

static void open_parcel(struct msghdr *msg, struct rt_parcel *parcel)
{
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET)
			continue;
		if (cmsg->cmsg_type == SCM_RIGHTS)
			take_fds(cmsg, parcel);
		if (cmsg->cmsg_type == SCM_CREDENTIALS) {
			struct ucred cred;

			memcpy(&cred, CMSG_DATA(cmsg), sizeof(cred));
			parcel->pid = cred.pid;
		}
	}
}

static int reply_fits(const struct rt_reply *reply, size_t len)
{
	return len >= offsetof(struct rt_reply, fd) && reply->data_len <= RT_DATA_MAX &&
	       reply->n_fds <= RT_FDS_MAX &&
	       len == offsetof(struct rt_reply, fd) + reply->n_fds * sizeof(reply->fd[0]);
}

int rt_channel_recv_reply(int channel, struct rt_reply *reply, struct rt_parcel *parcel, int flags)
{
	union control control;
	/* cppcheck-suppress ctuuninitvar ; the kernel fills it */
	struct iovec iov = {reply, sizeof(*reply)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t len;

	*parcel = (struct rt_parcel){0};
	do {
		msg.msg_control = control.space;
		msg.msg_controllen = sizeof(control.space);
		len = recvmsg(channel, &msg, flags | MSG_CMSG_CLOEXEC);
		/*
		 * ECONNRESET: the other side ended with an order unread. The kernel says so once,
		 * before it hands out what that side had still sent.
		 */
	} while (len < 0 && (errno == EINTR || errno == ECONNRESET));
	if (len <= 0)
		return (int)len;
	open_parcel(&msg, parcel);
	if (!(msg.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) && reply_fits(reply, (size_t)len))
		return 1;
	rt_parcel_close(parcel);
	errno = EPROTO;
	return -1;
}

int rt_channel_wait(int channel)
{
	/* In parts: a machine that is held for seconds takes away one of them, not the whole. */
	enum { PARTS = 20, PART_MS = 100 };
	struct pollfd pfd = {.fd = channel, .events = POLLIN};
	int ready = 0;

	for (int i = 0; i < PARTS && ready <= 0; i++)
		ready = poll(&pfd, 1, PART_MS);
	return ready > 0 ? 0 : -1;
}

int rt_channel_wait_reply(int channel, struct rt_reply *reply, struct rt_parcel *parcel)
{
	int got;

	if (rt_channel_wait(channel) < 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	got = rt_channel_recv_reply(channel, reply, parcel, MSG_DONTWAIT);
	if (got == 0)
		errno = EPIPE;
	return got > 0 ? 0 : -1;
}

void rt_parcel_close(struct rt_parcel *parcel)
{
	for (size_t i = 0; i < parcel->n_fds; i++)
		close(parcel->fd[i]);
	parcel->n_fds = 0;
}
