#include "lesson/draft_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/check.h"

enum { RESULT_COLUMN = 40 };

/* --- reading ---------------------------------------------------------------------------------- */

char *rt_draft_read_line(FILE *in)
{
	struct rt_str line = {0};
	int c = getc(in);

	if (c == EOF)
		return NULL;
	for (; c != EOF && c != '\n'; c = getc(in))
		if (line.len < RT_DRAFT_LINE_MAX)
			/* Nothing of a line may hide behind a NUL. */
			rt_str_addc(&line, c ? (char)c : '\1');
	if (line.len > 0 && line.s[line.len - 1] == '\r')
		line.s[--line.len] = '\0';
	return rt_str_take(&line);
}

static int load_lesson(struct rt_draft *draft, const char *path, struct rt_mistakes *mistakes,
		       struct rt_error *err)
{
	struct rt_lesson *lesson = rt_lesson_load(path, mistakes, err);

	if (!lesson)
		return -1;
	rt_draft_take(draft, lesson, 0, lesson->n_lines);
	rt_lesson_free(lesson);
	return 0;
}

static void load_line(struct rt_draft *draft, const char *text, int number,
		      struct rt_mistakes *mistakes)
{
	struct rt_mistake mistake;

	rt_draft_number(draft, number);
	if (rt_draft_insert(draft, rt_draft_count(draft), text, &mistake) >= 0)
		return;
	if (mistakes->n == RT_LESSON_ERRORS_MAX) {
		rt_mistake_fini(&mistake);
		return;
	}
	mistake.line = number;
	RT_GROW(mistakes->mistake, mistakes->n, mistakes->cap);
	mistakes->mistake[mistakes->n++] = mistake;
}

static int load_lines(struct rt_draft *draft, const char *path, const char *text,
		      struct rt_mistakes *mistakes, struct rt_error *err)
{
	char *copy = rt_strdup(text), *line = copy, *next;
	int number = 1;

	for (; line && *line; line = next, number++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		load_line(draft, line, number, mistakes);
	}
	free(copy);
	if (mistakes->n == 0)
		return 0;
	return rt_error_set(err, RT_ERR_LESSON,
			    P_("%.200s has %zu mistake", "%.200s has %zu mistakes", mistakes->n),
			    path, mistakes->n);
}

int rt_draft_load(struct rt_draft *draft, const char *path, struct rt_mistakes *mistakes,
		  struct rt_error *err)
{
	char *text;
	size_t len;
	int result;

	memset(mistakes, 0, sizeof(*mistakes));
	if (rt_lesson_text(path, &text, &len, err) < 0)
		return -1;
	for (size_t i = 0; i < len; i++)
		if (!text[i])
			text[i] = '\1';
	if (strncmp(text, "---", 3) == 0 || strncmp(text, "\xef\xbb\xbf---", 6) == 0)
		result = load_lesson(draft, path, mistakes, err);
	else
		result = load_lines(draft, path, text, mistakes, err);
	free(text);
	return result;
}

/* --- what a line states ----------------------------------------------------------------------- */

/* Whether a line of the draft has `port` behind a colon: then a person chose it. */
static bool names_port(const struct rt_draft *draft, const char *port)
{
	size_t len = strlen(port);

	for (size_t i = 0; i < rt_draft_count(draft); i++) {
		const char *text = rt_draft_line(draft, i)->text;

		for (const char *s = text; (s = strstr(s, port)); s++)
			if (s > text && s[-1] == ':' && !isdigit((unsigned char)s[len]))
				return true;
	}
	return false;
}

static bool is_success(const struct rt_line *line, const struct rt_outcome *outcome)
{
	enum rt_call_result gives = rt_call_spec(line->call.id)->gives;

	return !line->call.repeat && outcome->err == 0 &&
	       (outcome->how == RT_REPLACED ||
		(outcome->how == RT_DONE &&
		 (gives == RT_GIVES_ZERO || gives == RT_GIVES_FD || gives == RT_GIVES_ACTOR)));
}

/*
 * Adds "= EADDRINUSE"; nothing where it succeeded, or was not run because this machine cannot.
 * False where it cannot be stated.
 */
static bool add_result(const struct rt_draft *draft, const struct rt_line *line,
		       const struct rt_outcome *outcome, struct rt_str *out)
{
	bool stopped = outcome->how == RT_RESUMED || outcome->how == RT_KILLED;
	char *result, *colon;

	if (outcome->how == RT_RECORDED)
		return true;
	if (line->kind == RT_LINE_EXPECT)
		return outcome->as_wanted;
	if (is_success(line, outcome))
		return true;
	/* `check` judges a call when it was made: that it blocked. */
	if (stopped && !line->call.repeat) {
		rt_str_add(out, "= blocks");
		return true;
	}
	result = rt_check_result(line, outcome);
	if (!result)
		return false;
	colon = strrchr(result, ':');
	if (rt_call_spec(line->call.id)->gives == RT_GIVES_ADDR && colon &&
	    isdigit((unsigned char)colon[1]) && !names_port(draft, colon + 1))
		strcpy(colon + 1, "*");
	rt_str_addf(out, "= %s", result);
	free(result);
	return true;
}

