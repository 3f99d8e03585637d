/* How long a lesson takes: words and calls, counted. */
#include <string.h>

#include "base/utf8.h"
#include "lesson/lesson.h"

enum { WORDS_PER_MINUTE = 200, SECONDS_PER_CALL = 3 };

/*
 * Words between blanks, in halves: Chinese has no blanks, and two of its characters are about a
 * word.
 */
static size_t half_words(const char *text)
{
	size_t len = strlen(text), halves = 0;
	bool inside = false;
	uint32_t c;

	for (size_t n; (n = rt_utf8_next(text, len, &c)) > 0; text += n, len -= n) {
		bool blank = c == ' ' || c == '\t' || c == '\n';

		if (rt_char_columns(c) == 2) {
			halves++;
			inside = false;
		} else if (!blank && !inside) {
			halves += 2;
			inside = true;
		} else if (blank) {
			inside = false;
		}
	}
	return halves;
}

/* A word may consist of several spans, as `this`, with its comma. */
static size_t of_para(const struct rt_para *para)
{
	struct rt_str text = {0};
	size_t halves;

	for (size_t i = 0; i < para->n_spans; i++)
		rt_str_add(&text, para->span[i].text);
	halves = half_words(rt_str_text(&text));
	rt_str_fini(&text);
	return halves;
}

static size_t of_step(const struct rt_step *step)
{
	size_t halves = half_words(step->title);

	for (size_t i = 0; i < step->n_paras; i++)
		halves += of_para(&step->para[i]);
	return halves;
}

/* One reads all choices, and the feedback of the one that was chosen: on average that of one. */
static size_t of_question(const struct rt_predict *predict)
{
	size_t halves = half_words(predict->ask), why = 0;

	for (size_t i = 0; i < predict->n_choices; i++) {
		halves += half_words(predict->choice[i].pattern) +
			  half_words(predict->choice[i].text);
		why += half_words(predict->choice[i].why);
	}
	return halves + (predict->n_choices ? why / predict->n_choices : 0);
}

int rt_lesson_seconds(const struct rt_lesson *lesson)
{
	size_t halves = 0;

	for (size_t i = 0; i < lesson->n_steps; i++)
		halves += of_step(&lesson->step[i]);
	for (size_t i = 0; i < lesson->n_predicts; i++)
		halves += of_question(&lesson->predict[i]);
	return (int)(halves * 60 / (2 * WORDS_PER_MINUTE) + lesson->n_lines * SECONDS_PER_CALL);
}
