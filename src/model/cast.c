/*
 * Processes, the names of their descriptors, and the sockets that they reported. What a snapshot
 * makes of it: annotate.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/cast_private.h"

struct rt_cast *rt_cast_new(void)
{
	return rt_calloc(1, sizeof(struct rt_cast));
}

static void clear_player(struct rt_player *player)
{
	free(player->name);
	free(player->fd);
	player->name = NULL;
	player->fd = NULL;
	player->n_names = player->cap_names = player->n_fds = 0;
}

void rt_cast_clear(struct rt_cast *cast)
{
	for (size_t i = 0; i < cast->n; i++)
		clear_player(&cast->player[i]);
	free(cast->player);
	free(cast->memory);
	memset(cast, 0, sizeof(*cast));
}

void rt_cast_free(struct rt_cast *cast)
{
	if (!cast)
		return;
	rt_cast_clear(cast);
	free(cast);
}

/* --- actors ----------------------------------------------------------------------------------- */

static void copy_name(char to[RT_NAME_MAX], const char *from)
{
	snprintf(to, RT_NAME_MAX, "%s", from);
}

size_t rt_cast_add(struct rt_cast *cast, const char *name, int stage_id)
{
	int found = rt_cast_find(cast, name);
	size_t actor = found < 0 ? cast->n : (size_t)found;

	if (found < 0) {
		RT_GROW(cast->player, cast->n, cast->cap);
		memset(&cast->player[cast->n++], 0, sizeof(cast->player[0]));
		copy_name(cast->player[actor].actor.name, name);
	} else {
		rt_cast_end(cast, actor);
	}
	cast->player[actor].actor.alive = true;
	cast->player[actor].actor.stage_id = stage_id;
	return actor;
}

size_t rt_cast_fork(struct rt_cast *cast, size_t parent, const char *child, int stage_id)
{
	size_t actor = rt_cast_add(cast, child, stage_id);
	const struct rt_player *from = &cast->player[parent];
	struct rt_player *to = &cast->player[actor];

	if (actor == parent)
		return actor;
	to->name = rt_realloc(NULL, from->n_names, sizeof(*to->name));
	to->fd = rt_realloc(NULL, from->n_fds, sizeof(*to->fd));
	if (from->n_names)
		memcpy(to->name, from->name, from->n_names * sizeof(*to->name));
	if (from->n_fds)
		memcpy(to->fd, from->fd, from->n_fds * sizeof(*to->fd));
	to->n_names = to->cap_names = from->n_names;
	to->n_fds = from->n_fds;
	return actor;
}

int rt_cast_find(const struct rt_cast *cast, const char *name)
{
	for (size_t i = 0; i < cast->n; i++)
		if (strcmp(cast->player[i].actor.name, name) == 0)
			return (int)i;
	return -1;
}

int rt_cast_find_stage(const struct rt_cast *cast, int stage_id)
{
	for (size_t i = 0; i < cast->n; i++)
		if (cast->player[i].actor.stage_id == stage_id)
			return (int)i;
	return -1;
}

size_t rt_cast_count(const struct rt_cast *cast)
{
	return cast->n;
}

const struct rt_actor *rt_cast_actor(const struct rt_cast *cast, size_t actor)
{
	return &cast->player[actor].actor;
}

/* --- names ------------------------------------------------------------------------------------ */

void rt_cast_name(struct rt_cast *cast, size_t actor, const char *name, int fd)
{
	struct rt_player *player = &cast->player[actor];

	/*
	 * The kernel gives a descriptor number again only once it is free: an older name of it is
	 * stale.
	 */
	for (size_t i = 0; i < player->n_names;) {
		if (player->name[i].fd == fd || strcmp(player->name[i].name, name) == 0)
			player->name[i] = player->name[--player->n_names];
		else
			i++;
	}
	RT_GROW(player->name, player->n_names, player->cap_names);
	player->name[player->n_names].fd = fd;
	copy_name(player->name[player->n_names++].name, name);
}

int rt_cast_fd(const struct rt_cast *cast, size_t actor, const char *name)
{
	const struct rt_player *player = &cast->player[actor];

	for (size_t i = 0; i < player->n_names; i++)
		if (strcmp(player->name[i].name, name) == 0)
			return player->name[i].fd;
	return -1;
}

const char *rt_player_name(const struct rt_player *player, int fd)
{
	for (size_t i = 0; i < player->n_names; i++)
		if (player->name[i].fd == fd)
			return player->name[i].name;
	return "";
}

/* --- sockets ---------------------------------------------------------------------------------- */

