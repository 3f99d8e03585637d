/*
 * Questions.
 *
 *	```predict second-bind
 *	ask Does the second bind succeed?
 *	choice 0: Yes.
 *	why It would if ...
 *	    a line that begins with a blank goes on with the one above
 *	choice EADDRINUSE: No.
 *	why The record of the old connection is there.
 *	hint Look at the state.
 *	```
 *
 * The line that is asked about may stand below, so a choice is understood only when all is read.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/reader.h"
#include "lesson/suggest.h"
#include "lesson/tally.h"

void rt_predict_fini(struct rt_predict *predict)
{
	free(predict->ask);
	for (size_t i = 0; i < RT_COUNT(predict->choice); i++) {
		rt_want_fini(&predict->choice[i].want);
		free(predict->choice[i].pattern);
		free(predict->choice[i].text);
		free(predict->choice[i].why);
	}
	for (size_t i = 0; i < RT_COUNT(predict->hint); i++)
		free(predict->hint[i]);
	memset(predict, 0, sizeof(*predict));
}

/* --- the items of a block --------------------------------------------------------------------- */

/*
 * How many bytes of text are the pattern: a tally to its colon; a string to its closing quote; a word of letters and
 * digits to its colon, so that text may follow at once; else, as in an address, to the colon before
 * the next blank. An owner is two words. 0 where no colon ends it.
 */
static size_t pattern_len(struct rt_word text)
{
	static const char owner[] = "owner ";
	size_t n = rt_tally_length(text);
	const char *colon;

	if (n > 0)
		return n;
	if (text.len > strlen(owner) && memcmp(text.s, owner, strlen(owner)) == 0) {
		colon = memchr(text.s, ':', text.len);
		return colon ? (size_t)(colon - text.s) : 0;
	}
	if (text.len > 0 && text.s[0] == '"') {
		for (n = 1; n < text.len && text.s[n] != '"'; n++)
			if (text.s[n] == '\\')
				n++;
		n++;
		return n < text.len && text.s[n] == ':' ? n : 0;
	}
	while (n < text.len &&
	       (text.s[n] == '_' || text.s[n] == '-' || (text.s[n] >= '0' && text.s[n] <= '9') ||
		((text.s[n] | 0x20) >= 'a' && (text.s[n] | 0x20) <= 'z')))
		n++;
	if (n > 0 && n < text.len && text.s[n] == ':')
		return n;
	while (n < text.len && text.s[n] != ' ' && text.s[n] != '\t')
		n++;
	return n > 1 && text.s[n - 1] == ':' ? n - 1 : 0;
}

static void take_choice(struct rt_reader *reader, struct rt_question *question,
			struct rt_item *item)
{
	size_t len = pattern_len(item->text), n = question->predict.n_choices;
	struct rt_choice *choice;
	struct rt_lex lex = {.text = rt_reader_line(reader, item->line).s,
			     .len = rt_reader_line(reader, item->line).len};
	struct rt_mistake mistake = {0};
	const char *text;

	if (len == 0) {
		lex.mistake = &mistake;
		rt_lex_expected(&lex, item->text.at, _("a result and a colon"),
				_("as in: choice EADDRINUSE: It is refused."));
		rt_reader_adopt(reader, item->line, &mistake);
		return;
	}
	if (n == RT_LESSON_CHOICES_MAX) {
		rt_reader_mistake(reader, item->line, item->key.at, "",
				  _("a question has at most %d choices"), RT_LESSON_CHOICES_MAX);
		return;
	}
	text = rt_str_text(&item->all) + len + 1;
	while (*text == ' ' || *text == '\t')
		text++;
	choice = &question->predict.choice[n];
	choice->pattern = rt_strndup(item->text.s, len);
	choice->text = rt_strdup(text);
	question->choice[n].line = item->line;
	question->choice[n].word = item->text;
	question->choice[n].word.len = len;
	question->predict.n_choices++;
}

static void take_why(struct rt_reader *reader, struct rt_question *question, struct rt_item *item)
{
	size_t n = question->predict.n_choices;
	struct rt_choice *choice = n ? &question->predict.choice[n - 1] : NULL;

	if (!choice)
		rt_reader_mistake(reader, item->line, item->key.at,
				  _("it says why the choice above it is right or wrong"),
				  _("no choice stands above this why"));
	else if (choice->why)
		rt_reader_mistake(reader, item->line, item->key.at, "",
				  _("the choice \"%s\" has a why already"), choice->pattern);
	else
		choice->why = rt_str_take(&item->all);
}

