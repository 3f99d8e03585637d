#include "model/groups.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Keeps them sorted by address. */
static void insert(struct rt_groups *groups, struct in_addr addr, uint32_t users)
{
	size_t at = groups->n;

	while (at > 0 && ntohl(groups->group[at - 1].addr.s_addr) > ntohl(addr.s_addr))
		at--;
	if (at == RT_GROUPS_MAX)
		return;
	if (groups->n < RT_GROUPS_MAX)
		groups->n++;
	memmove(&groups->group[at + 1], &groups->group[at],
		(groups->n - 1 - at) * sizeof(groups->group[0]));
	groups->group[at] = (struct rt_group){addr, users};
}

/*
 *	Idx	Device    : Count Querier	Group    Users Timer	Reporter
 *	1	lo        :     2      V3
 *					010101EF     2 0:00000000		0
 *
 * A line that begins with a number is that of a device, its groups follow it. A group is the number
 * that its four bytes are on this machine.
 */
static void parse_line(const char *line, const char *device, bool *ours, struct rt_groups *groups)
{
	char name[16];
	unsigned index, users;
	uint32_t addr;

	if (line[0] >= '0' && line[0] <= '9') {
		*ours = sscanf(line, "%9u %15s", &index, name) == 2 && strcmp(name, device) == 0;
		return;
	}
	if (*ours && sscanf(line, " %8x %9u", &addr, &users) == 2)
		insert(groups, (struct in_addr){.s_addr = addr}, users);
}

void rt_groups_parse(const char *text, size_t len, const char *device, struct rt_groups *groups)
{
	bool ours = false;
	char line[128];

	*groups = (struct rt_groups){.known = true};
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;
		size_t used = n < sizeof(line) - 1 ? n : sizeof(line) - 1;

		memcpy(line, text, used);
		line[used] = '\0';
		parse_line(line, device, &ours, groups);
		n += end != NULL;
		text += n;
		len -= n;
	}
}

uint32_t rt_groups_users(const struct rt_groups *groups, struct in_addr addr)
{
	for (size_t i = 0; i < groups->n; i++)
		if (groups->group[i].addr.s_addr == addr.s_addr)
			return groups->group[i].users;
	return 0;
}

bool rt_groups_same(const struct rt_groups *a, const struct rt_groups *b)
{
	if (a->known != b->known || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->group[i].addr.s_addr != b->group[i].addr.s_addr ||
		    a->group[i].users != b->group[i].users)
			return false;
	return true;
}

bool rt_group_is_shown(const struct rt_group *group)
{
	return group->addr.s_addr != htonl(INADDR_ALLHOSTS_GROUP);
}

void rt_group_format(struct in_addr addr, struct rt_str *out)
{
	char text[INET_ADDRSTRLEN];

	rt_str_add(out, inet_ntop(AF_INET, &addr, text, sizeof(text)));
}
