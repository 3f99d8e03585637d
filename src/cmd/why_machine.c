/* What a bind on this machine depends on besides the sockets. */
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/why.h"

enum { UNPRIVILEGED_FROM = 1024 };

static unsigned long read_number(const char *path, unsigned long otherwise)
{
	FILE *file = fopen(path, "re");
	unsigned long value = otherwise;

	if (!file)
		return otherwise;
	if (fscanf(file, "%lu", &value) != 1)
		value = otherwise;
	fclose(file);
	return value;
}

/*
 * Whether this process is in the user namespace that the network namespace belongs to: only there
 * its capabilities count. An outer one is out of reach (EPERM): ioctl_ns(2). A kernel that cannot
 * tell (before 4.9) is taken to be the usual case.
 */
static bool owns_network(void)
{
	int net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), user = -1;
	struct stat owner, own;
	bool owns = true;

	if (net < 0)
		return true;
	user = ioctl(net, NS_GET_USERNS);
	if (user < 0)
		owns = errno != EPERM;
	else if (fstat(user, &owner) == 0 && stat("/proc/self/ns/user", &own) == 0)
		owns = owner.st_ino == own.st_ino && owner.st_dev == own.st_dev;
	if (user >= 0)
		close(user);
	close(net);
	return owns;
}

static bool has_capability(int capability)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long effective = 0;
	char line[256];

	if (!file)
		return geteuid() == 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	fclose(file);
	return effective >> capability & 1;
}

static bool is_nonlocal_allowed(const struct rt_why *why)
{
	return read_number(why->addr.family == AF_INET6 ? "/proc/sys/net/ipv6/ip_nonlocal_bind"
							: "/proc/sys/net/ipv4/ip_nonlocal_bind",
			   0) != 0;
}

/* All addresses of the interfaces, into net.local. NULL stays there where they cannot be read. */
static void take_addresses(struct rt_rules_net *net)
{
	struct rt_addr *local = NULL;
	struct ifaddrs *list, *it;
	size_t cap = 0;

	if (getifaddrs(&list) < 0)
		return;
	RT_GROW(local, net->n_local, cap); /* also for none: then it is known that there are none */
	for (it = list; it; it = it->ifa_next) {
		int family = it->ifa_addr ? it->ifa_addr->sa_family : AF_UNSPEC;
		struct sockaddr_storage sa = {0};
		size_t len = family == AF_INET	  ? sizeof(struct sockaddr_in)
			     : family == AF_INET6 ? sizeof(struct sockaddr_in6)
						  : 0;

		if (!len)
			continue;
		memcpy(&sa, it->ifa_addr, len);
		RT_GROW(local, net->n_local, cap);
		rt_addr_from_sockaddr(&sa, (socklen_t)len, &local[net->n_local++]);
	}
	freeifaddrs(list);
	net->local = local;
}

void rt_why_look_around(struct rt_why *why)
{
	unsigned long from =
		read_number("/proc/sys/net/ipv4/ip_unprivileged_port_start", UNPRIVILEGED_FROM);

	why->uid = geteuid();
	why->is_root = why->uid == 0;
	why->nonlocal = is_nonlocal_allowed(why);
	if (!owns_network() || !has_capability(CAP_NET_BIND_SERVICE))
		why->net.unprivileged_from = (uint16_t)from;
	if (why->addr.family == AF_INET6 && why->v6only < 0)
		why->v6only = read_number("/proc/sys/net/ipv6/bindv6only", 0) != 0;
	take_addresses(&why->net);
}
