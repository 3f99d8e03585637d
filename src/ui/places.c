#include "ui/places.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum {
	PLACES_MAX = 500,
	WORDS_MAX = 8,
	BEFORE = 60, /* bytes of text before what was found */
	BEHIND = 240,
};

/* What can be read of a step: before its calls, and after one of them. */
struct prose {
	char *early, *late;
};

struct entry {
	struct rt_lesson *owned;	/* NULL where another owns it, or it cannot be read */
	const struct rt_lesson *lesson; /* whole, or the front matter alone: without steps */
	struct prose *prose;		/* of its steps */
};

/* An entry of a page, and all that it says as one line. */
struct leaf {
	const struct rt_page *page;
	size_t entry;
	char *text;
};

struct rt_places {
	struct entry *entry;
	size_t n;
	size_t here; /* the open lesson, n for none */
	struct leaf *leaf;
	size_t n_leaves, leaves_cap;
};

/* --- reading ---------------------------------------------------------------------------------- */

/* As one line: blanks and line ends become one blank each. */
static void add_flat(const char *text, struct rt_str *out)
{
	for (; *text; text++) {
		bool blank = isspace((unsigned char)*text);

		if (!blank)
			rt_str_addc(out, *text);
		else if (out->len > 0 && out->s[out->len - 1] != ' ')
			rt_str_addc(out, ' ');
	}
}

static struct prose prose_of(const struct rt_step *step)
{
	struct rt_str early = {0}, late = {0};

	for (size_t i = 0; i < step->n_paras; i++) {
		const struct rt_para *para = &step->para[i];
		struct rt_str *out = para->after_line > step->first_line ? &late : &early;

		add_flat(" ", out);
		for (size_t k = 0; k < para->n_spans; k++)
			add_flat(para->span[k].text, out);
	}
	return (struct prose){rt_str_take(&early), rt_str_take(&late)};
}

static void read_entry(struct entry *entry, const struct rt_lesson *head,
		       const struct rt_lesson *open)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error ignored;

	entry->owned = open ? NULL : rt_lesson_load(head->path, &mistakes, &ignored);
	entry->lesson = open ? open : entry->owned ? entry->owned : head;
	entry->prose = rt_calloc(entry->lesson->n_steps, sizeof(entry->prose[0]));
	for (size_t i = 0; i < entry->lesson->n_steps; i++)
		entry->prose[i] = prose_of(&entry->lesson->step[i]);
	rt_mistakes_fini(&mistakes);
}

struct rt_places *rt_places_new(const struct rt_catalog *catalog, const struct rt_lesson *open,
				size_t index)
{
	struct rt_places *places = rt_calloc(1, sizeof(*places));

	places->n = catalog->n;
	places->here = open ? index : catalog->n;
	places->entry = rt_calloc(catalog->n, sizeof(places->entry[0]));
	for (size_t i = 0; i < catalog->n; i++)
		read_entry(&places->entry[i], catalog->head[i], i == places->here ? open : NULL);
	return places;
}

static char *text_of(const struct rt_entry *entry)
{
	struct rt_str text = {0};

	for (size_t i = 0; i < entry->n_paras; i++) {
		add_flat(" ", &text);
		for (size_t k = 0; k < entry->para[i].n_spans; k++)
			add_flat(entry->para[i].span[k].text, &text);
		for (size_t k = 0;
		     entry->para[i].table &&
		     k < entry->para[i].table->n_rows * entry->para[i].table->n_columns;
		     k++) {
			add_flat(" ", &text);
			add_flat(entry->para[i].table->cell[k], &text);
		}
	}
	return rt_str_take(&text);
}

void rt_places_add_page(struct rt_places *places, const struct rt_page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		RT_GROW(places->leaf, places->n_leaves, places->leaves_cap);
		places->leaf[places->n_leaves++] = (struct leaf){page, i, text_of(&page->entry[i])};
	}
}

void rt_places_free(struct rt_places *places)
{
	if (!places)
		return;
	for (size_t i = 0; i < places->n_leaves; i++)
		free(places->leaf[i].text);
	free(places->leaf);
	for (size_t i = 0; i < places->n; i++) {
		for (size_t k = 0; k < places->entry[i].lesson->n_steps; k++) {
			free(places->entry[i].prose[k].early);
			free(places->entry[i].prose[k].late);
		}
		free(places->entry[i].prose);
		rt_lesson_free(places->entry[i].owned);
	}
	free(places->entry);
	free(places);
}

const struct rt_lesson *rt_places_lesson(const struct rt_places *places, size_t index)
{
	return places->entry[index].lesson;
}

