#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "store/folder.h"

enum { LOCK_LOOK_MS = 5 };

/* --- reading ---------------------------------------------------------------------------------- */

static int check_kind(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (S_ISREG(st.st_mode))
		return 0;
	errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	return -1;
}

static int read_all(int fd, size_t max, struct rt_str *out)
{
	char *chunk = rt_calloc(1, max + 1);
	ssize_t n = 0;

	while (out->len <= max) {
		n = read(fd, chunk, max + 1 - out->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		rt_str_addn(out, chunk, (size_t)n);
	}
	free(chunk);
	if (n < 0)
		return -1;
	if (out->len <= max)
		return 0;
	errno = EFBIG;
	return -1;
}

int rt_file_read(int dir, const char *name, size_t max, struct rt_str *out)
{
	/* A FIFO without a writer would hold open(2) up. */
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	int status, sys;

	if (fd < 0)
		return -1;
	status = check_kind(fd) < 0 ? -1 : read_all(fd, max, out);
	sys = errno;
	close(fd);
	errno = sys;
	return status;
}

/* --- replacing -------------------------------------------------------------------------------- */

static int write_beside(int dir, const char *beside, const char *text, size_t len)
{
	int fd, status = -1, sys;

	/* What a writer left that was killed: nobody else writes while the lock is held. */
	if (unlinkat(dir, beside, 0) < 0 && errno != ENOENT)
		return -1;
	fd = openat(dir, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	if (rt_folder_give(dir, fd) == 0 && rt_write_all(fd, text, len) == 0 && fsync(fd) == 0)
		status = 0;
	sys = errno;
	if (close(fd) < 0 && status == 0) {
		sys = errno;
		status = -1;
	}
	errno = sys;
	return status;
}

int rt_file_replace(int dir, const char *name, const char *text, size_t len)
{
	struct rt_str beside = {0};
	int status, sys;

	rt_str_addf(&beside, "%s.new", name);
	status = write_beside(dir, beside.s, text, len);
	if (status == 0)
		status = renameat(dir, beside.s, dir, name);
	sys = errno;
	if (status < 0)
		unlinkat(dir, beside.s, 0);
	else
		fsync(dir); /* the name too; without it the file is whole all the same */
	rt_str_fini(&beside);
	errno = sys;
	return status;
}

/* --- the lock --------------------------------------------------------------------------------- */

static int wait_for_lock(int fd, int patience_ms)
{
	const struct timespec look = {.tv_nsec = LOCK_LOOK_MS * 1000000L};
	int64_t until = rt_now_ms() + patience_ms;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK || rt_now_ms() >= until)
			return -1;
		nanosleep(&look, NULL);
	}
	return 0;
}

int rt_file_lock(int dir, const char *name, int patience_ms)
{
	struct rt_str lock = {0};
	int fd, sys;

	rt_str_addf(&lock, "%s.lock", name);
	fd = openat(dir, lock.s, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	sys = errno;
	rt_str_fini(&lock);
	errno = sys;
	if (fd < 0)
		return -1;
	if (rt_folder_give(dir, fd) == 0 && wait_for_lock(fd, patience_ms) == 0)
		return fd;
	sys = errno;
	close(fd);
	errno = sys;
	return -1;
}
