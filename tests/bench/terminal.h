/*
 * A program in a terminal of its own, 80x24, and what it writes there. The benchmark takes times;
 * it does not draw: what the program wrote is searched as bytes.
 */
#ifndef RT_BENCH_TERMINAL_H
#define RT_BENCH_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pty {
	pid_t pid;
	int fd;		  /* the master side */
	int64_t start_us; /* just before exec, CLOCK_MONOTONIC */
	char *text;	  /* all that it wrote since pty_start() or pty_send() */
	size_t len, cap;
};

enum { PTY_QUIET_MS = 100, PTY_MOST_MS = 5000 };

/*
 * Starts argv with TERM=xterm-256color. Returns 0 or -1; a program that is not there ends with
 * status 127.
 */
int pty_start(struct pty *pty, char *const argv[]);

/*
 * Reads until nothing came for PTY_QUIET_MS, at most PTY_MOST_MS. Returns when the last byte came,
 * in microseconds of CLOCK_MONOTONIC; -1 where none came, or where it was not quiet in time.
 */
int64_t pty_read_until_quiet(struct pty *pty);

/* Reads what comes during so many milliseconds, so that the program never waits for us. */
void pty_read_for(struct pty *pty, int ms);

/* Whether the program wrote these bytes since the last pty_start() or pty_send(). */
bool pty_wrote(const struct pty *pty, const char *text);

/* Forgets what was written so far and sends keys. Returns the time just before, in microseconds. */
int64_t pty_send(struct pty *pty, const char *keys);

/*
 * Sends the keys that end the program and waits for its end, at most 2 s. pty_end() is still due.
 */
void pty_quit(struct pty *pty, const char *keys);

/*
 * SIGTERM, and SIGKILL where that does not help within 2 s; waits for it and closes the terminal.
 */
void pty_end(struct pty *pty);

#endif
