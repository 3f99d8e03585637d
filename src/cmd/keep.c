/* What lasts of a session: where it stands and its answers, kept and taken up again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/keep_private.h"
#include "store/review.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static const struct rt_setting settings[] = {
	{"theme", rt_theme_is, N_("auto, dark, light, mono, projector")},
};

struct rt_keep *rt_keep_new(const struct rt_catalog *catalog)
{
	struct rt_keep *keep = rt_calloc(1, sizeof(*keep));

	keep->progress = rt_progress_open(NULL);
	keep->config = rt_config_open(settings, RT_COUNT(settings));
	keep->catalog = catalog;
	return keep;
}

void rt_keep_free(struct rt_keep *keep)
{
	if (!keep)
		return;
	rt_progress_free(keep->progress);
	rt_config_free(keep->config);
	rt_str_fini(&keep->welcome);
	rt_str_fini(&keep->told);
	rt_str_fini(&keep->troubles);
	rt_str_fini(&keep->coming);
	free(keep->seen);
	free(keep);
}

/* --- going on --------------------------------------------------------------------------------- */

/* The answer as it is kept: what the choice says, not its number. */
static const char *text_of(const struct rt_predict *predict, int answer,
			   char text[RT_PROGRESS_ANSWER])
{
	snprintf(text, RT_PROGRESS_ANSWER, "%s",
		 answer == RT_ANSWER_UNSURE    ? RT_PROGRESS_UNSURE
		 : answer == RT_ANSWER_SKIPPED ? RT_PROGRESS_SKIPPED
					       : predict->choice[answer].pattern);
	return text;
}

/* And back: RT_ANSWER_NONE where the lesson has no such choice any more. */
static int answer_of(const struct rt_predict *predict, const char *kept)
{
	char text[RT_PROGRESS_ANSWER];

	if (strcmp(kept, RT_PROGRESS_UNSURE) == 0)
		return RT_ANSWER_UNSURE;
	if (strcmp(kept, RT_PROGRESS_SKIPPED) == 0)
		return RT_ANSWER_SKIPPED;
	for (size_t i = 0; i < predict->n_choices; i++)
		if (strcmp(kept, text_of(predict, (int)i, text)) == 0)
			return (int)i;
	return RT_ANSWER_NONE;
}

/* The answers of this round: older ones belong to one that was brought to its end. */
static void take_answers(struct rt_keep *keep, struct rt_session *session,
			 const struct rt_progress_lesson *kept)
{
	const struct rt_lesson *lesson = keep->lesson;

	for (size_t i = 0; i < lesson->n_predicts; i++) {
		const struct rt_predict *predict = &lesson->predict[i];
		const struct rt_progress_answer *given = rt_progress_answer(kept, predict->label);
		int answer = given && !given->open && given->when > kept->done
				     ? answer_of(predict, given->answer)
				     : RT_ANSWER_NONE;

		if (answer == RT_ANSWER_NONE)
			continue;
		keep->seen[i] = (struct rt_keep_seen){answer, given->right};
		rt_session_set_answer(session, predict, answer, given->right == RT_PROGRESS_RIGHT);
	}
}

/* "Tuesday" within a week, else the date. */
static void add_day(int64_t when, int64_t now, struct rt_str *out)
{
	time_t seconds = (time_t)(when / 1000);
	char day[64] = "?";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(day, sizeof(day), now - when < 6 * (int64_t)DAY_MS ? "%A" : "%Y-%m-%d",
			 &tm);
	rt_str_add(out, day);
}

/* The step of that id, or, where the lesson has no such step any more, one at about its place. */
static size_t find_step(const struct rt_lesson *lesson, const struct rt_progress_place *place,
			bool *same)
{
	for (size_t i = 0; i < lesson->n_steps; i++)
		if (strcmp(lesson->step[i].id, place->step) == 0) {
			*same = true;
			return i;
		}
	*same = false;
	if (place->number > lesson->n_steps)
		return lesson->n_steps - 1;
	return place->number ? place->number - 1 : 0;
}

/* unchanged: the whole lesson; same: at least this step. */
static void welcome(struct rt_keep *keep, const struct rt_progress_place *place, size_t step,
		    bool unchanged, bool same)
{
	struct rt_str day = {0};

	rt_str_clear(&keep->welcome);
	add_day(place->when, rt_progress_now(keep->progress), &day);
	if (unchanged)
		rt_str_addf(&keep->welcome, _("Going on where you stopped: step %zu of %zu."),
			    step + 1, keep->lesson->n_steps);
	else if (same)
		rt_str_addf(&keep->welcome,
			    _("Lesson %s has changed since %s; starting at the same step."),
			    keep->lesson->id, rt_str_text(&day));
	else
		rt_str_addf(&keep->welcome,
			    _("Lesson %s has changed since %s, and your step is gone; starting at "
			      "step %zu."),
			    keep->lesson->id, rt_str_text(&day), step + 1);
	rt_str_fini(&day);
}

void rt_keep_open(struct rt_keep *keep, struct rt_session *session, bool resume)
{
	const struct rt_lesson *lesson = rt_session_lesson(session);
	const struct rt_progress_lesson *kept = rt_progress_lesson(keep->progress, lesson->id);
	size_t step;
	bool unchanged, same;

	free(keep->seen);
	keep->lesson = lesson;
	keep->seen = rt_calloc(lesson->n_predicts, sizeof(keep->seen[0]));
	for (size_t i = 0; i < lesson->n_predicts; i++)
		keep->seen[i].answer = RT_ANSWER_NONE;
	keep->step = SIZE_MAX;
	keep->end = false;
	rt_str_clear(&keep->welcome);
	if (!resume || !rt_progress_is_begun(kept))
		return;
	take_answers(keep, session, kept);
	step = find_step(lesson, &kept->place, &same);
	/* Into the middle of a step only where its calls are still the same. */
	unchanged = kept->place.hash == rt_lesson_hash(lesson);
	rt_session_resume(session, step, unchanged ? kept->place.calls : 0);
	/* Standing still is no news: another copy may go on meanwhile. */
	if (unchanged) {
		keep->step = step;
		keep->calls = rt_session_calls(session);
	}
	welcome(keep, &kept->place, step, unchanged, same);
}