static void add_line(const struct rt_draft *draft, const struct rt_line *line,
		     const struct rt_outcome *outcome, struct rt_str *out)
{
	struct rt_str text = {0}, result = {0};

	rt_line_format(line, &text);
	if (add_result(draft, line, outcome, &result)) {
		rt_str_add(out, text.s);
		if (result.len || line->comment)
			rt_str_addf(out, "%*s",
				    rt_columns(text.s, text.len) < RESULT_COLUMN
					    ? RESULT_COLUMN - rt_columns(text.s, text.len)
					    : 1,
				    "");
		rt_str_add(out, rt_str_text(&result));
		if (line->comment)
			rt_str_addf(out, "%s# %s", result.len ? "  " : "", line->comment);
	} else {
		rt_str_addf(out, _("# not so, or not run: %s"), text.s);
	}
	rt_str_addc(out, '\n');
	rt_str_fini(&text);
	rt_str_fini(&result);
}

/* --- the file --------------------------------------------------------------------------------- */

static void add_front(const char *id, struct rt_str *out)
{
	rt_str_addf(out, "---\nid: %s\n", id);
	rt_str_add(out, _("title: \"A tape of the playground\"\n"
			  "minutes: 1\n"
			  "question: \"What does the kernel say?\"\n"
			  "belief: \"What many believe, and what this shows to be otherwise.\"\n"));
	rt_str_add(out, "---\n\n");
	rt_str_add(out, _("## What was tried\n"));
	rt_str_add(out, "<!-- step: tried -->\n");
}

/* All that the lines need, as needs of the step: what one line lacks, those below it lack too. */
static void add_gates(const struct rt_lesson *lesson, struct rt_str *out)
{
	struct rt_gates all = {0};
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);

	for (size_t i = 0; i < lesson->n_lines; i++)
		rt_gates_add(&all, &lesson->line[i].gates);
	for (size_t i = 0; i < n; i++)
		if (all.features & UINT32_C(1) << i)
			rt_str_addf(out, "<!-- when: %s -->\n", table[i].word);
	if (all.version)
		rt_str_addf(out, "<!-- when: linux >= %u.%u -->\n", all.version >> 16,
			    all.version & 0xffff);
}

static void add_script(struct rt_draft *draft, const struct rt_engine *engine, struct rt_str *out)
{
	const struct rt_lesson *lesson = rt_draft_lesson(draft, NULL);

	rt_str_add(out, "```lab\n");
	for (size_t i = 0; i < rt_draft_count(draft); i++) {
		const struct rt_draft_line *line = rt_draft_line(draft, i);

		if (line->kind == RT_DRAFT_SCRIPT)
			add_line(draft, &lesson->line[line->index],
				 rt_engine_outcome(engine, line->index), out);
		else if (line->kind == RT_DRAFT_FRESH)
			rt_str_add(out, "```\n\n```lab fresh\n");
		else if (line->kind == RT_DRAFT_REMARK)
			rt_str_addf(out, "%s\n", line->text);
	}
	rt_str_add(out, "```\n");
}

void rt_draft_lesson_text(struct rt_draft *draft, const struct rt_engine *engine, const char *id,
			  struct rt_str *out)
{
	add_front(id, out);
	add_gates(rt_draft_lesson(draft, NULL), out);
	rt_str_addc(out, '\n');
	rt_str_add(out,
		   _("<!-- Explain here what a learner should look at, and below the calls what "
		     "was to be seen.\nreuse-tutor-lesson(5) describes the language. -->\n\n"));
	rt_str_add(out, _("These calls were typed in the playground.\n\n"));
	add_script(draft, engine, out);
}

int rt_draft_save(struct rt_draft *draft, const struct rt_engine *engine, const char *id,
		  struct rt_error *err)
{
	struct rt_mistakes mistakes = {0};
	struct rt_str name = {0}, text = {0};
	struct rt_lesson *lesson;
	int result = -1;

	if (!rt_lesson_is_id(id)) {
		rt_error_set(err, RT_ERR_USAGE, _("\"%.64s\" cannot be the id of a lesson"), id);
		return rt_error_fix(err, "%s",
				    _("an id has small letters, digits and hyphens, as in: save "
				      "my-lesson"));
	}
	if (rt_engine_position(engine) < rt_draft_lesson(draft, NULL)->n_lines ||
	    rt_draft_lesson(draft, NULL)->n_lines == 0)
		return rt_error_set(err, RT_ERR_USAGE,
				    _("there is nothing to save before the lines have run"));
	rt_str_addf(&name, "%s.md", id);
	rt_draft_lesson_text(draft, engine, id, &text);
	lesson = rt_lesson_parse(text.s, text.len, name.s, &mistakes, err);
	if (lesson)
		result = rt_write_new(name.s, text.s, text.len, err);
	else if (mistakes.n > 0)
		rt_error_why(err, "%.200s", mistakes.mistake[0].what);
	rt_lesson_free(lesson);
	rt_mistakes_fini(&mistakes);
	rt_str_fini(&name);
	rt_str_fini(&text);
	return result;
}
