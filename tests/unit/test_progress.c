/* Progress: what is kept, and how two copies of the program get along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "progress_fixture.h"
#include "store/folder.h"

static void test_without_a_file_nothing_is_known_and_none_is_made(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress = progress_open_quietly();
	struct stat st;

	assert_string_equal(rt_progress_path(progress), f->path);
	assert_int_equal(rt_progress_count(progress), 0);
	assert_null(rt_progress_lesson(progress, "time-wait"));
	assert_null(rt_progress_note(progress, "time-wait", "one"));
	assert_false(rt_progress_is_begun(NULL));
	progress_save(progress);
	assert_int_equal(lstat(f->dir, &st), -1);
	rt_progress_free(progress);
}

static void test_all_of_it_comes_back(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	const struct rt_progress_lesson *lesson;
	const struct rt_progress_answer *answer;

	(void)state;
	progress_place(progress, "time-wait", "new-only", 4, false);
	rt_progress_set_seen(progress, "time-wait", "first-run");
	rt_progress_set_seen(progress, "time-wait", "first-run");
	progress_clock(1000007);
	rt_progress_set_answer(progress, "time-wait", "second-bind", "EADDRINUSE",
			       RT_PROGRESS_RIGHT);
	rt_progress_set_answer(progress, "time-wait", "third", "127.0.0.1:*", RT_PROGRESS_WRONG);
	rt_progress_set_answer(progress, "time-wait", "fourth", RT_PROGRESS_UNSURE,
			       RT_PROGRESS_UNKNOWN);
	rt_progress_set_note(progress, "time-wait", "new-only", "ask why \"60 s\"\n重启");
	progress_save(progress);
	rt_progress_free(progress);

	progress = progress_open_quietly();
	lesson = rt_progress_lesson(progress, "time-wait");
	assert_non_null(lesson);
	assert_true(rt_progress_is_begun(lesson));
	assert_string_equal(lesson->place.step, "new-only");
	assert_int_equal(lesson->place.number, 4);
	assert_int_equal(lesson->place.steps, 9);
	assert_int_equal(lesson->place.calls, 2);
	assert_int_equal(lesson->place.hash, 1);
	assert_int_equal(lesson->place.when, 1000000);
	assert_int_equal(lesson->done, 0);
	assert_int_equal(lesson->n_seen, 1);
	assert_string_equal(lesson->seen[0], "first-run");
	assert_int_equal(lesson->n_answers, 3);
	answer = rt_progress_answer(lesson, "second-bind");
	assert_string_equal(answer->answer, "EADDRINUSE");
	assert_int_equal(answer->right, RT_PROGRESS_RIGHT);
	assert_int_equal(answer->when, 1000007);
	assert_false(answer->open);
	assert_int_equal(rt_progress_answer(lesson, "third")->right, RT_PROGRESS_WRONG);
	assert_int_equal(rt_progress_answer(lesson, "fourth")->right, RT_PROGRESS_UNKNOWN);
	assert_string_equal(rt_progress_note(progress, "time-wait", "new-only"),
			    "ask why \"60 s\"\n重启");
	rt_progress_free(progress);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void test_files_are_for_their_owner_alone(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress = progress_open_quietly();
	char path[512];

	umask(0);
	progress_place(progress, "a", "one", 1, false);
	progress_save(progress);
	rt_progress_free(progress);
	umask(022);
	assert_int_equal(mode_of(f->path), 0600);
	assert_int_equal(mode_of(f->dir), 0700);
	snprintf(path, sizeof(path), "%s/state", f->home);
	assert_int_equal(mode_of(path), 0700);
	assert_int_equal(progress_files(f, "progress.json.lock", path), 1);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(progress_files(f, "progress.json.new", path), 0);
}

static void test_without_a_change_nothing_is_written(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_progress *progress = progress_open_quietly();
	struct stat before, after;

	progress_place(progress, "a", "one", 1, false);
	rt_progress_set_note(progress, "a", "one", "text");
	progress_save(progress);
	assert_int_equal(stat(f->path, &before), 0);
	rt_progress_set_note(progress, "a", "one", "text");
	rt_progress_set_note(progress, "a", "two", "");
	progress_save(progress);
	assert_int_equal(stat(f->path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	progress_place(progress, "a", "one", 1, false);
	progress_save(progress);
	assert_int_equal(stat(f->path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
	rt_progress_free(progress);
}

static void test_where_it_is(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_folder folder;
	struct rt_error err;
	char path[512];

	setenv("XDG_STATE_HOME", "state", 1);
	assert_int_equal(rt_folder_find(&folder, RT_FOLDER_STATE, &err), 0);
	snprintf(path, sizeof(path), "%s/.local/state/reuse-tutor", f->home);
	assert_string_equal(folder.path, path);
	rt_folder_fini(&folder);
	setenv("XDG_STATE_HOME", "//a//b//", 1);
	assert_int_equal(rt_folder_find(&folder, RT_FOLDER_STATE, &err), 0);
	assert_string_equal(folder.path, "/a//b/reuse-tutor");
	rt_folder_fini(&folder);
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "not/absolute", 1);
	/* Then the user database has it, or there is none. */
	if (rt_folder_find(&folder, RT_FOLDER_STATE, &err) == 0) {
		assert_int_equal(folder.path[0], '/');
		assert_null(strstr(folder.path, "not/absolute"));
		rt_folder_fini(&folder);
	} else {
		assert_non_null(strstr(err.fix, "HOME"));
	}
}

