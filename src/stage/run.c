#include "stage/run.h"

#include "stage/actor.h"
#include "stage/stage.h"

static const struct {
	rt_run_fn *run;
	enum rt_call_by by;
} calls[RT_CALLS] = {
#define RT_CALL(id, name, by, signature, result, run, help) [RT_CALL_##id] = {run, RT_BY_##by},
#include "model/call.def"
#undef RT_CALL
};

rt_run_fn *rt_run_find(uint32_t call)
{
	if (call == RT_STAGE_DESTROY)
		return rt_run_destroy;
	/* init has no descriptor but its channel, so what it forks has none either. */
	if (call == RT_STAGE_SPAWN)
		return rt_run_fork;
	return call < RT_CALLS ? calls[call].run : NULL;
}

int rt_run_allowed(uint32_t call, int is_init)
{
	if (call < RT_CALLS)
		return calls[call].by == (is_init ? RT_BY_STAGE : RT_BY_ACTOR);
	return is_init;
}
