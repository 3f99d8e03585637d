#include "lesson/members.h"

#include <string.h>

#include "base/mem.h"

struct rt_members *rt_members_new(int n)
{
	struct rt_members *members =
		rt_calloc(1, sizeof(*members) + (size_t)n * sizeof(members->closed[0]));

	members->n = members->open = n;
	return members;
}

struct rt_members *rt_members_copy(const struct rt_members *members)
{
	struct rt_members *copy = members ? rt_members_new(members->n) : NULL;

	if (copy)
		memcpy(copy, members, sizeof(*copy) + (size_t)copy->n * sizeof(copy->closed[0]));
	return copy;
}

void rt_members_close(struct rt_members *members, int index, int n, int line)
{
	for (int i = index; i < index + n && i <= members->n; i++) {
		members->open -= members->closed[i - 1] == 0;
		if (members->closed[i - 1] == 0)
			members->closed[i - 1] = line ? line : -1;
	}
}

int rt_members_first_closed(const struct rt_members *members, int index, int n)
{
	for (int i = index; i < index + n && i <= members->n; i++)
		if (members->closed[i - 1] != 0)
			return i;
	return 0;
}
