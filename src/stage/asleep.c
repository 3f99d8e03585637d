#include "stage/asleep.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"

static bool read_proc(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return rt_read_start(path, text, size) > 0;
}

/*
 * "43 0x3 0x7ffd... sp pc": number and arguments. "running"; "-1 sp pc" where it is stopped outside
 * of a call.
 */
int rt_asleep_syscall(const char *text, int32_t fd)
{
	unsigned long long first;
	long number;

	if (strncmp(text, "running", strlen("running")) == 0)
		return 0;
	if (sscanf(text, "%ld %llx", &number, &first) != 2)
		return -1;
	return number >= 0 && (int32_t)first == fd;
}

/* The state stands behind the name, which is in brackets and may hold brackets of its own. */
int rt_asleep_stat(const char *text)
{
	const char *end = strrchr(text, ')');

	if (!end || end[1] != ' ' || !end[2])
		return -1;
	/* T: SIGSTOP came while it slept. */
	return end[2] == 'S' || end[2] == 'T';
}

int rt_asleep_in_call(pid_t pid, int32_t fd)
{
	char text[1024];
	int in_call = -1;

	if (read_proc(pid, "syscall", text, sizeof(text)))
		in_call = rt_asleep_syscall(text, fd);
	if (in_call == 0)
		return 0;
	return read_proc(pid, "stat", text, sizeof(text)) ? rt_asleep_stat(text) : -1;
}
