/*
 * How long `reuse-tutor why` takes on a host with 100,000 sockets, against `ss -tanup` for the same
 * port: both from fork to their end, their output thrown away. In a user and network namespace of
 * its own: half of the sockets are TIME_WAIT records, half are connections that processes hold.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { RECORDS = 50000, CONNECTIONS = 25000, EACH = 5000, ROUNDS = 15, PORT = 9000, BUSY = 8000 };

static const double max_of_ss = 0.3;

static void die(const char *what)
{
	fprintf(stderr, "bench_why: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void skip(const char *why)
{
	printf("skipped: %s: %s\n", why, strerror(errno));
	exit(77);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;

	if (fd < 0)
		return -1;
	written = write(fd, text, strlen(text));
	close(fd);
	return written == (ssize_t)strlen(text) ? 0 : -1;
}

static void enter_namespaces(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	char map[64];
	int fd;

	snprintf(map, sizeof(map), "0 %u 1", getuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		skip("no user and network namespace");
	if (write_file("/proc/self/uid_map", map) < 0)
		skip("no uid map");
	prctl(PR_SET_DUMPABLE, 1); /* unshare(2) has taken it: nobody could read /proc/PID/fd */
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
		die("lo");
	close(fd);
	write_file("/proc/sys/net/ipv4/tcp_max_tw_buckets", "200000");
	write_file("/proc/sys/net/ipv4/ip_local_port_range", "10000 65000");
}

/* --- the sockets ------------------------------------------------------------------------------ */

static int listen_at(uint32_t host, uint16_t port, struct sockaddr_in *addr)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*addr = (struct sockaddr_in){.sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK + host)};
	if (fd < 0 || bind(fd, (struct sockaddr *)addr, sizeof(*addr)) < 0 || listen(fd, 8) < 0)
		die("listen");
	return fd;
}

/* Two ends of one connection. The client's closes first where it is to become a record. */
static void make_one(int listener, const struct sockaddr_in *addr, int record)
{
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), server;
	char byte;

	if (client < 0 || connect(client, (const struct sockaddr *)addr, sizeof(*addr)) < 0)
		die("connect");
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (server < 0)
		die("accept");
	if (!record)
		return;
	close(client);
	if (read(server, &byte, 1) != 0)
		die("read");
	close(server);
}

static void make_many(uint32_t host, int n, int record)
{
	struct sockaddr_in addr;
	int listener = listen_at(host, BUSY, &addr);

	for (int i = 0; i < n; i++)
		make_one(listener, &addr, record);
	if (record)
		close(listener);
}

/* A process that makes its sockets, says so, and keeps them until the other end of hold closes. */
static void start_holder(uint32_t host, const int ready[2], const int hold[2])
{
	pid_t pid = fork();
	char byte = 0;

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return;
	close(hold[1]);
	make_many(host, EACH, 0);
	if (write(ready[1], &byte, 1) != 1)
		die("write");
	_exit(read(hold[0], &byte, 1) != 0);
}

static void make_sockets(const int ready[2], const int hold[2])
{
	struct rlimit files;
	char byte;
	int holders = CONNECTIONS / EACH;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_max < 2 * EACH + 64)
		skip("the limit of open files is too low");
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		die("setrlimit");
	for (int i = 0; i < holders; i++)
		start_holder((uint32_t)i, ready, hold);
	for (int i = 0; i < 2; i++)
		make_many((uint32_t)(holders + i), RECORDS / 2, 1);
	for (int i = 0; i < holders; i++)
		if (read(ready[0], &byte, 1) != 1)
			die("a holder");
}

static int count_sockets(void)
{
	FILE *file = fopen("/proc/net/tcp", "re");
	int n = -1, c;

	if (!file)
		die("/proc/net/tcp");
	while ((c = getc(file)) != EOF)
		n += c == '\n';
	fclose(file);
	return n;
}

/* --- the two programs ------------------------------------------------------------------------- */

/* Milliseconds from fork to the end; -1 where it cannot be run or ends with another status. */
static double time_of(char *const argv[], int wanted)
{
	int64_t start = rt_now_us();
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
			_exit(126);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != wanted)
		return -1;
	return (double)(rt_now_us() - start) / 1000;
}

static int compare(const void *one, const void *other)
{
	const double *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

static double median(double *value)
{
	qsort(value, ROUNDS, sizeof(*value), compare);
	return value[ROUNDS / 2];
}

static int measure(char *tutor)
{
	char *why[] = {tutor, "why", "127.0.0.1:9000", NULL};
	char *filtered[] = {"ss", "-tanup", "sport = :9000", NULL}, *all[] = {"ss", "-tanup", NULL};
	double why_ms[ROUNDS], ss_ms[ROUNDS], all_ms[ROUNDS], ratio[ROUNDS];
	int n = count_sockets();

	for (int i = 0; i < ROUNDS; i++) {
		why_ms[i] = time_of(why, 1);
		ss_ms[i] = time_of(filtered, 0);
		all_ms[i] = i < 3 ? time_of(all, 0) : all_ms[i - 1];
		ratio[i] = why_ms[i] / ss_ms[i];
		if (why_ms[i] < 0) {
			fprintf(stderr, "bench_why: why did not find the listener\n");
			return 99;
		}
	}
	printf("why of a listener among %d TCP sockets: %.1f ms; ", n, median(why_ms));
	if (ss_ms[0] < 0) {
		printf("skipped: ss is not installed\n");
		return 0;
	}
	printf("ss -tanup 'sport = :9000' %.1f ms, ratio %.2f (at most %.1f); ss -tanup %.1f ms\n",
	       median(ss_ms), median(ratio), max_of_ss, median(all_ms));
	return median(ratio) > max_of_ss || n < RECORDS + CONNECTIONS;
}

int main(void)
{
	char *tutor = getenv("REUSE_TUTOR");
	struct sockaddr_in addr;
	int ready[2], hold[2], status;

	if (!tutor)
		tutor = "./reuse-tutor";
	enter_namespaces();
	if (pipe2(ready, O_CLOEXEC) < 0 || pipe2(hold, O_CLOEXEC) < 0)
		die("pipe");
	listen_at(0, PORT, &addr);
	make_sockets(ready, hold);
	status = measure(tutor);
	close(hold[1]);
	while (wait(NULL) > 0)
		;
	return status;
}
