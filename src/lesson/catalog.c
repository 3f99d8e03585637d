#include "lesson/catalog.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/suggest.h"

/*
 * The order of the course: what a beginner needs first. Lessons that are not named here follow, by
 * title. It is a list of ids, because a lesson file must not need to know of the others.
 */
static const char *const course[] = {
	"one-port",   "per-ip",		  "wildcard",	 "time-wait",
	"live-child", "what-it-compares", "close-order", "inherited-fds",
	"five-tuple", "ephemeral-ports",  "reuseport",	 "accept-queue",
	"udp-theft",  "multicast",	  "dual-stack",	 "stale-data",
};

static size_t rank(const struct rt_lesson *lesson)
{
	size_t i = 0;

	while (i < RT_COUNT(course) && strcmp(course[i], lesson->id) != 0)
		i++;
	return i;
}

static int compare(const void *a, const void *b)
{
	const struct rt_lesson *left = *(struct rt_lesson *const *)a,
			       *right = *(struct rt_lesson *const *)b;
	size_t x = rank(left), y = rank(right);

	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(left->title, right->title);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* `lessons` beside the program itself, as in a build tree. NULL where there is none. */
static char *beside_program(void)
{
	char path[PATH_MAX], *slash;
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - sizeof("/lessons"));

	if (len <= 0)
		return NULL;
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	strcpy(slash, "/lessons");
	return is_dir(path) ? rt_strdup(path) : NULL;
}

static char *find_dir(void)
{
	const char *set = getenv("REUSE_TUTOR_LESSONS");
	char *found;

	if (set && set[0])
		return rt_strdup(set);
	found = beside_program();
	return found ? found : rt_strdup(PKGDATADIR "/lessons");
}

static int is_lesson(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 3 && strcmp(entry->d_name + len - 3, ".md") == 0;
}

/* What the name of a file says of its lesson. */
static struct rt_lesson *name_head(const char *path, const char *name)
{
	struct rt_lesson *head = rt_calloc(1, sizeof(*head));

	head->path = rt_strdup(path);
	head->id = rt_strndup(name, strlen(name) - strlen(".md"));
	head->title = rt_strdup("");
	head->question = rt_strdup("");
	head->belief = rt_strdup("");
	head->after = rt_strdup("");
	return head;
}

static void add_names(struct rt_catalog *catalog, struct dirent **entry, int n)
{
	catalog->head = rt_calloc((size_t)n, sizeof(catalog->head[0]));
	for (int i = 0; i < n; i++) {
		char path[PATH_MAX];

		if (snprintf(path, sizeof(path), "%s/%s", catalog->dir, entry[i]->d_name) <
		    (int)sizeof(path))
			catalog->head[catalog->n++] = name_head(path, entry[i]->d_name);
	}
	qsort(catalog->head, catalog->n, sizeof(catalog->head[0]), compare);
}

static struct rt_catalog *refuse(struct rt_catalog *catalog, struct rt_error *err)
{
	rt_error_set(err, RT_ERR_LESSON, _("no lessons found"));
	rt_error_why(err, _("%s holds none that can be read"), catalog->dir);
	rt_error_fix(err, "%s",
		     _("install reuse-tutor, or name the folder in REUSE_TUTOR_LESSONS"));
	rt_catalog_free(catalog);
	return NULL;
}

struct rt_catalog *rt_catalog_name(struct rt_error *err)
{
	struct rt_catalog *catalog = rt_calloc(1, sizeof(*catalog));
	struct dirent **entry = NULL;
	int n;

	catalog->dir = find_dir();
	n = scandir(catalog->dir, &entry, is_lesson, alphasort);
	if (n > 0)
		add_names(catalog, entry, n);
	for (int i = 0; i < n; i++)
		free(entry[i]);
	free(entry);
	return catalog->n > 0 ? catalog : refuse(catalog, err);
}

void rt_catalog_read(struct rt_catalog *catalog)
{
	size_t n = 0;

	if (catalog->is_read)
		return;
	for (size_t i = 0; i < catalog->n; i++) {
		struct rt_error ignored;
		struct rt_lesson *head = rt_lesson_load_head(catalog->head[i]->path, &ignored);

		rt_lesson_free(catalog->head[i]);
		if (head)
			catalog->head[n++] = head;
	}
	catalog->n = n;
	catalog->is_read = true;
	qsort(catalog->head, catalog->n, sizeof(catalog->head[0]), compare);
}

struct rt_catalog *rt_catalog_new(struct rt_error *err)
{
	struct rt_catalog *catalog = rt_catalog_name(err);

	if (!catalog)
		return NULL;
	rt_catalog_read(catalog);
	return catalog->n > 0 ? catalog : refuse(catalog, err);
}

void rt_catalog_free(struct rt_catalog *catalog)
{
	if (!catalog)
		return;
	for (size_t i = 0; i < catalog->n; i++)
		rt_lesson_free(catalog->head[i]);
	free(catalog->head);
	free(catalog->dir);
	free(catalog);
}

static int by_number(const struct rt_catalog *catalog, const char *name)
{
	char *end;
	long number = strtol(name, &end, 10);

	return *end == '\0' && number >= 1 && (size_t)number <= catalog->n ? (int)number - 1 : -1;
}

int rt_catalog_find(const struct rt_catalog *catalog, const char *name, struct rt_error *err)
{
	struct rt_suggest suggest;
	char *help;
	int index = name[0] && catalog->is_read ? by_number(catalog, name) : -1;

	for (size_t i = 0; index < 0 && i < catalog->n; i++)
		if (strcmp(catalog->head[i]->id, name) == 0)
			index = (int)i;
	if (index >= 0)
		return index;
	rt_suggest_init(&suggest, name, strlen(name));
	for (size_t i = 0; i < catalog->n; i++)
		rt_suggest_offer(&suggest, catalog->head[i]->id);
	rt_error_set(err, RT_ERR_USAGE, _("no lesson \"%.60s\""), name);
	help = rt_suggest_help(
		&suggest,
		strchr(name, '/') || strstr(name, ".md")
			? _("a lesson is taken by its id; REUSE_TUTOR_LESSONS names the folder")
			: _("`reuse-tutor list` names them all"));
	rt_error_fix(err, "%s", help);
	free(help);
	return -1;
}
