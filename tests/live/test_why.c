/*
 * `why` on a kernel of its own: the program runs in the network namespace of the test and tells of
 * the sockets that the test holds. Then each answer is held against a bind that is really made.
 */
#include "diag_fixture.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "diag/holders.h"
#include "report/why.h"

/* --- the program ------------------------------------------------------------------------------ */

/* What `reuse-tutor why WORDS` prints, errors too; *status is its exit status. free() it. */
static char *ask(const char *words, int *status)
{
	const char *program = getenv("REUSE_TUTOR");
	struct rt_str command = {0}, out = {0};
	char part[512];
	size_t n;
	FILE *pipe;

	rt_str_addf(&command, "'%s' why %s 2>&1", program ? program : "./reuse-tutor", words);
	pipe = popen(rt_str_text(&command), "re");
	assert_non_null(pipe);
	while ((n = fread(part, 1, sizeof(part), pipe)) > 0)
		for (size_t i = 0; i < n; i++)
			if (part[i] != '\n')
				rt_str_addc(&out, part[i]);
			else
				rt_str_addc(&out, ' '); /* wherever lines are broken */
	*status = WEXITSTATUS(pclose(pipe));
	rt_str_fini(&command);
	return rt_str_take(&out);
}

static void expect(const char *words, int status, const char *const *parts)
{
	int got;
	char *out = ask(words, &got);

	for (; *parts; parts++)
		if (!strstr(out, *parts))
			fail_msg("why %s: no \"%s\" in: %s", words, *parts, out);
	if (got != status)
		fail_msg("why %s: status %d, not %d: %s", words, got, status, out);
	free(out);
}

#define EXPECT(words, status, ...) expect(words, status, (const char *const[]){__VA_ARGS__, NULL})

static void set(int fd, int option, int value)
{
	assert_int_equal(setsockopt(fd, SOL_SOCKET, option, &value, sizeof(value)), 0);
}

/* "test_why (pid 17)": who the program should name. */
static const char *me(void)
{
	static char text[64];

	snprintf(text, sizeof(text), "test_why (pid %d) ", getpid());
	return text;
}

static void test_a_listener_is_named(void **state)
{
	int s;

	need_diag(state);
	s = listener("0.0.0.0:8000");
	EXPECT("127.0.0.1:8000", 1, "No: ", me(), "listens on 0.0.0.0:8000;",
	       "neither SO_REUSEADDR nor SO_REUSEPORT of the new socket alone would help.", "A+ P-",
	       "0.0.0.0 takes in every IPv4 address");
	EXPECT("8000", 1, "bind to [::]:8000", me());
	EXPECT("[::1]:8000", 0, "Yes: 1 socket is on TCP port 8000, with an address that does not");
	EXPECT("udp:127.0.0.1:8000", 0, "Yes: no socket is on UDP port 8000.");
	EXPECT("127.0.0.1%lo:8000", 1, "bind to 127.0.0.1%lo:8000", me());
	set(s, SO_REUSEPORT, 1);
	EXPECT("127.0.0.1:8000", 1, "SO_REUSEADDR would not help, SO_REUSEPORT would help.",
	       "A+ P+");
	close(s);
	EXPECT("127.0.0.1:8000", 0, "Yes: no socket is on TCP port 8000.");
}

static void test_a_record_says_how_long(void **state)
{
	struct rt_diag *diag = need_diag(state);
	struct rt_snapshot snapshot = {0};
	int s, c, k;
	uint64_t cookie;

	s = listener("127.0.0.1:8000");
	c = connected(SOCK_STREAM, "127.0.0.1:8000");
	k = accepted(s);
	cookie = cookie_of(k);
	close(s);
	EXPECT("127.0.0.1:8000", 1, me(), "has a connection from 127.0.0.1:8000 to 127.0.0.1:",
	       "(ESTABLISHED); SO_REUSEADDR would help, SO_REUSEPORT would not help.");
	close(k);
	close(c);
	wait_state(diag, &snapshot, cookie, RT_TIME_WAIT);
	EXPECT("127.0.0.1:8000", 1, "a closed connection from 127.0.0.1:8000",
	       "is in TIME_WAIT for", "which is unknown.", "EADDRINUSE or success", " s left",
	       "A? P?", "- A? P?");
	EXPECT("127.0.0.2:8000", 0, "Yes: 1 socket is on");
	EXPECT("--json 127.0.0.1:8000", 1, "\"SO_REUSEADDR\": null", "\"time_wait_ms\": 5",
	       "\"none\": [    \"EADDRINUSE\"   ],");
	rt_snapshot_fini(&snapshot);
}

