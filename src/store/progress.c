#include "store/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/file.h"
#include "store/progress_private.h"

enum { LOCK_PATIENCE_MS = 2000, SAME_SECOND_MAX = 100 };

static const char file_name[] = "progress.json";

/* What is in the file. */
enum contents { NO_FILE, A_LEDGER, DAMAGED, NEWER, UNREADABLE };

static int64_t wall_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- telling ---------------------------------------------------------------------------------- */

static void tell(struct rt_progress *progress, const struct rt_error *err)
{
	char text[1280];

	if (progress->news.len)
		rt_str_addc(&progress->news, '\n');
	rt_str_add(&progress->news, rt_error_format(err, text, sizeof(text)));
}

/* Each trouble once: its cause tells whether it is the same. Returns -1. */
static int fail(struct rt_progress *progress, const struct rt_error *trouble, struct rt_error *err)
{
	if (strcmp(progress->trouble.why, trouble->why) != 0)
		tell(progress, trouble);
	progress->trouble = *trouble;
	if (err)
		*err = *trouble;
	return -1;
}

static int fail_sys(struct rt_progress *progress, int sys, const char *what, struct rt_error *err)
{
	struct rt_error trouble;

	rt_error_set(&trouble, RT_ERR_FAILED, "%s", what);
	trouble.sys = sys;
	if (sys == EWOULDBLOCK)
		rt_error_why(&trouble, _("another reuse-tutor holds the lock %.180s.lock"),
			     progress->shown);
	else
		rt_error_why(&trouble, "%s (%s): %.180s", rt_errno_name(sys), strerror(sys),
			     progress->shown);
	rt_error_fix(&trouble, "%s", _("the lessons go on, and nothing is kept"));
	return fail(progress, &trouble, err);
}

const char *rt_progress_message(struct rt_progress *progress)
{
	rt_str_fini(&progress->told);
	progress->told = progress->news;
	progress->news = (struct rt_str){0};
	return progress->told.len ? progress->told.s : NULL;
}

int rt_progress_trouble(const struct rt_progress *progress, struct rt_error *err)
{
	if (progress->trouble.kind == RT_ERR_NONE)
		return 0;
	*err = progress->trouble;
	return -1;
}

/* --- the file --------------------------------------------------------------------------------- */

/* Reads it into an empty ledger. why: of DAMAGED and NEWER; errno is set for UNREADABLE. */
static enum contents read_contents(int dir, struct rt_ledger *ledger, char *why, size_t size)
{
	static const enum contents meaning[] = {[RT_LEDGER_READ] = A_LEDGER,
						[RT_LEDGER_DAMAGED] = DAMAGED,
						[RT_LEDGER_NEWER] = NEWER};
	struct rt_str text = {0};
	enum contents contents;

	if (rt_file_read(dir, file_name, RT_PROGRESS_BYTES, &text) == 0) {
		contents =
			meaning[rt_ledger_parse(rt_str_text(&text), text.len, ledger, why, size)];
		if (contents != A_LEDGER)
			rt_ledger_fini(ledger);
		if (contents == NEWER)
			snprintf(why, size, "%s", _("a newer version of reuse-tutor wrote it"));
	} else if (errno == EFBIG) {
		snprintf(why, size, _("it has more than %d bytes"), RT_PROGRESS_BYTES);
		contents = DAMAGED;
	} else {
		contents = errno == ENOENT ? NO_FILE : UNREADABLE;
	}
	rt_str_fini(&text);
	return contents;
}

/* Why a file is of no use here, and is set aside: both kinds are kept, and never written over. */
struct aside {
	const char *word; /* of the name that it gets */
	const char *news, *cannot;
};

static const struct aside damaged = {
	"damaged",
	N_("your progress was damaged and begins anew"),
	N_("your progress is damaged and cannot be set aside"),
};
static const struct aside newer = {
	"newer",
	N_("your progress begins anew in this version"),
	N_("your progress is that of a newer version and cannot be set aside"),
};

static const struct aside *aside_of(enum contents contents)
{
	return contents == DAMAGED ? &damaged : contents == NEWER ? &newer : NULL;
}

/*
 * Gives it a name that is free: "progress.json.damaged-20261122-183005", or with -2 and so on
 * behind.
 */
