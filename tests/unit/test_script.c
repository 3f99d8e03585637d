/* Lines of script: what is understood, what is not, and the words for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <locale.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "lesson/script.h"

/*
 * A stage on which most lines make sense: old with s and k, client with c, child ended in line 6,
 * the address a.
 */
static const char *const cast[] = {
	"old: s = socket(AF_INET, SOCK_STREAM)",
	"old: k = accept(s)",
	"client: c = socket(AF_INET, SOCK_STREAM)",
	"client: a = getsockname(c)",
	"old: child = fork()",
	"child: exit()",
	"old: gone = socket(AF_INET, SOCK_STREAM)",
	"old: close(gone)",
};

static struct rt_scope *make_scope(void)
{
	struct rt_scope *scope = rt_scope_new();
	struct rt_mistake mistake;
	struct rt_line line;

	for (size_t i = 0; i < RT_COUNT(cast); i++) {
		rt_scope_set_line(scope, (int)i + 1);
		assert_int_equal(rt_script_parse(cast[i], strlen(cast[i]), scope, &line, &mistake),
				 1);
		rt_line_fini(&line);
	}
	rt_scope_set_line(scope, 20);
	return scope;
}

/* --- what is understood ----------------------------------------------------------------------- */

static const struct {
	const char *text, *line, *want, *label, *comment;
} good[] = {
	{"old:bind(s,127.0.0.1:8000)", "old: bind(s, 127.0.0.1:8000)", "success", "", NULL},
	{"\told :  bind ( s , [::1]:0 )\t=  EADDRINUSE  @again  #  why?  ", "old: bind(s, [::1]:0)",
	 "EADDRINUSE", "again", "why?"},
	{"old: bind(s, a) = 0 @a-b_C9", "old: bind(s, a)", "0", "a-b_C9", NULL},
	{"old: listen(s)", "old: listen(s)", "success", "", NULL},
	{"old: listen(s, -1)#", "old: listen(s, -1)", "success", "", NULL},
	{"old: x = accept(s) = blocks", "old: x = accept(s)", "blocks", "", NULL},
	{"old: x = accept(s) = EWOULDBLOCK", "old: x = accept(s)", "EAGAIN", "", NULL},
	{"n1_: x = socket(AF_INET6, SOCK_CLOEXEC|SOCK_DGRAM)",
	 "n1_: x = socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC)", "success", "", NULL},
	{"old: setsockopt(s, SO_REUSEADDR, 1)", "old: setsockopt(s, SO_REUSEADDR, 1)", "success",
	 "", NULL},
	{"old: setsockopt(s, SO_LINGER, { 1,0 })", "old: setsockopt(s, SO_LINGER, {1, 0})",
	 "success", "", NULL},
	{"old: setsockopt(s, IP_ADD_MEMBERSHIP, {239.1.1.1, 127.0.0.1})",
	 "old: setsockopt(s, IP_ADD_MEMBERSHIP, {239.1.1.1, 127.0.0.1})", "success", "", NULL},
	{"old: setsockopt(s, IP_MULTICAST_IF, 127.0.0.1)",
	 "old: setsockopt(s, IP_MULTICAST_IF, 127.0.0.1)", "success", "", NULL},
	{"old: getsockopt(s, SO_REUSEADDR) = 1", "old: getsockopt(s, SO_REUSEADDR)", "1", "", NULL},
	{"client: send(c, \"a\\n\\t\\r\\0\\\\\\\"\\x41#@\") = 9",
	 "client: send(c, \"a\\n\\t\\r\\000\\\\\\\"A#@\")", "9", "", NULL},
	{"client: sendto(c, \"\", 127.0.0.1:1, MSG_DONTWAIT)",
	 "client: sendto(c, \"\", 127.0.0.1:1, MSG_DONTWAIT)", "success", "", NULL},
	{"client: recv(c, MSG_PEEK|MSG_DONTWAIT) = \"\"", "client: recv(c, MSG_DONTWAIT|MSG_PEEK)",
	 "\"\"", "", NULL},
	{"client: shutdown(c, SHUT_WR)", "client: shutdown(c, SHUT_WR)", "success", "", NULL},
	{"client: b = getsockname(c) = 127.0.0.1:*", "client: b = getsockname(c)", "127.0.0.1:*",
	 "", NULL},
	{"client: getpeername(c) = *:8000", "client: getpeername(c)", "*:8000", "", NULL},
	{"old: fcntl(s, F_SETFD, FD_CLOEXEC)", "old: fcntl(s, F_SETFD, FD_CLOEXEC)", "success", "",
	 NULL},
	{"old: fcntl(s, F_GETFD) = 1", "old: fcntl(s, F_GETFD)", "1", "", NULL},
	{"old: fchown(s, 1000, -1)", "old: fchown(s, 1000, -1)", "success", "", NULL},
	{"old: kid = fork()", "old: kid = fork()", "success", "", NULL},
	{"old: exec()", "old: exec()", "success", "", NULL},
	{"old: exit(3)", "old: exit(3)", "success", "", NULL},
	{"old: seteuid(0)", "old: seteuid(0)", "success", "", NULL},
	{"kill(old, SIGKILL)", "kill(old, SIGKILL)", "success", "", NULL},
	{"sysctl(net.ipv4.tcp_tw_reuse, 0)", "sysctl(net.ipv4.tcp_tw_reuse, 0)", "success", "",
	 NULL},
	{"sysctl(net.ipv4.ip_local_port_range, \"1 2\")",
	 "sysctl(net.ipv4.ip_local_port_range, \"1 2\")", "success", "", NULL},
	{"address(127.0.0.5)", "address(127.0.0.5)", "success", "", NULL},
	{"destroy(tcp a -> 127.0.0.1:8000 TIME_WAIT)", "destroy(tcp a -> 127.0.0.1:8000 TIME_WAIT)",
	 "success", "", NULL},
	{"wait(no tcp *:8000)", "wait(no tcp *:8000)", "success", "", NULL},
	{"wait(tcp *:8000->* TIME_WAIT)", "wait(tcp *:8000 -> * TIME_WAIT)", "success", "", NULL},
	{"expect tcp 127.0.0.1:8000 TIME_WAIT owner kernel @r # c",
	 "expect tcp 127.0.0.1:8000 TIME_WAIT owner kernel", "success", "r", "c"},
	{"expect no udp [::]:*", "expect no udp [::]:*", "success", "", NULL},
	{"expect 0 udp *", "expect no udp *", "success", "", NULL},
	{"expect 2 tcp *:8000 LISTEN owner old+client queue 3",
	 "expect 2 tcp *:8000 LISTEN owner old+client queue 3", "success", "", NULL},
	{"expect udp *:9 UNCONN", "expect udp *:9 UNCONN", "success", "", NULL},
	{"expect 60..140 tcp *:8000 LISTEN owner old uid 1000 queue 6..14",
	 "expect 60..140 tcp *:8000 LISTEN owner old uid 1000 queue 6..14", "success", "", NULL},
	{"expect 3..3 tcp * queue 7..7", "expect 3 tcp * queue 7", "success", "", NULL},
	{"expect tcp * uid 0 timer 1..2", "expect tcp * uid 0 timer 1..2", "success", "", NULL},
	{"expect group 239.1.1.1 users 2", "expect group 239.1.1.1 users 2", "success", "", NULL},
	{"expect group 239.1.1.1 users 1..3 @g", "expect group 239.1.1.1 users 1..3", "success",
	 "g", NULL},
	{"expect group 239.1.1.1 when ipv6", "expect group 239.1.1.1", "success", "", NULL},
	{"expect no group 239.1.1.1 # c", "expect no group 239.1.1.1", "success", "", "c"},
	{"capture(tcp 127.0.0.1:9000 -> *:8000)", "capture(tcp 127.0.0.1:9000 -> *:8000)",
	 "success", "", NULL},
	{"inject(tcp a -> 127.0.0.1:8000, replay) = ENOENT",
	 "inject(tcp a -> 127.0.0.1:8000, replay)", "ENOENT", "", NULL},
	{"inject(tcp a->127.0.0.1:8000,next)", "inject(tcp a -> 127.0.0.1:8000, next)", "success",
	 "", NULL},
	{"inject(tcp a -> 127.0.0.1:8000, rst) = 0", "inject(tcp a -> 127.0.0.1:8000, rst)", "0",
	 "", NULL},
	{"old: setsockopt(s, SO_ATTACH_REUSEPORT_CBPF, 1)",
	 "old: setsockopt(s, SO_ATTACH_REUSEPORT_CBPF, 1)", "success", "", NULL},
};

