#include "stage/ids.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/account.h"

enum { UIDS = 65536, TEXT_MAX = 65536 };

/* The file, as far as it fits, with a NUL behind it; NULL where it cannot be read. */
static char *read_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : malloc(TEXT_MAX);
	size_t len = 0;
	ssize_t n = 1;

	while (text && n > 0 && len < TEXT_MAX - 1) {
		n = read(fd, text + len, TEXT_MAX - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	if (text)
		text[len] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static int write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	ssize_t written;
	int fd, sys;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	written = write(fd, text, strlen(text));
	sys = errno;
	close(fd);
	errno = sys;
	return written < 0 ? -1 : 0;
}

/* --- who this is ------------------------------------------------------------------------------ */

bool rt_ids_outside(const char *text, unsigned id, unsigned *outside)
{
	unsigned inside, first, count;

	for (; text && *text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL) {
		if (sscanf(text, "%u %u %u", &inside, &first, &count) != 3)
			continue;
		if (id >= inside && id - inside < count) {
			*outside = first + (id - inside);
			return true;
		}
	}
	return false;
}

/*
 * Whether the one-uid map would make the machine's root the stage's. Root inside of a user
 * namespace that root made (unshare -Ur) is the machine's root as well. The map tells what this uid
 * is in the namespace around this one, which may be a user namespace itself; that the files of
 * /proc/sys belong to this uid tells that it is the machine's root, through any number of them.
 */
static bool is_machine_root(void)
{
	char *map = read_text("/proc/self/uid_map");
	unsigned outside = 0;
	bool known = rt_ids_outside(map, geteuid(), &outside);
	struct stat st;

	free(map);
	if (known && outside != 0)
		return false;
	/* Where neither can be told, root is taken for the machine's. */
	if (stat("/proc/sys/kernel", &st) < 0)
		return geteuid() == 0 || known;
	return st.st_uid == geteuid();
}

/* --- a range of one's own --------------------------------------------------------------------- */

bool rt_ids_range(const char *text, const char *name, unsigned number, unsigned least,
		  unsigned *start)
{
	char who[256], own[16];
	unsigned first, count;

	snprintf(own, sizeof(own), "%u", number);
	for (; text && *text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL) {
		if (sscanf(text, "%255[^:\n]:%u:%u", who, &first, &count) != 3 || count < least)
			continue;
		if ((name && strcmp(who, name) == 0) || strcmp(who, own) == 0) {
			*start = first;
			return true;
		}
	}
	return false;
}

/* The user's ranges. Returns false where one of them is missing. */
static bool find_ranges(unsigned *uids, unsigned *gids)
{
	char *sub[2] = {read_text("/etc/subuid"), NULL};
	const struct passwd *user;
	const char *name;
	bool found = false;

	/* newuidmap(1) looks for itself whose range it is: a wrong name is of no use. */
	if (sub[0] && sub[0][0]) {
		sub[1] = read_text("/etc/subgid");
		user = rt_account(getuid());
		name = user ? user->pw_name : getenv("LOGNAME");
		found = rt_ids_range(sub[0], name, getuid(), UIDS - 1, uids) &&
			rt_ids_range(sub[1], name, getuid(), UIDS - 1, gids);
	}
	free(sub[0]);
	free(sub[1]);
	return found;
}

/* Runs newuidmap or newgidmap for a map of the own id and the range. Returns whether it did it. */
static bool run_tool(const char *tool, pid_t pid, unsigned own, unsigned start)
{
	char text[4][16];
	char *argv[] = {(char *)tool, text[0], "0", text[1], "1", "1", text[2], text[3], NULL};
	posix_spawn_file_actions_t files;
	int status = -1;
	pid_t child;

	snprintf(text[0], sizeof(text[0]), "%d", (int)pid);
	snprintf(text[1], sizeof(text[1]), "%u", own);
	snprintf(text[2], sizeof(text[2]), "%u", start);
	snprintf(text[3], sizeof(text[3]), "%d", UIDS - 1);
	if (posix_spawn_file_actions_init(&files) != 0)
		return false;
	/* What it says of a refusal, doctor says. */
	for (int fd = 0; fd <= 2; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
	if (posix_spawnp(&child, tool, &files, NULL, argv, environ) == 0)
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	posix_spawn_file_actions_destroy(&files);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* --- the maps --------------------------------------------------------------------------------- */

/* The one gid of the user; without setgroups an ordinary user may not write it. */
static int map_one_gid(pid_t pid)
{
	char one[32];

	if (write_file(pid, "setgroups", "deny") < 0 && errno != ENOENT)
		return -1;
	snprintf(one, sizeof(one), "0 %u 1", getegid());
	return write_file(pid, "gid_map", one);
}

static unsigned map_one(pid_t pid, bool with_gid)
{
	char one[32];

	snprintf(one, sizeof(one), "0 %u 1", geteuid());
	if (write_file(pid, "uid_map", one) < 0 || (with_gid && map_one_gid(pid) < 0))
		return 0;
	return 1;
}

unsigned rt_ids_map(pid_t pid, bool tools)
{
	static const char wide[] = "0 100000 65536";
	unsigned uids, gids;

	/*
	 * Whether this is allowed cannot be told from geteuid(): root of a user namespace may be
	 * refused.
	 */
	if (write_file(pid, "uid_map", wide) == 0)
		return write_file(pid, "gid_map", wide) == 0 ? UIDS : 0;
	if (is_machine_root()) {
		errno = EPERM;
		return 0;
	}
	if (!tools || geteuid() == 0 || !find_ranges(&uids, &gids))
		return map_one(pid, true);
	/* The gids first: a stage of several gids and one uid is as good as one with one of each. */
	if (!run_tool("newgidmap", pid, getegid(), gids))
		return map_one(pid, true);
	return run_tool("newuidmap", pid, geteuid(), uids) ? UIDS : map_one(pid, false);
}

/* --- why there is one ------------------------------------------------------------------------- */

static bool is_in_path(const char *tool)
{
	const char *path = getenv("PATH");
	char file[4096];

	while (path && *path) {
		size_t len = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, tool);
		if (access(file, X_OK) == 0)
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

enum rt_ids_lack rt_ids_lack(void)
{
	unsigned uids, gids;

	if (geteuid() == 0)
		return RT_IDS_LACK_ROOT;
	if (!is_in_path("newuidmap") || !is_in_path("newgidmap"))
		return RT_IDS_LACK_TOOL;
	return find_ranges(&uids, &gids) ? RT_IDS_LACK_REFUSED : RT_IDS_LACK_RANGE;
}
