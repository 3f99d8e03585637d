/* The features of gate.h, looked for in a real stage. */
#include "lesson/world_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"
#include "diag/diag.h"
#include "stage/stage.h"

/* --- inside the stage: each gives 0 or an errno ----------------------------------------------- */

static int try_socket(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int try_packet(void *ctx)
{
	(void)ctx;
	return try_socket(AF_PACKET, SOCK_RAW);
}

/*
 * No bind() tells it without taking a port: the table of addresses does, whose lines end in the
 * name of the device.
 */
static int try_ipv6(void *ctx)
{
	FILE *file = fopen("/proc/self/net/if_inet6", "re");
	char line[128];
	bool found = false;

	(void)ctx;
	while (!found && file && fgets(line, sizeof(line), file))
		found = strncmp(line, "00000000000000000000000000000001 ", 33) == 0;
	if (file)
		fclose(file);
	return found ? try_socket(AF_INET6, SOCK_STREAM) : EADDRNOTAVAIL;
}

/* /proc/sys/net is that of the network namespace of whoever looks: proc(5). */
static int try_sysctl(void *ctx)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/%s", (const char *)ctx);
	for (char *c = path; *c; c++)
		if (*c == '.')
			*c = '/';
	return access(path, W_OK) < 0 ? errno : 0;
}

static bool shows_bound(int netlink)
{
	struct rt_snapshot sockets = {0};
	struct rt_error ignored;
	struct rt_diag *diag = rt_diag_new(netlink, &ignored);
	bool shown = false;

	if (diag && rt_diag_snapshot(diag, &sockets, &ignored) == 0)
		for (size_t i = 0; i < sockets.n; i++)
			shown = shown || sockets.row[i].state == RT_BOUND;
	rt_snapshot_fini(&sockets);
	rt_diag_free(diag);
	return shown;
}

/* In one more network namespace, so that the lesson's has no port taken, not even for a moment. */
static int try_bound(void *ctx)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(8000)};
	int fd, netlink;

	(void)ctx;
	if (unshare(CLONE_NEWNET) < 0)
		return errno;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (fd < 0 || netlink < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0)
		return errno;
	/* The process ends now, and with it all that it opened. */
	return shows_bound(netlink) ? 0 : ENOENT;
}

/* --- from outside ----------------------------------------------------------------------------- */

static int probe_linux(uint32_t version)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return 0;
	return rt_gate_version(uts.release) >= version ? 0 : ENOSYS;
}

int rt_world_probe(const struct rt_stage *stage, const struct rt_gate *gate)
{
	static int (*const try[])(void *ctx) = {
		[RT_GATE_BOUND] = try_bound,
		[RT_GATE_IPV6] = try_ipv6,
		[RT_GATE_PACKET] = try_packet,
		[RT_GATE_SYSCTL] = try_sysctl,
	};
	int sys;

	if (gate->probe == RT_GATE_LINUX)
		return probe_linux(gate->version);
	if (gate->probe == RT_GATE_UIDS)
		return rt_stage_uids(stage) > 1 ? 0 : EPERM;
	sys = rt_stage_inside(stage, try[gate->probe], (void *)gate->arg);
	return sys < 0 ? 0 : sys;
}
