/* What a matrix can be about, and the script of a cell. Pure. */
#include <netinet/in.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/matrix_private.h"

/*
 * Of TCP, all states that a server's socket goes through, but for those that end within moments.
 */
static const enum rt_state tcp_states[] = {RT_BOUND,	  RT_LISTEN,	RT_ESTABLISHED,
					   RT_CLOSE_WAIT, RT_FIN_WAIT2, RT_TIME_WAIT};
static const enum rt_state udp_states[] = {RT_CLOSE, RT_ESTABLISHED};

size_t rt_matrix_states(enum rt_proto proto, const enum rt_state **state)
{
	*state = proto == RT_TCP ? tcp_states : udp_states;
	return proto == RT_TCP ? RT_COUNT(tcp_states) : RT_COUNT(udp_states);
}

/* --- what is asked ---------------------------------------------------------------------------- */

void rt_matrix_setup_init(struct rt_matrix_setup *setup)
{
	*setup = (struct rt_matrix_setup){.proto = RT_TCP};
	setup->first.family = AF_INET;
	setup->first.port = RT_MATRIX_PORT;
	setup->first.v4.s_addr = htonl(INADDR_LOOPBACK);
	setup->second = setup->first;
}

static bool is_v4(const struct rt_addr *addr, in_addr_t *host)
{
	if (addr->family == AF_INET) {
		*host = ntohl(addr->v4.s_addr);
		return true;
	}
	if (!IN6_IS_ADDR_V4MAPPED(&addr->v6))
		return false;
	*host = ntohl(addr->v6.s6_addr32[3]);
	return true;
}

static bool is_multicast(const struct rt_addr *addr)
{
	in_addr_t host;

	return is_v4(addr, &host) && IN_MULTICAST(host);
}

/* A stage has lo alone. */
static bool is_there(const struct rt_addr *addr)
{
	in_addr_t host;

	if (rt_addr_is_wildcard(addr))
		return true;
	if (is_v4(addr, &host))
		return host == INADDR_ANY || host >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET ||
		       IN_MULTICAST(host);
	return IN6_IS_ADDR_LOOPBACK(&addr->v6);
}

static int check_addr(const struct rt_matrix_setup *setup, const struct rt_addr *addr,
		      struct rt_error *err)
{
	char text[RT_ADDR_TEXT];

	if (!is_there(addr)) {
		rt_error_set(err, RT_ERR_USAGE, _("a stage does not have the address %s"),
			     rt_addr_host(addr, text));
		rt_error_fix(err, "%s",
			     _("it has those of lo: 127.0.0.1, 127.0.0.2, ..., [::1], and the "
			       "wildcards 0.0.0.0 and [::]"));
		return RT_ERR_USAGE;
	}
	if (setup->proto == RT_TCP && is_multicast(addr)) {
		rt_error_set(err, RT_ERR_USAGE, _("TCP has no connection with %s, a group"),
			     rt_addr_host(addr, text));
		rt_error_fix(err, "%s", _("groups are for udp"));
		return RT_ERR_USAGE;
	}
	return 0;
}

int rt_matrix_setup_check(const struct rt_matrix_setup *setup, struct rt_error *err)
{
	int status = check_addr(setup, &setup->first, err);

	return status ? status : check_addr(setup, &setup->second, err);
}

/* --- the script ------------------------------------------------------------------------------- */

static const char *family_name(const struct rt_addr *addr)
{
	return addr->family == AF_INET6 ? "AF_INET6" : "AF_INET";
}

static void add_socket(const char *process, const char *name, const struct rt_matrix_setup *setup,
		       const struct rt_addr *addr, struct rt_str *out)
{
	rt_str_addf(out, "%s: %s = socket(%s, %s)\n", process, name, family_name(addr),
		    setup->proto == RT_TCP ? "SOCK_STREAM" : "SOCK_DGRAM");
}

