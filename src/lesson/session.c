#include "lesson/session.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/engine_private.h"
#include "lesson/foresee.h"

enum { PATIENCE_MS = 250 };

struct rt_session {
	struct rt_engine *engine; /* with no world it never moves */
	struct rt_foresee *foresee;
	struct rt_lesson *lesson;
	/* That is shown: with no lines of its own it cannot be told from the engine's position. */
	size_t step;
	size_t goal;	 /* position that the learner asked for */
	int *answer;	 /* of each question of the lesson */
	bool *was_right; /* in the run it was given in: its line need not run again in this one */
	size_t hints;	 /* shown of the question that is asked */
	const struct rt_predict *shown; /* its result is on the screen */
	bool stageless;
	bool borrowed; /* the lesson is a draft's */
	enum rt_phase last;
};

struct rt_session *rt_session_new(struct rt_world *world)
{
	struct rt_session *session = rt_calloc(1, sizeof(*session));

	session->engine = rt_engine_new(world, PATIENCE_MS);
	session->foresee = rt_foresee_new(session->engine, RT_FORESEE_LAST, NULL, NULL);
	session->stageless = !world;
	return session;
}

void rt_session_free(struct rt_session *session)
{
	if (!session)
		return;
	rt_foresee_free(session->foresee);
	rt_engine_free(session->engine);
	if (!session->borrowed)
		rt_lesson_free(session->lesson);
	free(session->answer);
	free(session->was_right);
	free(session);
}

const struct rt_foresight *rt_session_why(const struct rt_session *session)
{
	/* While calls run, which one is the last changes. */
	if (rt_engine_is_busy(session->engine))
		return NULL;
	return rt_foresee_last(session->foresee);
}

bool rt_session_has_why(const struct rt_session *session)
{
	return !rt_engine_is_busy(session->engine) && rt_foresee_can(session->foresee);
}

void rt_session_make_why(struct rt_session *session)
{
	if (rt_session_has_why(session))
		rt_foresee_ask(session->foresee);
}

void rt_session_judge_all(struct rt_session *session,
			  void (*judged)(void *ctx, const struct rt_foresight *foresight),
			  void *ctx)
{
	rt_foresee_free(session->foresee);
	session->foresee = rt_foresee_new(session->engine, RT_FORESEE_ALL, judged, ctx);
}

void rt_session_lose_stage(struct rt_session *session)
{
	session->stageless = true;
	rt_engine_forget_world(session->engine);
}

/* --- where the learner stands ----------------------------------------------------------------- */

const struct rt_lesson *rt_session_lesson(const struct rt_session *session)
{
	return session->lesson;
}

struct rt_engine *rt_session_engine(const struct rt_session *session)
{
	return session->engine;
}

size_t rt_session_step(const struct rt_session *session)
{
	return session->step;
}

const struct rt_error *rt_session_error(const struct rt_session *session)
{
	return rt_engine_error(session->engine);
}

static const struct rt_step *this_step(const struct rt_session *session)
{
	return &session->lesson->step[session->step];
}

static size_t step_end(const struct rt_step *step)
{
	return step->first_line + step->n_lines;
}

/* The position that the screen stands at: where the engine is, or is going to. */
static size_t position(const struct rt_session *session)
{
	return rt_engine_position(session->engine);
}

bool rt_session_is_stageless(const struct rt_session *session)
{
	return session->stageless;
}

size_t rt_session_calls(const struct rt_session *session)
{
	const struct rt_step *step = this_step(session);
	size_t at = position(session);

	if (session->stageless)
		return 0;
	if (rt_engine_replaying(session->engine))
		at = rt_engine_target(session->engine);
	if (at < step->first_line)
		return 0;
	return at < step_end(step) ? at - step->first_line : step->n_lines;
}

static size_t question_index(const struct rt_session *session, const struct rt_predict *predict)
{
	return (size_t)(predict - session->lesson->predict);
}

static bool is_busy(const struct rt_session *session)
{
	return rt_session_phase(session) == RT_PHASE_RUN;
}

/* The question before the line at the position, as long as it was neither answered nor skipped. */
static const struct rt_predict *open_question(const struct rt_session *session)
{
	const struct rt_predict *predict = rt_lesson_predict(session->lesson, position(session));

	if (!predict || position(session) >= step_end(this_step(session)))
		return NULL;
	return session->answer[question_index(session, predict)] == RT_ANSWER_NONE ? predict : NULL;
}

