/* The blocks of a page: what is known of an entry, and tables. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/page.h"
#include "lesson/reader.h"

enum { COLUMNS_MAX = 8, ROWS_MAX = 100, SOURCES_MAX = 99 };

static void add_text(struct rt_texts *texts, char *text)
{
	RT_GROW(texts->text, texts->n, texts->cap);
	texts->text[texts->n++] = text;
}

static struct rt_entry *present(struct rt_reader *reader)
{
	return &reader->page->entry[reader->lesson->n_steps - 1];
}

/* --- see -------------------------------------------------------------------------------------- */

/* The part of *rest before the mark, or all; *rest is what stands behind it. */
static struct rt_word cut(struct rt_word *rest, char mark, bool *found)
{
	const char *at = memchr(rest->s, mark, rest->len);
	struct rt_word part = *rest;
	size_t len = at ? (size_t)(at - rest->s) : rest->len, skip = len + (at != NULL);

	part.len = len;
	rest->s += skip;
	rest->at += skip;
	rest->len -= skip;
	*found = at != NULL;
	return rt_word_trim(part);
}

static bool is_label(struct rt_word word)
{
	return rt_word_is_name(word) && word.len > 0 && word.len < RT_NAME_MAX;
}

/* LESSON:STEP, LESSON:STEP@LABEL = RESULT */
static void take_see(struct rt_reader *reader, const struct rt_item *item)
{
	bool colon = memchr(item->text.s, ':', item->text.len) != NULL, at, equals;
	struct rt_word rest = item->text, place = cut(&rest, '@', &at), lesson, label;
	struct rt_entry *entry = present(reader);
	struct rt_word line = rt_reader_line(reader, item->line);
	struct rt_see *see;

	lesson = cut(&place, ':', &colon);
	place = rt_word_trim(place);
	label = cut(&rest, '=', &equals);
	rest = rt_word_trim(rest);
	if (!colon || !rt_front_is_id(lesson.s, lesson.len) ||
	    !rt_front_is_id(place.s, place.len) ||
	    (at && (!is_label(label) || !equals || rest.len == 0))) {
		rt_reader_mistake(reader, item->line, item->text.at,
				  _("as in: see time-wait:both, or see time-wait:both@both = 0"),
				  _("expected a lesson and its step; a label has a result"));
		return;
	}
	RT_GROW(entry->see, entry->n_sees, entry->sees_cap);
	see = &entry->see[entry->n_sees++];
	*see = (struct rt_see){.lesson = rt_strndup(lesson.s, lesson.len),
			       .step = rt_strndup(place.s, place.len),
			       .label = rt_strndup(label.s, at ? label.len : 0),
			       .result = rt_strndup(rest.s, at ? rest.len : 0),
			       .number = item->line,
			       .at = item->text.at,
			       .text = rt_strndup(line.s, line.len),
			       .index = -1};
}

/* --- facts ------------------------------------------------------------------------------------ */

static void take_fact(struct rt_reader *reader, struct rt_item *item)
{
	struct rt_entry *entry = present(reader);

	if (item->all.len == 0)
		rt_reader_mistake(reader, item->line, item->key.at + item->key.len, "",
				  _("text is missing"));
	else if (rt_word_is(item->key, "see"))
		take_see(reader, item);
	else if (rt_word_is(item->key, "also"))
		add_text(&entry->also, rt_str_take(&item->all));
	else if (rt_word_is(item->key, "source"))
		add_text(&entry->source, rt_str_take(&item->all));
	else if (entry->verdict)
		rt_reader_mistake(reader, item->line, item->key.at, "",
				  _("this entry has a verdict already"));
	else
		entry->verdict = rt_str_take(&item->all);
}

void rt_page_read_facts(struct rt_reader *reader, const struct rt_fence *fence)
{
	static const char *const keys[] = {"verdict", "also", "source", "see"};

	if (!reader->lesson->step[reader->lesson->n_steps - 1].title[0]) {
		rt_reader_mistake(reader, fence->line, 0, _("an entry begins with: ## Its title"),
				  _("these facts stand before the first entry"));
		return;
	}
	for (int number = fence->first; number <= fence->last && !reader->lost;) {
		struct rt_item item;

		if (rt_word_is_blank(rt_reader_line(reader, number))) {
			number++;
			continue;
		}
		number = rt_item_read(reader, fence, number, &item);
		if (rt_item_known(reader, &item, keys, RT_COUNT(keys),
				  _("verdict, also, source or see")))
			take_fact(reader, &item);
		rt_item_fini(&item);
	}
}

/* --- tables ----------------------------------------------------------------------------------- */

void rt_table_free(struct rt_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
		free(table->cell[i]);
	for (size_t i = 0; i < table->n_sources; i++)
		free(table->source[i]);
	free(table->cell);
	free(table->source);
	free(table);
}

