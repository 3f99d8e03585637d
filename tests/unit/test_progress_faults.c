/* Progress where things go wrong: damaged files, newer ones, disks and folders that refuse. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "progress_fixture.h"
#include "store/ledger.h"

enum { NOBODY = 65534, KILLS = 60 };

static void assert_says(const char *message, const char *words)
{
	if (!message || !strstr(message, words))
		fail_msg("\"%s\" is missing in: %s", words, message ? message : "(no message)");
}

/* It cannot be saved: told with these words, and only once. */
static void assert_refused(struct rt_progress *progress, const char *words)
{
	struct rt_error err = {0};

	progress_place(progress, "x", "one", 1, false);
	assert_int_equal(rt_progress_save(progress, &err), -1);
	assert_int_equal(err.kind, RT_ERR_FAILED);
	assert_says(rt_progress_message(progress), words);
	assert_int_equal(rt_progress_save(progress, NULL), -1);
	assert_null(rt_progress_message(progress));
	assert_int_equal(rt_progress_trouble(progress, &err), -1);
}

/* --- damaged ---------------------------------------------------------------------------------- */

static void assert_set_aside(struct progress_fixture *f, const char *text, size_t len)
{
	struct rt_progress *progress;
	struct rt_str kept = {0};
	char path[512];
	struct rt_error err;

	progress_write(f, text, len);
	progress = progress_open();
	assert_says(rt_progress_message(progress), "progress.json.damaged-");
	assert_null(rt_progress_message(progress));
	assert_int_equal(rt_progress_trouble(progress, &err), 0);
	assert_int_equal(rt_progress_count(progress), 0);
	progress_place(progress, "x", "one", 1, false);
	progress_save(progress);
	rt_progress_free(progress);
	assert_int_equal(progress_files(f, "progress.json.damaged-", path), 1);
	progress_read(path, &kept);
	assert_int_equal(kept.len, len);
	assert_memory_equal(rt_str_text(&kept), text, len);
	rt_str_fini(&kept);
	assert_int_equal(unlink(path), 0);
	progress = progress_open_quietly();
	assert_string_equal(rt_progress_lesson(progress, "x")->place.step, "one");
	rt_progress_free(progress);
}

/* A file with one lesson. */
#define OF_X(members) "{\"schema\": 1, \"lessons\": {\"x\": {" members "}}}"

static void test_damaged_files_are_set_aside(void **state)
{
	static const char *const damaged[] = {
		"",
		"{",
		"[]",
		"null",
		"{}",
		"{\"schema\": 0}",
		"{\"schema\": -1}",
		"{\"schema\": \"1\"}",
		"{\"schema\": 1.5}",
		"{\"schema\": 1} x",
		"{\"schema\": 1, \"schema\": 1}",
		"{\"schema\": 1, \"lessons\": []}",
		"{\"schema\": 1, \"notes\": 7}",
		"{\"schema\": 1, \"lessons\": {\"\": {}}}",
		"{\"schema\": 1, \"lessons\": {\"a b\": {}}}",
		"{\"schema\": 1, \"lessons\": {\"\\u001b[2J\": {}}}",
		"{\"schema\": 1, \"lessons\": {\"x\": []}}",
		OF_X("\"done\": -1"),
		OF_X("\"done\": 1e3"),
		OF_X("\"done\": 9223372036854775807"),
		OF_X("\"done\": 9223372036854775808"),
		OF_X("\"seen\": [1]"),
		OF_X("\"seen\": {}"),
		OF_X("\"place\": 1"),
		OF_X("\"place\": {}"),
		OF_X("\"place\": {\"step\": \"a\", \"hash\": \"xyz\"}"),
		OF_X("\"place\": {\"step\": \"a\", \"hash\": \"1\", \"number\": 1000001}"),
		OF_X("\"answers\": {\"q\": 1}"),
		OF_X("\"answers\": {\"q\": {\"answer\": \"0\", \"right\": 1}}"),
		OF_X("\"answers\": {\"q\": {\"answer\": \"\\u0000\"}}"),
		OF_X("\"answers\": {\"q\": {\"answer\": \"\xff\"}}"),
		OF_X("\"review\": []"),
		OF_X("\"review\": {\"q\": 1}"),
		OF_X("\"review\": {\"q r\": {}}"),
		OF_X("\"review\": {\"q\": {\"level\": 5}}"),
		OF_X("\"review\": {\"q\": {\"level\": -1}}"),
		OF_X("\"review\": {\"q\": {\"asked\": \"1\"}}"),
		"{\"schema\": 1, \"notes\": {\"x\": {\"one\": {\"text\": 1}}}}",
		"{\"schema\": 1, \"notes\": {\"x\": []}}",
	};

	for (size_t i = 0; i < RT_COUNT(damaged); i++)
		assert_set_aside(*state, damaged[i], strlen(damaged[i]));
}

