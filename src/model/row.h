/*
 * One socket as the learner sees it: what sock_diag reported, what its process told, what is
 * remembered of it, and which of the three each value is. A value: it owns nothing.
 */
#ifndef RT_MODEL_ROW_H
#define RT_MODEL_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"

enum rt_proto { RT_TCP, RT_UDP };

/* The kernel's numbers, include/net/tcp_states.h. */
enum rt_state {
	RT_ESTABLISHED = 1,
	RT_SYN_SENT,
	RT_SYN_RECV,
	RT_FIN_WAIT1,
	RT_FIN_WAIT2,
	RT_TIME_WAIT,
	RT_CLOSE, /* TCP: not bound, so not in sock_diag; UDP: not connected, shown as UNCONN */
	RT_CLOSE_WAIT,
	RT_LAST_ACK,
	RT_LISTEN,
	RT_CLOSING,
	RT_NEW_SYN_RECV,
	RT_BOUND, /* TCP_BOUND_INACTIVE: bound, not listening, not connected. The dump says CLOSE */
	RT_STATES
};

/* idiag_timer of struct inet_diag_msg. */
enum rt_timer {
	RT_TIMER_NONE,
	RT_TIMER_ON,
	RT_TIMER_KEEPALIVE,
	RT_TIMER_TIME_WAIT,
	RT_TIMER_PROBE
};

/* Where a value comes from. */
enum rt_source {
	RT_FROM_NOWHERE, /* not known */
	RT_FROM_DIAG,	 /* sock_diag, just now */
	RT_FROM_PROCESS, /* getsockopt or getsockname in the owning process, after its last call */
	RT_FROM_MEMORY,	 /* the last value of a socket that no process holds any more; shown ~ */
};

/* A socket option as far as it is known. sock_diag reports none of these. */
struct rt_flag {
	int8_t value;	/* 0, 1, or -1 for unknown */
	uint8_t source; /* enum rt_source */
};

/* What became of the row since the snapshot before. */
enum rt_mark { RT_MARK_SAME, RT_MARK_NEW, RT_MARK_CHANGED, RT_MARK_GONE };

enum { RT_NAME_MAX = 24, RT_OWNERS_MAX = 6 };

struct rt_row {
	/*
	 * Its identity: stays from ESTABLISHED to TIME_WAIT; 0 where none is known. The kernel
	 * makes it when a dump or SO_COOKIE first asks, so only a socket that was seen alive is
	 * known again as a TIME_WAIT record.
	 */
	uint64_t cookie;
	uint32_t inode; /* 0: no process holds it */
	uint32_t uid;	/* as the stage counts them; no meaning where inode is 0 */
	uint32_t ifindex;
	uint32_t timer_ms; /* left when the snapshot was taken */
	uint32_t rqueue;   /* LISTEN: length of the accept queue; else bytes unread (UDP: memory) */
	uint32_t wqueue;   /* LISTEN: the backlog; else bytes unsent */
	uint8_t proto;	   /* enum rt_proto */
	uint8_t state;	   /* enum rt_state */
	uint8_t timer;	   /* enum rt_timer */
	uint8_t retrans;
	int8_t v6only;	/* -1: not known, or not IPv6 */
	uint8_t source; /* enum rt_source of the row: DIAG, or PROCESS where sock_diag has none */
	uint8_t mark;	/* enum rt_mark */
	uint8_t old_state; /* with RT_MARK_CHANGED: the state before */
	struct rt_addr local;
	struct rt_addr peer; /* AF_UNSPEC where it has none */
	struct rt_flag reuseaddr;
	struct rt_flag reuseport;
	/*
	 * Processes of the script that hold it. More than RT_OWNERS_MAX are counted, not named. 0:
	 * no process ("kernel") where inode is 0 too, else a process that is not of the script,
	 * such as a tool in a shell of the stage.
	 */
	uint8_t n_owners;
	bool name_remembered;
	char name[RT_NAME_MAX];	      /* of the descriptor in its first owner, or remembered; "" */
	char name_owner[RT_NAME_MAX]; /* the process that gave it that name, "old"; "" */
	/* Last: beyond n_owners it need not be set. */
	char owner[RT_OWNERS_MAX][RT_NAME_MAX];
};

/* The names of the field, not translated: "tcp", "TIME_WAIT", "UNCONN" ... */
const char *rt_proto_name(enum rt_proto proto);
const char *rt_state_name(enum rt_proto proto, enum rt_state state);
const char *rt_timer_name(enum rt_timer timer);

/* The state that a name of len bytes means, or 0. UNCONN is another name of CLOSE. */
enum rt_state rt_state_parse(const char *name, size_t len);

/*
 * True for the states that end by themselves within moments: SYN_SENT, SYN_RECV, FIN_WAIT1,
 * CLOSING, LAST_ACK.
 */
bool rt_state_is_passing(enum rt_state state);

/*
 * What a row is expected to be: `tcp 127.0.0.1:8000 -> *:* TIME_WAIT owner kernel`.
 */
struct rt_row_pattern {
	uint8_t proto;
	uint8_t state; /* 0: any */
	bool has_peer;
	bool check_owner;
	bool check_uid;
	bool check_timer;
	bool check_queue;
	struct rt_addr_pattern local;
	struct rt_addr_pattern peer;
	/* Of an address that getsockname named: the engine puts it into local, peer. */
	char local_name[RT_NAME_MAX];
	char peer_name[RT_NAME_MAX];
	uint8_t n_owners; /* with check_owner: 0 is "kernel" */
	char owner[RT_OWNERS_MAX][RT_NAME_MAX];
	uint32_t uid;
	uint32_t timer_min_ms, timer_max_ms;
	uint32_t queue_min, queue_max; /* that rqueue must lie in */
};

/*
 * Whether row is one that pattern means. A row marked RT_MARK_GONE never is. The owners must be the
 * same processes, no more and no fewer, in any order. check_uid: sock_diag shows the row, with that
 * uid. check_timer: a timer runs and has timer_min_ms..timer_max_ms left.
 */
bool rt_row_match(const struct rt_row_pattern *pattern, const struct rt_row *row);

/* Whether two rows say the same to who looks at them: all but the time left of a timer. */
bool rt_row_same(const struct rt_row *a, const struct rt_row *b);

/* Writes the pattern as a lesson would, into text of size bytes. Returns text. */
char *rt_row_pattern_format(const struct rt_row_pattern *pattern, char *text, size_t size);

#endif
