/* The lines of a draft, and their edits. draft_read.c makes a lesson of them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/draft_private.h"

/* --- lines ------------------------------------------------------------------------------------ */

static void line_fini(struct rt_draft_line *line)
{
	free(line->text);
	rt_mistake_fini(&line->mistake);
	memset(line, 0, sizeof(*line));
}

/* A line as it was before anybody read it. */
static struct rt_draft_line *copy_line(const struct rt_draft_line *line)
{
	struct rt_draft_line *copy = rt_calloc(1, sizeof(*copy));

	*copy = (struct rt_draft_line){.text = rt_strdup(line->text),
				       .number = line->number,
				       .origin = line->origin,
				       .gates = line->gates};
	return copy;
}

static void put_line(struct rt_draft *draft, size_t at, const struct rt_draft_line *line)
{
	struct rt_draft_line *copy = copy_line(line);

	RT_GROW(draft->line, draft->n, draft->cap);
	memmove(&draft->line[at + 1], &draft->line[at], (draft->n - at) * sizeof(draft->line[0]));
	draft->line[at] = *copy;
	draft->n++;
	free(copy);
}

static void take_line(struct rt_draft *draft, size_t at)
{
	line_fini(&draft->line[at]);
	draft->n--;
	memmove(&draft->line[at], &draft->line[at + 1], (draft->n - at) * sizeof(draft->line[0]));
}

/* --- a draft ---------------------------------------------------------------------------------- */

static void clear_edits(struct rt_draft_edits *edits)
{
	for (size_t i = 0; i < edits->n; i++) {
		for (int k = 0; k < 2; k++) {
			struct rt_draft_line *line =
				k ? edits->edit[i].after : edits->edit[i].before;

			if (line)
				line_fini(line);
			free(line);
		}
	}
	edits->n = 0;
}

struct rt_draft *rt_draft_new(const char *title)
{
	struct rt_draft *draft = rt_calloc(1, sizeof(*draft));
	struct rt_lesson *lesson = rt_calloc(1, sizeof(*lesson));

	lesson->path = rt_strdup("");
	lesson->id = rt_strdup("playground");
	lesson->title = rt_strdup(title);
	lesson->question = rt_strdup("");
	lesson->belief = rt_strdup("");
	lesson->after = rt_strdup("");
	lesson->step = rt_calloc(1, sizeof(lesson->step[0]));
	lesson->n_steps = 1;
	lesson->step[0] = (struct rt_step){
		.id = rt_strdup("tape"), .title = rt_strdup(title), .note = rt_strdup("")};
	draft->lesson = lesson;
	draft->scope = rt_scope_new();
	draft->fresh = true;
	return draft;
}

void rt_draft_free(struct rt_draft *draft)
{
	if (!draft)
		return;
	for (size_t i = 0; i < draft->n; i++)
		line_fini(&draft->line[i]);
	clear_edits(&draft->done);
	clear_edits(&draft->undone);
	free(draft->done.edit);
	free(draft->undone.edit);
	free(draft->line);
	rt_scope_free(draft->scope);
	rt_lesson_free(draft->lesson);
	free(draft);
}

void rt_draft_say(struct rt_draft *draft, const char *text)
{
	struct rt_step *step = &draft->lesson->step[0];
	struct rt_para para = {.kind = RT_PARA_TEXT};

	para.span = rt_calloc(1, sizeof(para.span[0]));
	para.span[0] = (struct rt_span){RT_TEXT_PLAIN, rt_strdup(text)};
	para.n_spans = 1;
	RT_GROW(step->para, step->n_paras, draft->paras_cap);
	step->para[step->n_paras++] = para;
}

size_t rt_draft_count(const struct rt_draft *draft)
{
	return draft->n;
}

const struct rt_draft_line *rt_draft_line(const struct rt_draft *draft, size_t at)
{
	return &draft->line[at];
}

size_t rt_draft_find(const struct rt_draft *draft, size_t index)
{
	size_t at = 0;

	while (at < draft->n &&
	       (draft->line[at].kind != RT_DRAFT_SCRIPT || draft->line[at].index != index))
		at++;
	return at;
}

struct rt_lesson *rt_draft_lesson(struct rt_draft *draft, size_t *same)
{
	if (same) {
		*same = draft->same;
		draft->same = draft->lesson->n_lines;
	}
	return draft->lesson;
}

void rt_draft_fill(struct rt_draft *draft, const struct rt_draft_line *line, size_t n)
{
	while (draft->n > 0)
		take_line(draft, draft->n - 1);
	clear_edits(&draft->done);
	clear_edits(&draft->undone);
	for (size_t i = 0; i < n; i++)
		put_line(draft, i, &line[i]);
	draft->same = 0;
	draft->known = SIZE_MAX;
	rt_draft_read_from(draft, 0);
}

