/* A lesson in plain text: text, question, answer, calls, and what the kernel says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/run_plain_private.h"
#include "lesson/explain.h"
#include "lesson/lex.h"
#include "lesson/words.h"
#include "report/plain.h"

static void save(struct rt_plain_run *plain)
{
	if (!plain->keep)
		return;
	rt_keep_save(plain->keep, plain->session);
	fflush(stdout);
	rt_keep_print_troubles(plain->keep);
}

static const struct rt_step *step_of(const struct rt_plain_run *plain)
{
	return &rt_session_lesson(plain->session)->step[rt_session_step(plain->session)];
}

static void begin_step(struct rt_plain_run *plain)
{
	size_t step = rt_session_step(plain->session);
	size_t first = step_of(plain)->first_line;

	rt_plain_step(stdout, rt_session_lesson(plain->session), step);
	rt_plain_prose(stdout, step_of(plain), first, first);
	putchar('\n');
	plain->printed = plain->told = first;
}

/* --- why -------------------------------------------------------------------------------------- */

static void forget_whys(struct rt_plain_run *plain)
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
	struct rt_plain_run *plain = ctx;
	struct rt_str text = {0};

	if (call->line >= plain->n_why || (call->run > 1 && plain->why[call->line]))
		return;
	free(plain->why[call->line]);
	rt_explain_short(call, &text);
	plain->why[call->line] = text.len ? rt_str_take(&text) : NULL;
	rt_str_fini(&text);
}

void rt_plain_run_script(struct rt_plain_run *plain, size_t n_lines)
{
	forget_whys(plain);
	free(plain->blocked);
	plain->blocked = rt_calloc(n_lines, sizeof(plain->blocked[0]));
	plain->why = rt_calloc(n_lines, sizeof(plain->why[0]));
	plain->n_why = n_lines;
}

/* --- the script ------------------------------------------------------------------------------- */

/* Everything that has run since the last time. */
static void print_progress(struct rt_plain_run *plain)
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
static void print_prose(struct rt_plain_run *plain)
{
	if (plain->told < plain->printed)
		rt_plain_prose(stdout, step_of(plain), plain->told, plain->printed);
	plain->told = plain->printed;
}

/* What a line means as an answer: true where it was one. */
static bool take_answer(struct rt_plain_run *plain, const struct rt_predict *predict,
			const char *line)
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

static int input_ended(struct rt_plain_run *plain)
{
	putchar('\n');
	rt_error_set(plain->err, RT_ERR_TERMINAL, _("the input has ended, and a question is open"));
	rt_error_fix(plain->err, "%s",
		     _("run it in a terminal, with --answers FILE, or with --auto to ask nothing"));
	return RT_ERR_TERMINAL;
}

/* A file of answers may hold anything. */
static void put_line(const char *line)
{
	char *shown = rt_text_harmless(line, strlen(line));

	puts(shown);
	free(shown);
}

static void refuse_answer(const char *line, size_t n)
{
	char *shown = rt_text_harmless(line, strlen(line));

	printf(_("\"%.40s\" is none of 1 to %zu, h, - and q.\n"), shown, n);
	free(shown);
}

static int ask(struct rt_plain_run *plain)
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
			put_line(line);
		if (strcmp(line, "h") == 0) {
			rt_plain_hint(stdout, predict, rt_session_hints(plain->session));
			rt_session_hint(plain->session);
		} else if (take_answer(plain, predict, line)) {
			return 0;
		} else {
			refuse_answer(line, predict->n_choices + 1);
		}
	}
}

void rt_plain_run_pause(struct rt_plain_run *plain, const char *prompt)
{
	char line[80];

	if (!plain->answers || !rt_answers_from_person(plain->answers))
		return;
	fputs(prompt, stdout);
	fflush(stdout);
	plain->left =
		!rt_answers_next(plain->answers, line, sizeof(line)) || strcmp(line, "q") == 0;
}

static int lost(struct rt_plain_run *plain)
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

static void say_waiting(struct rt_plain_run *plain)
{
	if (rt_engine_waiting_line(rt_session_engine(plain->session)) < 0 || !plain->answers ||
	    !rt_answers_from_person(plain->answers))
		return;
	puts(_("Waiting, as the script says: this can take a minute."));
	fflush(stdout);
}

static void run_calls(struct rt_plain_run *plain)
{
	rt_session_go_on(plain->session);
	rt_session_pump(plain->session);
	say_waiting(plain);
}

static void end_lesson(struct rt_plain_run *plain)
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

int rt_plain_run_go(struct rt_plain_run *plain)
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
			rt_plain_run_pause(plain, _("\nPress Enter for the next step (q quits): "));
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
static void open_lesson(struct rt_plain_run *plain, struct rt_lesson *lesson, size_t step,
			bool resume)
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

int rt_plain_run_begin(struct rt_plain_run *plain, const struct rt_options *options)
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

void rt_plain_run_finish(struct rt_plain_run *plain)
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
	struct rt_plain_run plain = {.err = err};
	int status;

	if (rt_plain_run_begin(&plain, options) < 0) {
		rt_lesson_free(lesson);
		return rt_error_status(err);
	}
	plain.keep = plain.answers ? rt_keep_new(NULL) : NULL;
	rt_plain_run_script(&plain, lesson->n_lines);
	open_lesson(&plain, lesson, step, resume);
	status = rt_plain_run_go(&plain);
	save(&plain);
	rt_keep_free(plain.keep);
	rt_plain_run_finish(&plain);
	return status;
}
