/* Where a learner stands: the phase, the question, what was answered. Nothing here moves. */
#include "lesson/session_private.h"

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

bool rt_session_is_stageless(const struct rt_session *session)
{
	return session->stageless;
}

const struct rt_step *rt_session_this_step(const struct rt_session *session)
{
	return &session->lesson->step[session->step];
}

size_t rt_session_step_end(const struct rt_session *session)
{
	const struct rt_step *step = rt_session_this_step(session);

	return step->first_line + step->n_lines;
}

size_t rt_session_position(const struct rt_session *session)
{
	return rt_engine_position(session->engine);
}

size_t rt_session_calls(const struct rt_session *session)
{
	const struct rt_step *step = rt_session_this_step(session);
	size_t at = rt_session_position(session);

	if (session->stageless)
		return 0;
	if (rt_engine_replaying(session->engine))
		at = rt_engine_target(session->engine);
	if (at < step->first_line)
		return 0;
	return at < rt_session_step_end(session) ? at - step->first_line : step->n_lines;
}

size_t rt_session_question_index(const struct rt_session *session, const struct rt_predict *predict)
{
	return (size_t)(predict - session->lesson->predict);
}

const struct rt_predict *rt_session_open_question(const struct rt_session *session)
{
	const struct rt_predict *predict =
		rt_lesson_predict(session->lesson, rt_session_position(session));

	if (!predict || rt_session_position(session) >= rt_session_step_end(session))
		return NULL;
	return rt_session_answer_of(session, predict) == RT_ANSWER_NONE ? predict : NULL;
}

static enum rt_phase phase_at_rest(const struct rt_session *session)
{
	if (session->shown)
		return RT_PHASE_RESULT;
	if (session->stageless || rt_session_position(session) >= rt_session_step_end(session))
		return session->step + 1 < session->lesson->n_steps ? RT_PHASE_STEP : RT_PHASE_END;
	return rt_session_open_question(session) ? RT_PHASE_ASK : RT_PHASE_READ;
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
	if (rt_session_position(session) != rt_engine_target(session->engine) ||
	    rt_engine_is_busy(session->engine))
		return RT_PHASE_RUN;
	return phase_at_rest(session);
}

/* --- the question ----------------------------------------------------------------------------- */

const struct rt_predict *rt_session_question(const struct rt_session *session)
{
	if (!session->lesson)
		return NULL;
	if (session->shown)
		return session->shown;
	return rt_session_phase(session) == RT_PHASE_ASK ? rt_session_open_question(session) : NULL;
}

size_t rt_session_shown_lines(const struct rt_session *session)
{
	size_t end = rt_session_step_end(session);

	for (size_t i = 0; i < session->lesson->n_predicts; i++) {
		const struct rt_predict *predict = &session->lesson->predict[i];

		if (predict->line < rt_session_position(session) || predict->line >= end ||
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
	return session->answer[rt_session_question_index(session, predict)];
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
