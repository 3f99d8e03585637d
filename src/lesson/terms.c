#include "lesson/terms.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/lines.h"

struct name {
	const char *text; /* of the page */
	size_t len;
	size_t entry;
	bool exact; /* letters large or small count */
	char first; /* its first letter, small: few names have that of the text */
};

struct rt_terms {
	char *text;
	struct name *name;
	size_t n, cap;
	bool begins[UCHAR_MAX + 1]; /* a name begins so, letters large or small */
};

/* SO_REUSEADDR and TIME_WAIT, not "Accept queue". */
static bool is_constant(const char *text)
{
	for (; *text; text++)
		if (*text >= 'a' && *text <= 'z')
			return false;
	return true;
}

static void add(struct rt_terms *terms, const char *text, size_t entry)
{
	unsigned char first = (unsigned char)text[0];

	RT_GROW(terms->name, terms->n, terms->cap);
	terms->name[terms->n++] =
		(struct name){text, strlen(text), entry, is_constant(text), (char)tolower(first)};
	terms->begins[tolower(first)] = terms->begins[toupper(first)] = true;
}

/* What stands behind begin in the line, or NULL. */
static const char *behind(const char *line, const char *begin)
{
	size_t len = strlen(begin);

	return strncmp(line, begin, len) == 0 && line[len] ? line + len : NULL;
}

/* The line opens a block of facts; its fence is of backquotes or of tildes. */
static bool opens_facts(const char *line)
{
	const char *word = line + strspn(line, " `~");

	return strcmp(word, "facts") == 0;
}

/* What it looks for stands in the lines that the parser takes for such, and in no others. */
struct rt_terms *rt_terms_new(char *text)
{
	struct rt_terms *terms = rt_calloc(1, sizeof(*terms));
	struct rt_lines lines = {.next = text, .end = text + strlen(text)};
	enum rt_lines_kind kind;
	const char *line;
	bool facts = false;
	size_t entries = 0, len;

	terms->text = text;
	while (rt_lines_next(&lines, &line, &len, &kind)) {
		const char *title = NULL, *also = NULL;

		/* The end of line becomes the end of a string. */
		text[(size_t)(line - text) + strcspn(line, "\r\n")] = '\0';
		if (!lines.fence)
			facts = false;
		else if (lines.opened)
			facts = opens_facts(line);
		else if (facts)
			also = behind(line, "also ");
		if (kind == RT_LINES_PROSE)
			title = behind(line, "## ");
		if (title && ++entries > RT_PAGE_ENTRIES_MAX)
			break;
		if (entries > 0 && (title || also))
			add(terms, title ? title : also, entries - 1);
	}
	return terms;
}

struct rt_terms *rt_terms_load(const char *path)
{
	struct rt_error ignored;
	size_t len;
	char *text;

	if (rt_lesson_text(path, &text, &len, &ignored) < 0)
		return NULL;
	return rt_terms_new(text);
}

void rt_terms_free(struct rt_terms *terms)
{
	if (!terms)
		return;
	free(terms->name);
	free(terms->text);
	free(terms);
}

/* --- finding ---------------------------------------------------------------------------------- */

static bool is_inside_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

/* How many bytes of text the name takes, 0 where it does not stand there. */
static size_t stands(const struct name *name, const char *text)
{
	size_t len = name->len;

	if (name->exact ? strncmp(text, name->text, len) != 0
			: strncasecmp(text, name->text, len) != 0)
		return 0;
	if (!name->exact && text[len] == 's')
		len++;
	return is_inside_word(text[len]) ? 0 : len;
}

bool rt_terms_next(const struct rt_terms *terms, const char *text, size_t from,
		   struct rt_term *term)
{
	char first;

	for (size_t at = from; text[at]; at++) {
		if (!terms->begins[(unsigned char)text[at]] ||
		    (at > 0 && is_inside_word(text[at - 1])))
			continue;
		*term = (struct rt_term){.at = at};
		first = (char)tolower((unsigned char)text[at]);
		for (size_t i = 0; i < terms->n; i++) {
			size_t len = 0;

			if (terms->name[i].first == first)
				len = stands(&terms->name[i], text + at);
			if (len > term->len)
				*term = (struct rt_term){terms->name[i].entry, at, len};
		}
		if (term->len > 0)
			return true;
	}
	return false;
}

/* --- marking ---------------------------------------------------------------------------------- */

static void add_span(struct rt_para *para, size_t *cap, enum rt_text_style style, const char *text,
		     size_t len)
{
	if (len == 0)
		return;
	RT_GROW(para->span, para->n_spans, *cap);
	para->span[para->n_spans++] = (struct rt_span){style, rt_strndup(text, len)};
}

static void mark_span(const struct rt_terms *terms, const struct rt_span *span,
		      struct rt_para *para, size_t *cap, bool *seen)
{
	size_t done = 0, from = 0;
	struct rt_term term;

	while (span->style != RT_TEXT_CODE && rt_terms_next(terms, span->text, from, &term)) {
		from = term.at + term.len;
		if (seen[term.entry])
			continue;
		seen[term.entry] = true;
		add_span(para, cap, span->style, span->text + done, term.at - done);
		add_span(para, cap, RT_TEXT_TERM, span->text + term.at, term.len);
		done = from;
	}
	add_span(para, cap, span->style, span->text + done, strlen(span->text + done));
}

struct rt_para rt_terms_mark(const struct rt_terms *terms, const struct rt_para *para, bool *seen)
{
	struct rt_para marked = *para;
	size_t cap = 0;

	marked.span = NULL;
	marked.n_spans = 0;
	for (size_t i = 0; i < para->n_spans; i++) {
		const struct rt_span *span = &para->span[i];

		if (para->kind == RT_PARA_CODE || para->kind == RT_PARA_HEADING)
			add_span(&marked, &cap, span->style, span->text, strlen(span->text));
		else
			mark_span(terms, span, &marked, &cap, seen);
	}
	return marked;
}

void rt_terms_fini(struct rt_para *marked)
{
	for (size_t i = 0; i < marked->n_spans; i++)
		free(marked->span[i].text);
	free(marked->span);
	marked->span = NULL;
	marked->n_spans = 0;
}
