/*
 * What the lines of a script gave names to. A process has the names of its descriptors; addresses
 * are known to all. An ended process and a closed descriptor stay here, with the line that ended
 * them, for a sentence that says so.
 */
#include "lesson/scope_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/tally.h"

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

struct rt_word rt_scope_word(const char *name)
{
	return (struct rt_word){.s = name, .len = strlen(name)};
}

struct rt_scope_actor *rt_scope_actor(const struct rt_scope *scope, struct rt_word word)
{
	for (size_t i = 0; i < scope->n_actors; i++)
		if (is(scope->actor[i].name, word))
			return (struct rt_scope_actor *)&scope->actor[i];
	return NULL;
}

struct rt_scope_fd *rt_scope_fd(const struct rt_scope_actor *actor, struct rt_word word)
{
	for (size_t i = 0; actor && i < actor->n_fds; i++)
		if (is(actor->fd[i].name, word))
			return &actor->fd[i];
	return NULL;
}

bool rt_scope_has_address(const struct rt_scope *scope, struct rt_word word)
{
	for (size_t i = 0; i < scope->n_addresses; i++)
		if (is(scope->address[i], word))
			return true;
	return false;
}

static void each_fd(const struct rt_scope_actor *actor, void (*each)(void *ctx, const char *name),
		    void *ctx)
{
	for (size_t i = 0; actor && i < actor->n_fds; i++)
		if (actor->fd[i].open)
			each(ctx, actor->fd[i].name);
}

void rt_scope_each(const struct rt_scope *scope, enum rt_scope_names names, const char *actor,
		   void (*each)(void *ctx, const char *name), void *ctx)
{
	if (names == RT_NAMES_FD)
		each_fd(rt_scope_actor(scope, rt_scope_word(actor)), each, ctx);
	for (size_t i = 0; names == RT_NAMES_PROCESS && i < scope->n_actors; i++)
		if (!scope->actor[i].ended)
			each(ctx, scope->actor[i].name);
	for (size_t i = 0; names == RT_NAMES_ADDRESS && i < scope->n_addresses; i++)
		each(ctx, scope->address[i]);
}

/* --- changing --------------------------------------------------------------------------------- */

static void copy_name(char *to, struct rt_word word)
{
	size_t len = word.len < RT_NAME_MAX - 1 ? word.len : RT_NAME_MAX - 1;

	memcpy(to, word.s, len);
	to[len] = '\0';
}

/* The process of that name, started now where there was none; NULL where the stage is full. */
static struct rt_scope_actor *add_actor(struct rt_scope *scope, struct rt_word word)
{
	struct rt_scope_actor *actor = rt_scope_actor(scope, word);

	if (actor || scope->n_actors == RT_SCOPE_ACTORS_MAX)
		return actor;
	actor = &scope->actor[scope->n_actors++];
	copy_name(actor->name, word);
	actor->line = scope->line;
	return actor;
}

/* n > 0: the name stands for so many. */
static void set_fd(const struct rt_scope *scope, struct rt_scope_actor *actor, struct rt_word word,
		   bool open, int n)
{
	struct rt_scope_fd *fd = rt_scope_fd(actor, word);

	if (!actor || (!fd && actor->n_fds >= RT_SCOPE_FDS_MAX))
		return;
	if (!fd) {
		RT_GROW(actor->fd, actor->n_fds, actor->cap);
		fd = &actor->fd[actor->n_fds++];
		*fd = (struct rt_scope_fd){0};
		copy_name(fd->name, word);
	}
	free(fd->members);
	fd->members = open && n > 0 ? rt_members_new(n) : NULL;
	fd->open = open;
	fd->line = scope->line;
}

/* One descriptor, or those members of a name that the line means. */
static void close_fd(const struct rt_scope *scope, struct rt_scope_actor *actor,
		     const struct rt_call *call)
{
	struct rt_word word = rt_scope_word(call->arg[0].name);
	struct rt_scope_fd *fd = rt_scope_fd(actor, word);
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
	if (rt_scope_has_address(scope, word))
		return;
	RT_GROW(scope->address, scope->n_addresses, scope->cap);
	copy_name(scope->address[scope->n_addresses++], word);
}

static void fork_actor(struct rt_scope *scope, const struct rt_scope_actor *parent,
		       struct rt_word child_name)
{
	struct rt_scope_actor *child = add_actor(scope, child_name);

	if (!child || child == parent || child->n_fds > 0 || parent->n_fds == 0)
		return;
	child->fd = rt_realloc(NULL, parent->n_fds, sizeof(child->fd[0]));
	memcpy(child->fd, parent->fd, parent->n_fds * sizeof(child->fd[0]));
	for (size_t i = 0; i < parent->n_fds; i++)
		child->fd[i].members = rt_members_copy(parent->fd[i].members);
	child->n_fds = child->cap = parent->n_fds;
}

static void end_actor(const struct rt_scope *scope, struct rt_scope_actor *actor)
{
	if (!actor || actor->ended)
		return;
	actor->ended = true;
	actor->line = scope->line;
}

void rt_scope_apply(struct rt_scope *scope, const struct rt_line *line)
{
	const struct rt_call *call = &line->call;
	struct rt_word assign = rt_scope_word(call->assign);
	struct rt_scope_actor *actor;

	rt_gated_apply(&scope->gated, line);
	if (line->kind != RT_LINE_CALL)
		return;
	actor = call->actor[0] ? add_actor(scope, rt_scope_word(call->actor)) : NULL;
	if (always_fails(&line->want))
		return;
	if (call->id == RT_CALL_CLOSE)
		close_fd(scope, actor, call);
	else if (call->id == RT_CALL_EXIT)
		end_actor(scope, actor);
	else if (call->id == RT_CALL_KILL)
		end_actor(scope, rt_scope_actor(scope, rt_scope_word(call->arg[0].name)));
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
	struct rt_scope_actor *actor;
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
	if (!rt_scope_fd(actor, assign))
		set_fd(scope, actor, assign, true,
		       repeat < RT_SCOPE_FDS_MAX ? (int)repeat : RT_SCOPE_FDS_MAX);
	add_address(scope, assign);
}
