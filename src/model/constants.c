/*
 * Socket options and symbolic constants: the tables behind the names, and the way back from a
 * number to its names.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "model/call.h"
#include "model/constants.h"

static const struct rt_sockopt sockopts[] = {
#define RT_SOCKOPT(name, level, form) {#name, level, name, RT_FORM_##form},
#include "model/sockopt.def"
#undef RT_SOCKOPT
};

#define ONE(kind, name)                                                                            \
	{                                                                                          \
		RT_ARG_##kind, #name, (int)(name), false                                           \
	}
#define BIT(kind, name)                                                                            \
	{                                                                                          \
		RT_ARG_##kind, #name, (int)(name), true                                            \
	}

#define WORD(word, name)                                                                           \
	{                                                                                          \
		RT_ARG_FORGERY, #word, RT_FORGE_##name, false                                      \
	}

static const struct rt_constant constants[] = {
	ONE(FAMILY, AF_INET),	  ONE(FAMILY, AF_INET6),    ONE(TYPE, SOCK_STREAM),
	ONE(TYPE, SOCK_DGRAM),	  BIT(TYPE, SOCK_NONBLOCK), BIT(TYPE, SOCK_CLOEXEC),
	BIT(FLAGS, MSG_DONTWAIT), BIT(FLAGS, MSG_PEEK),	    BIT(FLAGS, MSG_WAITALL),
	BIT(FLAGS, MSG_NOSIGNAL), BIT(FLAGS, MSG_TRUNC),    BIT(FLAGS, MSG_OOB),
	ONE(HOW, SHUT_RD),	  ONE(HOW, SHUT_WR),	    ONE(HOW, SHUT_RDWR),
	ONE(COMMAND, F_GETFD),	  ONE(COMMAND, F_SETFD),    ONE(COMMAND, F_GETFL),
	ONE(COMMAND, F_SETFL),	  BIT(FDFLAGS, FD_CLOEXEC), BIT(FDFLAGS, O_NONBLOCK),
	ONE(SIGNAL, SIGKILL),	  ONE(SIGNAL, SIGTERM),	    ONE(SIGNAL, SIGINT),
	ONE(SIGNAL, SIGHUP),	  WORD(replay, REPLAY),	    WORD(next, NEXT),
	WORD(rst, RST),
};

const struct rt_sockopt *rt_sockopts(size_t *n)
{
	*n = RT_COUNT(sockopts);
	return sockopts;
}

const struct rt_constant *rt_constants(size_t *n)
{
	*n = RT_COUNT(constants);
	return constants;
}

/* The bits of kind that combine, all together. */
static int64_t bits_of(enum rt_arg_kind kind)
{
	int64_t bits = 0;

	for (size_t i = 0; i < RT_COUNT(constants); i++)
		if (constants[i].kind == kind && constants[i].combines)
			bits |= constants[i].value;
	return bits;
}

static const char *name_of(enum rt_arg_kind kind, int64_t value)
{
	for (size_t i = 0; i < RT_COUNT(constants); i++)
		if (constants[i].kind == kind && !constants[i].combines &&
		    constants[i].value == value)
			return constants[i].name;
	return NULL;
}

void rt_constant_format(enum rt_arg_kind kind, int64_t value, struct rt_str *out)
{
	int64_t bits = value & bits_of(kind), rest = value & ~bits;
	const char *name = name_of(kind, rest), *bar = "";

	if (name) {
		rt_str_add(out, name);
		bar = "|";
	} else if (rest || !bits) {
		rt_str_addf(out, "%lld", (long long)rest);
		bar = "|";
	}
	for (size_t i = 0; i < RT_COUNT(constants) && bits; i++) {
		if (constants[i].kind != kind || !constants[i].combines ||
		    !(bits & constants[i].value))
			continue;
		rt_str_addf(out, "%s%s", bar, constants[i].name);
		bar = "|";
	}
}
