/* A page: from its file to the value, and what is asked of the value. */
#include "lesson/page.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/reader.h"
#include "lesson/suggest.h"

static const struct rt_page_spec specs[] = {
#define RT_PAGE(id, needs, help) {#id, needs, help},
#include "lesson/pages.def"
#undef RT_PAGE
};

const struct rt_page_spec *rt_page_specs(size_t *n)
{
	*n = RT_COUNT(specs);
	return specs;
}

const struct rt_page_spec *rt_page_spec(const char *id)
{
	for (size_t i = 0; i < RT_COUNT(specs); i++)
		if (strcmp(specs[i].id, id) == 0)
			return &specs[i];
	return NULL;
}

/* --- its end ---------------------------------------------------------------------------------- */

static void texts_fini(struct rt_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		free(texts->text[i]);
	free(texts->text);
}

static void paras_free(struct rt_para *para, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rt_para_fini(&para[i]);
	free(para);
}

static void see_fini(struct rt_see *see)
{
	free(see->lesson);
	free(see->step);
	free(see->label);
	free(see->result);
	free(see->text);
	free(see->lesson_title);
	free(see->step_title);
}

static void entry_fini(struct rt_entry *entry)
{
	free(entry->id);
	free(entry->title);
	free(entry->verdict);
	paras_free(entry->para, entry->n_paras);
	texts_fini(&entry->also);
	texts_fini(&entry->source);
	for (size_t i = 0; i < entry->n_sees; i++)
		see_fini(&entry->see[i]);
	free(entry->see);
}

void rt_page_free(struct rt_page *page)
{
	if (!page)
		return;
	/* All of them: one that is read has the facts of its intro in the first. */
	for (size_t i = 0; page->entry && i < RT_PAGE_ENTRIES_MAX; i++)
		entry_fini(&page->entry[i]);
	free(page->entry);
	paras_free(page->intro, page->n_intro);
	free(page->path);
	free(page->id);
	free(page->title);
	free(page->question);
	free(page);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* "SO_REUSEADDR, and why" becomes "so-reuseaddr-and-why". */
static char *id_of(const char *title)
{
	enum { ID_MAX = 64 };
	struct rt_str id = {0};

	for (; *title && id.len < ID_MAX; title++) {
		unsigned char c = (unsigned char)*title;
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (c >= 'A' && c <= 'Z')
			rt_str_addc(&id, (char)(c + 'a' - 'A'));
		else if (plain)
			rt_str_addc(&id, (char)c);
		else if (id.len > 0 && id.s[id.len - 1] != '-')
			rt_str_addc(&id, '-');
	}
	while (id.len > 0 && id.s[id.len - 1] == '-')
		id.s[--id.len] = '\0';
	return rt_str_take(&id);
}

/* Gives the steps that were read to the page, as its entries. */
static void take_steps(struct rt_reader *reader)
{
	struct rt_lesson *lesson = reader->lesson;
	struct rt_page *page = reader->page;
	size_t first = lesson->n_steps > 0 && !lesson->step[0].title[0];

	if (first) {
		page->intro = lesson->step[0].para;
		page->n_intro = lesson->step[0].n_paras;
		lesson->step[0].para = NULL;
		lesson->step[0].n_paras = 0;
		entry_fini(&page->entry[0]);
		memmove(&page->entry[0], &page->entry[1],
			(RT_PAGE_ENTRIES_MAX - 1) * sizeof(page->entry[0]));
		memset(&page->entry[RT_PAGE_ENTRIES_MAX - 1], 0, sizeof(page->entry[0]));
	}
	for (size_t i = first; i < lesson->n_steps; i++) {
		struct rt_step *step = &lesson->step[i];
		struct rt_entry *entry = &page->entry[page->n++];

		entry->title = rt_strdup(step->title);
		entry->id = id_of(step->title);
		entry->para = step->para;
		entry->n_paras = step->n_paras;
		entry->number = step->number;
		if (!entry->verdict)
			entry->verdict = rt_strdup("");
		step->para = NULL;
		step->n_paras = 0;
	}
}

static bool has_result(const struct rt_entry *entry)
{
	for (size_t i = 0; i < entry->n_sees; i++)
		if (entry->see[i].label[0])
			return true;
	return false;
}

static void check_entry(struct rt_reader *reader, size_t i, unsigned needs)
{
	const struct rt_entry *entry = &reader->page->entry[i];

	if (entry->n_paras == 0)
		rt_reader_mistake(reader, entry->number, 0, "", _("this entry has no text"));
	if ((needs & RT_HAS_VERDICT) && !entry->verdict[0])
		rt_reader_mistake(reader, entry->number, 0, _("as in: verdict true"),
				  _("this entry has no verdict"));
	if ((needs & RT_HAS_RESULT) && !has_result(entry))
		rt_reader_mistake(reader, entry->number, 0, _("as in: see time-wait:both@both = 0"),
				  _("no step with a result shows this"));
	if ((needs & RT_HAS_SOURCE) && entry->source.n == 0)
		rt_reader_mistake(reader, entry->number, 0, _("as in: source tcp(7)"),
				  _("this entry has no source"));
	for (size_t k = 0; k < i; k++)
		if (strcmp(reader->page->entry[k].id, entry->id) == 0)
			rt_reader_mistake(reader, entry->number, 0, "",
					  _("the entry of line %d has this title already"),
					  reader->page->entry[k].number);
}

static void take_front(struct rt_reader *reader)
{
	struct rt_lesson *lesson = reader->lesson;
	struct rt_page *page = reader->page;

	page->path = lesson->path;
	page->id = lesson->id;
	page->title = lesson->title;
	page->question = lesson->question;
	lesson->path = lesson->id = lesson->title = lesson->question = NULL;
}

static struct rt_page *parse(const char *text, size_t len, const char *path, bool is_file,
			     const struct rt_page_spec *spec, struct rt_mistakes *mistakes,
			     struct rt_error *err)
{
	struct rt_page *page = rt_calloc(1, sizeof(*page));
	struct rt_reader reader;
	int result;

	memset(mistakes, 0, sizeof(*mistakes));
	page->entry = rt_calloc(RT_PAGE_ENTRIES_MAX, sizeof(page->entry[0]));
	rt_reader_init(&reader, text, len, path, mistakes);
	reader.page = page;
	rt_reader_check_bytes(&reader);
	if (rt_front_read(&reader) == 0 && is_file)
		rt_reader_check_name(&reader);
	if (!reader.lost)
		rt_prose_read(&reader);
	take_steps(&reader);
	for (size_t i = 0; i < page->n && !reader.lost; i++)
		check_entry(&reader, i, spec ? spec->needs : 0);
	if (page->n == 0 && !reader.lost)
		rt_reader_mistake(&reader, 1, 0, _("an entry begins with: ## Its title"),
				  _("this page has no entry"));
	take_front(&reader);
	result = rt_reader_judge(&reader, err);
	rt_reader_fini(&reader);
	if (result == 0)
		return page;
	rt_page_free(page);
	return NULL;
}

struct rt_page *rt_page_parse(const char *text, size_t len, const char *path,
			      const struct rt_page_spec *spec, struct rt_mistakes *mistakes,
			      struct rt_error *err)
{
	return parse(text, len, path, false, spec, mistakes, err);
}

/* The row of the page whose file that is; NULL for one that has none. */
static const struct rt_page_spec *spec_of_path(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t len = strlen(name);

	for (size_t i = 0; i < RT_COUNT(specs); i++)
		if (len == strlen(specs[i].id) + 3 && strncmp(name, specs[i].id, len - 3) == 0)
			return &specs[i];
	return NULL;
}

struct rt_page *rt_page_load(const char *path, struct rt_mistakes *mistakes, struct rt_error *err)
{
	struct rt_page *page;
	char *text;
	size_t len;

	memset(mistakes, 0, sizeof(*mistakes));
	if (rt_reader_load(path, RT_LESSON_BYTES_MAX, true, &text, &len, err) < 0)
		return NULL;
	page = parse(text, len, path, true, spec_of_path(path), mistakes, err);
	free(text);
	return page;
}

char *rt_page_path(const struct rt_catalog *catalog, const char *id)
{
	struct rt_str path = {0};

	rt_str_addf(&path, "%s/pages/%s.md", catalog->dir, id);
	return rt_str_take(&path);
}

bool rt_page_is_path(const char *path)
{
	static const char folder[] = "pages";
	const char *slash = strrchr(path, '/');
	size_t len = sizeof(folder) - 1;

	return slash && (size_t)(slash - path) >= len && strncmp(slash - len, folder, len) == 0 &&
	       (slash - len == path || slash[-(ptrdiff_t)len - 1] == '/');
}

/* --- asking ----------------------------------------------------------------------------------- */

static bool has_word(const struct rt_entry *entry, const char *word)
{
	if (strcmp(entry->id, word) == 0 || strcasecmp(entry->title, word) == 0)
		return true;
	for (size_t i = 0; i < entry->also.n; i++)
		if (strcasecmp(entry->also.text[i], word) == 0)
			return true;
	return false;
}

static int by_number(const struct rt_page *page, const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);

	return *word && !*end && number >= 1 && (size_t)number <= page->n ? (int)number - 1 : -1;
}

