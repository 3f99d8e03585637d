/*
 * Gates: what a step, a block or a line of a lesson needs of the machine, as in `when several-uids`
 * or `when linux >= 6.18`. One table names the features, how the world looks for each, and what is
 * said where one is missing. What a machine cannot run is not run: the result that the lesson
 * states is shown as recorded, with the reason.
 */
#ifndef RT_LESSON_GATE_H
#define RT_LESSON_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* How a feature is looked for. */
enum rt_gate_probe {
	RT_GATE_LINUX,	/* uname(2) gives at least a version: no row of the table */
	RT_GATE_UIDS,	/* the stage has more than one uid */
	RT_GATE_BOUND,	/* sock_diag shows a TCP socket that is bound and nothing else */
	RT_GATE_IPV6,	/* an AF_INET6 socket can be had, and lo has ::1 */
	RT_GATE_PACKET, /* an AF_PACKET socket can be had */
	RT_GATE_SYSCTL, /* the file stands in /proc/sys of the stage, and can be written */
};

/* One row of the table. */
struct rt_gate {
	const char *word;    /* "several-uids"; "" for a version */
	const char *arg;     /* SYSCTL: "net.ipv4.tcp_migrate_req" */
	const char *missing; /* N_(): what it means that it is not there */
	const char *remedy;  /* N_(): what older kernels do, or how to get it */
	enum rt_gate_probe probe;
	uint32_t version; /* LINUX: at least, 6.18 is 6 << 16 | 18 */
};

/* What must be there, all of it. An empty one lets everything through. */
struct rt_gates {
	uint32_t features; /* bit i: row i of the table */
	uint32_t version;  /* linux >=; 0: any */
};

/* The rows; *n is how many, at most 32. */
const struct rt_gate *rt_gate_table(size_t *n);

/* Adds what other asks for. */
void rt_gates_add(struct rt_gates *gates, const struct rt_gates *other);

bool rt_gates_any(const struct rt_gates *gates);

/* Whether all that gates asks for is in `in` too. */
bool rt_gates_within(const struct rt_gates *gates, const struct rt_gates *in);

/*
 * Asks probe for each gate in turn: it returns 0 where the feature is there, else an errno that
 * tells why not. The first that is missing is copied to *first, with its errno in *sys. Returns
 * whether all are there.
 */
bool rt_gates_open(const struct rt_gates *gates,
		   int (*probe)(void *ctx, const struct rt_gate *gate), void *ctx,
		   struct rt_gate *first, int *sys);

/*
 * Adds why a line behind that gate was not run: "needs several uids; the stage has one (...)".
 * sys is what the probe gave.
 */
void rt_gate_why(const struct rt_gate *gate, int sys, struct rt_str *out);

/* "6.18.44-amd64" as 6 << 16 | 18; 0 where it cannot be read. */
uint32_t rt_gate_version(const char *release);

#endif
