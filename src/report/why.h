/*
 * `why`: may a socket be bound to an address of this machine, who is in the way, and would an
 * option help? The facts as a value, what the rules say of them, and both as text and as JSON.
 * Pure: cmd/why.c gathers the facts.
 *
 *	facts -> rt_why_judge() -> rt_why_sentence(), rt_plain_why(), rt_json_why()
 */
#ifndef RT_REPORT_WHY_H
#define RT_REPORT_WHY_H

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"
#include "model/holder.h"
#include "rules/rules.h"

/* The sockets that are tried in thought, by their options. */
enum rt_why_try { RT_WHY_PLAIN, RT_WHY_REUSEADDR, RT_WHY_REUSEPORT, RT_WHY_TRIES };

struct rt_why {
	/* What is asked. */
	enum rt_proto proto;
	struct rt_addr addr;
	int8_t v6only;		 /* IPV6_V6ONLY that a socket has here if nobody sets it */
	char device[IFNAMSIZ];	 /* bound to it; "" */
	unsigned ifindex;	 /* of device; 0 */
	uint32_t uid;		 /* who asks */
	bool is_root;		 /* who asks may see every process */
	bool nonlocal;		 /* net.ipv4.ip_nonlocal_bind, net.ipv6.ip_nonlocal_bind */
	struct rt_rules_net net; /* unprivileged_from is 0 for who has CAP_NET_BIND_SERVICE */
	/* What the kernel and /proc tell: the sockets of this protocol and port. */
	struct rt_snapshot sockets;
	struct rt_holders holders;
	/* What the rules say: rt_why_judge(). */
	struct rt_rules_verdict verdict[RT_WHY_TRIES];
	bool low_port; /* the port needs a privilege: verdict is of who has it */
};

/* Frees what is gathered and judged, net.local too. */
void rt_why_fini(struct rt_why *why);

void rt_why_judge(struct rt_why *why);

/* Whether a bind without options is sure to succeed: the exit status 0. */
bool rt_why_is_free(const struct rt_why *why);

/* The answer, one sentence without a newline: "No: sshd (pid 812) listens on 0.0.0.0:22; ...". */
void rt_why_sentence(const struct rt_why *why, struct rt_str *out);

/* "127.0.0.1:8000", "0.0.0.0%lo:8000". */
void rt_why_target(const struct rt_why *why, struct rt_str *out);

/*
 * The name of errno or "success" that try gives, "EADDRINUSE or success" where what is known does
 * not tell.
 */
void rt_why_result(const struct rt_why *why, enum rt_why_try try, struct rt_str *out);

/* What else a reader should know, a sentence a line: what is hidden, and how to see it. */
void rt_why_notes(const struct rt_why *why, struct rt_str *out);

/* The sentence, the results of the three, the sockets as a table, the notes. */
void rt_plain_why(FILE *out, const struct rt_why *why);

void rt_json_why(FILE *out, const struct rt_why *why);

#endif