static void test_good_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		struct rt_scope *scope = make_scope();
		struct rt_str text = {0}, want = {0};
		struct rt_mistake mistake;
		struct rt_line line;
		int result =
			rt_script_parse(good[i].text, strlen(good[i].text), scope, &line, &mistake);

		if (result != 1)
			fail_msg("%s: %s", good[i].text, mistake.what);
		rt_line_format(&line, &text);
		rt_want_format(&line.want, &want);
		assert_string_equal(rt_str_text(&text), good[i].line);
		assert_string_equal(rt_str_text(&want), good[i].want);
		assert_string_equal(line.label, good[i].label);
		assert_int_equal(!line.comment, !good[i].comment);
		if (line.comment)
			assert_string_equal(line.comment, good[i].comment);
		rt_line_fini(&line);
		rt_str_fini(&text);
		rt_str_fini(&want);
		rt_scope_free(scope);
	}
}

/* --- what is not ------------------------------------------------------------------------------ */

static const char address_help[] = "addresses look like 127.0.0.1:8002 or [::1]:8002";
static const char row_help[] = "a row looks like: tcp 127.0.0.1:8000 -> *:* TIME_WAIT owner kernel";
static const char fd_help[] =
	"a descriptor gets its name from socket or accept: s = socket(AF_INET, SOCK_STREAM)";
static const char rest[] = "the order is: call = result when FEATURE @label # comment";

