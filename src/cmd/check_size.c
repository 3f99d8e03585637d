/* check --size: what would have to be scrolled to answer a question. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/check.h"
#include "lesson/session.h"
#include "ui/fits.h"

/*
 * The smallest is that of the screen (ui/screen.h); the largest keeps a mistyped number harmless.
 */
enum { WIDTH_MIN = 40, HEIGHT_MIN = 12, CELLS_MAX = 1000 };

int rt_check_size_parse(const char *text, struct rt_size *size, struct rt_error *err)
{
	char end;

	if (sscanf(text, "%4dx%4d%c", &size->width, &size->height, &end) == 2 &&
	    size->width >= WIDTH_MIN && size->width <= CELLS_MAX && size->height >= HEIGHT_MIN &&
	    size->height <= CELLS_MAX)
		return 0;
	rt_error_set(err, RT_ERR_USAGE, _("--size takes no \"%.40s\""), text);
	return rt_error_fix(err, _("it takes columns and lines, from %dx%d on: 80x24"), WIDTH_MIN,
			    HEIGHT_MIN);
}

/* The screen as it stands now becomes a check. */
static void look(struct rt_session *session, const struct rt_lesson *lesson, struct rt_size size,
		 struct rt_checks *checks)
{
	const struct rt_predict *question = rt_session_question(session);
	const struct rt_step *step = &lesson->step[rt_session_step(session)];
	struct rt_str why = {0}, what = {0};
	bool fits = rt_ui_fits(session, size.width, size.height, &why);
	struct rt_check *check =
		rt_checks_add(checks, step->id, question ? question->number : step->number, fits);

	if (question)
		rt_str_addf(&what, _("at %dx%d, question: %s"), size.width, size.height,
			    question->ask);
	else
		rt_str_addf(&what, _("at %dx%d, text of the step"), size.width, size.height);
	check->what = rt_str_take(&what);
	check->expected = rt_strdup(_("nothing to scroll"));
	check->got = fits ? rt_strdup(check->expected) : rt_str_take(&why);
	rt_str_fini(&why);
}

/*
 * From the beginning of the step to its end; every question is answered with "I do not know yet".
 */
static int go_through(struct rt_session *session, const struct rt_lesson *lesson,
		      struct rt_size size, struct rt_checks *checks, struct rt_error *err)
{
	size_t first = lesson->step[rt_session_step(session)].first_line;

	for (;;) {
		rt_session_settle(session);
		switch (rt_session_phase(session)) {
		case RT_PHASE_READ:
			if (rt_engine_position(rt_session_engine(session)) == first)
				look(session, lesson, size, checks);
			rt_session_go_on(session);
			break;
		case RT_PHASE_ASK:
			look(session, lesson, size, checks);
			rt_session_answer(session, RT_ANSWER_UNSURE);
			break;
		case RT_PHASE_RESULT:
			rt_session_go_on(session);
			break;
		case RT_PHASE_LOST:
			*err = *rt_session_error(session);
			return -1;
		default:
			return 0;
		}
	}
}

int rt_check_size(struct rt_world *world, const struct rt_lesson *lesson, struct rt_size size,
		  struct rt_checks *checks, struct rt_error *err)
{
	struct rt_session *session = rt_session_new(world);
	struct rt_mistakes mistakes;
	struct rt_lesson *own = rt_lesson_load(lesson->path, &mistakes, err);
	int result = own ? 0 : -1;

	rt_mistakes_fini(&mistakes);
	if (own) {
		rt_engine_replace_waits(rt_session_engine(session), true);
		rt_session_open(session, own, 0);
	}
	for (size_t i = 0; result == 0 && i < lesson->n_steps; i++) {
		if (i > 0)
			rt_session_go_to(session, i);
		if (lesson->step[i].n_lines > 0)
			result = go_through(session, lesson, size, checks, err);
	}
	rt_session_free(session);
	return result;
}
