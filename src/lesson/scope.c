/*
 * What the lines of a script gave names to. A process has the names of its descriptors; addresses
 * are known to all. An ended process and a closed descriptor stay here, with the line that ended
 * them, for a sentence that says so.
 */
#include "lesson/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/members.h"
#include "lesson/suggest.h"
#include "lesson/tally.h"

struct fd {
	char name[RT_NAME_MAX];
	bool open;
	int line;		    /* that opened or closed it, 0 where lines have no numbers */
	struct rt_members *members; /* of a name that stands for several, while one is open */
};

struct actor {
	char name[RT_NAME_MAX];
	bool ended;
	int line; /* that started or ended it */
	struct fd *fd;
	size_t n_fds, cap;
};

struct rt_scope {
	struct actor actor[RT_SCOPE_ACTORS_MAX];
	size_t n_actors;
	char (*address)[RT_NAME_MAX];
	size_t n_addresses, cap;
	int line;
	struct rt_gated gated;
};

struct rt_scope *rt_scope_new(void)
{
	return rt_calloc(1, sizeof(struct rt_scope));
}

void rt_scope_clear(struct rt_scope *scope)
{
	for (size_t i = 0; i < scope->n_actors; i++) {
		for (size_t k = 0; k < scope->actor[i].n_fds; k++)
			free(scope->actor[i].fd[k].members);
		free(scope->actor[i].fd);
	}
	memset(scope->actor, 0, sizeof(scope->actor));
	scope->n_actors = 0;
	scope->n_addresses = 0;
	rt_gated_clear(&scope->gated);
}

void rt_scope_free(struct rt_scope *scope)
{
	if (!scope)
		return;
	rt_scope_clear(scope);
	free(scope->address);
	rt_gated_fini(&scope->gated);
	free(scope);
}

void rt_scope_set_line(struct rt_scope *scope, int number)
{
	scope->line = number;
}

void rt_scope_set_gates(struct rt_scope *scope, const struct rt_gates *gates)
{
	scope->gated.block = gates ? *gates : (struct rt_gates){0};
}

void rt_scope_gate(const struct rt_scope *scope, struct rt_line *line)
{
	rt_gated_add(&scope->gated, line);
}

/* --- finding ---------------------------------------------------------------------------------- */

static bool is(const char *name, struct rt_word word)
{
	return rt_word_is(word, name);
}

static struct rt_word word_of(const char *name)
{
	return (struct rt_word){.s = name, .len = strlen(name)};
}

static struct actor *find_actor(const struct rt_scope *scope, struct rt_word word)
{
	for (size_t i = 0; i < scope->n_actors; i++)
		if (is(scope->actor[i].name, word))
			return (struct actor *)&scope->actor[i];
	return NULL;
}

static struct fd *find_fd(const struct actor *actor, struct rt_word word)
{
	for (size_t i = 0; actor && i < actor->n_fds; i++)
		if (is(actor->fd[i].name, word))
			return &actor->fd[i];
	return NULL;
}

static bool find_address(const struct rt_scope *scope, struct rt_word word)
{
	for (size_t i = 0; i < scope->n_addresses; i++)
		if (is(scope->address[i], word))
			return true;
	return false;
}

/* A live process that has an open descriptor of that name, or NULL. */
static const struct actor *holder(const struct rt_scope *scope, struct rt_word word)
{
	for (size_t i = 0; i < scope->n_actors; i++) {
		const struct fd *fd = find_fd(&scope->actor[i], word);

		if (fd && fd->open && !scope->actor[i].ended)
			return &scope->actor[i];
	}
	return NULL;
}

static void each_fd(const struct actor *actor, void (*each)(void *ctx, const char *name), void *ctx)
{
	for (size_t i = 0; actor && i < actor->n_fds; i++)
		if (actor->fd[i].open)
			each(ctx, actor->fd[i].name);
}

void rt_scope_each(const struct rt_scope *scope, enum rt_scope_names names, const char *actor,
		   void (*each)(void *ctx, const char *name), void *ctx)
{
	if (names == RT_NAMES_FD)
		each_fd(find_actor(scope, word_of(actor)), each, ctx);
	for (size_t i = 0; names == RT_NAMES_PROCESS && i < scope->n_actors; i++)
		if (!scope->actor[i].ended)
			each(ctx, scope->actor[i].name);
	for (size_t i = 0; names == RT_NAMES_ADDRESS && i < scope->n_addresses; i++)
		each(ctx, scope->address[i]);
}