/* --- two copies ------------------------------------------------------------------------------- */

static void test_two_copies_lose_nothing(void **state)
{
	struct rt_progress *a = progress_open_quietly(), *b = progress_open_quietly(), *both;

	(void)state;
	progress_place(a, "x", "one", 1, false);
	rt_progress_set_answer(a, "x", "q1", "0", RT_PROGRESS_RIGHT);
	rt_progress_set_seen(a, "x", "one");
	rt_progress_set_note(a, "x", "one", "from a");
	progress_clock(1000010);
	progress_place(b, "y", "two", 2, false);
	rt_progress_set_answer(b, "x", "q2", "EACCES", RT_PROGRESS_WRONG);
	rt_progress_set_seen(b, "x", "two");
	rt_progress_set_note(b, "x", "two", "from b");
	progress_save(b);
	progress_save(a);
	/* What the other saved is known after one's own saving. */
	assert_string_equal(progress_answer_of(a, "x", "q2"), "EACCES");
	both = progress_open_quietly();
	assert_string_equal(progress_answer_of(both, "x", "q1"), "0");
	assert_string_equal(progress_answer_of(both, "x", "q2"), "EACCES");
	assert_int_equal(rt_progress_lesson(both, "x")->n_seen, 2);
	assert_string_equal(rt_progress_lesson(both, "x")->place.step, "one");
	assert_string_equal(rt_progress_lesson(both, "y")->place.step, "two");
	assert_string_equal(rt_progress_note(both, "x", "one"), "from a");
	assert_string_equal(rt_progress_note(both, "x", "two"), "from b");
	rt_progress_free(both);
	rt_progress_free(a);
	rt_progress_free(b);
}

/* Whoever saves last: it is the time of the change that counts. */
static void test_the_newest_wins(void **state)
{
	struct rt_progress *copy[2], *both;

	(void)state;
	for (int last = 0; last < 2; last++) {
		const char *lesson = last ? "x" : "y";

		copy[0] = progress_open_quietly();
		copy[1] = progress_open_quietly();
		progress_clock(2000000);
		progress_place(copy[0], lesson, "old", 1, false);
		rt_progress_set_answer(copy[0], lesson, "q", "old", RT_PROGRESS_RIGHT);
		rt_progress_set_note(copy[0], lesson, "one", "old");
		progress_clock(2000001);
		progress_place(copy[1], lesson, "new", 7, false);
		rt_progress_set_answer(copy[1], lesson, "q", "new", RT_PROGRESS_WRONG);
		rt_progress_set_note(copy[1], lesson, "one", "new");
		progress_save(copy[!last]);
		progress_save(copy[last]);
		both = progress_open_quietly();
		assert_string_equal(rt_progress_lesson(both, lesson)->place.step, "new");
		assert_int_equal(rt_progress_lesson(both, lesson)->place.number, 7);
		assert_string_equal(progress_answer_of(both, lesson, "q"), "new");
		assert_string_equal(rt_progress_note(both, lesson, "one"), "new");
		rt_progress_free(both);
		rt_progress_free(copy[0]);
		rt_progress_free(copy[1]);
	}
}

