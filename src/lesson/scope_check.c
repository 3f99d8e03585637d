/* Whether the names that a line uses are there, and those that it gives are free. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/scope_private.h"
#include "lesson/suggest.h"

/* A live process that has an open descriptor of that name, or NULL. */
static const struct rt_scope_actor *holder(const struct rt_scope *scope, struct rt_word word)
{
	for (size_t i = 0; i < scope->n_actors; i++) {
		const struct rt_scope_fd *fd = rt_scope_fd(&scope->actor[i], word);

		if (fd && fd->open && !scope->actor[i].ended)
			return &scope->actor[i];
	}
	return NULL;
}

static int fail_ended(struct rt_lex *lex, size_t at, const struct rt_scope_actor *actor)
{
	const char *help = _("give the new process another name");

	if (actor->line)
		return rt_lex_fail(lex, at, help, _("%s ended in line %d"), actor->name,
				   actor->line);
	return rt_lex_fail(lex, at, help, _("%s has ended"), actor->name);
}

int rt_scope_check_actor(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word word)
{
	const struct rt_scope_actor *actor = rt_scope_actor(scope, word);

	if (actor)
		return actor->ended ? fail_ended(lex, word.at, actor) : 0;
	if (scope->n_actors == RT_SCOPE_ACTORS_MAX)
		return rt_lex_fail(lex, word.at, "", _("a stage has at most %d processes"),
				   RT_SCOPE_ACTORS_MAX);
	return 0;
}

/* A name that process actor does not have: it may be mistyped, another's, or the process may be. */
static int fail_no_fd(struct rt_lex *lex, const struct rt_scope *scope,
		      const struct rt_scope_actor *actor, const char *name, struct rt_word word)
{
	const struct rt_scope_actor *other = holder(scope, word);
	struct rt_suggest suggest;
	struct rt_str help = {0};
	char *text;

	rt_suggest_init(&suggest, word.s, word.len);
	for (size_t i = 0; actor && i < actor->n_fds; i++)
		if (actor->fd[i].open)
			rt_suggest_offer(&suggest, actor->fd[i].name);
	if (other && actor)
		rt_str_addf(&help, _("it belongs to %s; a line uses the names of its own process"),
			    other->name);
	else if (other)
		rt_str_addf(&help, _("%s is a new process; did you mean \"%s\", which has it?"),
			    name, other->name);
	else
		rt_str_add(&help, _("a descriptor gets its name from socket or accept: s = "
				    "socket(AF_INET, SOCK_STREAM)"));
	text = rt_suggest_help(&suggest, rt_str_text(&help));
	rt_lex_fail(lex, word.at, text, _("%s has no descriptor \"%.*s\""), name, (int)word.len,
		    word.s);
	free(text);
	rt_str_fini(&help);
	return -1;
}

int rt_scope_check_fd(struct rt_lex *lex, const struct rt_scope *scope, const char *name,
		      struct rt_word word)
{
	const struct rt_scope_actor *actor = rt_scope_actor(scope, rt_scope_word(name));
	const struct rt_scope_fd *fd = rt_scope_fd(actor, word);

	if (fd && fd->open)
		return 0;
	if (fd && fd->line)
		return rt_lex_fail(lex, word.at, "", _("%s was closed in line %d"), fd->name,
				   fd->line);
	if (fd)
		return rt_lex_fail(lex, word.at, "", _("%s is closed"), fd->name);
	return fail_no_fd(lex, scope, actor, name, word);
}

static int fail_not_several(struct rt_lex *lex, struct rt_word word, const struct rt_scope_fd *fd)
{
	return rt_lex_fail(lex, word.at, _("leave out the number"),
			   _("%s stands for one descriptor"), fd->name);
}

int rt_scope_check_member(struct rt_lex *lex, const struct rt_scope *scope,
			  const struct rt_call *call, struct rt_word word, int64_t *index)
{
	const struct rt_scope_fd *fd =
		rt_scope_fd(rt_scope_actor(scope, rt_scope_word(call->actor)), word);
	struct rt_str help = {0};
	int result;

	if (!fd || !fd->members)
		return fd && *index ? fail_not_several(lex, word, fd) : 0;
	if (*index == 0 && call->repeat)
		*index = 1;
	if (*index)
		return rt_members_check(lex, word, fd->members, call, *index);
	rt_str_addf(&help, _("as in %s[1]; or make a call with each: %d x ..."), fd->name,
		    fd->members->n);
	result = rt_lex_fail(lex, word.at, rt_str_text(&help),
			     _("%s stands for %d descriptors: which one?"), fd->name,
			     fd->members->n);
	rt_str_fini(&help);
	return result;
}

