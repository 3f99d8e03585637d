/*
 * make bench: is the tutor as quick, as small and as quiet as promised? Prints each command and
 * each key that it measures, the medians, and one verdict a promise; exit status 1 where one is
 * broken.
 *
 *	REUSE_TUTOR  the program        BENCH_DIR  the folder of probe and bench_*
 *	LESSONS      the lessons' folder
 *
 * Times are taken in rounds: each round runs every program once, and a ratio is that of one round,
 * so that a machine that is busy for a while disturbs both of its sides.
 */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "terminal.h"
#include "tree.h"

/*
 * Where in the lessons each thing can be measured, and bytes that the program must write when it
 * has got there.
 */
#define FIRST "time-wait:close-first" /* the first screen of a lesson; named, or it would resume */
#define FIRST_SHOWS "The side that closes first"
#define VIM_SHOWS "id: time-wait"
#define MIDDLE                                                                                     \
	"time-wait:wait" /* the sockets of the step before it are alive, and a TIME_WAIT counts down */
#define MIDDLE_SHOWS "TIME_WAIT"
#define QUIET "per-ip:wrong-listener" /* two listeners are alive, and no timer runs */
#define QUIET_SHOWS "LISTEN"

/* A key whose time is taken, and what is pressed before it, untimed. */
struct key {
	const char *what;
	char *step; /* where the program starts */
	const char *step_shows;
	const char *before[3]; /* NULL ends them */
	const char *timed;
	const char *shows; /* what it must write */
};

static const struct key keys[] = {
	/*
	 * The first b shows the end of the step before, with the stage as it is; from the second on
	 * calls are taken back.
	 */
	{"back", MIDDLE, MIDDLE_SHOWS, {"b", "b", NULL}, "b", "n = socket"},
	{"a jump", FIRST, FIRST_SHOWS, {"g", "\033OB\033OB", NULL}, "\r", MIDDLE_SHOWS},
};
static const char *const checked[] = {"time-wait.md", "per-ip.md"};

enum {
	ROUNDS = 41,
	CHECK_ROUNDS = 5,
	WATCH_MS = 10000,
	PAUSE_MS = 50,
	COMMAND_MAX = 4,
	PATH_SIZE = 512,
	SKIPPED = 77, /* exit status, Automake's */
};

/* A program whose first screen is timed, or where there is a key, what that key brings. */
struct program {
	const char *name;
	char *argv[COMMAND_MAX];
	const struct key *key;
	const char *shows; /* what its first screen has written; NULL: anything */
	const char *quit;  /* keys that end it before SIGTERM does; NULL: none */
	bool missing;
	double ms[ROUNDS];
};

enum { TUTOR, JUMP, START_IN_MIDDLE, PROBE, VIM, PROGRAMS };

static int failures;

static void verdict(bool good, const char *text, ...) __attribute__((format(printf, 2, 3)));

