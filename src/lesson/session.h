/*
 * One learner in one lesson: read, predict, run, see, why, next. The screen and the plain mode are
 * two faces of it.
 */
#ifndef RT_LESSON_SESSION_H
#define RT_LESSON_SESSION_H

#include "lesson/engine.h"

/* Where the learner stands. Each phase has one thing to do next. */
enum rt_phase {
	RT_PHASE_READ, /* there is text to read and calls to run: go on */
	/* A question stands before the next line: answer it, or skip it by running the line. */
	RT_PHASE_ASK,
	RT_PHASE_RUN,	 /* calls are running, or a call waits */
	RT_PHASE_RESULT, /* a predicted line has run: compare, then go on */
	RT_PHASE_STEP,	 /* the step is done: go on to the next */
	RT_PHASE_END,	 /* the last step is done */
	/* The stage ended or could not be built: rt_session_error(); `again` tries again. */
	RT_PHASE_LOST,
};

enum {
	RT_ANSWER_NONE = -1,	/* not asked yet */
	RT_ANSWER_SKIPPED = -2, /* the line was run without an answer */
	RT_ANSWER_UNSURE = -3,	/* "I do not know yet": unanswered, not wrong */
};

struct rt_session;
struct rt_foresight; /* foresee.h */

/*
 * world is borrowed; it may be NULL where no stage can be built: then texts can be read and nothing
 * runs.
 */
struct rt_session *rt_session_new(struct rt_world *world);
void rt_session_free(struct rt_session *session);

/* The stage of its world could not be built: from here on it is as if there had been no world. */
void rt_session_lose_stage(struct rt_session *session);

/*
 * Takes a lesson, which now belongs to the session, and stands at the beginning of step. Earlier
 * steps are run at once.
 */
void rt_session_open(struct rt_session *session, struct rt_lesson *lesson, size_t step);

/*
 * Takes the lesson of a draft, which stays the draft's, and begins to run it to its end, without
 * waits. rt_session_changed() follows each edit of the draft: it runs what is new, and where an
 * edit has touched what had run, all of it again. No time is made good: a record that has run out
 * is gone.
 */
void rt_session_borrow(struct rt_session *session, struct rt_lesson *lesson);
void rt_session_changed(struct rt_session *session, size_t same);

const struct rt_lesson *rt_session_lesson(const struct rt_session *session);
struct rt_engine *rt_session_engine(const struct rt_session *session);
enum rt_phase rt_session_phase(const struct rt_session *session);
size_t rt_session_step(const struct rt_session *session);
const struct rt_error *rt_session_error(const struct rt_session *session);

/* How many lines of the step's script have run. While they run again: how many will have. */
size_t rt_session_calls(const struct rt_session *session);

/* Whether there is no world for it: only texts can be read. */
bool rt_session_is_stageless(const struct rt_session *session);

/*
 * Call after every rt_loop_once(): moves the engine and the phase. True where something changed
 * that is on the screen.
 */
bool rt_session_pump(struct rt_session *session);

/*
 * As rt_engine_timeout_ms(), for the whole session; -1 where nothing is due. A visible timer is the
 * screen's affair.
 */
int rt_session_timeout_ms(const struct rt_session *session);

/* Pumps and waits until there is something for the learner to do. */
void rt_session_settle(struct rt_session *session);

/*
 * The last bind, listen or connect that has run, as it stood right before it: what there is to
 * explain. NULL where there is none. Belongs to the session, until it moves.
 */
const struct rt_foresight *rt_session_why(const struct rt_session *session);

/*
 * Whether there is one, or could be: where the calls ran in a replay, nobody looked. The second
 * makes them again then, and looks: pump the session.
 */
bool rt_session_has_why(const struct rt_session *session);
void rt_session_make_why(struct rt_session *session);

/* The same for one line of the stage. False where there is nothing to explain of it. */
bool rt_session_make_why_of(struct rt_session *session, size_t line);

/* From now on every such call is judged, and `judged` called with it: foresee.h. */
void rt_session_judge_all(struct rt_session *session,
			  void (*judged)(void *ctx, const struct rt_foresight *foresight),
			  void *ctx);

/* --- what the learner can do: each does nothing where it makes no sense ----------------------- */

void rt_session_go_on(
	struct rt_session
		*session); /* to the next question or the end of the step, then the next step */
void rt_session_one_call(
	struct rt_session *session); /* runs one line; a question before it counts as skipped */
void rt_session_back(
	struct rt_session *session); /* one line back, into the step before where there is none */
void rt_session_again(
	struct rt_session *session); /* the step from its beginning, its questions asked again */
void rt_session_reset(
	struct rt_session *session); /* the lesson from its beginning, all answers forgotten */
void rt_session_go_to(struct rt_session *session, size_t step);
/* Behind that many calls of the step: where somebody comes back to. They are made at once. */
void rt_session_resume(struct rt_session *session, size_t step, size_t calls);
/* Stands before the question: the calls up to it are made at once. */
void rt_session_ask(struct rt_session *session, const struct rt_predict *predict);
void rt_session_answer(struct rt_session *session,
		       int choice);		  /* index of the choice, or RT_ANSWER_UNSURE */
void rt_session_hint(struct rt_session *session); /* one hint more */

/* --- the question ----------------------------------------------------------------------------- */

/* The question that is asked (RT_PHASE_ASK) or was just answered (RT_PHASE_RESULT); else NULL. */
const struct rt_predict *rt_session_question(const struct rt_session *session);

/*
 * The end of the script that may be read now (an index into the lesson's lines): what stands behind
 * a question that is still open, the calls after it and what the lesson expects of them, would give
 * the answer away.
 */
size_t rt_session_shown_lines(const struct rt_session *session);

/* How many of its hints are shown. */
size_t rt_session_hints(const struct rt_session *session);

/* What was answered to a question of the lesson: index of a choice, or RT_ANSWER_... */
int rt_session_answer_of(const struct rt_session *session, const struct rt_predict *predict);

/*
 * Sets it, as it was given in another run, and whether the kernel said so then: the question is not
 * asked again. For a session that was opened just now.
 */
void rt_session_set_answer(struct rt_session *session, const struct rt_predict *predict, int answer,
			   bool as_predicted);

/* Whether the line that is asked about has run. */
bool rt_session_is_decided(const struct rt_session *session, const struct rt_predict *predict);

/*
 * The choice that the kernel's outcome makes right, of a recorded line the one that it states; -1
 * where none is or the line has not run.
 */
int rt_session_right_choice(const struct rt_session *session, const struct rt_predict *predict);

/*
 * Whether an answer was one to be glad of: the kernel's, or one that nobody can hold against the
 * learner, as this kernel answered otherwise than the lesson's author expected. Not for what was
 * left open.
 */
bool rt_session_was_right(const struct rt_session *session, const struct rt_predict *predict);

/* For the end: how many questions were answered, and how many as the kernel did. */
void rt_session_score(const struct rt_session *session, size_t *asked, size_t *answered,
		      size_t *as_predicted);

#endif