static const struct bad {
	const char *text;
	int column;
	const char *what, *help;
} bad[] = {
	/* the call and its process */
	{"old: x = sokcet(AF_INET, SOCK_STREAM)", 10, "expected a call, got \"sokcet\"",
	 "did you mean \"socket\"?"},
	{"old: stsockopt(s, SO_REUSEADDR, 1)", 6, "expected a call, got \"stsockopt\"",
	 "did you mean \"setsockopt\"?"},
	{"Expect tcp *:1", 1, "expected a process, a call or expect, got \"Expect\"",
	 "did you mean \"expect\"?"},
	{"old bind(s, 127.0.0.1:8000)", 1, "expected a process, a call or expect, got \"old\"",
	 "a line begins with the process that makes the call: old: s = socket(AF_INET, "
	 "SOCK_STREAM)"},
	{"bind(s, 127.0.0.1:8000)", 1, "bind is made by a process",
	 "write the process in front: old: bind(...)"},
	{"old: kill(client, SIGKILL)", 1, "kill is not made by a process", "leave out \"old:\""},
	{"child: listen(s)", 1, "child ended in line 6", "give the new process another name"},
	{"kernel: listen(s)", 1, "\"kernel\" cannot be a name",
	 "kernel, no, expect, owner, blocks, none and when have a meaning of their own"},
	{"expect: listen(s)", 1, "expect is the beginning of a row, not a name",
	 "a row looks like: expect tcp 127.0.0.1:8000 TIME_WAIT owner kernel"},
	{"a2345678901234567: exec()", 1, "a name has at most 16 letters, this has 17",
	 "choose a shorter one"},
	{"_x: exec()", 1, "expected the name of a process, got \"_x:\"",
	 "a name begins with a letter; letters, digits and _ follow"},
	{"old: listen s", 13, "expected \"(\", got \"s\"", "listen(fd, [int])"},
	/* the name of the result */
	{"old: socket(AF_INET, SOCK_STREAM)", 6, "the descriptor that socket gives would be lost",
	 "give it a name: s = ..."},
	{"old: accept(s) = EAGAIN", 6, "the descriptor that accept gives would be lost",
	 "give it a name: k = ..."},
	{"old: fork()", 6, "the new process needs a name", "give it a name: child = fork()"},
	{"old: x = bind(s, a)", 6, "bind gives nothing that could have a name",
	 "leave out the name"},
	{"client: x = recv(c)", 9, "recv gives nothing that could have a name",
	 "leave out the name; the result stands behind the call: = 1"},
	{"old: s = socket(AF_INET, SOCK_STREAM)", 6,
	 "old has an open descriptor \"s\" already, of line 1",
	 "close it first, or choose another name"},
	{"old: client = fork()", 6, "there is a process \"client\" already, since line 3",
	 "choose another name"},
	{"old: child = fork()", 6, "child ended in line 6", "give the new process another name"},
	{"old: old = fork()", 6, "old is the process that forks", "choose another name"},
	{"old: blocks = accept(s)", 6, "\"blocks\" cannot be a name",
	 "kernel, no, expect, owner, blocks, none and when have a meaning of their own"},
	/* descriptors */
	{"old: listen(S)", 13, "old has no descriptor \"S\"", fd_help},
	{"old: listen(c)", 13, "old has no descriptor \"c\"",
	 "it belongs to client; a line uses the names of its own process"},
	{"odl: listen(k)", 13, "odl has no descriptor \"k\"",
	 "odl is a new process; did you mean \"old\", which has it?"},
	{"old: listen(gone)", 13, "gone was closed in line 8", ""},
	{"old: listen(child.s)", 13, "expected the name of a descriptor, got \"child.s\"",
	 "a line uses the names of its own process: write that process in front of the line"},
	{"old: listen()", 13, "expected the name of a descriptor, got \")\"", "listen(fd, [int])"},
	/* arguments */
	{"old: bind(s, 127.0.0.1:port)", 14, "expected an address, got \"127.0.0.1:port\"",
	 address_help},
	{"old: bind(s, 127.0.0.1)", 14, "expected an address with a port, got \"127.0.0.1\"",
	 address_help},
	{"old: bind(s, 127.0.0.1:65536)", 14, "expected an address, got \"127.0.0.1:65536\"",
	 address_help},
	{"old: bind(s, 127.0.0.1:*)", 14, "expected an address, got \"127.0.0.1:*\"", address_help},
	{"old: bind(s, ::1:8000)", 14, "expected an address, got \"::1:8000\"", address_help},
	{"old: bind(s, b)", 14, "expected an address, got \"b\"",
	 "addresses look like 127.0.0.1:8002 or [::1]:8002; a = getsockname(s) gives one the name "
	 "a"},
	{"old: bind(s)", 12, "expected \",\", got \")\"", "bind(fd, address)"},
	{"old: bind(s 127.0.0.1:1)", 13, "expected \",\", got \"127.0.0.1:1\"",
	 "bind(fd, address)"},
	{"old: bind(s, a, 1)", 15, "bind has all its arguments already", "bind(fd, address)"},
	{"old: exec(s)", 11, "expected \")\", got \"s\"", "exec()"},
	{"old: exec(,)", 11, "exec takes no arguments", "exec()"},
	{"old: bind(s, a", 15, "expected \")\", got the end of the line", "bind(fd, address)"},
	{"old: x = socket(AF_INET, SOCK_STREM)", 26, "expected a socket type, got \"SOCK_STREM\"",
	 "did you mean \"SOCK_STREAM\"?"},
	{"old: x = socket(PF_X, SOCK_STREAM)", 17, "expected an address family, got \"PF_X\"",
	 "there are AF_INET, AF_INET6"},
	{"old: x = socket(AF_INET, SOCK_CLOEXEC)", 26, "SOCK_STREAM or SOCK_DGRAM is missing",
	 "as in SOCK_STREAM|SOCK_NONBLOCK"},
	{"old: x = socket(AF_INET, SOCK_STREAM|SOCK_DGRAM)", 38,
	 "SOCK_DGRAM cannot be joined to the one before it", ""},
	{"old: setsockopt(s, so_reuseaddr, 1)", 20,
	 "expected a socket option, got \"so_reuseaddr\"", "did you mean \"SO_REUSEADDR\"?"},
	{"old: setsockopt(s, SO_REUSEADDR, yes)", 34, "expected a number, got \"yes\"", ""},
	{"old: setsockopt(s, SO_REUSEADDR, 2147483648)", 34,
	 "expected a number from -2147483648 to 2147483647, got 2147483648", ""},
	{"old: setsockopt(s, SO_LINGER, 1)", 31, "expected \"{\", got \"1\"",
	 "as in {1, 0}: on, and the seconds to linger"},
	{"old: setsockopt(s, IP_MULTICAST_IF, 127.0.0.1:1)", 37,
	 "expected an IPv4 address without a port, got \"127.0.0.1:1\"", "as in 127.0.0.1"},
	{"old: fcntl(s, F_SETFD)", 15, "F_SETFD needs flags to set",
	 "as in fcntl(s, F_SETFD, FD_CLOEXEC)"},
	{"old: fcntl(s, F_GETFL, 1)", 24, "F_GETFL takes no flags", "as in fcntl(s, F_GETFD)"},
	{"client: send(c, hello)", 17, "expected bytes in double quotes, got \"hello\"",
	 "as in \"hello\\n\""},
	{"client: send(c, \"abc)", 17, "this string has no end", "write \" behind its last byte"},
	{"client: send(c, \"a\\q\")", 19, "a string has no such escape",
	 "the escapes are \\n \\t \\r \\0 \\\\ \\\" and \\xHH"},
	{"client: send(c, \"\\x\")", 18, "expected two hexadecimal digits behind \\x",
	 "the escapes are \\n \\t \\r \\0 \\\\ \\\" and \\xHH"},
	{"client: send(c, \"\\400\")", 18, "a byte is at most \\377",
	 "the escapes are \\n \\t \\r \\0 \\\\ \\\" and \\xHH"},
	{"kill(odl, SIGKILL)", 6, "expected the name of a process, got \"odl\"",
	 "did you mean \"old\"?"},
	{"kill(child, SIGKILL)", 6, "child ended in line 6", "give the new process another name"},
	{"kill(old, SIGKIL)", 11, "expected a signal, got \"SIGKIL\"", "did you mean \"SIGKILL\"?"},
	{"sysctl(kernel.hostname, x)", 8, "expected the name of a sysctl, got \"kernel.hostname\"",
	 "it begins with net.ipv4. or net.ipv6., as in net.ipv4.tcp_tw_reuse"},
	{"sysctl(net.ipv4..x, 1)", 8, "expected the name of a sysctl, got \"net.ipv4..x\"",
	 "it begins with net.ipv4. or net.ipv6., as in net.ipv4.tcp_tw_reuse"},
	{"sysctl(net.ipv4.../x, 1)", 8, "expected the name of a sysctl, got \"net.ipv4.../x\"",
	 "it begins with net.ipv4. or net.ipv6., as in net.ipv4.tcp_tw_reuse"},
	{"sysctl(net.ipv4.x, \"a\\n\")", 20, "this value may hold printable ASCII alone", ""},
	{"sysctl(net.ipv4.x, 1 2)", 22, "expected \")\", got \"2\"", "sysctl(sysctl, text)"},
	{"address(127.0.0)", 9, "expected an address, got \"127.0.0\"",
	 "addresses look like 127.0.0.5 or [::1]"},
	/* results */
	{"old: bind(s, a) = EADRINUSE", 19, "expected a result, got \"EADRINUSE\"",
	 "did you mean \"EADDRINUSE\"?"},
	{"old: bind(s, a) = eaddrinuse", 19, "expected a result, got \"eaddrinuse\"",
	 "did you mean \"EADDRINUSE\"?"},
	{"old: bind(s, a) = 5", 19, "expected 0, an errno name or blocks, got \"5\"", ""},
	{"old: bind(s, a) =", 18, "expected a result, got the end of the line",
	 "results are 0, a number, EADDRINUSE, \"bytes\", blocks, success, or an address such as "
	 "127.0.0.1:*"},
	{"old: x = accept(s) = 4", 22, "expected an errno name, blocks or success, got \"4\"",
	 "the number of a descriptor is shown and never compared"},
	{"client: recv(c) = 0", 19,
	 "expected bytes in double quotes, an errno name or blocks, got \"0\"",
	 "the end of file is \"\""},
	{"client: recv(c) = \"x", 19, "this string has no end", "write \" behind its last byte"},
	{"client: getsockname(c) = 127.0.0.1:x", 26, "expected an address, got \"127.0.0.1:x\"",
	 "addresses look like 127.0.0.1:8002, [::1]:8002 or 127.0.0.1:*"},
	{"wait(tcp *:80) = blocks", 18, "expected 0 or an errno name, got \"blocks\"",
	 "only a call of a process can block"},
	/* behind the call */
	{"old: listen(s);", 15,
	 "expected = result, when FEATURE, @label, # comment or the end of the line, got \";\"",
	 ""},
	{"old: listen(s) @l = 0", 19,
	 "expected @label, # comment or the end of the line, got \"=\"", rest},
	{"old: listen(s) = 0 0", 20, "expected @label, # comment or the end of the line, got \"0\"",
	 rest},
	{"old: listen(s) @", 17, "expected a label, got the end of the line",
	 "a label has letters, digits, _ and -, as in @second-bind"},
	{"old: listen(s) @a23456789012345678901234", 17, "a label has at most 23 letters",
	 "choose a shorter one"},
	/* rows */
	{"expect", 7, "expected tcp or udp, got the end of the line", row_help},
	{"expect tcpp *:80", 8, "expected tcp or udp, got \"tcpp\"", "did you mean \"tcp\"?"},
	{"expect tcp TIME_WAIT", 12, "expected an address, got \"TIME_WAIT\"",
	 "addresses look like 127.0.0.1:8002, [::1]:8002, 127.0.0.1:*, *:8002 or *"},
	{"expect tcp *:80 -> 127.0.0.1 LISTEN", 20, "expected an address, got \"127.0.0.1\"",
	 "addresses look like 127.0.0.1:8002, [::1]:8002, 127.0.0.1:*, *:8002 or *"},
	{"expect tcp *:80 TIMEWAIT", 17,
	 "expected the end of the row, or its state, owner, uid, timer or queue, got \"TIMEWAIT\"",
	 "did you mean \"TIME_WAIT\"?"},
	{"expect tcp *:80 owner kernel LISTEN", 30,
	 "expected the end of the row, or its state, owner, uid, timer or queue, got \"LISTEN\"",
	 "the order is: state, owner, uid, timer, queue"},
	{"expect tcp *:80 owner clinet", 23, "expected the name of a process, got \"clinet\"",
	 "did you mean \"client\"?"},
	{"expect tcp *:80 owner old+kernel", 27,
	 "kernel stands alone: it means that no process holds the socket", ""},
	{"expect tcp *:80 owner", 22,
	 "expected the name of a process, or kernel, got the end of the line",
	 "as in: owner old, owner old+child, owner kernel"},
	{"expect tcp *:80 queue 9..3", 23, "no number is in 9..3",
	 "the smaller number stands first"},
	{"expect 3.. tcp *", 8, "expected a number, or two joined by .., got \"3..\"",
	 "as in 2 or 60..140"},
	{"expect tcp *:80 uid -1", 21, "expected a number from 0 to 4294967294, got -1", ""},
	{"expect 2 group 239.1.1.1", 10, "a group is there or not: its users are counted",
	 "as in: expect group 239.1.1.1 users 2"},
	{"expect group 10.1.1.1", 14, "expected an IPv4 multicast address, got \"10.1.1.1\"",
	 "as in: expect group 239.1.1.1 users 2"},
	{"expect group 239.1.1.1 2", 24, "expected users or the end, got \"2\"",
	 "as in: expect group 239.1.1.1 users 2"},
	{"expect no group 239.1.1.1 users 1", 27, "expected the end of the line, got \"users\"",
	 "no says that it has no users"},
	{"capture(tcp 127.0.0.1:1)", 9, "capture needs both ends of a TCP connection",
	 "as in 127.0.0.1:9000 -> 127.0.0.1:8000"},
	{"capture(udp * -> *)", 9, "capture needs both ends of a TCP connection",
	 "as in 127.0.0.1:9000 -> 127.0.0.1:8000"},
	{"capture(tcp * -> * LISTEN)", 9, "capture takes two ends and nothing else",
	 "as in 127.0.0.1:9000 -> 127.0.0.1:8000"},
	{"capture(tcp [::1]:1 -> *)", 9, "capture knows IPv4 alone",
	 "as in 127.0.0.1:9000 -> 127.0.0.1:8000"},
	{"inject(tcp *:1 -> 127.0.0.1:1, rst)", 8, "inject needs both ends without *",
	 "as in 127.0.0.1:9000 -> 127.0.0.1:8000"},
	{"inject(tcp 127.0.0.1:1 -> 127.0.0.1:2)", 38, "expected \",\", got \")\"",
	 "inject(row, forgery)"},
	{"inject(tcp 127.0.0.1:1 -> 127.0.0.1:2, nxet)", 40, "expected what to send, got \"nxet\"",
	 "did you mean \"next\"?"},
	{"old: inject(tcp * -> *, rst)", 1, "inject is not made by a process",
	 "leave out \"old:\""},
	{"expect tcp *:80 timer 60", 23, "expected the seconds that are left, got \"60\"",
	 "as in: timer 55..61"},
	{"expect tcp *:80 timer 61..55", 23, "no number is in 61..55",
	 "the smaller number stands first, as in: timer 55..61"},
	{"expect tcp *:80 queue x", 23, "expected a number, got \"x\"", ""},
	{"expect 40000 tcp *:80", 8, "expected a number from 0 to 32767, got 40000", ""},
	{"expect tcp *:80 = 1", 17,
	 "expected when FEATURE, @label, # comment or the end of the line, got \"=\"", ""},
	{"wait(no tcp)", 12, "expected an address, got \")\"",
	 "addresses look like 127.0.0.1:8002, [::1]:8002, 127.0.0.1:*, *:8002 or *"},
	{"wait()", 6, "expected a row of the socket table, got \")\"", "wait([no] row)"},
	/*
	 * columns: Chinese is two wide, a tab is one character; an input method that was left on;
	 * what harms a terminal
	 */
	{"client: send(c, \"中文\", x)", 25, "expected flags, got \"x\"",
	 "there are MSG_DONTWAIT, MSG_PEEK, MSG_WAITALL, MSG_NOSIGNAL, MSG_TRUNC, MSG_OOB"},
	{"\told:\tlisten(q)", 14, "old has no descriptor \"q\"", fd_help},
	{"old: listen（s）", 12, "expected \"(\", got \"（s）\"",
	 "\"（\" is a full-width character: write ("},
	{"client: send(c, “hi”)", 17, "expected bytes in double quotes, got \"“hi”\"",
	 "\"“\" is a full-width character: write \""},
	{"old: \033[31m(s)", 6, "expected a call, got \"\xef\xbf\xbd[31m\"",
	 "the calls are socket setsockopt getsockopt bind listen connect accept send sendto recv "
	 "shutdown close getsockname "
	 "getpeername fcntl fchown fork exec exit seteuid kill sysctl address capture inject "
	 "destroy wait"},
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		struct rt_scope *scope = make_scope();
		struct rt_mistake mistake;
		struct rt_line line;
		int result =
			rt_script_parse(bad[i].text, strlen(bad[i].text), scope, &line, &mistake);

		if (result != -1)
			fail_msg("%s: no mistake", bad[i].text);
		if (strcmp(mistake.what, bad[i].what) != 0 ||
		    strcmp(mistake.help, bad[i].help) != 0 || mistake.column != bad[i].column)
			fail_msg("%s\n is %d: %s\n    %s\n not %d: %s\n    %s", bad[i].text,
				 mistake.column, mistake.what, mistake.help, bad[i].column,
				 bad[i].what, bad[i].help);
		assert_int_equal(mistake.line, 0);
		rt_mistake_fini(&mistake);
		rt_scope_free(scope);
	}
}

