/*
 * The way past lines that nobody sees: a jump to a step in the middle. One look walks the kernel's
 * hash tables and takes as long as ten calls, so none is taken: not for an expect line, and not to
 * see that no FIN is on its way. On lo it has nearly always arrived when the call returns: the
 * receive path runs at the end of the send. Where it has not, because the machine is busy, a call
 * can come out otherwise; so any that does not come out as the lesson says makes the engine begin
 * again, and look.
 */
#include "lesson/engine_private.h"

void rt_engine_jump(struct rt_engine *engine, size_t position, size_t shown)
{
	rt_engine_go(engine, position);
	if (engine->replay_to < engine->target)
		engine->replay_to = engine->target;
	engine->shown = shown;
	engine->unmarked = true;
}

bool rt_engine_has_passed(const struct rt_engine *engine, size_t line)
{
	for (size_t i = line; i < engine->shown && i < engine->position; i++)
		if (engine->line[i].kind == RT_LINE_EXPECT && engine->outcome[i].how == RT_NOT_RUN)
			return true;
	return false;
}

bool rt_engine_is_passing(const struct rt_engine *engine)
{
	return engine->position < engine->shown;
}

bool rt_engine_pass(struct rt_engine *engine)
{
	if (!rt_engine_is_passing(engine) || engine->line[engine->position].kind != RT_LINE_EXPECT)
		return false;
	engine->phase = RT_AT_SETTLE;
	return true;
}

bool rt_engine_distrust(struct rt_engine *engine)
{
	const struct rt_outcome *outcome = rt_engine_current(engine);

	if (!rt_engine_is_passing(engine) || outcome->how == RT_NOT_RUN ||
	    outcome->how == RT_RECORDED || outcome->as_wanted)
		return false;
	rt_engine_rebuild_to(engine, engine->target);
	return true;
}

void rt_engine_take_turns(struct rt_engine *engine)
{
	bool on = engine->state == RT_ENGINE_BUSY && rt_engine_replaying(engine);

	if (!engine->world || !engine->world->ops->take_turns || engine->in_turns == on)
		return;
	engine->in_turns = on;
	engine->world->ops->take_turns(engine->world->self, on);
}
