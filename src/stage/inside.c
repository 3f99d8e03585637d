/*
 * Something tried inside a stage, by a process of its own: no process of the lesson does it, and
 * nothing of it stays.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage/enter.h"
#include "stage/stage.h"

enum { INSIDE_S = 5, CANNOT_ENTER = 255 };

int rt_stage_inside(const struct rt_stage *stage, int (*try)(void *ctx), void *ctx)
{
	int init = rt_stage_pid(stage, RT_STAGE_INIT), status = 0;
	struct sigaction action = {.sa_handler = SIG_DFL};
	struct rt_error ignored;
	pid_t pid = fork();

	if (pid == 0) {
		sigaction(SIGALRM, &action, NULL);
		alarm(INSIDE_S);
		_exit(rt_enter(init, &ignored) < 0 ? CANNOT_ENTER : try(ctx));
	}
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == CANNOT_ENTER)
		return -1;
	return WEXITSTATUS(status);
}