static void take_item(struct rt_reader *reader, struct rt_question *question, struct rt_item *item)
{
	struct rt_predict *predict = &question->predict;

	if (item->all.len == 0) {
		rt_reader_mistake(reader, item->line, item->key.at + item->key.len, "",
				  _("text is missing"));
	} else if (rt_word_is(item->key, "choice")) {
		take_choice(reader, question, item);
	} else if (rt_word_is(item->key, "why")) {
		take_why(reader, question, item);
	} else if (rt_word_is(item->key, "ask")) {
		if (predict->ask)
			rt_reader_mistake(reader, item->line, item->key.at, "",
					  _("a question asks once"));
		else
			predict->ask = rt_str_take(&item->all);
	} else if (predict->n_hints == RT_LESSON_HINTS_MAX) {
		rt_reader_mistake(reader, item->line, item->key.at, "",
				  _("a question has at most %d hints"), RT_LESSON_HINTS_MAX);
	} else {
		predict->hint[predict->n_hints++] = rt_str_take(&item->all);
	}
}

/* Reads the item that begins in line number; returns the number of the line behind it. */
static int read_item(struct rt_reader *reader, struct rt_question *question,
		     const struct rt_fence *fence, int number)
{
	static const char *const keys[] = {"ask", "choice", "why", "hint"};
	struct rt_item item;

	number = rt_item_read(reader, fence, number, &item);
	if (rt_item_known(reader, &item, keys, RT_COUNT(keys), _("ask, choice, why or hint")))
		take_item(reader, question, &item);
	rt_item_fini(&item);
	return number;
}

/* --- the block -------------------------------------------------------------------------------- */

static void read_label(struct rt_reader *reader, struct rt_question *question,
		       const struct rt_fence *fence)
{
	struct rt_word label = fence->rest;

	question->label_word = label;
	if (label.len > 0 && label.s[0] == '@') {
		label.s++;
		label.len--;
	}
	if (label.len > 0 && label.len < RT_NAME_MAX && !memchr(label.s, ' ', label.len)) {
		memcpy(question->label, label.s, label.len);
		return;
	}
	rt_reader_mistake(
		reader, fence->line, fence->rest.at,
		_("write @second-bind behind the line of script, and ```predict second-bind"),
		_("expected the label of the line that is asked about"));
}

static void check_whole(struct rt_reader *reader, const struct rt_question *question)
{
	const struct rt_predict *predict = &question->predict;

	if (!predict->ask)
		rt_reader_mistake(reader, predict->number, 0,
				  _("as in: ask Does the second bind succeed?"),
				  _("this question has no ask"));
	if (predict->n_choices < 2)
		rt_reader_mistake(reader, predict->number, 0,
				  _("as in: choice EADDRINUSE: It is refused."),
				  _("this question has fewer than 2 choices"));
	for (size_t i = 0; i < predict->n_choices; i++)
		if (!predict->choice[i].why)
			rt_reader_mistake(reader, question->choice[i].line, 0,
					  _("write a line below it: why ..."),
					  _("the choice \"%s\" has no why"),
					  predict->choice[i].pattern);
}

void rt_predict_read(struct rt_reader *reader, const struct rt_fence *fence)
{
	struct rt_question *question;
	size_t before = reader->mistakes->n;

	RT_GROW(reader->question, reader->n_questions, reader->questions_cap);
	question = &reader->question[reader->n_questions++];
	*question = (struct rt_question){.step = reader->lesson->n_steps - 1,
					 .predict.number = fence->line};
	read_label(reader, question, fence);
	for (int number = fence->first; number <= fence->last && !reader->lost;) {
		struct rt_word line = rt_reader_line(reader, number);

		if (rt_word_is_blank(line)) {
			number++;
		} else if (rt_fence_is(line)) {
			rt_reader_mistake(reader, number, 0,
					  _("write ``` behind the last line of that block"),
					  _("the block of line %d has no end"), fence->line);
			reader->lost = true;
		} else {
			number = read_item(reader, question, fence, number);
		}
	}
	if (reader->mistakes->n == before)
		check_whole(reader, question);
}

/* --- when all is read ------------------------------------------------------------------------- */

static int find_label(const struct rt_lesson *lesson, const char *label)
{
	for (size_t i = 0; i < lesson->n_lines; i++)
		if (strcmp(lesson->line[i].label, label) == 0)
			return (int)i;
	return -1;
}

static void fail_label(struct rt_reader *reader, const struct rt_question *question)
{
	const struct rt_lesson *lesson = reader->lesson;
	struct rt_suggest suggest;
	char *help;

	rt_suggest_init(&suggest, question->label, strlen(question->label));
	for (size_t i = 0; i < lesson->n_lines; i++)
		if (lesson->line[i].step == question->step && lesson->line[i].label[0])
			rt_suggest_offer(&suggest, lesson->line[i].label);
	help = rt_suggest_help(&suggest, _("write the label behind the line that is asked about"));
	rt_reader_mistake(reader, question->predict.number, question->label_word.at, help,
			  _("no line of this step has the label @%s"), question->label);
	free(help);
}

