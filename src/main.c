/*
 * reuse-tutor - teaches what SO_REUSEADDR and SO_REUSEPORT do, on live sockets
 *
 *	main.c		the commands and the options; the only place that ends the program
 *	cmd/		one file a command: reads its operands, wires the parts, returns the status
 *	ui/		the screen: a canvas of cells, layout, views, keys; term_curses.c alone
 *			knows curses
 *	report/		what a run looks like elsewhere: plain text, TAP, JSON; the answer of why
 *	lesson/		the lesson file and its parser; the engine that runs its script; what the
 *			rules foresee of its calls, and why; the session of one learner; a draft of
 *			lines that are typed; pages such as the glossary
 *	rules/		what the kernel answers to bind, listen and connect, and by which clause
 *	stage/		the namespaces and the processes in them; the calls of model/call.def, run_*.c
 *	diag/		the kernel's socket tables over sock_diag; who holds a socket
 *	store/		what lasts: progress, and what comes back in review, in one file that is
 *			locked, merged and replaced whole; settings
 *	model/		values: address, call, socket row, snapshot, who holds which socket
 *	base/		errors, strings, UTF-8, the language, clock, the poll() loop, who a user is
 *
 * A folder includes only what stands below it here; tests/layers.sh holds the table.
 *
 *	reuse-tutor, in your terminal                  the stage: user + net + pid namespace
 *	+------------------------------------+         +------------------------------+
 *	| ui <- session <- engine <- lesson  |         | init (pid 1): starts, reaps  |
 *	|                   ^   ^            |<------->|  +- server   real process    |
 *	|          sock_diag fd  '-----------|<------->|  +- client   real process    |
 *	+-------------^----------------------+SEQPACKET+------------------------------+
 *	              '----- a netlink socket opened inside the stage and passed out
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "config.h"

static const struct rt_command commands[] = {
	{"run", rt_cmd_run, "LESSON[:STEP]", N_("take a lesson, from a step if you like")},
	{"list", rt_cmd_list, "", N_("name the lessons")},
	{"play", rt_cmd_play, "[LESSON|FILE]", N_("calls of your own: type them, see what comes")},
	{"review", rt_cmd_review, "", N_("ask again what you did not know")},
#include "cmd/page_rows.h"
	{"progress", rt_cmd_progress, "", N_("how far you are in each lesson")},
	{"reset", rt_cmd_reset, "LESSON|--all", N_("forget how far you are, to begin again")},
	{"check", rt_cmd_check, "[LESSON|PAGE|FILE ...]", N_("hold lessons against this kernel")},
	{"new", rt_cmd_new, "LESSON", N_("begin a lesson of your own: LESSON.md, here")},
	{"why", rt_cmd_why, "[PROTO:][ADDR:]PORT",
	 N_("may this port be bound here, and who is in the way")},
	{"matrix", rt_cmd_matrix, "[tcp|udp] [ADDR]...",
	 N_("two sockets, one port: each pair of options")},
	{"shell", rt_cmd_shell, "[COMMAND ...]", N_("a shell in the stage of the tutor that runs")},
	{"doctor", rt_cmd_doctor, "", N_("what this machine can do, and how to mend the rest")},
};

static int run_command(int argc, char **argv, const struct rt_options *options,
		       struct rt_error *err)
{
	const char *name[RT_COUNT(commands)];

	if (argc == 0) {
		rt_i18n_begin();
		return rt_cmd_contents(0, argv, options, err);
	}
	for (size_t i = 0; i < RT_COUNT(commands); i++) {
		name[i] = commands[i].name;
		if (strcmp(name[i], argv[0]) != 0)
			continue;
		/* That one has a stage begin to rise first. */
		if (commands[i].run != rt_cmd_run)
			rt_i18n_begin();
		return commands[i].run(argc - 1, argv + 1, options, err);
	}
	rt_error_set(err, RT_ERR_USAGE, _("no command \"%.60s\""), argv[0]);
	if (strcmp(argv[0], "help") == 0) {
		rt_error_fix(err, "%s", _("see reuse-tutor --help, or man reuse-tutor"));
		return RT_ERR_USAGE;
	}
	return rt_usage_suggest(argv[0], name, RT_COUNT(name), _("see reuse-tutor --help"), err);
}

/*
 * Where one of the first three is closed, the next file that is opened would take its place, and be
 * written to. Reading finds an end then, and writing is refused.
 */
static void fill_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			_exit(RT_ERR_FAILED);
}

int main(int argc, char **argv)
{
	struct rt_options options;
	struct rt_error err = {0};
	char text[1280];
	int operand = 1, status;

	/* A process of the stage that exec() turned into this program: it never comes back. */
	status = rt_cmd_stage_process(argc, argv);
	if (status >= 0)
		return status;
	rt_mem_begin();
	rt_i18n_set(PACKAGE, LOCALEDIR);
	fill_descriptors();
	status = rt_options_parse(argc, argv, &options, &operand, &err);
	if (status == 0 && options.help)
		rt_options_help(commands, RT_COUNT(commands));
	else if (status == 0 && options.version)
		puts(PACKAGE_STRING);
	else if (status == 0)
		status = run_command(argc - operand, argv + operand, &options, &err);
	if (status != 0 && err.kind != RT_ERR_NONE)
		fprintf(stderr, "reuse-tutor: %s\n", rt_error_format(&err, text, sizeof(text)));
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
		fprintf(stderr, "reuse-tutor: %s\n", _("cannot write to standard output"));
		return RT_ERR_FAILED;
	}
	return status;
}
