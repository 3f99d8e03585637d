/*
 * An address of a socket: an IPv4 or IPv6 address and a port. A value: copy it, compare it, print
 * it.
 */
#ifndef RT_MODEL_ADDR_H
#define RT_MODEL_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct rt_addr {
	uint16_t family; /* AF_INET, AF_INET6; AF_UNSPEC: there is none */
	uint16_t port;	 /* host order */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/* An address in which the host, the port or both may be `*`. */
struct rt_addr_pattern {
	struct rt_addr addr;
	bool any_host;
	bool any_port;
};

enum { RT_ADDR_TEXT = INET6_ADDRSTRLEN + sizeof("[]:65535") };

/*
 * Reads "127.0.0.1:8000" or "[::1]:8000" (len bytes, all of them) into *addr. With a port left out
 * ("239.1.1.1") port is 0 and *has_port false; has_port may be NULL, then the port must be there.
 * Returns 0, or -1 where the text is no address.
 */
int rt_addr_parse(const char *text, size_t len, struct rt_addr *addr, bool *has_port);

/* The same for a pattern: "127.0.0.1:*", "*:8000", "[::]:*", "*" (anything). */
int rt_addr_pattern_parse(const char *text, size_t len, struct rt_addr_pattern *pattern);

/* Writes "127.0.0.1:8000" ("-" for none) into text, of RT_ADDR_TEXT bytes. Returns text. */
char *rt_addr_format(const struct rt_addr *addr, char *text);
char *rt_addr_pattern_format(const struct rt_addr_pattern *pattern, char *text);

/* The host alone, "127.0.0.1" or "::1", into text of RT_ADDR_TEXT bytes. Returns text. */
char *rt_addr_host(const struct rt_addr *addr, char *text);

/* True where family, host and port are the same. */
bool rt_addr_equal(const struct rt_addr *a, const struct rt_addr *b);

/* Any order that is total: for sorting. By family, port, host. */
int rt_addr_compare(const struct rt_addr *a, const struct rt_addr *b);

/*
 * Whether addr is one that pattern means. 0.0.0.0 in a pattern means just that address, `*` means
 * every one.
 */
bool rt_addr_match(const struct rt_addr_pattern *pattern, const struct rt_addr *addr);

/* True for 0.0.0.0, [::] and for no address at all. */
bool rt_addr_is_wildcard(const struct rt_addr *addr);

/*
 * To and from what bind(2) takes. The first returns the length of *sa. An unknown family gives
 * AF_UNSPEC.
 */
socklen_t rt_addr_to_sockaddr(const struct rt_addr *addr, struct sockaddr_storage *sa);
void rt_addr_from_sockaddr(const struct sockaddr_storage *sa, socklen_t len, struct rt_addr *addr);

#endif