static void resolve_choice(struct rt_reader *reader, struct rt_question *question, size_t i,
			   const struct rt_line *line)
{
	struct rt_choice *choice = question->predict.choice, *own = &choice[i];
	const struct rt_call_spec *spec =
		line->kind == RT_LINE_CALL ? rt_call_spec(line->call.id) : NULL;
	struct rt_word text = rt_reader_line(reader, question->choice[i].line),
		       word = question->choice[i].word;
	struct rt_mistake mistake = {0};
	struct rt_lex lex = {
		.text = text.s, .len = word.at + word.len, .at = word.at, .mistake = &mistake};

	if (rt_want_lex(&lex, !spec, &own->want) < 0 ||
	    (spec && rt_want_check(&lex, &line->call, word.at, &own->want) < 0))
		goto fail;
	if (lex.at != lex.len) {
		rt_lex_expected(&lex, word.at, _("one result"), "");
		goto fail;
	}
	for (size_t j = 0; j < i; j++) {
		if (!rt_want_equal(&choice[j].want, &own->want, spec))
			continue;
		rt_reader_mistake(reader, question->choice[i].line, word.at,
				  _("the kernel can make only one choice right"),
				  _("this choice says the same as the one in line %d"),
				  question->choice[j].line);
		return;
	}
	return;
fail:
	rt_reader_adopt(reader, question->choice[i].line, &mistake);
}

/*
 * Where a gated line cannot be run, the right choice is the one that the lesson states: there must
 * be one.
 */
static void check_recorded(struct rt_reader *reader, const struct rt_question *question,
			   const struct rt_line *line)
{
	const struct rt_predict *predict = &question->predict;

	if (!rt_gates_any(&line->gates) || reader->mistakes->n > 0)
		return;
	for (size_t i = 0; i < predict->n_choices; i++)
		if (rt_line_states(line, &predict->choice[i].want))
			return;
	rt_reader_mistake(reader, predict->number, question->label_word.at,
			  _("where it cannot be run, the result that it states is the answer"),
			  _("no choice is what line %d states"), line->number);
}

static void resolve(struct rt_reader *reader, struct rt_question *question)
{
	int line = find_label(reader->lesson, question->label);

	if (line < 0 || reader->lesson->line[line].step != question->step) {
		/* Its line may be one that could not be read. */
		if (!reader->broken[question->step])
			fail_label(reader, question);
		return;
	}
	for (struct rt_question *other = reader->question; other < question; other++) {
		if (strcmp(other->label, question->label) != 0)
			continue;
		rt_reader_mistake(reader, question->predict.number, question->label_word.at, "",
				  _("the question of line %d asks about @%s already"),
				  other->predict.number, question->label);
		return;
	}
	question->predict.line = (size_t)line;
	memcpy(question->predict.label, question->label, sizeof(question->label));
	for (size_t i = 0; i < question->predict.n_choices && !reader->lost; i++)
		resolve_choice(reader, question, i, &reader->lesson->line[line]);
	check_recorded(reader, question, &reader->lesson->line[line]);
}

static int by_line(const void *a, const void *b)
{
	const struct rt_predict *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

/* Not before the answer of the question before it, nor before the step begins. */
static size_t asked_at(const struct rt_lesson *lesson, const struct rt_predict *predict,
		       size_t free_from)
{
	size_t line = predict->line, first = lesson->step[lesson->line[line].step].first_line;

	if (free_from < first)
		free_from = first;
	while (line > free_from && lesson->line[line].kind == RT_LINE_EXPECT)
		line--;
	return line;
}

void rt_predict_resolve(struct rt_reader *reader)
{
	struct rt_lesson *lesson = reader->lesson;

	for (size_t i = 0; i < reader->n_questions && !reader->lost; i++)
		if (reader->question[i].label[0])
			resolve(reader, &reader->question[i]);
	if (reader->mistakes->n > 0)
		return;
	lesson->predict = rt_calloc(reader->n_questions, sizeof(lesson->predict[0]));
	for (size_t i = 0; i < reader->n_questions; i++)
		lesson->predict[lesson->n_predicts++] = reader->question[i].predict;
	reader->n_questions = 0;
	if (lesson->n_predicts)
		qsort(lesson->predict, lesson->n_predicts, sizeof(lesson->predict[0]), by_line);
	for (size_t i = 0; i < lesson->n_predicts; i++)
		lesson->predict[i].asked_at = asked_at(lesson, &lesson->predict[i],
						       i ? lesson->predict[i - 1].line + 1 : 0);
}
