#include "cmd/run_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/answers.h"
#include "cmd/due.h"
#include "cmd/keep.h"
#include "cmd/publish.h"
#include "lesson/explain.h"
#include "lesson/variant.h"
#include "lesson/words.h"
#include "report/plain.h"

struct plain {
	struct rt_loop *loop;
	struct rt_world *world;
	struct rt_publish *publish;
	struct rt_session *session;
	struct rt_answers *answers; /* NULL with --auto */
	struct rt_keep *keep;	    /* likewise: what nobody took is not kept */
	bool review;		    /* it ends behind the result of one question */
	struct rt_error *err;
	size_t printed; /* lines of script whose outcome was written */
	size_t told;	/* lines of script whose prose was written */
	char **why;	/* of each line: why its call did not succeed, or NULL. Owned */
	size_t n_why;
	bool *blocked;	/* of each line: it was written as blocking, and not yet as resumed */
	bool explained; /* what the signs of the sockets mean */
	bool left;	/* q */
};

static void save(struct plain *plain)
{
	if (!plain->keep)
		return;
	rt_keep_save(plain->keep, plain->session);
	fflush(stdout);
	rt_keep_print_troubles(plain->keep);
}

static const struct rt_step *step_of(const struct plain *plain)
{
	return &rt_session_lesson(plain->session)->step[rt_session_step(plain->session)];
}

static void begin_step(struct plain *plain)
{
	size_t step = rt_session_step(plain->session);
	size_t first = step_of(plain)->first_line;

	rt_plain_step(stdout, rt_session_lesson(plain->session), step);
	rt_plain_prose(stdout, step_of(plain), first, first);
	putchar('\n');
	plain->printed = plain->told = first;
}

/* --- why -------------------------------------------------------------------------------------- */

static void forget_whys(struct plain *plain)
{
	for (size_t i = 0; i < plain->n_why; i++)
		free(plain->why[i]);
	free(plain->why);
	plain->why = NULL;
	plain->n_why = 0;
}

/* Of a repetition the first call that did not succeed. */
static void note_why(void *ctx, const struct rt_foresight *call)
{
	struct plain *plain = ctx;
	struct rt_str text = {0};

	if (call->line >= plain->n_why || (call->run > 1 && plain->why[call->line]))
		return;
	free(plain->why[call->line]);
	rt_explain_short(call, &text);
	plain->why[call->line] = text.len ? rt_str_take(&text) : NULL;
	rt_str_fini(&text);
}

static void begin_script(struct plain *plain, size_t n_lines)
{
	forget_whys(plain);
	free(plain->blocked);
	plain->blocked = rt_calloc(n_lines, sizeof(plain->blocked[0]));
	plain->why = rt_calloc(n_lines, sizeof(plain->why[0]));
	plain->n_why = n_lines;
}

/* --- the script ------------------------------------------------------------------------------- */

/* Everything that has run since the last time. */
static void print_progress(struct plain *plain)
{
	const struct rt_line *line = rt_session_lesson(plain->session)->line;
	size_t upto = rt_engine_position(rt_session_engine(plain->session));

	if (upto == plain->printed)
		return;
	for (; plain->printed < upto; plain->printed++) {
		if (line[plain->printed].fresh && plain->printed > step_of(plain)->first_line)
			printf("\n%s\n\n", rt_words_fresh());
		rt_plain_line(stdout, plain->session, plain->printed);
		if (plain->why[plain->printed])
			rt_plain_wrap(stdout, "    ", plain->why[plain->printed]);
	}
	rt_plain_resumed(stdout, plain->session, plain->printed, plain->blocked);
	putchar('\n');
	rt_plain_sockets(stdout, plain->session);
	if (!plain->explained && rt_engine_sockets(rt_session_engine(plain->session))->n > 0) {
		rt_plain_legend(stdout);
		plain->explained = true;
	}
}

/* The text that may be read now. */
static void print_prose(struct plain *plain)
{
	if (plain->told < plain->printed)
		rt_plain_prose(stdout, step_of(plain), plain->told, plain->printed);
	plain->told = plain->printed;
}