/* --- saving ----------------------------------------------------------------------------------- */

static enum rt_progress_right right_of(const struct rt_session *session,
				       const struct rt_predict *predict, int answer)
{
	const struct rt_outcome *outcome =
		rt_engine_outcome(rt_session_engine(session), predict->line);
	int right;

	if (answer < 0 || !rt_session_is_decided(session, predict))
		return RT_PROGRESS_UNKNOWN;
	right = rt_session_right_choice(session, predict);
	if (right < 0)
		return RT_PROGRESS_UNKNOWN;
	if (answer == right)
		return RT_PROGRESS_RIGHT;
	/* Where the kernel surprises the author too, nobody was wrong. */
	return outcome->as_wanted || outcome->how == RT_RECORDED ? RT_PROGRESS_WRONG
								 : RT_PROGRESS_UNKNOWN;
}

static void keep_answer(struct rt_keep *keep, const struct rt_session *session, size_t i)
{
	const struct rt_predict *predict = &keep->lesson->predict[i];
	int answer = rt_session_answer_of(session, predict);
	enum rt_progress_right right = right_of(session, predict, answer);
	struct rt_keep_seen *seen = &keep->seen[i];
	char text[RT_PROGRESS_ANSWER];

	if (answer == RT_ANSWER_NONE) {
		if (seen->answer != RT_ANSWER_NONE)
			rt_progress_ask_again(keep->progress, keep->lesson->id, predict->label);
	} else if (answer != seen->answer ||
		   (right != seen->right && right != RT_PROGRESS_UNKNOWN)) {
		rt_progress_set_answer(keep->progress, keep->lesson->id, predict->label,
				       text_of(predict, answer, text), right);
	} else {
		return;
	}
	*seen = (struct rt_keep_seen){answer, right};
}

static void keep_place(struct rt_keep *keep, const struct rt_session *session)
{
	const struct rt_lesson *lesson = keep->lesson;
	size_t step = rt_session_step(session), calls = rt_session_calls(session);
	enum rt_phase phase = rt_session_phase(session);
	/* Whoever could only read has not taken the lesson. */
	bool end = phase == RT_PHASE_END && !rt_session_is_stageless(session);
	struct rt_progress_place place;

	if (phase == RT_PHASE_STEP || phase == RT_PHASE_END)
		rt_progress_set_seen(keep->progress, lesson->id, lesson->step[step].id);
	/* A glance is no beginning. */
	if (keep->step == SIZE_MAX && step == 0 && calls == 0 && !end)
		return;
	/* Looking back from the end does not begin another round: that begins at the first step. */
	if ((keep->end && step > 0) ||
	    (step == keep->step && calls == keep->calls && end == keep->end))
		return;
	place = (struct rt_progress_place){.number = step + 1,
					   .steps = lesson->n_steps,
					   .calls = calls,
					   .hash = rt_lesson_hash(lesson)};
	snprintf(place.step, sizeof(place.step), "%s", lesson->step[step].id);
	rt_progress_set_place(keep->progress, lesson->id, &place, end);
	keep->step = step;
	keep->calls = calls;
	keep->end = end;
}

void rt_keep_save(struct rt_keep *keep, const struct rt_session *session)
{
	if (!keep->lesson || rt_session_lesson(session) != keep->lesson)
		return;
	for (size_t i = 0; i < keep->lesson->n_predicts; i++)
		keep_answer(keep, session, i);
	keep_place(keep, session);
	(void)rt_progress_save(keep->progress, NULL); /* rt_keep_trouble() tells it, once */
}

/* --- telling ---------------------------------------------------------------------------------- */

const char *rt_keep_welcome(struct rt_keep *keep)
{
	rt_str_fini(&keep->told);
	keep->told = keep->welcome;
	keep->welcome = (struct rt_str){0};
	return keep->told.len ? keep->told.s : NULL;
}

const char *rt_keep_trouble(struct rt_keep *keep)
{
	const char *trouble = rt_progress_message(keep->progress);

	if (!trouble)
		trouble = rt_config_message(keep->config);
	if (!trouble)
		return NULL;
	keep->last_trouble = keep->troubles.len;
	rt_str_addf(&keep->troubles, "reuse-tutor: %s\n", trouble);
	return trouble;
}

void rt_keep_told(struct rt_keep *keep)
{
	if (keep->last_trouble >= keep->troubles.len)
		return;
	keep->troubles.len = keep->last_trouble;
	keep->troubles.s[keep->last_trouble] = '\0';
}

void rt_keep_print_troubles(struct rt_keep *keep)
{
	while (rt_keep_trouble(keep))
		;
	fputs(rt_str_text(&keep->troubles), stderr);
	rt_str_clear(&keep->troubles);
}

/* --- settings --------------------------------------------------------------------------------- */

const char *rt_keep_theme(const struct rt_keep *keep)
{
	return rt_config_get(keep->config, "theme");
}

/* --- review ----------------------------------------------------------------------------------- */

size_t rt_keep_waiting(const struct rt_keep *keep, const char *lesson)
{
	return rt_review_waiting(rt_progress_lesson(keep->progress, lesson));
}

struct rt_progress *rt_keep_progress(const struct rt_keep *keep)
{
	return keep->progress;
}
