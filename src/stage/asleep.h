/* What a process is doing right now, read in /proc. proc(5). */
#ifndef RT_STAGE_ASLEEP_H
#define RT_STAGE_ASLEEP_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Whether pid sleeps in a system call whose first argument is fd. 1 yes, 0 no, -1 cannot be told.
 * Where /proc/PID/syscall may not be read, every sleep counts: pid must have something else to do
 * than to wait for an order.
 */
int rt_asleep_in_call(pid_t pid, int32_t fd);

/*
 * The two halves of it, pure: the text of /proc/PID/syscall, of /proc/PID/stat. 1, 0 or -1, as
 * above.
 */
int rt_asleep_syscall(const char *text, int32_t fd);
int rt_asleep_stat(const char *text);

#endif