/* --- the values ------------------------------------------------------------------------------- */

static void parse(struct rt_scope *scope, const char *text, struct rt_line *line)
{
	struct rt_mistake mistake;

	if (rt_script_parse(text, strlen(text), scope, line, &mistake) != 1)
		fail_msg("%s: %s", text, mistake.what);
}

static void refuse(struct rt_scope *scope, const char *text, const char *what)
{
	struct rt_mistake mistake = {0};
	struct rt_line line;

	assert_int_equal(rt_script_parse(text, strlen(text), scope, &line, &mistake), -1);
	assert_string_equal(mistake.what, what);
	rt_mistake_fini(&mistake);
}

static void test_values(void **state)
{
	struct rt_scope *scope = make_scope();
	struct linger linger;
	struct rt_line line;
	struct ip_mreq mreq;
	int one;

	(void)state;
	parse(scope, "old: setsockopt(s, SO_LINGER, {1, 9})", &line);
	assert_int_equal(line.call.arg[2].data_len, sizeof(linger));
	memcpy(&linger, line.call.arg[2].data, sizeof(linger));
	assert_int_equal(linger.l_onoff, 1);
	assert_int_equal(linger.l_linger, 9);
	rt_line_fini(&line);
	parse(scope, "old: setsockopt(s, SO_REUSEPORT, 1)", &line);
	memcpy(&one, line.call.arg[2].data, sizeof(one));
	assert_int_equal(one, 1);
	rt_line_fini(&line);
	parse(scope, "old: setsockopt(s, IP_DROP_MEMBERSHIP, {239.1.1.1, 127.0.0.1})", &line);
	memcpy(&mreq, line.call.arg[2].data, sizeof(mreq));
	assert_int_equal(ntohl(mreq.imr_multiaddr.s_addr), 0xef010101);
	assert_int_equal(ntohl(mreq.imr_interface.s_addr), 0x7f000001);
	rt_line_fini(&line);
	parse(scope, "client: send(c, \"a\\0b\\xff\", MSG_PEEK|MSG_OOB) = EPIPE", &line);
	assert_int_equal(line.call.id, RT_CALL_SEND);
	assert_string_equal(line.call.actor, "client");
	assert_string_equal(line.call.arg[0].name, "c");
	assert_int_equal(line.call.arg[1].data_len, 4);
	assert_memory_equal(line.call.arg[1].data, "a\0b\xff", 4);
	assert_int_equal(line.call.arg[2].number, MSG_PEEK | MSG_OOB);
	assert_int_equal(line.want.number, EPIPE);
	rt_line_fini(&line);
	parse(scope, "old: listen(s)", &line);
	assert_true(line.call.arg[0].given);
	assert_false(line.call.arg[1].given);
	rt_line_fini(&line);
	parse(scope, "wait(no tcp a -> *:9 TIME_WAIT owner kernel timer 5..61 queue 7)", &line);
	assert_true(line.call.arg[0].given);
	assert_string_equal(line.call.arg[1].row->local_name, "a");
	assert_true(line.call.arg[1].row->has_peer);
	assert_int_equal(line.call.arg[1].row->peer.addr.port, 9);
	assert_int_equal(line.call.arg[1].row->state, RT_TIME_WAIT);
	assert_true(line.call.arg[1].row->check_owner);
	assert_int_equal(line.call.arg[1].row->n_owners, 0);
	assert_int_equal(line.call.arg[1].row->timer_min_ms, 5000);
	assert_int_equal(line.call.arg[1].row->timer_max_ms, 61000);
	assert_int_equal(line.call.arg[1].row->queue_min, 7);
	rt_line_fini(&line);
	parse(scope, "expect 3 tcp *", &line);
	assert_int_equal(line.expect.min, 3);
	assert_int_equal(line.expect.max, 3);
	parse(scope, "expect no tcp *", &line);
	assert_int_equal(line.expect.max, 0);
	parse(scope, "expect tcp *", &line);
	assert_int_equal(line.expect.min, 1);
	assert_int_equal(line.expect.max, RT_EXPECT_ANY);
	rt_scope_free(scope);
}

