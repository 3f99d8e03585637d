/* The script that the engine runs: loaded, exchanged, what is forgotten then, what came of each line. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/engine_private.h"
#include "lesson/tally.h"

void rt_engine_forget_outcomes(struct rt_engine *engine, size_t from)
{
	for (size_t i = from; i < engine->n; i++) {
		free(engine->outcome[i].data);
		free(engine->outcome[i].owners);
		free(engine->outcome[i].why);
		rt_tally_fini(&engine->outcome[i].tally);
		memset(&engine->outcome[i], 0, sizeof(engine->outcome[i]));
	}
}

void rt_engine_forget_stage(struct rt_engine *engine)
{
	engine->staged = false;
	engine->phase = RT_AT_REST;
	engine->destroys = 0;
	engine->replace_now = engine->uncalm = engine->captures = false;
	memset(engine->pending, 0, sizeof(engine->pending));
	rt_cast_clear(engine->cast);
	rt_addr_names_fini(&engine->names);
	rt_snapshot_clear(&engine->now);
	rt_snapshot_clear(&engine->base);
	rt_snapshot_clear(&engine->rest);
}

static bool wants_uids(const struct rt_line *line, size_t n)
{
	size_t rows;
	const struct rt_gate *table = rt_gate_table(&rows);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rows; k++)
			if (line[i].gates.features & UINT32_C(1) << k &&
			    table[k].probe == RT_GATE_UIDS)
				return true;
	return false;
}

void rt_engine_load(struct rt_engine *engine, const struct rt_line *line, size_t n)
{
	if (engine->world)
		engine->world->wants_uids = wants_uids(line, n);
	rt_engine_forget_outcomes(engine, 0);
	free(engine->outcome);
	engine->line = line;
	engine->n = n;
	engine->outcome = rt_calloc(n, sizeof(engine->outcome[0]));
	engine->position = engine->target = engine->replay_to = 0;
	engine->state = RT_ENGINE_IDLE;
	rt_engine_forget_stage(engine);
}

void rt_engine_be_tape(struct rt_engine *engine)
{
	engine->is_tape = true;
}

/* Whether a call of the script is of no use where the stage has one uid. */
static bool changes_uid(const struct rt_line *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (line[i].kind == RT_LINE_CALL &&
		    (line[i].call.id == RT_CALL_SETEUID || line[i].call.id == RT_CALL_FCHOWN))
			return true;
	return false;
}

/* Whether the engine has run, or is running, a line that is not among the first `same`. */
static bool is_beyond(const struct rt_engine *engine, size_t same)
{
	return engine->position > same || (engine->position == same && engine->phase != RT_AT_REST);
}

bool rt_engine_exchange(struct rt_engine *engine, const struct rt_line *line, size_t n, size_t same)
{
	bool uids = wants_uids(line, n) || changes_uid(line, n);
	bool anew = is_beyond(engine, same);

	if (engine->world) {
		anew = anew || (uids && !engine->world->wants_uids && engine->staged);
		engine->world->wants_uids = uids;
	}
	if (anew)
		same = 0;
	rt_engine_forget_outcomes(engine, same);
	engine->line = line;
	engine->n = n;
	engine->outcome = rt_realloc(engine->outcome, n ? n : 1, sizeof(engine->outcome[0]));
	memset(engine->outcome + same, 0, (n - same) * sizeof(engine->outcome[0]));
	for (size_t i = 0; i < same; i++)
		if (engine->outcome[i].stated)
			engine->outcome[i].stated = &line[i];
	if (!anew)
		return true;
	rt_engine_forget_stage(engine);
	engine->position = engine->target = engine->replay_to = 0;
	engine->state = RT_ENGINE_IDLE;
	return false;
}

const struct rt_line *rt_engine_line(const struct rt_engine *engine, size_t line)
{
	return line < engine->n ? &engine->line[line] : NULL;
}

const struct rt_outcome *rt_engine_outcome(const struct rt_engine *engine, size_t line)
{
	static const struct rt_outcome nothing = {.how = RT_NOT_RUN};

	return line < engine->n ? &engine->outcome[line] : &nothing;
}
