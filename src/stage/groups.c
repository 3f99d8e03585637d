/* The multicast groups of the stage. proc_pid_net(5): /proc/PID/net is what PID sees. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "stage/stage.h"

void rt_stage_groups(const struct rt_stage *stage, struct rt_groups *groups)
{
	char path[64], text[4096];
	ssize_t got;
	int fd;

	*groups = (struct rt_groups){.known = false};
	snprintf(path, sizeof(path), "/proc/%d/net/igmp", rt_stage_pid(stage, RT_STAGE_INIT));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	got = read(fd, text, sizeof(text));
	close(fd);
	if (got >= 0)
		rt_groups_parse(text, (size_t)got, "lo", groups);
}