static void test_nothing(void **state)
{
	static const char *const empty[] = {"", "   ", "\t", "# only words", "   # only words"};
	struct rt_scope *scope = rt_scope_new();
	struct rt_mistake mistake;
	struct rt_line line;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(empty); i++)
		assert_int_equal(
			rt_script_parse(empty[i], strlen(empty[i]), scope, &line, &mistake), 0);
	rt_scope_free(scope);
}

/* --- names over several lines ----------------------------------------------------------------- */

static void run(struct rt_scope *scope, const char *text)
{
	struct rt_line line;

	parse(scope, text, &line);
	rt_line_fini(&line);
}

static void test_fork_copies_names(void **state)
{
	struct rt_scope *scope = make_scope();

	(void)state;
	run(scope, "old: kid = fork()");
	run(scope, "kid: close(s)");
	refuse(scope, "kid: listen(s)", "s was closed in line 20");
	run(scope, "old: listen(s)");
	refuse(scope, "kid: listen(gone)", "gone was closed in line 8");
	rt_scope_free(scope);
}

static void test_names_before_fork(void **state)
{
	struct rt_scope *scope = make_scope();

	(void)state;
	run(scope, "kid: x = socket(AF_INET, SOCK_STREAM)");
	refuse(scope, "old: kid = fork()", "there is a process \"kid\" already, since line 20");
	rt_scope_free(scope);
}

