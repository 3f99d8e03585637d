/* The table of calls, and a call as text: what strace would print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "model/call.h"

/* --- building calls --------------------------------------------------------------------------- */

static struct rt_arg name_arg(const char *name)
{
	struct rt_arg arg = {.given = true};

	strcpy(arg.name, name);
	return arg;
}

static struct rt_arg number_arg(int64_t number)
{
	return (struct rt_arg){.given = true, .number = number};
}

static struct rt_arg bytes_arg(const void *bytes, size_t len)
{
	return (struct rt_arg){
		.given = true, .data = (uint8_t *)rt_strndup(bytes, len), .data_len = len};
}

static struct rt_arg addr_arg(const char *text)
{
	struct rt_arg arg = {.given = true};
	bool has_port;

	assert_int_equal(rt_addr_parse(text, strlen(text), &arg.addr, &has_port), 0);
	return arg;
}

static struct rt_arg option_arg(const char *name)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].name, name) == 0)
			return number_arg((int64_t)i);
	fail_msg("no option %s", name);
	return (struct rt_arg){0};
}

/* Ends call: its memory goes. */
static void expect_text(struct rt_call *call, bool with_assign, const char *expected)
{
	struct rt_str out = {0};
	struct rt_call copy;

	rt_call_copy(&copy, call);
	rt_call_fini(call);
	rt_call_format(&copy, with_assign, &out);
	assert_string_equal(rt_str_text(&out), expected);
	rt_call_fini(&copy);
	rt_str_fini(&out);
}

static void expect_option(const char *option, const void *value, size_t len, const char *expected)
{
	struct rt_call call = {.id = RT_CALL_SETSOCKOPT,
			       .arg = {name_arg("s"), option_arg(option), bytes_arg(value, len)}};

	expect_text(&call, false, expected);
}

/* --- the table -------------------------------------------------------------------------------- */

static void test_the_table_says_what_its_rows_say(void **state)
{
	const struct rt_call_spec *listen_spec = rt_call_spec(RT_CALL_LISTEN),
				  *wait_spec = rt_call_spec(RT_CALL_WAIT);

	(void)state;
	assert_string_equal(listen_spec->name, "listen");
	assert_string_equal(listen_spec->signature, "fd [int]");
	assert_int_equal(listen_spec->by, RT_BY_ACTOR);
	assert_int_equal(listen_spec->gives, RT_GIVES_ZERO);
	assert_int_equal(listen_spec->n_args, 2);
	assert_int_equal(listen_spec->n_required, 1);
	assert_int_equal(listen_spec->arg[0], RT_ARG_FD);
	assert_int_equal(listen_spec->arg[1], RT_ARG_INT);
	assert_false(listen_spec->arg_optional[0]);
	assert_true(listen_spec->arg_optional[1]);
	assert_string_equal(wait_spec->signature, "[no] row");
	assert_int_equal(wait_spec->by, RT_BY_TUTOR);
	assert_true(wait_spec->arg_optional[0]);
	assert_false(wait_spec->arg_optional[1]);
	assert_string_equal(rt_call_spec(RT_CALL_FORK)->signature, "");
	assert_int_equal(rt_call_spec(RT_CALL_FORK)->n_args, 0);
	assert_int_equal(rt_call_spec(RT_CALL_FORK)->gives, RT_GIVES_ACTOR);
}

static void test_every_row_of_the_table_is_whole(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RT_CALLS; i++) {
		const struct rt_call_spec *spec = rt_call_spec((enum rt_call_id)i);
		enum rt_call_id id = RT_CALLS;
		struct rt_str words = {0};
		unsigned required = 0;

		assert_ptr_equal(rt_call_find(spec->name, strlen(spec->name), &id), spec);
		assert_int_equal(id, i);
		assert_true(spec->n_args <= RT_ARGS_MAX && strlen(spec->help) > 0);
		for (size_t k = 0; k < spec->n_args; k++) {
			required += !spec->arg_optional[k];
			rt_str_addf(&words, spec->arg_optional[k] ? "%s[%s]" : "%s%s", k ? " " : "",
				    rt_arg_kind_name((enum rt_arg_kind)spec->arg[k]));
		}
		assert_int_equal(spec->n_required, required);
		assert_string_equal(rt_str_text(&words), spec->signature);
		rt_str_fini(&words);
	}
	assert_null(rt_call_find("bin", 3, NULL));
	assert_null(rt_call_find("", 0, NULL));
	for (unsigned kind = 0; kind < RT_ARG_KINDS; kind++)
		assert_non_null(rt_arg_kind_name((enum rt_arg_kind)kind));
}