static void test_huge_and_deep_files_are_set_aside(void **state)
{
	struct rt_str text = {0};
	char *zeros = rt_calloc(1, 4 << 20);

	for (int i = 0; i < 200000; i++)
		rt_str_addc(&text, i % 2 ? '[' : '{');
	assert_set_aside(*state, text.s, text.len);
	rt_str_clear(&text);
	rt_str_add(&text, "{\"schema\": 1, \"lessons\": {\"x\": {\"seen\": [\"a\"");
	while (text.len < RT_PROGRESS_BYTES - 100)
		rt_str_add(&text, ",\"a\"");
	rt_str_add(&text, "]}}}");
	assert_set_aside(*state, text.s, text.len);
	rt_str_clear(&text);
	rt_str_add(&text, "{\"schema\": 1, \"lessons\": {\"a\":{}");
	for (int i = 0; i < 60000; i++)
		rt_str_addf(&text, ",\"a%d\":{}", i);
	rt_str_add(&text, "}}");
	assert_set_aside(*state, text.s, text.len);
	rt_str_clear(&text);
	rt_str_add(&text, "{\"schema\": 1}");
	while (text.len <= RT_PROGRESS_BYTES)
		rt_str_addc(&text, ' ');
	assert_set_aside(*state, text.s, text.len);
	assert_set_aside(*state, zeros, 4 << 20);
	free(zeros);
	rt_str_fini(&text);
}

static void test_one_that_was_set_aside_is_not_replaced(void **state)
{
	struct progress_fixture *f = *state;
	char path[512];

	for (int i = 1; i <= 3; i++) {
		progress_write(f, "{", 1);
		rt_progress_free(progress_open());
		assert_int_equal(progress_files(f, "progress.json.damaged-", path), i);
	}
}

/* Every beginning of a good file is understood or refused, and none is taken for the whole. */
static void test_every_beginning_of_a_file(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	struct rt_str text = {0};
	char why[200];

	progress_place(progress, "x", "one", 1, true);
	rt_progress_set_answer(progress, "x", "q", "EADDRINUSE", RT_PROGRESS_RIGHT);
	rt_progress_set_note(progress, "x", "one", "text");
	progress_save(progress);
	rt_progress_free(progress);
	progress_read(((struct progress_fixture *)*state)->path, &text);
	for (size_t len = 0; len + 1 < text.len; len++) {
		struct rt_ledger ledger = {0};
		/* A copy of that size: a read behind its end is seen. */
		char *part = rt_strndup(text.s, len);

		assert_int_equal(rt_ledger_parse(part, len, &ledger, why, sizeof(why)),
				 RT_LEDGER_DAMAGED);
		rt_ledger_fini(&ledger);
		free(part);
	}
	rt_str_fini(&text);
}

/* Then memory is all that is left of it. */
static void test_damage_while_the_program_runs(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress = progress_open_quietly();
	char path[512];

	progress_place(progress, "x", "one", 1, false);
	rt_progress_set_note(progress, "y", "two", "mine");
	progress_save(progress);
	progress_write(f, "garbage", 7);
	rt_progress_set_answer(progress, "x", "q", "0", RT_PROGRESS_RIGHT);
	progress_save(progress);
	assert_says(rt_progress_message(progress), "damaged");
	rt_progress_free(progress);
	assert_int_equal(progress_files(f, "progress.json.damaged-", path), 1);
	progress = progress_open_quietly();
	assert_string_equal(rt_progress_lesson(progress, "x")->place.step, "one");
	assert_string_equal(progress_answer_of(progress, "x", "q"), "0");
	assert_string_equal(rt_progress_note(progress, "y", "two"), "mine");
	rt_progress_free(progress);
}

