/* What the learner does. session_state.c tells where that leads. */
#include <stdlib.h>

#include "base/mem.h"
#include "lesson/foresee.h"
#include "lesson/session_private.h"

enum { PATIENCE_MS = 250 };

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

bool rt_session_make_why_of(struct rt_session *session, size_t line)
{
	return !rt_engine_is_busy(session->engine) && rt_foresee_ask_of(session->foresee, line);
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
		rt_engine_jump(session->engine, session->goal, 0);
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
		rt_engine_jump(session->engine, session->goal, 0);
	}
}

/*
 * The end of what can be run without a question: the next line with an open one, or the end of the
 * step. Before a fresh stage it stops too: the sockets of this one would be gone unseen.
 */
static size_t next_stop(const struct rt_session *session, size_t from)
{
	size_t end = rt_session_step_end(session);

	for (size_t line = from; line < end; line++) {
		const struct rt_predict *predict = rt_lesson_predict(session->lesson, line);

		if (predict && rt_session_answer_of(session, predict) == RT_ANSWER_NONE)
			return line;
		if (line > from && session->lesson->line[line].fresh)
			return line;
	}
	return end;
}

static void enter_step(struct rt_session *session, size_t step)
{
	session->step = step;
	move_to(session, rt_session_this_step(session)->first_line);
}

void rt_session_go_on(struct rt_session *session)
{
	switch (rt_session_phase(session)) {
	case RT_PHASE_READ:
		move_to(session, next_stop(session, rt_session_position(session)));
		break;
	case RT_PHASE_RESULT:
		session->shown = NULL;
		session->hints = 0;
		if (rt_session_position(session) < rt_session_step_end(session))
			move_to(session, next_stop(session, rt_session_position(session)));
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
	const struct rt_predict *predict = rt_session_open_question(session);

	if (predict)
		rt_session_set_answer(session, predict, RT_ANSWER_SKIPPED, false);
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
	if (rt_session_position(session) >= rt_session_step_end(session))
		return;
	predict = rt_session_open_question(session);
	if (predict && phase == RT_PHASE_RESULT)
		return; /* the result makes room for the question first */
	skip_question(session);
	move_to(session, predict ? predict->line + 1 : rt_session_position(session) + 1);
	session->shown = predict;
}

/* As it was left, on the same stage, where what came of its lines is known. */
static void show_end_of_step(struct rt_session *session, size_t step)
{
	session->step = step;
	move_to(session, rt_session_step_end(session));
	if (!session->stageless &&
	    rt_engine_has_passed(session->engine, rt_session_this_step(session)->first_line))
		rt_engine_rebuild(session->engine);
}

void rt_session_back(struct rt_session *session)
{
	const struct rt_predict *predict;
	size_t at = rt_session_position(session);
	bool busy = rt_session_phase(session) == RT_PHASE_RUN;

	if (session->stageless || at <= rt_session_this_step(session)->first_line) {
		if (session->step > 0)
			show_end_of_step(session, session->step - 1);
		return;
	}
	if (busy && rt_engine_waiting_line(session->engine) < 0)
		return;
	/* A wait in progress is left; a line that has run is taken back. */
	move_to(session, busy ? at : at - 1);
	predict = rt_lesson_predict(session->lesson, session->goal);
	/* Skipping was no answer: coming back to the question asks again. An answer given stays. */
	if (predict && rt_session_answer_of(session, predict) == RT_ANSWER_SKIPPED)
		rt_session_set_answer(session, predict, RT_ANSWER_NONE, false);
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
	bool there = rt_session_position(session) == line && !rt_engine_failed(session->engine);

	move_to(session, line);
	if (there && !session->stageless)
		rt_engine_rebuild(session->engine);
}

void rt_session_again(struct rt_session *session)
{
	const struct rt_step *step = rt_session_this_step(session);

	forget_answers(session, step->first_line, rt_session_step_end(session));
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
		rt_engine_jump(session->engine, session->goal,
			       rt_session_this_step(session)->first_line);
}

void rt_session_resume(struct rt_session *session, size_t step, size_t calls)
{
	if (step >= session->lesson->n_steps)
		return;
	session->step = step;
	if (calls > rt_session_this_step(session)->n_lines)
		calls = rt_session_this_step(session)->n_lines;
	move_to(session, rt_session_this_step(session)->first_line + calls);
	if (!session->stageless)
		rt_engine_jump(session->engine, session->goal,
			       rt_session_this_step(session)->first_line);
}

void rt_session_ask(struct rt_session *session, const struct rt_predict *predict)
{
	size_t step = session->lesson->line[predict->line].step;

	rt_session_resume(session, step,
			  predict->asked_at - session->lesson->step[step].first_line);
}

void rt_session_set_answer(struct rt_session *session, const struct rt_predict *predict, int answer,
			   bool as_predicted)
{
	session->answer[rt_session_question_index(session, predict)] = answer;
	session->was_right[rt_session_question_index(session, predict)] = as_predicted;
}

void rt_session_answer(struct rt_session *session, int choice)
{
	const struct rt_predict *predict;

	if (rt_session_phase(session) != RT_PHASE_ASK)
		return;
	predict = rt_session_open_question(session);
	if (choice != RT_ANSWER_UNSURE && (choice < 0 || (size_t)choice >= predict->n_choices))
		return;
	rt_session_set_answer(session, predict, choice, false);
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
	size_t before = rt_session_position(session);
	enum rt_phase phase;
	bool changed;

	if (session->stageless || !session->lesson)
		return false;
	rt_engine_pump(session->engine);
	changed = rt_engine_refresh_if_dirty(session->engine);
	phase = rt_session_phase(session);
	changed = changed || phase != session->last || before != rt_session_position(session);
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
