/* Segments: reading, following a connection, forging. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stage/segment.h"

enum { A = 9000, B = 8000, SYN = 0x02, RST = 0x04, ACK = 0x10, FIN = 0x01, OPTIONS = 12 };

/* One packet from 127.0.0.1:from to 127.0.0.1:to, with OPTIONS bytes of options and data. */
struct made {
	uint8_t byte[128];
	size_t len;
};

static struct made make(uint16_t from, uint16_t to, int flags, uint32_t seq, uint32_t ack,
			const char *data)
{
	struct made made = {.len = 20 + 20 + OPTIONS + strlen(data)};
	struct iphdr ip = {.version = 4,
			   .ihl = 5,
			   .tot_len = htons((uint16_t)made.len),
			   .ttl = 64,
			   .protocol = IPPROTO_TCP,
			   .saddr = htonl(INADDR_LOOPBACK),
			   .daddr = htonl(INADDR_LOOPBACK)};
	struct tcphdr tcp = {.source = htons(from),
			     .dest = htons(to),
			     .seq = htonl(seq),
			     .ack_seq = htonl(ack),
			     .doff = (20 + OPTIONS) / 4,
			     .syn = (flags & SYN) != 0,
			     .ack = (flags & ACK) != 0,
			     .fin = (flags & FIN) != 0};

	memcpy(made.byte, &ip, sizeof(ip));
	memcpy(made.byte + 20, &tcp, sizeof(tcp));
	memset(made.byte + 40, 0x01, OPTIONS);
	memcpy(made.byte + 40 + OPTIONS, data, strlen(data));
	return made;
}

static struct rt_flow flow_of(uint16_t from, uint16_t to)
{
	struct rt_flow flow = {.from = {.family = AF_INET, .port = from},
			       .to = {.family = AF_INET, .port = to}};

	flow.from.v4.s_addr = flow.to.v4.s_addr = htonl(INADDR_LOOPBACK);
	return flow;
}

static void take(struct rt_flow *flow, const struct made *made)
{
	struct rt_segment segment;

	assert_int_equal(rt_segment_read(made->byte, made->len, &segment), 0);
	rt_flow_take(flow, &segment);
}

static void test_reading(void **state)
{
	struct made made = make(A, B, ACK | FIN, 1000, 77, "abc");
	struct rt_segment segment;

	(void)state;
	assert_int_equal(rt_segment_read(made.byte, made.len, &segment), 0);
	assert_int_equal(segment.from.port, A);
	assert_int_equal(segment.to.port, B);
	assert_int_equal(segment.seq, 1000);
	assert_int_equal(segment.end, 1004);
	assert_int_equal(segment.ack, 77);
	assert_true(segment.has_ack);
	assert_false(segment.syn);
	assert_false(segment.cut);
	assert_int_equal(segment.len - segment.header, 3);
	assert_int_equal(rt_segment_read(made.byte, made.len - 1, &segment), 0);
	assert_true(segment.cut);
	/* A device may have put bytes behind it. */
	assert_int_equal(rt_segment_read(made.byte, made.len + 6, &segment), 0);
	assert_int_equal(segment.len, made.len);
	for (size_t kept = 0; kept < 40 + OPTIONS; kept++)
		assert_int_equal(rt_segment_read(made.byte, kept, &segment), -1);
}

/* Byte `at` of a good packet changed to value. */
static int read_changed(size_t at, uint8_t value)
{
	struct made made = make(A, B, ACK, 1, 1, "abc");
	struct rt_segment segment;

	made.byte[at] = value;
	return rt_segment_read(made.byte, made.len, &segment);
}

static void test_what_is_no_segment(void **state)
{
	(void)state;
	assert_int_equal(read_changed(0, 0x45), 0);
	assert_int_equal(read_changed(0, 0x46), -1);
	assert_int_equal(read_changed(0, 0x65), -1);
	assert_int_equal(read_changed(9, IPPROTO_UDP), -1);
	assert_int_equal(read_changed(3, 20), -1); /* shorter than its headers */
	assert_int_equal(read_changed(32, 0x40), -1);
	assert_int_equal(read_changed(32, 0xf0), -1);
}

static uint16_t sum(const uint8_t *byte, size_t len, uint32_t start)
{
	for (size_t i = 0; i < len; i++)
		start += i % 2 ? byte[i] : (uint32_t)byte[i] << 8;
	while (start >> 16)
		start = (start & 0xffff) + (start >> 16);
	return (uint16_t)start;
}

/* A right checksum makes the sum over all that it covers 0xffff. */
static void assert_sealed(const uint8_t *packet, size_t len)
{
	uint32_t pseudo = sum(packet + 12, 8, IPPROTO_TCP + (uint32_t)(len - 20));

	assert_int_equal(sum(packet, 20, 0), 0xffff);
	assert_int_equal(sum(packet + 20, len - 20, pseudo), 0xffff);
}

static uint32_t word_at(const uint8_t *packet, size_t at)
{
	uint32_t word;

	memcpy(&word, packet + at, sizeof(word));
	return ntohl(word);
}

