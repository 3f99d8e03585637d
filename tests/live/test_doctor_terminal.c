/*
 * The doctor at a terminal that is this test: it is asked where the cursor stands, and answers, or
 * does not. And what it prints as JSON is read as JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

enum { PATIENCE_MS = 20000 };

/* What the other side of a terminal has seen. */
struct scene {
	int master, slave;
	pid_t pid;
	int status; /* of waitpid() */
	int64_t asked_ms, ended_ms;
	struct rt_str seen;
	struct termios before;
};

static void run_doctor(const char *slave)
{
	const char *program = getenv("REUSE_TUTOR");
	int fd;

	setsid();
	fd = open(slave, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0)
		_exit(99);
	setenv("TERM", "xterm", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	execl(program ? program : "./reuse-tutor", "reuse-tutor", "doctor", "--json", (char *)NULL);
	_exit(98);
}

static int set_up(void **state)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct scene *scene = calloc(1, sizeof(*scene));
	const char *name;

	*state = scene;
	scene->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (scene->master < 0 || grantpt(scene->master) < 0 || unlockpt(scene->master) < 0)
		return -1;
	name = ptsname(scene->master);
	/* Held open, so that the modes can be read when the doctor is gone. */
	scene->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (scene->slave < 0 || ioctl(scene->master, TIOCSWINSZ, &size) < 0 ||
	    tcgetattr(scene->slave, &scene->before) < 0)
		return -1;
	scene->pid = fork();
	if (scene->pid == 0)
		run_doctor(name);
	return scene->pid < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	if (scene->pid > 0) {
		kill(scene->pid, SIGKILL);
		waitpid(scene->pid, NULL, 0);
	}
	close(scene->slave);
	close(scene->master);
	rt_str_fini(&scene->seen);
	free(scene);
	return 0;
}

static void type(struct scene *scene, const char *text)
{
	assert_int_equal(write(scene->master, text, strlen(text)), strlen(text));
}

/* Reads what comes within a moment; false where nothing does. */
static bool read_some(struct scene *scene)
{
	struct pollfd pfd = {.fd = scene->master, .events = POLLIN};
	char text[4096];
	ssize_t len;

	if (poll(&pfd, 1, 20) <= 0)
		return false;
	len = read(scene->master, text, sizeof(text));
	if (len > 0)
		rt_str_addn(&scene->seen, text, (size_t)len);
	return len > 0;
}

static void wait_for_question(struct scene *scene)
{
	int64_t end_ms = rt_now_ms() + PATIENCE_MS;

	while (!strstr(rt_str_text(&scene->seen), "\033[6n")) {
		if (rt_now_ms() > end_ms)
			fail_msg("the terminal was not asked: %s", rt_str_text(&scene->seen));
		read_some(scene);
	}
	scene->asked_ms = rt_now_ms();
}

static void wait_for_end(struct scene *scene)
{
	int64_t end_ms = rt_now_ms() + PATIENCE_MS;

	while (waitpid(scene->pid, &scene->status, WNOHANG) == 0) {
		if (rt_now_ms() > end_ms)
			fail_msg("the doctor does not end: %s", rt_str_text(&scene->seen));
		read_some(scene);
	}
	scene->pid = 0;
	scene->ended_ms = rt_now_ms();
	/* What it wrote last is there already. */
	while (read_some(scene))
		;
}

static void expect_modes(struct scene *scene)
{
	struct termios now;

	assert_int_equal(tcgetattr(scene->slave, &now), 0);
	assert_int_equal(now.c_lflag, scene->before.c_lflag);
	assert_memory_equal(now.c_cc, scene->before.c_cc, sizeof(now.c_cc));
}

/* The capability of that id in the JSON, which begins with the first brace. */
static json_t *load(struct scene *scene)
{
	const char *start = strchr(rt_str_text(&scene->seen), '{');
	json_error_t error;
	json_t *json = start ? json_loads(start, JSON_DISABLE_EOF_CHECK, &error) : NULL;

	if (!json)
		fail_msg("no JSON: %s", rt_str_text(&scene->seen));
	return json;
}

static const json_t *find(json_t *json, const char *id)
{
	json_t *each;
	size_t i;

	json_array_foreach(json_object_get(json, "capabilities"), i,
			   each) if (strcmp(json_string_value(json_object_get(each, "id")), id) ==
				     0) return each;
	fail_msg("no capability %s", id);
	return NULL;
}

static const json_t *ok_of(json_t *json, const char *id)
{
	return json_object_get(find(json, id), "ok");
}

static void test_narrow(void **state)
{
	struct scene *scene = *state;
	json_t *json, *each;
	size_t i;

	wait_for_question(scene);
	type(scene, "\033[7;2R");
	wait_for_end(scene);
	expect_modes(scene);
	json = load(scene);
	assert_true(json_is_true(ok_of(json, "ambiguous-width")));
	assert_true(json_is_true(ok_of(json, "terminal")));
	assert_true(json_is_true(ok_of(json, "locale")));
	assert_true(json_is_true(ok_of(json, "size")));
	assert_string_equal(json_string_value(json_object_get(find(json, "size"), "found")),
			    "80x24");
	assert_string_equal(json_string_value(json_object_get(find(json, "terminal"), "found")),
			    "xterm");
	assert_int_equal(json_integer_value(json_object_get(json, "status")),
			 WEXITSTATUS(scene->status));
	json_array_foreach(json_object_get(json, "capabilities"), i, each)
	{
		assert_true(json_is_string(json_object_get(each, "name")));
		assert_true(json_is_string(json_object_get(each, "needed_for")));
		assert_true(json_is_string(json_object_get(each, "found")));
		assert_true(json_is_string(json_object_get(each, "fix")));
		assert_true(json_is_boolean(json_object_get(each, "required")));
	}
	json_decref(json);
}

/* Two columns; and keys that were typed before the answer came. */
static void test_wide(void **state)
{
	struct scene *scene = *state;
	json_t *json;

	wait_for_question(scene);
	type(scene, "ls\033[A\033[7;3R");
	wait_for_end(scene);
	expect_modes(scene);
	json = load(scene);
	assert_true(json_is_false(ok_of(json, "ambiguous-width")));
	assert_non_null(
		strstr(json_string_value(json_object_get(find(json, "ambiguous-width"), "fix")),
		       "--ascii"));
	json_decref(json);
}

static void test_silent(void **state)
{
	struct scene *scene = *state;
	json_t *json;

	wait_for_question(scene);
	wait_for_end(scene);
	assert_true(scene->ended_ms - scene->asked_ms < PATIENCE_MS / 2);
	expect_modes(scene);
	json = load(scene);
	assert_true(json_is_null(ok_of(json, "ambiguous-width")));
	json_decref(json);
}

/* A signal while it waits for the answer: it ends the doctor, and the modes are what they were. */
static void test_interrupted(void **state)
{
	struct scene *scene = *state;

	wait_for_question(scene);
	kill(scene->pid, SIGTERM);
	wait_for_end(scene);
	assert_true(WIFSIGNALED(scene->status));
	assert_int_equal(WTERMSIG(scene->status), SIGTERM);
	expect_modes(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_narrow, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wide, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_silent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_interrupted, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
