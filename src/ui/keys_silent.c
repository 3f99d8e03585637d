/*
 * Why a key that was pressed does nothing here. A key is shown only where it does something; one
 * that is pressed all the same gets an answer.
 */
#include <stdio.h>

#include "base/i18n.h"
#include "ui/keys.h"

static const char *no_hint(const struct rt_ui *ui)
{
	if (rt_session_phase(ui->session) != RT_PHASE_ASK)
		return _("No question is open now");
	return rt_session_question(ui->session)->n_hints == 0 ? _("This question has no hint")
							      : _("There is no further hint");
}

static const char *no_call(const struct rt_ui *ui)
{
	if (rt_face_is_stageless(&ui->face))
		return _("Nothing runs without a stage");
	switch (rt_session_phase(ui->session)) {
	case RT_PHASE_RESULT:
		return _("Press Enter first: a result is shown");
	case RT_PHASE_STEP:
	case RT_PHASE_END:
		return _("All calls of this step have run");
	case RT_PHASE_LOST:
		return _("Nothing runs without a stage");
	default:
		return NULL;
	}
}

/* Where a call runs Enter waits for it: what it would say is over when it can be read. */
static const char *no_way_on(const struct rt_ui *ui)
{
	if (ui->screen->where == RT_IN_LESSON &&
	    rt_engine_waiting_line(rt_session_engine(ui->session)) >= 0)
		return _("The script waits: k ends the wait now");
	return ui->screen->where == RT_IN_LESSON && rt_session_phase(ui->session) == RT_PHASE_END
		       ? _("This was the last step: q leaves")
		       : NULL;
}

static const char *why_not(const struct rt_ui *ui, enum rt_action action)
{
	switch (action) {
	case RT_ACT_ANSWER:
		return _("No question is open now");
	case RT_ACT_HINT:
		return no_hint(ui);
	case RT_ACT_ONE_CALL:
		return no_call(ui);
	case RT_ACT_GO_ON:
		return no_way_on(ui);
	case RT_ACT_BACK:
		return _("This is the beginning of the lesson");
	case RT_ACT_END_RECORD:
		return _("No TIME_WAIT is selected");
	case RT_ACT_SHELL:
		return _("There is no stage to look into");
	case RT_ACT_MY_NOTE:
		return _("Nothing is kept of this run");
	case RT_ACT_REVIEW:
	case RT_ACT_WHOLE_LESSON:
		return ui->screen->where == RT_IN_LESSON ? _("This key is for a review")
							 : _("No question is due for review");
	default:
		return NULL;
	}
}

void rt_keys_say_why_not(struct rt_ui *ui, uint32_t key)
{
	enum rt_action meant = rt_key_meant(ui, key);
	const char *why = why_not(ui, meant);
	char text[sizeof(ui->message)];

	if (!why && meant == RT_ACT_NONE && key > ' ' && key <= '~' &&
	    rt_action_can(ui, ui->screen->where, RT_ACT_HELP)) {
		snprintf(text, sizeof(text), _("%c does nothing here; ? lists the keys"), (int)key);
		why = text;
	}
	if (why)
		rt_screen_say(ui, why);
}
