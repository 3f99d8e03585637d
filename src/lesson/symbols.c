/*
 * Symbolic constants and socket options in a line of script, and what each kind of argument is
 * called in a sentence.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "lesson/args.h"
#include "lesson/suggest.h"

static const char *const phrases[RT_ARG_KINDS] = {
	[RT_ARG_FD] = N_("the name of a descriptor"),
	[RT_ARG_ADDRESS] = N_("an address"),
	[RT_ARG_INT] = N_("a number"),
	[RT_ARG_DATA] = N_("bytes in double quotes"),
	[RT_ARG_FAMILY] = N_("an address family"),
	[RT_ARG_TYPE] = N_("a socket type"),
	[RT_ARG_OPTION] = N_("a socket option"),
	[RT_ARG_VALUE] = N_("a value for the option"),
	[RT_ARG_FLAGS] = N_("flags"),
	[RT_ARG_HOW] = N_("what to shut down"),
	[RT_ARG_COMMAND] = N_("a command of fcntl"),
	[RT_ARG_FDFLAGS] = N_("flags of a descriptor"),
	[RT_ARG_PROCESS] = N_("the name of a process"),
	[RT_ARG_SIGNAL] = N_("a signal"),
	[RT_ARG_SYSCTL] = N_("the name of a sysctl"),
	[RT_ARG_TEXT] = N_("a value"),
	[RT_ARG_ROW] = N_("a row of the socket table"),
	[RT_ARG_NO] = N_("the word no"),
	[RT_ARG_FORGERY] = N_("what to send"),
};

const char *rt_arg_phrase(enum rt_arg_kind kind)
{
	return _(phrases[kind]);
}

/* --- constants -------------------------------------------------------------------------------- */

static int fail_constant(struct rt_lex *lex, struct rt_word word, enum rt_arg_kind kind)
{
	size_t n;
	const struct rt_constant *all = rt_constants(&n);
	struct rt_suggest suggest;
	struct rt_str names = {0};
	char *help;

	rt_suggest_init(&suggest, word.s, word.len);
	for (size_t i = 0; i < n; i++) {
		if (all[i].kind != kind)
			continue;
		rt_suggest_offer(&suggest, all[i].name);
		rt_str_addf(&names, "%s%s", names.len ? ", " : _("there are "), all[i].name);
	}
	help = rt_suggest_help(&suggest, rt_str_text(&names));
	rt_lex_expected(lex, word.at, rt_arg_phrase(kind), help);
	free(help);
	rt_str_fini(&names);
	return -1;
}

static const struct rt_constant *find_constant(struct rt_word word, enum rt_arg_kind kind)
{
	size_t n;
	const struct rt_constant *all = rt_constants(&n);

	for (size_t i = 0; i < n; i++)
		if (all[i].kind == kind && rt_word_is(word, all[i].name))
			return &all[i];
	return NULL;
}

/*
 * Names joined by |: those that combine, and at most one that does not; a type must have that one.
 */
int rt_constants_parse(struct rt_lex *lex, enum rt_arg_kind kind, struct rt_arg *arg)
{
	bool numbers = kind == RT_ARG_FDFLAGS || kind == RT_ARG_FLAGS, alone = false;
	char first = rt_lex_peek(lex);
	size_t from = lex->at;

	if (numbers && first >= '0' && first <= '9')
		return rt_lex_number(lex, 0, kind == RT_ARG_FLAGS ? 0 : INT32_MAX, &arg->number);
	do {
		struct rt_word word = rt_lex_word(lex);
		const struct rt_constant *constant = find_constant(word, kind);

		if (!constant)
			return fail_constant(lex, word, kind);
		if (!constant->combines && alone)
			return rt_lex_fail(lex, word.at, "",
					   _("%s cannot be joined to the one before it"),
					   constant->name);
		alone = alone || !constant->combines;
		arg->number |= constant->value;
	} while (rt_lex_take(lex, '|'));
	if (kind == RT_ARG_TYPE && !alone)
		return rt_lex_fail(lex, from, _("as in SOCK_STREAM|SOCK_NONBLOCK"),
				   _("SOCK_STREAM or SOCK_DGRAM is missing"));
	return 0;
}

int rt_option_parse(struct rt_lex *lex, struct rt_arg *arg)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);
	struct rt_word word = rt_lex_word(lex);
	struct rt_suggest suggest;
	char *help;

	rt_suggest_init(&suggest, word.s, word.len);
	for (size_t i = 0; i < n; i++) {
		if (rt_word_is(word, all[i].name)) {
			arg->number = (int64_t)i;
			return 0;
		}
		rt_suggest_offer(&suggest, all[i].name);
	}
	help = rt_suggest_help(
		&suggest,
		_("as in SO_REUSEADDR or SO_REUSEPORT; reuse-tutor-lesson(5) lists them"));
	rt_lex_expected(lex, word.at, rt_arg_phrase(RT_ARG_OPTION), help);
	free(help);
	return -1;
}
