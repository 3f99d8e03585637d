/*
 * The parser of sock_diag messages with good, cut and hostile ones. Each lies in memory of just its
 * size, for the sanitizers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>

#include "diag/diag.h"

enum { ROOM = 256, FLAG_LEN = sizeof(struct nlattr) + 1 }; /* of an attribute that holds one byte */

/* A message in the making. */
struct bytes {
	unsigned char at[ROOM];
	size_t len;
};

static struct inet_diag_msg tcp4(void)
{
	struct inet_diag_msg msg = {
		.idiag_family = AF_INET,
		.idiag_state = RT_TIME_WAIT,
		.idiag_timer = 3,
		.idiag_retrans = 2,
		.id = {.idiag_sport = htons(8000),
		       .idiag_dport = htons(40000),
		       .idiag_src = {htonl(0x7f000001)},
		       .idiag_dst = {htonl(0x7f000002)},
		       .idiag_if = 7,
		       .idiag_cookie = {0x11223344, 0x55667788}},
		.idiag_expires = 59990,
		.idiag_rqueue = 5,
		.idiag_wqueue = 6,
		.idiag_uid = 1000,
		.idiag_inode = 4711,
	};

	return msg;
}

static struct inet_diag_msg tcp6(void)
{
	struct inet_diag_msg msg = tcp4();

	msg.idiag_family = AF_INET6;
	msg.idiag_state = RT_LISTEN;
	memset(msg.id.idiag_src, 0, sizeof(msg.id.idiag_src));
	memset(msg.id.idiag_dst, 0, sizeof(msg.id.idiag_dst));
	msg.id.idiag_dport = 0;
	return msg;
}

static void add(struct bytes *bytes, const void *data, size_t len)
{
	assert_true(bytes->len + len <= ROOM);
	memcpy(bytes->at + bytes->len, data, len);
	bytes->len += len;
}

/* claimed_len is what the header says, len what is there. */
static void add_attr(struct bytes *bytes, uint16_t type, uint16_t claimed_len, const void *data,
		     size_t len)
{
	const struct nlattr attr = {claimed_len, type};

	add(bytes, &attr, sizeof(attr));
	add(bytes, data, len);
	while (bytes->len % NLA_ALIGNTO)
		bytes->at[bytes->len++] = 0;
}

/* Parses the first len bytes, from memory of that size. */
static int parse(const struct bytes *bytes, size_t len, enum rt_proto proto, struct rt_row *row)
{
	void *exact = malloc(len ? len : 1);
	int rc;

	assert_non_null(exact);
	memcpy(exact, bytes->at, len);
	memset(row, 0xa5, sizeof(*row));
	rc = rt_diag_parse(exact, len, proto, row);
	free(exact);
	return rc;
}

static void test_every_field_arrives(void **state)
{
	const struct inet_diag_msg msg = tcp4();
	struct bytes bytes = {0};
	struct rt_row row;
	char text[RT_ADDR_TEXT];

	(void)state;
	add(&bytes, &msg, sizeof(msg));
	assert_int_equal(parse(&bytes, bytes.len, RT_TCP, &row), 0);
	assert_true(row.cookie == 0x5566778811223344u);
	assert_int_equal(row.inode, 4711);
	assert_int_equal(row.uid, 1000);
	assert_int_equal(row.ifindex, 7);
	assert_int_equal(row.timer, RT_TIMER_TIME_WAIT);
	assert_int_equal(row.timer_ms, 59990);
	assert_int_equal(row.rqueue, 5);
	assert_int_equal(row.wqueue, 6);
	assert_int_equal(row.proto, RT_TCP);
	assert_int_equal(row.state, RT_TIME_WAIT);
	assert_int_equal(row.retrans, 2);
	assert_int_equal(row.v6only, -1);
	assert_int_equal(row.source, RT_FROM_DIAG);
	assert_string_equal(rt_addr_format(&row.local, text), "127.0.0.1:8000");
	assert_string_equal(rt_addr_format(&row.peer, text), "127.0.0.2:40000");
	/* What sock_diag does not tell is not known, and no name is made up. */
	assert_int_equal(row.reuseaddr.value, -1);
	assert_int_equal(row.reuseaddr.source, RT_FROM_NOWHERE);
	assert_int_equal(row.reuseport.value, -1);
	assert_int_equal(row.n_owners, 0);
	assert_string_equal(row.name, "");
	assert_string_equal(row.name_owner, "");
}

