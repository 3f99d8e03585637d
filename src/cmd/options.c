#include "cmd/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/suggest.h"
#include "ui/theme.h"

enum option_code {
	OPT_PLAIN = 256,
	OPT_ASCII,
	OPT_COLOR,
	OPT_AUTO,
	OPT_ANSWERS,
	OPT_JSON,
	OPT_ALL,
	OPT_FORMAT,
	OPT_WAIT,
	OPT_UPDATE,
	OPT_YES,
	OPT_PREDICT,
	OPT_NO_PREDICT,
	OPT_SIZE,
	OPT_VARIANT,
	OPT_PID,
	OPT_THEME,
	OPT_USERS,
	OPT_VERSION
};

static const struct {
	struct option option;
	const char *argument;
	const char *help;
} options_table[] = {
	{{"plain", no_argument, NULL, OPT_PLAIN}, "", N_("plain text, no screen")},
	{{"auto", no_argument, NULL, OPT_AUTO},
	 "",
	 N_("run, review: ask nothing, wait for nothing")},
	{{"answers", required_argument, NULL, OPT_ANSWERS},
	 "=FILE",
	 N_("run, review: answer from a file, a line each")},
	{{"json", no_argument, NULL, OPT_JSON},
	 "",
	 N_("list, pages, progress, check, why, matrix, doctor: JSON")},
	{{"all", no_argument, NULL, OPT_ALL}, "", N_("reset: every lesson")},
	{{"format", required_argument, NULL, OPT_FORMAT},
	 "=FORMAT",
	 N_("check: text, tap, json; matrix: text, md, html, json, csv")},
	{{"users", required_argument, NULL, OPT_USERS},
	 "=1|2",
	 N_("matrix: of how many users the sockets are")},
	{{"wait", no_argument, NULL, OPT_WAIT}, "", N_("check: really wait where a lesson waits")},
	{{"pid", required_argument, NULL, OPT_PID},
	 "=PID",
	 N_("shell: of this tutor, not the newest")},
	{{"no-predict", no_argument, NULL, OPT_NO_PREDICT},
	 "",
	 N_("check: do not ask the rules before each call")},
	{{"predict", no_argument, NULL, OPT_PREDICT},
	 "",
	 N_("check: hold the rules against the kernel (the default)")},
	{{"size", required_argument, NULL, OPT_SIZE},
	 "=80x24",
	 N_("check: find what must be scrolled on such a screen")},
	{{"variant", required_argument, NULL, OPT_VARIANT},
	 "=NUMBER",
	 N_("check: as review asks it, with other ports and addresses")},
	{{"update", no_argument, NULL, OPT_UPDATE},
	 "",
	 N_("check: write what this kernel says into the lesson")},
	{{"yes", no_argument, NULL, OPT_YES}, "", N_("check --update: do not ask")},
	{{"ascii", no_argument, NULL, OPT_ASCII}, "", N_("lines of + - | alone")},
	{{"color", required_argument, NULL, OPT_COLOR},
	 "=auto|never",
	 N_("whether to use colours")},
	{{"theme", required_argument, NULL, OPT_THEME},
	 "=THEME",
	 N_("auto, dark, light, mono, projector")},
	{{"help", no_argument, NULL, 'h'}, "", N_("this text")},
	{{"version", no_argument, NULL, OPT_VERSION}, "", N_("the version")},
};

void rt_options_help(const struct rt_command *commands, size_t n)
{
	char column[64];

	puts(_("Usage: reuse-tutor [OPTION ...] [COMMAND]"));
	puts(_("Teaches what SO_REUSEADDR and SO_REUSEPORT do, on live sockets of your own "
	       "kernel.\n"));
	puts(_("Without a command it shows the list of lessons. The commands are:"));
	for (size_t i = 0; i < n; i++) {
		snprintf(column, sizeof(column), "%s %s", commands[i].name, commands[i].operands);
		printf("  %-26s %s\n", column, _(commands[i].help));
	}
	puts(_("\nOptions:"));
	for (size_t i = 0; i < RT_COUNT(options_table); i++) {
		snprintf(column, sizeof(column), "--%s%s", options_table[i].option.name,
			 options_table[i].argument);
		printf("  %-26s %s\n", column, _(options_table[i].help));
	}
	puts(_("\nNothing here touches the ports of this machine: each lesson runs in a network "
	       "namespace\n"
	       "of its own, without root. `man reuse-tutor` has the rest."));
}

static bool env_set(const char *name)
{
	const char *value = getenv(name);

	return value && value[0];
}

static void defaults(struct rt_options *options)
{
	const char *term = getenv("TERM");
	const char *plain = getenv("REUSE_TUTOR_PLAIN");

	memset(options, 0, sizeof(*options));
	options->plain = (plain && plain[0] && strcmp(plain, "0") != 0) || !isatty(STDOUT_FILENO) ||
			 (term && strcmp(term, "dumb") == 0);
	options->color = !env_set("NO_COLOR");
	options->theme = env_set("REUSE_TUTOR_THEME") ? getenv("REUSE_TUTOR_THEME") : NULL;
}

