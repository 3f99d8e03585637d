/* Steps: their headings, their comments, and what they hold. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/page.h"
#include "lesson/reader.h"

void rt_para_fini(struct rt_para *para)
{
	for (size_t i = 0; i < para->n_spans; i++)
		free(para->span[i].text);
	free(para->span);
	rt_table_free(para->table);
	memset(para, 0, sizeof(*para));
}

static struct rt_step *present(struct rt_reader *reader)
{
	return reader->lesson->n_steps ? &reader->lesson->step[reader->lesson->n_steps - 1] : NULL;
}

/* Where the text of a line begins. */
static size_t margin(const struct rt_reader *reader, int number)
{
	return rt_word_trim(rt_reader_line(reader, number)).at;
}

bool rt_step_inside(struct rt_reader *reader, int number)
{
	if (reader->lesson->n_steps > 0)
		return true;
	/* A page may say something before its first entry. */
	if (reader->page) {
		rt_step_begin(reader, number, "");
		return true;
	}
	if (!reader->outside)
		rt_reader_mistake(reader, number, margin(reader, number),
				  _("a step begins with: ## Its title"),
				  _("this stands before the first step"));
	reader->outside = true;
	return false;
}

void rt_step_begin(struct rt_reader *reader, int number, const char *title)
{
	struct rt_lesson *lesson = reader->lesson;

	if (lesson->n_steps == RT_LESSON_STEPS_MAX) {
		rt_reader_mistake(reader, number, 0, "", _("a lesson has at most %d steps"),
				  RT_LESSON_STEPS_MAX);
		reader->lost = true;
		return;
	}
	RT_GROW(lesson->step, lesson->n_steps, reader->steps_cap);
	lesson->step[lesson->n_steps++] = (struct rt_step){
		.title = rt_text_harmless(title, strlen(title)),
		.note = rt_strdup(""),
		.first_line = lesson->n_lines,
		.number = number,
	};
	reader->paras_cap = 0;
}

void rt_step_add(struct rt_reader *reader, struct rt_para *para)
{
	struct rt_step *step = present(reader);

	if (!step) {
		rt_para_fini(para);
		return;
	}
	para->after_line = reader->lesson->n_lines;
	RT_GROW(step->para, step->n_paras, reader->paras_cap);
	step->para[step->n_paras++] = *para;
	memset(para, 0, sizeof(*para));
}

/* --- comments --------------------------------------------------------------------------------- */

/* Goes over blanks and line ends, and counts these. */
static const char *skip_blank(const char *s, const char *end, int *number)
{
	for (; s < end && strchr(" \t\r\n", *s); s++)
		if (*s == '\n')
			++*number;
	return s;
}

static void set_id(struct rt_reader *reader, int number, const char *id, size_t len)
{
	struct rt_step *step = present(reader);
	size_t at = margin(reader, number);

	if (!rt_front_is_id(id, len)) {
		rt_reader_mistake(
			reader, number, at, _("as in <!-- step: second-bind -->"),
			_("the id of a step has small letters, digits and -, at most 64"));
		id = "";
		len = 0;
	}
	if (step->id) {
		rt_reader_mistake(reader, number, at, _("a step begins with: ## Its title"),
				  _("this step has an id already"));
		return;
	}
	for (size_t i = 0; len && i < reader->lesson->n_steps; i++) {
		const char *other = reader->lesson->step[i].id;

		if (other && strlen(other) == len && memcmp(other, id, len) == 0)
			rt_reader_mistake(reader, number, at, _("choose another id"),
					  _("the step of line %d has this id already"),
					  reader->lesson->step[i].number);
	}
	step->id = rt_strndup(id, len);
}

/*
 * The lines of a note joined to paragraphs; an empty line becomes one \n. Several notes of a step
 * become one.
 */
