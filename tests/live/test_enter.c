/* Programs in a stage: what they can do there and cannot do outside, how their end is met. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "stage/enter.h"
#include "stage_fixture.h"

enum { PATIENCE_MS = 10000 };

struct scene {
	struct fixture *f;
	int init;
	char dir[32]; /* that anybody may write to: the root of a stage is nobody outside */
};

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	void *f = NULL;

	*state = scene;
	if (fixture_setup(&f) < 0)
		return -1;
	scene->f = f;
	strcpy(scene->dir, "/tmp/rt-enter-XXXXXX");
	return mkdtemp(scene->dir) ? chmod(scene->dir, 0777) : -1;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	void *f = scene->f;
	char command[64];
	int rc = fixture_teardown(&f);

	snprintf(command, sizeof(command), "rm -rf %s", scene->dir);
	rc |= system(command);
	free(scene);
	return rc;
}

/* The scene with a stage; skips the test where there can be none. */
static struct scene *begin(void **state)
{
	struct scene *scene = *state;

	fixture_spawn(scene->f);
	scene->init = rt_stage_pid(scene->f->stage, RT_STAGE_INIT);
	return scene;
}

/* Runs a line of sh in the stage, in the scene's folder. */
static int run(const struct scene *scene, const char *line, struct rt_error *err)
{
	char text[512];
	char *argv[] = {"sh", "-c", text, NULL};

	snprintf(text, sizeof(text), "cd %s; %s", scene->dir, line);
	return rt_shell_in(scene->init, argv, err);
}

/* The first line of a file that such a line has written. */
static const char *told(const struct scene *scene, const char *name)
{
	static char line[256];
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", scene->dir, name);
	file = fopen(path, "re");
	line[0] = '\0';
	if (file && fgets(line, sizeof(line), file))
		line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
	return line;
}

