#include "lesson/page_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/page_link.h"
#include "lesson/script.h"
#include "lesson/words.h"

/* A run of one lesson for the page. */
struct run {
	const struct rt_page *page;
	const struct rt_catalog *catalog;
	struct rt_checks *checks;
};

static struct rt_check *add(struct rt_checks *checks, const struct rt_entry *entry,
			    const struct rt_see *see, bool passed)
{
	struct rt_check *check = rt_checks_add(checks, entry->id, see->number, passed);
	struct rt_str what = {0};

	rt_str_addf(&what, "%s: %s:%s", entry->title, see->lesson, see->step);
	if (see->label[0])
		rt_str_addf(&what, "@%s", see->label);
	check->what = rt_str_take(&what);
	return check;
}

/* What is wrong with it, from the mistakes of rt_page_link(); NULL for nothing. */
static const struct rt_mistake *mistake_of(const struct rt_mistakes *mistakes,
					   const struct rt_see *see)
{
	for (size_t i = 0; i < mistakes->n; i++)
		if (mistakes->mistake[i].line == see->number)
			return &mistakes->mistake[i];
	return NULL;
}

/* Those that no run can decide: what is missing fails, a step without a result is just there. */
static void check_links(const struct rt_page *page, const struct rt_mistakes *mistakes,
			struct rt_checks *checks)
{
	for (size_t i = 0; i < page->n; i++)
		for (size_t k = 0; k < page->entry[i].n_sees; k++) {
			const struct rt_see *see = &page->entry[i].see[k];
			const struct rt_mistake *mistake = mistake_of(mistakes, see);
			struct rt_check *check;

			if (!mistake && see->label[0])
				continue;
			check = add(checks, &page->entry[i], see, mistake == NULL);
			check->expected = rt_strdup(_("a step that is there"));
			check->got = rt_strdup(mistake ? mistake->what : _("it is there"));
		}
}

static void judge(const struct run *run, const struct rt_entry *entry, const struct rt_see *see,
		  const struct rt_line *line, const struct rt_outcome *outcome,
		  const struct rt_want *want)
{
	bool recorded = outcome->how == RT_RECORDED;
	struct rt_check *check =
		add(run->checks, entry, see, recorded || rt_outcome_match(outcome, want));
	struct rt_str text = {0};

	if (recorded)
		rt_check_skip(run->checks, check, outcome);
	rt_str_addf(&text, "%s: ", check->what);
	rt_line_format(line, &text);
	free(check->what);
	check->what = rt_str_take(&text);
	check->expected = rt_strdup(see->result);
	rt_words_outcome(line, outcome, &text);
	check->got = rt_str_take(&text);
}

/* Whether see speaks of this line of the lesson. */
static bool is_about(const struct rt_see *see, const struct rt_lesson *lesson, size_t line)
{
	return see->index >= 0 && see->label[0] && strcmp(see->lesson, lesson->id) == 0 &&
	       rt_see_line(see, lesson, rt_lesson_find_step(lesson, see->step)) == (int)line;
}

static void ran(void *ctx, const struct rt_engine *engine, const struct rt_lesson *lesson,
		size_t line)
{
	const struct run *run = ctx;

	for (size_t i = 0; i < run->page->n && lesson->line[line].label[0]; i++)
		for (size_t k = 0; k < run->page->entry[i].n_sees; k++) {
			const struct rt_see *see = &run->page->entry[i].see[k];
			struct rt_mistake mistake;
			struct rt_want want;

			if (!is_about(see, lesson, line))
				continue;
			/* What cannot be read has failed with the links. */
			if (rt_see_want(see, &lesson->line[line], &want, &mistake) < 0) {
				rt_mistake_fini(&mistake);
				continue;
			}
			judge(run, &run->page->entry[i], see, &lesson->line[line],
			      rt_engine_outcome(engine, line), &want);
			rt_want_fini(&want);
		}
}

static bool is_named(const struct rt_page *page, size_t index)
{
	for (size_t i = 0; i < page->n; i++)
		for (size_t k = 0; k < page->entry[i].n_sees; k++)
			if (page->entry[i].see[k].index == (int)index &&
			    page->entry[i].see[k].label[0])
				return true;
	return false;
}

int rt_page_check(struct rt_world *world, struct rt_page *page, const struct rt_catalog *catalog,
		  struct rt_checks *checks, struct rt_error *err)
{
	struct run run = {page, catalog, checks};
	struct rt_mistakes mistakes = {0};
	int64_t began = rt_now_ms();
	int result = 0;

	memset(checks, 0, sizeof(*checks));
	(void)rt_page_link(page, catalog, &mistakes);
	check_links(page, &mistakes, checks);
	rt_mistakes_fini(&mistakes);
	for (size_t i = 0; i < catalog->n && result == 0; i++) {
		struct rt_mistakes said_by_link = {0};
		struct rt_lesson *lesson =
			is_named(page, i)
				? rt_lesson_load(catalog->head[i]->path, &said_by_link, err)
				: NULL;

		if (lesson)
			result = rt_check_lines(world, lesson, 0, ran, &run, err);
		rt_lesson_free(lesson);
		rt_mistakes_fini(&said_by_link);
	}
	checks->took_ms = rt_now_ms() - began;
	if (result < 0)
		rt_checks_fini(checks);
	return result;
}