static int rename_aside(const struct rt_progress *progress, int dir, const struct aside *aside,
			struct rt_str *name)
{
	time_t now = (time_t)(progress->clock() / 1000);
	char date[32] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(date, sizeof(date), "%Y%m%d-%H%M%S", &tm);
	for (int i = 1; i <= SAME_SECOND_MAX; i++) {
		rt_str_clear(name);
		rt_str_addf(name, "%s.%s-%s", file_name, aside->word, date);
		if (i > 1)
			rt_str_addf(name, "-%d", i);
		/* Nobody else takes the name: the lock is held. */
		if (faccessat(dir, name->s, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return errno == ENOENT ? renameat(dir, file_name, dir, name->s) : -1;
	}
	errno = EEXIST;
	return -1;
}

/* The lock is held. */
static int set_aside(struct rt_progress *progress, int dir, const struct aside *aside,
		     const char *why, struct rt_error *err)
{
	struct rt_error news;
	struct rt_str name = {0};
	int status = rename_aside(progress, dir, aside, &name), sys = errno;

	if (status == 0) {
		rt_error_set(&news, RT_ERR_FAILED, "%s", _(aside->news));
		rt_error_why(&news, "%s", why);
		rt_error_fix(&news, _("the file is kept as %.300s%s"), progress->shown,
			     name.s + strlen(file_name));
		tell(progress, &news);
	} else {
		status = fail_sys(progress, sys, _(aside->cannot), err);
	}
	rt_str_fini(&name);
	return status;
}

/* A file of no use was seen: looks again under the lock, as another copy may have set it aside. */
static void mend(struct rt_progress *progress, int dir, const struct aside *aside)
{
	char why[200];
	int lock = rt_file_lock(dir, file_name, LOCK_PATIENCE_MS);

	if (lock < 0) {
		fail_sys(progress, errno, _(aside->cannot), NULL);
		return;
	}
	aside = aside_of(read_contents(dir, &progress->ledger, why, sizeof(why)));
	if (aside)
		set_aside(progress, dir, aside, why, NULL);
	close(lock);
}

static void load(struct rt_progress *progress)
{
	enum contents contents;
	char why[200];
	int dir = rt_folder_open(&progress->folder, false);

	if (dir < 0) {
		if (errno != ENOENT)
			fail_sys(progress, errno, _("your progress cannot be read"), NULL);
		return;
	}
	contents = read_contents(dir, &progress->ledger, why, sizeof(why));
	if (contents == UNREADABLE)
		fail_sys(progress, errno, _("your progress cannot be read"), NULL);
	else if (aside_of(contents))
		mend(progress, dir, aside_of(contents));
	close(dir);
}

static char *harmless(const char *text)
{
	size_t size = strlen(text) * 3 + 1; /* a byte may become U+FFFD */
	char *shown = rt_calloc(1, size);

	rt_ledger_copy(shown, size, text);
	return shown;
}

struct rt_progress *rt_progress_open(rt_progress_clock_fn *clock)
{
	struct rt_progress *progress = rt_calloc(1, sizeof(*progress));
	struct rt_str path = {0};

	progress->clock = clock ? clock : wall_clock;
	if (rt_folder_find(&progress->folder, RT_FOLDER_STATE, &progress->no_folder) < 0) {
		progress->path = rt_strdup("");
		progress->shown = rt_strdup("");
		fail(progress, &progress->no_folder, NULL);
		return progress;
	}
	rt_str_addf(&path, "%s/%s", progress->folder.path, file_name);
	progress->path = rt_str_take(&path);
	progress->shown = harmless(progress->path);
	load(progress);
	return progress;
}

void rt_progress_free(struct rt_progress *progress)
{
	if (!progress)
		return;
	rt_ledger_fini(&progress->ledger);
	rt_folder_fini(&progress->folder);
	rt_str_fini(&progress->news);
	rt_str_fini(&progress->told);
	free(progress->path);
	free(progress->shown);
	free(progress);
}

/* --- saving ----------------------------------------------------------------------------------- */

static int write_ledger(struct rt_progress *progress, int dir, const struct rt_ledger *ledger,
			struct rt_error *err)
{
	struct rt_str text = {0};
	int status, sys;

	rt_ledger_write(ledger, &text);
	errno = EFBIG;
	status = text.len > RT_PROGRESS_BYTES ? -1
					      : rt_file_replace(dir, file_name, text.s, text.len);
	sys = errno;
	rt_str_fini(&text);
	return status == 0 ? 0 : fail_sys(progress, sys, _("your progress cannot be saved"), err);
}

/* The lock is held from here on. */
static int merge_and_write(struct rt_progress *progress, int dir, struct rt_error *err)
{
	struct rt_ledger merged = {0};
	char why[200];
	enum contents contents = read_contents(dir, &merged, why, sizeof(why));
	const struct aside *aside = aside_of(contents);
	int status = 0;

	if (contents == UNREADABLE)
		status = fail_sys(progress, errno, _("your progress cannot be saved"), err);
	else if (aside)
		status = set_aside(progress, dir, aside, why, err);
	if (status == 0) {
		rt_ledger_merge(&merged, &progress->ledger, aside != NULL);
		status = write_ledger(progress, dir, &merged, err);
	}
	if (status == 0) {
		rt_ledger_fini(&progress->ledger);
		progress->ledger = merged;
		progress->trouble = (struct rt_error){0};
	} else {
		rt_ledger_fini(&merged);
	}
	return status;
}

int rt_progress_save(struct rt_progress *progress, struct rt_error *err)
{
	int dir, lock = -1, status = -1;

	if (!rt_ledger_is_changed(&progress->ledger))
		return 0;
	if (!progress->path[0])
		return fail(progress, &progress->no_folder, err);
	dir = rt_folder_open(&progress->folder, true);
	if (dir >= 0)
		lock = rt_file_lock(dir, file_name, LOCK_PATIENCE_MS);
	if (lock >= 0)
		status = merge_and_write(progress, dir, err);
	else
		fail_sys(progress, errno, _("your progress cannot be saved"), err);
	if (lock >= 0)
		close(lock);
	if (dir >= 0)
		close(dir);
	return status;
}