static void test_done_stays_done(void **state)
{
	struct rt_progress *a = progress_open_quietly(), *b = progress_open_quietly(), *both;

	(void)state;
	progress_place(a, "x", "end", 9, true);
	assert_false(rt_progress_is_begun(rt_progress_lesson(a, "x")));
	progress_save(a);
	progress_clock(1000005);
	progress_place(b, "x", "two", 2, false);
	progress_save(b);
	both = progress_open_quietly();
	assert_int_equal(rt_progress_lesson(both, "x")->done, 1000000);
	/* A place of a later time is of another round. */
	assert_true(rt_progress_is_begun(rt_progress_lesson(both, "x")));
	rt_progress_free(both);
	rt_progress_free(a);
	rt_progress_free(b);
}

static void test_the_end_is_later_than_the_answers_of_its_round(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	const struct rt_progress_lesson *lesson;

	(void)state;
	for (int i = 0; i < 3; i++)
		rt_progress_set_answer(progress, "x", "q", "0", RT_PROGRESS_RIGHT);
	progress_place(progress, "x", "end", 9, true);
	lesson = rt_progress_lesson(progress, "x");
	assert_true(rt_progress_answer(lesson, "q")->when <= lesson->done);
	rt_progress_set_answer(progress, "x", "q", "1", RT_PROGRESS_WRONG);
	lesson = rt_progress_lesson(progress, "x");
	assert_true(rt_progress_answer(lesson, "q")->when > lesson->done);
	rt_progress_free(progress);
}

static void test_a_clock_that_was_set_back(void **state)
{
	struct rt_progress *progress = progress_open_quietly();

	(void)state;
	progress_place(progress, "x", "one", 1, false);
	rt_progress_set_answer(progress, "x", "q", "0", RT_PROGRESS_RIGHT);
	progress_save(progress);
	rt_progress_free(progress);
	progress_clock(5000);
	progress = progress_open_quietly();
	progress_place(progress, "x", "two", 2, false);
	rt_progress_set_answer(progress, "x", "q", "EACCES", RT_PROGRESS_WRONG);
	progress_save(progress);
	rt_progress_free(progress);
	progress = progress_open_quietly();
	assert_string_equal(rt_progress_lesson(progress, "x")->place.step, "two");
	assert_string_equal(progress_answer_of(progress, "x", "q"), "EACCES");
	rt_progress_free(progress);
}

static void test_what_one_copy_forgot_the_other_does_not_bring_back(void **state)
{
	struct rt_progress *a, *b;

	(void)state;
	a = progress_open_quietly();
	progress_place(a, "x", "five", 5, true);
	rt_progress_set_answer(a, "x", "q1", "0", RT_PROGRESS_RIGHT);
	rt_progress_set_note(a, "x", "one", "mine");
	progress_place(a, "y", "one", 1, false);
	progress_save(a);
	b = progress_open_quietly();
	assert_true(rt_progress_forget(b, "x"));
	assert_false(rt_progress_forget(b, "x"));
	assert_false(rt_progress_forget(b, "z"));
	progress_save(b);
	rt_progress_free(b);
	progress_clock(1000020);
	rt_progress_set_answer(a, "x", "q2", "1", RT_PROGRESS_RIGHT);
	progress_save(a);
	rt_progress_free(a);
	a = progress_open_quietly();
	assert_string_equal(rt_progress_lesson(a, "x")->place.step, "");
	assert_int_equal(rt_progress_lesson(a, "x")->done, 0);
	assert_string_equal(progress_answer_of(a, "x", "q1"), "");
	assert_string_equal(progress_answer_of(a, "x", "q2"), "1");
	assert_string_equal(rt_progress_note(a, "x", "one"), "mine");
	assert_string_equal(rt_progress_lesson(a, "y")->place.step, "one");
	rt_progress_free(a);
}

