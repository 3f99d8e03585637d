/* shell [COMMAND ...]: a shell, or a command, in the stage of a tutor that runs elsewhere. */
#include "cmd/shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/publish.h"
#include "stage/enter.h"

enum { NOT_FOUND = 127, NOT_RUN = 126 }; /* what a shell and env(1) return for such a command */

static void greet(const char *lesson)
{
	if (lesson[0])
		printf(_("You are in the stage of the lesson %s. `ss -tanp` shows its sockets, "
			 "`exit` leaves.\n"),
		       lesson);
	else
		puts(_("You are in the stage. `ss -tanp` shows its sockets, `exit` leaves."));
	fflush(stdout);
}

int rt_shell_of_world(void *world, struct rt_error *err)
{
	struct rt_world *live = world;
	int pid = live ? live->ops->pid(live->self) : 0;

	if (pid <= 0)
		return rt_error_set(err, RT_ERR_STAGE, "%s", _("there is no stage"));
	greet(live->lesson);
	return rt_shell_in(pid, NULL, err);
}

static int no_tutor(const char *wanted, struct rt_error *err)
{
	if (wanted)
		rt_error_set(err, RT_ERR_STAGE, _("no tutor of yours with pid %.20s has a stage"),
			     wanted);
	else
		rt_error_set(err, RT_ERR_STAGE, "%s", _("no tutor of yours has a stage"));
	rt_error_fix(err, "%s",
		     _("open a lesson in another terminal, as the same user, and run its calls"));
	return RT_ERR_STAGE;
}

static void print_choice(const struct rt_published *list, size_t n, size_t chosen)
{
	fprintf(stderr,
		P_("reuse-tutor: %zu tutor has a stage:\n",
		   "reuse-tutor: %zu tutors have a stage:\n", n),
		n);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "  --pid=%d  %s\n", list[i].tutor,
			list[i].lesson[0] ? list[i].lesson : _("(no lesson open)"));
	fprintf(stderr, _("This is the newest, %d.\n"), list[chosen].tutor);
}

/* The newest whose stage can be entered; where none can, the newest, for its reason. */
static size_t newest(const struct rt_published *list, size_t n)
{
	struct rt_error ignored;

	for (size_t i = 0; i < n; i++)
		if (rt_enter_check(list[i].init, &ignored) == 0)
			return i;
	return 0;
}

/* The one that is meant: that of the pid, else the newest. NULL where there is none. */
static const struct rt_published *choose(const struct rt_published *list, size_t n,
					 const char *wanted)
{
	char *end;
	long pid = wanted ? strtol(wanted, &end, 10) : 0;

	if (!wanted) {
		size_t chosen = newest(list, n);

		if (n > 1)
			print_choice(list, n, chosen);
		return n > 0 ? &list[chosen] : NULL;
	}
	for (size_t i = 0; *end == '\0' && i < n; i++)
		if (list[i].tutor == pid)
			return &list[i];
	return NULL;
}

int rt_cmd_shell(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_published *list;
	size_t n = rt_publish_find(&list);
	const struct rt_published *found = choose(list, n, options->pid);
	int status;

	if (!found) {
		free(list);
		return no_tutor(options->pid, err);
	}
	if (rt_enter(found->init, err) < 0) {
		free(list);
		return rt_error_status(err);
	}
	if (argc == 0)
		greet(found->lesson);
	free(list);
	/* argv of main() ends with NULL, and so does the rest of it. */
	rt_enter_exec(argc > 0 ? argv : NULL, err);
	status = err->sys == ENOENT ? NOT_FOUND : NOT_RUN;
	return status;
}
