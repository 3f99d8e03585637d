#include "diag/request.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "diag/diag.h"

/*
 * `local port == p or peer port == p`, for inet_diag_bc_run(). A comparison takes two ops: itself,
 * and the port in `no`. It goes on `yes` or `no` bytes; ending exactly behind the program accepts,
 * four bytes more refuses. S_EQ and D_EQ would be shorter, but older kernels have only these.
 *
 *	 0: local >= p	else 20		20: peer >= p	else refuse
 *	 8: local <= p	else 20		28: peer <= p	else refuse
 *	16: go to 36 (accept)		36: (accept)
 */
static void fill_port_filter(struct inet_diag_bc_op op[RT_PORT_FILTER_OPS], uint16_t port)
{
	op[0] = (struct inet_diag_bc_op){INET_DIAG_BC_S_GE, 8, 20};
	op[2] = (struct inet_diag_bc_op){INET_DIAG_BC_S_LE, 8, 12};
	op[4] = (struct inet_diag_bc_op){INET_DIAG_BC_JMP, 4, 20};
	op[5] = (struct inet_diag_bc_op){INET_DIAG_BC_D_GE, 8, 20};
	op[7] = (struct inet_diag_bc_op){INET_DIAG_BC_D_LE, 8, 12};
	op[1] = op[3] = op[6] = op[8] = (struct inet_diag_bc_op){INET_DIAG_BC_NOP, 0, port};
}

static struct nl_msg *new_request(int type, const void *req, size_t size)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | NLM_F_DUMP);

	if (msg && nlmsg_append(msg, (void *)(uintptr_t)req, size, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/* `local port == p`: as above, with everything else refused. */
static void fill_local_filter(struct inet_diag_bc_op op[RT_LOCAL_FILTER_OPS], uint16_t port)
{
	op[0] = (struct inet_diag_bc_op){INET_DIAG_BC_S_GE, 8, 20};
	op[2] = (struct inet_diag_bc_op){INET_DIAG_BC_S_LE, 8, 12};
	op[1] = op[3] = (struct inet_diag_bc_op){INET_DIAG_BC_NOP, 0, port};
}

/* local: the local port that the socket id asks for, 0 for any. op may be NULL. */
static struct nl_msg *build(int family, int protocol, uint32_t states, uint16_t local,
			    const struct inet_diag_bc_op *op, size_t n)
{
	const struct inet_diag_req both = {.id.idiag_sport = htons(local), .idiag_states = states};
	const struct inet_diag_req_v2 one = {
		.sdiag_family = (uint8_t)family,
		.sdiag_protocol = (uint8_t)protocol,
		.idiag_states = states,
		.id.idiag_sport = htons(local),
	};
	struct nl_msg *msg = family == AF_UNSPEC
				     ? new_request(TCPDIAG_GETSOCK, &both, sizeof(both))
				     : new_request(SOCK_DIAG_BY_FAMILY, &one, sizeof(one));

	if (msg && op && nla_put(msg, INET_DIAG_REQ_BYTECODE, (int)(n * sizeof(*op)), op) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

struct nl_msg *rt_diag_dump_request(int family, int protocol, uint32_t states, uint16_t port)
{
	struct inet_diag_bc_op filter[RT_PORT_FILTER_OPS];

	fill_port_filter(filter, port);
	return build(family, protocol, states, 0, port ? filter : NULL, RT_PORT_FILTER_OPS);
}

struct nl_msg *rt_diag_port_request(int family, int protocol, uint16_t port)
{
	struct inet_diag_bc_op filter[RT_LOCAL_FILTER_OPS];

	fill_local_filter(filter, port);
	return build(family, protocol, UINT32_MAX, port, filter, RT_LOCAL_FILTER_OPS);
}

static void copy_id(__be32 host[4], __be16 *port_be, const struct rt_addr *addr)
{
	*port_be = htons(addr->port);
	if (addr->family == AF_INET)
		memcpy(host, &addr->v4, sizeof(addr->v4));
	else if (addr->family == AF_INET6)
		memcpy(host, &addr->v6, sizeof(addr->v6));
}

size_t rt_diag_destroy_request(const struct rt_row *row, void *buf, size_t size)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 req;
	} msg = {
		.header = {.nlmsg_len = sizeof(msg),
			   .nlmsg_type = SOCK_DESTROY,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			   .nlmsg_seq = 1},
		.req = {.sdiag_family = (uint8_t)row->local.family,
			.sdiag_protocol = row->proto == RT_UDP ? IPPROTO_UDP : IPPROTO_TCP,
			.idiag_states = UINT32_MAX},
	};
	struct inet_diag_sockid *id = &msg.req.id;

	if (size < sizeof(msg))
		return 0;
	copy_id(id->idiag_src, &id->idiag_sport, &row->local);
	copy_id(id->idiag_dst, &id->idiag_dport, &row->peer);
	id->idiag_if = row->ifindex;
	id->idiag_cookie[0] = row->cookie ? (uint32_t)row->cookie : INET_DIAG_NOCOOKIE;
	id->idiag_cookie[1] = row->cookie ? (uint32_t)(row->cookie >> 32) : INET_DIAG_NOCOOKIE;
	memcpy(buf, &msg, sizeof(msg));
	return sizeof(msg);
}