/* What a line means as an answer: true where it was one. */
static bool take_answer(struct plain *plain, const struct rt_predict *predict, const char *line)
{
	char *end;
	long number = strtol(line, &end, 10);

	if (strcmp(line, "q") == 0) {
		plain->left = true;
		return true;
	}
	if (strcmp(line, "-") == 0) {
		rt_session_one_call(plain->session);
		return true;
	}
	if (strcmp(line, "?") == 0)
		number = (long)predict->n_choices + 1;
	else if (end == line || *end || number < 1 || (size_t)number > predict->n_choices + 1)
		return false;
	rt_session_answer(plain->session, (size_t)number == predict->n_choices + 1
						  ? RT_ANSWER_UNSURE
						  : (int)number - 1);
	return true;
}

static int input_ended(struct plain *plain)
{
	putchar('\n');
	rt_error_set(plain->err, RT_ERR_TERMINAL, _("the input has ended, and a question is open"));
	rt_error_fix(plain->err, "%s",
		     _("run it in a terminal, with --answers FILE, or with --auto to ask nothing"));
	return RT_ERR_TERMINAL;
}

static int ask(struct plain *plain)
{
	const struct rt_predict *predict = rt_session_question(plain->session);
	char line[80];

	rt_plain_question(stdout, predict);
	if (!plain->answers) {
		putchar('\n');
		rt_session_one_call(plain->session);
		return 0;
	}
	for (;;) {
		printf(_("Answer 1-%zu (h hint, - skip, q quit): "), predict->n_choices + 1);
		fflush(stdout);
		if (!rt_answers_next(plain->answers, line, sizeof(line)))
			return input_ended(plain);
		if (!rt_answers_from_person(plain->answers))
			puts(line);
		if (strcmp(line, "h") == 0) {
			rt_plain_hint(stdout, predict, rt_session_hints(plain->session));
			rt_session_hint(plain->session);
		} else if (take_answer(plain, predict, line)) {
			return 0;
		} else {
			printf(_("\"%.20s\" is none of 1 to %zu, h, - and q.\n"), line,
			       predict->n_choices + 1);
		}
	}
}

/* A person gets a pause between steps; a file of answers has no line for it. */
static void pause_for_person(struct plain *plain, const char *prompt)
{
	char line[80];

	if (!plain->answers || !rt_answers_from_person(plain->answers))
		return;
	fputs(prompt, stdout);
	fflush(stdout);
	plain->left =
		!rt_answers_next(plain->answers, line, sizeof(line)) || strcmp(line, "q") == 0;
}

static int lost(struct plain *plain)
{
	const struct rt_lesson *lesson = rt_session_lesson(plain->session);
	char text[1280];

	*plain->err = *rt_session_error(plain->session);
	if (plain->review)
		return rt_error_status(plain->err);
	rt_plain_wrap(stdout, "", rt_error_format(plain->err, text, sizeof(text)));
	puts(_("So nothing runs from here on. The texts of the lesson:"));
	for (size_t step = rt_session_step(plain->session); step < lesson->n_steps; step++) {
		const struct rt_step *this = &lesson->step[step];
		size_t first = this->first_line, end = first + this->n_lines;

		if (step > rt_session_step(plain->session)) {
			rt_plain_step(stdout, lesson, step);
			rt_plain_prose(stdout, this, first, first);
		}
		if (end > first)
			rt_plain_prose(stdout, this, first, end);
	}
	return rt_error_status(plain->err);
}

static void say_waiting(struct plain *plain)
{
	if (rt_engine_waiting_line(rt_session_engine(plain->session)) < 0 || !plain->answers ||
	    !rt_answers_from_person(plain->answers))
		return;
	puts(_("Waiting, as the script says: this can take a minute."));
	fflush(stdout);
}

static void run_calls(struct plain *plain)
{
	rt_session_go_on(plain->session);
	rt_session_pump(plain->session);
	say_waiting(plain);
}

static void end_lesson(struct plain *plain)
{
	struct rt_str score = {0};

	putchar('\n');
	rt_plain_wrap(stdout, _("What many believe, and what does not hold: "),
		      rt_session_lesson(plain->session)->belief);
	save(plain); /* what will come back is known then */
	rt_words_score(plain->session,
		       plain->keep
			       ? rt_keep_waiting(plain->keep, rt_session_lesson(plain->session)->id)
			       : 0,
		       &score);
	if (score.len)
		printf("\n%s\n", score.s);
	rt_str_fini(&score);
}

