/*
 * Where the stage of a running tutor is, for `reuse-tutor shell` in another terminal: a file for
 * each tutor in $XDG_RUNTIME_DIR/reuse-tutor, else /run/user/UID/reuse-tutor, else
 * /tmp/reuse-tutor-UID. A tutor holds a lock on its file as long as it lives, so a file without a
 * lock is what one left behind that was killed. Folders and files belong to the user alone; what
 * does not is neither used nor read.
 */
#ifndef RT_CMD_PUBLISH_H
#define RT_CMD_PUBLISH_H

#include <stddef.h>
#include <stdint.h>

#include "lesson/world.h"

struct rt_publish;

/*
 * From now on tells where the stage of world (borrowed) is, whenever it is built again. Where there
 * is no place for the file it stays silent: the lessons need none. Never NULL.
 */
struct rt_publish *rt_publish_new(struct rt_world *world);

/* Takes the file away. publish may be NULL; free it before its world. */
void rt_publish_free(struct rt_publish *publish);

/* What a tutor has told. */
struct rt_published {
	int tutor;	  /* its pid */
	int init;	  /* the pid of the first process of its stage */
	char lesson[72];  /* "" where no lesson is open. Made harmless */
	int64_t built_ns; /* when it told */
};

/*
 * All tutors of this user that run and have a stage, the newest stage first; removes the files of
 * those that were killed. *list is the caller's to free(). Returns how many.
 */
size_t rt_publish_find(struct rt_published **list);

#endif