static void remember(struct rt_cast *cast, const struct rt_player *player, const struct rt_fd *fd)
{
	struct rt_memory *memory;

	if (!fd->cookie)
		return; /* nothing by which it could be found again */
	if (cast->n_remembered < RT_MEMORIES_MAX)
		RT_GROW(cast->memory, cast->n_remembered, cast->cap_memory);
	memory = &cast->memory[cast->n_remembered++ % RT_MEMORIES_MAX];
	memory->cookie = fd->cookie;
	memory->reuseaddr = fd->reuseaddr;
	memory->reuseport = fd->reuseport;
	memory->v6only = fd->v6only;
	copy_name(memory->name, rt_player_name(player, fd->fd));
	copy_name(memory->owner, player->actor.name);
}

static bool same_fd(const struct rt_fd *a, const struct rt_fd *b)
{
	return a->fd == b->fd && a->cookie == b->cookie && a->inode == b->inode;
}

static bool is_reported(const struct rt_fd *fd, const struct rt_fd *report, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_fd(fd, &report[i]))
			return true;
	return false;
}

const struct rt_fd *rt_cast_socket(const struct rt_cast *cast, size_t actor, int fd)
{
	const struct rt_player *player = &cast->player[actor];

	for (size_t i = 0; i < player->n_fds; i++)
		if (player->fd[i].fd == fd)
			return &player->fd[i];
	return NULL;
}

static bool has_number(const struct rt_player *player, int fd)
{
	for (size_t i = 0; i < player->n_fds; i++)
		if (player->fd[i].fd == fd)
			return true;
	return false;
}

/*
 * Other processes that hold the same socket (after a fork) have not reported since. What this one
 * says of the socket holds for them too; what is the descriptor's own (its number, FD_CLOEXEC) does
 * not.
 */
static void share(struct rt_cast *cast, size_t reporter, const struct rt_fd *from, size_t n)
{
	for (size_t other = 0; other < cast->n; other++) {
		struct rt_player *to = &cast->player[other];

		for (size_t i = 0; other != reporter && i < to->n_fds; i++)
			for (size_t k = 0; k < n; k++) {
				struct rt_fd *fd = &to->fd[i], own = *fd;

				if (!own.cookie || own.cookie != from[k].cookie)
					continue;
				*fd = from[k];
				fd->fd = own.fd;
				fd->cloexec = own.cloexec;
			}
	}
}

void rt_cast_report(struct rt_cast *cast, size_t actor, const struct rt_fd *fd, size_t n)
{
	struct rt_player *player = &cast->player[actor];
	struct rt_fd *now = rt_realloc(NULL, n, sizeof(*now));

	if (n)
		memcpy(now, fd, n * sizeof(*now));
	for (size_t i = 0; i < player->n_fds; i++)
		if (!is_reported(&player->fd[i], now, n))
			remember(cast, player, &player->fd[i]);
	/*
	 * A number that was closed and given again at once (exec, or a late report) must not keep
	 * the old socket's name.
	 */
	for (size_t i = 0; i < player->n_names;) {
		bool had = has_number(player, player->name[i].fd);
		bool kept = false;

		for (size_t k = 0; k < n && !kept; k++)
			kept = now[k].fd == player->name[i].fd &&
			       (!had || is_reported(&now[k], player->fd, player->n_fds));
		if (kept)
			i++;
		else
			player->name[i] = player->name[--player->n_names];
	}
	free(player->fd);
	player->fd = now;
	player->n_fds = n;
	share(cast, actor, now, n);
}

static void forget_number(struct rt_player *player, int number)
{
	for (size_t i = 0; i < player->n_names; i++)
		if (player->name[i].fd == number) {
			player->name[i] = player->name[--player->n_names];
			return;
		}
}

/* What is known of descriptor number of an actor is now *fd; NULL: it is closed. */
static void report_one(struct rt_cast *cast, size_t actor, int number, const struct rt_fd *fd)
{
	struct rt_player *player = &cast->player[actor];
	size_t i = 0;

	while (i < player->n_fds && player->fd[i].fd != number)
		i++;
	if (i < player->n_fds && !(fd && same_fd(fd, &player->fd[i])))
		remember(cast, player, &player->fd[i]);
	if (!fd) {
		forget_number(player, number);
		if (i < player->n_fds)
			player->fd[i] = player->fd[--player->n_fds];
		return;
	}
	if (i == player->n_fds) {
		player->fd = rt_realloc(player->fd, player->n_fds + 1, sizeof(*player->fd));
		player->n_fds++;
	}
	player->fd[i] = *fd;
}

void rt_cast_report_some(struct rt_cast *cast, size_t actor, int number, const struct rt_fd *fd,
			 size_t n)
{
	bool open = number < 0;

	for (size_t i = 0; i < n; i++) {
		open = open || fd[i].fd == number;
		report_one(cast, actor, fd[i].fd, &fd[i]);
	}
	if (!open)
		report_one(cast, actor, number, NULL);
	share(cast, actor, fd, n);
}

void rt_cast_end(struct rt_cast *cast, size_t actor)
{
	struct rt_player *player = &cast->player[actor];

	for (size_t i = 0; i < player->n_fds; i++)
		remember(cast, player, &player->fd[i]);
	clear_player(player);
	player->actor.alive = false;
}
