/*
 * What the calls of the table do, inside a process of the stage. Nothing here runs in the tutor.
 */
#ifndef RT_STAGE_RUN_H
#define RT_STAGE_RUN_H

#include "model/call.h"
#include "model/order.h"

/*
 * Makes the call of order and fills ret, err, addr and data of *reply. *pass is a descriptor for
 * the tutor (the channel of a forked child), -1 at the start. Must not call anything but what order
 * says.
 */
typedef void rt_run_fn(const struct rt_order *order, struct rt_reply *reply, int *pass);

/* The function of a call, or NULL where the tutor makes it. */
rt_run_fn *rt_run_find(uint32_t call);

#define RT_CALL(id, name, by, signature, result, run, help) RT_RUN_##by(run)
#define RT_RUN_ACTOR(run) rt_run_fn run;
#define RT_RUN_STAGE(run) rt_run_fn run;
#define RT_RUN_TUTOR(run)
#include "model/call.def"
#undef RT_RUN_ACTOR
#undef RT_RUN_STAGE
#undef RT_RUN_TUTOR
#undef RT_CALL

#endif
