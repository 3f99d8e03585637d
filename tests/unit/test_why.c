/* `why`: what it understands, and the sentences that it says, of sockets that need no kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/why.h"

/* --- what is asked ---------------------------------------------------------------------------- */

static void test_addresses(void **state)
{
	static const struct {
		const char *text, *target;
		enum rt_proto proto;
		int v6only;
	} good[] = {
		{"8000", "[::]:8000", RT_TCP, 0},
		{":8000", "[::]:8000", RT_TCP, 0},
		{"*:8000", "[::]:8000", RT_TCP, 0},
		{"udp:53", "[::]:53", RT_UDP, 0},
		{"tcp:127.0.0.1:1", "127.0.0.1:1", RT_TCP, -1},
		{"0.0.0.0:65535", "0.0.0.0:65535", RT_TCP, -1},
		{"[::1]:8000", "[::1]:8000", RT_TCP, -1},
		{"udp:[::ffff:1.2.3.4]:8", "[::ffff:1.2.3.4]:8", RT_UDP, -1},
		{"0.0.0.0%eth0:80", "0.0.0.0%eth0:80", RT_TCP, -1},
		{"*%eth0:80", "[::%eth0]:80", RT_TCP, 0},
		{"[fe80::1%eth0]:80", "[fe80::1%eth0]:80", RT_TCP, -1},
	};
	struct rt_error err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		struct rt_why why = {0};
		struct rt_str target = {0};

		assert_int_equal(rt_why_parse(good[i].text, true, &why, &err), 0);
		rt_why_target(&why, &target);
		assert_string_equal(rt_str_text(&target), good[i].target);
		assert_int_equal(why.proto, good[i].proto);
		assert_int_equal(why.v6only, good[i].v6only);
		rt_str_fini(&target);
	}
}

static void test_every_address_without_ipv6(void **state)
{
	struct rt_why why = {0};
	struct rt_error err;

	(void)state;
	assert_int_equal(rt_why_parse(":80", false, &why, &err), 0);
	assert_int_equal(why.addr.family, AF_INET);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"", "no address with a port"},
		{"foo", "no address with a port"},
		{"tcp:", "no address with a port"},
		{"127.0.0.1", "no address with a port"},
		{"[::1]", "no address with a port"},
		{"127.0.0.1:", "no port"},
		{"127.0.0.1:http", "no port"},
		{"127.0.0.1:-1", "no port"},
		{":0", "port 0 lets the kernel choose"},
		{":65536", "no such port"},
		{":99999999999999999999", "no such port"},
		{"1.2.3:80", "no address"},
		{"1.2.3.4.5:80", "no address"},
		{"256.0.0.1:80", "no address"},
		{"[::1:80", "no address"},
		{"[::g]:80", "no address"},
		{"sctp:80", "no address"},
		{"localhost:80", "names are not looked up"},
		{"::1:80", "in brackets"},
		{"[fe80::1]:80", "needs its interface"},
		{"127.0.0.1%:80", "no address with a port"},
		{"127.0.0.1%averylongdevicename:80", "no address with a port"},
		{"1111111111111111111111111111111111111111111111111111111111111111111:80",
		 "no address with a port"},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		struct rt_why why = {0};
		struct rt_error err = {0};

		assert_int_equal(rt_why_parse(bad[i].text, true, &why, &err), RT_ERR_USAGE);
		if (!strstr(err.why, bad[i].why))
			fail_msg("\"%s\": %s", bad[i].text, err.why);
		assert_true(err.fix[0]);
	}
}

/* --- what is said ----------------------------------------------------------------------------- */

static void begin(struct rt_why *why, const char *text)
{
	struct rt_error err;

	*why = (struct rt_why){.uid = 1000, .sockets.has_bound = true};
	assert_int_equal(rt_why_parse(text, true, why, &err), 0);
	why->net.local = rt_calloc(1, sizeof(struct rt_addr));
}

static struct rt_row *add(struct rt_why *why, enum rt_state state, const char *local,
			  uint32_t inode)
{
	struct rt_row *row = rt_snapshot_add(&why->sockets);

	row->proto = (uint8_t)why->proto;
	row->state = (uint8_t)state;
	row->inode = inode;
	row->source = RT_FROM_DIAG;
	row->reuseaddr.value = row->reuseport.value = -1;
	assert_int_equal(rt_addr_parse(local, strlen(local), &row->local, NULL), 0);
	return row;
}

/* Judges, and compares the sentence; then looks for a part of the whole text. */
static void expect(struct rt_why *why, const char *sentence, const char *part)
{
	struct rt_str text = {0};
	char *whole = NULL;
	size_t size;
	FILE *out = open_memstream(&whole, &size);

	rt_why_judge(why);
	rt_why_sentence(why, &text);
	assert_string_equal(rt_str_text(&text), sentence);
	rt_plain_why(out, why);
	fclose(out);
	if (part && !strstr(whole, part))
		fail_msg("no \"%s\" in:\n%s", part, whole);
	free(whole);
	rt_str_fini(&text);
}