/* What must fail makes and ends nothing. */
static void test_failing_calls(void **state)
{
	struct rt_scope *scope = make_scope();

	(void)state;
	run(scope, "old: x = accept(s) = EAGAIN");
	refuse(scope, "old: listen(x)", "old has no descriptor \"x\"");
	run(scope, "old: close(s) = EIO");
	run(scope, "old: listen(s)");
	run(scope, "old: y = accept(s) = blocks");
	run(scope, "old: listen(y)");
	rt_scope_free(scope);
}

static void test_ends(void **state)
{
	struct rt_scope *scope = make_scope();

	(void)state;
	run(scope, "kill(client, SIGTERM)");
	refuse(scope, "client: recv(c)", "client ended in line 20");
	run(scope, "expect no tcp * owner client");
	rt_scope_set_line(scope, 0);
	run(scope, "old: close(k)");
	refuse(scope, "old: close(k)", "k is closed");
	run(scope, "old: exit(0)");
	refuse(scope, "old: listen(s)", "old has ended");
	rt_scope_clear(scope);
	run(scope, "old: s = socket(AF_INET, SOCK_STREAM)");
	refuse(scope, "old: bind(s, a)", "expected an address, got \"a\"");
	rt_scope_free(scope);
}

/* A wrong line leaves the names as they were. */
static void test_mistake_changes_nothing(void **state)
{
	struct rt_scope *scope = make_scope();

	(void)state;
	refuse(scope, "fresh: x = socket(AF_INET, SOCK_STREAM) = 5",
	       "expected an errno name, blocks or success, got \"5\"");
	refuse(scope, "kill(fresh, SIGKILL)", "expected the name of a process, got \"fresh\"");
	rt_scope_free(scope);
}

