/* What the entries of a page say of lessons, held against these lessons. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/args.h"
#include "lesson/page_link.h"
#include "lesson/suggest.h"

/* --- lessons, each read once ------------------------------------------------------------------ */

struct shelf {
	const struct rt_catalog *catalog;
	struct rt_lesson **lesson; /* NULL where it was not asked for, or cannot be read */
};

static const struct rt_lesson *take(struct shelf *shelf, int index)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error ignored;
	struct rt_lesson **lesson = &shelf->lesson[index];

	if (!*lesson)
		*lesson = rt_lesson_load(shelf->catalog->head[index]->path, &mistakes, &ignored);
	rt_mistakes_fini(&mistakes);
	return *lesson;
}

static int index_of(const struct rt_catalog *catalog, const char *id)
{
	for (size_t i = 0; i < catalog->n; i++)
		if (strcmp(catalog->head[i]->id, id) == 0)
			return (int)i;
	return -1;
}

/* --- one `see` -------------------------------------------------------------------------------- */

static void add(struct rt_mistakes *mistakes, const struct rt_see *see, char *what, char *help)
{
	struct rt_mistake *mistake;

	if (!mistakes) {
		free(what);
		free(help);
		return;
	}
	RT_GROW(mistakes->mistake, mistakes->n, mistakes->cap);
	mistake = &mistakes->mistake[mistakes->n++];
	rt_mistake_set(mistake, see->text, strlen(see->text), see->at, what, help);
	mistake->line = see->number;
}

static int fail(struct rt_mistakes *mistakes, const struct rt_see *see, const char *format,
		const char *name, const struct rt_suggest *suggest)
{
	struct rt_str what = {0};

	rt_str_addf(&what, "%s \"%s\"", format, name);
	add(mistakes, see, rt_str_take(&what),
	    suggest ? rt_suggest_help(suggest, "") : rt_strdup(""));
	return -1;
}

static int fail_lesson(struct rt_mistakes *mistakes, const struct rt_see *see,
		       const struct rt_catalog *catalog)
{
	struct rt_suggest suggest;

	rt_suggest_init(&suggest, see->lesson, strlen(see->lesson));
	for (size_t i = 0; i < catalog->n; i++)
		rt_suggest_offer(&suggest, catalog->head[i]->id);
	return fail(mistakes, see, _("there is no lesson"), see->lesson, &suggest);
}

static int fail_step(struct rt_mistakes *mistakes, const struct rt_see *see,
		     const struct rt_lesson *lesson)
{
	struct rt_suggest suggest;

	rt_suggest_init(&suggest, see->step, strlen(see->step));
	for (size_t i = 0; i < lesson->n_steps; i++)
		rt_suggest_offer(&suggest, lesson->step[i].id);
	return fail(mistakes, see, _("that lesson has no step"), see->step, &suggest);
}

int rt_see_line(const struct rt_see *see, const struct rt_lesson *lesson, int step)
{
	for (size_t i = 0; i < lesson->n_lines; i++)
		if (lesson->line[i].step == (size_t)step &&
		    strcmp(lesson->line[i].label, see->label) == 0)
			return (int)i;
	return -1;
}

int rt_see_want(const struct rt_see *see, const struct rt_line *line, struct rt_want *want,
		struct rt_mistake *mistake)
{
	return rt_want_parse(see->result, strlen(see->result), line->kind == RT_LINE_EXPECT, want,
			     mistake);
}

static int link_label(const struct rt_see *see, const struct rt_lesson *lesson, int step,
		      struct rt_mistakes *mistakes)
{
	int at = rt_see_line(see, lesson, step);
	const struct rt_line *line = at >= 0 ? &lesson->line[at] : NULL;
	struct rt_mistake mistake;
	struct rt_want want;
	const char *help = "", *misfit = NULL;

	if (!line)
		return fail(mistakes, see, _("that step has no line with the label"), see->label,
			    NULL);
	if (rt_see_want(see, line, &want, &mistake) < 0) {
		fail(mistakes, see, mistake.what, see->result, NULL);
		rt_mistake_fini(&mistake);
		return -1;
	}
	if (line->kind == RT_LINE_CALL)
		misfit = rt_want_misfit(rt_call_spec(line->call.id), &want, &help);
	rt_want_fini(&want);
	return misfit ? fail(mistakes, see, _("that line cannot give"), see->result, NULL) : 0;
}

static int link_see(struct rt_see *see, struct shelf *shelf, struct rt_mistakes *mistakes)
{
	const struct rt_lesson *lesson;
	int index = index_of(shelf->catalog, see->lesson), step;

	if (index < 0)
		return fail_lesson(mistakes, see, shelf->catalog);
	lesson = take(shelf, index);
	if (!lesson)
		return fail(mistakes, see, _("there are mistakes in the lesson"), see->lesson,
			    NULL);
	step = rt_lesson_find_step(lesson, see->step);
	if (step < 0)
		return fail_step(mistakes, see, lesson);
	see->index = index;
	free(see->lesson_title);
	free(see->step_title);
	see->lesson_title = rt_strdup(lesson->title);
	see->step_title = rt_strdup(lesson->step[step].title);
	return see->label[0] ? link_label(see, lesson, step, mistakes) : 0;
}

int rt_page_link(struct rt_page *page, const struct rt_catalog *catalog,
		 struct rt_mistakes *mistakes)
{
	struct shelf shelf = {catalog, rt_calloc(catalog->n, sizeof(shelf.lesson[0]))};
	int result = 0;

	for (size_t i = 0; i < page->n; i++)
		for (size_t k = 0; k < page->entry[i].n_sees; k++)
			if (link_see(&page->entry[i].see[k], &shelf, mistakes) < 0)
				result = -1;
	for (size_t i = 0; i < catalog->n; i++)
		rt_lesson_free(shelf.lesson[i]);
	free(shelf.lesson);
	return result;
}
