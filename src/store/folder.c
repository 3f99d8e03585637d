#include "store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/account.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

static const char *absolute(const char *path)
{
	return path && path[0] == '/' ? path : NULL;
}

static const char *home(void)
{
	const char *path = absolute(getenv("HOME"));
	const struct passwd *user;

	if (path)
		return path;
	user = rt_account(geteuid());
	return user ? absolute(user->pw_dir) : NULL;
}

static const struct {
	const char *variable, *below_home, *trouble;
} places[] = {
	[RT_FOLDER_STATE] = {"XDG_STATE_HOME", ".local/state", N_("your progress cannot be saved")},
	[RT_FOLDER_CONFIG] = {"XDG_CONFIG_HOME", ".config", N_("your settings cannot be saved")},
};

int rt_folder_find(struct rt_folder *folder, enum rt_folder_of of, struct rt_error *err)
{
	const char *state = absolute(getenv(places[of].variable)), *base = state ? "/" : home();
	struct rt_str rest = {0}, path = {0};

	memset(folder, 0, sizeof(*folder));
	if (!base) {
		rt_error_set(err, RT_ERR_FAILED, "%s", _(places[of].trouble));
		rt_error_why(err, "%s", _("there is no home folder to save it in"));
		return rt_error_fix(err, _("set HOME or %s to a folder"), places[of].variable);
	}
	rt_str_add(&rest, state ? state + strspn(state, "/") : places[of].below_home);
	while (rest.len > 0 && rest.s[rest.len - 1] == '/')
		rest.s[--rest.len] = '\0';
	rt_str_add(&rest, rest.len ? "/reuse-tutor" : "reuse-tutor");
	rt_str_addf(&path, "%s%s%s", base, base[strlen(base) - 1] == '/' ? "" : "/",
		    rt_str_text(&rest));
	folder->base = rt_strdup(base);
	folder->rest = rt_str_take(&rest);
	folder->path = rt_str_take(&path);
	return 0;
}

void rt_folder_fini(struct rt_folder *folder)
{
	free(folder->base);
	free(folder->rest);
	free(folder->path);
	memset(folder, 0, sizeof(*folder));
}

int rt_folder_give(int parent, int fd)
{
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (fstat(parent, &st) < 0)
		return -1;
	return st.st_uid == 0 ? 0 : fchown(fd, st.st_uid, st.st_gid);
}

/* The folder `name` in parent. One that was made but could not be given away does not stay. */
static int enter(int parent, const char *name, bool create)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), sys;

	if (fd >= 0 || errno != ENOENT || !create)
		return fd;
	if (mkdirat(parent, name, 0700) < 0 && errno != EEXIST)
		return -1;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || rt_folder_give(parent, fd) == 0)
		return fd;
	sys = errno;
	unlinkat(parent, name, AT_REMOVEDIR);
	close(fd);
	errno = sys;
	return -1;
}

int rt_folder_open(const struct rt_folder *folder, bool create)
{
	char *rest = rt_strdup(folder->rest), *more = NULL;
	int fd = open(folder->base, O_RDONLY | O_DIRECTORY | O_CLOEXEC), next, sys;

	for (char *name = strtok_r(rest, "/", &more); name && fd >= 0;
	     name = strtok_r(NULL, "/", &more)) {
		next = enter(fd, name, create);
		sys = errno;
		close(fd);
		errno = sys;
		fd = next;
	}
	sys = errno;
	free(rest);
	errno = sys;
	return fd;
}
