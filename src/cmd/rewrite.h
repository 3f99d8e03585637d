/* A file of the user's, changed as a whole or not at all. */
#ifndef RT_CMD_REWRITE_H
#define RT_CMD_REWRITE_H

#include <stddef.h>

#include "base/error.h"

/*
 * Whether path may be changed: 0, or -1 with err, for root too where nobody has the right to write.
 */
int rt_rewrite_allowed(const char *path, struct rt_error *err);

/*
 * Puts len bytes of text in the place of a file that holds before: a new file in the same folder,
 * with the same mode and, where that is allowed, the same owner, takes its name. Returns 0, or -1
 * with err: then the file is as it was. A file that no longer holds before is left alone.
 */
int rt_rewrite(const char *path, const char *before, size_t before_len, const char *text,
	       size_t len, struct rt_error *err);

#endif
