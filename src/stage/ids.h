/*
 * The uids and gids of a stage: which of the machine's they are. user_namespaces(7).
 *
 *	who			uids of the stage	of the machine
 *	the machine's root	0..65535		100000..165535
 *	another user		0, 1..65535		the user's own, a range of /etc/subuid
 *	   with no range	0			the user's own
 *
 * The second needs newuidmap(1) and newgidmap(1), and is made where a lesson needs several uids. The machine's root is in no stage.
 */
#ifndef RT_STAGE_IDS_H
#define RT_STAGE_IDS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Writes the maps of the process pid, which has none yet. tools: whether newuidmap and newgidmap
 * may be run for it, which takes some 10 ms. Returns how many uids, 0 with errno.
 */
unsigned rt_ids_map(pid_t pid, bool tools);

/* Why a stage has one uid, or would have one: for words about it. */
enum rt_ids_lack {
	RT_IDS_LACK_ROOT,  /* root of a user namespace, not of the machine */
	RT_IDS_LACK_RANGE, /* no range in /etc/subuid or in /etc/subgid, or one that is too small */
	RT_IDS_LACK_TOOL,  /* no newuidmap or no newgidmap in PATH */
	RT_IDS_LACK_REFUSED, /* all is there: they refuse */
};

enum rt_ids_lack rt_ids_lack(void);

/* --- the parts that need no machine ----------------------------------------------------------- */

/*
 * The id in the namespace around that id is in the map text, as /proc/self/uid_map has it. Returns
 * false where the map does not have it.
 */
bool rt_ids_outside(const char *text, unsigned id, unsigned *outside);

/*
 * The start of the first range of at least `least` ids that text, as /etc/subuid has it, gives to a
 * user of that name or number: subuid(5). name may be NULL. Returns false where there is none.
 */
bool rt_ids_range(const char *text, const char *name, unsigned number, unsigned least,
		  unsigned *start);

#endif
