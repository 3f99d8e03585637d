#include "cmd/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "lesson/lex.h"

#define FORMAT "reuse-tutor stage 1\ntutor %d\ninit %d\nlesson %s\n"
#define FORMAT_READ "reuse-tutor stage 1 tutor %d init %d lesson %71s"

enum { PLACES = 3, FILE_BYTES_MAX = 512 };

/* --- the folders ------------------------------------------------------------------------------ */

/* Whether fd is a folder of this user that nobody else may change; with secret, nor look into. */
static bool is_own(int fd, bool secret)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & (secret ? 077 : 022)) == 0;
}

static int open_base(const char *path)
{
	int fd = path && path[0] == '/' ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0 && !is_own(fd, false)) {
		close(fd);
		return -1;
	}
	return fd;
}

/*
 * The folder of the place, or -1. In /tmp, where anybody can make one of this name, the owner and
 * the mode tell; a symbolic link is none.
 */
static int open_place(int place, bool create)
{
	char name[64] = "reuse-tutor", runtime[64];
	int base, fd = -1;

	snprintf(runtime, sizeof(runtime), "/run/user/%u", geteuid());
	if (place == 0)
		base = open_base(getenv("XDG_RUNTIME_DIR"));
	else if (place == 1)
		base = open_base(runtime);
	else
		base = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (base < 0)
		return -1;
	if (place == PLACES - 1)
		snprintf(name, sizeof(name), "reuse-tutor-%u", geteuid());
	if (!create || mkdirat(base, name, 0700) == 0 || errno == EEXIST)
		fd = openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	close(base);
	if (fd >= 0 && !is_own(fd, true)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* --- telling ---------------------------------------------------------------------------------- */

struct rt_publish {
	struct rt_world *world;
	int place; /* its folder, or -1 */
	int file;  /* the one whose lock is held, or -1 */
	char name[32], fresh[32];
};

static void take_away(struct rt_publish *publish)
{
	if (publish->file < 0)
		return;
	unlinkat(publish->place, publish->name, 0);
	close(publish->file);
	publish->file = -1;
}

static int write_fresh(struct rt_publish *publish, const char *text, size_t len)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd;

	unlinkat(publish->place, publish->fresh, 0);
	fd = openat(publish->place, publish->fresh, flags, 0600);
	if (fd < 0)
		return -1;
	/* Locked before anybody can see it: a file without a lock is one to remove. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && rt_write_all(fd, text, len) == 0 &&
	    renameat(publish->place, publish->fresh, publish->place, publish->name) == 0)
		return fd;
	unlinkat(publish->place, publish->fresh, 0);
	close(fd);
	return -1;
}

static void on_staged(void *ctx, int pid)
{
	struct rt_publish *publish = ctx;
	const char *lesson = publish->world->lesson;
	struct rt_str text = {0};
	int fd;

	if (pid <= 0) {
		take_away(publish);
		return;
	}
	rt_str_addf(&text, FORMAT, (int)getpid(), pid, lesson[0] ? lesson : "-");
	fd = write_fresh(publish, text.s, text.len);
	rt_str_fini(&text);
	if (fd < 0) {
		take_away(publish);
		return;
	}
	if (publish->file >= 0)
		close(publish->file);
	publish->file = fd;
}

struct rt_publish *rt_publish_new(struct rt_world *world)
{
	struct rt_publish *publish = rt_calloc(1, sizeof(*publish));

	publish->world = world;
	publish->place = publish->file = -1;
	snprintf(publish->name, sizeof(publish->name), "stage.%d", (int)getpid());
	snprintf(publish->fresh, sizeof(publish->fresh), ".stage.%d", (int)getpid());
	for (int place = 0; publish->place < 0 && place < PLACES; place++)
		publish->place = open_place(place, true);
	if (publish->place >= 0) {
		world->staged = on_staged;
		world->staged_ctx = publish;
		on_staged(publish, world->ops->pid(world->self));
	}
	return publish;
}

void rt_publish_free(struct rt_publish *publish)
{
	if (!publish)
		return;
	publish->world->staged = NULL;
	take_away(publish);
	if (publish->place >= 0)
		close(publish->place);
	free(publish);
}

/* --- finding ---------------------------------------------------------------------------------- */

/* Removes the file of a tutor that is gone, unless another has just taken its name. */
static void remove_stale(int place, const char *name, const struct stat *st)
{
	struct stat now;

	if (fstatat(place, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_dev == st->st_dev &&
	    now.st_ino == st->st_ino)
		unlinkat(place, name, 0);
}

/* Reads the file of a tutor that lives. False where there is none of it. */
static bool read_published(int place, const char *name, struct rt_published *published)
{
	int fd = openat(place, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[FILE_BYTES_MAX], lesson[sizeof(published->lesson)], *harmless;
	struct stat st;
	ssize_t len = -1;
	int got = 0;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid()) {
		if (flock(fd, LOCK_SH | LOCK_NB) == 0)
			remove_stale(place, name, &st);
		else if (errno == EWOULDBLOCK)
			len = read(fd, text, sizeof(text) - 1);
	}
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	memset(published, 0, sizeof(*published));
	got = sscanf(text, FORMAT_READ, &published->tutor, &published->init, lesson);
	if (got != 3 || published->tutor <= 0 || published->init <= 0)
		return false;
	harmless = rt_text_harmless(lesson, strlen(lesson));
	if (strcmp(harmless, "-") != 0)
		snprintf(published->lesson, sizeof(published->lesson), "%s", harmless);
	free(harmless);
	published->built_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct rt_published *left = a, *right = b;

	return left->built_ns > right->built_ns ? -1 : left->built_ns < right->built_ns;
}

/* Adds all that is told in a folder, and closes it. */
static void read_place(int place, struct rt_published **list, size_t *n, size_t *cap)
{
	struct rt_published published;
	DIR *dir = fdopendir(place);
	struct dirent *entry;

	if (!dir) {
		close(place);
		return;
	}
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, "stage.", strlen("stage.")) != 0 ||
		    !read_published(place, entry->d_name, &published))
			continue;
		RT_GROW(*list, *n, *cap);
		(*list)[(*n)++] = published;
	}
	closedir(dir);
}

size_t rt_publish_find(struct rt_published **list)
{
	size_t n = 0, cap = 0;

	*list = NULL;
	for (int place = 0; place < PLACES; place++) {
		int fd = open_place(place, place == 0);

		if (fd < 0)
			continue;
		read_place(fd, list, &n, &cap);
		/* Whoever has this one uses no other. */
		if (place == 0)
			break;
	}
	if (n > 0)
		qsort(*list, n, sizeof(**list), newest_first);
	return n;
}
