/*
 * From a call as it is written to the order that a process gets: names become descriptors and
 * addresses.
 */
#ifndef RT_LESSON_RESOLVE_H
#define RT_LESSON_RESOLVE_H

#include "lesson/lesson.h"
#include "model/cast.h"
#include "model/order.h"

/* The addresses that getsockname and getpeername named on this stage. */
struct rt_addr_names {
	struct rt_addr_name {
		char name[RT_NAME_MAX];
		struct rt_addr addr;
	} * name;
	size_t n, cap;
};

void rt_addr_names_fini(struct rt_addr_names *names);
void rt_addr_names_set(struct rt_addr_names *names, const char *name, const struct rt_addr *addr);
const struct rt_addr *rt_addr_names_get(const struct rt_addr_names *names, const char *name);

/*
 * Fills *order from call, of a repetition from its run of that number, from 0. actor is the index of
 * its process in cast (ignored for calls of the stage). Returns 0, or -1 where a name has no value on this stage, because the line that should
 * have made it failed: err says which.
 */
int rt_resolve_call(const struct rt_call *call, int run, const struct rt_cast *cast, size_t actor,
		    const struct rt_addr_names *names, struct rt_order *order,
		    struct rt_error *err);

/* *out is pattern with the named addresses put in. Returns 0 or -1, as above. */
int rt_resolve_row(const struct rt_row_pattern *pattern, const struct rt_addr_names *names,
		   struct rt_row_pattern *out, struct rt_error *err);

#endif
