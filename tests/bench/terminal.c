#include "terminal.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

int pty_start(struct pty *pty, char *const argv[])
{
	const struct winsize size = {.ws_row = 24, .ws_col = 80};
	int64_t *start_us;

	*pty = (struct pty){.fd = -1, .pid = -1};
	/* The child takes the time: the parent may not run again before the program does. */
	start_us = mmap(NULL, sizeof(*start_us), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (start_us == MAP_FAILED)
		return -1;
	pty->pid = forkpty(&pty->fd, NULL, NULL, &size);
	if (pty->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		*start_us = rt_now_us();
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pty->pid < 0) {
		munmap(start_us, sizeof(*start_us));
		return -1;
	}
	/*
	 * The program writes after exec: once there is a byte, or the end, the time stands there.
	 */
	poll(&(struct pollfd){.fd = pty->fd, .events = POLLIN}, 1, PTY_MOST_MS);
	pty->start_us = *start_us;
	munmap(start_us, sizeof(*start_us));
	return 0;
}

/* One read of what stands ready. Returns what read(2) did. */
static ssize_t read_some(struct pty *pty)
{
	ssize_t n;

	while (pty->cap - pty->len < 4096) {
		pty->cap = pty->cap ? 2 * pty->cap : 65536;
		pty->text = rt_realloc(pty->text, pty->cap, 1);
	}
	n = read(pty->fd, pty->text + pty->len, pty->cap - pty->len);
	if (n > 0)
		pty->len += (size_t)n;
	return n;
}

int64_t pty_read_until_quiet(struct pty *pty)
{
	int64_t last_us = -1, end_ms = rt_now_ms() + PTY_MOST_MS;

	while (rt_now_ms() < end_ms) {
		struct pollfd p = {.fd = pty->fd, .events = POLLIN};
		int ready = poll(&p, 1, last_us < 0 ? PTY_MOST_MS : PTY_QUIET_MS);

		if (ready == 0)
			return last_us;
		if (ready < 0)
			continue;
		if (read_some(pty) <= 0)
			return -1;
		last_us = rt_now_us();
	}
	return -1;
}

void pty_read_for(struct pty *pty, int ms)
{
	int64_t end_ms = rt_now_ms() + ms;

	for (int64_t left_ms = ms; left_ms > 0; left_ms = end_ms - rt_now_ms()) {
		struct pollfd p = {.fd = pty->fd, .events = POLLIN};

		if (poll(&p, 1, (int)left_ms) > 0 && read_some(pty) <= 0)
			return;
	}
}

bool pty_wrote(const struct pty *pty, const char *text)
{
	return pty->len && memmem(pty->text, pty->len, text, strlen(text));
}

int64_t pty_send(struct pty *pty, const char *keys)
{
	int64_t now_us = rt_now_us();

	pty->len = 0;
	if (write(pty->fd, keys, strlen(keys)) < 0)
		return -1;
	return now_us;
}

/* Reads on while it waits: a program that cannot write its last bytes would never end. */
static bool ended_within(struct pty *pty, int most_ms)
{
	int64_t end_ms = rt_now_ms() + most_ms;
	char buf[4096];

	do {
		struct pollfd p = {.fd = pty->fd, .events = POLLIN};

		if (waitpid(pty->pid, NULL, WNOHANG) == pty->pid)
			return true;
		if (poll(&p, 1, 5) > 0 && read(pty->fd, buf, sizeof(buf)) <= 0)
			poll(NULL, 0, 1); /* hung up: only the end is still to come */
	} while (rt_now_ms() < end_ms);
	return false;
}

void pty_quit(struct pty *pty, const char *keys)
{
	if (pty->pid > 0 && pty_send(pty, keys) >= 0 && ended_within(pty, 2000))
		pty->pid = -1;
}

void pty_end(struct pty *pty)
{
	if (pty->pid > 0) {
		kill(pty->pid, SIGTERM);
		if (!ended_within(pty, 2000)) {
			kill(pty->pid, SIGKILL);
			waitpid(pty->pid, NULL, 0);
		}
	}
	if (pty->fd >= 0)
		close(pty->fd);
	free(pty->text);
	*pty = (struct pty){.fd = -1, .pid = -1};
}
