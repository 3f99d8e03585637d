/* check --update: the expected results of a lesson become what this kernel says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/check.h"
#include "cmd/rewrite.h"
#include "lesson/update.h"

static void say(const struct rt_error *err)
{
	char text[1280];

	fflush(stdout);
	fprintf(stderr, "reuse-tutor: %s\n", rt_error_format(err, text, sizeof(text)));
}

/* y or n; the end of the input is no. */
static bool ask(const char *path, size_t n)
{
	char line[80];

	for (;;) {
		printf(P_("Write %zu result into %s? [y/n] ", "Write %zu results into %s? [y/n] ",
			  n),
		       n, path);
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin)) {
			putchar('\n');
			return false;
		}
		line[strcspn(line, "\r\n")] = '\0';
		if (strcmp(line, "y") == 0 || strcmp(line, "yes") == 0)
			return true;
		if (strcmp(line, "n") == 0 || strcmp(line, "no") == 0)
			return false;
	}
}

/* What differs and is not for this program to write. Returns how many. */
static size_t name_the_rest(const struct rt_checks *checks, const char *path)
{
	size_t n = 0;

	for (size_t i = 0; i < checks->n; i++) {
		const struct rt_check *check = &checks->check[i];

		if (check->passed || check->result)
			continue;
		printf(_("%s, line %d, step %s, to change by hand: %s\n"
			 "    expected %s\n"
			 "    got      %s\n"),
		       path, check->number, check->step, check->what, check->expected, check->got);
		n++;
	}
	return n;
}

/* With other results a later line may make no sense: an accept() that fails gives no descriptor. */
static bool is_sound(const struct rt_update *update, const char *path)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_lesson *lesson = rt_lesson_parse(rt_str_text(&update->text), update->text.len,
						   path, &mistakes, &err);
	struct rt_str text = {0};

	if (!lesson) {
		rt_mistakes_format(&mistakes, path, &text);
		printf(_("With these results other lines would be mistakes, so nothing is "
			 "written:\n%s"),
		       rt_str_text(&text));
	}
	rt_str_fini(&text);
	rt_mistakes_fini(&mistakes);
	rt_lesson_free(lesson);
	return lesson != NULL;
}

static int write_results(const struct rt_update *update, const char *text, size_t len,
			 const char *path, bool yes)
{
	struct rt_error err = {0};

	if (!is_sound(update, path))
		return -1;
	if (rt_rewrite_allowed(path, &err) < 0) {
		say(&err);
		return -1;
	}
	if (!yes && !ask(path, update->n)) {
		printf(_("%s: not changed\n"), path);
		return -1;
	}
	if (rt_rewrite(path, text, len, rt_str_text(&update->text), update->text.len, &err) < 0) {
		say(&err);
		return -1;
	}
	printf(P_("%s: %zu result written\n", "%s: %zu results written\n", update->n), path,
	       update->n);
	return 0;
}

/* What became of a run: the difference, the question, the file. */
static int settle(const struct rt_checks *checks, const struct rt_lesson *lesson, const char *text,
		  size_t len, const char *path, bool yes)
{
	struct rt_update update;
	struct rt_str shown = {0};
	size_t rest;
	int result = 0;

	rt_update_make(text, len, lesson, checks, &update);
	if (update.n > 0) {
		rt_update_format(&update, path, &shown);
		fputs(rt_str_text(&shown), stdout);
	}
	rest = name_the_rest(checks, path);
	if (update.n > 0)
		result = write_results(&update, text, len, path, yes);
	else if (rest == 0)
		printf(_("%s: all %zu as written, nothing to change\n"), path, checks->n);
	rt_str_fini(&shown);
	rt_update_fini(&update);
	return result < 0 || rest > 0 ? RT_ERR_FAILED : 0;
}

/*
 * The lesson of text, which is what path holds; or NULL: what is wrong with it was said. Read from
 * the file first, because only there the name counts.
 */
static struct rt_lesson *parse(const char *text, size_t len, const char *path)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_str shown = {0};
	struct rt_lesson *lesson = rt_lesson_load(path, &mistakes, &err);

	if (lesson) {
		rt_lesson_free(lesson);
		lesson = rt_lesson_parse(text, len, path, &mistakes, &err);
	}
	if (!lesson) {
		rt_mistakes_format(&mistakes, path, &shown);
		fputs(rt_str_text(&shown), stdout);
		rt_error_fix(&err, _("mend this first; nothing was changed"));
		say(&err);
	}
	rt_str_fini(&shown);
	rt_mistakes_fini(&mistakes);
	return lesson;
}

int rt_check_update(struct rt_world *world, const char *path, bool yes)
{
	struct rt_checks checks = {0};
	struct rt_error err = {0};
	struct rt_lesson *lesson;
	int result = RT_ERR_LESSON;
	char *text;
	size_t len;

	if (rt_lesson_text(path, &text, &len, &err) < 0) {
		say(&err);
		return RT_ERR_LESSON;
	}
	lesson = parse(text, len, path);
	if (lesson && rt_check_run(world, lesson, 0, &checks, &err) < 0) {
		say(&err);
		result = RT_ERR_STAGE;
	} else if (lesson) {
		result = settle(&checks, lesson, text, len, path, yes);
	}
	fflush(stdout);
	rt_checks_fini(&checks);
	rt_lesson_free(lesson);
	free(text);
	return result;
}
