/*
 * The kernel's own view of its sockets: sock_diag(7) over netlink. Three functions: ask, and make
 * or check the one request that changes something. TCP and UDP, IPv4 and IPv6; the only place that
 * knows netlink.
 */
#ifndef RT_DIAG_DIAG_H
#define RT_DIAG_DIAG_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/snapshot.h"

struct rt_diag;

/*
 * Talks over fd, a NETLINK_SOCK_DIAG socket, which decides the network namespace; fd is borrowed:
 * close it after rt_diag_free(). With fd -1 it opens one in the namespace of the caller.
 */
struct rt_diag *rt_diag_new(int fd, struct rt_error *err);
void rt_diag_free(struct rt_diag *diag);

/*
 * The descriptor to poll: readable means that the kernel destroyed a socket since the first
 * rt_diag_snapshot(), so a new one is due. It is never readable on a kernel before 4.5.
 */
int rt_diag_event_fd(const struct rt_diag *diag);

/* Reads and forgets what stands ready on rt_diag_event_fd(). */
void rt_diag_drain_events(struct rt_diag *diag);

/*
 * All sockets of the namespace (TCP and UDP, IPv4 and IPv6), every state, the bound-only TCP
 * sockets of Linux 6.8 included (state RT_BOUND). Fills rows with what sock_diag knows; names,
 * owners and socket options are the caller's to add. Not atomic across the tables of the kernel.
 * *snapshot is cleared first, and sorted. Returns 0 or -1.
 */
int rt_diag_snapshot(struct rt_diag *diag, struct rt_snapshot *snapshot, struct rt_error *err);

/*
 * One protocol and family (IPPROTO_TCP or IPPROTO_UDP, AF_INET or AF_INET6), added to *snapshot
 * unsorted; TCP also with AF_UNSPEC, which is both families in one walk of the kernel's tables.
 * states is a mask of 1 << enum rt_state. port, if not 0, is filtered in the kernel by
 * INET_DIAG_REQ_BYTECODE: local or peer.
 */
int rt_diag_dump(struct rt_diag *diag, int family, int protocol, uint32_t states, uint16_t port,
		 struct rt_snapshot *snapshot, struct rt_error *err);

/*
 * The sockets of one protocol whose local port is port, of both families, in every state. The
 * kernel leaves out all others, so that a host with many sockets costs little. *snapshot is cleared
 * first, and sorted. Returns 0 or -1.
 */
int rt_diag_port(struct rt_diag *diag, enum rt_proto proto, uint16_t port,
		 struct rt_snapshot *snapshot, struct rt_error *err);

/*
 * Parses the payload of one SOCK_DIAG_BY_FAMILY message of len bytes (any bytes: it may be cut or
 * hostile) into *row. Returns 0, or -1 where it is no struct inet_diag_msg.
 */
int rt_diag_parse(const void *payload, size_t len, enum rt_proto proto, struct rt_row *row);

/*
 * Writes the netlink message that makes the kernel end the socket of row (SOCK_DESTROY, Linux 4.5)
 * into buf of size bytes. Who sends it needs CAP_NET_ADMIN over the network namespace. Returns its
 * length, or 0 where size is too small.
 */
size_t rt_diag_destroy_request(const struct rt_row *row, void *buf, size_t size);

#endif
