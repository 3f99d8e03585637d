/*
 * The folders of what lasts from one run to the next: $XDG_STATE_HOME/reuse-tutor and
 * $XDG_CONFIG_HOME/reuse-tutor (XDG Base Directory Specification 0.8).
 */
#ifndef RT_STORE_FOLDER_H
#define RT_STORE_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

enum rt_folder_of {
	RT_FOLDER_STATE,  /* progress */
	RT_FOLDER_CONFIG, /* settings */
};

struct rt_folder {
	char *base; /* that must be there, "/home/me"; "/" where the variable names the place */
	char *rest; /* below it, made where it is missing: ".local/state/reuse-tutor" */
	char *path; /* both */
};

/*
 * Finds where it is, without looking whether it is there. A relative path in the
 * variable is ignored, as the specification asks; without it the place is below HOME, and without a HOME below the home
 * that the user database has. Returns 0, or -1 with err where there is no such place. The caller
 * ends it with rt_folder_fini().
 */
int rt_folder_find(struct rt_folder *folder, enum rt_folder_of of, struct rt_error *err);
void rt_folder_fini(struct rt_folder *folder);

/*
 * Opens it, for the *at() calls. With create what is missing of `rest` is made, mode 0700. Returns
 * a descriptor, or -1 with errno, which is ENOENT where it is not there.
 */
int rt_folder_open(const struct rt_folder *folder, bool create);

/*
 * Root that works in the folder of somebody else (sudo keeps HOME on some systems) leaves nothing
 * there that its owner could not write: fd, made just now in the folder parent, goes to the owner
 * of parent. Returns 0, or -1 with errno.
 */
int rt_folder_give(int parent, int fd);

#endif
