/*
 * A channel between the tutor and one process of the stage: an AF_UNIX SOCK_SEQPACKET pair, so each
 * message comes whole or not at all, and end of file means that the other side is gone. Orders go
 * down, replies go up; a reply can bring descriptors (SCM_RIGHTS), and the first one tells the
 * sender's pid as the tutor counts it (SCM_CREDENTIALS). unix(7).
 */
#ifndef RT_STAGE_CHANNEL_H
#define RT_STAGE_CHANNEL_H

#include <stddef.h>
#include <sys/types.h>

#include "model/order.h"

enum {
	/*
	 * Where a process of the stage keeps its end. High, so that the first socket of a script is
	 * descriptor 3, as it would be in a program of its own.
	 */
	RT_CHANNEL_FD = 1000,
	RT_CHANNEL_FDS_MAX = 4, /* descriptors that one reply may bring */
};

/* What came along with a reply. Whoever receives it owns the descriptors. */
struct rt_parcel {
	pid_t pid; /* of the sender, as the receiver counts; 0 where the message does not say */
	size_t n_fds;
	int fd[RT_CHANNEL_FDS_MAX];
};

/*
 * A new channel: pair[0] is the tutor's end, pair[1] the process's. Both are CLOEXEC. Returns 0, or
 * -1 with errno.
 */
int rt_channel_pair(int pair[2]);

/*
 * Makes end the channel of this process, as RT_CHANNEL_FD, and closes end. Returns 0, or -1 with
 * errno.
 */
int rt_channel_install(int end);

/* Whether descriptor RT_CHANNEL_FD of this process is a SOCK_SEQPACKET socket of AF_UNIX. */
int rt_channel_is_installed(void);

/*
 * Sends the used part of an order or a reply. Never blocks for long: one message at a time is on
 * its way. 0, or -1 with errno.
 */
int rt_channel_send_order(int channel, const struct rt_order *order);
int rt_channel_send_reply(int channel, const struct rt_reply *reply, const int *fds, size_t n_fds);

/*
 * Sends an empty reply of serial 0 in the name of the process pid: whoever receives it learns that
 * pid as its own side counts it. To name another process takes CAP_SYS_ADMIN in the pid namespace:
 * SCM_CREDENTIALS of unix(7). Returns 0, or -1 with errno.
 */
int rt_channel_introduce(int channel, pid_t pid, const int *fds, size_t n_fds);

/*
 * Receives one. Returns 1; 0 where the other side is gone; -1 with errno: EAGAIN where flags has
 * MSG_DONTWAIT and there is none, EPROTO where its lengths do not fit together.
 */
int rt_channel_recv_order(int channel, struct rt_order *order);
int rt_channel_recv_reply(int channel, struct rt_reply *reply, struct rt_parcel *parcel, int flags);

/* Waits for a message at most 2 s in which this machine runs. Returns 0, or -1 where none came. */
int rt_channel_wait(int channel);

/* Waits as that for a reply. Returns 0, or -1 with errno: EPIPE, ETIMEDOUT, EPROTO. */
int rt_channel_wait_reply(int channel, struct rt_reply *reply, struct rt_parcel *parcel);

/* Closes what a parcel brought and was not taken. */
void rt_parcel_close(struct rt_parcel *parcel);

#endif
