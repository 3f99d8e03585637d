#include "stage/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stage/channel.h"

pid_t rt_namespace_clone(int end, int *pidfd)
{
	/*
	 * No exit signal in the low byte: nobody else in this program can wait for init by mistake.
	 */
	const unsigned long flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_PIDFD;
	pid_t pid;

	*pidfd = -1;
#ifdef __s390__
	pid = (pid_t)syscall(SYS_clone, NULL, flags, pidfd, NULL, 0);
#else
	pid = (pid_t)syscall(SYS_clone, flags, NULL, pidfd, NULL, 0);
#endif
	if (pid == 0)
		rt_init_main(end);
	return pid;
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

/*
 * Whether the one-uid map would make the machine's root the stage's: euid 0, and not in a user
 * namespace that somebody made. The number is PROC_USER_INIT_INO of the kernel's
 * include/linux/proc_ns.h.
 */
static bool is_machine_root(void)
{
	const ino_t first_user_namespace = 0xeffffffd;
	struct stat st;

	return geteuid() == 0 &&
	       (stat("/proc/self/ns/user", &st) < 0 || st.st_ino == first_user_namespace);
}

/* Returns how many uids the stage has, or 0 with errno. */
static unsigned write_maps(pid_t pid)
{
	static const char wide[] = "0 100000 65536";
	char one[32];

	/*
	 * Whether this is allowed cannot be told from geteuid(): root of a user namespace may be
	 * refused.
	 */
	if (write_file(pid, "uid_map", wide) == 0)
		return write_file(pid, "gid_map", wide) == 0 ? 65536 : 0;
	if (is_machine_root()) {
		errno = EPERM;
		return 0;
	}
	/* Without this an ordinary user may not write gid_map: user_namespaces(7). */
	if (write_file(pid, "setgroups", "deny") < 0 && errno != ENOENT)
		return 0;
	snprintf(one, sizeof(one), "0 %u 1", geteuid());
	if (write_file(pid, "uid_map", one) < 0)
		return 0;
	snprintf(one, sizeof(one), "0 %u 1", getegid());
	return write_file(pid, "gid_map", one) == 0 ? 1 : 0;
}

unsigned rt_namespace_raise(pid_t pid, int channel, struct rt_error *err)
{
	unsigned uids = write_maps(pid);
	struct rt_order maps = {.fd = -1, .i = {(int32_t)uids}};

	if (!uids) {
		rt_namespace_refused(RT_STEP_MAP, errno, err);
		return 0;
	}
	/* Where init gave up before, nobody receives this, and the reason stands in the channel. */
	rt_channel_send_order(channel, &maps);
	return uids;
}

int rt_namespace_await(int channel, int *diag, struct rt_error *err)
{
	struct rt_parcel parcel;
	struct rt_reply hello;
	enum rt_step step;

	if (rt_channel_wait_reply(channel, &hello, &parcel) < 0)
		return rt_namespace_refused(RT_STEP_ANSWER, errno, err);
	if (!hello.err && parcel.n_fds == 1) {
		*diag = parcel.fd[0];
		return 0;
	}
	step = hello.ret >= 0 && hello.ret < RT_STEPS ? (enum rt_step)hello.ret : RT_STEP_ANSWER;
	rt_parcel_close(&parcel);
	return rt_namespace_refused(step, hello.err ? hello.err : EPROTO, err);
}
