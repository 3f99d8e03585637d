/* A review in plain text: each question in its lesson, as far as it. */
#include <stdio.h>

#include "base/i18n.h"
#include "cmd/due.h"
#include "cmd/run_plain_private.h"
#include "lesson/variant.h"
#include "lesson/words.h"
#include "report/plain.h"

struct tally {
	size_t answered, right;
};

static void count(struct rt_plain_run *plain, const struct rt_catalog *catalog,
		  struct rt_keep *keep, const struct rt_due *due, const struct rt_predict *predict,
		  struct tally *tally)
{
	bool right = rt_session_was_right(plain->session, predict);

	/* Skipped is not answered: it stays due. */
	if (rt_session_answer_of(plain->session, predict) == RT_ANSWER_SKIPPED || plain->left)
		return;
	tally->answered++;
	tally->right += right;
	rt_due_answered(rt_keep_progress(keep), catalog, due, right);
	fflush(stdout);
	rt_keep_print_troubles(keep);
}

/* Asks one question: "Review 1 of 3: title", its step so far, the question and what came of it. */
static int ask_due(struct rt_plain_run *plain, struct rt_lesson *lesson,
		   const struct rt_predict *predict, const char *which)
{
	struct rt_str head = {0};

	rt_plain_run_script(plain, lesson->n_lines);
	rt_session_open(plain->session, lesson, lesson->line[predict->line].step);
	rt_session_ask(plain->session, predict);
	rt_str_addf(&head, "\n%s: ", which);
	rt_plain_wrap(stdout, head.s, lesson->title);
	rt_str_fini(&head);
	return rt_plain_run_go(plain);
}

static void say_end(const struct tally *tally, const struct rt_keep *keep,
		    const struct rt_catalog *catalog)
{
	struct rt_str text = {0};

	if (tally->answered) {
		rt_words_reviewed(tally->right, tally->answered, &text);
		rt_str_addc(&text, ' ');
	}
	rt_due_words(rt_keep_progress(keep), catalog, &text);
	putchar('\n');
	rt_plain_wrap(stdout, "", rt_str_text(&text));
	rt_str_fini(&text);
}

int rt_run_plain_review(const struct rt_catalog *catalog, struct rt_keep *keep,
			const struct rt_due *due, size_t n, const struct rt_options *options,
			struct rt_error *err)
{
	struct rt_plain_run plain = {.err = err, .review = true};
	struct tally tally = {0};
	int status = 0;

	if (rt_plain_run_begin(&plain, options) < 0)
		return rt_error_status(err);
	for (size_t i = 0; i < n && status == 0 && !plain.left; i++) {
		struct rt_mistakes mistakes = {0};
		struct rt_lesson *lesson = rt_variant_load(catalog->head[due[i].lesson]->path,
							   due[i].seed, &mistakes, err);
		const struct rt_predict *predict =
			lesson ? rt_lesson_question(lesson, due[i].label) : NULL;
		struct rt_str which = {0};

		rt_mistakes_fini(&mistakes);
		if (!predict) {
			rt_lesson_free(lesson);
			continue;
		}
		rt_words_review(i + 1, n, &which);
		status = ask_due(&plain, lesson, predict, which.s);
		rt_str_fini(&which);
		if (status == 0 && plain.answers)
			count(&plain, catalog, keep, &due[i], predict, &tally);
		if (status == 0 && i + 1 < n && !plain.left)
			rt_plain_run_pause(&plain,
					   _("Press Enter for the next question (q quits): "));
	}
	if (status == 0)
		say_end(&tally, keep, catalog);
	rt_plain_run_finish(&plain);
	return status;
}
