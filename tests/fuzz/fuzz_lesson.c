/*
 * Fuzzing of what reads a stranger's bytes: a lesson file, and each of its lines as a line of
 * script.
 *
 * With libFuzzer:    clang -fsanitize=fuzzer,address,undefined -DRT_LIBFUZZER ...; ./fuzz_lesson
 * corpus Without:           ./fuzz_lesson FILE...      reads each file once, for `make check`
 *
 * Beside crashes it looks for broken promises: a mistake has a place and harmless text, at most
 * RT_LESSON_ERRORS_MAX are found, a line that was understood is understood again from its
 * normalised form, and that form is the same then.
 */
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/page.h"
#include "lesson/script.h"
#include "lesson/terms.h"
#include "lesson/variant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static void check_text(const char *text)
{
	size_t len = strlen(text), n;
	uint32_t c;

	for (; (n = rt_utf8_next(text, len, &c)) > 0; text += n, len -= n)
		MUST(c != RT_REPLACEMENT || n == 3);
}

static void check_mistake(const struct rt_mistake *mistake)
{
	MUST(mistake->column >= 1);
	MUST(mistake->what && mistake->what[0]);
	check_text(mistake->what);
	check_text(mistake->help);
	check_text(mistake->text);
}

static void format(const struct rt_line *line, struct rt_str *out)
{
	rt_line_format(line, out);
	if (line->kind == RT_LINE_CALL && line->want.kind != RT_WANT_SUCCESS) {
		rt_str_add(out, " = ");
		rt_want_format(&line->want, out);
	}
}

/* Names are checked against a scope of their own, which holds what the lines before made of it. */
static void check_again(const struct rt_line *line, struct rt_scope *scope)
{
	struct rt_str once = {0}, twice = {0};
	struct rt_mistake mistake;
	struct rt_line again;
	int result;

	format(line, &once);
	result = rt_script_parse(rt_str_text(&once), once.len, scope, &again, &mistake);
	if (result < 0)
		fprintf(stderr, "%s\n%s\n", rt_str_text(&once), mistake.what);
	MUST(result == 1);
	format(&again, &twice);
	MUST(strcmp(rt_str_text(&once), rt_str_text(&twice)) == 0);
	rt_line_fini(&again);
	rt_str_fini(&once);
	rt_str_fini(&twice);
}

static void check_lines(const char *text, size_t size)
{
	struct rt_scope *scope = rt_scope_new(), *mirror = rt_scope_new();
	const char *end = text + size, *next;

	for (int number = 1; text < end; text = next, number++) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		struct rt_mistake mistake;
		struct rt_line line;
		int result;

		next = stop ? stop + 1 : end;
		rt_scope_set_line(scope, number);
		result = rt_script_parse(text, (size_t)((stop ? stop : end) - text), scope, &line,
					 &mistake);
		if (result == 1) {
			check_again(&line, mirror);
			rt_line_fini(&line);
		} else if (result == -1) {
			check_mistake(&mistake);
			rt_mistake_fini(&mistake);
		}
	}
	rt_scope_free(scope);
	rt_scope_free(mirror);
}

static void check_lesson(const char *text, size_t size)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_lesson *lesson = rt_lesson_parse(text, size, "fuzz.md", &mistakes, &err);
	struct rt_str out = {0};

	MUST(lesson ? mistakes.n == 0 : err.kind == RT_ERR_LESSON);
	MUST(mistakes.n <= RT_LESSON_ERRORS_MAX);
	for (size_t i = 0; i < mistakes.n; i++) {
		MUST(mistakes.mistake[i].line >= 1);
		check_mistake(&mistakes.mistake[i]);
	}
	rt_mistakes_format(&mistakes, "fuzz.md", &out);
	check_text(rt_str_text(&out));
	for (size_t i = 0; lesson && i < lesson->n_predicts; i++) {
		MUST(lesson->predict[i].line < lesson->n_lines);
		MUST(lesson->predict[i].ask && lesson->predict[i].n_choices >= 2);
		for (size_t j = 0; j < lesson->predict[i].n_choices; j++)
			MUST(lesson->predict[i].choice[j].why && lesson->predict[i].choice[j].text);
	}
	rt_str_fini(&out);
	rt_mistakes_fini(&mistakes);
	rt_lesson_free(lesson);
}

static void check_page(const char *text, size_t size)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_page *page = rt_page_parse(text, size, "fuzz.md", NULL, &mistakes, &err);

	MUST(page ? mistakes.n == 0 : err.kind == RT_ERR_LESSON);
	for (size_t i = 0; i < mistakes.n; i++)
		check_mistake(&mistakes.mistake[i]);
	for (size_t i = 0; page && i < page->n; i++)
		MUST(page->entry[i].title[0] && page->entry[i].n_paras > 0);
	rt_mistakes_fini(&mistakes);
	rt_page_free(page);
}

/* Terms are found by lines, so there may be others than entries; each is inside the text. */
static void check_terms(const char *text, size_t size)
{
	char *copy = rt_strndup(text, size);
	size_t len = strlen(copy);
	struct rt_terms *terms = rt_terms_new(rt_strdup(copy));
	struct rt_term term = {0};

	for (size_t at = 0; rt_terms_next(terms, copy, at, &term); at = term.at + term.len) {
		MUST(term.at >= at && term.len > 0 && term.at + term.len <= len);
		MUST(term.entry < RT_PAGE_ENTRIES_MAX);
	}
	rt_terms_free(terms);
	free(copy);
}

/* The same seed gives the same instance, and a lesson stays one, whatever ports it gets. */
static void check_variant(const char *text, size_t size)
{
	struct rt_str once = {0}, twice = {0};

	rt_variant_rewrite(text, size, 1, &once);
	rt_variant_rewrite(text, size, 1, &twice);
	MUST(once.len == twice.len && memcmp(once.s, twice.s, once.len) == 0);
	check_lesson(rt_str_text(&once), once.len);
	rt_str_fini(&once);
	rt_str_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	check_lesson((const char *)data, size);
	check_lines((const char *)data, size);
	check_page((const char *)data, size);
	check_terms((const char *)data, size);
	if (size > 0)
		check_variant((const char *)data, size);
	return 0;
}

#ifndef RT_LIBFUZZER
int main(int argc, char **argv)
{
	enum { BYTES_MAX = 16 * 1024 * 1024 };
	char *data = malloc(BYTES_MAX);
	int done = 0;

	if (!data)
		return 1;
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rbe");
		size_t len;

		if (!file) {
			perror(argv[i]);
			free(data);
			return 1;
		}
		len = fread(data, 1, BYTES_MAX, file);
		fclose(file);
		LLVMFuzzerTestOneInput((const uint8_t *)data, len);
		done++;
	}
	free(data);
	printf("%d files read\n", done);
	return done > 0 ? 0 : 1;
}
#endif
