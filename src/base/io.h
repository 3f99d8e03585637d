/* Files: written whole or not at all, and the beginning of one read. */
#ifndef RT_BASE_IO_H
#define RT_BASE_IO_H

#include <stddef.h>
#include <sys/types.h>

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

/*
 * Reads the first size - 1 bytes of a file at most, in one read(2), as suits a file of /proc, and puts
 * a NUL behind them. Returns how many there are, or -1 with errno; text is "" then.
 */
ssize_t rt_read_start(const char *path, char *text, size_t size);

#endif
