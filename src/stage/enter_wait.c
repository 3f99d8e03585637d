/* A shell in the stage as a child of this program: what system(3) does, and a terminal shared. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "stage/enter.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* What this process does with signals while the shell has the terminal, and did before. */
struct manners {
	sigset_t mask;
	struct sigaction interrupt, quit, child;
};

static noreturn void be_shell(int init_pid, char *const argv[], int report)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	struct rt_error err;
	sigset_t none;

	for (int signo = 1; signo < NSIG; signo++)
		sigaction(signo, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Linux 5.11. Ours are CLOEXEC in any case; these are what the tutor was started with. */
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	memset(&err, 0, sizeof(err));
	if (rt_enter(init_pid, &err) == 0)
		rt_enter_exec(argv, &err);
	if (write(report, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* Ctrl-C is meant for the shell; its end must be seen; all else waits until it is over. */
static int put_aside(struct manners *manners)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, plain = {.sa_handler = SIG_DFL};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &manners->mask);
	sigaction(SIGINT, &ignore, &manners->interrupt);
	sigaction(SIGQUIT, &ignore, &manners->quit);
	sigaction(SIGCHLD, &plain, &manners->child);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void take_back(const struct manners *manners, int signals)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	if (signals >= 0)
		close(signals);
	/* A Ctrl-C that is still pending, because it is blocked, goes with this. */
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGQUIT, &ignore, NULL);
	sigaction(SIGINT, &manners->interrupt, NULL);
	sigaction(SIGQUIT, &manners->quit, NULL);
	sigaction(SIGCHLD, &manners->child, NULL);
	sigprocmask(SIG_SETMASK, &manners->mask, NULL);
}

/* A shell with job control makes its own process group the terminal's; killed, it leaves it so. */
static void take_terminal(pid_t group)
{
	sigset_t out, before;

	sigemptyset(&out);
	sigaddset(&out, SIGTTOU);
	sigprocmask(SIG_BLOCK, &out, &before);
	if (group > 0 && tcgetpgrp(STDIN_FILENO) != group)
		tcsetpgrp(STDIN_FILENO, group);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/*
 * Waits for the end of pid. SIGTERM and SIGHUP come through here, whatever the caller blocks; they
 * interrupt ppoll() only where somebody catches them, and that somebody hears of them later.
 */
static void wait_for(pid_t pid, int signals, const sigset_t *outside)
{
	struct pollfd pfd = {.fd = signals, .events = POLLIN};
	sigset_t open = *outside;
	struct signalfd_siginfo info;
	int status;

	sigdelset(&open, SIGTERM);
	sigdelset(&open, SIGHUP);
	sigaddset(&open, SIGCHLD);
	for (;;) {
		pid_t got = waitpid(pid, &status, (signals < 0 ? 0 : WNOHANG) | WUNTRACED);

		if (got == pid && !WIFSTOPPED(status))
			return;
		/* There is nobody who could say `fg` to a shell that was suspended. */
		if (got == pid)
			kill(pid, SIGCONT);
		else if (got < 0 && errno != EINTR)
			return;
		if (signals < 0)
			continue;
		if (ppoll(&pfd, 1, NULL, &open) < 0 && errno == EINTR)
			kill(pid, SIGHUP);
		while (read(signals, &info, sizeof(info)) > 0)
			;
	}
}

int rt_shell_in(int init_pid, char *const argv[], struct rt_error *err)
{
	pid_t group = tcgetpgrp(STDIN_FILENO) == getpgrp() ? getpgrp() : 0, pid;
	struct manners manners;
	struct rt_error told;
	int report[2], signals, rc = 0;
	ssize_t len;

	if (pipe2(report, O_CLOEXEC) < 0)
		return rt_error_sys(err, RT_ERR_FAILED, errno, "%s", _("cannot start a shell"));
	signals = put_aside(&manners);
	pid = fork();
	if (pid == 0)
		be_shell(init_pid, argv, report[1]);
	close(report[1]);
	if (pid < 0) {
		rc = rt_error_sys(err, RT_ERR_FAILED, errno, "%s", _("cannot start a shell"));
	} else {
		/* End of file: the program was started. */
		do
			len = read(report[0], &told, sizeof(told));
		while (len < 0 && errno == EINTR);
		wait_for(pid, signals, &manners.mask);
		take_terminal(group);
		if (len == (ssize_t)sizeof(told)) {
			rc = -1;
			if (err)
				*err = told;
		}
	}
	close(report[0]);
	take_back(&manners, signals);
	return rc;
}
