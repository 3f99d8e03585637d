/* Review: when a question comes back, and how two copies of the program agree on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "progress_fixture.h"
#include "store/review.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

/* 2026-11-16, a Monday, 20:00 UTC. */
#define MONDAY (INT64_C(1794859200000))

static int setup(void **state)
{
	setenv("TZ", "UTC", 1);
	tzset();
	return progress_setup(state);
}

static int days(int level, int64_t asked, int64_t now)
{
	struct rt_progress_review review = {.level = level, .asked = asked};

	return rt_review_days(&review, now);
}

static const struct rt_progress_review *find(const struct rt_progress *progress, const char *label)
{
	return rt_review_find(rt_progress_lesson(progress, "x"), label);
}

static void miss(struct rt_progress *progress, const char *label)
{
	rt_progress_set_answer(progress, "x", label, "0", RT_PROGRESS_WRONG);
}

/* --- the schedule ----------------------------------------------------------------------------- */

static void test_days_are_those_of_the_calendar_from_four_o_clock(void **state)
{
	(void)state;
	assert_int_equal(days(0, MONDAY, MONDAY), 1);
	assert_int_equal(days(0, MONDAY, MONDAY + 8 * HOUR - 1), 1);
	assert_int_equal(days(0, MONDAY, MONDAY + 8 * HOUR), 0);
	assert_int_equal(days(0, MONDAY, MONDAY + 300 * DAY), 0);
	/* At two in the morning it is still the evening before. */
	assert_int_equal(days(0, MONDAY + 6 * HOUR, MONDAY + 7 * HOUR), 1);
	assert_int_equal(days(0, MONDAY + 6 * HOUR, MONDAY + 8 * HOUR), 0);
}

static void test_the_intervals(void **state)
{
	static const int interval[RT_REVIEW_LEVELS] = {1, 3, 7, 21};

	(void)state;
	for (int level = 0; level < RT_REVIEW_LEVELS; level++)
		for (int day = 0; day < 30; day++)
			assert_int_equal(days(level, MONDAY, MONDAY + day * DAY),
					 day < interval[level] ? interval[level] - day : 0);
	assert_int_equal(days(RT_REVIEW_LEVELS, MONDAY, MONDAY + 99 * DAY), -1);
}

/* The hour that is left out in spring and the one that comes twice do not move a day. */
static void test_summer_time(void **state)
{
	const int64_t saturday = INT64_C(1774713600000); /* 2026-03-28 17:00 in Berlin */

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	assert_int_equal(days(0, saturday, saturday + 10 * HOUR - 1), 1);
	assert_int_equal(days(0, saturday, saturday + 10 * HOUR), 0);
	assert_int_equal(days(1, saturday, saturday + 2 * DAY), 1);
	assert_int_equal(days(1, saturday, saturday + 3 * DAY), 0);
}

static void test_a_clock_that_goes_back(void **state)
{
	(void)state;
	/* A day: a journey. More: asking early is better than never. */
	assert_int_equal(days(1, MONDAY, MONDAY - DAY), 4);
	assert_int_equal(days(1, MONDAY, MONDAY - 2 * DAY), 0);
	assert_int_equal(days(3, MONDAY, 0), 0);
}

/* After an answer under the true clock it is not due at once again. */
static void test_a_wrong_clock_counts_once(void **state)
{
	struct rt_progress *progress = progress_open_quietly();

	(void)state;
	progress_clock(MONDAY + 4000 * DAY);
	miss(progress, "q");
	progress_save(progress);
	progress_clock(MONDAY);
	assert_int_equal(rt_review_days(find(progress, "q"), MONDAY), 0);
	rt_progress_set_reviewed(progress, "x", "q", true);
	progress_save(progress);
	rt_progress_free(progress);
	progress = progress_open_quietly();
	assert_int_equal(find(progress, "q")->level, 1);
	assert_int_equal(find(progress, "q")->asked, MONDAY);
	assert_int_equal(rt_review_days(find(progress, "q"), MONDAY), 3);
	rt_progress_free(progress);
}

