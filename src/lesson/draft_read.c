/* From the lines of a draft to its lesson: each is read in the scope of those above it. */
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/draft_private.h"
#include "lesson/lex.h"

static bool is_fresh(const char *text)
{
	struct rt_mistake unsaid = {0};
	struct rt_lex lex = {.text = text, .len = strlen(text), .mistake = &unsaid};

	return rt_word_is(rt_lex_word(&lex), "fresh") && rt_lex_at_end(&lex);
}

bool rt_draft_ends_fresh(const struct rt_draft *draft)
{
	return draft->n > 0 && is_fresh(draft->line[draft->n - 1].text);
}

static size_t calls_of(const struct rt_line *line)
{
	return line->call.repeat ? (size_t)line->call.repeat : 1;
}

/* Whether there is room for the line in the lesson; else *mistake says why not. */
static bool has_room(const struct rt_draft *draft, const char *text, const struct rt_line *line,
		     struct rt_mistake *mistake)
{
	struct rt_lex lex = {.text = text, .len = strlen(text), .mistake = mistake};

	if (draft->lesson->n_lines >= RT_LESSON_LINES_MAX)
		rt_lex_fail(&lex, 0, "", _("a script has at most %d lines"), RT_LESSON_LINES_MAX);
	else if (draft->calls + calls_of(line) > RT_LESSON_CALLS_MAX)
		rt_lex_fail(&lex, 0, "", _("a script makes at most %d calls"), RT_LESSON_CALLS_MAX);
	else if (!rt_lesson_may_wait(draft->lesson, line))
		rt_lex_fail(&lex, 0, "", _("a script waits at most %d times"), RT_LESSON_WAITS_MAX);
	else
		return true;
	return false;
}

bool rt_draft_is_full(const struct rt_draft *draft, const char *text, struct rt_mistake *mistake)
{
	struct rt_lex lex = {.text = text, .len = strlen(text), .mistake = mistake};

	if (draft->n < RT_DRAFT_LINES_MAX)
		return false;
	rt_lex_fail(&lex, 0, "", _("a tape has at most %d lines, remarks among them"),
		    RT_DRAFT_LINES_MAX);
	return true;
}

/*
 * Reads text where the scope stands, which then knows what it makes. As rt_draft_try(); for 1 *line
 * is the caller's.
 */
static int read_text(struct rt_draft *draft, const struct rt_draft_line *from, int number,
		     struct rt_line *line, struct rt_mistake *mistake)
{
	int result;

	if (is_fresh(from->text)) {
		rt_scope_clear(draft->scope);
		draft->fresh = true;
		memset(mistake, 0, sizeof(*mistake));
		return 0;
	}
	rt_scope_set_line(draft->scope, number);
	rt_scope_set_gates(draft->scope, &from->gates);
	result = rt_script_parse(from->text, strlen(from->text), draft->scope, line, mistake);
	if (result != 1)
		return result;
	line->number = number;
	line->fresh = draft->fresh;
	draft->fresh = false;
	/* What a person types states nothing: whatever the kernel says is right. */
	if (line->kind == RT_LINE_CALL && line->result_at == line->result_end)
		line->want.kind = RT_WANT_ANY;
	return 1;
}

static int number_of(const struct rt_draft *draft, size_t at)
{
	return draft->line[at].number ? draft->line[at].number : (int)at + 1;
}

void rt_draft_reach(struct rt_draft *draft, size_t at)
{
	struct rt_mistake mistake;
	struct rt_line line;

	if (draft->known == at)
		return;
	rt_scope_clear(draft->scope);
	draft->fresh = true;
	for (size_t i = 0; i < at; i++) {
		const struct rt_draft_line *from = &draft->line[i];

		if (from->kind != RT_DRAFT_SCRIPT && from->kind != RT_DRAFT_FRESH)
			continue;
		if (read_text(draft, from, number_of(draft, i), &line, &mistake) == 1)
			rt_line_fini(&line);
		rt_mistake_fini(&mistake);
	}
	draft->known = at;
}

void rt_draft_add_line(struct rt_draft *draft, size_t at)
{
	struct rt_draft_line *from = &draft->line[at];
	struct rt_lesson *lesson = draft->lesson;
	struct rt_line line;
	bool was_fresh = draft->fresh;
	int result;

	rt_mistake_fini(&from->mistake);
	result = read_text(draft, from, number_of(draft, at), &line, &from->mistake);
	draft->known = at + 1;
	from->kind = result < 0		    ? RT_DRAFT_WRONG
		     : result == 1	    ? RT_DRAFT_SCRIPT
		     : is_fresh(from->text) ? RT_DRAFT_FRESH
					    : RT_DRAFT_REMARK;
	if (result != 1)
		return;
	if (!has_room(draft, from->text, &line, &from->mistake)) {
		from->kind = RT_DRAFT_WRONG;
		rt_line_fini(&line);
		draft->fresh = was_fresh;
		draft->known = SIZE_MAX;
		return;
	}
	from->index = lesson->n_lines;
	RT_GROW(lesson->line, lesson->n_lines, draft->lines_cap);
	lesson->line[lesson->n_lines++] = line;
	lesson->step[0].n_lines = lesson->n_lines;
	draft->calls += calls_of(&line);
}

void rt_draft_read_from(struct rt_draft *draft, size_t at)
{
	struct rt_lesson *lesson = draft->lesson;
	size_t kept = 0;

	for (size_t i = 0; i < at; i++)
		kept += draft->line[i].kind == RT_DRAFT_SCRIPT;
	while (lesson->n_lines > kept)
		rt_line_fini(&lesson->line[--lesson->n_lines]);
	lesson->step[0].n_lines = kept;
	draft->calls = 0;
	for (size_t i = 0; i < kept; i++)
		draft->calls += calls_of(&lesson->line[i]);
	for (size_t i = at; i < draft->n; i++) {
		rt_draft_reach(draft, i);
		rt_draft_add_line(draft, i);
	}
}

int rt_draft_try(struct rt_draft *draft, size_t at, const char *text, struct rt_mistake *mistake)
{
	struct rt_draft_line from = {.text = (char *)text};
	struct rt_line line;
	int result;

	if (rt_draft_is_full(draft, text, mistake))
		return -1;
	rt_draft_reach(draft, at);
	result = read_text(draft, &from, (int)at + 1, &line, mistake);
	/* A mistake leaves no trace in the scope. */
	if (result >= 0)
		draft->known = SIZE_MAX;
	if (result == 1) {
		if (at == draft->n && !has_room(draft, text, &line, mistake))
			result = -1;
		rt_line_fini(&line);
	}
	return result;
}

const struct rt_scope *rt_draft_scope(struct rt_draft *draft, size_t at)
{
	rt_draft_reach(draft, at);
	return draft->scope;
}
