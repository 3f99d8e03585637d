/* A folder of its own for the progress of a test, and a clock that the test sets. */
#ifndef RT_TESTS_PROGRESS_FIXTURE_H
#define RT_TESTS_PROGRESS_FIXTURE_H

#include "base/str.h"
#include "store/progress.h"

struct progress_fixture {
	char home[64];	/* XDG_STATE_HOME is its "state" */
	char dir[96];	/* where the files are */
	char path[128]; /* progress.json */
};

/*
 * For cmocka: *state becomes the fixture, the folder is removed afterwards. The clock stands at
 * 1000000.
 */
int progress_setup(void **state);
int progress_teardown(void **state);

/* The clock of the copies that are opened here. */
void progress_clock(int64_t ms);
struct rt_progress *progress_open(void);

/* Opened and nothing to tell. */
struct rt_progress *progress_open_quietly(void);

/* A place in a lesson with the hash 1. */
void progress_place(struct rt_progress *progress, const char *lesson, const char *step,
		    size_t number, bool done);

/* Fails where it cannot be saved. */
void progress_save(struct rt_progress *progress);

/* The answer kept of a lesson, "" where there is none. */
const char *progress_answer_of(const struct rt_progress *progress, const char *lesson,
			       const char *label);

/* A file of the fixture's folder, whole; and making one. */
void progress_read(const char *path, struct rt_str *text);
void progress_write(const struct progress_fixture *f, const char *text, size_t len);

/* How many files of the folder begin with prefix; the path of the last of them in found. */
size_t progress_files(const struct progress_fixture *f, const char *prefix, char found[512]);

#endif
