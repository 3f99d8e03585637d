/* Fenced blocks, and those of them that are script. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/reader.h"

/* --- fences: CommonMark 0.30, section 4.5 ----------------------------------------------------- */

/*
 * The backquotes or tildes at the beginning of a line, behind at most three blanks; 0 where there
 * are fewer than three.
 */
static size_t fence_marks(struct rt_word line, size_t *indent)
{
	size_t at = 0, n = 0;

	while (at < line.len && line.s[at] == ' ')
		at++;
	*indent = at;
	if (at > 3 || at == line.len || (line.s[at] != '`' && line.s[at] != '~'))
		return 0;
	while (at + n < line.len && line.s[at + n] == line.s[at])
		n++;
	return n < 3 ? 0 : n;
}

static bool closes(struct rt_word line, char mark, size_t marks)
{
	size_t indent, n = fence_marks(line, &indent);
	struct rt_word rest = {.s = line.s + indent + n, .len = line.len - indent - n};

	return n >= marks && line.s[indent] == mark && rt_word_is_blank(rest);
}

bool rt_fence_is(struct rt_word line)
{
	size_t indent;

	return fence_marks(line, &indent) > 0;
}

bool rt_fence_read(const struct rt_reader *reader, int number, struct rt_fence *fence)
{
	struct rt_word line = rt_reader_line(reader, number), info = line;
	size_t marks = fence_marks(line, &fence->indent), skip = fence->indent + marks;
	int end = number + 1;

	if (marks == 0)
		return false;
	info.s += skip;
	info.at += skip;
	info.len -= skip;
	fence->line = number;
	fence->info = fence->word = fence->rest = rt_word_trim(info);
	fence->word.len = 0;
	while (fence->word.len < fence->info.len && !strchr(" \t", fence->info.s[fence->word.len]))
		fence->word.len++;
	fence->rest.s += fence->word.len;
	fence->rest.at += fence->word.len;
	fence->rest.len -= fence->word.len;
	fence->rest = rt_word_trim(fence->rest);
	while ((size_t)end <= reader->n_lines &&
	       !closes(rt_reader_line(reader, end), line.s[fence->indent], marks))
		end++;
	fence->first = number + 1;
	fence->last = end - 1;
	fence->closed = (size_t)end <= reader->n_lines;
	return true;
}

/* --- lab -------------------------------------------------------------------------------------- */

/* Where the label of a good line stands: at its first @ that is in no string. */
static size_t label_at(struct rt_word text)
{
	bool quoted = false;
	size_t at = 0;

	for (; at < text.len && (quoted || text.s[at] != '@'); at++) {
		if (text.s[at] == '"')
			quoted = !quoted;
		else if (quoted && text.s[at] == '\\')
			at++;
	}
	return at;
}

static void check_label(struct rt_reader *reader, const struct rt_line *line)
{
	const struct rt_lesson *lesson = reader->lesson;

	for (size_t i = 0; line->label[0] && i < lesson->n_lines; i++) {
		if (strcmp(lesson->line[i].label, line->label) != 0)
			continue;
		rt_reader_mistake(
			reader, line->number, label_at(rt_reader_line(reader, line->number)),
			_("choose another label"), _("@%s is the label of line %d already"),
			line->label, lesson->line[i].number);
		return;
	}
}

static void add_line(struct rt_reader *reader, struct rt_line *line, int number)
{
	struct rt_lesson *lesson = reader->lesson;

	if (lesson->n_lines == RT_LESSON_LINES_MAX) {
		rt_reader_mistake(reader, number, 0, "",
				  _("a lesson has at most %d lines of script"),
				  RT_LESSON_LINES_MAX);
		rt_line_fini(line);
		reader->lost = true;
		return;
	}
	reader->n_calls += line->call.repeat ? line->call.repeat : 1;
	if (reader->n_calls > RT_LESSON_CALLS_MAX) {
		rt_reader_mistake(reader, number, 0, "", _("a lesson makes at most %d calls"),
				  RT_LESSON_CALLS_MAX);
		rt_line_fini(line);
		reader->lost = true;
		return;
	}
	if (!rt_lesson_may_wait(lesson, line)) {
		rt_reader_mistake(reader, number, 0, "", _("a lesson waits at most %d times"),
				  RT_LESSON_WAITS_MAX);
		rt_line_fini(line);
		reader->lost = true;
		return;
	}
	line->number = number;
	line->step = lesson->n_steps - 1;
	line->fresh = reader->fresh;
	reader->fresh = false;
	check_label(reader, line);
	/* Most lessons have fewer; what is not used is never made. */
	if (!lesson->line) {
		reader->lines_cap = 128;
		lesson->line = rt_realloc(NULL, reader->lines_cap, sizeof(lesson->line[0]));
	}
	RT_GROW(lesson->line, lesson->n_lines, reader->lines_cap);
	lesson->line[lesson->n_lines++] = *line;
	lesson->step[line->step].n_lines++;
}

static void read_line(struct rt_reader *reader, const struct rt_fence *fence, int number)
{
	struct rt_word text = rt_reader_line(reader, number);
	struct rt_mistake mistake;
	struct rt_line line;

	/*
	 * Three backquotes begin no line of script: it is the fence of the next block, and this one
	 * was never closed.
	 */
	if (rt_fence_is(text)) {
		rt_reader_mistake(reader, number, 0,
				  _("write ``` behind the last line of that block"),
				  _("the block of line %d has no end"), fence->line);
		reader->lost = true;
		return;
	}
	rt_scope_set_line(reader->scope, number);
	switch (rt_script_parse(text.s, text.len, reader->scope, &line, &mistake)) {
	case 1:
		add_line(reader, &line, number);
		break;
	case -1:
		rt_reader_adopt(reader, number, &mistake);
		rt_scope_guess(reader->scope, text.s, text.len);
		reader->broken[reader->lesson->n_steps - 1] = true;
		break;
	default:
		break;
	}
}

/* `[fresh] [when FEATURE]`, behind ```lab. Adds the feature to gates. */
static void read_info(struct rt_reader *reader, const struct rt_fence *fence, bool *fresh,
		      struct rt_gates *gates)
{
	struct rt_word line = rt_reader_line(reader, fence->line);
	struct rt_mistake mistake = {0};
	struct rt_lex lex = {.text = line.s,
			     .len = fence->rest.at + fence->rest.len,
			     .at = fence->rest.at,
			     .mistake = &mistake};
	struct rt_lex ahead = lex;

	*fresh = rt_word_is(rt_lex_word(&ahead), "fresh");
	if (*fresh)
		lex.at = ahead.at;
	if (rt_lex_take_when(&lex) && rt_gates_lex(&lex, gates) < 0) {
		rt_reader_adopt(reader, fence->line, &mistake);
		return;
	}
	rt_lex_peek(&lex);
	if (lex.at < lex.len)
		rt_reader_mistake(reader, fence->line, lex.at,
				  _("a block of script begins with ```lab or ```lab fresh, and may "
				    "say behind it: when FEATURE"),
				  *fresh ? _("expected when or the end of the line")
					 : _("expected fresh, when or the end of the line"));
}

void rt_lab_read(struct rt_reader *reader, const struct rt_fence *fence)
{
	struct rt_gates gates = reader->lesson->step[reader->lesson->n_steps - 1].gates;
	bool fresh;

	read_info(reader, fence, &fresh, &gates);
	rt_scope_set_gates(reader->scope, &gates);
	if (fresh) {
		rt_scope_clear(reader->scope);
		reader->fresh = true;
	}
	for (int number = fence->first; number <= fence->last && !reader->lost; number++)
		read_line(reader, fence, number);
}