static void add_note(struct rt_step *step, const char *s, const char *end)
{
	struct rt_str note = {0}, para = {0};

	rt_str_add(&note, step->note);
	while (s <= end) {
		const char *line_end = memchr(s, '\n', (size_t)(end - s));
		struct rt_word line = {.s = s, .len = (size_t)((line_end ? line_end : end) - s)};

		while (line.len > 0 && line.s[line.len - 1] == '\r')
			line.len--;
		line = rt_word_trim(line);
		if (line.len > 0)
			rt_text_join(&para, line.s, line.len);
		if (para.len > 0 && (line.len == 0 || !line_end)) {
			rt_str_add(&note, note.len ? "\n" : "");
			rt_str_addn(&note, para.s, para.len);
			rt_str_clear(&para);
		}
		if (!line_end)
			break;
		s = line_end + 1;
	}
	free(step->note);
	step->note = rt_str_take(&note);
	rt_str_fini(&para);
}

/*
 * What the whole step needs; s is its comment from `when:` on. It is read from the line of the
 * file, so that a mistake has its column.
 */
static void add_gate(struct rt_reader *reader, int number, const char *s, const char *end)
{
	struct rt_word line = rt_reader_line(reader, number);
	const char *when = memmem(line.s, line.len, s, (size_t)(end - s));
	struct rt_mistake mistake = {0};
	struct rt_lex lex = {.text = line.s, .mistake = &mistake};

	if (!when) {
		rt_reader_mistake(reader, number, margin(reader, number),
				  _("as in <!-- when: several-uids -->"),
				  _("this comment goes over several lines"));
		return;
	}
	if (present(reader)->n_lines > 0) {
		rt_reader_mistake(reader, number, margin(reader, number),
				  _("it stands under the heading, or behind ```lab: when FEATURE"),
				  _("lines of this step stand above this already"));
		return;
	}
	lex.at = (size_t)(when - line.s) + strlen("when:");
	lex.len = (size_t)(when - line.s) + (size_t)(end - s);
	if (rt_gates_lex(&lex, &present(reader)->gates) == 0) {
		rt_lex_peek(&lex);
		if (lex.at == lex.len)
			return;
		rt_lex_expected(&lex, lex.at, _("one feature"), "");
	}
	rt_reader_adopt(reader, number, &mistake);
}

/* One comment, without its marks. */
static void take_comment(struct rt_reader *reader, int number, const char *s, const char *end)
{
	static const char known[][6] = {"step:", "note:", "when:"};
	int ignored = 0;
	size_t which = 0;

	s = skip_blank(s, end, &ignored);
	while (which < RT_COUNT(known) && (end - s < 5 || memcmp(s, known[which], 5) != 0))
		which++;
	if (which == RT_COUNT(known) || !rt_step_inside(reader, number))
		return;
	if (known[which][0] == 'w') {
		add_gate(reader, number, s, end);
		return;
	}
	s = skip_blank(s + 5, end, &ignored);
	while (end > s && strchr(" \t\r\n", end[-1]))
		end--;
	if (known[which][0] == 's')
		set_id(reader, number, s, (size_t)(end - s));
	else
		add_note(present(reader), s, end);
}

void rt_step_comments(struct rt_reader *reader, int number, const char *html, bool alone)
{
	const char *end = html + strlen(html), *s = skip_blank(html, end, &number), *close;

	while (s < end) {
		if (strncmp(s, "<!--", 4) != 0) {
			rt_reader_mistake(reader, number, margin(reader, number),
					  _("write it as Markdown"), _("HTML is not shown"));
			return;
		}
		close = strstr(s + 4, "-->");
		if (!close) {
			rt_reader_mistake(reader, number, margin(reader, number),
					  _("write --> behind it"), _("this comment has no end"));
			reader->lost = reader->lost || alone;
			return;
		}
		take_comment(reader, number, s + 4, close);
		for (; s < close; s++)
			number += *s == '\n';
		s = skip_blank(close + 3, end, &number);
	}
}

/* --- when all is read ------------------------------------------------------------------------- */

void rt_step_check(struct rt_reader *reader)
{
	const struct rt_lesson *lesson = reader->lesson;

	if (lesson->n_steps == 0 && !reader->outside)
		rt_reader_mistake(reader, reader->body ? (int)reader->body : 1, 0,
				  _("a step begins with: ## Its title"),
				  _("this lesson has no step"));
	for (size_t i = 0; i < lesson->n_steps; i++)
		if (!lesson->step[i].id)
			rt_reader_mistake(reader, lesson->step[i].number, 0,
					  _("write below it: <!-- step: some-id -->"),
					  _("this step has no id"));
}