/* --- what enters and leaves ------------------------------------------------------------------- */

static void test_what_enters(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	const struct rt_progress_lesson *lesson;

	(void)state;
	progress_clock(MONDAY);
	assert_int_equal(rt_review_waiting(NULL), 0);
	rt_progress_set_answer(progress, "x", "right", "0", RT_PROGRESS_RIGHT);
	rt_progress_set_answer(progress, "x", "open", "0", RT_PROGRESS_UNKNOWN);
	rt_progress_set_answer(progress, "x", "skipped", RT_PROGRESS_SKIPPED, RT_PROGRESS_UNKNOWN);
	assert_int_equal(rt_review_waiting(rt_progress_lesson(progress, "x")), 0);
	miss(progress, "wrong");
	rt_progress_set_answer(progress, "x", "unsure", RT_PROGRESS_UNSURE, RT_PROGRESS_UNKNOWN);
	/* Whoever asks again at once has just read the answer. */
	rt_progress_set_answer(progress, "x", "wrong", "1", RT_PROGRESS_RIGHT);
	lesson = rt_progress_lesson(progress, "x");
	assert_int_equal(rt_review_waiting(lesson), 2);
	assert_null(rt_review_find(lesson, "right"));
	assert_null(rt_review_find(lesson, "skipped"));
	assert_int_equal(rt_review_days(rt_review_find(lesson, "wrong"), MONDAY), 1);
	assert_int_equal(rt_review_days(rt_review_find(lesson, "unsure"), MONDAY), 1);
	/* What is in no review cannot be answered there. */
	rt_progress_set_reviewed(progress, "x", "right", true);
	rt_progress_set_reviewed(progress, "y", "wrong", true);
	assert_int_equal(rt_review_waiting(rt_progress_lesson(progress, "x")), 2);
	assert_null(rt_progress_lesson(progress, "y"));
	rt_progress_free(progress);
}

/* Answers as soon as it is due; each copy of the program reads what the one before has saved. */
static void answer_when_due(int64_t *now, int after_days, bool right)
{
	struct rt_progress *progress = progress_open_quietly();

	assert_int_equal(rt_review_days(find(progress, "q"), *now), after_days);
	*now += after_days * DAY;
	progress_clock(*now);
	assert_int_equal(rt_review_days(find(progress, "q"), *now), 0);
	rt_progress_set_reviewed(progress, "x", "q", right);
	progress_save(progress);
	rt_progress_free(progress);
}

static void test_the_way_out(void **state)
{
	struct rt_progress *progress = progress_open_quietly();
	int64_t now = MONDAY;

	(void)state;
	progress_clock(now);
	miss(progress, "q");
	progress_save(progress);
	rt_progress_free(progress);
	answer_when_due(&now, 1, true);
	answer_when_due(&now, 3, true);
	answer_when_due(&now, 7, false); /* from the beginning */
	answer_when_due(&now, 1, true);
	answer_when_due(&now, 3, true);
	answer_when_due(&now, 7, true);
	answer_when_due(&now, 21, true);
	progress = progress_open_quietly();
	assert_int_equal(rt_review_days(find(progress, "q"), now + 999 * DAY), -1);
	assert_int_equal(rt_review_waiting(rt_progress_lesson(progress, "x")), 0);
	rt_progress_set_reviewed(progress, "x", "q", false); /* it left */
	assert_int_equal(rt_review_waiting(rt_progress_lesson(progress, "x")), 0);
	miss(progress, "q"); /* in the lesson: it is back */
	assert_int_equal(rt_review_days(find(progress, "q"), now), 1);
	rt_progress_free(progress);
}

