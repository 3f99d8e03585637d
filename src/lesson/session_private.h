/*
 * A session inside: shared by session.c (what the learner does) and session_state.c (where the
 * learner stands; nothing there changes it).
 */
#ifndef RT_LESSON_SESSION_PRIVATE_H
#define RT_LESSON_SESSION_PRIVATE_H

#include "lesson/session.h"

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

/* The step that is shown; the line behind its last. */
const struct rt_step *rt_session_this_step(const struct rt_session *session);
size_t rt_session_step_end(const struct rt_session *session);

/* The position that the screen stands at: where the engine is, or is going to. */
size_t rt_session_position(const struct rt_session *session);

/* The place of a question in `answer` and `was_right`. */
size_t rt_session_question_index(const struct rt_session *session,
				 const struct rt_predict *predict);

/* The question before the line at the position, as long as it was neither answered nor skipped. */
const struct rt_predict *rt_session_open_question(const struct rt_session *session);

#endif
