/* Private to lesson/: whether a stage has a feature of gate.h. */
#ifndef RT_LESSON_WORLD_PROBE_H
#define RT_LESSON_WORLD_PROBE_H

#include "lesson/gate.h"

struct rt_stage;

/*
 * Looks for the feature in a stage that runs, up to some 20 ms: 0 where it is there, else an errno.
 * Where that cannot be told it counts as there: the line that needs it then says itself what is
 * wrong.
 */
int rt_world_probe(const struct rt_stage *stage, const struct rt_gate *gate);

#endif
