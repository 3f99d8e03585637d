/* Private to diag/: what is sent. sock_diag(7); net/ipv4/inet_diag.c for the filter program. */
#ifndef RT_DIAG_REQUEST_H
#define RT_DIAG_REQUEST_H

#include <linux/inet_diag.h>
#include <stdint.h>

struct nl_msg;

enum { RT_PORT_FILTER_OPS = 9, RT_LOCAL_FILTER_OPS = 4 };

/*
 * A dump request as rt_diag_dump() documents it, without a sequence number. NULL without memory;
 * nlmsg_free() it.
 *
 * The kernel walks all its TCP tables for one family as for both, and 20,000 TIME_WAIT records make
 * that walk 4 ms long. The newer request (SOCK_DIAG_BY_FAMILY) cannot ask for both: AF_UNSPEC gives
 * ENOENT. The one before it, TCPDIAG_GETSOCK, always does (inet_diag_dump_compat()), is as
 * complete, and knows TCP alone.
 */
struct nl_msg *rt_diag_dump_request(int family, int protocol, uint32_t states, uint16_t port);

/*
 * The same of every state, for the sockets whose local port is port (not 0). The port stands in the
 * request twice: the kernel compares that of the socket id first, which halves the walk of a long
 * table, but does not look at it where it walks the bound-only sockets; the filter is asked there.
 */
struct nl_msg *rt_diag_port_request(int family, int protocol, uint16_t port);

#endif
