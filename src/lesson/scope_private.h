/*
 * Private to scope.c, which knows the names of a script, and scope_check.c, which holds a line
 * against them.
 */
#ifndef RT_LESSON_SCOPE_PRIVATE_H
#define RT_LESSON_SCOPE_PRIVATE_H

#include "lesson/members.h"
#include "lesson/scope.h"

struct rt_scope_fd {
	char name[RT_NAME_MAX];
	bool open;
	int line;		    /* that opened or closed it, 0 where lines have no numbers */
	struct rt_members *members; /* of a name that stands for several, while one is open */
};

struct rt_scope_actor {
	char name[RT_NAME_MAX];
	bool ended;
	int line; /* that started or ended it */
	struct rt_scope_fd *fd;
	size_t n_fds, cap;
};

struct rt_scope {
	struct rt_scope_actor actor[RT_SCOPE_ACTORS_MAX];
	size_t n_actors;
	char (*address)[RT_NAME_MAX];
	size_t n_addresses, cap;
	int line;
	struct rt_gated gated;
};

/* A name as a word. */
struct rt_word rt_scope_word(const char *name);

/* What has the name, NULL where nothing has; an ended process and a closed descriptor too. */
struct rt_scope_actor *rt_scope_actor(const struct rt_scope *scope, struct rt_word word);
struct rt_scope_fd *rt_scope_fd(const struct rt_scope_actor *actor, struct rt_word word);
bool rt_scope_has_address(const struct rt_scope *scope, struct rt_word word);

#endif
