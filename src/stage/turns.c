/*
 * Where the processes of a stage run. While a script is replayed they and the tutor take turns, so
 * a second processor does nothing for them; and to wake one that sleeps takes longer than most of
 * the calls do.
 */
#include <sched.h>

#include "stage/stage_private.h"

/* Best effort: where the kernel refuses, all is only slower. */
void rt_process_place(const struct rt_process *process)
{
	const struct rt_stage *stage = process->stage;
	const cpu_set_t *set = stage->in_turns ? &stage->here : &stage->everywhere;

	/* Init has work of its own: to fork the next process. */
	if (process->pidfd >= 0 && process != &stage->process[RT_STAGE_INIT])
		sched_setaffinity(process->pid, sizeof(*set), set);
}

void rt_stage_take_turns(struct rt_stage *stage, bool on)
{
	int cpu = sched_getcpu();

	if (stage->in_turns == on || cpu < 0 || cpu >= CPU_SETSIZE)
		return;
	if (on && (sched_getaffinity(0, sizeof(stage->everywhere), &stage->everywhere) < 0 ||
		   CPU_COUNT(&stage->everywhere) < 2))
		return;
	CPU_ZERO(&stage->here);
	CPU_SET((size_t)cpu, &stage->here);
	if (sched_setaffinity(0, sizeof(stage->here), on ? &stage->here : &stage->everywhere) < 0)
		return;
	stage->in_turns = on;
	for (int i = 0; i < stage->n; i++)
		rt_process_place(&stage->process[i]);
}