static void test_a_question_that_is_asked_again(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	const struct rt_progress_answer *answer;

	(void)state;
	rt_progress_ask_again(progress, "x", "q");
	rt_progress_set_answer(progress, "x", "q", "0", RT_PROGRESS_WRONG);
	progress_clock(1000009);
	rt_progress_ask_again(progress, "x", "q");
	progress_save(progress);
	rt_progress_free(progress);
	progress = progress_open_quietly();
	answer = rt_progress_answer(rt_progress_lesson(progress, "x"), "q");
	assert_true(answer->open);
	assert_int_equal(answer->when, 1000009);
	assert_int_equal(answer->right, RT_PROGRESS_WRONG);
	rt_progress_set_answer(progress, "x", "q", "1", RT_PROGRESS_RIGHT);
	assert_false(rt_progress_answer(rt_progress_lesson(progress, "x"), "q")->open);
	rt_progress_free(progress);
}

static void test_notes_are_bounded_and_can_be_deleted(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	char text[6001];
	const char *note;

	(void)state;
	for (size_t i = 0; i < 6000; i += 3)
		memcpy(text + i, "重", 3);
	text[6000] = '\0';
	rt_progress_set_note(progress, "x", "one", text);
	rt_progress_set_note(progress, "x", "two", "half \xe9\x87 \x1b[2J");
	rt_progress_set_note(progress, "x", "three", "gone");
	progress_save(progress);
	rt_progress_set_note(progress, "x", "three", "");
	assert_null(rt_progress_note(progress, "x", "three"));
	progress_save(progress);
	rt_progress_free(progress);
	progress = progress_open_quietly();
	note = rt_progress_note(progress, "x", "one");
	assert_int_equal(strlen(note), RT_PROGRESS_NOTE_BYTES - RT_PROGRESS_NOTE_BYTES % 3);
	assert_null(strchr(rt_progress_note(progress, "x", "two"), '\x1b'));
	assert_null(rt_progress_note(progress, "x", "three"));
	rt_progress_free(progress);
}

static void test_names_that_are_none_are_ignored(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	char longest[RT_PROGRESS_NAME + 1];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[RT_PROGRESS_NAME] = '\0';
	assert_false(rt_progress_is_name(longest));
	assert_true(rt_progress_is_name(longest + 1));
	rt_progress_set_note(progress, longest, "one", "x");
	rt_progress_set_note(progress, "a b", "one", "x");
	rt_progress_set_note(progress, "a", "", "x");
	rt_progress_set_answer(progress, "a", "\x1b[2J", "0", RT_PROGRESS_RIGHT);
	progress_place(progress, "../a", "one", 1, false);
	assert_int_equal(rt_progress_count(progress), 0);
	rt_progress_free(progress);
}

/* --- many at once ----------------------------------------------------------------------------- */

enum { WRITERS = 6, ANSWERS = 20 };

static void write_answers(int writer)
{
	struct rt_progress *progress = progress_open();
	char label[32];

	for (int i = 0; i < ANSWERS; i++) {
		snprintf(label, sizeof(label), "w%d-%d", writer, i);
		rt_progress_set_answer(progress, "x", label, "0", RT_PROGRESS_RIGHT);
		if (rt_progress_save(progress, NULL) < 0)
			_exit(1);
	}
	_exit(0);
}

static void test_many_writers_at_once(void **state)
{
	struct rt_progress *progress;
	pid_t pid[WRITERS];
	int status;

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] == 0)
			write_answers(i);
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	progress = progress_open_quietly();
	assert_int_equal(rt_progress_lesson(progress, "x")->n_answers, WRITERS * ANSWERS);
	rt_progress_free(progress);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, progress_setup, progress_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_without_a_file_nothing_is_known_and_none_is_made),
		TEST(test_all_of_it_comes_back),
		TEST(test_files_are_for_their_owner_alone),
		TEST(test_without_a_change_nothing_is_written),
		TEST(test_where_it_is),
		TEST(test_two_copies_lose_nothing),
		TEST(test_the_newest_wins),
		TEST(test_done_stays_done),
		TEST(test_the_end_is_later_than_the_answers_of_its_round),
		TEST(test_a_clock_that_was_set_back),
		TEST(test_what_one_copy_forgot_the_other_does_not_bring_back),
		TEST(test_a_question_that_is_asked_again),
		TEST(test_notes_are_bounded_and_can_be_deleted),
		TEST(test_names_that_are_none_are_ignored),
		TEST(test_many_writers_at_once),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
