#include "progress_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

static int64_t now_ms;

static int64_t clock_of_test(void)
{
	return now_ms;
}

void progress_clock(int64_t ms)
{
	now_ms = ms;
}

int progress_setup(void **state)
{
	struct progress_fixture *f = rt_calloc(1, sizeof(*f));
	char root[96];

	strcpy(f->home, "/tmp/rt-progress.XXXXXX");
	assert_non_null(mkdtemp(f->home));
	snprintf(root, sizeof(root), "%s/state", f->home);
	snprintf(f->dir, sizeof(f->dir), "%s/state/reuse-tutor", f->home);
	snprintf(f->path, sizeof(f->path), "%s/progress.json", f->dir);
	setenv("XDG_STATE_HOME", root, 1);
	setenv("HOME", f->home, 1);
	progress_clock(1000000);
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int open_up(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)at;
	return kind == FTW_D || kind == FTW_DNR ? chmod(path, 0700) : 0;
}

int progress_teardown(void **state)
{
	struct progress_fixture *f = *state;

	nftw(f->home, open_up, 8, FTW_PHYS);
	assert_int_equal(nftw(f->home, remove_one, 8, FTW_PHYS | FTW_DEPTH), 0);
	free(f);
	return 0;
}

struct rt_progress *progress_open(void)
{
	return rt_progress_open(clock_of_test);
}

struct rt_progress *progress_open_quietly(void)
{
	struct rt_progress *progress = progress_open();
	const char *message = rt_progress_message(progress);

	if (message)
		fail_msg("%s", message);
	return progress;
}

void progress_place(struct rt_progress *progress, const char *lesson, const char *step,
		    size_t number, bool done)
{
	struct rt_progress_place place = {.number = number, .steps = 9, .calls = 2, .hash = 1};

	snprintf(place.step, sizeof(place.step), "%s", step);
	rt_progress_set_place(progress, lesson, &place, done);
}

void progress_save(struct rt_progress *progress)
{
	struct rt_error err = {0};
	char text[1280];

	if (rt_progress_save(progress, &err) < 0)
		fail_msg("%s", rt_error_format(&err, text, sizeof(text)));
}

const char *progress_answer_of(const struct rt_progress *progress, const char *lesson,
			       const char *label)
{
	const struct rt_progress_lesson *known = rt_progress_lesson(progress, lesson);
	const struct rt_progress_answer *answer = known ? rt_progress_answer(known, label) : NULL;

	return answer ? answer->answer : "";
}

void progress_read(const char *path, struct rt_str *text)
{
	char chunk[4096];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail_msg("cannot open %s", path);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		rt_str_addn(text, chunk, (size_t)n);
	close(fd);
}

void progress_write(const struct progress_fixture *f, const char *text, size_t len)
{
	char root[96];
	int fd;

	snprintf(root, sizeof(root), "%s/state", f->home);
	mkdir(root, 0700);
	mkdir(f->dir, 0700);
	fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
}

size_t progress_files(const struct progress_fixture *f, const char *prefix, char found[512])
{
	DIR *dir = opendir(f->dir);
	struct dirent *entry;
	size_t n = 0;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		n++;
		snprintf(found, 512, "%s/%s", f->dir, entry->d_name);
	}
	if (dir)
		closedir(dir);
	return n;
}
