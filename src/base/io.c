#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/i18n.h"

int rt_write_all(int fd, const char *text, size_t len)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	int sys;

	sigaction(SIGXFSZ, &ignore, &before);
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		text += n;
		len -= (size_t)n;
	}
	sys = errno;
	sigaction(SIGXFSZ, &before, NULL);
	errno = sys;
	return len > 0 ? -1 : 0;
}

int rt_write_new(const char *name, const char *text, size_t len, struct rt_error *err)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), sys = 0;

	if (fd < 0) {
		rt_error_sys(err, RT_ERR_FAILED, errno, _("cannot make %s"), name);
		if (err->sys == EEXIST)
			rt_error_fix(err, _("it was not touched; choose another id"));
		return -1;
	}
	if (rt_write_all(fd, text, len) < 0)
		sys = errno;
	if (close(fd) < 0 && sys == 0)
		sys = errno;
	if (sys == 0)
		return 0;
	unlink(name); /* ours: nothing was there before */
	return rt_error_sys(err, RT_ERR_FAILED, sys, _("cannot write %s"), name);
}

ssize_t rt_read_start(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), sys;
	ssize_t len;

	text[0] = '\0';
	if (fd < 0)
		return -1;
	len = read(fd, text, size - 1);
	sys = errno;
	close(fd);
	errno = sys;
	text[len > 0 ? len : 0] = '\0';
	return len;
}