static int go(struct plain *plain)
{
	int status = 0;

	begin_step(plain);
	while (status == 0 && !plain->left) {
		rt_session_settle(plain->session);
		if (rt_session_phase(plain->session) == RT_PHASE_LOST)
			return lost(plain);
		print_progress(plain);
		if (rt_session_phase(plain->session) == RT_PHASE_RESULT)
			rt_plain_result(stdout, plain->session,
					rt_session_question(plain->session));
		print_prose(plain);
		if (plain->review && rt_session_phase(plain->session) == RT_PHASE_RESULT)
			return 0;
		switch (rt_session_phase(plain->session)) {
		case RT_PHASE_ASK:
			status = ask(plain);
			break;
		case RT_PHASE_STEP:
			save(plain);
			pause_for_person(plain, _("\nPress Enter for the next step (q quits): "));
			if (plain->left)
				break;
			rt_session_go_on(plain->session);
			begin_step(plain);
			break;
		case RT_PHASE_END:
			end_lesson(plain);
			return 0;
		default:
			run_calls(plain);
			break;
		}
	}
	return status;
}

/* Opens the lesson, and says where it stands: at its beginning, or where it was left. */
static void open_lesson(struct plain *plain, struct rt_lesson *lesson, size_t step, bool resume)
{
	const char *welcome;

	rt_session_open(plain->session, lesson, step);
	if (plain->keep) {
		rt_keep_open(plain->keep, plain->session,
			     resume && rt_answers_from_person(plain->answers));
		rt_keep_print_troubles(plain->keep);
	}
	if (rt_session_step(plain->session) == 0)
		rt_plain_lesson(stdout, lesson);
	welcome = plain->keep ? rt_keep_welcome(plain->keep) : NULL;
	if (welcome)
		rt_plain_wrap(stdout, "", welcome);
}

/* What both kinds of run stand on. Returns 0, or -1 with plain->err. */
static int begin(struct plain *plain, const struct rt_options *options)
{
	if (!options->automatic && !(plain->answers = rt_answers_new(options->answers, plain->err)))
		return -1;
	plain->loop = rt_loop_new();
	plain->world = rt_world_live_new(plain->loop);
	plain->publish = rt_publish_new(plain->world);
	plain->session = rt_session_new(plain->world);
	rt_session_judge_all(plain->session, note_why, plain);
	/* Where nobody watches the time, a wait is done by ending the record. */
	if (!plain->answers || !rt_answers_from_person(plain->answers))
		rt_engine_replace_waits(rt_session_engine(plain->session), true);
	return 0;
}

static void finish(struct plain *plain)
{
	free(plain->blocked);
	forget_whys(plain);
	rt_session_free(plain->session);
	rt_publish_free(plain->publish);
	rt_world_free(plain->world);
	rt_loop_free(plain->loop);
	rt_answers_free(plain->answers);
}

int rt_run_plain(struct rt_lesson *lesson, size_t step, bool resume,
		 const struct rt_options *options, struct rt_error *err)
{
	struct plain plain = {.err = err};
	int status;

	if (begin(&plain, options) < 0) {
		rt_lesson_free(lesson);
		return rt_error_status(err);
	}
	plain.keep = plain.answers ? rt_keep_new(NULL) : NULL;
	begin_script(&plain, lesson->n_lines);
	open_lesson(&plain, lesson, step, resume);
	status = go(&plain);
	save(&plain);
	rt_keep_free(plain.keep);
	finish(&plain);
	return status;
}

/* --- review ----------------------------------------------------------------------------------- */

struct tally {
	size_t answered, right;
};

static void count(struct plain *plain, const struct rt_catalog *catalog, struct rt_keep *keep,
		  const struct rt_due *due, const struct rt_predict *predict, struct tally *tally)
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
static int ask_due(struct plain *plain, struct rt_lesson *lesson, const struct rt_predict *predict,
		   const char *which)
{
	struct rt_str head = {0};

	begin_script(plain, lesson->n_lines);
	rt_session_open(plain->session, lesson, lesson->line[predict->line].step);
	rt_session_ask(plain->session, predict);
	rt_str_addf(&head, "\n%s: ", which);
	rt_plain_wrap(stdout, head.s, lesson->title);
	rt_str_fini(&head);
	return go(plain);
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
	struct plain plain = {.err = err, .review = true};
	struct tally tally = {0};
	int status = 0;

	if (begin(&plain, options) < 0)
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
			pause_for_person(&plain,
					 _("Press Enter for the next question (q quits): "));
	}
	if (status == 0)
		say_end(&tally, keep, catalog);
	finish(&plain);
	return status;
}