static void add_options(const char *process, const char *name, unsigned options, struct rt_str *out)
{
	if (options & 1)
		rt_str_addf(out, "%s: setsockopt(%s, SO_REUSEADDR, 1)\n", process, name);
	if (options & 2)
		rt_str_addf(out, "%s: setsockopt(%s, SO_REUSEPORT, 1)\n", process, name);
}

static void add_with_addr(const char *process, const char *name, const char *call,
			  const struct rt_addr *addr, struct rt_str *out)
{
	char text[RT_ADDR_TEXT];

	rt_str_addf(out, "%s: %s(%s, %s)\n", process, call, name, rt_addr_format(addr, text));
}

/*
 * Whom a client reaches at the first socket's address: of a wildcard the second socket's address,
 * so that the connection is in its way where it can be, else the loopback address.
 */
static struct rt_addr reached(const struct rt_matrix_setup *setup)
{
	struct rt_addr addr = setup->first;
	in_addr_t host;

	if (is_v4(&addr, &host) ? host != INADDR_ANY && !IN_MULTICAST(host)
				: !rt_addr_is_wildcard(&addr))
		return addr;
	if (setup->second.family == addr.family && !rt_addr_is_wildcard(&setup->second) &&
	    is_v4(&setup->second, &host) == is_v4(&addr, &host) && !is_multicast(&setup->second))
		return setup->second;
	if (addr.family == AF_INET)
		addr.v4.s_addr = htonl(INADDR_LOOPBACK);
	else if (is_v4(&addr, &host))
		addr.v6.s6_addr32[3] = htonl(INADDR_LOOPBACK);
	else
		addr.v6 = (struct in6_addr)IN6ADDR_LOOPBACK_INIT;
	return addr;
}

/* From listen on: a connection whose listener is closed, and which is brought into the state. */
static void add_connection(const struct rt_matrix_setup *setup, enum rt_state state,
			   struct rt_str *out)
{
	struct rt_addr to = reached(setup);

	add_socket("client", "c", setup, &to, out);
	add_with_addr("client", "c", "connect", &to, out);
	rt_str_add(out, "first: k = accept(s)\nfirst: close(s)\n");
	if (state == RT_FIN_WAIT2 || state == RT_TIME_WAIT)
		rt_str_add(out, "first: close(k)\n");
	if (state == RT_CLOSE_WAIT || state == RT_TIME_WAIT)
		rt_str_add(out, "client: close(c)\n");
}

static void add_first(const struct rt_matrix_setup *setup, struct rt_matrix_row row,
		      struct rt_str *out)
{
	const char *proto = rt_proto_name(setup->proto);
	struct rt_addr to = reached(setup);

	add_socket("first", "s", setup, &setup->first, out);
	add_options("first", "s", row.options, out);
	add_with_addr("first", "s", "bind", &setup->first, out);
	if (setup->proto == RT_UDP) {
		if (row.state == RT_ESTABLISHED) {
			to.port = RT_MATRIX_PORT + 1;
			add_with_addr("first", "s", "connect", &to, out);
		}
	} else if (row.state != RT_BOUND) {
		rt_str_add(out, "first: listen(s, 8)\n");
		if (row.state != RT_LISTEN)
			add_connection(setup, row.state, out);
	}
	rt_str_addf(out, "expect %s *:%d %s\n", proto, RT_MATRIX_PORT,
		    rt_state_name(setup->proto, row.state));
}

void rt_matrix_write(const struct rt_matrix_setup *setup, struct rt_matrix_row row,
		     unsigned options, struct rt_str *out)
{
	add_first(setup, row, out);
	if (setup->two_users)
		rt_str_addf(out, "second: seteuid(%d) when several-uids\n", RT_MATRIX_USER);
	add_socket("second", "n", setup, &setup->second, out);
	add_options("second", "n", options, out);
	add_with_addr("second", "n", "bind", &setup->second, out);
	if (setup->proto == RT_TCP)
		rt_str_add(out, "second: listen(n, 8)\n");
}
