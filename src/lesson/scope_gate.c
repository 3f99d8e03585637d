/*
 * Gates follow names: a line that uses what a gated line made cannot run where that one did not.
 * What is kept is the gates of the line that made each process, descriptor and address.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/scope.h"

struct rt_gated_name {
	char actor[RT_NAME_MAX]; /* "" for an address, which all processes know */
	char name[RT_NAME_MAX];	 /* "" for the process itself */
	struct rt_gates gates;
};

static struct rt_gated_name *find(const struct rt_gated *gated, const char *actor, const char *name)
{
	for (size_t i = 0; i < gated->n; i++)
		if (strcmp(gated->name[i].actor, actor) == 0 &&
		    strcmp(gated->name[i].name, name) == 0)
			return &gated->name[i];
	return NULL;
}

/* The last line that made a name is the one that counts. */
static void set(struct rt_gated *gated, const char *actor, const char *name,
		const struct rt_gates *gates)
{
	struct rt_gated_name *known = find(gated, actor, name);

	if (!known) {
		RT_GROW(gated->name, gated->n, gated->cap);
		known = &gated->name[gated->n++];
		memset(known, 0, sizeof(*known));
		strncpy(known->actor, actor, sizeof(known->actor) - 1);
		strncpy(known->name, name, sizeof(known->name) - 1);
	}
	known->gates = *gates;
}

static void add(const struct rt_gated *gated, const char *actor, const char *name,
		struct rt_gates *gates)
{
	const struct rt_gated_name *known = find(gated, actor, name);

	if (known)
		rt_gates_add(gates, &known->gates);
}

static void add_row(const struct rt_gated *gated, const struct rt_row_pattern *row,
		    struct rt_gates *gates)
{
	if (row->local_name[0])
		add(gated, "", row->local_name, gates);
	if (row->peer_name[0])
		add(gated, "", row->peer_name, gates);
	for (size_t i = 0; i < row->n_owners; i++)
		add(gated, row->owner[i], "", gates);
}

static void add_arg(const struct rt_gated *gated, const char *actor, enum rt_arg_kind kind,
		    const struct rt_arg *arg, struct rt_gates *gates)
{
	if (!arg->given)
		return;
	if (kind == RT_ARG_FD)
		add(gated, actor, arg->name, gates);
	else if (kind == RT_ARG_PROCESS)
		add(gated, arg->name, "", gates);
	else if (kind == RT_ARG_ADDRESS && arg->is_name)
		add(gated, "", arg->name, gates);
	else if (arg->row)
		add_row(gated, arg->row, gates);
}

void rt_gated_add(const struct rt_gated *gated, struct rt_line *line)
{
	const struct rt_call_spec *spec = rt_call_spec(line->call.id);

	rt_gates_add(&line->gates, &gated->block);
	if (line->kind == RT_LINE_EXPECT) {
		add_row(gated, &line->expect.row, &line->gates);
		return;
	}
	if (line->call.actor[0])
		add(gated, line->call.actor, "", &line->gates);
	for (size_t i = 0; i < spec->n_args; i++)
		add_arg(gated, line->call.actor, (enum rt_arg_kind)spec->arg[i], &line->call.arg[i],
			&line->gates);
}

/* The child has the descriptors of its parent, with the gates that these have. */
static void fork_names(struct rt_gated *gated, const char *parent, const char *child)
{
	for (size_t i = 0, n = gated->n; i < n; i++) {
		struct rt_gated_name copy = gated->name[i];

		if (copy.name[0] && strcmp(copy.actor, parent) == 0)
			set(gated, child, copy.name, &copy.gates);
	}
}

void rt_gated_apply(struct rt_gated *gated, const struct rt_line *line)
{
	const struct rt_call *call = &line->call;

	if (line->kind != RT_LINE_CALL || !call->actor[0])
		return;
	/* Started by its first line, whatever the others are. */
	if (!find(gated, call->actor, ""))
		set(gated, call->actor, "", &line->gates);
	if (!call->assign[0] || line->want.kind == RT_WANT_ERRNO)
		return;
	switch (rt_call_spec(call->id)->gives) {
	case RT_GIVES_FD:
		set(gated, call->actor, call->assign, &line->gates);
		break;
	case RT_GIVES_ADDR:
		set(gated, "", call->assign, &line->gates);
		break;
	case RT_GIVES_ACTOR:
		set(gated, call->assign, "", &line->gates);
		fork_names(gated, call->actor, call->assign);
		break;
	default:
		break;
	}
}

void rt_gated_clear(struct rt_gated *gated)
{
	gated->n = 0;
}

void rt_gated_fini(struct rt_gated *gated)
{
	free(gated->name);
	memset(gated, 0, sizeof(*gated));
}