int rt_page_find(const struct rt_page *page, const char *word, struct rt_error *err)
{
	struct rt_suggest suggest;
	char *help;
	int index = by_number(page, word);

	for (size_t i = 0; index < 0 && i < page->n; i++)
		if (has_word(&page->entry[i], word))
			index = (int)i;
	/* "port" is enough for "Port number". */
	for (size_t i = 0; index < 0 && word[0] && i < page->n; i++)
		if (strncasecmp(page->entry[i].title, word, strlen(word)) == 0)
			index = (int)i;
	if (index >= 0)
		return index;
	rt_suggest_init(&suggest, word, strlen(word));
	for (size_t i = 0; i < page->n; i++) {
		rt_suggest_offer(&suggest, page->entry[i].title);
		for (size_t k = 0; k < page->entry[i].also.n; k++)
			rt_suggest_offer(&suggest, page->entry[i].also.text[k]);
	}
	help = rt_suggest_help(&suggest, _("without a word all entries are shown"));
	rt_error_set(err, RT_ERR_USAGE, _("%s has no entry \"%.60s\""), page->id, word);
	rt_error_fix(err, "%s", help);
	free(help);
	return -1;
}

void rt_page_score(const struct rt_page *page, struct rt_str *out)
{
	size_t before = out->len;

	for (size_t i = 0; i < page->n; i++) {
		const char *verdict = page->entry[i].verdict;
		size_t n = 0;
		bool counted = !verdict[0];

		for (size_t k = 0; k < page->n; k++) {
			bool same = strcmp(page->entry[k].verdict, verdict) == 0;

			counted = counted || (same && k < i);
			n += same;
		}
		if (!counted)
			rt_str_addf(out, "%s%zu %s", out->len > before ? "; " : "", n, verdict);
	}
}
