/* The calls that the stage's init makes: they concern the network namespace, not one process. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stage/actor.h"

/*
 * Writes the path below /proc/sys of a sysctl name, dots to slashes. Only net.ipv4 and net.ipv6:
 * other sysctls are those of the machine, and the stage's root must not be able to name them,
 * whoever it is mapped to.
 */
static int sysctl_path(const char *name, char *path, size_t size)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
	size_t len = strnlen(name, RT_WORD_MAX);

	if (len == RT_WORD_MAX || strspn(name, allowed) != len || strstr(name, "..") ||
	    name[len ? len - 1 : 0] == '.')
		return -1;
	if (strncmp(name, "net.ipv4.", 9) != 0 && strncmp(name, "net.ipv6.", 9) != 0)
		return -1;
	snprintf(path, size, "/proc/sys/%s", name);
	for (char *c = path; *c; c++)
		if (*c == '.')
			*c = '/';
	return 0;
}

/* /proc/sys/net is that of the writer's network namespace, whatever /proc is mounted: proc(5). */
void rt_run_sysctl(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	char path[sizeof("/proc/sys/") + RT_WORD_MAX];
	int fd;

	(void)pass;
	if (sysctl_path(order->word, path, sizeof(path)) < 0) {
		reply->err = EPERM;
		return;
	}
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		reply->err = errno;
		return;
	}
	if (write(fd, order->data, order->data_len) < 0)
		reply->err = errno;
	close(fd);
}

/*
 * Sends one netlink request that is to be acknowledged. Returns the errno that the kernel answers
 * with, 0 for success.
 */
static int netlink_request(int protocol, const void *request, size_t len)
{
	const struct timeval limit = {.tv_sec = 2};
	union {
		struct {
			struct nlmsghdr header;
			struct nlmsgerr error;
		};
		char bytes[512]; /* the kernel puts the request behind the error */
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	ssize_t got = -1;
	int sys;

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (send(fd, request, len, 0) >= 0)
		got = recv(fd, answer.bytes, sizeof(answer.bytes), 0);
	sys = got < 0 ? errno : 0;
	close(fd);
	if (got < 0)
		return sys;
	if ((size_t)got < NLMSG_LENGTH(sizeof(int)) || answer.header.nlmsg_type != NLMSG_ERROR)
		return EPROTO;
	return -answer.error.error;
}

/* An address with the longest prefix, on lo: rtnetlink(7), RTM_NEWADDR. */
void rt_run_address(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	const bool v6 = order->addr.family == AF_INET6;
	const size_t len = v6 ? sizeof(order->addr.v6) : sizeof(order->addr.v4);
	const uint16_t type[] = {IFA_LOCAL, IFA_ADDRESS};
	struct {
		struct nlmsghdr header;
		struct ifaddrmsg addr;
		char attributes[2 * RTA_SPACE(sizeof(struct in6_addr))];
	} request = {0};
	char *at = request.attributes;

	(void)pass;
	if (order->addr.family != AF_INET && !v6) {
		reply->err = EAFNOSUPPORT;
		return;
	}
	request.addr = (struct ifaddrmsg){.ifa_family = (uint8_t)order->addr.family,
					  .ifa_prefixlen = (uint8_t)(len * 8),
					  .ifa_flags = v6 ? IFA_F_NODAD : 0,
					  .ifa_index = if_nametoindex("lo")};
	for (size_t i = 0; i < 2; i++) {
		struct rtattr *attr = (struct rtattr *)(void *)at;

		attr->rta_type = type[i];
		attr->rta_len = (uint16_t)RTA_LENGTH(len);
		memcpy(RTA_DATA(attr),
		       v6 ? (const void *)&order->addr.v6 : (const void *)&order->addr.v4, len);
		at += RTA_SPACE(len);
	}
	request.header = (struct nlmsghdr){.nlmsg_len = (uint32_t)(at - (char *)&request),
					   .nlmsg_type = RTM_NEWADDR,
					   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE |
							  NLM_F_EXCL,
					   .nlmsg_seq = 1};
	reply->err = netlink_request(NETLINK_ROUTE, &request, request.header.nlmsg_len);
}

/*
 * Through a socket of its own: the one that the tutor holds is in the middle of a dump as often as
 * not, and would get the acknowledgement.
 */
void rt_run_destroy(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	union {
		struct nlmsghdr header;
		char bytes[RT_DATA_MAX];
	} request;

	(void)pass;
	memcpy(request.bytes, order->data, order->data_len);
	if (order->data_len < NLMSG_HDRLEN || request.header.nlmsg_len != order->data_len ||
	    request.header.nlmsg_type != SOCK_DESTROY) {
		reply->err = EINVAL;
		return;
	}
	/* Without NLM_F_ACK the kernel answers nothing when it did as it was asked. */
	request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	reply->err = netlink_request(NETLINK_SOCK_DIAG, request.bytes, order->data_len);
}
