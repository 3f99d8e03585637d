/*
 * What sock_diag does not tell of a socket: which processes hold it, from /proc/PID/fd, and its
 * SO_REUSEADDR and SO_REUSEPORT, from a duplicate of such a descriptor. It only looks; what this
 * user may not see stays unknown.
 */
#ifndef RT_DIAG_HOLDERS_H
#define RT_DIAG_HOLDERS_H

#include "model/holder.h"
#include "model/snapshot.h"

/*
 * Finds the processes that hold the sockets of *snapshot. *holders is emptied first, and sorted. A
 * process that cannot be read, or that ends meanwhile, is passed over: holders counts the former.
 *
 * A process may have a hundred thousand descriptors. Of each, the first RT_HOLDERS_FEW are read:
 * a socket that several processes share was made before their fork, so it stands there. Only while
 * some socket has no holder the rest is read too.
 */
enum { RT_HOLDERS_FEW = 1024 };
void rt_holders_find(const struct rt_snapshot *snapshot, struct rt_holders *holders);

/*
 * Fills in reuseaddr and reuseport of the rows, and an IPV6_V6ONLY that is not known, by
 * getsockopt(2) on a duplicate that pidfd_getfd(2) makes (Linux 5.6; it needs the permission to
 * attach with ptrace(2)) and that is closed at once. A descriptor that has become another socket
 * meanwhile is known by its cookie. What cannot be had stays -1.
 */
void rt_holders_options(const struct rt_holders *holders, struct rt_snapshot *snapshot);

#endif
