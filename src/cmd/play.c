/* play [LESSON|FILE]: the playground, on the screen or as plain text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/play_plain.h"
#include "cmd/run.h"
#include "lesson/catalog.h"
#include "lesson/draft_file.h"

/* The file that is meant: what is a lesson's id is that lesson, else it is a path. */
static char *find_file(const char *name, struct rt_error *err)
{
	struct rt_catalog *catalog;
	char *path = NULL;
	int index;

	if (!rt_lesson_is_id(name) || access(name, R_OK) == 0)
		return rt_strdup(name);
	catalog = rt_catalog_name(err);
	if (!catalog)
		return NULL;
	index = rt_catalog_find(catalog, name, err);
	if (index < 0) {
		/* Whoever mistyped a name is told one that can be read. */
		rt_catalog_read(catalog);
		index = rt_catalog_find(catalog, name, err);
	}
	if (index >= 0)
		path = rt_strdup(catalog->head[index]->path);
	rt_catalog_free(catalog);
	return path;
}

static int load(struct rt_draft *draft, const char *name, struct rt_error *err)
{
	struct rt_mistakes mistakes = {0};
	struct rt_str text = {0};
	char *path = find_file(name, err);
	int result = path ? rt_draft_load(draft, path, &mistakes, err) : -1;

	if (path)
		rt_mistakes_format(&mistakes, path, &text);
	fputs(rt_str_text(&text), stderr);
	rt_str_fini(&text);
	rt_mistakes_fini(&mistakes);
	free(path);
	return result;
}

/* The draft is taken. */
static int play_screen(struct rt_draft *draft, const struct rt_options *options,
		       struct rt_error *err)
{
	struct rt_catalog *catalog = rt_catalog_name(err);
	int status;

	if (!catalog) {
		rt_draft_free(draft);
		return rt_error_status(err);
	}
	status = rt_run_screen(catalog, (struct rt_ui_options){.draft = draft}, options, err);
	rt_catalog_free(catalog);
	return status;
}

int rt_cmd_play(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_draft *draft;
	int status;

	if (argc > 1) {
		rt_error_set(err, RT_ERR_USAGE, _("play takes one lesson or file"));
		rt_error_fix(err, "%s", _("for example: reuse-tutor play time-wait"));
		return RT_ERR_USAGE;
	}
	draft = rt_draft_new(_("Playground"));
	if (argc == 1 && load(draft, argv[0], err) < 0)
		status = rt_error_status(err);
	else if (options->plain)
		status = rt_play_plain(draft, err);
	else
		return play_screen(draft, options, err);
	rt_draft_free(draft);
	return status;
}