static void test_a_newer_file_is_set_aside(void **state)
{
	static const char newer[] = "{\"schema\": 3, \"lessons\": \"in a way nobody knows yet\"}";
	struct progress_fixture *f = *state;
	struct rt_progress *progress;
	struct rt_str text = {0};
	char path[512];

	progress_write(f, newer, strlen(newer));
	progress = progress_open();
	assert_says(rt_progress_message(progress), "a newer version of reuse-tutor wrote");
	assert_null(rt_progress_message(progress)); /* that was told */
	assert_int_equal(rt_progress_trouble(progress, &(struct rt_error){0}), 0);
	progress_place(progress, "x", "one", 1, false);
	progress_save(progress);
	rt_progress_free(progress);
	assert_int_equal(progress_files(f, "progress.json.damaged-", path), 0);
	assert_int_equal(progress_files(f, "progress.json.newer-", path), 1);
	progress_read(path, &text);
	assert_string_equal(rt_str_text(&text), newer);
	rt_str_fini(&text);
}

/* Then memory is what this version goes on with. */
static void test_a_newer_file_comes_while_the_program_runs(void **state)
{
	static const char newer[] = "{\"schema\": 3}";
	struct progress_fixture *f = *state;
	struct rt_progress *progress = progress_open_quietly();
	char path[512];

	progress_place(progress, "x", "one", 1, false);
	progress_save(progress);
	progress_write(f, newer, strlen(newer));
	rt_progress_set_answer(progress, "x", "q", "0", RT_PROGRESS_RIGHT);
	progress_save(progress);
	assert_says(rt_progress_message(progress), "progress.json.newer-");
	rt_progress_free(progress);
	assert_int_equal(progress_files(f, "progress.json.newer-", path), 1);
	progress = progress_open_quietly();
	assert_string_equal(rt_progress_lesson(progress, "x")->place.step, "one");
	assert_string_equal(progress_answer_of(progress, "x", "q"), "0");
	rt_progress_free(progress);
}

/* --- what is in the way ----------------------------------------------------------------------- */

static void assert_in_the_way(const char *words)
{
	struct rt_progress *progress = progress_open();

	assert_says(rt_progress_message(progress), words);
	progress_place(progress, "x", "one", 1, false);
	assert_int_equal(rt_progress_save(progress, NULL), -1);
	assert_null(rt_progress_message(progress));
	/* In memory it works all the same. */
	assert_string_equal(rt_progress_lesson(progress, "x")->place.step, "one");
	rt_progress_free(progress);
}

