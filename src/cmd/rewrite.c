#include "cmd/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/str.h"
#include "lesson/lesson.h"

int rt_rewrite_allowed(const char *path, struct rt_error *err)
{
	struct stat st;
	int sys = 0;

	if (stat(path, &st) < 0 || faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0)
		sys = errno;
	else if ((st.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
		sys = EACCES;
	if (sys == 0)
		return 0;
	rt_error_sys(err, RT_ERR_FAILED, sys, _("cannot change %.200s"), path);
	if (sys == EACCES)
		rt_error_fix(err, _("it is read-only: chmod u+w makes it yours to change"));
	return -1;
}

/* A file beside path that has no name a lesson could have. *name is the caller's. */
static int make_beside(const char *path, struct rt_str *name)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0;

	rt_str_addn(name, path, folder);
	rt_str_addf(name, ".%s.XXXXXX", path + folder);
	return mkostemp(name->s, O_CLOEXEC);
}

static int still_holds(const char *path, const char *before, size_t before_len,
		       struct rt_error *err)
{
	char *now;
	size_t len;
	bool same;

	if (rt_lesson_text(path, &now, &len, err) < 0)
		return -1;
	same = len == before_len && memcmp(now, before, len) == 0;
	free(now);
	if (same)
		return 0;
	rt_error_set(err, RT_ERR_FAILED, _("%.200s was changed meanwhile"), path);
	return rt_error_fix(err, _("nothing was written; run it again"));
}

static int replace(const char *path, const char *text, size_t len, struct rt_error *err)
{
	struct rt_str name = {0};
	struct stat st;
	int fd = make_beside(path, &name), result = -1;

	if (fd < 0) {
		rt_error_sys(err, RT_ERR_FAILED, errno, _("cannot write beside %.200s"), path);
		goto out;
	}
	if (stat(path, &st) < 0)
		goto fail;
	/* Who may write into a folder may own nothing in it: then the file changes its owner. */
	if (fchown(fd, st.st_uid, st.st_gid) < 0 && errno != EPERM)
		goto fail;
	if (fchmod(fd, st.st_mode & 07777) < 0 || rt_write_all(fd, text, len) < 0 || fsync(fd) < 0)
		goto fail;
	if (rename(name.s, path) < 0)
		goto fail;
	result = 0;
fail:
	if (result < 0) {
		rt_error_sys(err, RT_ERR_FAILED, errno, _("cannot write %.200s"), path);
		unlink(name.s);
	}
	close(fd);
out:
	rt_str_fini(&name);
	return result;
}

int rt_rewrite(const char *path, const char *before, size_t before_len, const char *text,
	       size_t len, struct rt_error *err)
{
	/* Of a symbolic link the target is replaced, not the link. */
	char *real = realpath(path, NULL);
	int result;

	if (!real)
		return rt_error_sys(err, RT_ERR_FAILED, errno, _("cannot write %.200s"), path);
	result = still_holds(real, before, before_len, err);
	if (result == 0)
		result = replace(real, text, len, err);
	free(real);
	return result;
}
