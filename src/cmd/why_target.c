/* What `why` is asked about. Pure. */
#include <netinet/in.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/why.h"

static int refuse(struct rt_error *err, const char *text, const char *why, const char *fix)
{
	rt_error_set(err, RT_ERR_USAGE, _("why cannot take \"%.60s\""), text);
	rt_error_why(err, "%s", why);
	rt_error_fix(err, "%s", fix);
	return RT_ERR_USAGE;
}

static const char *form(void)
{
	return _("write a port, or an address, a colon and a port, in numbers: 8000, "
		 "127.0.0.1:8000, "
		 "[::1]:8000, udp:0.0.0.0:53, 0.0.0.0%lo:8000");
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Whether text has a prefix that names a protocol; *rest is what stands behind it. */
static bool take_protocol(const char *text, enum rt_proto *proto, const char **rest)
{
	*rest = text;
	*proto = RT_TCP;
	if (strncmp(text, "tcp:", 4) == 0)
		*rest = text + 4;
	else if (strncmp(text, "udp:", 4) == 0) {
		*rest = text + 4;
		*proto = RT_UDP;
	}
	return *rest != text;
}

/*
 * Splits at the last colon that is not within brackets. host gets what stands before it, without
 * %DEVICE, which goes into device. Returns the port, or NULL.
 */
static const char *split(const char *text, char *host, size_t size, char device[IFNAMSIZ])
{
	const char *close = strrchr(text, ']'), *colon = strrchr(close ? close : text, ':'), *mark;
	size_t len;

	device[0] = '\0';
	if (!colon) {
		*host = '\0';
		return is_number(text) ? text : NULL;
	}
	len = (size_t)(colon - text);
	mark = memchr(text, '%', len);
	if (mark) {
		size_t name = strcspn(mark + 1, "]:"), before = (size_t)(mark - text);

		if (name == 0 || name >= IFNAMSIZ || before + 2 > size)
			return NULL;
		memcpy(device, mark + 1, name);
		device[name] = '\0';
		memcpy(host, text, before);
		strcpy(host + before, close ? "]" : "");
		return colon + 1;
	}
	if (len >= size)
		return NULL;
	memcpy(host, text, len);
	host[len] = '\0';
	return colon + 1;
}

static int take_port(const char *text, const char *port, uint16_t *value, struct rt_error *err)
{
	unsigned number = 0;

	if (!is_number(port))
		return refuse(err, text, _("no port stands behind the last colon"), form());
	for (; *port && number <= UINT16_MAX; port++)
		number = number * 10 + (unsigned)(*port - '0');
	if (number > UINT16_MAX)
		return refuse(err, text, _("there is no such port"), _("ports go from 1 to 65535"));
	if (number == 0)
		return refuse(err, text, _("port 0 lets the kernel choose a free one"),
			      _("ask for a port from 1 to 65535"));
	*value = (uint16_t)number;
	return 0;
}

static int take_host(const char *text, const char *host, bool six, struct rt_why *why,
		     struct rt_error *err)
{
	bool has_port;

	why->v6only = -1;
	if (*host == '\0' || strcmp(host, "*") == 0) {
		why->addr.family = six ? AF_INET6 : AF_INET;
		why->v6only = six ? 0 : -1;
		return 0;
	}
	if (strcmp(host, "localhost") == 0)
		return refuse(err, text, _("names are not looked up"),
			      _("localhost is 127.0.0.1, and [::1] in IPv6"));
	if (host[0] != '[' && strchr(host, ':'))
		return refuse(err, text, _("an IPv6 address stands in brackets"),
			      _("as in [::1]:8000"));
	if (rt_addr_parse(host, strlen(host), &why->addr, &has_port) < 0 || has_port)
		return refuse(err, text, _("that is no address"), form());
	if (why->addr.family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&why->addr.v6) && !why->device[0])
		return refuse(err, text, _("a link-local address needs its interface"),
			      _("as in [fe80::1%eth0]:8000"));
	return 0;
}

int rt_why_parse(const char *text, bool six, struct rt_why *why, struct rt_error *err)
{
	char host[64];
	const char *rest, *port;
	uint16_t number;

	take_protocol(text, &why->proto, &rest);
	port = split(rest, host, sizeof(host), why->device);
	if (!port)
		return refuse(err, text, _("that is no address with a port"), form());
	if (take_port(text, port, &number, err) || take_host(text, host, six, why, err))
		return RT_ERR_USAGE;
	why->addr.port = number;
	return 0;
}
