/*
 * Private to store/: one file that is read whole and replaced whole. Whoever reads it sees the old
 * contents or the new, never a part; whoever changes it holds the lock from reading to replacing.
 */
#ifndef RT_STORE_FILE_H
#define RT_STORE_FILE_H

#include <stddef.h>

#include "base/str.h"

/*
 * Reads the file `name` of the folder dir into *out, at most max bytes. Returns 0, or -1 with
 * errno: ENOENT; EFBIG where it is larger; ELOOP where it is a symbolic link (it would be replaced
 * by a file); EISDIR, or EINVAL for what is no file either.
 */
int rt_file_read(int dir, const char *name, size_t max, struct rt_str *out);

/*
 * Replaces it by len bytes of text (mode 0600): written beside it, brought to the disk, renamed.
 * The caller holds the lock. Returns 0, or -1 with errno, and then the file is as it was.
 */
int rt_file_replace(int dir, const char *name, const char *text, size_t len);

/*
 * Takes the lock of the file `name`, NAME.lock beside it, waiting at most patience_ms. Close the
 * descriptor to give it back: the kernel does it for a process that dies. Returns -1 with errno,
 * EWOULDBLOCK where another process keeps it.
 */
int rt_file_lock(int dir, const char *name, int patience_ms);

#endif
