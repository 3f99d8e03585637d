/*
 * What a process can tell about its own sockets: sock_diag has no SO_REUSEADDR and no SO_REUSEPORT,
 * getsockopt(2) has.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stage/actor.h"

/* The value of an int option, or -1. */
static int option(int fd, int level, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, level, name, &value, &len) == 0 ? value : -1;
}

static void read_address(int fd, int (*get)(int, struct sockaddr *, socklen_t *),
			 struct rt_addr *addr)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);

	if (get(fd, (struct sockaddr *)&sa, &len) == 0)
		rt_addr_from_sockaddr(&sa, len, addr);
}

static int local_address(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getsockname(fd, sa, len);
}

static int peer_address(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getpeername(fd, sa, len);
}

static bool describe(int fd, struct rt_fd *out)
{
	int family = option(fd, SOL_SOCKET, SO_DOMAIN);
	socklen_t len = sizeof(out->cookie);
	struct stat st;
	int protocol;

	if (family != AF_INET && family != AF_INET6)
		return false;
	protocol = option(fd, SOL_SOCKET, SO_PROTOCOL);
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return false;
	memset(out, 0, sizeof(*out));
	out->fd = fd;
	out->family = (uint16_t)family;
	out->proto = protocol == IPPROTO_TCP ? RT_TCP : RT_UDP;
	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &out->cookie, &len) < 0)
		out->cookie = 0;
	if (fstat(fd, &st) == 0) {
		out->inode = (uint32_t)st.st_ino;
		out->uid = st.st_uid;
	}
	out->reuseaddr = (int8_t)option(fd, SOL_SOCKET, SO_REUSEADDR);
	out->reuseport = (int8_t)option(fd, SOL_SOCKET, SO_REUSEPORT);
	out->v6only = (int8_t)(family == AF_INET6 ? option(fd, IPPROTO_IPV6, IPV6_V6ONLY) : -1);
	out->listening = option(fd, SOL_SOCKET, SO_ACCEPTCONN) > 0;
	out->cloexec = (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
	out->nonblock = (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
	out->freebind = option(fd, IPPROTO_IP, IP_FREEBIND) > 0;
	out->no_port = option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT) > 0;
	read_address(fd, local_address, &out->local);
	read_address(fd, peer_address, &out->peer);
	return true;
}

uint32_t rt_report_sockets(int first, int last, struct rt_fd *fd, uint32_t max)
{
	uint32_t n = 0;

	for (int i = first; i <= last && n < max; i++)
		if (describe(i, &fd[n]))
			n++;
	return n;
}
