#include "base/io.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

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
