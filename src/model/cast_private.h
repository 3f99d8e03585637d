/* Private to model/: what a cast is made of. */
#ifndef RT_MODEL_CAST_PRIVATE_H
#define RT_MODEL_CAST_PRIVATE_H

#include "model/cast.h"

/*
 * Memories are a ring: the oldest make room. A lesson with more dead sockets than this at once
 * shows their options as unknown.
 */
enum { RT_MEMORIES_MAX = 4096 };

struct rt_fd_name {
	char name[RT_NAME_MAX];
	int fd;
};

/*
 * An actor, the names of its descriptors, and the sockets of its last report. An ended one has
 * neither.
 */
struct rt_player {
	struct rt_actor actor;
	struct rt_fd_name *name;
	size_t n_names, cap_names;
	struct rt_fd *fd;
	size_t n_fds;
};

/* A socket that a process held and holds no more. The last one of a cookie counts. */
struct rt_memory {
	uint64_t cookie;
	int8_t reuseaddr, reuseport, v6only;
	char name[RT_NAME_MAX];
	char owner[RT_NAME_MAX];
};

struct rt_cast {
	struct rt_player *player;
	size_t n, cap;
	struct rt_memory *memory;
	size_t n_remembered; /* ever; the next goes to this modulo RT_MEMORIES_MAX */
	size_t cap_memory;
};

/* The name of a descriptor number, or "". */
const char *rt_player_name(const struct rt_player *player, int fd);

#endif