/* A process that no other may look into, as those of other users are. */
static void test_a_process_that_hides(void **state)
{
	int s;

	need_diag(state);
	s = listener("127.0.0.1:8000");
	assert_int_equal(prctl(PR_SET_DUMPABLE, 0), 0);
	EXPECT("127.0.0.1:8000", 1, "No: a process of uid 0 listens on 127.0.0.1:8000;",
	       "No process that can be seen here holds 1 of the sockets", "A? P?",
	       "SO_REUSEADDR would not help, SO_REUSEPORT helps only if that socket has it too");
	assert_int_equal(prctl(PR_SET_DUMPABLE, 1), 0);
	EXPECT("127.0.0.1:8000", 1, me());
	close(s);
}

/* From now on socket(AF_NETLINK) is refused to this process, and to those that it starts. */
static bool refuse_netlink(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {RT_COUNT(filter), filter};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Where the kernel's tables cannot be read there is no answer, and it is no "no". */
static void test_no_sock_diag(void **state)
{
	enum { NO_FILTER = 77 };
	int status;
	char *out;
	pid_t child;

	need_diag(state);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		if (!refuse_netlink())
			_exit(NO_FILTER);
		out = ask("127.0.0.1:8000", &status);
		print_message("status %d: %s\n", status, out);
		_exit(status == 3 && strstr(out, "cannot read the sockets") &&
				      strstr(out, "EACCES") && strstr(out, "seccomp")
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_FILTER)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Those who hold one socket: who forked has it twice. */
static void test_a_child_that_keeps_the_socket(void **state)
{
	struct rt_snapshot sockets = {0};
	struct rt_holders holders = {0};
	struct rt_diag *diag = need_diag(state);
	int s = listener("127.0.0.1:8000"), ready[2];
	const struct rt_holder *holder;
	struct rt_error err;
	size_t n;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		close(ready[1]);
		_exit(read(ready[0], &byte, 1) != 0);
	}
	close(ready[0]);
	assert_int_equal(rt_diag_port(diag, RT_TCP, 8000, &sockets, &err), 0);
	rt_holders_find(&sockets, &holders);
	holder = rt_holders_of(&holders, inode_of(s), &n);
	assert_int_equal(n, 2);
	assert_true(holder[0].pid == getpid() || holder[1].pid == getpid());
	assert_true(holder[0].pid == child || holder[1].pid == child);
	assert_string_equal(holder[0].command, "test_why");
	EXPECT("127.0.0.1:8000", 1, " and 1 more) listens on");
	close(ready[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	/* The socket has ended since the tables were read: its process is not found. */
	close(s);
	rt_holders_find(&sockets, &holders);
	rt_holders_options(&holders, &sockets);
	assert_null(rt_holders_of(&holders, sockets.row[0].inode, &n));
	assert_int_equal(sockets.row[0].reuseaddr.value, -1);
	rt_holders_fini(&holders);
	rt_snapshot_fini(&sockets);
}

/* The first thousand descriptors of a process are read, the rest where a socket is still missing. */
static void test_a_process_of_many_descriptors(void **state)
{
	struct rt_snapshot sockets = {0};
	struct rt_holders holders = {0};
	struct rt_diag *diag = need_diag(state);
	int s = listener("127.0.0.1:8000"), late = -1, n_fds = 0;
	struct rt_error err;
	size_t n;

	while (n_fds < RT_HOLDERS_FEW + 50 && dup(STDIN_FILENO) >= 0)
		n_fds++;
	late = dup(s);
	if (late < RT_HOLDERS_FEW) {
		print_message("skip: the limit of open files is %d\n", n_fds);
		skip();
	}
	close(s);
	assert_int_equal(rt_diag_port(diag, RT_TCP, 8000, &sockets, &err), 0);
	rt_holders_find(&sockets, &holders);
	assert_non_null(rt_holders_of(&holders, inode_of(late), &n));
	assert_int_equal(holders.holder[0].fd, late);
	assert_int_equal(dup2(late, s), s);
	rt_holders_find(&sockets, &holders);
	assert_int_equal(holders.n, 1);
	assert_int_equal(holders.holder[0].fd, s);
	assert_int_equal(holders.cut, 1);
	closefrom(s);
	rt_holders_fini(&holders);
	rt_snapshot_fini(&sockets);
}

static void test_what_cannot_be_asked(void **state)
{
	need_diag(state);
	EXPECT("", 2, "why takes one address with a port");
	EXPECT("1 2", 2, "why takes one address with a port");
	EXPECT("10.9.8.7:80", 1, "No: EADDRNOTAVAIL: this host does not have the address.");
	EXPECT("127.0.0.1%nowhere:80", 2, "there is no interface \"nowhere\"");
	EXPECT("127.0.0.1:70000", 2, "there is no such port");
	EXPECT("localhost:80", 2, "names are not looked up");
	EXPECT("'[ff02::1]:80'", 1, "No: EINVAL: TCP has no multicast");
}

/* --- held against the kernel ------------------------------------------------------------------ */

static const char *const places[] = {"0.0.0.0:8000", "127.0.0.1:8000", "127.0.0.2:8000",
				     "[::]:8000",    "[::1]:8000",     "[::ffff:127.0.0.1]:8000"};

/* What bind gives to a socket with these options. */
static int really_bind(int type, const struct rt_addr *to, int try)
{
	struct sockaddr_storage sa;
	socklen_t len = rt_addr_to_sockaddr(to, &sa);
	int fd = socket(to->family, type | SOCK_CLOEXEC, 0), err;

	assert_true(fd >= 0);
	set(fd, SO_REUSEADDR, try == RT_WHY_REUSEADDR);
	set(fd, SO_REUSEPORT, try == RT_WHY_REUSEPORT);
	err = bind(fd, (struct sockaddr *)&sa, len) < 0 ? errno : 0;
	close(fd);
	return err;
}

/* Asks for every place what the three binds give, and makes them. */
static size_t compare(struct rt_diag *diag, int type)
{
	size_t sure = 0;

	for (size_t i = 0; i < RT_COUNT(places); i++) {
		struct rt_why why = {.proto = type == SOCK_STREAM ? RT_TCP : RT_UDP, .v6only = 0};
		struct rt_error err;

		assert_int_equal(rt_addr_parse(places[i], strlen(places[i]), &why.addr, NULL), 0);
		assert_int_equal(rt_diag_port(diag, why.proto, 8000, &why.sockets, &err), 0);
		rt_holders_find(&why.sockets, &why.holders);
		rt_holders_options(&why.holders, &why.sockets);
		rt_why_judge(&why);
		for (int try = 0; try < RT_WHY_TRIES; try++) {
			int got = really_bind(type, &why.addr, try);

			if (!rt_rules_agrees(&why.verdict[try], got))
				fail_msg("%s, try %d: %d, not %d", places[i], try, got,
					 why.verdict[try].err);
			sure += why.verdict[try].n_also == 0;
		}
		rt_why_fini(&why);
	}
	return sure;
}

static void test_the_kernel_does_as_told(void **state)
{
	struct rt_diag *diag = need_diag(state);
	size_t sure = 0, asked = 0;

	for (size_t i = 0; i < RT_COUNT(places); i++) {
		for (int flags = 0; flags < 8; flags++) {
			int type = flags & 4 ? SOCK_DGRAM : SOCK_STREAM;
			int s = bound(type, places[i]);

			set(s, SO_REUSEADDR, flags & 1);
			set(s, SO_REUSEPORT, flags >> 1 & 1);
			sure += compare(diag, type);
			asked += RT_COUNT(places) * RT_WHY_TRIES;
			if (type == SOCK_STREAM) {
				assert_int_equal(listen(s, 4), 0);
				sure += compare(diag, type);
				asked += RT_COUNT(places) * RT_WHY_TRIES;
			}
			close(s);
		}
	}
	print_message("%zu binds, %zu of them foreseen for sure\n", asked, sure);
	assert_int_equal(asked, 1296);
	assert_true(sure > asked * 9 / 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, diag_setup, diag_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_listener_is_named),		  TEST(test_a_record_says_how_long),
		TEST(test_a_process_that_hides),	  TEST(test_a_child_that_keeps_the_socket),
		TEST(test_a_process_of_many_descriptors), TEST(test_what_cannot_be_asked),
		TEST(test_the_kernel_does_as_told),	  TEST(test_no_sock_diag),
	};

	diag_enter_user_namespace();
	/* unshare(2) has made this process one that nobody may look into: commit_creds(). */
	prctl(PR_SET_DUMPABLE, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