static const char *space_of(int pid, const char *name)
{
	static char text[64];
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	len = readlink(path, text, sizeof(text) - 1);
	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void test_namespaces(void **state)
{
	struct scene *scene = begin(state);
	struct rt_error err = {0};

	assert_int_equal(run(scene,
			     "readlink /proc/self/ns/net >net; readlink /proc/self/ns/user "
			     ">user; readlink /proc/self/ns/pid >pid; id -u >id",
			     &err),
			 0);
	assert_string_equal(told(scene, "net"), space_of(scene->init, "net"));
	assert_string_equal(told(scene, "user"), space_of(scene->init, "user"));
	assert_string_equal(told(scene, "pid"), space_of(getpid(), "pid"));
	assert_string_equal(told(scene, "id"), "0");
}

/* uid 0 there, with all over the stage's network, is nobody special here. */
static void test_no_gain(void **state)
{
	struct scene *scene = begin(state);
	struct rt_error err = {0};
	bool root = geteuid() == 0;
	const gid_t extra = 27;
	char line[160], path[96];
	struct stat st;

	if (root)
		assert_int_equal(setgroups(1, &extra), 0);
	snprintf(line, sizeof(line), "cat /proc/%d/environ >env 2>/dev/null; echo end >>env",
		 (int)getpid());
	assert_int_equal(
		run(scene, "echo 61 >/proc/sys/net/ipv4/tcp_fin_timeout && echo ok >net", &err), 0);
	assert_string_equal(told(scene, "net"), "ok");
	/* What is of the machine stays so, its own value written back. */
	assert_int_equal(run(scene,
			     "v=$(cat /proc/sys/kernel/panic); (echo $v >/proc/sys/kernel/panic) "
			     "2>/dev/null && echo ok >host; echo end >end",
			     &err),
			 0);
	assert_string_equal(told(scene, "end"), "end");
	assert_string_equal(told(scene, "host"), "");
	if (!root || rt_stage_uids(scene->f->stage) == 1)
		return;
	/* The uid of the machine that the shell has: where the stage's map begins. */
	assert_int_equal(run(scene, ": >mine", &err), 0);
	snprintf(path, sizeof(path), "%s/mine", scene->dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, 100000);
	assert_int_equal(st.st_gid, 100000);
	assert_int_equal(run(scene, line, &err), 0);
	assert_string_equal(told(scene, "env"), "end");
	assert_int_equal(run(scene, "grep ^Groups: /proc/self/status | tr -d '\\t ' >groups", &err),
			 0);
	assert_string_equal(told(scene, "groups"), "Groups:");
}

static void test_refused(void **state)
{
	struct scene *scene = begin(state);
	struct rt_error err = {0};
	char *argv[] = {"/nonexistent/program", NULL};
	pid_t pid;

	assert_int_equal(rt_enter_check(scene->init, &err), 0);
	/* Ourselves: no stage. */
	assert_int_equal(rt_enter_check(getpid(), &err), -1);
	assert_int_equal(err.kind, RT_ERR_STAGE);
	assert_non_null(strstr(err.why, "not the first of a stage of yours"));
	assert_int_equal(rt_shell_in(getpid(), NULL, &err), -1);
	assert_non_null(strstr(err.why, "not the first of a stage of yours"));
	pid = fork();
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(rt_enter_check(pid, &err), -1);
	assert_int_equal(err.sys, ESRCH);
	assert_int_equal(rt_shell_in(scene->init, argv, &err), -1);
	assert_int_equal(err.sys, ENOENT);
	assert_non_null(strstr(err.what, "/nonexistent/program"));
}

static void note(void *ctx, int signo)
{
	*(int *)ctx = signo;
}

/* A process that sends signo to this one as soon as the shell has made the file `up`. */
static pid_t send_when_up(const struct scene *scene, int signo)
{
	int64_t end_ms = rt_now_ms() + PATIENCE_MS;
	pid_t parent = getpid(), pid = fork();
	char path[96];

	if (pid != 0)
		return pid;
	snprintf(path, sizeof(path), "%s/up", scene->dir);
	while (access(path, F_OK) < 0 && rt_now_ms() < end_ms)
		usleep(2000);
	kill(parent, signo);
	/* The shell may go on, where it waits for that. */
	snprintf(path, sizeof(path), "%s/fifo", scene->dir);
	open(path, O_WRONLY);
	_exit(0);
}

/* SIGTERM of a tutor that waits for its shell ends the shell, and is not lost. */
static void test_sigterm(void **state)
{
	struct scene *scene = begin(state);
	struct rt_error err = {0};
	int64_t began_ms = rt_now_ms();
	int seen = 0;
	pid_t sender;

	rt_loop_signal(scene->f->loop, SIGTERM, note, &seen);
	sender = send_when_up(scene, SIGTERM);
	assert_int_equal(run(scene, ": >up; exec sleep 60", &err), 0);
	assert_true(rt_now_ms() - began_ms < PATIENCE_MS);
	assert_int_equal(waitpid(sender, NULL, 0), sender);
	assert_int_equal(seen, 0);
	rt_loop_once(scene->f->loop, 0);
	assert_int_equal(seen, SIGTERM);
}

static void expect_sigint_ignored(struct scene *scene)
{
	struct rt_error err = {0};
	char path[96];
	pid_t sender;

	snprintf(path, sizeof(path), "%s/fifo", scene->dir);
	assert_int_equal(mkfifo(path, 0666), 0);
	assert_int_equal(chmod(path, 0666), 0);
	sender = send_when_up(scene, SIGINT);
	assert_int_equal(run(scene, ": >up; read x <fifo; rm up fifo; echo end >>end", &err), 0);
	assert_int_equal(waitpid(sender, NULL, 0), sender);
}

/* Ctrl-C is for what runs in the shell: it does not end this process, nor is it heard later. */
static void test_sigint(void **state)
{
	struct scene *scene = begin(state);
	int seen = 0;

	expect_sigint_ignored(scene);
	rt_loop_signal(scene->f->loop, SIGINT, note, &seen);
	expect_sigint_ignored(scene);
	rt_loop_once(scene->f->loop, 0);
	assert_int_equal(seen, 0);
	assert_string_equal(told(scene, "end"), "end");
}

static void test_suspended(void **state)
{
	struct scene *scene = begin(state);
	struct rt_error err = {0};

	assert_int_equal(run(scene, "kill -STOP $$; echo end >end", &err), 0);
	assert_string_equal(told(scene, "end"), "end");
}

/* How it ends is its own affair; nothing of ours stays open in it. */
static void test_end(void **state)
{
	struct scene *scene = begin(state);
	struct rt_error err = {0};

	assert_int_equal(run(scene, "kill -9 $$", &err), 0);
	assert_int_equal(run(scene, "exit 3", &err), 0);
	assert_int_equal(run(scene, "ls -l /proc/$$/fd | grep -c '[0-9] -> socket' >open", &err),
			 0);
	assert_string_equal(told(scene, "open"), "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_namespaces, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_gain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sigterm, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sigint, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_suspended, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_end, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
