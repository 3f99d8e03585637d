/* A line that is typed on a tape: what is wrong with it as one types, and what could come next. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/screen.h"

enum { KEY_CLEAR = 'U' - 64 };

/* Whether the mistake is that more has to come: at the end, or in a word that can still be one. */
static bool is_unfinished(const struct rt_tape *tape)
{
	int columns = rt_columns(tape->line, strlen(tape->line));

	if (tape->mistake.column > columns)
		return true;
	return tape->completion.n > 0 &&
	       tape->mistake.column >= 1 + rt_columns(tape->line, tape->completion.from);
}

void rt_typing_look(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;
	size_t end =
		tape->at < rt_draft_count(tape->draft) ? tape->at : rt_draft_count(tape->draft);
	char operand[80];

	if (!tape->stale)
		return;
	tape->stale = false;
	rt_mistake_fini(&tape->mistake);
	rt_complete(tape->line, rt_draft_scope(tape->draft, end),
		    rt_engine_sockets(rt_session_engine(ui->session)), &tape->completion);
	tape->wrong = rt_draft_word(tape->line, operand) == RT_WORD_NONE &&
		      rt_draft_try(tape->draft, end, tape->line, &tape->mistake) < 0;
	tape->unfinished = tape->wrong && is_unfinished(tape);
}

void rt_typing_set(struct rt_ui *ui, const char *text)
{
	if (text != ui->tape.line)
		snprintf(ui->tape.line, sizeof(ui->tape.line), "%s", text);
	ui->tape.stale = true;
}

void rt_typing_complete(struct rt_ui *ui)
{
	struct rt_str text = {0};

	rt_typing_look(ui);
	rt_completion_apply(&ui->tape.completion, ui->tape.line, &text);
	rt_typing_set(ui, rt_str_text(&text));
	rt_str_fini(&text);
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

	if (key == KEY_CLEAR) {
		rt_typing_set(ui, "");
		return true;
	}
	memcpy(ui->typed, tape->line, sizeof(tape->line));
	taken = rt_screen_type(ui, rt_key_fold(key));
	if (taken) {
		tape->recalled = tape->n_history;
		rt_typing_set(ui, ui->typed);
	}
	ui->typed[0] = '\0';
	return taken;
}