static void verdict(bool good, const char *text, ...)
{
	va_list args;

	printf("%s  ", good ? "ok    " : "BROKEN");
	va_start(args, text);
	vprintf(text, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	failures += !good;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *value, int n)
{
	double sorted[ROUNDS];

	memcpy(sorted, value, (size_t)n * sizeof(*value));
	qsort(sorted, (size_t)n, sizeof(*sorted), compare);
	return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static bool in_path(const char *name)
{
	char *path = rt_strdup(getenv("PATH") ? getenv("PATH") : ""), *rest = path, *folder;
	char file[PATH_SIZE];
	bool found = false;

	while (!found && (folder = strsep(&rest, ":"))) {
		snprintf(file, sizeof(file), "%s/%s", folder, name);
		found = access(file, X_OK) == 0;
	}
	free(path);
	return found;
}

static void print_command(char *const argv[])
{
	printf("calls  ");
	for (int i = 0; argv[i]; i++)
		printf("%s%s", i ? " " : "", argv[i]);
	printf("\n");
}

/*
 * Starts a program and waits until its screen stands. Returns the milliseconds since exec, -1 where
 * it showed nothing.
 */
static double start_shown(struct pty *pty, char *const argv[], const char *shows)
{
	int64_t last_us;

	if (pty_start(pty, argv))
		return -1;
	last_us = pty_read_until_quiet(pty);
	if (last_us < 0 || (shows && !pty_wrote(pty, shows)))
		return -1;
	return (double)(last_us - pty->start_us) / 1000;
}

/* Starts the tutor at a step, in a terminal. */
static double start_tutor(struct pty *pty, char *tutor, char *step, const char *shows)
{
	char *argv[] = {tutor, "run", step, NULL};

	return start_shown(pty, argv, shows);
}

/*
 * From the key to the last byte that it changed on the screen, in milliseconds; -1 where it did not
 * do what it should.
 */
static double press(char *tutor, const struct key *key)
{
	struct pty pty;
	int64_t sent_us, last_us = -1;
	bool ready = start_tutor(&pty, tutor, key->step, key->step_shows) >= 0;

	for (int i = 0; ready && key->before[i]; i++)
		ready = pty_send(&pty, key->before[i]) >= 0 && pty_read_until_quiet(&pty) >= 0;
	sent_us = ready ? pty_send(&pty, key->timed) : -1;
	if (sent_us >= 0)
		last_us = pty_read_until_quiet(&pty);
	if (!pty_wrote(&pty, key->shows))
		last_us = -1;
	pty_end(&pty);
	return last_us < 0 ? -1 : (double)(last_us - sent_us) / 1000;
}

/* The median of the ratios of the rounds, or -1 where one of the two could not be timed. */
static double ratio_of(const struct program *a, const struct program *b)
{
	double ratio[ROUNDS];

	if (a->missing || b->missing)
		return -1;
	for (int i = 0; i < ROUNDS; i++)
		ratio[i] = a->ms[i] / b->ms[i];
	return median(ratio, ROUNDS);
}

static void compare_starts(const struct program *a, const struct program *b, double most)
{
	double ratio = ratio_of(a, b);

	if (ratio >= 0)
		verdict(ratio <= most, "%s takes %.2f of %s (at most %.1f)", a->name, ratio,
			b->name, most);
}

static void bench_start(struct program *program)
{
	/*
	 * Strides through the five: each runs as often behind each other one, and behind a pause:
	 * the kernel ends an old stage in the background.
	 */
	static const int stride[PROGRAMS - 1] = {1, 2, 4, 3};

	for (int i = 0; i < PROGRAMS; i++) {
		if (!in_path(program[i].argv[0]) && access(program[i].argv[0], X_OK)) {
			printf("skip   %s is not installed\n", program[i].argv[0]);
			program[i].missing = true;
		} else {
			print_command(program[i].argv);
		}
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < PROGRAMS; i++) {
			struct program *p = &program[(round + i * stride[round % 4]) % PROGRAMS];
			struct pty pty;

			if (p->missing)
				continue;
			poll(NULL, 0, PAUSE_MS);
			if (p->key) {
				p->ms[round] = press(p->argv[0], p->key);
			} else {
				p->ms[round] = start_shown(&pty, p->argv, p->shows);
				if (p->quit)
					pty_quit(&pty, p->quit);
				pty_end(&pty);
			}
			if (p->ms[round] < 0) {
				verdict(false, "%s showed no screen%s%s", p->name,
					p->shows ? " with " : "", p->shows ? p->shows : "");
				p->missing = true;
			}
		}
	}
	for (int i = 0; i < PROGRAMS; i++)
		if (!program[i].missing)
			printf("time   %s: %.1f ms, median of %d\n", program[i].name,
			       median(program[i].ms, ROUNDS), ROUNDS);
	compare_starts(&program[TUTOR], &program[PROBE], 1.5);
	compare_starts(&program[JUMP], &program[PROBE], 1.5);
	compare_starts(&program[TUTOR], &program[VIM], 1.0);
	compare_starts(&program[JUMP], &program[VIM], 1.0);
	compare_starts(&program[START_IN_MIDDLE], &program[PROBE], 1.5);
	compare_starts(&program[START_IN_MIDDLE], &program[VIM], 1.0);
}

static void bench_memory(char *tutor)
{
	struct pty pty;
	struct tree tree;

	printf("calls  %s run %s, then /proc/PID/smaps_rollup of it and all below it\n", tutor,
	       MIDDLE);
	if (start_tutor(&pty, tutor, MIDDLE, MIDDLE_SHOWS) < 0 || tree_measure(pty.pid, &tree))
		verdict(false, "memory could not be measured");
	else
		verdict(tree.processes > 1 && tree.pss_kib <= 8 * 1024,
			"%d processes have %.1f MiB (at most 8)", tree.processes,
			(double)tree.pss_kib / 1024);
	pty_end(&pty);
}

static void bench_wakeups(char *tutor, char *step, const char *shows, bool countdown)
{
	const double most_per_s = countdown ? 5 : 0;
	struct pty pty;
	struct tree before, after;
	double per_s;

	printf("calls  %s run %s, then %d s of /proc/PID/status of it and all below it\n", tutor,
	       step, WATCH_MS / 1000);
	if (start_tutor(&pty, tutor, step, shows) < 0 || tree_measure(pty.pid, &before))
		goto failed;
	pty_read_for(&pty, WATCH_MS);
	if (tree_measure(pty.pid, &after))
		goto failed;
	per_s = (double)(after.wakeups - before.wakeups) / (WATCH_MS / 1000.0);
	/* A countdown that never wakes up is none. */
	verdict(before.processes == after.processes && after.processes > 1 && per_s <= most_per_s &&
			countdown == (per_s > 0),
		"%d processes wake up %.1f times a second %s (at most %.0f)", after.processes,
		per_s, countdown ? "with a countdown" : "without a timer on the screen",
		most_per_s);
	pty_end(&pty);
	return;
failed:
	verdict(false, "wake-ups at %s could not be measured", step);
	pty_end(&pty);
}

static void print_key(const char *text)
{
	for (; *text; text++)
		if (*text == '\033')
			printf("Esc-");
		else if (*text == '\r')
			printf("Enter");
		else
			putchar(*text);
	printf(" ");
}

static void bench_key(char *tutor, const struct key *key)
{
	double ms[ROUNDS];

	printf("calls  %s run %s, keys ", tutor, key->step);
	for (int i = 0; key->before[i]; i++)
		print_key(key->before[i]);
	print_key(key->timed);
	printf("(%s)\n", key->what);
	for (int i = 0; i < ROUNDS; i++) {
		ms[i] = press(tutor, key);
		if (ms[i] < 0) {
			verdict(false, "%s did not show \"%s\"", key->what, key->shows);
			return;
		}
	}
	verdict(median(ms, ROUNDS) <= 50, "%s takes %.1f ms, median of %d (at most 50)", key->what,
		median(ms, ROUNDS), ROUNDS);
}

/*
 * Runs a command to its end, its output shown or thrown away. Returns its exit status, -1 for a
 * signal.
 */
static int run(char *const argv[], bool shown)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (!shown && !freopen("/dev/null", "w", stdout))
			_exit(127);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void time_check(char **argv, const char *what, int most_ms)
{
	double ms[CHECK_ROUNDS];

	print_command(argv);
	for (int i = 0; i < CHECK_ROUNDS; i++) {
		int64_t start_us = rt_now_us();
		int status = run(argv, false);

		ms[i] = (double)(rt_now_us() - start_us) / 1000;
		if (status) {
			verdict(false, "check of %s ended with status %d", what, status);
			return;
		}
	}
	verdict(median(ms, CHECK_ROUNDS) <= most_ms,
		"check of %s takes %.0f ms, median of %d (at most %d)", what,
		median(ms, CHECK_ROUNDS), CHECK_ROUNDS, most_ms);
}

static void bench_check(char *tutor, const char *lessons)
{
	char file[RT_COUNT(checked)][PATH_SIZE];
	char *two[RT_COUNT(checked) + 3] = {tutor, "check"}, *all[] = {tutor, "check", NULL};

	for (size_t i = 0; i < RT_COUNT(checked); i++) {
		snprintf(file[i], sizeof(file[i]), "%s/%s", lessons, checked[i]);
		two[i + 2] = file[i];
	}
	time_check(two, "the first two lessons", 1000);
	time_check(all, "all lessons", 3000);
}

/* A benchmark of its own, which ends with 1 where a promise is broken. */
static void bench_other(const char *dir, const char *name)
{
	char path[PATH_SIZE];
	char *argv[] = {path, NULL};
	int status;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (access(path, X_OK)) {
		printf("skip   %s is not built\n", path);
		return;
	}
	print_command(argv);
	status = run(argv, true);
	if (status != 0 && status != SKIPPED)
		verdict(false, "%s found a promise broken", path);
}

static const char *setting(const char *name, const char *fallback)
{
	const char *value = getenv(name);

	return value && *value ? value : fallback;
}

/* The tutor must not find, nor leave, anything in the home of whoever runs the benchmark. */
static void private_home(char *home)
{
	if (!mkdtemp(home)) {
		perror("bench: mkdtemp");
		exit(1);
	}
	setenv("HOME", home, 1);
	setenv("XDG_STATE_HOME", home, 1);
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("XDG_DATA_HOME", home, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
}

int main(void)
{
	char *tutor = rt_strdup(setting("REUSE_TUTOR", "./reuse-tutor"));
	const char *dir = setting("BENCH_DIR", "tests/bench"),
		   *lessons = setting("LESSONS", "lessons");
	char probe[PATH_SIZE], file[PATH_SIZE], copy[PATH_SIZE], home[] = "/tmp/rt-bench.XXXXXX";
	char *cp[] = {"cp", file, copy, NULL}, *rm[] = {"rm", "-rf", home, NULL};
	static struct program program[PROGRAMS];

	snprintf(probe, sizeof(probe), "%s/probe", dir);
	snprintf(file, sizeof(file), "%s/%s", lessons, checked[0]);
	private_home(home);
	snprintf(copy, sizeof(copy), "%s/%s", home, checked[0]);
	run(cp, true);
	program[TUTOR] = (struct program){
		.name = "the first screen", .argv = {tutor, "run", FIRST}, .shows = FIRST_SHOWS};
	program[JUMP] = (struct program){
		.name = "the jump into the middle", .argv = {tutor}, .key = &keys[1]};
	program[START_IN_MIDDLE] = (struct program){.name = "a start in the middle",
						    .argv = {tutor, "run", MIDDLE},
						    .shows = MIDDLE_SHOWS};
	program[PROBE] = (struct program){.name = "the probe", .argv = {probe}};
	/* Killed, vim would leave a swap file, and ask about it the next time. */
	program[VIM] = (struct program){.name = "vim",
					.argv = {"vim", "-u", "NONE", copy},
					.shows = VIM_SHOWS,
					.quit = ":q!\r"};
	bench_start(program);
	if (access(tutor, X_OK)) {
		verdict(false, "%s is not built", tutor);
	} else {
		bench_memory(tutor);
		bench_wakeups(tutor, QUIET, QUIET_SHOWS, false);
		bench_wakeups(tutor, MIDDLE, MIDDLE_SHOWS, true);
		for (size_t i = 0; i < RT_COUNT(keys); i++)
			bench_key(tutor, &keys[i]);
		bench_check(tutor, lessons);
	}
	bench_other(dir, "bench_diag");
	bench_other(dir, "bench_rules");
	bench_other(dir, "bench_why");
	run(rm, true);
	free(tutor);
	printf("%s\n", failures ? "a promise is broken" : "every promise is kept");
	return failures ? 1 : 0;
}