static enum rt_phase phase_at_rest(const struct rt_session *session)
{
	if (session->shown)
		return RT_PHASE_RESULT;
	if (session->stageless || position(session) >= step_end(this_step(session)))
		return session->step + 1 < session->lesson->n_steps ? RT_PHASE_STEP : RT_PHASE_END;
	return open_question(session) ? RT_PHASE_ASK : RT_PHASE_READ;
}

enum rt_phase rt_session_phase(const struct rt_session *session)
{
	if (!session->lesson)
		return RT_PHASE_END;
	if (session->stageless)
		return phase_at_rest(session);
	/*
	 * The target, not the engine's own state: it may be on its way although nobody has pumped
	 * it yet.
	 */
	if (rt_engine_failed(session->engine))
		return RT_PHASE_LOST;
	if (position(session) != rt_engine_target(session->engine) ||
	    rt_engine_is_busy(session->engine))
		return RT_PHASE_RUN;
	return phase_at_rest(session);
}

/* --- moving ----------------------------------------------------------------------------------- */

static void move_to(struct rt_session *session, size_t goal)
{
	session->shown = NULL;
	session->hints = 0;
	session->goal = goal;
	if (!session->stageless)
		rt_engine_go(session->engine, goal);
}

void rt_session_open(struct rt_session *session, struct rt_lesson *lesson, size_t step)
{
	rt_engine_load(session->engine, lesson->line, lesson->n_lines);
	rt_foresee_forget(session->foresee);
	rt_world_set_lesson(rt_engine_world(session->engine), lesson->id);
	if (!session->borrowed)
		rt_lesson_free(session->lesson);
	session->borrowed = false;
	free(session->answer);
	free(session->was_right);
	session->lesson = lesson;
	session->answer = rt_calloc(lesson->n_predicts, sizeof(session->answer[0]));
	session->was_right = rt_calloc(lesson->n_predicts, sizeof(session->was_right[0]));
	for (size_t i = 0; i < lesson->n_predicts; i++)
		session->answer[i] = RT_ANSWER_NONE;
	session->shown = NULL;
	rt_session_go_to(session, step);
}

void rt_session_borrow(struct rt_session *session, struct rt_lesson *lesson)
{
	rt_session_open(session, lesson, 0);
	session->borrowed = true;
	rt_engine_be_tape(session->engine);
	/* A draft may want several uids without saying so. */
	(void)rt_engine_exchange(session->engine, lesson->line, lesson->n_lines, 0);
	session->goal = lesson->n_lines;
	if (!session->stageless)
		rt_engine_jump(session->engine, session->goal);
}

void rt_session_changed(struct rt_session *session, size_t same)
{
	const struct rt_lesson *lesson = session->lesson;

	session->goal = lesson->n_lines;
	if (session->stageless)
		return;
	if (rt_engine_exchange(session->engine, lesson->line, lesson->n_lines, same)) {
		rt_engine_go(session->engine, session->goal);
	} else {
		rt_foresee_forget(session->foresee);
		rt_engine_jump(session->engine, session->goal);
	}
}

/*
 * The end of what can be run without a question: the next line with an open one, or the end of the
 * step. Before a fresh stage it stops too: the sockets of this one would be gone unseen.
 */
static size_t next_stop(const struct rt_session *session, size_t from)
{
	size_t end = step_end(this_step(session));

	for (size_t line = from; line < end; line++) {
		const struct rt_predict *predict = rt_lesson_predict(session->lesson, line);

		if (predict && session->answer[question_index(session, predict)] == RT_ANSWER_NONE)
			return line;
		if (line > from && session->lesson->line[line].fresh)
			return line;
	}
	return end;
}

static void enter_step(struct rt_session *session, size_t step)
{
	session->step = step;
	move_to(session, this_step(session)->first_line);
}

