/*
 * The socket calls: each one system call with the arguments of the order, nothing before it,
 * nothing after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stage/run.h"

static void give(struct rt_reply *reply, ssize_t ret)
{
	reply->ret = ret;
	reply->err = ret < 0 ? errno : 0;
}

void rt_run_socket(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	give(reply, socket(order->i[0], order->i[1], 0));
}

/*
 * A program that always returns the same index: the socket of that place in the group gets all.
 * One that is beyond the group leaves the choice to the hash: reuseport_select_sock() in
 * net/core/sock_reuseport.c.
 */
static ssize_t attach_index(const struct rt_order *order)
{
	struct sock_filter code = {.code = BPF_RET | BPF_K};
	struct sock_fprog program = {.len = 1, .filter = &code};

	memcpy(&code.k, order->value, sizeof(code.k));
	return setsockopt(order->fd, order->level, order->option, &program, sizeof(program));
}

void rt_run_setsockopt(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	if (order->level == SOL_SOCKET && order->option == SO_ATTACH_REUSEPORT_CBPF)
		give(reply, attach_index(order));
	else
		give(reply, setsockopt(order->fd, order->level, order->option, order->value,
				       order->value_len));
}

/* ret is the value of an int option; the bytes of every option stand in data. */
void rt_run_getsockopt(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	socklen_t len = RT_VALUE_MAX;
	int value = 0;

	(void)pass;
	give(reply, getsockopt(order->fd, order->level, order->option, reply->data, &len));
	if (reply->err)
		return;
	reply->data_len = len;
	memcpy(&value, reply->data, len < sizeof(value) ? len : sizeof(value));
	reply->ret = value;
}

void rt_run_bind(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(&order->addr, &sa);

	(void)pass;
	give(reply, bind(order->fd, (struct sockaddr *)&sa, len));
}

void rt_run_listen(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	give(reply, listen(order->fd, order->i[0]));
}

void rt_run_connect(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(&order->addr, &sa);

	(void)pass;
	give(reply, connect(order->fd, (struct sockaddr *)&sa, len));
}

void rt_run_accept(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);

	(void)pass;
	give(reply, accept(order->fd, (struct sockaddr *)&sa, &len));
	if (!reply->err)
		rt_addr_from_sockaddr(&sa, len, &reply->addr);
}

void rt_run_send(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	give(reply, send(order->fd, order->data, order->data_len, order->i[0]));
}

void rt_run_sendto(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(&order->addr, &sa);

	(void)pass;
	give(reply, sendto(order->fd, order->data, order->data_len, order->i[0],
			   (struct sockaddr *)&sa, len));
}

void rt_run_recv(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	/* A read of 0 bytes would look like end of file. */
	size_t most = order->data_len ? order->data_len : RT_DATA_MAX;
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);

	(void)pass;
	give(reply,
	     recvfrom(order->fd, reply->data, most, order->i[0], (struct sockaddr *)&sa, &len));
	if (reply->err)
		return;
	/* With MSG_TRUNC the kernel returns the length of the whole datagram. */
	reply->data_len = (uint32_t)((size_t)reply->ret < most ? (size_t)reply->ret : most);
	/* The kernel gives no sender for a connected TCP socket: len is 0. */
	rt_addr_from_sockaddr(&sa, len, &reply->addr);
}

void rt_run_shutdown(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	give(reply, shutdown(order->fd, order->i[0]));
}

void rt_run_close(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	give(reply, close(order->fd));
}

void rt_run_getsockname(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);

	(void)pass;
	give(reply, getsockname(order->fd, (struct sockaddr *)&sa, &len));
	if (!reply->err)
		rt_addr_from_sockaddr(&sa, len, &reply->addr);
}

void rt_run_getpeername(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);

	(void)pass;
	give(reply, getpeername(order->fd, (struct sockaddr *)&sa, &len));
	if (!reply->err)
		rt_addr_from_sockaddr(&sa, len, &reply->addr);
}

/* Only what the language has: the other commands could make descriptors that nobody reports. */
void rt_run_fcntl(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	switch (order->i[0]) {
	case F_GETFD:
	case F_GETFL:
		give(reply, fcntl(order->fd, order->i[0]));
		break;
	case F_SETFD:
	case F_SETFL:
		give(reply, fcntl(order->fd, order->i[0], order->i[1]));
		break;
	default:
		reply->err = EINVAL;
	}
}

void rt_run_fchown(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	(void)pass;
	give(reply, fchown(order->fd, (uid_t)order->i[0], (gid_t)order->i[1]));
}