/* --- text ------------------------------------------------------------------------------------- */

static void test_plain_calls(void **state)
{
	struct rt_call call = {
		.id = RT_CALL_SOCKET,
		.assign = "n",
		.arg = {number_arg(AF_INET), number_arg(SOCK_STREAM | SOCK_NONBLOCK)}};
	struct rt_call same = call;

	(void)state;
	expect_text(&call, true, "n = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK)");
	expect_text(&same, false, "socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK)");
	call = (struct rt_call){.id = RT_CALL_BIND,
				.arg = {name_arg("n"), addr_arg("127.0.0.1:8000")}};
	expect_text(&call, true, "bind(n, 127.0.0.1:8000)");
	call = (struct rt_call){.id = RT_CALL_BIND, .arg = {name_arg("n"), addr_arg("[::1]:0")}};
	expect_text(&call, true, "bind(n, [::1]:0)");
	call = (struct rt_call){.id = RT_CALL_CONNECT, .arg = {name_arg("n"), name_arg("a")}};
	call.arg[1].is_name = true;
	expect_text(&call, true, "connect(n, a)");
	call = (struct rt_call){.id = RT_CALL_LISTEN, .arg = {name_arg("n")}};
	expect_text(&call, true, "listen(n)");
	call = (struct rt_call){.id = RT_CALL_LISTEN, .arg = {name_arg("n"), number_arg(8)}};
	expect_text(&call, true, "listen(n, 8)");
	call = (struct rt_call){.id = RT_CALL_FORK, .assign = "child"};
	expect_text(&call, true, "child = fork()");
	call = (struct rt_call){.id = RT_CALL_SHUTDOWN,
				.arg = {name_arg("c"), number_arg(SHUT_WR)}};
	expect_text(&call, true, "shutdown(c, SHUT_WR)");
	call = (struct rt_call){.id = RT_CALL_KILL, .arg = {name_arg("old"), number_arg(SIGKILL)}};
	expect_text(&call, true, "kill(old, SIGKILL)");
	call = (struct rt_call){
		.id = RT_CALL_FCNTL,
		.arg = {name_arg("s"), number_arg(F_SETFD), number_arg(FD_CLOEXEC)}};
	expect_text(&call, true, "fcntl(s, F_SETFD, FD_CLOEXEC)");
	call = (struct rt_call){.id = RT_CALL_FCNTL,
				.arg = {name_arg("s"), number_arg(F_SETFD), number_arg(0)}};
	expect_text(&call, true, "fcntl(s, F_SETFD, 0)");
}

static void test_data_and_flags(void **state)
{
	struct rt_call call = {.id = RT_CALL_SEND,
			       .arg = {name_arg("k"), bytes_arg("still here", 10)}};

	(void)state;
	expect_text(&call, false, "send(k, \"still here\")");
	call = (struct rt_call){.id = RT_CALL_SENDTO,
				.arg = {name_arg("k"),
					bytes_arg("\0\"\\\n\x1b\xff"
						  "7",
						  7),
					addr_arg("127.0.0.1:9"), number_arg(MSG_DONTWAIT)}};
	expect_text(&call, false,
		    "sendto(k, \"\\000\\\"\\\\\\n\\033\\3777\", 127.0.0.1:9, MSG_DONTWAIT)");
	call = (struct rt_call){.id = RT_CALL_RECV,
				.arg = {name_arg("c"), number_arg(MSG_DONTWAIT | MSG_PEEK)}};
	expect_text(&call, false, "recv(c, MSG_DONTWAIT|MSG_PEEK)");
	call = (struct rt_call){.id = RT_CALL_RECV, .arg = {name_arg("c"), number_arg(0)}};
	expect_text(&call, false, "recv(c, 0)");
	call = (struct rt_call){.id = RT_CALL_RECV,
				.arg = {name_arg("c"), number_arg(0x1000000 | MSG_PEEK)}};
	expect_text(&call, false, "recv(c, 16777216|MSG_PEEK)");
}