/* --- what was found --------------------------------------------------------------------------- */

void rt_found_fini(struct rt_found *found)
{
	for (size_t i = 0; i < found->n; i++)
		free(found->place[i].words);
	free(found->place);
	*found = (struct rt_found){0};
}

/* Once each: a step whose title has the words is not found again by its text. */
static struct rt_place *add_place(struct rt_found *found, size_t lesson, int step)
{
	for (size_t i = 0; i < found->n; i++)
		if (!found->place[i].page && found->place[i].lesson == lesson &&
		    found->place[i].step == step)
			return NULL;
	if (found->n >= PLACES_MAX)
		return NULL;
	RT_GROW(found->place, found->n, found->cap);
	found->place[found->n] = (struct rt_place){.lesson = lesson, .step = step};
	return &found->place[found->n++];
}

static struct rt_place *add_leaf(struct rt_found *found, const struct leaf *leaf)
{
	for (size_t i = 0; i < found->n; i++)
		if (found->place[i].page == leaf->page && found->place[i].entry == leaf->entry)
			return NULL;
	if (found->n >= PLACES_MAX)
		return NULL;
	RT_GROW(found->place, found->n, found->cap);
	found->place[found->n] = (struct rt_place){
		.page = leaf->page, .entry = leaf->entry, .step = RT_WHOLE_LESSON};
	return &found->place[found->n++];
}

