/* check [LESSON|PAGE|FILE ...]: holds lessons and pages against this kernel, all of them where none is named. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/check.h"
#include "cmd/cmd.h"
#include "lesson/lex.h"
#include "lesson/page_check.h"
#include "lesson/variant.h"
#include "report/check.h"

enum { NOTHING_RAN = 77 }; /* what Automake calls skipped */

struct tally {
	size_t lessons, failed, skipped, unreadable;
	size_t lines; /* that were skipped in lessons that were not */
};

/* A name with a slash or .md is a file; everything else a lesson of the catalog. */
static bool is_file(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') || (len > 3 && strcmp(name + len - 3, ".md") == 0);
}

/*
 * Where the minutes of the front matter are not about those that it takes, or these are more than
 * anybody learns at one go, a sentence in *out.
 */
static void warn_of_minutes(const struct rt_lesson *lesson, struct rt_str *out)
{
	enum { LONGEST_S = 15 * 60 };
	int seconds = rt_lesson_seconds(lesson), minutes = (seconds + 30) / 60;

	if (minutes < 1)
		minutes = 1;
	/* A factor of 1.5 either way. */
	if (lesson->minutes * 2 > minutes * 3 || minutes * 2 > lesson->minutes * 3)
		rt_str_addf(out, _("the front matter says minutes: %d, and it takes about %d"),
			    lesson->minutes, minutes);
	else if (seconds > LONGEST_S)
		rt_str_addf(out, _("it takes %d:%02d minutes, and a lesson at most %d"),
			    seconds / 60, seconds % 60, LONGEST_S / 60);
}

/* Runs the lesson, and where a size is given goes through it on such a screen. */
static int run(struct rt_world *world, const struct rt_lesson *lesson,
	       const struct rt_options *options, struct rt_checks *checks, struct rt_error *err)
{
	unsigned how = (options->real_waits ? RT_CHECK_WAITS : 0U) |
		       (options->no_predict ? 0U : RT_CHECK_FORESEE);
	struct rt_size size;

	if (rt_check_run(world, lesson, how, checks, err) < 0)
		return -1;
	if (!options->size || rt_check_size_parse(options->size, &size, err) < 0)
		return 0;
	return rt_check_size(world, lesson, size, checks, err);
}

static struct rt_lesson *load(const char *path, const char *variant, struct rt_mistakes *mistakes,
			      struct rt_error *err)
{
	if (!variant)
		return rt_lesson_load(path, mistakes, err);
	return rt_variant_load(path, strtoull(variant, NULL, 10), mistakes, err);
}

/* Why nothing of a lesson was run, the first reason; NULL where something was. */
static const char *all_skipped(const struct rt_checks *checks)
{
	return checks->n > 0 && checks->skipped == checks->n ? checks->check[0].skipped : NULL;
}

static void check_one(struct rt_world *world, const struct rt_catalog *catalog, const char *name,
		      const char *path, const struct rt_options *options,
		      const struct rt_check_report *report, struct tally *tally)
{
	char *shown = rt_text_harmless(name, strlen(name));
	char *place = rt_text_harmless(path, strlen(path));
	struct rt_checked checked = {.name = shown, .path = place};
	struct rt_mistakes mistakes = {0};
	struct rt_checks checks = {0};
	struct rt_error err = {0};
	struct rt_str text = {0}, warning = {0};
	char why[1024];
	bool is_page = rt_page_is_path(path);
	struct rt_page *page = is_page ? rt_page_load(path, &mistakes, &err) : NULL;
	struct rt_lesson *lesson = is_page ? NULL : load(path, options->variant, &mistakes, &err);

	checked.id = page ? page->id : lesson ? lesson->id : NULL;
	if (!lesson && !page) {
		rt_mistakes_format(&mistakes, path, &text);
		if (mistakes.n == 0)
			rt_str_addf(&text, "%s\n", rt_error_format(&err, why, sizeof(why)));
		checked.mistakes = rt_str_text(&text);
		tally->failed++;
		tally->unreadable++;
	} else if ((page ? rt_page_check(world, page, catalog, &checks, &err)
			 : run(world, lesson, options, &checks, &err)) < 0) {
		checked.skipped = rt_error_format(&err, why, sizeof(why));
		tally->skipped++;
	} else {
		checked.checks = &checks;
		if (lesson)
			warn_of_minutes(lesson, &warning);
		checked.warning = warning.s;
		checked.skipped = all_skipped(&checks);
		tally->failed += checks.failed > 0;
		tally->skipped += checked.skipped != NULL;
		tally->lines += checked.skipped ? 0 : checks.skipped;
	}
	report->lesson(stdout, &checked, tally->lessons++);
	fflush(stdout);
	rt_checks_fini(&checks);
	rt_mistakes_fini(&mistakes);
	rt_str_fini(&text);
	rt_str_fini(&warning);
	rt_lesson_free(lesson);
	rt_page_free(page);
	free(shown);
	free(place);
}

/*
 * The paths of what is to be checked: argv, or the whole catalog. NULL with err where a name is
 * unknown.
 */
static char **find_paths(int argc, char **argv, const struct rt_catalog *catalog, size_t *n,
			 struct rt_error *err)
{
	char **path;