/* --- edits ------------------------------------------------------------------------------------ */

void rt_draft_number(struct rt_draft *draft, int number)
{
	draft->number = number;
}

/* After an edit at line `at`: how many lines of the lesson stay what they were. */
static void keep_same(struct rt_draft *draft, size_t at)
{
	size_t same = 0;

	for (size_t i = 0; i < at; i++)
		same += draft->line[i].kind == RT_DRAFT_SCRIPT;
	if (same < draft->same)
		draft->same = same;
}

/* Puts `after` in the place of `before` at a line; either may be NULL. */
static void change(struct rt_draft *draft, size_t at, const struct rt_draft_line *before,
		   const struct rt_draft_line *after)
{
	keep_same(draft, at);
	if (draft->known > at)
		draft->known = SIZE_MAX;
	if (before)
		take_line(draft, at);
	if (after)
		put_line(draft, at, after);
	rt_draft_read_from(draft, at);
}

static void push(struct rt_draft_edits *edits, struct rt_draft_edit edit)
{
	if (edits->n == RT_DRAFT_UNDO_MAX) {
		struct rt_draft_edits oldest = {.edit = edits->edit, .n = 1};

		clear_edits(&oldest);
		memmove(edits->edit, edits->edit + 1, --edits->n * sizeof(edits->edit[0]));
	}
	RT_GROW(edits->edit, edits->n, edits->cap);
	edits->edit[edits->n++] = edit;
}

/* Does an edit, which can then be undone. */
static void edit(struct rt_draft *draft, size_t at, bool takes, const struct rt_draft_line *after)
{
	struct rt_draft_edit made = {.at = at,
				     .before = takes ? copy_line(&draft->line[at]) : NULL,
				     .after = after ? copy_line(after) : NULL};

	clear_edits(&draft->undone);
	change(draft, at, made.before, made.after);
	push(&draft->done, made);
}

/* A line more at the end is read once, and no other with it: thousands may come from a pipe. */
static int append(struct rt_draft *draft, const struct rt_draft_line *after,
		  struct rt_mistake *mistake)
{
	struct rt_draft_line *line;
	size_t at = draft->n;

	if (rt_draft_is_full(draft, after->text, mistake))
		return -1;
	rt_draft_reach(draft, at);
	keep_same(draft, at);
	put_line(draft, at, after);
	rt_draft_add_line(draft, at);
	line = &draft->line[at];
	*mistake = (struct rt_mistake){0};
	if (line->kind == RT_DRAFT_WRONG) {
		*mistake = line->mistake;
		line->mistake = (struct rt_mistake){0};
		take_line(draft, at);
		if (draft->known != SIZE_MAX)
			draft->known = at;
		return -1;
	}
	clear_edits(&draft->undone);
	push(&draft->done, (struct rt_draft_edit){.at = at, .after = copy_line(after)});
	return line->kind == RT_DRAFT_SCRIPT;
}

int rt_draft_insert(struct rt_draft *draft, size_t at, const char *text, struct rt_mistake *mistake)
{
	struct rt_draft_line line = {.text = (char *)text, .origin = -1, .number = draft->number};
	int result;

	draft->number = 0;
	if (at == draft->n)
		return append(draft, &line, mistake);
	result = rt_draft_try(draft, at, text, mistake);
	if (result >= 0)
		edit(draft, at, false, &line);
	return result;
}

int rt_draft_replace(struct rt_draft *draft, size_t at, const char *text,
		     struct rt_mistake *mistake)
{
	struct rt_draft_line line = {.text = (char *)text,
				     .origin = draft->line[at].origin,
				     .number = draft->line[at].number,
				     .gates = draft->line[at].gates};
	int result = rt_draft_try(draft, at, text, mistake);

	if (result >= 0)
		edit(draft, at, true, &line);
	return result;
}

void rt_draft_remove(struct rt_draft *draft, size_t at)
{
	edit(draft, at, true, NULL);
}

/* Moves the last edit of `from` to `to`, the other way round. */
static bool turn_back(struct rt_draft *draft, struct rt_draft_edits *from,
		      struct rt_draft_edits *to, bool undo)
{
	struct rt_draft_edit last;

	if (from->n == 0)
		return false;
	last = from->edit[--from->n];
	change(draft, last.at, undo ? last.after : last.before, undo ? last.before : last.after);
	push(to, last);
	return true;
}

bool rt_draft_undo(struct rt_draft *draft)
{
	return turn_back(draft, &draft->done, &draft->undone, true);
}

bool rt_draft_is_edited(const struct rt_draft *draft)
{
	return draft->done.n > 0;
}

bool rt_draft_redo(struct rt_draft *draft)
{
	return turn_back(draft, &draft->undone, &draft->done, false);
}
