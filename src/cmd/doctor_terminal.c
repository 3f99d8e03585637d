/* The locale and the terminal, and how wide the terminal draws what frames are made of. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/doctor.h"
#include "ui/term.h"

enum { ANSWER_MS = 200, REPORT_MAX = 64, WIDTH_LEAST = 40, HEIGHT_LEAST = 12 };

/* --- locale ----------------------------------------------------------------------------------- */

static const char *wanted_locale(void)
{
	static const char *const name[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		const char *value = getenv(name[i]);

		if (value && value[0])
			return value;
	}
	return "";
}

static void find_locale(struct rt_findings *findings)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "locale", N_("UTF-8"), _("frames of lines"));
	const char *wanted = wanted_locale(), *got = setlocale(LC_CTYPE, NULL);

	rt_str_addf(&finding->found, "%s, %s", got ? got : "C", nl_langinfo(CODESET));
	if (rt_i18n_is_utf8())
		return;
	finding->presence = RT_ABSENT;
	if (strcmp(wanted, "") != 0 && strcmp(wanted, "C") != 0 && strcmp(wanted, "POSIX") != 0)
		rt_str_addf(&finding->fix,
			    _("try: export LC_ALL=C.UTF-8; the locale %.60s may not be installed"),
			    wanted);
	else
		rt_str_add(&finding->fix, _("try: export LC_ALL=C.UTF-8"));
}

/* --- terminal --------------------------------------------------------------------------------- */

static bool at_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void find_kind(struct rt_findings *findings)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "terminal", N_("terminal"), _("the screen"));
	const char *name = getenv("TERM");
	struct rt_term_facts facts;

	if (!at_terminal()) {
		finding->presence = RT_ABSENT;
		rt_str_add(&finding->found, _("standard input and output are no terminal"));
		rt_str_add(&finding->fix, _("run --plain needs none"));
	} else if (!name || !name[0]) {
		finding->presence = RT_ABSENT;
		rt_str_add(&finding->found, _("TERM is not set"));
		rt_str_add(&finding->fix, _("try: export TERM=xterm-256color, or run --plain"));
	} else {
		rt_term_look(name, &facts);
		rt_str_addf(&finding->found, "%.60s", name);
		if (!facts.known || !facts.moves) {
			finding->presence = RT_ABSENT;
			rt_str_addf(&finding->found, ": %s",
				    facts.known ? _("it cannot move the cursor")
						: _("terminfo does not know it"));
			rt_str_add(&finding->fix,
				   _("try: export TERM=xterm-256color (package ncurses-term has "
				     "more), or run --plain"));
		}
	}
}

static void find_size(struct rt_findings *findings)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "size", N_("size of the terminal"), _("the screen"));
	struct winsize size = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col || !size.ws_row) {
		finding->presence = RT_UNKNOWN;
		return;
	}
	rt_str_addf(&finding->found, "%ux%u", size.ws_col, size.ws_row);
	if (size.ws_col >= WIDTH_LEAST && size.ws_row >= HEIGHT_LEAST)
		return;
	finding->presence = RT_ABSENT;
	rt_str_addf(&finding->fix, _("needs %dx%d, better 80x24; or run --plain"), WIDTH_LEAST,
		    HEIGHT_LEAST);
}

static void find_colors(struct rt_findings *findings)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "colors", N_("colours"), _("the screen"));
	const char *name = getenv("TERM"), *no_color = getenv("NO_COLOR");
	struct rt_term_facts facts = {0};

	if (name && name[0])
		rt_term_look(name, &facts);
	if (no_color && no_color[0])
		rt_str_add(&finding->found, _("NO_COLOR is set"));
	else
		rt_str_addf(&finding->found, "%d", facts.colors > 0 ? facts.colors : 0);
	if (!facts.known)
		finding->presence = RT_UNKNOWN;
	else if (facts.colors < 8 || (no_color && no_color[0]))
		finding->presence = RT_ABSENT;
}

/* --- the width of ambiguous characters -------------------------------------------------------- */

int rt_doctor_report_column(const char *text, size_t len)
{
	size_t at = len;
	int column = 0, scale = 1;

	if (len == 0 || text[--at] != 'R')
		return 0;
	for (; at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9' && scale <= 10000; scale *= 10)
		column += (text[--at] - '0') * scale;
	if (scale == 1 || at == 0 || text[--at] != ';')
		return 0;
	for (scale = 0; at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9'; scale++)
		at--;
	if (scale == 0 || at < 2 || text[at - 1] != '[' || text[at - 2] != '\033')
		return 0;
	return column;
}

/* Reads to the R of the report, so that what was typed behind it stays. 0: no report in time. */
static int read_column(void)
{
	int64_t end_ms = rt_now_ms() + ANSWER_MS, left_ms;
	struct pollfd pfd = {.fd = STDIN_FILENO, .events = POLLIN};
	char text[REPORT_MAX];
	size_t len = 0;

	while (len < sizeof(text) && (left_ms = end_ms - rt_now_ms()) > 0) {
		int column;

		if (poll(&pfd, 1, (int)left_ms) <= 0 || read(STDIN_FILENO, &text[len], 1) != 1)
			break;
		column = rt_doctor_report_column(text, ++len);
		if (column > 0)
			return column;
	}
	return 0;
}

static void put_bytes(const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/*
 * Draws one character of a frame at the left edge and asks where the cursor is now: 1 or 2, 0 where
 * the terminal does not say. No signal gets in between, so the modes are given back in any case.
 */
static int measure_ambiguous(void)
{
	struct termios before, raw;
	sigset_t all, mask;
	int column = 0;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask);
	/* From the background the terminal's modes are not ours to change. */
	if (tcgetpgrp(STDIN_FILENO) == getpgrp() && tcgetattr(STDIN_FILENO, &before) == 0) {
		raw = before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 0;
		raw.c_cc[VTIME] = 0;
		if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0) {
			put_bytes("\r\u2500\033[6n");
			column = read_column();
			put_bytes("\r  \r");
			tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
		}
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return column - 1;
}

static void find_ambiguous(struct rt_findings *findings)
{
	struct rt_finding *finding = rt_findings_add(findings, "ambiguous-width",
						     N_("narrow frames"), _("frames of lines"));
	const char *name = getenv("TERM");
	struct rt_term_facts facts = {0};
	int width = 0;

	if (name && name[0])
		rt_term_look(name, &facts);
	if (at_terminal() && facts.moves && rt_i18n_is_utf8())
		width = measure_ambiguous();
	if (width != 1 && width != 2) {
		finding->presence = RT_UNKNOWN;
		rt_str_add(&finding->found, _("the terminal was not asked, or does not answer"));
		return;
	}
	rt_str_addf(&finding->found,
		    P_("ambiguous characters take %d column",
		       "ambiguous characters take %d columns", width),
		    width);
	if (width == 1)
		return;
	finding->presence = RT_ABSENT;
	rt_str_add(&finding->fix,
		   _("try: --ascii, or let the terminal draw ambiguous characters narrow"));
}

void rt_doctor_terminal(struct rt_findings *findings)
{
	find_locale(findings);
	find_kind(findings);
	find_size(findings);
	find_colors(findings);
	find_ambiguous(findings);
}
