/* A line that is typed on a tape: what is wrong with it as one types, and what could come next. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/screen.h"

/*
 * Whether the mistake is that more has to come: at the end, or in a word before the cursor that can
 * still be one.
 */
static bool is_unfinished(const struct rt_tape *tape)
{
	int column = tape->mistake.column;

	if (column > rt_columns(tape->line, strlen(tape->line)))
		return true;
	return tape->completion.n > 0 && column > rt_columns(tape->line, tape->completion.from) &&
	       column <= 1 + rt_columns(tape->line, tape->cursor);
}

void rt_typing_look(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;
	size_t end =
		tape->at < rt_draft_count(tape->draft) ? tape->at : rt_draft_count(tape->draft);
	char operand[80], *head;

	if (!tape->stale)
		return;
	tape->stale = false;
	rt_mistake_fini(&tape->mistake);
	head = rt_strndup(tape->line, tape->cursor);
	rt_complete(head, rt_draft_scope(tape->draft, end),
		    rt_engine_sockets(rt_session_engine(ui->session)), &tape->completion);
	free(head);
	tape->wrong = rt_draft_word(tape->line, operand) == RT_WORD_NONE &&
		      rt_draft_try(tape->draft, end, tape->line, &tape->mistake) < 0;
	tape->unfinished = tape->wrong && is_unfinished(tape);
}

void rt_typing_set(struct rt_ui *ui, const char *text)
{
	snprintf(ui->tape.line, sizeof(ui->tape.line), "%s", text);
	ui->tape.cursor = strlen(ui->tape.line);
	ui->tape.stale = true;
}

/* The line becomes head and tail, with the cursor between; not where it has no room for them. */
static void join(struct rt_ui *ui, const char *head, const char *tail)
{
	size_t n_head = strlen(head), n_tail = strlen(tail);
	struct rt_tape *tape = &ui->tape;

	if (n_head + n_tail >= sizeof(tape->line))
		return;
	/* The tail is often a part of the line: it is moved before the head is written. */
	memmove(tape->line + n_head, tail, n_tail + 1);
	memmove(tape->line, head, n_head);
	tape->cursor = n_head;
	tape->stale = true;
}

/* How much of what was completed stands behind the cursor already: the ")" of "127.0.0.1:80)". */
static size_t overlap(const char *added, const char *tail)
{
	size_t n = strlen(added);

	while (n > 0 && strncmp(added + strlen(added) - n, tail, n) != 0)
		n--;
	return n;
}

void rt_typing_complete(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;
	char *head = rt_strndup(tape->line, tape->cursor);
	const char *tail = tape->line + tape->cursor;
	struct rt_str text = {0};

	rt_typing_look(ui);
	rt_completion_apply(&tape->completion, head, &text);
	if (text.len > tape->cursor)
		tail += overlap(text.s + tape->cursor, tail);
	join(ui, rt_str_text(&text), tail);
	rt_str_fini(&text);
	free(head);
}

void rt_typing_refuse(struct rt_ui *ui, const struct rt_mistake *mistake)
{
	rt_mistake_fini(&ui->tape.mistake);
	ui->tape.mistake = *mistake;
	ui->tape.wrong = true;
	ui->tape.unfinished = ui->tape.stale = false;
}

bool rt_typing_key(struct rt_ui *ui, uint32_t key)
{
	struct rt_tape *tape = &ui->tape;
	bool taken;

	snprintf(ui->typed, sizeof(ui->typed), "%.*s", (int)tape->cursor, tape->line);
	taken = rt_screen_type(ui, rt_key_fold(key));
	if (taken) {
		tape->recalled = tape->n_history;
		join(ui, ui->typed, tape->line + tape->cursor);
	}
	ui->typed[0] = '\0';
	return taken;
}

/* --- the cursor ------------------------------------------------------------------------------- */

/* Where the character ends that begins at `at`, with the marks that combine with it. */
static size_t behind(const char *line, size_t at)
{
	size_t len = strlen(line);
	uint32_t c;

	at += rt_utf8_next(line + at, len - at, &c);
	while (at < len) {
		size_t n = rt_utf8_next(line + at, len - at, &c);

		if (rt_char_columns(c) > 0)
			break;
		at += n;
	}
	return at;
}

/* Where the character begins that ends at `at`. */
static size_t before(const char *line, size_t at)
{
	size_t from = 0, next;

	while (from < at && (next = behind(line, from)) < at)
		from = next;
	return from;
}

/* Where the word begins that ends at `at`, or before it: letters, digits and _ are a word. */
static size_t word_before(const char *line, size_t at)
{
	const char *const between = " \t()[]{},|=:#";

	while (at > 0 && strchr(between, line[at - 1]))
		at--;
	while (at > 0 && !strchr(between, line[at - 1]))
		at--;
	return at;
}

/* Takes away what stands between two places; the cursor is there. */
static void erase(struct rt_ui *ui, size_t from, size_t to)
{
	char *head = rt_strndup(ui->tape.line, from);

	ui->tape.recalled = ui->tape.n_history;
	join(ui, head, ui->tape.line + to);
	free(head);
}

bool rt_typing_act(struct rt_ui *ui, enum rt_action action)
{
	struct rt_tape *tape = &ui->tape;
	size_t at = tape->cursor, len = strlen(tape->line);

	if (len == 0)
		return false;
	switch (action) {
	case RT_ACT_LEFT:
		tape->cursor = before(tape->line, at);
		break;
	case RT_ACT_RIGHT:
		tape->cursor = behind(tape->line, at);
		break;
	case RT_ACT_HOME:
		tape->cursor = 0;
		break;
	case RT_ACT_END:
		tape->cursor = len;
		break;
	case RT_ACT_ERASE_WORD:
		erase(ui, word_before(tape->line, at), at);
		break;
	case RT_ACT_ERASE_NEXT:
		erase(ui, at, behind(tape->line, at));
		break;
	case RT_ACT_ERASE_REST:
		erase(ui, at, len);
		break;
	case RT_ACT_ERASE_LINE:
		erase(ui, 0, len);
		break;
	default:
		return false;
	}
	tape->stale = true; /* what could come depends on where one is */
	return true;
}
