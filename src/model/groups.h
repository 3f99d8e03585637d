/* The multicast groups of an interface: which are joined, and how often. */
#ifndef RT_MODEL_GROUPS_H
#define RT_MODEL_GROUPS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* A screen is no place for more; those of the lowest addresses are kept. */
enum { RT_GROUPS_MAX = 16 };

struct rt_group {
	struct in_addr addr;
	uint32_t users; /* memberships that sockets hold; the interface's own is one, too */
};

struct rt_groups {
	bool known; /* false: the table could not be read */
	size_t n;
	struct rt_group group[RT_GROUPS_MAX]; /* by address */
};

/*
 * Takes the groups of device out of len bytes of /proc/net/igmp: igmp_mc_seq_show() in
 * net/ipv4/igmp.c. What is no such text gives no groups.
 */
void rt_groups_parse(const char *text, size_t len, const char *device, struct rt_groups *groups);

/* How many users a group has: 0 where it is not joined. */
uint32_t rt_groups_users(const struct rt_groups *groups, struct in_addr addr);

bool rt_groups_same(const struct rt_groups *a, const struct rt_groups *b);

/*
 * Whether group is one to show: not 224.0.0.1, which every interface has joined by itself (RFC
 * 1112, section 4).
 */
bool rt_group_is_shown(const struct rt_group *group);

/* Adds "239.1.1.1". */
void rt_group_format(struct in_addr addr, struct rt_str *out);

#endif
