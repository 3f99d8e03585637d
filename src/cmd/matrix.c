/* matrix [tcp|udp] [FIRST [SECOND]]: each pair of options, really run, on the screen or as a table. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/run.h"
#include "lesson/catalog.h"
#include "lesson/matrix.h"
#include "report/matrix.h"

static int refuse(struct rt_error *err, const char *word)
{
	rt_error_set(err, RT_ERR_USAGE, _("matrix cannot take \"%.60s\""), word);
	rt_error_fix(err, "%s",
		     _("it takes tcp or udp, and up to two addresses without a port, as 0.0.0.0 "
		       "127.0.0.1 or [::] [::1]"));
	return RT_ERR_USAGE;
}

/* An address without a port; an IPv6 address with or without its brackets. */
static int take_addr(const char *word, struct rt_addr *addr)
{
	char text[RT_ADDR_TEXT];
	bool has_port = false;

	snprintf(text, sizeof(text), word[0] != '[' && strchr(word, ':') ? "[%s]" : "%s", word);
	if (strlen(text) < strlen(word) || rt_addr_parse(text, strlen(text), addr, &has_port) < 0 ||
	    has_port)
		return -1;
	addr->port = RT_MATRIX_PORT;
	return 0;
}

static int take_users(const char *users, struct rt_matrix_setup *setup, struct rt_error *err)
{
	if (!users || strcmp(users, "1") == 0)
		return 0;
	if (strcmp(users, "2") == 0) {
		setup->two_users = true;
		return 0;
	}
	rt_error_set(err, RT_ERR_USAGE, _("--users takes no \"%.40s\""), users);
	rt_error_fix(err, "%s", _("it takes 1 or 2"));
	return RT_ERR_USAGE;
}

static int read_setup(int argc, char **argv, const struct rt_options *options,
		      struct rt_matrix_setup *setup, struct rt_error *err)
{
	int n_addrs = 0, status = take_users(options->users, setup, err);

	for (int i = 0; i < argc && status == 0; i++) {
		if (strcmp(argv[i], "tcp") == 0)
			setup->proto = RT_TCP;
		else if (strcmp(argv[i], "udp") == 0)
			setup->proto = RT_UDP;
		else if (n_addrs == 2 ||
			 take_addr(argv[i], n_addrs ? &setup->second : &setup->first) < 0)
			return refuse(err, argv[i]);
		else
			n_addrs++;
	}
	if (n_addrs == 1)
		setup->second = setup->first;
	return status ? status : rt_matrix_setup_check(setup, err);
}

/* On the terminal, where the table does not go. */
static void show_progress(const struct rt_matrix *matrix)
{
	static const char clear[] = "\r\033[K";
	struct rt_matrix_tally tally = rt_matrix_tally(matrix);

	if (!isatty(STDERR_FILENO) || isatty(STDOUT_FILENO))
		return;
	if (tally.done < tally.cells)
		fprintf(stderr, _("\r%zu of %zu cells"), tally.done, tally.cells);
	else
		fputs(clear, stderr);
}

/* Fills all cells. Returns 0, or the exit status with err where there is no stage. */
static int fill(struct rt_matrix *matrix, struct rt_loop *loop, struct rt_world *world,
		struct rt_error *err)
{
	enum rt_matrix_state state;

	rt_matrix_begin(matrix, world);
	while ((state = rt_matrix_pump(matrix)) == RT_MATRIX_BUSY) {
		show_progress(matrix);
		rt_loop_once(loop, rt_matrix_timeout_ms(matrix));
	}
	show_progress(matrix);
	if (state == RT_MATRIX_DONE)
		return 0;
	*err = *rt_matrix_error(matrix);
	return rt_error_status(err);
}

static int print(const struct rt_matrix_setup *setup, const struct rt_matrix_report *report,
		 struct rt_error *err)
{
	struct rt_loop *loop = rt_loop_new();
	struct rt_world *world = rt_world_live_new(loop);
	struct rt_matrix *matrix = rt_matrix_new(setup);
	struct utsname uts = {0};
	int status = fill(matrix, loop, world, err);

	uname(&uts);
	if (status == 0) {
		report->write(stdout, matrix, uts.release);
		status = rt_matrix_tally(matrix).differ ? RT_ERR_FAILED : 0;
	}
	rt_matrix_free(matrix);
	rt_world_free(world);
	rt_loop_free(loop);
	return status;
}

static int show(const struct rt_matrix_setup *setup, const struct rt_options *options,
		struct rt_error *err)
{
	struct rt_ui_options ui = {.matrix = setup};
	struct rt_catalog *catalog = rt_catalog_new(err);
	int status;

	if (!catalog)
		return rt_error_status(err);
	status = rt_run_screen(catalog, ui, options, err);
	rt_catalog_free(catalog);
	return status;
}

int rt_cmd_matrix(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	const char *format = options->format ? options->format : options->json ? "json" : "text";
	const struct rt_matrix_report *report = rt_matrix_report_find(format);
	struct rt_matrix_setup setup;
	int status;

	rt_matrix_setup_init(&setup);
	status = read_setup(argc, argv, options, &setup, err);
	if (status)
		return status;
	if (!report) {
		rt_error_set(err, RT_ERR_USAGE, _("no format \"%.40s\""), format);
		rt_error_fix(err, "%s", _("matrix --format takes text, md, html, json or csv"));
		return RT_ERR_USAGE;
	}
	if (options->plain || options->format || options->json)
		return print(&setup, report, err);
	return show(&setup, options, err);
}
