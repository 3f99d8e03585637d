/*
 * What a call depends on and no table shows, from the calls that this stage has seen. A stage
 * begins as every network namespace does: 127.0.0.0/8 and ::1, and the kernel's own values of the
 * sysctls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/foresee.h"

/* net.ipv4.ip_unprivileged_port_start, as a namespace begins: ip(7). */
enum { FIRST_FREE_PORT = 1024 };

struct tape {
	const struct rt_engine *engine;
	size_t start, end; /* the lines of this stage, before the call */
	struct rt_foresight *out;
	uint16_t first_free_port;
};

/* The call that has succeeded at line i, or NULL. Of a repetition: where one run may have. */
static const struct rt_call *done(const struct tape *tape, size_t i)
{
	const struct rt_line *line = rt_engine_line(tape->engine, i);
	const struct rt_outcome *outcome = rt_engine_outcome(tape->engine, i);

	if (line->kind != RT_LINE_CALL || outcome->how == RT_NOT_RUN || outcome->how == RT_UNABLE ||
	    outcome->how == RT_RECORDED || outcome->err)
		return NULL;
	return &line->call;
}

/* --- sysctls and addresses -------------------------------------------------------------------- */

static void set_range(struct tape *tape, const char *value)
{
	unsigned low, high;

	if (sscanf(value, "%u %u", &low, &high) != 2 || low > high || high > UINT16_MAX)
		return;
	tape->out->net.port_lo = (uint16_t)low;
	tape->out->net.port_hi = (uint16_t)high;
}

static void set_autobind(struct tape *tape, const char *value)
{
	tape->out->net.autobind_reuse = atoi(value) != 0;
}

static void set_tw_reuse(struct tape *tape, const char *value)
{
	tape->out->net.no_tw_reuse = atoi(value) == 0;
}

static void set_timestamps(struct tape *tape, const char *value)
{
	tape->out->net.no_timestamps = atoi(value) == 0;
}

static void set_first_port(struct tape *tape, const char *value)
{
	tape->first_free_port = (uint16_t)atoi(value);
}

static void set_nonlocal(struct tape *tape, const char *value)
{
	tape->out->query.freebind |= atoi(value) != 0;
}

static const struct {
	const char *name;
	void (*set)(struct tape *tape, const char *value);
} sysctls[] = {
	{"net.ipv4.ip_local_port_range", set_range},
	{"net.ipv4.ip_autobind_reuse", set_autobind},
	{"net.ipv4.tcp_tw_reuse", set_tw_reuse},
	{"net.ipv4.tcp_timestamps", set_timestamps},
	{"net.ipv4.ip_unprivileged_port_start", set_first_port},
	{"net.ipv4.ip_nonlocal_bind", set_nonlocal},
};

static void take_sysctl(struct tape *tape, const struct rt_call *call)
{
	char value[RT_WORD_MAX];

	snprintf(value, sizeof(value), "%.*s", (int)call->arg[1].data_len,
		 (const char *)call->arg[1].data);
	for (size_t i = 0; i < RT_COUNT(sysctls); i++)
		if (strcmp(sysctls[i].name, call->arg[0].name) == 0)
			sysctls[i].set(tape, value);
}

static void take_address(struct tape *tape, const struct rt_call *call)
{
	size_t n = tape->out->net.n_local;

	if (call->arg[0].is_name)
		return; /* one that a socket has is known */
	tape->out->local = rt_realloc(tape->out->local, n + 1, sizeof(tape->out->local[0]));
	tape->out->local[n] = call->arg[0].addr;
	tape->out->net.local = tape->out->local;
	tape->out->net.n_local = n + 1;
}

/* --- privileges ------------------------------------------------------------------------------- */

/*
 * Whether the process has given up the stage's root: with it goes CAP_NET_BIND_SERVICE. A child
 * begins as its parent was: fork(2), capabilities(7).
 */
static bool is_privileged(const struct tape *tape, const char *actor)
{
	for (size_t i = tape->end; i-- > tape->start;) {
		const struct rt_call *call = done(tape, i);

		if (!call)
			continue;
		if (call->id == RT_CALL_FORK && strcmp(call->assign, actor) == 0)
			actor = call->actor;
		else if (call->id == RT_CALL_SETEUID && strcmp(call->actor, actor) == 0)
			return call->arg[0].number == 0;
	}
	return true;
}

/* --- the cache of a port ---------------------------------------------------------------------- */

static bool is_of_port_option(const struct rt_call *call)
{
	size_t n;
	const struct rt_sockopt *option = rt_sockopts(&n);

	return call->id == RT_CALL_SETSOCKOPT &&
	       option[call->arg[1].number].option == SO_REUSEPORT &&
	       option[call->arg[1].number].level == SOL_SOCKET;
}

/* Whether the descriptor of that name had a port before line `end`. Names of two processes count as one. */
static bool was_bound(const struct tape *tape, size_t end, const char *name)
{
	for (size_t i = end; i-- > tape->start;) {
		const struct rt_call *call = done(tape, i);

		if (!call)
			continue;
		if (strcmp(call->assign, name) == 0)
			return call->id == RT_CALL_ACCEPT;
		if (rt_foresee_is_judged(rt_engine_line(tape->engine, i)) &&
		    strcmp(call->arg[0].name, name) == 0)
			return true;
	}
	return false;
}

/* Some socket of this stage had SO_REUSEPORT when it was bound, and has it no more, or is gone. */
static bool has_past(const struct tape *tape)
{
	bool used = false;

	for (size_t i = tape->start; i < tape->end; i++) {
		const struct rt_call *call = done(tape, i);

		if (!call)
			continue;
		if (used && rt_call_ends_sockets(call->id))
			return true;
		if (!is_of_port_option(call))
			continue;
		used = true;
		if (was_bound(tape, i, call->arg[0].name))
			return true;
	}
	return false;
}

static bool begins_stage(const struct rt_engine *engine, size_t i)
{
	const struct rt_line *line = rt_engine_line(engine, i);

	return line && line->fresh;
}

/* --- all -------------------------------------------------------------------------------------- */

void rt_foresee_tape(const struct rt_engine *engine, size_t line, const char *actor,
		     struct rt_foresight *foresight)
{
	static const struct rt_addr none;
	struct tape tape = {.engine = engine,
			    .start = line,
			    .end = line,
			    .out = foresight,
			    .first_free_port = FIRST_FREE_PORT};

	while (tape.start > 0 && !begins_stage(engine, tape.start))
		tape.start--;
	/* Not NULL: all addresses of a stage are known. */
	foresight->net = (struct rt_rules_net){.local = &none};
	for (size_t i = tape.start; i < tape.end; i++) {
		const struct rt_call *call = done(&tape, i);

		if (call && call->id == RT_CALL_SYSCTL)
			take_sysctl(&tape, call);
		else if (call && call->id == RT_CALL_ADDRESS)
			take_address(&tape, call);
	}
	if (!is_privileged(&tape, actor))
		foresight->net.unprivileged_from = tape.first_free_port;
	foresight->query.past_unknown = has_past(&tape);
}
