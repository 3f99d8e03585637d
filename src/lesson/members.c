#include "lesson/members.h"

#include <string.h>

#include "base/i18n.h"
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

/* The first closed one of n members from index on; 0 where all are open. */
static int first_closed(const struct rt_members *members, int index, int n)
{
	for (int i = index; i < index + n && i <= members->n; i++)
		if (members->closed[i - 1] != 0)
			return i;
	return 0;
}

int rt_members_check(struct rt_lex *lex, struct rt_word word, const struct rt_members *members,
		     const struct rt_call *call, int64_t index)
{
	int n = call->repeat ? call->repeat : 1, at = (int)index, len = (int)word.len, closed;

	if (at < 1 || at > members->n)
		return rt_lex_fail(lex, word.at, "", _("%.*s stands for %.*s[1] to %.*s[%d]"), len,
				   word.s, len, word.s, len, word.s, members->n);
	if (at + n - 1 > members->n)
		return rt_lex_fail(lex, word.at, "",
				   _("%d calls from %.*s[%d] on would need %.*s[%d]: the last is "
				     "%d"),
				   n, len, word.s, at, len, word.s, at + n - 1, members->n);
	closed = first_closed(members, at, n);
	if (closed && members->closed[closed - 1] > 0)
		return rt_lex_fail(lex, word.at, "", _("%.*s[%d] was closed in line %d"), len,
				   word.s, closed, members->closed[closed - 1]);
	if (closed)
		return rt_lex_fail(lex, word.at, "", _("%.*s[%d] is closed"), len, word.s, closed);
	return 0;
}