void rt_session_go_on(struct rt_session *session)
{
	switch (rt_session_phase(session)) {
	case RT_PHASE_READ:
		move_to(session, next_stop(session, position(session)));
		break;
	case RT_PHASE_RESULT:
		session->shown = NULL;
		session->hints = 0;
		if (position(session) < step_end(this_step(session)))
			move_to(session, next_stop(session, position(session)));
		break;
	case RT_PHASE_STEP:
		enter_step(session, session->step + 1);
		break;
	case RT_PHASE_LOST:
		rt_session_again(session);
		break;
	default:
		break;
	}
}

/* Marks the question of the next line as skipped where it stands open. */
static void skip_question(struct rt_session *session)
{
	const struct rt_predict *predict = open_question(session);

	if (predict)
		session->answer[question_index(session, predict)] = RT_ANSWER_SKIPPED;
}

void rt_session_one_call(struct rt_session *session)
{
	const struct rt_predict *predict;
	enum rt_phase phase = rt_session_phase(session);

	if (phase == RT_PHASE_STEP || session->stageless) {
		rt_session_go_on(session);
		return;
	}
	if (phase != RT_PHASE_READ && phase != RT_PHASE_ASK && phase != RT_PHASE_RESULT)
		return;
	session->shown = NULL;
	if (position(session) >= step_end(this_step(session)))
		return;
	predict = open_question(session);
	if (predict && phase == RT_PHASE_RESULT)
		return; /* the result makes room for the question first */
	skip_question(session);
	move_to(session, predict ? predict->line + 1 : position(session) + 1);
	session->shown = predict;
}

void rt_session_back(struct rt_session *session)
{
	size_t at = position(session);

	if (session->stageless || at <= this_step(session)->first_line) {
		if (session->step > 0) {
			session->step--;
			move_to(session, step_end(this_step(session)));
		}
		return;
	}
	if (is_busy(session) && rt_engine_waiting_line(session->engine) < 0)
		return;
	/* A wait in progress is left; a line that has run is taken back. */
	move_to(session, is_busy(session) ? at : at - 1);
	if (rt_lesson_predict(session->lesson, session->goal)) {
		size_t i =
			question_index(session, rt_lesson_predict(session->lesson, session->goal));

		/*
		 * Skipping was no answer: coming back to the question asks again. An answer given
		 * stays.
		 */
		if (session->answer[i] == RT_ANSWER_SKIPPED)
			session->answer[i] = RT_ANSWER_NONE;
	}
}

static void forget_answers(struct rt_session *session, size_t from_line, size_t to_line)
{
	for (size_t i = 0; i < session->lesson->n_predicts; i++) {
		size_t line = session->lesson->predict[i].line;

		if (line >= from_line && line < to_line)
			session->answer[i] = RT_ANSWER_NONE;
	}
}

/* Run again from first_line even when the engine stands there already: the stage is a fresh one. */
static void restart(struct rt_session *session, size_t line)
{
	bool there = position(session) == line && !rt_engine_failed(session->engine);

	move_to(session, line);
	if (there && !session->stageless)
		rt_engine_rebuild(session->engine);
}

void rt_session_again(struct rt_session *session)
{
	const struct rt_step *step = this_step(session);

	forget_answers(session, step->first_line, step_end(step));
	restart(session, step->first_line);
}

void rt_session_reset(struct rt_session *session)
{
	forget_answers(session, 0, session->lesson->n_lines);
	session->step = 0;
	restart(session, 0);
}

void rt_session_go_to(struct rt_session *session, size_t step)
{
	if (step >= session->lesson->n_steps)
		return;
	enter_step(session, step);
	if (!session->stageless)
		rt_engine_jump(session->engine, session->goal);
}

void rt_session_resume(struct rt_session *session, size_t step, size_t calls)
{
	if (step >= session->lesson->n_steps)
		return;
	session->step = step;
	if (calls > this_step(session)->n_lines)
		calls = this_step(session)->n_lines;
	move_to(session, this_step(session)->first_line + calls);
	if (!session->stageless)
		rt_engine_jump(session->engine, session->goal);
}

void rt_session_ask(struct rt_session *session, const struct rt_predict *predict)
{
	size_t step = session->lesson->line[predict->line].step;

	rt_session_resume(session, step,
			  predict->asked_at - session->lesson->step[step].first_line);
}