static uint8_t state_of(enum rt_proto proto, uint8_t idiag_state)
{
	struct inet_diag_msg msg = tcp4();
	struct bytes bytes = {0};
	struct rt_row row;

	msg.idiag_state = idiag_state;
	add(&bytes, &msg, sizeof(msg));
	assert_int_equal(parse(&bytes, bytes.len, proto, &row), 0);
	return row.state;
}

static void test_states(void **state)
{
	(void)state;
	assert_int_equal(state_of(RT_TCP, RT_ESTABLISHED), RT_ESTABLISHED);
	assert_int_equal(state_of(RT_TCP, RT_CLOSE), RT_BOUND);
	assert_int_equal(state_of(RT_UDP, RT_CLOSE), RT_CLOSE);
	assert_int_equal(state_of(RT_TCP, RT_NEW_SYN_RECV), RT_SYN_RECV);
	assert_int_equal(state_of(RT_TCP, 200), 0);
}

static void test_ipv6_and_its_attribute(void **state)
{
	const struct inet_diag_msg msg = tcp6();
	const uint8_t yes = 1, no = 0, shutdown = 3;
	struct bytes bytes = {0}, zero = {0};
	struct rt_row row;
	char text[RT_ADDR_TEXT];

	(void)state;
	add(&bytes, &msg, sizeof(msg));
	assert_int_equal(parse(&bytes, bytes.len, RT_TCP, &row), 0);
	assert_int_equal(row.v6only, -1);
	assert_int_equal(row.peer.family, AF_UNSPEC);
	assert_string_equal(rt_addr_format(&row.local, text), "[::]:8000");
	zero = bytes;
	add_attr(&bytes, INET_DIAG_SHUTDOWN, FLAG_LEN, &shutdown, 1);
	add_attr(&bytes, INET_DIAG_SKV6ONLY, FLAG_LEN, &yes, 1);
	assert_int_equal(parse(&bytes, bytes.len, RT_TCP, &row), 0);
	assert_int_equal(row.v6only, 1);
	add_attr(&zero, INET_DIAG_SKV6ONLY, FLAG_LEN, &no, 1);
	assert_int_equal(parse(&zero, zero.len, RT_TCP, &row), 0);
	assert_int_equal(row.v6only, 0);
}

static void test_a_message_cut_anywhere(void **state)
{
	const struct inet_diag_msg msg = tcp6();
	const uint8_t yes = 1, shutdown = 3;
	struct bytes bytes = {0};
	struct rt_row row;

	(void)state;
	add(&bytes, &msg, sizeof(msg));
	add_attr(&bytes, INET_DIAG_SHUTDOWN, FLAG_LEN, &shutdown, 1);
	add_attr(&bytes, INET_DIAG_SKV6ONLY, FLAG_LEN, &yes, 1);
	for (size_t len = 0; len <= bytes.len; len++) {
		assert_int_equal(parse(&bytes, len, RT_TCP, &row), len < sizeof(msg) ? -1 : 0);
		if (len >= sizeof(msg))
			assert_int_equal(row.v6only, len == bytes.len ? 1 : -1);
	}
}

static void test_attributes_that_lie_about_their_length(void **state)
{
	/*
	 * Too short for a header, no payload, beyond the end, and one whose padding would reach
	 * beyond the end.
	 */
	static const uint16_t claimed[] = {0, 1, 3, 4, 64, 0x7fff, 0xffff};
	const struct inet_diag_msg msg = tcp6();
	const uint8_t yes = 1;
	struct rt_row row;

	(void)state;
	for (size_t i = 0; i < sizeof(claimed) / sizeof(claimed[0]); i++) {
		struct bytes bytes = {0};

		add(&bytes, &msg, sizeof(msg));
		add_attr(&bytes, INET_DIAG_SKV6ONLY, claimed[i], &yes, 1);
		assert_int_equal(parse(&bytes, bytes.len, RT_TCP, &row), 0);
		assert_int_equal(row.v6only, -1);
	}
	for (size_t rest = 0; rest < NLA_ALIGNTO; rest++) {
		struct bytes bytes = {0};

		add(&bytes, &msg, sizeof(msg));
		add_attr(&bytes, INET_DIAG_SHUTDOWN, FLAG_LEN, &yes, 1);
		assert_int_equal(parse(&bytes, sizeof(msg) + FLAG_LEN + rest, RT_TCP, &row), 0);
		assert_int_equal(row.v6only, -1);
	}
}

