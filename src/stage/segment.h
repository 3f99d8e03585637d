/*
 * TCP segments over IPv4, as capture keeps them and inject sends them: read one, follow a
 * connection in them, write one that no socket would. RFC 9293, section 3.1. Pure: no I/O.
 */
#ifndef RT_STAGE_SEGMENT_H
#define RT_STAGE_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "model/call.h"

/* One segment. It points into the packet that it was read from. */
struct rt_segment {
	const uint8_t *packet; /* from the IP header on */
	size_t len;	       /* of the packet */
	size_t header;	       /* bytes before the data */
	struct rt_addr from, to;
	uint32_t seq, ack;
	uint32_t end; /* the sequence number behind it: SYN and FIN count as one byte each */
	bool syn, has_ack;
	bool cut; /* not all of the packet is there */
};

/*
 * One direction of an address pair, as far as its segments tell: those of the last connection, for
 * the numbers; the first with data of all.
 */
struct rt_flow {
	struct rt_addr from, to;
	bool seen, answered; /* there were segments from `from`, from `to` */
	uint32_t next;	     /* the sequence number that `to` expects next */
	uint32_t back;	     /* the same of `from` */
	bool has_data;
	struct rt_segment data; /* the first that carried data */
};

enum { RT_SEGMENT_MAX = 2048 };

/*
 * Reads the `kept` first bytes of a packet. Returns 0, or -1 where it is no TCP segment over IPv4
 * without IP options, or is cut within its headers.
 */
int rt_segment_read(const void *packet, size_t kept, struct rt_segment *segment);

/* Takes a segment in the order of the wire; one of other ends is passed over. */
void rt_flow_take(struct rt_flow *flow, const struct rt_segment *segment);

/*
 * Writes the packet that inject sends, with its checksums, into packet of RT_SEGMENT_MAX bytes.
 * *len is its length. Returns 0, or the errno of the call: ENOENT where flow has no such segment,
 * EMSGSIZE where it was not kept whole.
 */
int rt_flow_forge(const struct rt_flow *flow, enum rt_forgery forgery, uint8_t *packet,
		  size_t *len);

#endif
