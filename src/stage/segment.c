#include "stage/segment.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>

enum { IP_BYTES = sizeof(struct iphdr), TCP_BYTES = sizeof(struct tcphdr) };

int rt_segment_read(const void *packet, size_t kept, struct rt_segment *segment)
{
	struct iphdr ip;
	struct tcphdr tcp;

	if (kept < IP_BYTES + TCP_BYTES)
		return -1;
	memcpy(&ip, packet, sizeof(ip));
	memcpy(&tcp, (const uint8_t *)packet + IP_BYTES, sizeof(tcp));
	*segment = (struct rt_segment){.packet = packet,
				       .len = ntohs(ip.tot_len),
				       .header = IP_BYTES + tcp.doff * 4U,
				       .seq = ntohl(tcp.seq),
				       .ack = ntohl(tcp.ack_seq),
				       .syn = tcp.syn,
				       .has_ack = tcp.ack};
	if (ip.version != 4 || ip.ihl * 4U != IP_BYTES || ip.protocol != IPPROTO_TCP ||
	    tcp.doff * 4U < TCP_BYTES || segment->header > segment->len || segment->header > kept)
		return -1;
	segment->from = (struct rt_addr){
		.family = AF_INET, .port = ntohs(tcp.source), .v4.s_addr = ip.saddr};
	segment->to =
		(struct rt_addr){.family = AF_INET, .port = ntohs(tcp.dest), .v4.s_addr = ip.daddr};
	segment->end =
		segment->seq + (uint32_t)(segment->len - segment->header) + tcp.syn + tcp.fin;
	segment->cut = segment->len > kept;
	return 0;
}

/* Sequence numbers go round: RFC 9293, section 3.4. */
static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* A SYN begins the numbers anew, whatever a connection between the same ends had before. */
static void advance(uint32_t *next, bool *seen, const struct rt_segment *segment)
{
	if (segment->syn || !*seen || is_after(segment->end, *next))
		*next = segment->end;
	*seen = true;
}

/* What was injected is not captured: only its acknowledgement tells that it was taken. */
static void take_ack(uint32_t *next, const bool *seen, const struct rt_segment *segment)
{
	if (*seen && segment->has_ack && is_after(segment->ack, *next))
		*next = segment->ack;
}

void rt_flow_take(struct rt_flow *flow, const struct rt_segment *segment)
{
	bool there = rt_addr_equal(&segment->from, &flow->from) &&
		     rt_addr_equal(&segment->to, &flow->to);
	bool back = rt_addr_equal(&segment->from, &flow->to) &&
		    rt_addr_equal(&segment->to, &flow->from);

	if (there) {
		advance(&flow->next, &flow->seen, segment);
		take_ack(&flow->back, &flow->answered, segment);
	} else if (back) {
		advance(&flow->back, &flow->answered, segment);
		take_ack(&flow->next, &flow->seen, segment);
	}
	if (there && !flow->has_data && segment->len > segment->header) {
		flow->has_data = true;
		flow->data = *segment;
	}
}

/* --- writing ---------------------------------------------------------------------------------- */

static uint32_t add_words(uint32_t sum, const uint8_t *byte, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? byte[i] : (uint32_t)byte[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/*
 * On lo the kernel leaves the checksum of a segment to be done by a device that never does it, so
 * a captured one is wrong as well. RFC 9293, section 3.1: over a pseudo-header, TCP header, data.
 */
static void seal(uint8_t *packet, size_t len)
{
	struct iphdr ip;
	struct tcphdr tcp;
	uint32_t sum;

	memcpy(&ip, packet, sizeof(ip));
	memcpy(&tcp, packet + IP_BYTES, sizeof(tcp));
	ip.check = 0;
	tcp.check = 0;
	memcpy(packet, &ip, sizeof(ip));
	memcpy(packet + IP_BYTES, &tcp, sizeof(tcp));
	ip.check = fold(add_words(0, packet, IP_BYTES));
	sum = add_words(IPPROTO_TCP + (uint32_t)(len - IP_BYTES),
			packet + offsetof(struct iphdr, saddr), 2 * sizeof(ip.saddr));
	tcp.check = fold(add_words(sum, packet + IP_BYTES, len - IP_BYTES));
	memcpy(packet, &ip, sizeof(ip));
	memcpy(packet + IP_BYTES, &tcp, sizeof(tcp));
}

/*
 * Without options: RFC 7323, section 3.2, lets a RST go without timestamps, and then PAWS has
 * nothing to compare.
 */
static size_t write_rst(const struct rt_flow *flow, uint8_t *packet)
{
	const struct iphdr ip = {.version = 4,
				 .ihl = IP_BYTES / 4,
				 .tot_len = htons(IP_BYTES + TCP_BYTES),
				 .ttl = 64,
				 .protocol = IPPROTO_TCP,
				 .saddr = flow->from.v4.s_addr,
				 .daddr = flow->to.v4.s_addr};
	const struct tcphdr tcp = {.source = htons(flow->from.port),
				   .dest = htons(flow->to.port),
				   .seq = htonl(flow->next),
				   .doff = TCP_BYTES / 4,
				   .rst = 1};

	memcpy(packet, &ip, sizeof(ip));
	memcpy(packet + IP_BYTES, &tcp, sizeof(tcp));
	return IP_BYTES + TCP_BYTES;
}

int rt_flow_forge(const struct rt_flow *flow, enum rt_forgery forgery, uint8_t *packet, size_t *len)
{
	struct tcphdr tcp;

	if (forgery == RT_FORGE_RST) {
		if (!flow->seen)
			return ENOENT;
		*len = write_rst(flow, packet);
		seal(packet, *len);
		return 0;
	}
	if (!flow->has_data)
		return ENOENT;
	if (flow->data.cut || flow->data.len > RT_SEGMENT_MAX)
		return EMSGSIZE;
	*len = flow->data.len;
	memcpy(packet, flow->data.packet, *len);
	if (forgery == RT_FORGE_NEXT) {
		/*
		 * The options stay, an old timestamp among them: RFC 7323, section 5.3, has the
		 * receiver drop the segment for it.
		 */
		memcpy(&tcp, packet + IP_BYTES, sizeof(tcp));
		tcp.seq = htonl(flow->next);
		tcp.ack_seq = htonl(flow->back);
		memcpy(packet + IP_BYTES, &tcp, sizeof(tcp));
	}
	seal(packet, *len);
	return 0;
}