static void test_links_folders_and_fifos_in_its_place(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_str text = {0};
	char target[512];
	struct stat st;

	progress_write(f, "", 0);
	unlink(f->path);
	assert_int_equal(symlink("progress.json", f->path), 0);
	assert_in_the_way("ELOOP");
	assert_int_equal(lstat(f->path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	/* Nor is another file replaced or renamed through a link. */
	unlink(f->path);
	snprintf(target, sizeof(target), "%s/other", f->home);
	progress_write(f, "other", 5);
	assert_int_equal(rename(f->path, target), 0);
	assert_int_equal(symlink(target, f->path), 0);
	assert_in_the_way("ELOOP");
	progress_read(target, &text);
	assert_string_equal(rt_str_text(&text), "other");
	rt_str_fini(&text);
	unlink(f->path);
	assert_int_equal(mkdir(f->path, 0700), 0);
	assert_in_the_way("EISDIR");
	rmdir(f->path);
	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_in_the_way("EINVAL");
}

static void test_a_file_in_the_place_of_the_folder(void **state)
{
	struct progress_fixture *f = *state;
	char root[512];

	snprintf(root, sizeof(root), "%s/state", f->home);
	close(open(root, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_in_the_way("ENOTDIR");
	unlink(root);
	assert_int_equal(symlink("state", root), 0);
	assert_in_the_way("ELOOP");
}

static void test_a_home_that_is_not_there_is_not_made(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress;
	char home[512];
	struct stat st;

	snprintf(home, sizeof(home), "%s/nonexistent", f->home);
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", home, 1);
	progress = progress_open_quietly();
	assert_refused(progress, "ENOENT");
	assert_int_equal(lstat(home, &st), -1);
	rt_progress_free(progress);
}

/* Root may do everything: then the test goes on as somebody else. */
static void leave_root(const struct progress_fixture *f)
{
	if (geteuid() != 0)
		return;
	if (chown(f->home, NOBODY, NOBODY) < 0 || seteuid(NOBODY) < 0) {
		puts("# SKIP: only one uid is mapped here, so root cannot become anybody else");
		skip();
	}
}

static int back_to_root(void **state)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	return progress_teardown(state);
}

static void test_a_folder_that_may_not_be_written(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress;

	leave_root(f);
	progress = progress_open_quietly();
	progress_place(progress, "a", "one", 1, false);
	progress_save(progress);
	assert_int_equal(chmod(f->dir, 0500), 0);
	assert_refused(progress, "EACCES");
	/* Once it is mended, all that was to be saved is saved; and a new trouble is told again. */
	assert_int_equal(chmod(f->dir, 0700), 0);
	progress_save(progress);
	assert_int_equal(chmod(f->dir, 0500), 0);
	assert_refused(progress, "EACCES");
	rt_progress_free(progress);
	progress = progress_open_quietly();
	assert_string_equal(rt_progress_lesson(progress, "x")->place.step, "one");
	rt_progress_free(progress);
}

static void test_a_file_that_may_not_be_read_is_not_replaced(void **state)
{
	struct progress_fixture *f = *state;
	struct stat st;

	leave_root(f);
	progress_write(f, "{\"schema\": 1}", 13);
	assert_int_equal(chmod(f->path, 0), 0);
	assert_in_the_way("EACCES");
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_size, 13);
	assert_int_equal(chmod(f->path, 0600), 0);
	assert_int_equal(chmod(f->dir, 0), 0);
	assert_in_the_way("EACCES");
}

static void test_a_damaged_file_that_cannot_be_renamed(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_str text = {0};

	leave_root(f);
	progress_write(f, "garbage", 7);
	assert_int_equal(chmod(f->dir, 0500), 0);
	assert_in_the_way("EACCES");
	progress_read(f->path, &text);
	assert_string_equal(rt_str_text(&text), "garbage");
	rt_str_fini(&text);
}

static void test_root_leaves_nothing_of_its_own_in_a_users_home(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress;
	const char *const made[] = {"state", "state/reuse-tutor", "state/reuse-tutor/progress.json",
				    "state/reuse-tutor/progress.json.lock"};
	char path[512];
	struct stat st;

	if (geteuid() != 0 || chown(f->home, NOBODY, NOBODY) < 0) {
		puts("# SKIP: this needs root and a second uid");
		skip();
	}
	progress = progress_open_quietly();
	progress_place(progress, "x", "one", 1, false);
	progress_save(progress);
	rt_progress_free(progress);
	for (size_t i = 0; i < RT_COUNT(made); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->home, made[i]);
		assert_int_equal(lstat(path, &st), 0);
		assert_int_equal(st.st_uid, NOBODY);
		assert_int_equal(st.st_gid, NOBODY);
	}
}

/* --- no room ---------------------------------------------------------------------------------- */

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The signal of this limit would end the program; the limit is what `ulimit -f` sets. */
static void test_no_room_for_the_file(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress = progress_open_quietly();
	struct rt_str before = {0}, after = {0};
	char path[512];

	progress_place(progress, "a", "one", 1, false);
	progress_save(progress);
	progress_read(f->path, &before);
	limit_files(64);
	progress_place(progress, "x", "one", 1, false);
	assert_int_equal(rt_progress_save(progress, NULL), -1);
	limit_files(RLIM_INFINITY); /* before anything is printed */
	assert_says(rt_progress_message(progress), "EFBIG");
	progress_read(f->path, &after);
	assert_string_equal(rt_str_text(&before), rt_str_text(&after));
	assert_int_equal(progress_files(f, "progress.json.new", path), 0);
	limit_files(64);
	assert_int_equal(rt_progress_save(progress, NULL), -1);
	limit_files(RLIM_INFINITY);
	assert_null(rt_progress_message(progress));
	progress_save(progress);
	rt_progress_free(progress);
	progress = progress_open_quietly();
	assert_non_null(rt_progress_lesson(progress, "a"));
	assert_non_null(rt_progress_lesson(progress, "x"));
	rt_progress_free(progress);
	rt_str_fini(&before);
	rt_str_fini(&after);
}

/* What would be refused as too large when it is read is not written. */
static void test_more_than_a_file_may_have(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	char note[RT_PROGRESS_NOTE_BYTES], step[32];

	(void)state;
	rt_progress_set_note(progress, "x", "first", "kept");
	progress_save(progress);
	memset(note, 'n', sizeof(note) - 1);
	note[sizeof(note) - 1] = '\0';
	for (int i = 0; i < 300; i++) {
		snprintf(step, sizeof(step), "s%d", i);
		rt_progress_set_note(progress, "x", step, note);
	}
	assert_refused(progress, "EFBIG");
	rt_progress_free(progress);
	progress = progress_open_quietly();
	assert_string_equal(rt_progress_note(progress, "x", "first"), "kept");
	rt_progress_free(progress);
}

/* --- the lock, and death ---------------------------------------------------------------------- */

static void test_a_lock_that_somebody_keeps(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress = progress_open_quietly();
	char path[512];
	int fd;

	progress_place(progress, "a", "one", 1, false);
	progress_save(progress);
	assert_int_equal(progress_files(f, "progress.json.lock", path), 1);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_refused(progress, "another reuse-tutor holds the lock");
	close(fd);
	progress_save(progress);
	rt_progress_free(progress);
}

/* Saves without end, each time a state of which both answers tell the same number. */
static void save_without_end(void)
{
	struct rt_progress *progress = progress_open();
	char number[32];

	for (unsigned i = 0;; i++) {
		snprintf(number, sizeof(number), "%u", i);
		rt_progress_set_answer(progress, "x", "first", number, RT_PROGRESS_RIGHT);
		rt_progress_set_note(progress, "x", "last", number);
		if (rt_progress_save(progress, NULL) < 0)
			_exit(1);
	}
}

static void test_a_writer_that_is_killed(void **state)
{
	struct progress_fixture *f = *state;
	const char *note;
	int lived = 0;

	srand(17);
	for (int i = 0; i < KILLS; i++) {
		struct timespec moment = {.tv_nsec = 1000000L + rand() % 8000000};
		struct rt_progress *progress;
		pid_t pid = fork();
		int status;

		assert_true(pid >= 0);
		if (pid == 0)
			save_without_end();
		nanosleep(&moment, NULL); /* the moment of its death, no wait for anything */
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		progress = progress_open_quietly();
		note = rt_progress_note(progress, "x", "last");
		lived += note != NULL;
		assert_string_equal(progress_answer_of(progress, "x", "first"), note ? note : "");
		rt_progress_free(progress);
	}
	assert_true(lived > KILLS / 2);
	(void)f;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, progress_setup, progress_teardown)
#define TEST_AS_NOBODY(name) cmocka_unit_test_setup_teardown(name, progress_setup, back_to_root)
	const struct CMUnitTest tests[] = {
		TEST(test_damaged_files_are_set_aside),
		TEST(test_huge_and_deep_files_are_set_aside),
		TEST(test_one_that_was_set_aside_is_not_replaced),
		TEST(test_every_beginning_of_a_file),
		TEST(test_damage_while_the_program_runs),
		TEST(test_a_newer_file_is_set_aside),
		TEST(test_a_newer_file_comes_while_the_program_runs),
		TEST(test_links_folders_and_fifos_in_its_place),
		TEST(test_a_file_in_the_place_of_the_folder),
		TEST(test_a_home_that_is_not_there_is_not_made),
		TEST_AS_NOBODY(test_a_folder_that_may_not_be_written),
		TEST_AS_NOBODY(test_a_file_that_may_not_be_read_is_not_replaced),
		TEST_AS_NOBODY(test_a_damaged_file_that_cannot_be_renamed),
		TEST(test_root_leaves_nothing_of_its_own_in_a_users_home),
		TEST(test_no_room_for_the_file),
		TEST(test_more_than_a_file_may_have),
		TEST(test_a_lock_that_somebody_keeps),
		TEST(test_a_writer_that_is_killed),
	};

	return cmocka_run_group_tests_name("progress, where things go wrong", tests, NULL, NULL);
}
