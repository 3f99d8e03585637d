#include "model/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Decimal, 0 to 65535, no sign, no leading blank. */
static int parse_port(const char *text, size_t len, uint16_t *port)
{
	unsigned value = 0;

	if (len == 0 || len > 5)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	if (value > 65535)
		return -1;
	*port = (uint16_t)value;
	return 0;
}

/* Splits "HOST:PORT" or "[HOST]:PORT"; *port_len is 0 where no port stands there. */
static int split(const char *text, size_t len, const char **host, size_t *host_len,
		 const char **port, size_t *port_len)
{
	const char *end = text + len, *colon;

	*port = end;
	*port_len = 0;
	if (len && text[0] == '[') {
		const char *close = memchr(text, ']', len);

		if (!close || (close + 1 < end && close[1] != ':'))
			return -1;
		*host = text + 1;
		*host_len = (size_t)(close - text - 1);
		colon = close + 1;
	} else {
		colon = memchr(text, ':', len);
		if (!colon)
			colon = end;
		*host = text;
		*host_len = (size_t)(colon - text);
	}
	if (colon < end) {
		*port = colon + 1;
		*port_len = (size_t)(end - *port);
		return *port_len ? 0 : -1;
	}
	return 0;
}

static int parse_host(const char *host, size_t len, bool v6, struct rt_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (len == 0 || len >= sizeof(text))
		return -1;
	memcpy(text, host, len);
	text[len] = '\0';
	addr->family = v6 ? AF_INET6 : AF_INET;
	return inet_pton(addr->family, text, &addr->v6) == 1 ? 0 : -1;
}

int rt_addr_parse(const char *text, size_t len, struct rt_addr *addr, bool *has_port)
{
	const char *host, *port;
	size_t host_len, port_len;

	memset(addr, 0, sizeof(*addr));
	if (split(text, len, &host, &host_len, &port, &port_len) < 0)
		return -1;
	if (has_port)
		*has_port = port_len > 0;
	else if (port_len == 0)
		return -1;
	if (port_len && parse_port(port, port_len, &addr->port) < 0)
		return -1;
	return parse_host(host, host_len, len && text[0] == '[', addr);
}

int rt_addr_pattern_parse(const char *text, size_t len, struct rt_addr_pattern *pattern)
{
	const char *host, *port;
	size_t host_len, port_len;

	memset(pattern, 0, sizeof(*pattern));
	if (split(text, len, &host, &host_len, &port, &port_len) < 0)
		return -1;
	pattern->any_host = host_len == 1 && host[0] == '*';
	pattern->any_port = port_len == 1 && port[0] == '*';
	if (pattern->any_host && port_len == 0) {
		pattern->any_port = true;
		return 0;
	}
	if (!pattern->any_port && parse_port(port, port_len, &pattern->addr.port) < 0)
		return -1;
	if (pattern->any_host)
		return 0;
	return parse_host(host, host_len, len && text[0] == '[', &pattern->addr);
}

char *rt_addr_host(const struct rt_addr *addr, char *text)
{
	if (addr->family == AF_UNSPEC || !inet_ntop(addr->family, &addr->v6, text, RT_ADDR_TEXT))
		strcpy(text, "-");
	return text;
}

static char *format(const struct rt_addr *addr, bool any_host, bool any_port, char *text)
{
	char host[RT_ADDR_TEXT], port[8] = "*";

	rt_addr_host(addr, host);
	if (any_host)
		strcpy(host, "*");
	if (!any_port)
		snprintf(port, sizeof(port), "%u", addr->port);
	snprintf(text, RT_ADDR_TEXT,
		 addr->family == AF_INET6 && !any_host ? "[%.46s]:%s" : "%.46s:%s", host, port);
	return text;
}

char *rt_addr_format(const struct rt_addr *addr, char *text)
{
	if (addr->family == AF_UNSPEC)
		return strcpy(text, "-");
	return format(addr, false, false, text);
}

char *rt_addr_pattern_format(const struct rt_addr_pattern *pattern, char *text)
{
	if (pattern->any_host && pattern->any_port)
		return strcpy(text, "*");
	return format(&pattern->addr, pattern->any_host, pattern->any_port, text);
}

static int compare_host(const struct rt_addr *a, const struct rt_addr *b)
{
	if (a->family == AF_INET)
		return memcmp(&a->v4, &b->v4, sizeof(a->v4));
	return a->family == AF_INET6 ? memcmp(&a->v6, &b->v6, sizeof(a->v6)) : 0;
}

int rt_addr_compare(const struct rt_addr *a, const struct rt_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return compare_host(a, b);
}

bool rt_addr_equal(const struct rt_addr *a, const struct rt_addr *b)
{
	return rt_addr_compare(a, b) == 0;
}

bool rt_addr_match(const struct rt_addr_pattern *pattern, const struct rt_addr *addr)
{
	if (!pattern->any_port && pattern->addr.port != addr->port)
		return false;
	if (pattern->any_host)
		return true;
	return pattern->addr.family == addr->family && compare_host(&pattern->addr, addr) == 0;
}

bool rt_addr_is_wildcard(const struct rt_addr *addr)
{
	if (addr->family == AF_INET)
		return addr->v4.s_addr == htonl(INADDR_ANY);
	return addr->family != AF_INET6 || IN6_IS_ADDR_UNSPECIFIED(&addr->v6);
}

socklen_t rt_addr_to_sockaddr(const struct rt_addr *addr, struct sockaddr_storage *sa)
{
	memset(sa, 0, sizeof(*sa));
	if (addr->family == AF_INET6) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)sa;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(addr->port);
		in6->sin6_addr = addr->v6;
		return sizeof(*in6);
	}
	struct sockaddr_in *in = (struct sockaddr_in *)sa;

	in->sin_family = addr->family;
	in->sin_port = htons(addr->port);
	in->sin_addr = addr->v4;
	return sizeof(*in);
}

void rt_addr_from_sockaddr(const struct sockaddr_storage *sa, socklen_t len, struct rt_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (sa->ss_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

		addr->family = AF_INET;
		addr->port = ntohs(in->sin_port);
		addr->v4 = in->sin_addr;
	} else if (sa->ss_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;

		addr->family = AF_INET6;
		addr->port = ntohs(in6->sin6_port);
		addr->v6 = in6->sin6_addr;
	}
}
