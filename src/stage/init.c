/*
 * The first process of a stage: shuts out all that it inherited from the tutor, then obeys like any
 * other process.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stage/actor.h"
#include "stage/channel.h"
#include "stage/namespace.h"

enum { DESCRIPTORS_MAX = 1024 };

/*
 * The tutor's handlers and mask are for the tutor: a process of the stage dies of SIGTERM as any
 * program does.
 */
static void reset_signals(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int signo = 1; signo < NSIG; signo++)
		sigaction(signo, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	/* The kernel reaps what nobody waits for: sigaction(2). In init that includes orphans. */
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Closes the descriptors from first to last, of which a process can have had limit. */
static void close_from_to(unsigned first, unsigned last, rlim_t limit)
{
	const rlim_t most = 65536;

	/* Linux 5.9; before that, one by one. */
	if (syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (unsigned fd = first; fd <= last && fd < limit && fd < most; fd++)
		close((int)fd);
}

/*
 * Keeps nothing but the channel. A descriptor of the tutor that stayed open here would keep a
 * channel of another stage alive, and that stage after the tutor's death; CLOEXEC does nothing, as
 * nothing is executed.
 */
static int take_files(int end)
{
	struct rlimit files = {DESCRIPTORS_MAX, DESCRIPTORS_MAX}, core = {0, 0}, before;
	int null;

	if (getrlimit(RLIMIT_NOFILE, &before) < 0)
		return errno;
	if (before.rlim_max < files.rlim_max)
		files.rlim_cur = files.rlim_max = before.rlim_max;
	if (files.rlim_max <= RT_CHANNEL_FD)
		return EMFILE;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0 || setrlimit(RLIMIT_CORE, &core) < 0 ||
	    rt_channel_install(end) < 0)
		return errno;
	close_from_to(0, RT_CHANNEL_FD - 1, before.rlim_max);
	close_from_to(RT_CHANNEL_FD + 1, ~0U, before.rlim_max);
	null = open("/dev/null", O_RDWR);
	if (null != 0 || dup(null) != 1 || dup(null) != 2)
		return errno ? errno : EBADF;
	return chdir("/") < 0 ? errno : 0;
}

static int raise_lo(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_MULTICAST};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), sys = 0;

	if (fd < 0)
		return errno;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		sys = errno;
	close(fd);
	return sys;
}

/* Becomes user 0 of the stage, which has uids uids. */
static int take_ids(int32_t uids)
{
	if (uids > 1 && setgroups(0, NULL) < 0)
		return errno;
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return errno;
	/*
	 * A change of uid takes it away; without it nobody but the machine's root can look into
	 * /proc/PID, ss(8) neither.
	 */
	prctl(PR_SET_DUMPABLE, 1);
	/*
	 * Last: a change of uid clears it. Where the tutor died before this line, the channel is at
	 * its end already, and the next look at it ends init.
	 */
	return prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? errno : 0;
}

static void hello(struct rt_reply *reply, enum rt_step step, int sys, int diag)
{
	reply->ret = step;
	reply->err = sys;
	if (rt_channel_send_reply(RT_CHANNEL_FD, reply, &diag, diag < 0 ? 0 : 1) < 0 || sys)
		_exit(1);
	close(diag);
}

noreturn void rt_init_main(int end)
{
	struct rt_order maps;
	struct rt_reply reply;
	int sys, diag;

	memset(&reply, 0, offsetof(struct rt_reply, fd));
	setsid();
	reset_signals();
	prctl(PR_SET_NAME, "rt-init");
	errno = 0;
	sys = take_files(end);
	if (sys) {
		/* The channel has its usual place only where that worked. */
		reply.ret = RT_STEP_FILES;
		reply.err = sys;
		rt_channel_send_reply(rt_channel_is_installed() ? RT_CHANNEL_FD : end, &reply, NULL,
				      0);
		_exit(1);
	}
	/*
	 * Most of the work of a stage, and done here it costs the tutor no time: it has a processor
	 * too.
	 */
	if (unshare(CLONE_NEWNET) < 0)
		hello(&reply, RT_STEP_CLONE, errno, -1);
	sys = raise_lo();
	if (sys)
		hello(&reply, RT_STEP_LO, sys, -1);
	/* Until the tutor has written the maps, this process is nobody. */
	if (rt_channel_recv_order(RT_CHANNEL_FD, &maps) <= 0)
		_exit(1);
	sys = take_ids(maps.i[0]);
	if (sys)
		hello(&reply, RT_STEP_IDS, sys, -1);
	diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	hello(&reply, RT_STEP_DIAG, diag < 0 ? errno : 0, diag);
	rt_actor_raise_crew();
	rt_actor_obey(STDERR_FILENO);
}