static void test_option_values_by_their_form(void **state)
{
	struct ip_mreqn mreqn = {.imr_multiaddr.s_addr = htonl(0xef010101),
				 .imr_address.s_addr = htonl(0x7f000001)};
	struct linger linger = {1, 0};
	int on = 1;

	(void)state;
	expect_option("SO_REUSEADDR", &on, sizeof(on), "setsockopt(s, SO_REUSEADDR, 1)");
	expect_option("SO_LINGER", &linger, sizeof(linger), "setsockopt(s, SO_LINGER, {1, 0})");
	expect_option("IP_ADD_MEMBERSHIP", &mreqn, sizeof(struct ip_mreq),
		      "setsockopt(s, IP_ADD_MEMBERSHIP, {239.1.1.1, 127.0.0.1})");
	expect_option("IP_ADD_MEMBERSHIP", &mreqn, sizeof(mreqn),
		      "setsockopt(s, IP_ADD_MEMBERSHIP, {239.1.1.1, 127.0.0.1})");
	expect_option("IP_MULTICAST_IF", &mreqn.imr_address, 4,
		      "setsockopt(s, IP_MULTICAST_IF, 127.0.0.1)");
	/* Bytes that do not have the length of the form are shown, not read beyond their end. */
	expect_option("SO_LINGER", "ab", 2, "setsockopt(s, SO_LINGER, \"ab\")");
	expect_option("IP_ADD_MEMBERSHIP", "ab", 2, "setsockopt(s, IP_ADD_MEMBERSHIP, \"ab\")");
}

static void test_calls_of_the_stage_and_the_tutor(void **state)
{
	struct rt_call call = {
		.id = RT_CALL_SYSCTL,
		.arg = {name_arg("net.ipv4.ip_local_port_range"), bytes_arg("40000 40003", 11)}};
	struct rt_row_pattern row = {.state = RT_TIME_WAIT};

	(void)state;
	assert_int_equal(rt_addr_pattern_parse("127.0.0.1:8000", 14, &row.local), 0);
	expect_text(&call, false, "sysctl(net.ipv4.ip_local_port_range, \"40000 40003\")");
	call = (struct rt_call){.id = RT_CALL_SYSCTL,
				.arg = {name_arg("net.ipv4.tcp_tw_reuse"), bytes_arg("1", 1)}};
	expect_text(&call, false, "sysctl(net.ipv4.tcp_tw_reuse, 1)");
	call = (struct rt_call){.id = RT_CALL_ADDRESS, .arg = {addr_arg("10.0.0.1")}};
	expect_text(&call, false, "address(10.0.0.1)");
	call = (struct rt_call){.id = RT_CALL_WAIT, .arg = {{.given = true}, {.given = true}}};
	call.arg[1].row = rt_calloc(1, sizeof(row));
	*call.arg[1].row = row;
	expect_text(&call, false, "wait(no tcp 127.0.0.1:8000 TIME_WAIT)");
	call = (struct rt_call){.id = RT_CALL_WAIT, .arg = {{0}, {.given = true}}};
	call.arg[1].row = rt_calloc(1, sizeof(row));
	*call.arg[1].row = row;
	expect_text(&call, false, "wait(tcp 127.0.0.1:8000 TIME_WAIT)");
}

static void test_constants_are_those_of_the_headers(void **state)
{
	size_t n_options, n_constants;
	const struct rt_sockopt *option = rt_sockopts(&n_options);
	const struct rt_constant *constant = rt_constants(&n_constants);

	(void)state;
	assert_string_equal(option[0].name, "SO_REUSEADDR");
	assert_int_equal(option[0].level, SOL_SOCKET);
	assert_int_equal(option[0].option, SO_REUSEADDR);
	for (size_t i = 0; i < n_constants; i++)
		for (size_t k = 0; k < i; k++)
			assert_true(constant[i].kind != constant[k].kind ||
				    constant[i].value != constant[k].value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table_says_what_its_rows_say),
		cmocka_unit_test(test_every_row_of_the_table_is_whole),
		cmocka_unit_test(test_plain_calls),
		cmocka_unit_test(test_data_and_flags),
		cmocka_unit_test(test_option_values_by_their_form),
		cmocka_unit_test(test_calls_of_the_stage_and_the_tutor),
		cmocka_unit_test(test_constants_are_those_of_the_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
