#include "report/page.h"

#include <jansson.h>
#include <string.h>

#include "base/i18n.h"
#include "report/json.h"
#include "report/plain.h"

/* --- text ------------------------------------------------------------------------------------- */

/* Row by row: a table in columns is no text for the ear. */
static void put_table(FILE *out, const struct rt_table *table)
{
	struct rt_str text = {0};

	putc('\n', out);
	for (size_t row = 1; row < table->n_rows; row++) {
		char *const *cell = &table->cell[row * table->n_columns];

		rt_plain_wrap(out, "", cell[0]);
		for (size_t i = 1; i < table->n_columns; i++) {
			if (strcmp(cell[i], "-") == 0)
				continue;
			rt_str_clear(&text);
			rt_str_addf(&text, "  %s: ", table->cell[i]);
			rt_plain_wrap(out, rt_str_text(&text), cell[i]);
		}
	}
	putc('\n', out);
	for (size_t i = 0; i < table->n_sources; i++) {
		rt_str_clear(&text);
		rt_str_addf(&text, "[%zu] ", i + 1);
		rt_plain_wrap(out, rt_str_text(&text), table->source[i]);
	}
	rt_str_fini(&text);
}

static void put_paras(FILE *out, const struct rt_para *para, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (para[i].table)
			put_table(out, para[i].table);
		else
			rt_plain_para(out, &para[i]);
	}
}

static void put_see(FILE *out, const struct rt_see *see)
{
	struct rt_str text = {0};

	rt_str_addf(&text, "%s:%s", see->lesson, see->step);
	if (see->step_title)
		rt_str_addf(&text, ", %s", see->step_title);
	rt_plain_wrap(out, _("Step: "), rt_str_text(&text));
	rt_str_fini(&text);
}

static void put_entry(FILE *out, const struct rt_page *page, size_t i)
{
	const struct rt_entry *entry = &page->entry[i];
	struct rt_str number = {0};

	rt_str_addf(&number, "%zu. ", i + 1);
	putc('\n', out);
	rt_plain_wrap(out, rt_str_text(&number), entry->title);
	rt_str_fini(&number);
	if (entry->verdict[0])
		rt_plain_wrap(out, _("Verdict: "), entry->verdict);
	put_paras(out, entry->para, entry->n_paras);
	if (entry->source.n + entry->n_sees > 0)
		putc('\n', out);
	for (size_t k = 0; k < entry->source.n; k++)
		rt_plain_wrap(out, _("Source: "), entry->source.text[k]);
	for (size_t k = 0; k < entry->n_sees; k++)
		put_see(out, &entry->see[k]);
}

void rt_plain_page(FILE *out, const struct rt_page *page, int entry)
{
	struct rt_str score = {0};

	if (entry >= 0) {
		put_entry(out, page, (size_t)entry);
		return;
	}
	rt_plain_wrap(out, "", page->title);
	rt_plain_wrap(out, "", page->question);
	put_paras(out, page->intro, page->n_intro);
	rt_page_score(page, &score);
	if (score.len > 0) {
		putc('\n', out);
		rt_plain_wrap(out, _("In all: "), rt_str_text(&score));
	}
	rt_str_fini(&score);
	for (size_t i = 0; i < page->n; i++)
		put_entry(out, page, i);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *json_texts(const struct rt_texts *texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts->n; i++)
		json_array_append_new(list, json_string(texts->text[i]));
	return list;
}

static json_t *json_rows(const struct rt_table *table)
{
	json_t *rows = json_array();

	for (size_t row = 0; row < table->n_rows; row++) {
		json_t *cells = json_array();

		for (size_t i = 0; i < table->n_columns; i++)
			json_array_append_new(cells,
					      json_string(table->cell[row * table->n_columns + i]));
		json_array_append_new(rows, cells);
	}
	return rows;
}

static json_t *json_table(const struct rt_table *table)
{
	struct rt_texts sources = {table->source, table->n_sources, 0};

	return json_pack("{s:o, s:o}", "rows", json_rows(table), "sources", json_texts(&sources));
}

/* Each paragraph as a string, a table as an object. */
static json_t *json_paras(const struct rt_para *para, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		struct rt_str text = {0};

		for (size_t k = 0; k < para[i].n_spans; k++)
			rt_str_add(&text, para[i].span[k].text);
		json_array_append_new(list, para[i].table ? json_table(para[i].table)
							  : json_string(rt_str_text(&text)));
		rt_str_fini(&text);
	}
	return list;
}

static json_t *json_entry(const struct rt_page *page, size_t i)
{
	const struct rt_entry *entry = &page->entry[i];
	json_t *sees = json_array();

	for (size_t k = 0; k < entry->n_sees; k++)
		json_array_append_new(
			sees, json_pack("{s:s, s:s, s:s, s:s}", "lesson", entry->see[k].lesson,
					"step", entry->see[k].step, "label", entry->see[k].label,
					"result", entry->see[k].result));
	return json_pack("{s:i, s:s, s:s, s:o, s:s, s:o, s:o, s:o}", "number", (int)i + 1, "id",
			 entry->id, "title", entry->title, "also", json_texts(&entry->also),
			 "verdict", entry->verdict, "text", json_paras(entry->para, entry->n_paras),
			 "sources", json_texts(&entry->source), "see", sees);
}

void rt_json_page(FILE *out, const struct rt_page *page, int entry)
{
	json_t *entries = json_array(), *all;

	for (size_t i = 0; i < page->n; i++)
		if (entry < 0 || (size_t)entry == i)
			json_array_append_new(entries, json_entry(page, i));
	all = json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", page->id, "title", page->title,
			"question", page->question, "text", json_paras(page->intro, page->n_intro),
			"entries", entries);
	rt_json_print(out, all, JSON_INDENT(1));
	putc('\n', out);
	json_decref(all);
}