void rt_session_answer(struct rt_session *session, int choice)
{
	const struct rt_predict *predict;

	if (rt_session_phase(session) != RT_PHASE_ASK)
		return;
	predict = open_question(session);
	if (choice != RT_ANSWER_UNSURE && (choice < 0 || (size_t)choice >= predict->n_choices))
		return;
	session->answer[question_index(session, predict)] = choice;
	session->was_right[question_index(session, predict)] = false;
	move_to(session, predict->line + 1);
	session->shown = predict;
}

void rt_session_hint(struct rt_session *session)
{
	const struct rt_predict *predict = rt_session_question(session);

	if (predict && rt_session_phase(session) == RT_PHASE_ASK &&
	    session->hints < predict->n_hints)
		session->hints++;
}

/* --- time ------------------------------------------------------------------------------------- */

bool rt_session_pump(struct rt_session *session)
{
	size_t before = position(session);
	enum rt_phase phase;
	bool changed;

	if (session->stageless || !session->lesson)
		return false;
	rt_engine_pump(session->engine);
	changed = rt_engine_refresh_if_dirty(session->engine);
	phase = rt_session_phase(session);
	changed = changed || phase != session->last || before != position(session);
	session->last = phase;
	return changed;
}

int rt_session_timeout_ms(const struct rt_session *session)
{
	return session->stageless ? -1 : rt_engine_timeout_ms(session->engine);
}

void rt_session_settle(struct rt_session *session)
{
	if (!session->stageless)
		rt_engine_settle(session->engine, NULL);
}

/* --- the question ----------------------------------------------------------------------------- */

const struct rt_predict *rt_session_question(const struct rt_session *session)
{
	if (!session->lesson)
		return NULL;
	if (session->shown)
		return session->shown;
	return rt_session_phase(session) == RT_PHASE_ASK ? open_question(session) : NULL;
}

size_t rt_session_shown_lines(const struct rt_session *session)
{
	size_t end = step_end(this_step(session));

	for (size_t i = 0; i < session->lesson->n_predicts; i++) {
		const struct rt_predict *predict = &session->lesson->predict[i];

		if (predict->line < position(session) || predict->line >= end ||
		    session->answer[i] != RT_ANSWER_NONE)
			continue;
		/*
		 * The call that is asked about is part of the question; an expect line would be its
		 * answer.
		 */
		return session->lesson->line[predict->line].kind == RT_LINE_CALL ? predict->line + 1
										 : predict->line;
	}
	return end;
}

size_t rt_session_hints(const struct rt_session *session)
{
	return session->hints;
}

int rt_session_answer_of(const struct rt_session *session, const struct rt_predict *predict)
{
	return session->answer[question_index(session, predict)];
}

void rt_session_set_answer(struct rt_session *session, const struct rt_predict *predict, int answer,
			   bool as_predicted)
{
	session->answer[question_index(session, predict)] = answer;
	session->was_right[question_index(session, predict)] = as_predicted;
}

bool rt_session_is_decided(const struct rt_session *session, const struct rt_predict *predict)
{
	return rt_engine_outcome(session->engine, predict->line)->how != RT_NOT_RUN;
}

int rt_session_right_choice(const struct rt_session *session, const struct rt_predict *predict)
{
	const struct rt_outcome *outcome = rt_engine_outcome(session->engine, predict->line);

	for (size_t i = 0; i < predict->n_choices; i++)
		if (rt_outcome_match(outcome, &predict->choice[i].want))
			return (int)i;
	return -1;
}

bool rt_session_was_right(const struct rt_session *session, const struct rt_predict *predict)
{
	int answer = rt_session_answer_of(session, predict);

	return answer >= 0 && (answer == rt_session_right_choice(session, predict) ||
			       !rt_engine_outcome(session->engine, predict->line)->as_wanted);
}

void rt_session_score(const struct rt_session *session, size_t *asked, size_t *answered,
		      size_t *as_predicted)
{
	*asked = session->lesson->n_predicts;
	*answered = *as_predicted = 0;
	for (size_t i = 0; i < *asked; i++) {
		const struct rt_predict *predict = &session->lesson->predict[i];

		if (session->answer[i] < 0)
			continue;
		(*answered)++;
		if (rt_session_is_decided(session, predict)
			    ? session->answer[i] == rt_session_right_choice(session, predict)
			    : session->was_right[i])
			(*as_predicted)++;
	}
}
