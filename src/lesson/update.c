#include "lesson/update.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/reader.h"

void rt_update_fini(struct rt_update *update)
{
	for (size_t i = 0; i < update->n; i++) {
		free(update->line[i].before);
		free(update->line[i].after);
	}
	free(update->line);
	rt_str_fini(&update->text);
	memset(update, 0, sizeof(*update));
}

/* The file, and what was read from it. */
struct source {
	struct rt_reader reader; /* for its lines alone */
	const struct rt_lesson *lesson;
};

/* --- one result ------------------------------------------------------------------------------- */

/* Whether the file has `port` behind a colon somewhere: then its author chose it. */
static bool names_port(const struct source *source, const char *port)
{
	const char *s = source->reader.text, *end = s + source->reader.len;
	size_t len = strlen(port);

	for (; (s = memmem(s, (size_t)(end - s), port, len)); s++) {
		bool whole = s + len == end || !isdigit((unsigned char)s[len]);

		if (whole && s > source->reader.text && s[-1] == ':')
			return true;
	}
	return false;
}

/* The result as it can be stated: a port that the kernel chose is another one next time. */
static void add_result(const struct source *source, const struct rt_line *line, const char *result,
		       struct rt_str *out)
{
	const char *colon = strrchr(result, ':');
	bool is_address = rt_call_spec(line->call.id)->gives == RT_GIVES_ADDR && colon;

	if (!is_address || !isdigit((unsigned char)colon[1]) || names_port(source, colon + 1)) {
		rt_str_add(out, result);
		return;
	}
	rt_str_addn(out, result, (size_t)(colon + 1 - result));
	rt_str_addc(out, '*');
}

/* --- one line --------------------------------------------------------------------------------- */

static size_t end_of_blanks(struct rt_word text, size_t at)
{
	while (at < text.len && text.s[at] == ' ')
		at++;
	return at;
}

/*
 * Where `=` stands in the first line of the same step that states a result, if this call has room
 * for it there; else one blank behind the call.
 */
static size_t column_of_equals(const struct source *source, const struct rt_line *line)
{
	const struct rt_lesson *lesson = source->lesson;

	for (size_t i = 0; i < lesson->n_lines; i++) {
		const struct rt_line *other = &lesson->line[i];
		struct rt_word text = rt_reader_line(&source->reader, other->number);
		size_t at = end_of_blanks(text, other->call_end);

		if (other->step == line->step && other->result_end > other->result_at &&
		    text.s[at] == '=' && at > line->call_end)
			return at;
	}
	return line->call_end + 1;
}

static void pad(struct rt_str *out, size_t to)
{
	while (out->len < to)
		rt_str_addc(out, ' ');
}

/* The line with another result; label and comment stay in their columns where there is room. */
static char *change(const struct source *source, const struct rt_line *line, const char *result)
{
	struct rt_word text = rt_reader_line(&source->reader, line->number);
	size_t rest = end_of_blanks(text, line->result_end);
	struct rt_str out = {0};

	if (line->result_end > line->result_at) {
		rt_str_addn(&out, text.s, line->result_at);
	} else {
		rt_str_addn(&out, text.s, line->call_end);
		pad(&out, column_of_equals(source, line));
		rt_str_add(&out, "= ");
	}
	add_result(source, line, result, &out);
	if (rest < text.len) {
		/* Tabs stay as they are: behind them there is no column to keep. */
		if (rest > line->result_end)
			pad(&out, out.len < rest ? rest : out.len + 1);
		rt_str_addn(&out, text.s + rest, text.len - rest);
	}
	return rt_str_take(&out);
}

/* --- the file --------------------------------------------------------------------------------- */

static const struct rt_line *line_of(const struct rt_lesson *lesson, int number)
{
	for (size_t i = 0; i < lesson->n_lines; i++)
		if (lesson->line[i].number == number)
			return &lesson->line[i];
	return NULL;
}

static void add_line(const struct source *source, const struct rt_check *check,
		     struct rt_update *update)
{
	const struct rt_line *line = line_of(source->lesson, check->number);
	struct rt_word text = rt_reader_line(&source->reader, check->number);

	if (check->passed || !check->result || !line)
		return;
	RT_GROW(update->line, update->n, update->cap);
	update->line[update->n++] =
		(struct rt_update_line){.number = check->number,
					.before = rt_strndup(text.s, text.len),
					.after = change(source, line, check->result)};
}

void rt_update_make(const char *text, size_t len, const struct rt_lesson *lesson,
		    const struct rt_checks *checks, struct rt_update *update)
{
	struct source source = {.lesson = lesson};
	struct rt_mistakes none = {0};
	size_t at = 0;

	memset(update, 0, sizeof(*update));
	rt_reader_init(&source.reader, text, len, "", &none);
	for (size_t i = 0; i < checks->n; i++)
		add_line(&source, &checks->check[i], update);
	for (size_t i = 0; i < update->n; i++) {
		const struct rt_update_line *line = &update->line[i];
		size_t from = rt_reader_offset(&source.reader, line->number);

		rt_str_addn(&update->text, text + at, from - at);
		rt_str_add(&update->text, line->after);
		at = from + strlen(line->before);
	}
	if (update->n > 0)
		rt_str_addn(&update->text, text + at, len - at);
	rt_reader_fini(&source.reader);
}

/* --- as people read it ------------------------------------------------------------------------ */

static void add_harmless(const char *mark, const char *text, struct rt_str *out)
{
	char *shown = rt_text_harmless(text, strlen(text));

	rt_str_addf(out, "%s%s\n", mark, shown);
	free(shown);
}

void rt_update_format(const struct rt_update *update, const char *path, struct rt_str *out)
{
	add_harmless("--- ", path, out);
	for (size_t i = 0; i < update->n; i++) {
		const struct rt_update_line *line = &update->line[i];

		rt_str_addf(out, _("@@ line %d @@\n"), line->number);
		add_harmless("-", line->before, out);
		add_harmless("+", line->after, out);
	}
}
