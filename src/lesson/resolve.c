#include "lesson/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/i18n.h"
#include "base/mem.h"

void rt_addr_names_fini(struct rt_addr_names *names)
{
	free(names->name);
	memset(names, 0, sizeof(*names));
}

void rt_addr_names_set(struct rt_addr_names *names, const char *name, const struct rt_addr *addr)
{
	size_t i = 0;

	while (i < names->n && strcmp(names->name[i].name, name) != 0)
		i++;
	if (i == names->n) {
		RT_GROW(names->name, names->n, names->cap);
		snprintf(names->name[names->n++].name, RT_NAME_MAX, "%s", name);
	}
	names->name[i].addr = *addr;
}

const struct rt_addr *rt_addr_names_get(const struct rt_addr_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->name[i].name, name) == 0)
			return &names->name[i].addr;
	return NULL;
}

static int no_address(const char *name, struct rt_error *err)
{
	rt_error_set(err, RT_ERR_FAILED, _("%s names no address here"), name);
	return rt_error_why(
		err, "%s",
		_("the getsockname() or getpeername() that should name it did not succeed"));
}

static int resolve_fd(const struct rt_arg *arg, int run, const struct rt_cast *cast, size_t actor,
		      struct rt_order *order, struct rt_error *err)
{
	char name[RT_NAME_MAX];

	rt_member_name(arg->name, arg->number ? arg->number + run : 0, name);
	order->fd = rt_cast_fd(cast, actor, name);
	/* One of several that was not made: let the kernel say what that is, EBADF. */
	if (order->fd >= 0 || arg->number)
		return 0;
	rt_error_set(err, RT_ERR_FAILED, _("%s has no descriptor %s here"),
		     rt_cast_actor(cast, actor)->name, name);
	return rt_error_why(err, "%s", _("the call that should make it did not return one"));
}

static void resolve_option(const struct rt_arg *arg, struct rt_order *order)
{
	size_t n;
	const struct rt_sockopt *option = rt_sockopts(&n);

	if (arg->number < 0 || (size_t)arg->number >= n)
		return;
	order->level = option[arg->number].level;
	order->option = option[arg->number].option;
}

static void copy_bytes(void *to, size_t size, uint32_t *len, const struct rt_arg *arg)
{
	*len = (uint32_t)(arg->data_len < size ? arg->data_len : size);
	if (*len)
		memcpy(to, arg->data, *len);
}

static int resolve_name(const char *name, const struct rt_addr_names *names,
			struct rt_addr_pattern *out, struct rt_error *err)
{
	const struct rt_addr *addr;

	if (!name[0])
		return 0;
	addr = rt_addr_names_get(names, name);
	if (!addr)
		return no_address(name, err);
	*out = (struct rt_addr_pattern){.addr = *addr};
	return 0;
}

int rt_resolve_row(const struct rt_row_pattern *pattern, const struct rt_addr_names *names,
		   struct rt_row_pattern *out, struct rt_error *err)
{
	*out = *pattern;
	if (resolve_name(pattern->local_name, names, &out->local, err) < 0)
		return -1;
	return resolve_name(pattern->peer_name, names, &out->peer, err);
}

static int resolve_ends(const struct rt_row_pattern *pattern, const struct rt_addr_names *names,
			struct rt_order *order, struct rt_error *err)
{
	struct rt_row_pattern row;

	if (rt_resolve_row(pattern, names, &row, err) < 0)
		return -1;
	order->local = row.local;
	order->peer = row.peer;
	return 0;
}

static int resolve_arg(enum rt_arg_kind kind, const struct rt_arg *arg, int run,
		       const struct rt_cast *cast, size_t actor, const struct rt_addr_names *names,
		       struct rt_order *order, size_t *numbers, struct rt_error *err)
{
	const struct rt_addr *addr;

	switch (kind) {
	case RT_ARG_FD:
		return resolve_fd(arg, run, cast, actor, order, err);
	case RT_ARG_ADDRESS:
		addr = arg->is_name ? rt_addr_names_get(names, arg->name) : &arg->addr;
		if (!addr)
			return no_address(arg->name, err);
		order->addr = *addr;
		return 0;
	case RT_ARG_OPTION:
		resolve_option(arg, order);
		return 0;
	case RT_ARG_VALUE:
		copy_bytes(order->value, sizeof(order->value), &order->value_len, arg);
		return 0;
	case RT_ARG_DATA:
	case RT_ARG_TEXT:
		copy_bytes(order->data, sizeof(order->data), &order->data_len, arg);
		return 0;
	case RT_ARG_ROW:
		return resolve_ends(arg->row, names, order, err);
	case RT_ARG_SYSCTL:
		snprintf(order->word, sizeof(order->word), "%s", arg->name);
		return 0;
	default:
		if (*numbers < RT_COUNT(order->i))
			order->i[(*numbers)++] = arg->given ? (int32_t)arg->number : 0;
		return 0;
	}
}

int rt_resolve_call(const struct rt_call *call, int run, const struct rt_cast *cast, size_t actor,
		    const struct rt_addr_names *names, struct rt_order *order, struct rt_error *err)
{
	const struct rt_call_spec *spec = rt_call_spec(call->id);
	size_t numbers = 0;

	memset(order, 0, sizeof(*order));
	order->call = call->id;
	order->fd = -1;
	for (size_t i = 0; i < spec->n_args; i++)
		if (resolve_arg(spec->arg[i], &call->arg[i], run, cast, actor, names, order,
				&numbers, err) < 0)
			return -1;
	if (call->id == RT_CALL_LISTEN && !call->arg[1].given)
		order->i[0] = SOMAXCONN;
	if (call->id == RT_CALL_RECV)
		order->data_len = RT_DATA_MAX;
	return 0;
}
