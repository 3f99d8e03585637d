/*
 * A page: text of the course that is no lesson. The article claim by claim, what to put in one's
 * code, the glossary. Its file is lessons/pages/ID.md, read as a lesson's prose is; a level-2
 * heading begins an entry. Which pages there are stands in pages.def.
 *
 *	## TIME_WAIT
 *
 *	The state of the end that closed first ...
 *
 *	```facts
 *	also TIME-WAIT
 *	source tcp(7)
 *	see time-wait:both@both = 0
 *	```
 *
 * `see` names a step, and with @LABEL = RESULT what its line must give for the entry to be right:
 * `check` holds it against the kernel.
 */
#ifndef RT_LESSON_PAGE_H
#define RT_LESSON_PAGE_H

#include "lesson/catalog.h"

enum { RT_PAGE_ENTRIES_MAX = RT_LESSON_STEPS_MAX };

/* What each entry of a page must have. */
enum { RT_HAS_VERDICT = 1, RT_HAS_RESULT = 2, RT_HAS_SOURCE = 4 };

struct rt_page_spec {
	const char *id;
	unsigned needs; /* RT_HAS_..., joined */
	const char *help;
};

/* One `see`. */
struct rt_see {
	char *lesson, *step;
	char *label, *result; /* "" for none: they come together */
	int number;	      /* of its line in the file, */
	size_t at;	      /* and where in it the place begins */
	char *text;	      /* that line */
	/* After rt_page_link(): index in the catalog, and titles; -1 and NULL where it is missing. */
	int index;
	char *lesson_title, *step_title;
};

/* A table: row 0 is its heading. A cell behind the first is "-" or ends with its sources, "[1]". */
struct rt_table {
	char **cell; /* n_rows times n_columns */
	size_t n_columns, n_rows;
	char **source; /* of [1], [2] ... */
	size_t n_sources;
};

struct rt_texts {
	char **text;
	size_t n, cap;
};

struct rt_entry {
	char *id; /* made of its title: small letters, digits, hyphens */
	char *title;
	char *verdict; /* "" for none */
	struct rt_para *para;
	size_t n_paras;
	struct rt_texts also; /* other words for its title */
	struct rt_texts source;
	struct rt_see *see;
	size_t n_sees, sees_cap;
	int number; /* line of its heading in the file */
};

struct rt_page {
	char *path;
	char *id, *title, *question;
	struct rt_para *intro; /* what stands before the first entry */
	size_t n_intro;
	struct rt_entry *entry;
	size_t n;
};

/* The rows of pages.def, in their order. */
const struct rt_page_spec *rt_page_specs(size_t *n);

/* The row of that id, or NULL. */
const struct rt_page_spec *rt_page_spec(const char *id);

/*
 * Reads a page: NULL with err, and with *mistakes where these are why, as rt_lesson_load() does.
 * The caller frees the page, and the mistakes in either case.
 */
struct rt_page *rt_page_load(const char *path, struct rt_mistakes *mistakes, struct rt_error *err);

/* The same from len bytes of text; spec says what entries must have, NULL: nothing. */
struct rt_page *rt_page_parse(const char *text, size_t len, const char *path,
			      const struct rt_page_spec *spec, struct rt_mistakes *mistakes,
			      struct rt_error *err);

/* The file of the page of that id, beside the lessons of the catalog. The caller frees the path. */
char *rt_page_path(const struct rt_catalog *catalog, const char *id);

/* Whether path is in a folder `pages`: then it is no lesson. */
bool rt_page_is_path(const char *path);

void rt_page_free(struct rt_page *page);
void rt_table_free(struct rt_table *table);

/*
 * Looks up what each `see` names, and fills in its titles. What is missing, or cannot be what the
 * line gives, is added to *mistakes, which may be NULL. Returns 0, or -1 where something was.
 */
int rt_page_link(struct rt_page *page, const struct rt_catalog *catalog,
		 struct rt_mistakes *mistakes);

/*
 * The entry of that number from 1, id, title, other word or beginning of a title, letters large or
 * small; -1 with err ("no entry ..."; did you mean ...).
 */
int rt_page_find(const struct rt_page *page, const char *word, struct rt_error *err);

/* "4 times true, 2 times ...": the verdicts, counted. Adds nothing where there are none. */
void rt_page_score(const struct rt_page *page, struct rt_str *out);

#endif
