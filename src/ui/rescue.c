#include "ui/rescue.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"

enum { RESCUE_TEXT = 128, RESCUE_STACK = 16384 };

/* Those of <signal.h> and the realtime ones that end a program that does nothing about them. */
static bool is_fatal(int signo)
{
	switch (signo) {
	case SIGHUP:
	case SIGINT:
	case SIGTERM: /* the loop has these three */
	case SIGKILL:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGCONT:
	case SIGCHLD:
	case SIGURG:
	case SIGWINCH:
		return false;
	default:
		return signo <= SIGSYS || signo >= SIGRTMIN;
	}
}

/*
 * What a signal handler needs to give the terminal back: it gets no argument, and may neither
 * allocate nor call curses. Written before `armed` is set, read only while it is.
 */
static struct {
	volatile sig_atomic_t armed;
	struct termios before;
	char text[RESCUE_TEXT]; /* leaves the alternate screen, shows the cursor, ends colours */
	size_t len;
	struct sigaction was[NSIG];
	char stack[RESCUE_STACK]; /* of its own: the other one may be what ran out */
} rescue;

/* Only calls that signal-safety(7) lists. */
static void on_fatal(int signo)
{
	if (rescue.armed) {
		ssize_t ignored = write(STDOUT_FILENO, rescue.text, rescue.len);

		(void)ignored;
		tcsetattr(STDIN_FILENO, TCSANOW, &rescue.before);
		rescue.armed = 0;
	}
	sigaction(signo, &rescue.was[signo], NULL);
	raise(signo);
}

static void add_capability(const char *capability)
{
	size_t len = capability ? strlen(capability) : 0;

	/* Padding such as $<5> is for terminals of long ago. */
	if (len == 0 || strchr(capability, '$') || rescue.len + len > RESCUE_TEXT)
		return;
	memcpy(rescue.text + rescue.len, capability, len);
	rescue.len += len;
}

int rt_rescue_look(void)
{
	return tcgetattr(STDIN_FILENO, &rescue.before);
}

void rt_rescue_arm(const char *const *capability, size_t n)
{
	struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
	stack_t stack = {.ss_sp = rescue.stack, .ss_size = RESCUE_STACK};

	rescue.len = 0;
	for (size_t i = 0; i < n; i++)
		add_capability(capability[i]);
	sigaltstack(&stack, NULL);
	rescue.armed = 1;
	for (int signo = 1; signo < NSIG; signo++) {
		struct sigaction *was = &rescue.was[signo];

		/* What whoever started the program has it ignore stays so. */
		if (is_fatal(signo) && sigaction(signo, &action, was) == 0 &&
		    was->sa_handler == SIG_IGN)
			sigaction(signo, was, NULL);
	}
}

void rt_rescue_disarm(void)
{
	stack_t stack = {.ss_flags = SS_DISABLE};

	for (int signo = 1; signo < NSIG; signo++)
		if (is_fatal(signo))
			sigaction(signo, &rescue.was[signo], NULL);
	rescue.armed = 0;
	sigaltstack(&stack, NULL);
}
