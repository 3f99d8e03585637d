/* The multicast groups of the stage. proc_pid_net(5): /proc/PID/net is what PID sees. */
#include <stdio.h>

#include "base/io.h"
#include "stage/stage.h"

void rt_stage_groups(const struct rt_stage *stage, struct rt_groups *groups)
{
	char path[64], text[4097];
	ssize_t got;

	*groups = (struct rt_groups){.known = false};
	snprintf(path, sizeof(path), "/proc/%d/net/igmp", rt_stage_pid(stage, RT_STAGE_INIT));
	got = rt_read_start(path, text, sizeof(text));
	if (got >= 0)
		rt_groups_parse(text, (size_t)got, "lo", groups);
}
