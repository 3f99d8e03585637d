#include "model/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

/* --- the table of calls ----------------------------------------------------------------------- */

#define WORD_FD "fd"
#define WORD_ADDRESS "address"
#define WORD_INT "int"
#define WORD_DATA "data"
#define WORD_FAMILY "family"
#define WORD_TYPE "type"
#define WORD_OPTION "option"
#define WORD_VALUE "value"
#define WORD_FLAGS "flags"
#define WORD_HOW "how"
#define WORD_COMMAND "command"
#define WORD_FDFLAGS "fdflags"
#define WORD_PROCESS "process"
#define WORD_SIGNAL "signal"
#define WORD_SYSCTL "sysctl"
#define WORD_TEXT "text"
#define WORD_ROW "row"
#define WORD_NO "no"
#define WORD_FORGERY "forgery"

static const char *const kind_words[RT_ARG_KINDS] = {
	[RT_ARG_FD] = WORD_FD,		 [RT_ARG_ADDRESS] = WORD_ADDRESS,
	[RT_ARG_INT] = WORD_INT,	 [RT_ARG_DATA] = WORD_DATA,
	[RT_ARG_FAMILY] = WORD_FAMILY,	 [RT_ARG_TYPE] = WORD_TYPE,
	[RT_ARG_OPTION] = WORD_OPTION,	 [RT_ARG_VALUE] = WORD_VALUE,
	[RT_ARG_FLAGS] = WORD_FLAGS,	 [RT_ARG_HOW] = WORD_HOW,
	[RT_ARG_COMMAND] = WORD_COMMAND, [RT_ARG_FDFLAGS] = WORD_FDFLAGS,
	[RT_ARG_PROCESS] = WORD_PROCESS, [RT_ARG_SIGNAL] = WORD_SIGNAL,
	[RT_ARG_SYSCTL] = WORD_SYSCTL,	 [RT_ARG_TEXT] = WORD_TEXT,
	[RT_ARG_ROW] = WORD_ROW,	 [RT_ARG_NO] = WORD_NO,
	[RT_ARG_FORGERY] = WORD_FORGERY,
};

/*
 * A signature has to become five members. The table is read once for each of them, with REQ and OPT
 * meaning what that member needs; a designated initialiser may name the members of one row in
 * several places.
 */
#define NOARGS
#define WITHOUT_BLANK(text) (&(text)[sizeof(text) > 1])

static const struct rt_call_spec call_specs[RT_CALLS] = {
#define REQ(kind) " " WORD_##kind
#define OPT(kind) " [" WORD_##kind "]"
#define RT_CALL(id, call_name, maker, args, result, run, text)                                     \
	[RT_CALL_##id] = {.name = call_name,                                                       \
			  .by = RT_BY_##maker,                                                     \
			  .gives = RT_GIVES_##result,                                              \
			  .signature = WITHOUT_BLANK("" args),                                     \
			  .help = text},
#include "model/call.def"
#undef RT_CALL
#undef REQ
#undef OPT

#define REQ(kind) RT_ARG_##kind,
#define OPT(kind) RT_ARG_##kind,
#define RT_CALL(id, call_name, maker, args, result, run, text) [RT_CALL_##id].arg = {args},
#include "model/call.def"
#undef RT_CALL
#undef REQ
#undef OPT

#define REQ(kind) false,
#define OPT(kind) true,
#define RT_CALL(id, call_name, maker, args, result, run, text) [RT_CALL_##id].arg_optional = {args},
#include "model/call.def"
#undef RT_CALL
#undef REQ
#undef OPT

#define REQ(kind) +1
#define OPT(kind) +1
#define RT_CALL(id, call_name, maker, args, result, run, text) [RT_CALL_##id].n_args = 0 args,
#include "model/call.def"
#undef RT_CALL
#undef OPT

#define OPT(kind)
#define RT_CALL(id, call_name, maker, args, result, run, text) [RT_CALL_##id].n_required = 0 args,
#include "model/call.def"
#undef RT_CALL
#undef REQ
#undef OPT
};

const struct rt_call_spec *rt_call_spec(enum rt_call_id id)
{
	return &call_specs[id];
}

const struct rt_call_spec *rt_call_find(const char *name, size_t len, enum rt_call_id *id)
{
	for (size_t i = 0; i < RT_CALLS; i++) {
		if (strlen(call_specs[i].name) != len || memcmp(call_specs[i].name, name, len) != 0)
			continue;
		if (id)
			*id = (enum rt_call_id)i;
		return &call_specs[i];
	}
	return NULL;
}

bool rt_call_ends_sockets(enum rt_call_id id)
{
	switch (id) {
	case RT_CALL_CLOSE:
	case RT_CALL_SHUTDOWN:
	case RT_CALL_EXIT:
	case RT_CALL_EXEC:
	case RT_CALL_KILL:
	case RT_CALL_DESTROY:
		return true;
	default:
		return false;
	}
}

const char *rt_arg_kind_name(enum rt_arg_kind kind)
{
	return (unsigned)kind < RT_ARG_KINDS ? kind_words[kind] : "?";
}

/* --- the value -------------------------------------------------------------------------------- */

void rt_call_fini(struct rt_call *call)
{
	for (size_t i = 0; i < RT_ARGS_MAX; i++) {
		free(call->arg[i].data);
		free(call->arg[i].row);
	}
	memset(call, 0, sizeof(*call));
}

void rt_call_copy(struct rt_call *to, const struct rt_call *from)
{
	*to = *from;
	for (size_t i = 0; i < RT_ARGS_MAX; i++) {
		struct rt_arg *arg = &to->arg[i];

		if (arg->data)
			arg->data = (uint8_t *)rt_strndup((const char *)arg->data, arg->data_len);
		if (arg->row) {
			arg->row = rt_calloc(1, sizeof(*arg->row));
			*arg->row = *from->arg[i].row;
		}
	}
}
