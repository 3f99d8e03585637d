#include "stage/enter.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

struct spaces {
	int user, net;
};

static void close_spaces(const struct spaces *spaces)
{
	if (spaces->user >= 0)
		close(spaces->user);
	if (spaces->net >= 0)
		close(spaces->net);
}

static int fail(int sys, struct rt_error *err)
{
	return rt_error_sys(err, RT_ERR_STAGE, sys, "%s", _("cannot enter the stage"));
}

static int open_space(int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/*
 * Whether relation (NS_GET_PARENT, NS_GET_USERNS) leads from the namespace fd to the one of `to`. A
 * kernel before 4.9 cannot tell: then it counts as so, and setns(2) decides.
 */
static bool leads_to(int fd, unsigned long relation, int to)
{
	struct stat got = {0}, wanted = {0};
	int found = ioctl(fd, relation);
	bool same;

	if (found < 0)
		return errno == ENOTTY;
	same = fstat(found, &got) == 0 && fstat(to, &wanted) == 0 && got.st_dev == wanted.st_dev &&
	       got.st_ino == wanted.st_ino;
	close(found);
	return same;
}

static bool is_ours(const struct spaces *spaces)
{
	int own = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	uid_t owner;
	bool ours;

	if (own < 0)
		return false;
	/*
	 * The descriptors hold the namespaces: a pid that somebody else gets now changes nothing.
	 */
	ours = leads_to(spaces->user, NS_GET_PARENT, own) &&
	       leads_to(spaces->net, NS_GET_USERNS, spaces->user);
	close(own);
	if (ours && ioctl(spaces->user, NS_GET_OWNER_UID, &owner) == 0)
		ours = owner == geteuid();
	return ours;
}

static int open_spaces(int pid, struct spaces *spaces, struct rt_error *err)
{
	spaces->net = -1;
	spaces->user = open_space(pid, "user");
	if (spaces->user >= 0)
		spaces->net = open_space(pid, "net");
	if (spaces->net < 0)
		fail(errno == ENOENT ? ESRCH : errno, err);
	else if (is_ours(spaces))
		return 0;
	else {
		rt_error_set(err, RT_ERR_STAGE, "%s", _("cannot enter the stage"));
		rt_error_why(err, _("process %d is not the first of a stage of yours"), pid);
	}
	close_spaces(spaces);
	return -1;
}

int rt_enter_check(int init_pid, struct rt_error *err)
{
	struct spaces spaces;

	if (open_spaces(init_pid, &spaces, err) < 0)
		return -1;
	close_spaces(&spaces);
	return 0;
}

/*
 * An ordinary user's own uid is uid 0 there already; in a stage of one uid setgroups(2) is refused. The
 * machine's root is nobody in a stage, but may become its uid 0, which is nobody on the machine.
 */
static int take_ids(void)
{
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return -1;
	return setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0 ? -1 : 0;
}

int rt_enter(int init_pid, struct rt_error *err)
{
	struct spaces spaces;
	int rc = 0;

	if (open_spaces(init_pid, &spaces, err) < 0)
		return -1;
	if (setns(spaces.user, CLONE_NEWUSER) < 0 || setns(spaces.net, CLONE_NEWNET) < 0 ||
	    take_ids() < 0)
		rc = fail(errno, err);
	close_spaces(&spaces);
	return rc;
}

/* Who was root a moment ago may be shut out of where root stood. */
static void stand_somewhere(void)
{
	const char *home = getenv("HOME");

	if (access(".", X_OK) < 0 && chdir("/") < 0)
		return;
	if (home && access(home, X_OK) < 0)
		setenv("HOME", "/", 1);
}

int rt_enter_exec(char *const argv[], struct rt_error *err)
{
	const char *shell = getenv("SHELL");
	const char *name = argv ? argv[0] : "/bin/sh";

	stand_somewhere();
	if (argv) {
		execvp(argv[0], argv);
	} else {
		/* A shell that reads a file of its own at its start sets its own prompt. */
		setenv("PS1", "(stage) $ ", 1);
		if (shell && shell[0] == '/')
			execl(shell, shell, (char *)NULL);
		execl(name, name, (char *)NULL);
	}
	return rt_error_sys(err, RT_ERR_FAILED, errno, _("cannot run %.100s"), name);
}