static void test_limits(void **state)
{
	struct rt_scope *scope = rt_scope_new();
	char text[64], data[1025], *lines = rt_calloc(20000, 1);
	struct rt_mistake mistake;
	struct rt_line line;

	(void)state;
	for (int i = 0; i < 31; i++) {
		snprintf(text, sizeof(text), "p%d: s = socket(AF_INET, SOCK_STREAM)", i);
		run(scope, text);
	}
	refuse(scope, "p31: s = socket(AF_INET, SOCK_STREAM)", "a stage has at most 31 processes");
	refuse(scope, "p0: p31 = fork()", "a stage has at most 31 processes");
	rt_scope_clear(scope);
	for (int i = 0; i < RT_FDS_MAX; i++) {
		snprintf(text, sizeof(text), "p: s%d = socket(AF_INET, SOCK_STREAM)", i);
		run(scope, text);
	}
	refuse(scope, "p: more = socket(AF_INET, SOCK_STREAM)",
	       "a process has at most 512 descriptors");
	memset(lines, 'x', 19999);
	refuse(scope, lines, "a line has at most 8192 bytes, this has 19999");
	memset(data, 'x', sizeof(data));
	snprintf(lines, 20000, "p: send(s0, \"%.*s\")", 1024, data);
	run(scope, lines);
	snprintf(lines, 20000, "p: send(s0, \"%.*s\")", 1025, data);
	refuse(scope, lines, "at most 1024 bytes can stand here");
	assert_int_equal(rt_script_parse("p\0: ", 4, scope, &line, &mistake), -1);
	assert_string_equal(mistake.text, "p\xef\xbf\xbd: ");
	rt_mistake_fini(&mistake);
	free(lines);
	rt_scope_free(scope);
}

