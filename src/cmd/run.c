/* run LESSON[:STEP], and the program without a command: on the screen, or as plain text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/keep.h"
#include "cmd/publish.h"
#include "cmd/run.h"
#include "cmd/run_plain.h"
#include "cmd/shell.h"
#include "lesson/catalog.h"
#include "lesson/suggest.h"
#include "ui/ui.h"

/*
 * What the screen stands on. It is made first: the stage rises while the locale and the lesson are
 * read.
 */
struct ground {
	struct rt_loop *loop;
	struct rt_world *world;
};

static struct ground lay_ground(void)
{
	struct rt_loop *loop = rt_loop_new();
	struct ground ground = {loop, rt_world_live_new(loop)};

	rt_world_live_prepare(ground.world);
	return ground;
}

static void clear_ground(struct ground *ground)
{
	rt_world_free(ground->world);
	rt_loop_free(ground->loop);
}

/* What is known of the stage once it stands, or does not. */
struct footing {
	struct rt_world *world;
	struct rt_publish *publish;
	struct rt_error trouble;
	char text[1280];
};

static const char *raise_stage(void *ctx)
{
	struct footing *footing = ctx;

	if (footing->world->ops->fresh(footing->world->self, &footing->trouble) < 0)
		return rt_error_format(&footing->trouble, footing->text, sizeof(footing->text));
	return NULL;
}

static void publish_stage(void *ctx)
{
	struct footing *footing = ctx;

	if (footing->trouble.kind == RT_ERR_NONE)
		footing->publish = rt_publish_new(footing->world);
}

/*
 * Runs the screen; where no stage can be built it says so there, and at the end once more with exit
 * status 3. The lesson of ui is taken.
 */
static int run_screen(struct ground *ground, struct rt_catalog *catalog, struct rt_ui_options ui,
		      const struct rt_options *options, struct rt_error *err)
{
	struct rt_keep *keep = rt_keep_new(catalog);
	const char *theme = options->theme ? options->theme : rt_keep_theme(keep);
	const struct rt_term_options term = {.color = options->color,
					     .ascii = options->ascii || !rt_i18n_is_utf8(),
					     .theme = rt_theme_find(theme)};
	struct rt_ui *screen = rt_ui_new(ground->loop, &term, err);
	struct rt_ui_keeper keeper = rt_keep_for_ui(keep);
	struct footing footing = {.world = ground->world};
	int status = -1;

	if (!screen) {
		rt_lesson_free(ui.lesson);
		rt_draft_free(ui.draft);
		goto out;
	}
	ui.keeper = &keeper;
	ui.raise = raise_stage;
	ui.stands = publish_stage;
	ui.stage_ctx = &footing;
	ui.shell = rt_shell_of_world;
	ui.shell_ctx = ground->world;
	status = rt_ui_run(screen, ground->world, catalog, &ui);
	rt_ui_free(screen);
	rt_keep_print_troubles(keep);
	rt_publish_free(footing.publish);
out:
	rt_keep_free(keep);
	if (status < 0)
		return rt_error_status(err);
	if (status == 0 && footing.trouble.kind != RT_ERR_NONE) {
		*err = footing.trouble;
		return rt_error_status(err);
	}
	return status;
}

int rt_run_screen(struct rt_catalog *catalog, struct rt_ui_options ui,
		  const struct rt_options *options, struct rt_error *err)
{
	struct ground ground = lay_ground();
	int status = run_screen(&ground, catalog, ui, options, err);

	clear_ground(&ground);
	return status;
}

int rt_cmd_contents(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_ui_options ui = {0};
	struct rt_catalog *catalog;
	int status;

	if (options->plain) {
		puts(_("These are the lessons. `reuse-tutor run LESSON --plain` takes one.\n"));
		return rt_cmd_list(argc, argv, options, err);
	}
	catalog = rt_catalog_new(err);
	if (!catalog)
		return rt_error_status(err);
	status = rt_run_screen(catalog, ui, options, err);
	rt_catalog_free(catalog);
	return status;
}

/* The lesson of that name, whole. */
static struct rt_lesson *load(struct rt_catalog *catalog, const char *name, struct rt_error *err)
{
	struct rt_mistakes mistakes = {0};
	struct rt_str text = {0};
	struct rt_lesson *lesson;
	int index = rt_catalog_find(catalog, name, err);

	if (index < 0 && !catalog->is_read) {
		/* It may be a number; and whoever mistyped a name is told one that can be read. */
		rt_catalog_read(catalog);
		index = rt_catalog_find(catalog, name, err);
	}
	if (index < 0)
		return NULL;
	lesson = rt_lesson_load(catalog->head[index]->path, &mistakes, err);
	rt_mistakes_format(&mistakes, catalog->head[index]->path, &text);
	fputs(rt_str_text(&text), stderr);
	rt_str_fini(&text);
	rt_mistakes_fini(&mistakes);
	return lesson;
}

static int find_step(const struct rt_lesson *lesson, const char *step, struct rt_error *err)
{
	struct rt_suggest suggest;
	char *help;
	int index = step ? rt_lesson_find_step(lesson, step) : 0;

	if (index >= 0)
		return index;
	rt_suggest_init(&suggest, step, strlen(step));
	for (size_t i = 0; i < lesson->n_steps; i++)
		rt_suggest_offer(&suggest, lesson->step[i].id);
	help = rt_suggest_help(&suggest, _("`reuse-tutor list --json` names the steps"));
	rt_error_set(err, RT_ERR_USAGE, _("lesson %s has no step \"%.60s\""), lesson->id, step);
	rt_error_fix(err, "%s", help);
	free(help);
	return -1;
}

static int run_named(struct ground *ground, struct rt_catalog *catalog, const char *name,
		     const char *step, const struct rt_options *options, struct rt_error *err)
{
	struct rt_lesson *lesson = load(catalog, name, err);
	int index = lesson ? find_step(lesson, step, err) : -1;
	struct rt_ui_options ui = {.lesson = lesson, .step = (size_t)index, .resume = !step};

	if (index < 0) {
		rt_lesson_free(lesson);
		return rt_error_status(err);
	}
	if (options->plain)
		return rt_run_plain(lesson, (size_t)index, !step, options, err);
	return run_screen(ground, catalog, ui, options, err);
}

static int run(const char *name, const char *step, const struct rt_options *options,
	       struct rt_error *err)
{
	struct ground ground = {0};
	struct rt_catalog *catalog;
	int status;

	if (!options->plain)
		ground = lay_ground();
	rt_i18n_begin();
	catalog = rt_catalog_name(err);
	status = catalog ? run_named(&ground, catalog, name, step, options, err)
			 : rt_error_status(err);
	rt_catalog_free(catalog);
	if (!options->plain)
		clear_ground(&ground);
	return status;
}

int rt_cmd_run(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	char *name, *colon;
	int status;

	if (argc != 1) {
		rt_error_set(err, RT_ERR_USAGE,
			     argc ? _("run takes one lesson") : _("run which lesson?"));
		rt_error_fix(err, "%s",
			     _("for example: reuse-tutor run time-wait; `reuse-tutor list` names "
			       "them all"));
		return RT_ERR_USAGE;
	}
	name = rt_strdup(argv[0]);
	colon = strchr(name, ':');
	if (colon)
		*colon = '\0';
	status = run(name, colon && colon[1] ? colon + 1 : NULL, options, err);
	free(name);
	return status;
}