	*n = argc > 0 ? (size_t)argc : catalog->n;
	path = rt_calloc(*n + 1, sizeof(path[0]));
	for (size_t i = 0; i < *n; i++) {
		int index;

		if (argc > 0 && is_file(argv[i])) {
			path[i] = rt_strdup(argv[i]);
			continue;
		}
		if (argc > 0 && rt_page_spec(argv[i])) {
			path[i] = rt_page_path(catalog, argv[i]);
			continue;
		}
		index = argc > 0 ? rt_catalog_find(catalog, argv[i], err) : (int)i;
		if (index < 0)
			goto fail;
		path[i] = rt_strdup(catalog->head[index]->path);
	}
	return path;
fail:
	for (size_t i = 0; i < *n; i++)
		free(path[i]);
	free(path);
	return NULL;
}

static int status_of(const struct tally *tally, struct rt_error *err)
{
	if (tally->unreadable)
		return RT_ERR_LESSON;
	if (tally->failed)
		return RT_ERR_FAILED;
	if (tally->skipped == tally->lessons) {
		rt_error_set(err, RT_ERR_STAGE, _("nothing could be run here"));
		return NOTHING_RAN;
	}
	return 0;
}

/* Then the lessons of the course are not needed; a page names some. */
static bool only_files(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!is_file(argv[i]) || rt_page_is_path(argv[i]))
			return false;
	return argc > 0;
}

static void report_all(struct rt_world *world, const struct rt_catalog *catalog, char **name,
		       char **path, size_t n, const struct rt_options *options,
		       const struct rt_check_report *report, struct tally *tally)
{
	report->begin(stdout);
	for (size_t i = 0; i < n; i++)
		check_one(world, catalog, name[i], path[i], options, report, tally);
	report->finish(stdout, tally->lessons, tally->failed, tally->skipped, tally->lines);
}

static int refuse_pages(char **path, size_t n, struct rt_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (rt_page_is_path(path[i])) {
			rt_error_set(err, RT_ERR_USAGE, _("check --update rewrites lessons alone"));
			return rt_error_fix(err, "%s",
					    _("what a page says of them is for a person to mend"));
		}
	return 0;
}

/* The worst that came of one file is what came of all. */
static int update_all(struct rt_world *world, char **path, size_t n, bool yes)
{
	int worst = 0;

	for (size_t i = 0; i < n; i++) {
		int status = rt_check_update(world, path[i], yes);

		worst = status > worst ? status : worst;
	}
	return worst == RT_ERR_STAGE ? NOTHING_RAN : worst;
}

static int check_options(const struct rt_options *options, const struct rt_check_report *report,
			 struct rt_error *err)
{
	struct rt_size size;

	if (!report) {
		rt_error_set(err, RT_ERR_USAGE, _("no format \"%.40s\""), options->format);
		return rt_error_fix(err, "%s", _("check --format takes text, tap or json"));
	}
	if (options->size && rt_check_size_parse(options->size, &size, err) < 0)
		return -1;
	if (options->variant && (!options->variant[0] || strlen(options->variant) > 18 ||
				 options->variant[strspn(options->variant, "0123456789")])) {
		rt_error_set(err, RT_ERR_USAGE, _("--variant takes no \"%.40s\""),
			     options->variant);
		return rt_error_fix(err, "%s", _("it takes a number, such as 1"));
	}
	if (options->variant && (options->update || options->size)) {
		rt_error_set(err, RT_ERR_USAGE, _("--variant does not go with --update or --size"));
		return rt_error_fix(err, "%s", _("a variant is in no file: leave them out"));
	}
	if (options->update &&
	    (options->size || options->format || options->json || options->real_waits)) {
		rt_error_set(err, RT_ERR_USAGE, _("check --update stands alone"));
		return rt_error_fix(err, "%s",
				    _("leave out --format, --json, --size and --wait; --yes may "
				      "stand beside it"));
	}
	if (options->yes && !options->update) {
		rt_error_set(err, RT_ERR_USAGE, _("--yes answers what --update asks"));
		return rt_error_fix(err, "%s", _("write check --update --yes"));
	}
	return 0;
}

int rt_cmd_check(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	const char *format = options->format ? options->format : options->json ? "json" : "text";
	const struct rt_check_report *report = rt_check_report_find(format);
	struct rt_catalog none = {0}, *catalog = NULL;
	struct tally tally = {0};
	struct rt_loop *loop;
	struct rt_world *world;
	char **path, **name;
	int status;
	size_t n;

	if (check_options(options, report, err) < 0)
		return rt_error_status(err);
	if (!only_files(argc, argv) && !(catalog = rt_catalog_new(err)))
		return rt_error_status(err);
	path = find_paths(argc, argv, catalog ? catalog : &none, &n, err);
	if (!path) {
		rt_catalog_free(catalog);
		return rt_error_status(err);
	}
	name = rt_calloc(n + 1, sizeof(name[0]));
	for (size_t i = 0; i < n; i++)
		name[i] = argc > 0 || !catalog ? argv[i] : catalog->head[i]->id;
	loop = rt_loop_new();
	world = rt_world_live_new(loop);
	if (options->update) {
		status = refuse_pages(path, n, err) < 0 ? rt_error_status(err)
							: update_all(world, path, n, options->yes);
	} else {
		report_all(world, catalog, name, path, n, options, report, &tally);
		status = status_of(&tally, err);
	}
	for (size_t i = 0; i < n; i++)
		free(path[i]);
	free(path);
	free(name);
	rt_world_free(world);
	rt_loop_free(loop);
	rt_catalog_free(catalog);
	return status;
}