int rt_scope_check_address(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word word)
{
	struct rt_suggest suggest;
	char *help;

	if (rt_scope_has_address(scope, word))
		return 0;
	rt_suggest_init(&suggest, word.s, word.len);
	for (size_t i = 0; i < scope->n_addresses; i++)
		rt_suggest_offer(&suggest, scope->address[i]);
	help = rt_suggest_help(&suggest, _("addresses look like 127.0.0.1:8002 or [::1]:8002; "
					   "a = getsockname(s) gives one the name a"));
	rt_lex_expected(lex, word.at, _("an address"), help);
	free(help);
	return -1;
}

int rt_scope_check_process(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word word,
			   bool ended_too)
{
	const struct rt_scope_actor *actor = rt_scope_actor(scope, word);
	struct rt_suggest suggest;
	char *help;

	if (actor)
		return actor->ended && !ended_too ? fail_ended(lex, word.at, actor) : 0;
	rt_suggest_init(&suggest, word.s, word.len);
	for (size_t i = 0; i < scope->n_actors; i++)
		rt_suggest_offer(&suggest, scope->actor[i].name);
	help = rt_suggest_help(&suggest, _("a process is known from its first line on"));
	rt_lex_expected(lex, word.at, _("the name of a process"), help);
	free(help);
	return -1;
}

/* Of one process: how many are open. */
static int count_open(const struct rt_scope_actor *actor)
{
	int n = 0;

	for (size_t i = 0; actor && i < actor->n_fds; i++)
		if (actor->fd[i].open)
			n += actor->fd[i].members ? actor->fd[i].members->open : 1;
	return n;
}

int rt_scope_check_new_fd(struct rt_lex *lex, const struct rt_scope *scope, const char *name,
			  struct rt_word word, int repeat)
{
	const struct rt_scope_actor *actor = rt_scope_actor(scope, rt_scope_word(name));
	int n = repeat ? repeat : 1;
	const struct rt_scope_fd *fd = rt_scope_fd(actor, word);
	const char *help = _("close it first, or choose another name");

	if (fd && fd->open && fd->line)
		return rt_lex_fail(lex, word.at, help,
				   _("%s has an open descriptor \"%s\" already, of line %d"), name,
				   fd->name, fd->line);
	if (fd && fd->open)
		return rt_lex_fail(lex, word.at, help,
				   _("%s has an open descriptor \"%s\" already"), name, fd->name);
	if (count_open(actor) + n > RT_SCOPE_FDS_MAX ||
	    (!fd && actor && actor->n_fds >= RT_SCOPE_FDS_MAX))
		return rt_lex_fail(lex, word.at, "", _("a process has at most %d descriptors"),
				   RT_SCOPE_FDS_MAX);
	return 0;
}

int rt_scope_check_new_process(struct rt_lex *lex, const struct rt_scope *scope, const char *name,
			       struct rt_word word)
{
	const struct rt_scope_actor *actor = rt_scope_actor(scope, word);
	size_t n = scope->n_actors + (rt_scope_actor(scope, rt_scope_word(name)) ? 0 : 1);
	const char *help = _("choose another name");

	if (actor && actor->ended)
		return fail_ended(lex, word.at, actor);
	if (rt_word_is(word, name))
		return rt_lex_fail(lex, word.at, help, _("%s is the process that forks"), name);
	if (actor && actor->line)
		return rt_lex_fail(lex, word.at, help,
				   _("there is a process \"%s\" already, since line %d"),
				   actor->name, actor->line);
	if (actor)
		return rt_lex_fail(lex, word.at, help, _("there is a process \"%s\" already"),
				   actor->name);
	if (n >= RT_SCOPE_ACTORS_MAX)
		return rt_lex_fail(lex, word.at, "", _("a stage has at most %d processes"),
				   RT_SCOPE_ACTORS_MAX);
	return 0;
}
