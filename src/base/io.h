/* Writing to a file, whole or not at all. */
#ifndef RT_BASE_IO_H
#define RT_BASE_IO_H

#include <stddef.h>

/*
 * Writes len bytes of text to fd. A file that would grow beyond RLIMIT_FSIZE is an error like a full
 * disk (EFBIG), not the end of the program by SIGXFSZ: setrlimit(2). Returns 0, or -1 with errno.
 */
int rt_write_all(int fd, const char *text, size_t len);

#endif
