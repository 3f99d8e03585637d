/*
 * What the tutor sends to a process of the stage, and what comes back: one call with its arguments
 * in the kernel's terms, and its result together with the sockets that the process then holds.
 * Fixed-size values: both ends are the same program.
 */
#ifndef RT_MODEL_ORDER_H
#define RT_MODEL_ORDER_H

#include <stdint.h>

#include "model/addr.h"
#include "model/row.h"

enum {
	RT_DATA_MAX = 1024, /* bytes of one send or recv */
	RT_VALUE_MAX = 64,  /* bytes of one option value */
	RT_FDS_MAX = 512,   /* sockets of one process that are reported */
	RT_WORD_MAX = 64,   /* a sysctl name */
};

struct rt_order {
	uint32_t call;	 /* enum rt_call_id of call.h */
	uint32_t serial; /* comes back in the reply */
	int32_t fd;
	int32_t i[4]; /* the numbers of the call, as its signature has them: domain, type ... */
	int32_t level, option; /* setsockopt, getsockopt */
	/*
	 * Of many calls: the reply tells only of the descriptors that this one was about, fd and the
	 * one that it made.
	 */
	uint32_t brief;
	uint32_t value_len;
	uint8_t value[RT_VALUE_MAX];
	struct rt_addr addr;
	struct rt_addr_pattern local, peer; /* of a row */
	char word[RT_WORD_MAX];		    /* a sysctl's name */
	uint32_t data_len;		    /* of data; for recv: the most to read */
	char data[RT_DATA_MAX];
};

/* One socket of a process. */
struct rt_fd {
	int32_t fd;
	uint32_t inode;
	uint32_t uid;	 /* of the inode: who owns the socket, sock_i_uid() */
	uint64_t cookie; /* SO_COOKIE, the same as sock_diag's; 0 where the kernel gives none */
	uint16_t family;
	uint8_t proto;		     /* enum rt_proto */
	int8_t reuseaddr, reuseport; /* as getsockopt(2) says */
	int8_t v6only;		     /* -1: not IPv6 */
	uint8_t listening;	     /* SO_ACCEPTCONN */
	uint8_t cloexec;
	uint8_t nonblock;	   /* O_NONBLOCK */
	uint8_t freebind, no_port; /* IP_FREEBIND, IP_BIND_ADDRESS_NO_PORT */
	struct rt_addr local;	   /* as getsockname(2) says */
	struct rt_addr peer;	   /* as getpeername(2) says; AF_UNSPEC where there is none */
};

struct rt_reply {
	uint32_t serial;
	int32_t err; /* errno of the call, 0 where it succeeded */
	int64_t ret; /* what the call returned: a descriptor, a length, a pid, an option's value */
	struct rt_addr addr; /* of getsockname, getpeername, accept, recv (sender) */
	uint32_t data_len;
	char data[RT_DATA_MAX]; /* what was read */
	uint32_t brief;		/* as in the order: fd[] is not all that the process holds */
	uint32_t n_fds;
	struct rt_fd fd[RT_FDS_MAX];
};

#endif