static void test_what_was_not_captured(void **state)
{
	struct rt_flow flow = flow_of(A, B);
	struct made made = make(B, A, ACK, 1, 1, "abc");
	uint8_t packet[RT_SEGMENT_MAX];
	size_t len;

	(void)state;
	take(&flow, &made); /* the other direction alone */
	for (int forgery = RT_FORGE_REPLAY; forgery <= RT_FORGE_RST; forgery++)
		assert_int_equal(rt_flow_forge(&flow, (enum rt_forgery)forgery, packet, &len),
				 ENOENT);
	made = make(A, B + 1, ACK, 1, 1, "abc");
	take(&flow, &made); /* another connection */
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_RST, packet, &len), ENOENT);
	made = make(A, B, SYN, 1, 0, "");
	take(&flow, &made);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_RST, packet, &len), 0);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_NEXT, packet, &len), ENOENT);
}

/* A connection, and a second one between the same ends. */
static void take_two(struct rt_flow *flow, struct made packet[7])
{
	packet[0] = make(A, B, SYN, 0xfffffffe, 0, "");
	packet[1] = make(B, A, SYN | ACK, 500, 0xffffffff, "");
	packet[2] = make(A, B, ACK, 0xffffffff, 501, "OLD");
	packet[3] = make(A, B, ACK, 2, 501, "more");
	packet[4] = make(B, A, ACK, 501, 6, "");
	packet[5] = make(A, B, SYN, 90000, 0, "");
	packet[6] = make(B, A, SYN | ACK, 7000, 90001, "");
	for (size_t i = 0; i < 7; i++)
		take(flow, &packet[i]);
}

static void test_an_old_one_again(void **state)
{
	struct rt_flow flow = flow_of(A, B);
	struct made packet[7];
	uint8_t out[RT_SEGMENT_MAX];
	size_t len = 0;

	(void)state;
	take_two(&flow, packet);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_REPLAY, out, &len), 0);
	assert_int_equal(len, packet[2].len);
	assert_sealed(out, len);
	/* All but the checksums. */
	assert_memory_equal(out, packet[2].byte, 10);
	assert_memory_equal(out + 12, packet[2].byte + 12, 24);
	assert_memory_equal(out + 38, packet[2].byte + 38, len - 38);
}

static void test_a_forged_one_has_the_next_number(void **state)
{
	struct rt_flow flow = flow_of(A, B);
	struct made packet[7], answer;
	uint8_t out[RT_SEGMENT_MAX];
	size_t len = 0;

	(void)state;
	take_two(&flow, packet);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_NEXT, out, &len), 0);
	assert_sealed(out, len);
	assert_int_equal(word_at(out, 24), 90001);
	assert_int_equal(word_at(out, 28), 7001);
	assert_memory_equal(out + 40, packet[2].byte + 40, OPTIONS + 3);
	/* The receiver took it: what it acknowledges nobody was seen to send. */
	answer = make(B, A, ACK, 7001, 90004, "");
	take(&flow, &answer);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_NEXT, out, &len), 0);
	assert_int_equal(word_at(out, 24), 90004);
	/* Data and FIN count, an old duplicate does not. */
	answer = make(A, B, ACK | FIN, 90004, 7001, "xy");
	take(&flow, &answer);
	take(&flow, &packet[3]);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_NEXT, out, &len), 0);
	assert_int_equal(word_at(out, 24), 90007);
}

static void test_numbers_go_round(void **state)
{
	struct rt_flow flow = flow_of(A, B);
	struct made packet[7];
	uint8_t out[RT_SEGMENT_MAX];
	size_t len = 0;

	(void)state;
	take_two(&flow, packet);
	flow = flow_of(A, B);
	for (size_t i = 0; i < 4; i++)
		take(&flow, &packet[i]);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_RST, out, &len), 0);
	assert_int_equal(word_at(out, 24), 6);
}

static void test_a_rst_has_no_options(void **state)
{
	struct rt_flow flow = flow_of(A, B);
	struct made packet[7];
	uint8_t out[RT_SEGMENT_MAX];
	size_t len = 0;

	(void)state;
	take_two(&flow, packet);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_RST, out, &len), 0);
	assert_int_equal(len, 40);
	assert_sealed(out, len);
	assert_int_equal(word_at(out, 20), (uint32_t)A << 16 | B);
	assert_int_equal(word_at(out, 24), 90001);
	assert_int_equal(out[32], 0x50);
	assert_int_equal(out[33], RST);
}

static void test_what_was_cut_is_not_sent(void **state)
{
	struct rt_flow flow = flow_of(A, B);
	struct made made = make(A, B, ACK, 1, 1, "abc");
	struct rt_segment segment;
	uint8_t out[RT_SEGMENT_MAX];
	size_t len;

	(void)state;
	assert_int_equal(rt_segment_read(made.byte, made.len - 1, &segment), 0);
	rt_flow_take(&flow, &segment);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_REPLAY, out, &len), EMSGSIZE);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_NEXT, out, &len), EMSGSIZE);
	assert_int_equal(rt_flow_forge(&flow, RT_FORGE_RST, out, &len), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_what_is_no_segment),
		cmocka_unit_test(test_what_was_not_captured),
		cmocka_unit_test(test_an_old_one_again),
		cmocka_unit_test(test_a_forged_one_has_the_next_number),
		cmocka_unit_test(test_numbers_go_round),
		cmocka_unit_test(test_a_rst_has_no_options),
		cmocka_unit_test(test_what_was_cut_is_not_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
