/* reset LESSON, reset --all: forgets how far the learner is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "lesson/catalog.h"
#include "store/progress.h"

/* Forgets one lesson; adds to *out a line that says what. False where nothing was known. */
static bool forget(struct rt_progress *progress, const char *id, struct rt_str *out)
{
	const struct rt_progress_lesson *lesson = rt_progress_lesson(progress, id);
	size_t n = lesson ? lesson->n_answers : 0;

	if (!lesson)
		return false;
	rt_str_addf(out, "%s: ", lesson->id);
	if (rt_progress_is_begun(lesson))
		rt_str_addf(out, _("step %zu of %zu, "), lesson->place.number, lesson->place.steps);
	if (lesson->done)
		rt_str_add(out, _("done, "));
	rt_str_addf(out, P_("%zu answer\n", "%zu answers\n", n), n);
	return rt_progress_forget(progress, id);
}

static void forget_all(struct rt_progress *progress, struct rt_str *out)
{
	for (size_t i = 0; i < rt_progress_count(progress); i++) {
		struct rt_str line = {0};

		if (forget(progress, rt_progress_at(progress, i)->id, &line))
			rt_str_add(out, rt_str_text(&line));
		rt_str_fini(&line);
	}
}

/*
 * The id that name stands for: of a lesson that is known, else of one of the catalog. To be freed.
 */
static char *find(const struct rt_progress *progress, const char *name, struct rt_error *err)
{
	struct rt_catalog *catalog;
	char *id = NULL;
	int index;

	if (rt_progress_lesson(progress, name))
		return rt_strdup(name);
	catalog = rt_catalog_new(err);
	if (!catalog)
		return NULL;
	index = rt_catalog_find(catalog, name, err);
	if (index >= 0)
		id = rt_strdup(catalog->head[index]->id);
	rt_catalog_free(catalog);
	return id;
}

static int forget_named(struct rt_progress *progress, const char *name, struct rt_str *out,
			struct rt_error *err)
{
	struct rt_str line = {0};
	char *id = find(progress, name, err);

	if (!id)
		return rt_error_status(err);
	if (forget(progress, id, &line))
		rt_str_add(out, rt_str_text(&line));
	rt_str_fini(&line);
	free(id);
	return 0;
}

static int reset(struct rt_progress *progress, const char *name, struct rt_error *err)
{
	struct rt_str forgotten = {0};
	int status = 0;

	if (rt_progress_trouble(progress, err) < 0)
		return rt_error_status(err);
	if (name)
		status = forget_named(progress, name, &forgotten, err);
	else
		forget_all(progress, &forgotten);
	if (status == 0 && rt_progress_save(progress, err) < 0)
		status = rt_error_status(err);
	if (status == 0 && forgotten.len)
		printf(_("Forgotten:\n%sYour own notes stay.\n"), forgotten.s);
	else if (status == 0)
		puts(_("There was nothing to forget."));
	rt_str_fini(&forgotten);
	return status;
}

int rt_cmd_reset(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_progress *progress;
	const char *message;
	int status;

	if (argc != (options->all ? 0 : 1)) {
		rt_error_set(err, RT_ERR_USAGE,
			     argc ? _("reset takes one lesson, or --all")
				  : _("reset which lesson?"));
		rt_error_fix(
			err, "%s",
			_("for example: reuse-tutor reset time-wait; --all forgets every one"));
		return RT_ERR_USAGE;
	}
	progress = rt_progress_open(NULL);
	message = rt_progress_message(progress);
	if (message && rt_progress_trouble(progress, err) == 0)
		fprintf(stderr, "reuse-tutor: %s\n", message);
	status = reset(progress, options->all ? NULL : argv[0], err);
	rt_progress_free(progress);
	return status;
}