/* Which sources a cell names at its end, as bits from 1 on; 0 for none. "[1, 12]" */
static int cell_sources(const char *cell, bool *used)
{
	const char *open = strrchr(cell, '['), *s;
	size_t len = strlen(cell);
	int n = 0;

	if (!open || cell[len - 1] != ']')
		return 0;
	for (s = open + 1; *s != ']'; s += strspn(s, ", ")) {
		char *end;
		unsigned long number = strtoul(s, &end, 10);

		if (end == s || number < 1 || number > SOURCES_MAX)
			return 0;
		used[number] = true;
		n++;
		s = end;
	}
	return n;
}

static void take_source(struct rt_reader *reader, struct rt_table *table,
			const struct rt_word *line, const char *text, int number)
{
	char *end;
	unsigned long n = strtoul(text + 1, &end, 10);

	if (*end != ']' || n != table->n_sources + 1 || n > SOURCES_MAX) {
		rt_reader_mistake(reader, number, line->at, _("as in: [1] socket(7)"),
				  _("expected [%zu] and a source"), table->n_sources + 1);
		return;
	}
	end += 1 + strspn(end + 1, " ");
	if (!*end)
		rt_reader_mistake(reader, number, line->at, "", _("text is missing"));
	table->source = rt_realloc(table->source, n, sizeof(table->source[0]));
	table->source[table->n_sources++] = rt_strdup(end);
}

static void check_cell(struct rt_reader *reader, const char *cell, size_t row, size_t column,
		       int number, bool *used)
{
	if (row == 0 && cell[0])
		return;
	if (!cell[0])
		rt_reader_mistake(reader, number, 0, _("- holds the place of nothing"),
				  _("cell %zu is empty"), column + 1);
	else if (column > 0 && strcmp(cell, "-") != 0 && cell_sources(cell, used) == 0)
		rt_reader_mistake(reader, number, 0,
				  _("as in: set [1]; and below the rows: [1] socket(7)"),
				  _("cell %zu ends with no source"), column + 1);
}

static void take_row(struct rt_reader *reader, struct rt_table *table, char *text, int number,
		     bool *used)
{
	char *cell[COLUMNS_MAX + 1], *rest = text;
	size_t n = 0;

	while (rest && n <= COLUMNS_MAX) {
		struct rt_word word;
		char *part = strsep(&rest, "|");

		word = rt_word_trim((struct rt_word){.s = part, .len = strlen(part)});
		cell[n++] = rt_strndup(word.s, word.len);
	}
	if (table->n_rows == 0)
		table->n_columns = n;
	if (n < 2 || n > COLUMNS_MAX || n != table->n_columns || table->n_rows == ROWS_MAX) {
		rt_reader_mistake(reader, number, 0, _("as in: Go | set [1] | -"),
				  _("a table has 2 to %d columns, each row as many, and at most %d "
				    "rows"),
				  COLUMNS_MAX, ROWS_MAX);
		for (size_t i = 0; i < n; i++)
			free(cell[i]);
		if (table->n_rows == 0)
			table->n_columns = 0;
		return;
	}
	table->cell = rt_realloc(table->cell, (table->n_rows + 1) * n, sizeof(table->cell[0]));
	for (size_t i = 0; i < n; i++) {
		check_cell(reader, cell[i], table->n_rows, i, number, used);
		table->cell[table->n_rows * n + i] = cell[i];
	}
	table->n_rows++;
}

static void check_table(struct rt_reader *reader, const struct rt_table *table, const bool *used,
			int number)
{
	if (table->n_rows < 2)
		rt_reader_mistake(reader, number, 0, _("as in: Go | set [1] | -"),
				  _("this table has no row below its heading"));
	for (size_t i = 1; i <= SOURCES_MAX; i++) {
		if (used[i] && i > table->n_sources)
			rt_reader_mistake(reader, number, 0, _("write it below the rows"),
					  _("this table has no source [%zu]"), i);
		else if (!used[i] && i <= table->n_sources)
			rt_reader_mistake(reader, number, 0, _("leave it out"),
					  _("no cell has the source [%zu]"), i);
	}
}

void rt_page_read_table(struct rt_reader *reader, const struct rt_fence *fence)
{
	struct rt_para para = {.kind = RT_PARA_TABLE};
	bool used[SOURCES_MAX + 1] = {false};

	para.table = rt_calloc(1, sizeof(*para.table));
	for (int number = fence->first; number <= fence->last && !reader->lost;) {
		struct rt_word line = rt_reader_line(reader, number);
		struct rt_item item;
		struct rt_str all = {0};
		int first = number;

		if (rt_word_is_blank(line)) {
			number++;
			continue;
		}
		/* Here the first word is no key, but of the text. */
		number = rt_item_read(reader, fence, number, &item);
		rt_str_addn(&all, line.s, item.text.at);
		rt_str_add(&all, rt_str_text(&item.all));
		if (line.s[0] == '[')
			take_source(reader, para.table, &line, rt_str_text(&all), first);
		else
			take_row(reader, para.table, all.s, first, used);
		rt_str_fini(&all);
		rt_item_fini(&item);
	}
	check_table(reader, para.table, used, fence->line);
	rt_step_add(reader, &para);
}