static bool is_inside(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Cuts the words around at out of text, at blanks where there are any, never inside a character. */
static void quote(struct rt_place *place, const char *text, const char *at, size_t len)
{
	size_t where = (size_t)(at - text), from = where > BEFORE ? where - BEFORE : 0;
	size_t to = where + len + BEHIND, size = strlen(text);
	const char *blank = from ? memchr(text + from, ' ', where - from) : NULL;
	struct rt_str words = {0};

	if (blank)
		from = (size_t)(blank - text) + 1;
	while (from < where && is_inside((unsigned char)text[from]))
		from++;
	to = to < size ? to : size;
	while (to < size && is_inside((unsigned char)text[to]))
		to++;
	if (from)
		rt_str_add(&words, "... ");
	place->at = words.len + where - from;
	place->len = len;
	rt_str_addn(&words, text + from, to - from);
	if (to < size)
		rt_str_add(&words, " ...");
	place->words = rt_str_take(&words);
}

/* --- searching -------------------------------------------------------------------------------- */

struct words {
	char *copy;
	char *word[WORDS_MAX];
	size_t n;
};

static struct words split(const char *text)
{
	struct words words = {.copy = rt_strdup(text)};
	char *rest = words.copy, *word;

	while (words.n < WORDS_MAX && (word = strtok_r(rest, " ", &rest)))
		words.word[words.n++] = word;
	return words;
}

/* Whether each word stands in one of the texts. */
static bool has_all(const struct words *words, const char *const *text, size_t n)
{
	for (size_t i = 0; i < words->n; i++) {
		bool has = false;

		for (size_t k = 0; k < n && !has; k++)
			has = strcasestr(text[k], words->word[i]) != NULL;
		if (!has)
			return false;
	}
	return true;
}

/* The first word that stands in the text before the calls is shown there. */
static void quote_first(struct rt_place *place, const struct prose *prose,
			const struct words *words)
{
	for (size_t i = 0; i < words->n; i++) {
		const char *at = strcasestr(prose->early, words->word[i]);

		if (at) {
			quote(place, prose->early, at, strlen(words->word[i]));
			return;
		}
	}
	place->after_calls = true;
}

static void search_text(const struct rt_places *places, size_t lesson, const struct words *words,
			struct rt_found *found)
{
	const struct entry *entry = &places->entry[lesson];

	for (size_t i = 0; i < entry->lesson->n_steps; i++) {
		const struct rt_step *step = &entry->lesson->step[i];
		const struct prose *prose = &entry->prose[i];
		struct rt_place *place;

		if (!has_all(words, (const char *[]){step->title, prose->early, prose->late}, 3))
			continue;
		place = add_place(found, lesson, (int)i);
		if (place)
			quote_first(place, prose, words);
	}
}

static void search_titles(const struct rt_places *places, size_t lesson, const struct words *words,
			  struct rt_found *found)
{
	const struct rt_lesson *whole = places->entry[lesson].lesson;

	for (size_t i = 0; i < whole->n_steps; i++)
		if (has_all(words, (const char *[]){whole->step[i].id, whole->step[i].title}, 2))
			(void)add_place(found, lesson, (int)i);
}

static bool lesson_has(const struct rt_lesson *lesson, const struct words *words)
{
	return has_all(words, (const char *[]){lesson->id, lesson->title, lesson->question}, 3);
}

/* A term of which that is the beginning: who types it wants to know what it is. */
static void search_names(const struct rt_places *places, const char *text, struct rt_found *found)
{
	size_t skip = strspn(text, " "), len = strlen(text + skip);

	for (size_t i = 0; len > 0 && i < places->n_leaves; i++) {
		const struct leaf *leaf = &places->leaf[i];
		const struct rt_entry *entry = &leaf->page->entry[leaf->entry];
		bool begins = strncasecmp(entry->title, text + skip, len) == 0;

		for (size_t k = 0; k < entry->also.n; k++)
			begins = begins || strncasecmp(entry->also.text[k], text + skip, len) == 0;
		if (begins)
			(void)add_leaf(found, leaf);
	}
}

static void search_leaves(const struct rt_places *places, const struct words *words,
			  struct rt_found *found)
{
	for (size_t i = 0; words->n > 0 && i < places->n_leaves; i++) {
		const struct leaf *leaf = &places->leaf[i];
		const struct rt_entry *entry = &leaf->page->entry[leaf->entry];
		struct rt_place *place;
		const char *at = NULL;

		if (!has_all(words, (const char *[]){entry->title, leaf->text}, 2))
			continue;
		place = add_leaf(found, leaf);
		for (size_t k = 0; place && !at && k < words->n; k++) {
			at = strcasestr(leaf->text, words->word[k]);
			if (at)
				quote(place, leaf->text, at, strlen(words->word[k]));
		}
	}
}

void rt_places_search(const struct rt_places *places, const char *text, struct rt_found *found)
{
	struct words words = split(text);

	rt_found_fini(found);
	search_names(places, text, found);
	for (size_t i = 0; words.n > 0 && i < places->n; i++)
		if (lesson_has(places->entry[i].lesson, &words))
			(void)add_place(found, i, RT_WHOLE_LESSON);
	for (size_t i = 0; words.n > 0 && i < places->n; i++)
		search_titles(places, i, &words, found);
	for (size_t i = 0; words.n > 0 && i < places->n; i++)
		search_text(places, i, &words, found);
	search_leaves(places, &words, found);
	free(words.copy);
}

/* --- by number or name ------------------------------------------------------------------------ */

/* Whether text, as far as it was typed, is the beginning of that number. */
static bool begins_number(size_t number, const char *typed)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%zu", number);
	return strncmp(digits, typed, strlen(typed)) == 0;
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static void go_to_steps(const struct rt_places *places, size_t lesson, const char *typed,
			struct rt_found *found)
{
	const struct rt_lesson *whole = places->entry[lesson].lesson;
	struct words words = split(typed);

	for (size_t i = 0; i < whole->n_steps; i++) {
		const struct rt_step *step = &whole->step[i];

		if (is_number(typed) ? begins_number(i + 1, typed)
				     : has_all(&words, (const char *[]){step->id, step->title}, 2))
			(void)add_place(found, lesson, (int)i);
	}
	free(words.copy);
}

static void go_to_lessons(const struct rt_places *places, const char *typed, struct rt_found *found)
{
	struct words words = split(typed);

	for (size_t i = 0; i < places->n; i++)
		if (is_number(typed) ? begins_number(i + 1, typed)
				     : lesson_has(places->entry[i].lesson, &words))
			(void)add_place(found, i, RT_WHOLE_LESSON);
	free(words.copy);
}

/* "3:4" and "time-wait:trap": the lesson stands before the colon. */
static void go_by_colon(const struct rt_places *places, const char *typed, const char *colon,
			struct rt_found *found)
{
	char *lesson = rt_strndup(typed, (size_t)(colon - typed));

	for (size_t i = 0; i < places->n; i++) {
		const char *id = places->entry[i].lesson->id;

		if (is_number(lesson) ? strtoul(lesson, NULL, 10) == i + 1
				      : strncmp(id, lesson, strlen(lesson)) == 0)
			go_to_steps(places, i, colon + 1, found);
	}
	free(lesson);
}

void rt_places_go(const struct rt_places *places, const char *typed, struct rt_found *found)
{
	const char *colon = strchr(typed, ':');

	rt_found_fini(found);
	if (colon)
		go_by_colon(places, typed, colon, found);
	if (places->here < places->n)
		go_to_steps(places, places->here, typed, found);
	go_to_lessons(places, typed, found);
	/* A name, not a number: what other lessons call a step. */
	for (size_t i = 0; *typed && !is_number(typed) && i < places->n; i++)
		go_to_steps(places, i, typed, found);
}