/* --- checking --------------------------------------------------------------------------------- */

static int fail_ended(struct rt_lex *lex, size_t at, const struct actor *actor)
{
	const char *help = _("give the new process another name");

	if (actor->line)
		return rt_lex_fail(lex, at, help, _("%s ended in line %d"), actor->name,
				   actor->line);
	return rt_lex_fail(lex, at, help, _("%s has ended"), actor->name);
}

int rt_scope_check_actor(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word word)
{
	const struct actor *actor = find_actor(scope, word);

	if (actor)
		return actor->ended ? fail_ended(lex, word.at, actor) : 0;
	if (scope->n_actors == RT_SCOPE_ACTORS_MAX)
		return rt_lex_fail(lex, word.at, "", _("a stage has at most %d processes"),
				   RT_SCOPE_ACTORS_MAX);
	return 0;
}

/* A name that process actor does not have: it may be mistyped, another's, or the process may be. */
static int fail_no_fd(struct rt_lex *lex, const struct rt_scope *scope, const struct actor *actor,
		      const char *name, struct rt_word word)
{
	const struct actor *other = holder(scope, word);
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
	const struct actor *actor = find_actor(scope, word_of(name));
	const struct fd *fd = find_fd(actor, word);

	if (fd && fd->open)
		return 0;
	if (fd && fd->line)
		return rt_lex_fail(lex, word.at, "", _("%s was closed in line %d"), fd->name,
				   fd->line);
	if (fd)
		return rt_lex_fail(lex, word.at, "", _("%s is closed"), fd->name);
	return fail_no_fd(lex, scope, actor, name, word);
}

static int fail_not_several(struct rt_lex *lex, struct rt_word word, const struct fd *fd)
{
	return rt_lex_fail(lex, word.at, _("leave out the number"),
			   _("%s stands for one descriptor"), fd->name);
}