static void test_somebody_elses_listener(void **state)
{
	struct rt_why why;
	struct rt_holder sshd = {.inode = 7, .pid = 812, .fd = 3, .command = "ss\033hd"};

	(void)state;
	begin(&why, "127.0.0.1:2222");
	add(&why, RT_LISTEN, "0.0.0.0:2222", 7);
	expect(&why,
	       "No: a process of uid 0 listens on 0.0.0.0:2222; neither SO_REUSEADDR nor "
	       "SO_REUSEPORT of the new socket alone would help.",
	       "sudo reuse-tutor why");
	assert_false(rt_why_is_free(&why));
	/* A name may hold anything. */
	rt_holders_add(&why.holders, &sshd);
	expect(&why,
	       "No: ss\xef\xbf\xbdhd (pid 812) listens on 0.0.0.0:2222; neither SO_REUSEADDR nor "
	       "SO_REUSEPORT of the new socket alone would help.",
	       "ss\xef\xbf\xbdhd 812");
	why.sockets.row[0].uid = 1000;
	expect(&why,
	       "No: ss\xef\xbf\xbdhd (pid 812) listens on 0.0.0.0:2222; SO_REUSEADDR would not "
	       "help, SO_REUSEPORT helps only if that socket has it too, which is unknown.",
	       "EADDRINUSE or success");
	rt_why_fini(&why);
}

static void test_a_port_that_needs_a_privilege(void **state)
{
	struct rt_why why;

	(void)state;
	begin(&why, "127.0.0.1:80");
	why.net.unprivileged_from = 1024;
	expect(&why, "No: ports below 1024 need root or CAP_NET_BIND_SERVICE.", "EACCES");
	assert_false(rt_why_is_free(&why));
	add(&why, RT_LISTEN, "127.0.0.1:80", 7);
	expect(&why,
	       "No: ports below 1024 need root or CAP_NET_BIND_SERVICE, and a process of uid 0 "
	       "listens on 127.0.0.1:80; neither SO_REUSEADDR nor SO_REUSEPORT "
	       "of the new socket alone would help.",
	       "without option EACCES");
	rt_why_fini(&why);
}

static void test_a_free_port(void **state)
{
	struct rt_why why;

	(void)state;
	begin(&why, "127.0.0.1:8000");
	expect(&why, "Yes: no socket is on TCP port 8000.", "success");
	assert_true(rt_why_is_free(&why));
	add(&why, RT_LISTEN, "127.0.0.2:8000", 7);
	add(&why, RT_LISTEN, "127.0.0.3:8000", 8);
	expect(&why, "Yes: 2 sockets are on TCP port 8000, none with an address that overlaps.",
	       "another address");
	why.sockets.has_bound = false;
	expect(&why, "Yes: 2 sockets are on TCP port 8000, none with an address that overlaps.",
	       "Before Linux 6.8");
	assert_true(rt_why_is_free(&why));
	rt_why_fini(&why);
}

static void test_what_is_not_known(void **state)
{
	struct rt_why why;

	(void)state;
	begin(&why, "10.0.0.1:8000");
	expect(&why, "No: EADDRNOTAVAIL: this host does not have the address.", NULL);
	free((void *)(uintptr_t)why.net.local);
	why.net.local = NULL;
	expect(&why,
	       "Perhaps not: no socket is on TCP port 8000, but whether this host has the address "
	       "is not known.",
	       "success or EADDRNOTAVAIL");
	/* The status says yes only where it is sure. */
	assert_false(rt_why_is_free(&why));
	rt_why_fini(&why);
}

static void test_many_sockets(void **state)
{
	struct rt_why why;

	(void)state;
	begin(&why, "127.0.0.1:8000");
	for (uint32_t i = 0; i < 30; i++)
		add(&why, RT_ESTABLISHED, "127.0.0.1:8000", i + 1);
	expect(&why,
	       "No: a process of uid 0 has a socket bound to 127.0.0.1:8000, and 29 sockets more "
	       "are in the way; SO_REUSEADDR helps only if those sockets have it too, which is "
	       "unknown, SO_REUSEPORT would not help.",
	       "  and 10 sockets more");
	rt_why_fini(&why);
}

/* Who waits for records waits for the last. */
static void test_many_records(void **state)
{
	static const uint32_t left_ms[] = {12345, 53210, 900};
	struct rt_row *row;
	struct rt_why why;

	(void)state;
	begin(&why, "127.0.0.1:8000");
	for (size_t i = 0; i < RT_COUNT(left_ms); i++) {
		row = add(&why, RT_TIME_WAIT, "127.0.0.1:8000", 0);
		assert_int_equal(rt_addr_parse("127.0.0.1:40000", 15, &row->peer, NULL), 0);
		row->timer = RT_TIMER_TIME_WAIT;
		row->timer_ms = left_ms[i];
	}
	expect(&why,
	       "No: a closed connection from 127.0.0.1:8000 to 127.0.0.1:40000 is in TIME_WAIT for "
	       "another 12.3 s, and 2 sockets more are in the way, the last of them for another "
	       "53.2 s; SO_REUSEADDR or SO_REUSEPORT helps only if those sockets have it too, "
	       "which is unknown.",
	       NULL);
	/* A listener does not go by itself. */
	add(&why, RT_LISTEN, "127.0.0.1:8000", 7);
	rt_why_judge(&why);
	{
		struct rt_str text = {0};

		rt_why_sentence(&why, &text);
		assert_null(strstr(rt_str_text(&text), "the last of them"));
		rt_str_fini(&text);
	}
	rt_why_fini(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_every_address_without_ipv6),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_somebody_elses_listener),
		cmocka_unit_test(test_a_port_that_needs_a_privilege),
		cmocka_unit_test(test_a_free_port),
		cmocka_unit_test(test_what_is_not_known),
		cmocka_unit_test(test_many_sockets),
		cmocka_unit_test(test_many_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