/* --- results alone ---------------------------------------------------------------------------- */

static void test_wants(void **state)
{
	static const struct {
		const char *text;
		bool of_expect;
		enum rt_want_kind kind;
		const char *format;
	} wants[] = {
		{"success", false, RT_WANT_SUCCESS, "success"},
		{" 0 ", false, RT_WANT_NUMBER, "0"},
		{"-1", false, RT_WANT_NUMBER, "-1"},
		{"EADDRINUSE", false, RT_WANT_ERRNO, "EADDRINUSE"},
		{"\"hello\"", false, RT_WANT_DATA, "\"hello\""},
		{"blocks", false, RT_WANT_BLOCKS, "blocks"},
		{"127.0.0.1:*", false, RT_WANT_ADDRESS, "127.0.0.1:*"},
		{"[::1]:8000", false, RT_WANT_ADDRESS, "[::1]:8000"},
		{"TIME_WAIT", true, RT_WANT_STATE, "TIME_WAIT"},
		{"none", true, RT_WANT_NONE, "none"},
		{"2", true, RT_WANT_NUMBER, "2"},
		{"owner new", true, RT_WANT_OWNER, "owner new"},
		{"owner a+b", true, RT_WANT_OWNER, "owner a+b"},
		{"owner kernel", true, RT_WANT_OWNER, "owner kernel"},
	};
	static const struct {
		const char *text;
		bool of_expect;
		int column;
		const char *what;
	} wrong[] = {
		{"", false, 1, "expected a result, got the end of the line"},
		{"TIME_WAIT", false, 1, "expected a result, got \"TIME_WAIT\""},
		{"0 0", false, 3, "expected nothing behind the result, got \"0\""},
		{"\"x\"y", false, 4, "expected nothing behind the result, got \"y\""},
		{"EADDRINUSE", true, 1,
		 "expected a number of rows, a state, an owner or none, got \"EADDRINUSE\""},
		{"owner", true, 6, "expected an owner, got the end of the line"},
		{"owner a+", true, 7, "expected an owner, got \"a+\""},
		{"owner a+kernel", true, 7, "expected an owner, got \"a+kernel\""},
		{"owner new", false, 1, "expected a result, got \"owner\""},
		{"-1", true, 1, "expected a number from 0 to 32767, got -1"},
	};
	struct rt_mistake mistake;
	struct rt_want want;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(wants); i++) {
		struct rt_str text = {0};

		assert_int_equal(rt_want_parse(wants[i].text, strlen(wants[i].text),
					       wants[i].of_expect, &want, &mistake),
				 0);
		assert_int_equal(want.kind, wants[i].kind);
		rt_want_format(&want, &text);
		assert_string_equal(rt_str_text(&text), wants[i].format);
		rt_str_fini(&text);
		rt_want_fini(&want);
	}
	for (size_t i = 0; i < RT_COUNT(wrong); i++) {
		assert_int_equal(rt_want_parse(wrong[i].text, strlen(wrong[i].text),
					       wrong[i].of_expect, &want, &mistake),
				 -1);
		assert_string_equal(mistake.what, wrong[i].what);
		assert_int_equal(mistake.column, wrong[i].column);
		rt_mistake_fini(&mistake);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_lines),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_fork_copies_names),
		cmocka_unit_test(test_names_before_fork),
		cmocka_unit_test(test_failing_calls),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_mistake_changes_nothing),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_wants),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
