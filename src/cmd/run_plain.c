#include "cmd/run_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/answers.h"
#include "cmd/keep.h"
#include "cmd/publish.h"
#include "lesson/words.h"
#include "report/plain.h"

struct plain {
	struct rt_session *session;
	struct rt_answers *answers; /* NULL with --auto */
	struct rt_keep *keep;	    /* likewise: what nobody took is not kept */
	struct rt_error *err;
	size_t printed; /* lines of script whose outcome was written */
	size_t told;	/* lines of script whose prose was written */
	bool *blocked;	/* of each line: it was written as blocking, and not yet as resumed */
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

/* A call of before that a later one woke. */
static void print_resumed(struct plain *plain)
{
	for (size_t line = 0; line < plain->printed; line++) {
		enum rt_outcome_how how =
			rt_engine_outcome(rt_session_engine(plain->session), line)->how;

		if (plain->blocked[line] && how == RT_RESUMED)
			rt_plain_line(stdout, plain->session, line);
		plain->blocked[line] = how == RT_BLOCKED;
	}
}

/* Everything that has run since the last time. */
static void print_progress(struct plain *plain)
{
	size_t upto = rt_engine_position(rt_session_engine(plain->session));

	if (upto == plain->printed)
		return;
	while (plain->printed < upto)
		rt_plain_line(stdout, plain->session, plain->printed++);
	print_resumed(plain);
	putchar('\n');
	rt_plain_sockets(stdout, plain->session);
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
static void pause_for_person(struct plain *plain)
{
	char line[80];

	if (!plain->answers || !rt_answers_from_person(plain->answers))
		return;
	fputs(_("\nPress Enter for the next step (q quits): "), stdout);
	fflush(stdout);
	plain->left =
		!rt_answers_next(plain->answers, line, sizeof(line)) || strcmp(line, "q") == 0;
}

static int lost(struct plain *plain)
{
	const struct rt_lesson *lesson = rt_session_lesson(plain->session);
	char text[1280];

	*plain->err = *rt_session_error(plain->session);
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
	rt_plain_wrap(stdout, _("What many believe: "), rt_session_lesson(plain->session)->belief);
	rt_words_score(plain->session, &score);
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
		switch (rt_session_phase(plain->session)) {
		case RT_PHASE_ASK:
			status = ask(plain);
			break;
		case RT_PHASE_STEP:
			save(plain);
			pause_for_person(plain);
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

int rt_run_plain(struct rt_lesson *lesson, size_t step, bool resume,
		 const struct rt_options *options, struct rt_error *err)
{
	struct plain plain = {.err = err};
	struct rt_publish *publish;
	struct rt_loop *loop;
	struct rt_world *world;
	int status;

	if (!options->automatic && !(plain.answers = rt_answers_new(options->answers, err))) {
		rt_lesson_free(lesson);
		return rt_error_status(err);
	}
	loop = rt_loop_new();
	world = rt_world_live_new(loop);
	publish = rt_publish_new(world);
	plain.session = rt_session_new(world);
	/* Where nobody watches the time, a wait is done by ending the record. */
	if (!plain.answers || !rt_answers_from_person(plain.answers))
		rt_engine_replace_waits(rt_session_engine(plain.session), true);
	plain.keep = plain.answers ? rt_keep_new() : NULL;
	plain.blocked = rt_calloc(lesson->n_lines, sizeof(plain.blocked[0]));
	open_lesson(&plain, lesson, step, resume);
	status = go(&plain);
	save(&plain);
	rt_keep_free(plain.keep);
	free(plain.blocked);
	rt_session_free(plain.session);
	rt_publish_free(publish);
	rt_world_free(world);
	rt_loop_free(loop);
	rt_answers_free(plain.answers);
	return status;
}