int rt_scope_check_member(struct rt_lex *lex, const struct rt_scope *scope,
			  const struct rt_call *call, struct rt_word word, int64_t *index)
{
	const struct fd *fd = find_fd(find_actor(scope, word_of(call->actor)), word);
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

	if (find_address(scope, word))
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
	const struct actor *actor = find_actor(scope, word);
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
static int count_open(const struct actor *actor)
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
	const struct actor *actor = find_actor(scope, word_of(name));
	int n = repeat ? repeat : 1;
	const struct fd *fd = find_fd(actor, word);
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
	const struct actor *actor = find_actor(scope, word);
	size_t n = scope->n_actors + (find_actor(scope, word_of(name)) ? 0 : 1);
	const char *help = _("choose another name");

	if (actor && actor->ended)
		return fail_ended(lex, word.at, actor);
	if (is(name, word))
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

/* --- changing --------------------------------------------------------------------------------- */

static void copy_name(char *to, struct rt_word word)
{
	size_t len = word.len < RT_NAME_MAX - 1 ? word.len : RT_NAME_MAX - 1;

	memcpy(to, word.s, len);
	to[len] = '\0';
}

/* The process of that name, started now where there was none; NULL where the stage is full. */
static struct actor *add_actor(struct rt_scope *scope, struct rt_word word)
{
	struct actor *actor = find_actor(scope, word);

	if (actor || scope->n_actors == RT_SCOPE_ACTORS_MAX)
		return actor;
	actor = &scope->actor[scope->n_actors++];
	copy_name(actor->name, word);
	actor->line = scope->line;
	return actor;
}

/* n > 0: the name stands for so many. */
static void set_fd(const struct rt_scope *scope, struct actor *actor, struct rt_word word,
		   bool open, int n)
{
	struct fd *fd = find_fd(actor, word);

	if (!actor || (!fd && actor->n_fds >= RT_SCOPE_FDS_MAX))
		return;
	if (!fd) {
		RT_GROW(actor->fd, actor->n_fds, actor->cap);
		fd = &actor->fd[actor->n_fds++];
		*fd = (struct fd){0};
		copy_name(fd->name, word);
	}
	free(fd->members);
	fd->members = open && n > 0 ? rt_members_new(n) : NULL;
	fd->open = open;
	fd->line = scope->line;
}

/* One descriptor, or those members of a name that the line means. */
static void close_fd(const struct rt_scope *scope, struct actor *actor, const struct rt_call *call)
{
	struct rt_word word = word_of(call->arg[0].name);
	struct fd *fd = find_fd(actor, word);
	int n = call->repeat ? call->repeat : 1;

	if (fd && fd->members) {
		rt_members_close(fd->members, (int)call->arg[0].number, n, scope->line);
		if (fd->members->open > 0)
			return;
	}
	set_fd(scope, actor, word, false, 0);
}

/* Whether the line says that no run of its call succeeds. */
static bool always_fails(const struct rt_want *want)
{
	for (size_t i = 0; i < want->n_shares; i++)
		if (want->share[i].want.kind != RT_WANT_ERRNO)
			return false;
	return want->kind == RT_WANT_ERRNO || want->kind == RT_WANT_TALLY;
}

static void add_address(struct rt_scope *scope, struct rt_word word)
{
	if (find_address(scope, word))
		return;
	RT_GROW(scope->address, scope->n_addresses, scope->cap);
	copy_name(scope->address[scope->n_addresses++], word);
}

static void fork_actor(struct rt_scope *scope, const struct actor *parent,
		       struct rt_word child_name)
{
	struct actor *child = add_actor(scope, child_name);

	if (!child || child == parent || child->n_fds > 0 || parent->n_fds == 0)
		return;
	child->fd = rt_realloc(NULL, parent->n_fds, sizeof(child->fd[0]));
	memcpy(child->fd, parent->fd, parent->n_fds * sizeof(child->fd[0]));
	for (size_t i = 0; i < parent->n_fds; i++)
		child->fd[i].members = rt_members_copy(parent->fd[i].members);
	child->n_fds = child->cap = parent->n_fds;
}

static void end_actor(const struct rt_scope *scope, struct actor *actor)
{
	if (!actor || actor->ended)
		return;
	actor->ended = true;
	actor->line = scope->line;
}

void rt_scope_apply(struct rt_scope *scope, const struct rt_line *line)
{
	const struct rt_call *call = &line->call;
	struct rt_word assign = word_of(call->assign);
	struct actor *actor;

	rt_gated_apply(&scope->gated, line);
	if (line->kind != RT_LINE_CALL)
		return;
	actor = call->actor[0] ? add_actor(scope, word_of(call->actor)) : NULL;
	if (always_fails(&line->want))
		return;
	if (call->id == RT_CALL_CLOSE)
		close_fd(scope, actor, call);
	else if (call->id == RT_CALL_EXIT)
		end_actor(scope, actor);
	else if (call->id == RT_CALL_KILL)
		end_actor(scope, find_actor(scope, word_of(call->arg[0].name)));
	if (!assign.len || !actor)
		return;
	if (rt_call_spec(call->id)->gives == RT_GIVES_FD)
		set_fd(scope, actor, assign, true, call->repeat);
	else if (rt_call_spec(call->id)->gives == RT_GIVES_ADDR)
		add_address(scope, assign);
	else if (rt_call_spec(call->id)->gives == RT_GIVES_ACTOR)
		fork_actor(scope, actor, assign);
}

static bool is_short_name(struct rt_word word)
{
	return rt_word_is_name(word) && word.len <= RT_NAME_LETTERS;
}

void rt_scope_guess(struct rt_scope *scope, const char *text, size_t len)
{
	struct rt_mistake unsaid = {0};
	struct rt_lex lex = {.text = text, .len = len, .mistake = &unsaid};
	struct rt_word first = rt_lex_name(&lex), assign;
	struct actor *actor;
	int64_t repeat = 0;

	if (!is_short_name(first) || !rt_lex_take(&lex, ':'))
		return;
	actor = add_actor(scope, first);
	if (rt_tally_stands(&lex)) {
		if (rt_lex_number(&lex, 0, INT64_MAX, &repeat) < 0)
			rt_mistake_fini(&unsaid);
		rt_lex_name(&lex);
	}
	assign = rt_lex_name(&lex);
	if (!actor || !is_short_name(assign) || !rt_lex_take(&lex, '='))
		return;
	if (memmem(text, len, "fork", strlen("fork"))) {
		fork_actor(scope, actor, assign);
		return;
	}
	if (!find_fd(actor, assign))
		set_fd(scope, actor, assign, true,
		       repeat < RT_SCOPE_FDS_MAX ? (int)repeat : RT_SCOPE_FDS_MAX);
	add_address(scope, assign);
}
