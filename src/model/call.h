/*
 * The words of the lesson language: calls, socket options, constants. Tables, and the value that
 * one written call is. What a call does in the kernel stands in src/stage/run_*.c; how it is read
 * from text in src/lesson/script.c.
 */
#ifndef RT_MODEL_CALL_H
#define RT_MODEL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/addr.h"
#include "model/order.h"
#include "model/row.h"

enum rt_call_id {
#define RT_CALL(id, name, by, signature, result, run, help) RT_CALL_##id,
#include "model/call.def"
#undef RT_CALL
	RT_CALLS
};

enum rt_call_by { RT_BY_ACTOR, RT_BY_STAGE, RT_BY_TUTOR };

enum rt_call_result {
	RT_GIVES_ZERO,
	RT_GIVES_FD,
	RT_GIVES_SIZE,
	RT_GIVES_DATA,
	RT_GIVES_ADDR,
	RT_GIVES_VALUE,
	RT_GIVES_ACTOR
};

/* The kinds of arguments; each has one word in a signature. */
enum rt_arg_kind {
	RT_ARG_FD,	/* fd: a name that an earlier line gave to a descriptor of this process */
	RT_ARG_ADDRESS, /* address: 127.0.0.1:8000, or a name that getsockname gave */
	RT_ARG_INT,	/* int */
	RT_ARG_DATA,	/* data: "bytes", with the escapes of C */
	RT_ARG_FAMILY,	/* family: AF_INET, AF_INET6 */
	RT_ARG_TYPE,	/* type: SOCK_STREAM, SOCK_DGRAM, with |SOCK_NONBLOCK and |SOCK_CLOEXEC */
	RT_ARG_OPTION,	/* option: a row of sockopt.def */
	RT_ARG_VALUE,	/* value: in the form of the option before it */
	RT_ARG_FLAGS,	/* flags: MSG_..., joined by | */
	RT_ARG_HOW,	/* how: SHUT_RD, SHUT_WR, SHUT_RDWR */
	RT_ARG_COMMAND, /* command: F_GETFD, F_SETFD, F_GETFL, F_SETFL */
	RT_ARG_FDFLAGS, /* fdflags: FD_CLOEXEC, O_NONBLOCK or a number */
	RT_ARG_PROCESS, /* process: the name of a process */
	RT_ARG_SIGNAL,	/* signal: SIGKILL, SIGTERM, SIGINT, SIGHUP */
	RT_ARG_SYSCTL,	/* sysctl: net.ipv4.NAME or net.ipv6.NAME */
	RT_ARG_TEXT,	/* text: a bare value, as for a sysctl: 1, or "40000 40003" */
	RT_ARG_ROW,	/* row: PROTO LOCAL [-> PEER] [STATE] [owner NAME] */
	RT_ARG_NO,	/* no: the word `no` */
	RT_ARG_FORGERY, /* forgery: replay, next, rst */
	RT_ARG_KINDS
};

enum { RT_ARGS_MAX = 4 };

/* What inject sends. */
enum rt_forgery {
	RT_FORGE_REPLAY, /* the first captured segment with data, as it was */
	RT_FORGE_NEXT,	 /* the same data with the sequence number that is expected next */
	RT_FORGE_RST,	 /* a RST with that number */
};

struct rt_call_spec {
	const char *name;
	enum rt_call_by by;
	enum rt_call_result gives;
	const char *signature; /* "fd option value", "fd [int]" */
	const char *help;      /* N_(): translate with _() */
	uint8_t n_args, n_required;
	uint8_t arg[RT_ARGS_MAX];	/* enum rt_arg_kind */
	bool arg_optional[RT_ARGS_MAX]; /* [kind] */
};

/* One argument of a written call. Which member counts follows from its kind. */
struct rt_arg {
	bool given;   /* false for an optional argument that was left out */
	bool is_name; /* ADDRESS: `name` names an address that an earlier getsockname gave */
	/*
	 * INT, FAMILY, TYPE, FLAGS, HOW, COMMAND, FDFLAGS, SIGNAL, FORGERY; OPTION: index into
	 * the options;
	 * FD: which of the descriptors that the name stands for, from 1; 0: it stands for one
	 */
	int64_t number;
	char name[RT_WORD_MAX]; /* FD, PROCESS, SYSCTL; ADDRESS by name */
	struct rt_addr addr;	/* ADDRESS */
	uint8_t *data;		/* owned. DATA, TEXT; VALUE: the bytes for setsockopt */
	size_t data_len;
	struct rt_row_pattern *row; /* ROW: owned */
};

/* A call as it is written: `new: n = socket(AF_INET, SOCK_STREAM)`. */
struct rt_call {
	enum rt_call_id id;
	char actor[RT_NAME_MAX];  /* "" for calls of the stage and the tutor */
	char assign[RT_NAME_MAX]; /* "" where the result gets no name */
	/*
	 * `10 x`: made so many times. Then assign names that many descriptors, assign[1] ..., and a
	 * name that stands for several means the next one each time, the one of its number first. 0
	 * for a call that is made once.
	 */
	int repeat;
	struct rt_arg arg[RT_ARGS_MAX];
};

void rt_call_fini(struct rt_call *call);
void rt_call_copy(struct rt_call *to, const struct rt_call *from);

/*
 * The row of the table; id must be below RT_CALLS. Never NULL. The second finds it by name, or
 * returns NULL.
 */
const struct rt_call_spec *rt_call_spec(enum rt_call_id id);
const struct rt_call_spec *rt_call_find(const char *name, size_t len, enum rt_call_id *id);

/*
 * Whether it may end a socket, or one direction of its connection: a FIN may leave then. close,
 * shutdown, exit, exec, kill and SOCK_DESTROY.
 */
bool rt_call_ends_sockets(enum rt_call_id id);

/* The word that stands for a kind in a signature, "address". */
const char *rt_arg_kind_name(enum rt_arg_kind kind);

/*
 * Adds the call as strace would print it: `n = socket(AF_INET, SOCK_STREAM)`, without the actor and
 * without a result. with_assign: whether `10 x` and `n = ` stand before it.
 */
void rt_call_format(const struct rt_call *call, bool with_assign, struct rt_str *out);

/* The name of one of the descriptors that name stands for, "c[3]"; name itself for index 0. */
const char *rt_member_name(const char *name, int64_t index, char member[RT_NAME_MAX]);

/* Adds data as a C string in double quotes; every byte that is not printable ASCII is escaped. */
void rt_data_format(const void *data, size_t len, struct rt_str *out);

/* --- socket options --------------------------------------------------------------------------- */

enum rt_value_form {
	RT_FORM_INT,
	RT_FORM_LINGER,
	RT_FORM_MEMBERSHIP,
	RT_FORM_ADDRESS,
	RT_FORM_INDEX, /* a number, which the process makes a classic BPF program of */
};

struct rt_sockopt {
	const char *name;
	int level;
	int option;
	enum rt_value_form form;
};

/* All of them; *n is how many. */
const struct rt_sockopt *rt_sockopts(size_t *n);

/* --- constants -------------------------------------------------------------------------------- */

/*
 * A symbolic constant that may stand where an argument of kind stands: {RT_ARG_HOW, "SHUT_WR",
 * SHUT_WR}.
 */
struct rt_constant {
	enum rt_arg_kind kind;
	const char *name;
	int value;
	bool combines; /* a bit: joined to others with |. At most one that is none stands there */
};

const struct rt_constant *rt_constants(size_t *n);

#endif