static void test_forgotten_with_the_lesson(void **state)
{
	struct rt_progress *progress = progress_open_quietly();

	(void)state;
	miss(progress, "q");
	progress_save(progress);
	assert_true(rt_progress_forget(progress, "x"));
	progress_save(progress);
	rt_progress_free(progress);
	progress = progress_open_quietly();
	assert_int_equal(rt_review_waiting(rt_progress_lesson(progress, "x")), 0);
	rt_progress_free(progress);
}

/* --- the file, and two copies ----------------------------------------------------------------- */

static void test_two_copies(void **state)
{
	(void)state;
	for (int last = 0; last < 2; last++) {
		struct rt_progress *copy[2], *both = progress_open_quietly();

		progress_clock(MONDAY + last * 10 * DAY);
		miss(both, "q");
		miss(both, "other");
		progress_save(both);
		rt_progress_free(both);
		copy[0] = progress_open_quietly();
		copy[1] = progress_open_quietly();
		progress_clock(MONDAY + last * 10 * DAY + 2 * DAY);
		rt_progress_set_reviewed(copy[0], "x", "q", true);
		rt_progress_set_reviewed(copy[0], "x", "other", true);
		progress_clock(MONDAY + last * 10 * DAY + 3 * DAY);
		rt_progress_set_reviewed(copy[1], "x", "q", false);
		progress_save(copy[!last]);
		progress_save(copy[last]);
		both = progress_open_quietly();
		/* The later answer, whoever saved last; and what one alone has changed. */
		assert_int_equal(find(both, "q")->level, 0);
		assert_int_equal(find(both, "q")->asked, MONDAY + last * 10 * DAY + 3 * DAY);
		assert_int_equal(find(both, "other")->level, 1);
		rt_progress_free(both);
		rt_progress_free(copy[0]);
		rt_progress_free(copy[1]);
	}
}

/* What left in one copy is not brought back by an older answer of the other. */
static void test_what_left_stays_away(void **state)
{
	struct rt_progress *a = progress_open_quietly(), *b;

	(void)state;
	miss(a, "q");
	progress_save(a);
	b = progress_open_quietly();
	rt_progress_set_reviewed(b, "x", "q", false);
	for (int level = 0; level < RT_REVIEW_LEVELS; level++) {
		progress_clock(MONDAY + level);
		rt_progress_set_reviewed(a, "x", "q", true);
	}
	progress_save(a);
	progress_save(b);
	assert_int_equal(find(b, "q")->level, RT_REVIEW_LEVELS);
	rt_progress_free(a);
	rt_progress_free(b);
}

static void test_an_older_file_is_read_and_becomes_a_new_one(void **state)
{
	static const char older[] =
		"{\"schema\": 1, \"lessons\": {\"x\": {\"answers\": {\"q\": {\"answer\": \"0\", "
		"\"right\": false, \"when\": 7}}}}}";
	struct rt_progress *progress;
	struct rt_str text = {0};

	progress_write(*state, older, strlen(older));
	progress = progress_open_quietly();
	assert_string_equal(progress_answer_of(progress, "x", "q"), "0");
	assert_int_equal(rt_review_waiting(rt_progress_lesson(progress, "x")), 0);
	miss(progress, "q");
	progress_save(progress);
	rt_progress_free(progress);
	progress_read(((struct progress_fixture *)*state)->path, &text);
	assert_non_null(strstr(rt_str_text(&text), "\"schema\": 2"));
	assert_non_null(strstr(rt_str_text(&text), "\"review\""));
	rt_str_fini(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, progress_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_days_are_those_of_the_calendar_from_four_o_clock),
		TEST(test_the_intervals),
		TEST(test_summer_time),
		TEST(test_a_clock_that_goes_back),
		TEST(test_a_wrong_clock_counts_once),
		TEST(test_what_enters),
		TEST(test_the_way_out),
		TEST(test_forgotten_with_the_lesson),
		TEST(test_two_copies),
		TEST(test_what_left_stays_away),
		TEST(test_an_older_file_is_read_and_becomes_a_new_one),
	};

	return cmocka_run_group_tests_name("review", tests, NULL, NULL);
}
