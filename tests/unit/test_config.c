/* Settings: what is read, what is written, and what is left alone. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "progress_fixture.h"
#include "store/config.h"

static bool takes_word(const char *value)
{
	return strcmp(value, "one") == 0 || strcmp(value, "two") == 0;
}

static const struct rt_setting settings[] = {{"first", takes_word, "one, two"},
					     {"other", takes_word, "one, two"}};

struct place {
	char folder[160], path[192];
};

/* $HOME/.config/reuse-tutor/config of the fixture, with this text; NULL for no file. */
static struct place put(void **state, const char *text)
{
	struct progress_fixture *f = *state;
	struct place place;
	FILE *file;

	snprintf(place.folder, sizeof(place.folder), "%s/.config", f->home);
	mkdir(place.folder, 0700);
	strcat(place.folder, "/reuse-tutor");
	mkdir(place.folder, 0700);
	snprintf(place.path, sizeof(place.path), "%s/config", place.folder);
	unlink(place.path);
	if (!text)
		return place;
	file = fopen(place.path, "w");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
	return place;
}

static struct rt_config *open_config(void)
{
	unsetenv("XDG_CONFIG_HOME");
	return rt_config_open(settings, 2);
}

static void assert_text(const struct place *place, const char *text)
{
	struct rt_str is = {0};

	progress_read(place->path, &is);
	assert_string_equal(rt_str_text(&is), text);
	rt_str_fini(&is);
}

static void assert_says(struct rt_config *config, const char *words)
{
	const char *message = rt_config_message(config);

	if (!message || !strstr(message, words))
		fail_msg("\"%s\" is missing in: %s", words, message ? message : "(no message)");
	assert_null(rt_config_message(config));
}

static void test_nothing_is_no_trouble(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_config *config = open_config();
	struct place place;

	assert_null(rt_config_get(config, "first"));
	assert_null(rt_config_message(config));
	assert_int_equal(rt_config_set(config, "first", "one"), 0);
	assert_string_equal(rt_config_get(config, "first"), "one");
	rt_config_free(config);
	snprintf(place.path, sizeof(place.path), "%s/.config/reuse-tutor/config", f->home);
	assert_text(&place, "first = one\n");
}

static void test_a_change_touches_one_line(void **state)
{
	static const struct {
		const char *before, *after;
	} change[] = {
		{"", "first = two\n"},
		{"# mine\n", "# mine\nfirst = two\n"},
		{"other = one", "other = one\nfirst = two\n"},
		{"first = one\nother = one\n# end", "first = two\nother = one\n# end"},
		{"\n  first=one  \r\n\t#x\n", "\n  first=two  \r\n\t#x\n"},
		{"first = one\nfirst = one\n", "first = one\nfirst = two\n"},
	};

	for (size_t i = 0; i < sizeof(change) / sizeof(change[0]); i++) {
		struct place place = put(state, change[i].before);
		struct rt_config *config = open_config();

		assert_null(rt_config_message(config));
		assert_int_equal(rt_config_set(config, "first", "two"), 0);
		assert_text(&place, change[i].after);
		rt_config_free(config);
		config = open_config();
		assert_string_equal(rt_config_get(config, "first"), "two");
		rt_config_free(config);
	}
}

static void test_another_copy_has_written(void **state)
{
	struct place place = put(state, "first = one\n");
	struct rt_config *a = open_config(), *b = open_config();

	assert_int_equal(rt_config_set(a, "other", "two"), 0);
	assert_int_equal(rt_config_set(b, "first", "two"), 0);
	assert_text(&place, "first = two\nother = two\n");
	rt_config_free(a);
	rt_config_free(b);
}

static void test_a_mistake_is_told_and_the_file_left_alone(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{"first\n", "line 1 of "},
		{"other = one\n\nfirst = three\n", "config: first is one of: one, two"},
		{"other = one\nfrist = one\n", "line 2 of "},
		{"first = one # why\n", "first is one of"},
		{"first =\n", "first is one of"},
		{"= one\n", "it sets nothing that there is"},
		{"\033[2J\n", "it is no `key = value`"},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct place place = put(state, wrong[i].text);
		struct rt_config *config = open_config();

		assert_says(config, wrong[i].says);
		assert_int_equal(rt_config_set(config, "first", "two"), -1);
		assert_null(rt_config_message(config)); /* the same again */
		assert_text(&place, wrong[i].text);
		place = put(state, "first = one\n"); /* mended meanwhile */
		assert_int_equal(rt_config_set(config, "first", "two"), 0);
		assert_text(&place, "first = two\n");
		rt_config_free(config);
	}
}

static void test_what_is_no_file(void **state)
{
	struct place place = put(state, NULL);
	struct rt_config *config;
	struct stat st;

	assert_int_equal(mkdir(place.path, 0700), 0);
	config = open_config();
	assert_says(config, "EISDIR");
	assert_int_equal(rt_config_set(config, "first", "one"), -1);
	rt_config_free(config);
	assert_int_equal(rmdir(place.path), 0);
	assert_int_equal(symlink("elsewhere", place.path), 0);
	config = open_config();
	assert_says(config, "ELOOP");
	assert_int_equal(rt_config_set(config, "first", "one"), -1);
	rt_config_free(config);
	assert_int_equal(lstat(place.path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(place.path), 0);
}

static void test_a_full_disk_is_told_once(void **state)
{
	struct place place = put(state, "first = one\n");
	struct rt_config *config = open_config();
	struct rlimit before, none;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 4;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(rt_config_set(config, "first", "two"), -1);
	assert_int_equal(rt_config_set(config, "first", "two"), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_says(config, "your settings cannot be saved: EFBIG");
	assert_text(&place, "first = one\n");
	assert_string_equal(rt_config_get(config, "first"), "one");
	assert_int_equal(rt_config_set(config, "first", "two"), 0);
	assert_text(&place, "first = two\n");
	rt_config_free(config);
}

static void test_the_folder_of_the_variable(void **state)
{
	struct progress_fixture *f = *state;
	struct rt_config *config;
	struct place place;
	char folder[128];

	snprintf(folder, sizeof(folder), "%s/x", f->home);
	setenv("XDG_CONFIG_HOME", folder, 1);
	config = rt_config_open(settings, 2);
	assert_int_equal(rt_config_set(config, "first", "one"), 0);
	rt_config_free(config);
	snprintf(place.path, sizeof(place.path), "%s/reuse-tutor/config", folder);
	assert_text(&place, "first = one\n");
	unsetenv("XDG_CONFIG_HOME");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, progress_setup, progress_teardown)
		TEST(test_nothing_is_no_trouble),
		TEST(test_a_change_touches_one_line),
		TEST(test_another_copy_has_written),
		TEST(test_a_mistake_is_told_and_the_file_left_alone),
		TEST(test_what_is_no_file),
		TEST(test_a_full_disk_is_told_once),
		TEST(test_the_folder_of_the_variable),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
