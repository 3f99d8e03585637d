#include "diag/holders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <netinet/in.h>

#include "base/mem.h"

/* One search: the inodes that are looked for, sorted, and which of them were seen. */
struct search {
	struct rt_holders *holders;
	uint32_t *inode;
	bool *seen;
	size_t n, n_seen;
	int proc; /* descriptor of /proc */
	int *large;
	size_t n_large, cap_large;
};

static int compare_inodes(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void take_inodes(struct search *search, const struct rt_snapshot *snapshot)
{
	size_t n = 0;

	search->inode = rt_calloc(snapshot->n + 1, sizeof(*search->inode));
	search->seen = rt_calloc(snapshot->n + 1, sizeof(*search->seen));
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->row[i].inode)
			search->inode[n++] = snapshot->row[i].inode;
	qsort(search->inode, n, sizeof(*search->inode), compare_inodes);
	for (size_t i = 0; i < n; i++)
		if (search->n == 0 || search->inode[i] != search->inode[search->n - 1])
			search->inode[search->n++] = search->inode[i];
}

/* The number of a name that is nothing but one, or -1. */
static int number_of(const char *name)
{
	char *end;
	long value = strtol(name, &end, 10);

	return *name < '0' || *name > '9' || *end ? -1 : (int)value;
}

/* The inode of the socket behind name, a descriptor in folder; 0 where it is none. */
static uint32_t socket_inode(int folder, const char *name)
{
	static const char prefix[] = "socket:[";
	char link[64];
	ssize_t len = readlinkat(folder, name, link, sizeof(link) - 1);

	if (len < (ssize_t)sizeof(prefix) || memcmp(link, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	link[len] = '\0';
	return (uint32_t)strtoul(link + sizeof(prefix) - 1, NULL, 10);
}

static void read_command(int proc, int pid, char command[RT_COMMAND_MAX])
{
	char path[32];
	ssize_t len = 0;
	int fd;

	snprintf(path, sizeof(path), "%d/comm", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, command, RT_COMMAND_MAX - 1);
		close(fd);
	}
	command[len > 0 ? len : 0] = '\0';
	command[strcspn(command, "\n")] = '\0';
}

static void take_descriptor(struct search *search, int pid, int folder, const char *name)
{
	struct rt_holder holder = {.inode = socket_inode(folder, name), .pid = pid};
	uint32_t *found;

	if (!holder.inode)
		return;
	found = bsearch(&holder.inode, search->inode, search->n, sizeof(*search->inode),
			compare_inodes);
	if (!found)
		return;
	if (!search->seen[found - search->inode])
		search->n_seen++;
	search->seen[found - search->inode] = true;
	holder.fd = number_of(name);
	read_command(search->proc, pid, holder.command);
	rt_holders_add(search->holders, &holder);
}

/* Reads descriptors number from up to, not with, number upto. Returns whether there are more. */
static bool read_descriptors(struct search *search, int pid, DIR *dir, size_t from, size_t upto)
{
	struct dirent *entry;
	size_t n = 0;

	while (n < upto && (entry = readdir(dir)) != NULL) {
		if (number_of(entry->d_name) < 0)
			continue;
		if (n++ < from)
			continue;
		if (from && search->n_seen == search->n)
			return true;
		take_descriptor(search, pid, dirfd(dir), entry->d_name);
	}
	return n == upto;
}

static bool read_process(struct search *search, int pid, size_t from, size_t upto)
{
	char path[32];
	bool more = false;
	DIR *dir = NULL;
	int fd;

	snprintf(path, sizeof(path), "%d/fd", pid);
	fd = openat(search->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		dir = fdopendir(fd);
	if (dir) {
		more = read_descriptors(search, pid, dir, from, upto);
		closedir(dir);
	} else if (fd >= 0) {
		close(fd);
	} else if (errno == EACCES || errno == EPERM) {
		search->holders->unreadable++;
	}
	return more;
}

static void read_processes(struct search *search, DIR *proc)
{
	struct dirent *entry;

	while ((entry = readdir(proc)) != NULL) {
		int pid = number_of(entry->d_name);

		if (pid <= 0 || !read_process(search, pid, 0, RT_HOLDERS_FEW))
			continue;
		RT_GROW(search->large, search->n_large, search->cap_large);
		search->large[search->n_large++] = pid;
	}
	for (size_t i = 0; i < search->n_large; i++) {
		if (search->n_seen == search->n ||
		    read_process(search, search->large[i], RT_HOLDERS_FEW, SIZE_MAX))
			search->holders->cut++;
	}
}

void rt_holders_find(const struct rt_snapshot *snapshot, struct rt_holders *holders)
{
	struct search search = {.holders = holders};
	DIR *proc;

	rt_holders_fini(holders);
	take_inodes(&search, snapshot);
	if (search.n == 0)
		goto out; /* records alone: nobody holds them */
	proc = opendir("/proc");
	if (!proc) {
		holders->sys = errno;
		goto out;
	}
	search.proc = dirfd(proc);
	read_processes(&search, proc);
	closedir(proc);
	rt_holders_sort(holders);
out:
	free(search.large);
	free(search.inode);
	free(search.seen);
}

/* --- options ---------------------------------------------------------------------------------- */

static bool is_socket_of(int fd, const struct rt_row *row)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) == 0 && cookie == row->cookie;
}

static int8_t option_of(int fd, int level, int option)
{
	int value = 0;
	socklen_t len = sizeof(value);

	if (getsockopt(fd, level, option, &value, &len) < 0)
		return -1;
	return value != 0;
}

static void take_options(int fd, struct rt_row *row)
{
	row->reuseaddr.value = option_of(fd, SOL_SOCKET, SO_REUSEADDR);
	row->reuseport.value = option_of(fd, SOL_SOCKET, SO_REUSEPORT);
	if (row->reuseaddr.value >= 0)
		row->reuseaddr.source = RT_FROM_PROCESS;
	if (row->reuseport.value >= 0)
		row->reuseport.source = RT_FROM_PROCESS;
	if (row->local.family == AF_INET6 && row->v6only < 0)
		row->v6only = option_of(fd, IPPROTO_IPV6, IPV6_V6ONLY);
}

/* A descriptor of ours for the socket that holder has, or -1. */
static int duplicate(const struct rt_holder *holder)
{
	int pidfd = (int)syscall(SYS_pidfd_open, holder->pid, 0), fd;

	if (pidfd < 0)
		return -1;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, holder->fd, 0); /* CLOEXEC: pidfd_getfd(2) */
	close(pidfd);
	return fd;
}

void rt_holders_options(const struct rt_holders *holders, struct rt_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n; i++) {
		struct rt_row *row = &snapshot->row[i];
		size_t n;
		const struct rt_holder *holder = rt_holders_of(holders, row->inode, &n);

		for (size_t k = 0; k < n && row->reuseaddr.source == RT_FROM_NOWHERE; k++) {
			int fd = duplicate(&holder[k]);

			if (fd < 0)
				continue;
			if (is_socket_of(fd, row))
				take_options(fd, row);
			close(fd);
		}
	}
}