static void test_other_families_are_refused(void **state)
{
	static const uint8_t family[] = {AF_UNSPEC, AF_UNIX, AF_PACKET, 255};
	struct inet_diag_msg msg = tcp4();
	struct rt_row row;

	(void)state;
	for (size_t i = 0; i < sizeof(family); i++) {
		struct bytes bytes = {0};

		msg.idiag_family = family[i];
		add(&bytes, &msg, sizeof(msg));
		assert_int_equal(parse(&bytes, bytes.len, RT_TCP, &row), -1);
	}
}

/* Any bytes at all: whatever comes out can be printed and matched. */
static void test_noise(void **state)
{
	const struct rt_row_pattern any = {.local = {.any_host = true, .any_port = true},
					   .check_owner = true};
	unsigned seed = 4711;
	size_t taken = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct bytes bytes = {.len = (size_t)rand_r(&seed) % (ROOM + 1)};
		struct rt_row row;
		char text[RT_ADDR_TEXT];

		for (size_t k = 0; k < bytes.len; k++)
			bytes.at[k] = (unsigned char)rand_r(&seed);
		bytes.at[0] = rand_r(&seed) % 2 ? AF_INET : AF_INET6;
		if (parse(&bytes, bytes.len, i % 2 ? RT_TCP : RT_UDP, &row) < 0)
			continue;
		taken++;
		assert_true(row.state < RT_STATES && row.timer <= RT_TIMER_PROBE);
		assert_true(row.v6only >= -1 && row.v6only <= 1);
		assert_non_null(rt_state_name(row.proto, row.state));
		assert_true(strlen(rt_addr_format(&row.local, text)) < RT_ADDR_TEXT);
		rt_row_match(&any, &row);
	}
	assert_true(taken > 1000);
}

static void test_the_destroy_request_names_the_socket(void **state)
{
	const struct inet_diag_msg msg = tcp4();
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 req;
	} request;
	struct bytes bytes = {0};
	struct rt_row row;

	(void)state;
	add(&bytes, &msg, sizeof(msg));
	assert_int_equal(parse(&bytes, bytes.len, RT_TCP, &row), 0);
	assert_int_equal(rt_diag_destroy_request(&row, &request, sizeof(request) - 1), 0);
	assert_int_equal(rt_diag_destroy_request(&row, &request, sizeof(request)), sizeof(request));
	assert_int_equal(request.header.nlmsg_len, sizeof(request));
	assert_int_equal(request.header.nlmsg_type, SOCK_DESTROY);
	assert_int_equal(request.header.nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	assert_int_equal(request.req.sdiag_family, AF_INET);
	assert_int_equal(request.req.sdiag_protocol, IPPROTO_TCP);
	assert_memory_equal(&request.req.id, &msg.id, sizeof(msg.id));
	row.cookie = 0;
	row.proto = RT_UDP;
	rt_diag_destroy_request(&row, &request, sizeof(request));
	assert_int_equal(request.req.sdiag_protocol, IPPROTO_UDP);
	assert_int_equal(request.req.id.idiag_cookie[0], INET_DIAG_NOCOOKIE);
	assert_int_equal(request.req.id.idiag_cookie[1], INET_DIAG_NOCOOKIE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_field_arrives),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_ipv6_and_its_attribute),
		cmocka_unit_test(test_a_message_cut_anywhere),
		cmocka_unit_test(test_attributes_that_lie_about_their_length),
		cmocka_unit_test(test_other_families_are_refused),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_the_destroy_request_names_the_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
