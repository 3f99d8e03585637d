#include "stage_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "stage/ids.h"

static void on_reply(void *ctx, int actor, const struct rt_reply *reply, int child)
{
	struct told *told = &((struct fixture *)ctx)->actor[actor];

	told->replies++;
	told->child = child;
	told->reply = *reply;
}

static void on_gone(void *ctx, int actor)
{
	struct told *told = &((struct fixture *)ctx)->actor[actor];

	told->gone++;
	told->gone_after = told->replies;
}

static void on_dead(void *ctx)
{
	((struct fixture *)ctx)->dead++;
}

static const struct rt_stage_events events = {on_reply, on_gone, on_dead};

int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = -3; /* ".", ".." and the folder itself */

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

void read_proc(int pid, const char *name, char *text, size_t size)
{
	char path[128];
	ssize_t len;
	int fd;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	else
		snprintf(path, sizeof(path), "/proc/self/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	len = read(fd, text, size - 1);
	close(fd);
	assert_true(len >= 0);
	text[len] = '\0';
}

unsigned proc_owner(int pid)
{
	struct stat st;
	char path[64];

	/* Not of /proc/PID itself: that one belongs to the process in any case. */
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	assert_int_equal(stat(path, &st), 0);
	return st.st_uid;
}

unsigned fixture_uid(const struct fixture *f, unsigned id)
{
	char path[64], text[512] = "";
	unsigned outside = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", rt_stage_pid(f->stage, RT_STAGE_INIT));
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_true(rt_ids_outside(text, id, &outside));
	return outside;
}

/* Whether a bare program gets the namespaces that a stage is made of. */
static bool has_namespaces(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID) < 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void fixture_require(struct rt_error *err, bool built)
{
	char text[1100];

	if (built)
		return;
	rt_error_format(err, text, sizeof(text));
	if (has_namespaces())
		fail_msg("%s", text);
	print_message("skip: %s\n", text);
	skip();
}

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	*state = f;
	f->fds_before = count_fds();
	f->loop = rt_loop_new();
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	siginfo_t info;
	int left = 0;

	rt_stage_free(f->stage);
	rt_stage_reap_all(f->loop, WAIT_MS);
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | (int)__WALL) == 0 || errno != ECHILD)
		left++;
	rt_loop_free(f->loop);
	if (count_fds() != f->fds_before)
		left++;
	free(f);
	if (left)
		print_error("a child or a descriptor is left\n");
	return left;
}

int fixture_spawn(struct fixture *f)
{
	struct rt_error err = {0};
	int actor;

	if (!f->stage) {
		f->stage = rt_stage_new(f->loop, &events, f, &err);
		fixture_require(&err, f->stage);
	}
	actor = rt_stage_spawn(f->stage, &err);
	if (actor < 0)
		fail_msg("spawn: %s: %s", err.what, err.why);
	return actor;
}

void fixture_send(struct fixture *f, int actor, struct rt_order order)
{
	struct rt_error err = {0};

	order.serial = ++f->serial;
	if (rt_stage_order(f->stage, actor, &order, &err) < 0)
		fail_msg("%s: %s", err.what, err.why);
}

const struct rt_reply *fixture_reply(struct fixture *f, int actor, int replies)
{
	const int64_t end = rt_now_ms() + WAIT_MS;

	while (f->actor[actor].replies < replies && rt_now_ms() < end)
		rt_loop_once(f->loop, (int)(end - rt_now_ms()));
	assert_int_equal(f->actor[actor].replies, replies);
	return &f->actor[actor].reply;
}

const struct rt_reply *fixture_call(struct fixture *f, int actor, struct rt_order order)
{
	const struct rt_reply *reply;
	int before = f->actor[actor].replies;

	fixture_send(f, actor, order);
	reply = fixture_reply(f, actor, before + 1);
	assert_int_equal(reply->serial, f->serial);
	return reply;
}

int fixture_ok(struct fixture *f, int actor, struct rt_order order)
{
	const struct rt_reply *reply = fixture_call(f, actor, order);

	if (reply->err)
		fail_msg("%u: %s", order.call, rt_errno_name(reply->err));
	return (int)reply->ret;
}

void fixture_fails(struct fixture *f, int actor, struct rt_order order, int sys)
{
	const struct rt_reply *reply = fixture_call(f, actor, order);

	assert_string_equal(rt_errno_name(reply->err), rt_errno_name(sys));
	assert_int_equal(reply->ret, -1);
}

void fixture_gone(struct fixture *f, int actor)
{
	const int64_t end = rt_now_ms() + WAIT_MS;

	while (!f->actor[actor].gone && rt_now_ms() < end)
		rt_loop_once(f->loop, (int)(end - rt_now_ms()));
	assert_int_equal(f->actor[actor].gone, 1);
}

void fixture_asleep(struct fixture *f, int actor)
{
	const int64_t end = rt_now_ms() + WAIT_MS;
	int replies = f->actor[actor].replies;

	while (rt_stage_asleep(f->stage, actor) == 0 && rt_now_ms() < end)
		rt_loop_once(f->loop, 1);
	assert_int_equal(rt_stage_asleep(f->stage, actor), 1);
	assert_int_equal(f->actor[actor].replies, replies);
}

struct rt_order order_socket(int family, int type)
{
	return (struct rt_order){.call = RT_CALL_SOCKET, .fd = -1, .i = {family, type}};
}

struct rt_order order_fd(enum rt_call_id call, int fd)
{
	return (struct rt_order){.call = call, .fd = fd};
}

struct rt_order order_int(enum rt_call_id call, int fd, int number)
{
	return (struct rt_order){.call = call, .fd = fd, .i = {number}};
}

struct rt_order order_addr(enum rt_call_id call, int fd, const char *addr)
{
	struct rt_order order = {.call = call, .fd = fd};
	bool has_port;

	assert_int_equal(rt_addr_parse(addr, strlen(addr), &order.addr, &has_port), 0);
	return order;
}

struct rt_order order_data(enum rt_call_id call, int fd, const char *data)
{
	struct rt_order order = {.call = call, .fd = fd, .data_len = (uint32_t)strlen(data)};

	memcpy(order.data, data, order.data_len);
	return order;
}

struct rt_order order_option(enum rt_call_id call, int fd, int level, int option, int value)
{
	struct rt_order order = {.call = call,
				 .fd = fd,
				 .level = level,
				 .option = option,
				 .value_len = sizeof(value)};

	memcpy(order.value, &value, sizeof(value));
	return order;
}

struct rt_order order_sysctl(const char *name, const char *value)
{
	struct rt_order order = order_data(RT_CALL_SYSCTL, -1, value);

	assert_true(strlen(name) < sizeof(order.word));
	strcpy(order.word, name);
	return order;
}

int fixture_listener(struct fixture *f, int actor, const char *addr)
{
	int fd = fixture_ok(f, actor, order_socket(AF_INET, SOCK_STREAM));

	fixture_ok(f, actor, order_addr(RT_CALL_BIND, fd, addr));
	fixture_ok(f, actor, order_int(RT_CALL_LISTEN, fd, 8));
	return fd;
}
