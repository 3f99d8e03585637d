/* Writing to a file, whole or not at all. */
#ifndef RT_BASE_IO_H
#define RT_BASE_IO_H

#include <stddef.h>

#include "base/error.h"

/*
 * Writes len bytes of text to fd. A file that would grow beyond RLIMIT_FSIZE is an error like a full
 * disk (EFBIG), not the end of the program by SIGXFSZ: setrlimit(2). Returns 0, or -1 with errno.
 */
int rt_write_all(int fd, const char *text, size_t len);

/*
 * Makes the file name with that text; one that is there already is somebody's work, and is not
 * touched. Returns 0, or -1 with err, and then there is no such file of ours.
 */
int rt_write_new(const char *name, const char *text, size_t len, struct rt_error *err);

#endif