static int take_color(const char *value, struct rt_options *options, struct rt_error *err)
{
	if (strcmp(value, "never") == 0)
		options->color = false;
	else if (strcmp(value, "auto") != 0)
		goto fail;
	return 0;
fail:
	rt_error_set(err, RT_ERR_USAGE, _("--color takes no \"%.40s\""), value);
	rt_error_fix(err, "%s", _("it takes auto or never"));
	return RT_ERR_USAGE;
}

static int take_theme(const char *value, struct rt_options *options, struct rt_error *err)
{
	const char *name[RT_THEMES];

	options->theme = value;
	if (rt_theme_is(value))
		return 0;
	for (int i = 0; i < RT_THEMES; i++)
		name[i] = rt_theme_word((enum rt_theme)i);
	rt_error_set(err, RT_ERR_USAGE, _("--theme takes no \"%.40s\""), value);
	return rt_usage_suggest(value, name, RT_THEMES,
				_("it takes auto, dark, light, mono or projector"), err);
}

/* Returns 0 or an exit status. */
static int take_option(int code, struct rt_options *options, struct rt_error *err)
{
	switch (code) {
	case OPT_PLAIN:
		options->plain = true;
		return 0;
	case OPT_ASCII:
		options->ascii = true;
		return 0;
	case OPT_COLOR:
		return take_color(optarg, options, err);
	case OPT_THEME:
		return take_theme(optarg, options, err);
	case OPT_AUTO:
		options->automatic = options->plain = true;
		return 0;
	case OPT_ANSWERS:
		options->answers = optarg;
		options->plain = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_ALL:
		options->all = true;
		return 0;
	case OPT_FORMAT:
		options->format = optarg;
		return 0;
	case OPT_PID:
		options->pid = optarg;
		return 0;
	case OPT_USERS:
		options->users = optarg;
		return 0;
	case OPT_WAIT:
		options->real_waits = true;
		return 0;
	case OPT_PREDICT:
		options->no_predict = false;
		return 0;
	case OPT_NO_PREDICT:
		options->no_predict = true;
		return 0;
	case OPT_UPDATE:
		options->update = true;
		return 0;
	case OPT_YES:
		options->yes = true;
		return 0;
	case OPT_SIZE:
		options->size = optarg;
		return 0;
	case OPT_VARIANT:
		options->variant = optarg;
		return 0;
	case 'h':
		options->help = true;
		return 0;
	case OPT_VERSION:
		options->version = true;
		return 0;
	default:
		return RT_ERR_USAGE;
	}
}

static int bad_option(int argc, char **argv, struct rt_error *err)
{
	const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "",
		   *name[RT_COUNT(options_table)];
	char bare[64], dashed[RT_COUNT(options_table)][24];

	for (size_t i = 0; i < RT_COUNT(options_table); i++) {
		snprintf(dashed[i], sizeof(dashed[i]), "--%s", options_table[i].option.name);
		name[i] = dashed[i];
	}
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(word, "="), word);
	rt_error_set(err, RT_ERR_USAGE, _("option %.60s is unknown, or its value is"), word);
	return rt_usage_suggest(bare, name, RT_COUNT(name), _("see reuse-tutor --help"), err);
}

/*
 * How many words of argv are for this program: all, but for the command that `shell` is to run,
 * whose options are its own.
 */
static int count_own(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-')
		i++;
	if (i == argc || strcmp(argv[i], "shell") != 0)
		return argc;
	for (i++; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--pid") == 0 && i + 1 < argc)
			i++;
	return i < argc && argv[i][0] == '-' ? i + 1 : i;
}

int rt_options_parse(int argc, char **argv, struct rt_options *options, int *operand,
		     struct rt_error *err)
{
	struct option longs[RT_COUNT(options_table) + 1] = {{0}};
	int own = count_own(argc, argv), code, status = 0;

	defaults(options);
	for (size_t i = 0; i < RT_COUNT(options_table); i++)
		longs[i] = options_table[i].option;
	opterr = 0;
	while (status == 0 && (code = getopt_long(own, argv, "h", longs, NULL)) != -1)
		status = code == '?' ? bad_option(own, argv, err) : take_option(code, options, err);
	*operand = optind;
	return status;
}

int rt_usage_suggest(const char *word, const char *const *candidate, size_t n,
		     const char *otherwise, struct rt_error *err)
{
	struct rt_suggest suggest;
	char *help;

	rt_suggest_init(&suggest, word, strlen(word));
	for (size_t i = 0; i < n; i++)
		rt_suggest_offer(&suggest, candidate[i]);
	help = rt_suggest_help(&suggest, otherwise);
	rt_error_fix(err, "%s", help);
	free(help);
	return RT_ERR_USAGE;
}
