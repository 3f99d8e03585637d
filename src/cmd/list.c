/* list [--json]: the lessons in the order of the course. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "lesson/catalog.h"
#include "report/json.h"

static json_t *step_ids(const struct rt_lesson *head)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err;
	struct rt_lesson *lesson = rt_lesson_load(head->path, &mistakes, &err);
	json_t *steps = json_array();

	for (size_t i = 0; lesson && i < lesson->n_steps; i++)
		json_array_append_new(steps, json_pack("{s:s, s:s}", "id", lesson->step[i].id,
						       "title", lesson->step[i].title));
	rt_lesson_free(lesson);
	rt_mistakes_fini(&mistakes);
	return steps;
}

static void print_json(const struct rt_catalog *catalog)
{
	json_t *list = json_array();

	for (size_t i = 0; i < catalog->n; i++) {
		const struct rt_lesson *head = catalog->head[i];

		json_array_append_new(list,
				      json_pack("{s:i, s:s, s:s, s:i, s:s, s:s, s:s, s:o}",
						"number", (int)i + 1, "id", head->id, "title",
						head->title, "minutes", head->minutes, "question",
						head->question, "belief", head->belief, "after",
						head->after, "steps", step_ids(head)));
	}
	rt_json_print(stdout, list, JSON_INDENT(1));
	putchar('\n');
	json_decref(list);
}

static void print_text(const struct rt_catalog *catalog)
{
	int widest = 0;

	for (size_t i = 0; i < catalog->n; i++) {
		int columns = rt_columns(catalog->head[i]->id, strlen(catalog->head[i]->id));

		widest = columns > widest ? columns : widest;
	}
	for (size_t i = 0; i < catalog->n; i++) {
		const struct rt_lesson *head = catalog->head[i];

		printf(_("%2zu  %-*s  %2d min  %s\n"), i + 1, widest, head->id, head->minutes,
		       head->title);
	}
}

int rt_cmd_list(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_catalog *catalog;

	if (argc > 0) {
		rt_error_set(err, RT_ERR_USAGE, _("list takes no \"%.40s\""), argv[0]);
		rt_error_fix(err, "%s", _("`reuse-tutor list` names all lessons"));
		return RT_ERR_USAGE;
	}
	catalog = rt_catalog_new(err);
	if (!catalog)
		return rt_error_status(err);
	if (options->json)
		print_json(catalog);
	else
		print_text(catalog);
	rt_catalog_free(catalog);
	return 0;
}
