/*
 * Sentences about outcomes, answers and what to do next. The cells of the socket table are in
 * words_row.c.
 */
#include "lesson/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "lesson/script.h"
#include "lesson/tally.h"

/* --- outcomes --------------------------------------------------------------------------------- */

static bool gives_address(const struct rt_line *line)
{
	return rt_call_spec(line->call.id)->gives == RT_GIVES_ADDR;
}

/* What a call that succeeded returned, as strace would say it. */
static void add_return(const struct rt_line *line, const struct rt_outcome *outcome,
		       struct rt_str *out)
{
	char addr[RT_ADDR_TEXT];

	if (gives_address(line))
		rt_str_add(out, rt_addr_format(&outcome->addr, addr));
	else if (outcome->data)
		rt_data_format(outcome->data, outcome->data_len, out);
	else
		rt_str_addf(out, "%lld", (long long)outcome->ret);
}

/* n rows, or users of a group. */
static void add_rows(const struct rt_expect *expect, int64_t n, struct rt_str *out)
{
	if (n == 0)
		rt_str_add(out, expect->is_group ? _("no such group") : _("no such row"));
	else if (expect->is_group)
		rt_str_addf(out, P_("%lld user", "%lld users", n), (long long)n);
	else
		rt_str_addf(out, P_("%lld row", "%lld rows", n), (long long)n);
}

static void add_least(const struct rt_expect *expect, struct rt_str *out)
{
	if (expect->is_group)
		rt_str_add(out, _("such a group"));
	else if (expect->min == 1)
		rt_str_add(out, _("such a row"));
	else
		rt_str_addf(out, P_("at least %d row", "at least %d rows", expect->min),
			    expect->min);
}

void rt_words_expected(const struct rt_expect *expect, struct rt_str *out)
{
	if (expect->max == RT_EXPECT_ANY)
		add_least(expect, out);
	else if (expect->min == expect->max)
		add_rows(expect, expect->max, out);
	else if (expect->is_group)
		rt_str_addf(out, _("%d to %d users"), expect->min, expect->max);
	else
		rt_str_addf(out, _("%d to %d rows"), expect->min, expect->max);
}

static void add_errno(int sys, bool brief, struct rt_str *out)
{
	if (brief)
		rt_str_addf(out, "-1 %s", rt_errno_name(sys));
	else
		rt_str_addf(out, "-1 %s (%d, %s)", rt_errno_name(sys), sys, strerror(sys));
}

/* What the lesson states of a line that was not run. */
static void add_recorded(const struct rt_line *line, bool brief, struct rt_str *out)
{
	if (line->kind == RT_LINE_CALL && line->want.kind == RT_WANT_ANY) {
		rt_str_add(out, _("not run"));
		return;
	}
	rt_str_add(out, _("recorded: "));
	if (line->call.repeat && line->want.kind != RT_WANT_TALLY)
		rt_str_addf(out, "%d x ", line->call.repeat);
	if (line->kind == RT_LINE_EXPECT)
		rt_words_expected(&line->expect, out);
	else if (line->want.kind == RT_WANT_ERRNO)
		add_errno((int)line->want.number, brief, out);
	else if (line->want.kind == RT_WANT_SUCCESS &&
		 rt_call_spec(line->call.id)->gives == RT_GIVES_ZERO)
		rt_str_add(out, "0");
	else
		rt_want_format(&line->want, out);
}

/* Of a repetition: a file may make every result another one, and nobody reads hundreds. */
static void add_tally(const struct rt_outcome *outcome, struct rt_str *out)
{
	enum { CLASSES = 8 };

	rt_tally_format(&outcome->tally, CLASSES, out);
}

static void add_outcome(const struct rt_line *line, const struct rt_outcome *outcome, bool brief,
			struct rt_str *out)
{
	switch (outcome->how) {
	case RT_NOT_RUN:
		return;
	case RT_BLOCKED:
		add_tally(outcome, out);
		rt_str_add(out, outcome->tally.runs ? _(", then blocks") : _("blocks"));
		return;
	case RT_KILLED:
		rt_str_add(out,
			   brief ? _("killed") : _("the process ended in the middle of the call"));
		return;
	case RT_UNABLE:
		rt_str_add(out, brief ? _("not run") : outcome->why);
		return;
	case RT_REPLACED:
		rt_str_add(out, brief ? _("0 (record ended)")
				      : _("0 (the record was ended instead of waiting)"));
		return;
	case RT_RECORDED:
		add_recorded(line, brief, out);
		return;
	case RT_RESUMED:
		rt_str_add(out, _("resumed: "));
		break;
	case RT_DONE:
		break;
	}
	if (line->kind == RT_LINE_EXPECT)
		add_rows(&line->expect, outcome->ret, out);
	else if (outcome->tally.runs)
		add_tally(outcome, out);
	else if (outcome->err == 0)
		add_return(line, outcome, out);
	else
		add_errno(outcome->err, brief, out);
}

void rt_words_outcome(const struct rt_line *line, const struct rt_outcome *outcome,
		      struct rt_str *out)
{
	add_outcome(line, outcome, false, out);
}

void rt_words_outcome_short(const struct rt_line *line, const struct rt_outcome *outcome,
			    struct rt_str *out)
{
	if (outcome->how == RT_NOT_RUN)
		return;
	if (line->kind == RT_LINE_CALL && (outcome->how == RT_DONE || outcome->how == RT_REPLACED))
		rt_str_add(out, "= ");
	add_outcome(line, outcome, true, out);
}

void rt_words_not_run(const struct rt_outcome *outcome, struct rt_str *out)
{
	if (outcome->how == RT_RECORDED)
		rt_str_addf(out, _("not run here: %s"), outcome->why);
}

void rt_words_differs(const struct rt_line *line, const struct rt_outcome *outcome,
		      struct rt_str *out)
{
	if (outcome->how == RT_NOT_RUN || outcome->how == RT_UNABLE ||
	    outcome->how == RT_REPLACED || outcome->how == RT_RECORDED || outcome->as_wanted)
		return;
	rt_str_add(out, _("[differs] the script expects: "));
	if (line->kind == RT_LINE_EXPECT)
		rt_words_expected(&line->expect, out);
	else
		rt_want_format(&line->want, out);
}

bool rt_words_is_same_reason(const struct rt_engine *engine, size_t line)
{
	const struct rt_outcome *before, *outcome = rt_engine_outcome(engine, line);

	if (line == 0 || outcome->how != RT_RECORDED)
		return false;
	before = rt_engine_outcome(engine, line - 1);
	return before->how == RT_RECORDED && strcmp(before->why, outcome->why) == 0;
}

const char *rt_words_judge(const struct rt_outcome *outcome)
{
	return outcome->how == RT_RECORDED ? _("Lesson") : _("Kernel");
}

/* --- the script ------------------------------------------------------------------------------- */

void rt_words_line(const struct rt_line *line, int actor_columns, struct rt_str *out)
{
	char actor[RT_NAME_MAX + 1] = "";

	if (line->kind == RT_LINE_EXPECT) {
		rt_line_format(line, out);
		return;
	}
	if (line->call.actor[0])
		snprintf(actor, sizeof(actor), "%s:", line->call.actor);
	if (actor_columns > 0)
		rt_str_addf(out, "%-*s ", actor_columns, actor);
	rt_call_format(&line->call, true, out);
}

/* --- questions -------------------------------------------------------------------------------- */

const char *rt_words_unsure(void)
{
	return _("I do not know yet");
}

void rt_words_choice(const struct rt_choice *choice, struct rt_str *out)
{
	rt_str_add(out, choice->pattern);
	if (choice->text[0])
		rt_str_addf(out, ": %s", choice->text);
}

void rt_words_answer(const struct rt_predict *predict, int answer, struct rt_str *out)
{
	if (answer == RT_ANSWER_UNSURE)
		rt_str_add(out, rt_words_unsure());
	else if (answer < 0 || (size_t)answer >= predict->n_choices)
		rt_str_add(out, _("(no answer)"));
	else
		rt_words_choice(&predict->choice[answer], out);
}

const char *rt_words_verdict(const struct rt_session *session, const struct rt_predict *predict,
			     bool *right)
{
	int answer = rt_session_answer_of(session, predict);
	int kernel = rt_session_right_choice(session, predict);
	const struct rt_outcome *outcome =
		rt_engine_outcome(rt_session_engine(session), predict->line);

	*right = false;
	if (outcome->how == RT_UNABLE)
		return _("this call could not be run here");
	if (outcome->how == RT_RECORDED && answer >= 0) {
		*right = answer == kernel;
		return *right ? _("as recorded") : _("differs from what is recorded");
	}
	if (outcome->how == RT_RECORDED)
		return _("recorded");
	if (!outcome->as_wanted)
		return _("this kernel answers otherwise than the lesson's author expected");
	if (answer < 0)
		return answer == RT_ANSWER_UNSURE ? _("now you know") : _("not predicted");
	*right = answer == kernel;
	return *right ? _("as you predicted") : _("differs from your prediction");
}

static void add_why(const struct rt_predict *predict, int choice, const char *whose,
		    struct rt_str *out)
{
	const struct rt_choice *said;
	const char *at;

	if (choice < 0 || (size_t)choice >= predict->n_choices)
		return;
	said = &predict->choice[choice];
	if (!said->why[0])
		return;
	if (out->len)
		rt_str_add(out, "\n");
	at = whose ? strstr(whose, "%s") : NULL;
	if (at)
		rt_str_addf(out, "%.*s%s%s ", (int)(at - whose), whose, said->pattern, at + 2);
	rt_str_add(out, said->why);
}

void rt_words_why(const struct rt_session *session, const struct rt_predict *predict,
		  struct rt_str *out)
{
	int answer = rt_session_answer_of(session, predict);
	int right = rt_session_right_choice(session, predict);
	bool recorded =
		rt_engine_outcome(rt_session_engine(session), predict->line)->how == RT_RECORDED;

	if (answer == right || answer < 0) {
		add_why(predict, right, NULL, out);
		return;
	}
	/* Two texts, and the first explains a mistake: it must not read as a yes. */
	add_why(predict, answer, _("You said %s."), out);
	add_why(predict, right,
		recorded ? _("The recorded result is %s.") : _("The kernel says %s."), out);
}

/* --- what to do next -------------------------------------------------------------------------- */

static void next_while_running(const struct rt_session *session, struct rt_str *out)
{
	if (rt_engine_waiting_line(rt_session_engine(session)) >= 0)
		rt_str_add(out, _("Waiting, as the script says: this can take a minute. Press k to "
				  "end the wait now, or b to go back."));
	else
		rt_str_add(out, _("Running the calls."));
}

void rt_words_next(const struct rt_session *session, struct rt_str *out)
{
	const struct rt_predict *predict;

	switch (rt_session_phase(session)) {
	case RT_PHASE_READ:
		rt_str_add(out,
			   _("Read, then press Enter: the calls run, up to the next question."));
		break;
	case RT_PHASE_ASK:
		predict = rt_session_question(session);
		rt_str_addf(out,
			    _("Predict: press 1 to %zu, or h for a hint. A wrong answer costs "
			      "nothing."),
			    predict->n_choices + 1);
		break;
	case RT_PHASE_RUN:
		next_while_running(session, out);
		break;
	case RT_PHASE_RESULT:
		rt_str_add(out, _("Press Enter to go on."));
		break;
	case RT_PHASE_STEP:
		rt_str_add(out, _("This step is done. Press Enter for the next one."));
		break;
	case RT_PHASE_END:
		rt_str_add(out, _("This was the last step. Press q for the list of lessons, R to "
				  "start again."));
		break;
	case RT_PHASE_LOST:
		rt_str_add(out, _("The stage is gone. Press r to build it again; the texts stay "
				  "readable."));
		break;
	}
}

void rt_words_score(const struct rt_session *session, size_t waiting, struct rt_str *out)
{
	size_t asked, answered, right;

	rt_session_score(session, &asked, &answered, &right);
	if (asked == 0)
		return;
	if (answered == 0)
		rt_str_add(out, _("You predicted nothing this time."));
	else
		rt_words_reviewed(right, answered, out);
	if (answered > 0 && answered < asked)
		rt_str_addf(out,
			    P_(" %zu question was left open.", " %zu questions were left open.",
			       asked - answered),
			    asked - answered);
	if (waiting > 0)
		rt_str_addf(out, _(" %zu will come back in Review."), waiting);
}

void rt_words_review(size_t number, size_t n, struct rt_str *out)
{
	rt_str_addf(out, _("Review %zu of %zu"), number, n);
}

void rt_words_reviewed(size_t right, size_t answered, struct rt_str *out)
{
	rt_str_addf(out, _("%zu of %zu as predicted."), right, answered);
}

const char *rt_words_no_sockets(const struct rt_session *session)
{
	const struct rt_engine *engine = rt_session_engine(session);
	size_t at;

	if (rt_session_phase(session) == RT_PHASE_LOST || !rt_engine_world(engine))
		return _("There is no stage, so there are no sockets to show.");
	at = rt_engine_position(engine);
	if (at > 0 && rt_engine_outcome(engine, at - 1)->how == RT_RECORDED)
		return _("No sockets: the calls were not run here.");
	return _("No sockets yet.");
}

const char *rt_words_fresh(void)
{
	return _("--- a fresh stage: no processes, no sockets ---");
}

const char *rt_words_legend(void)
{
	return _("A SO_REUSEADDR, P SO_REUSEPORT, + set, - unset, ? unknown, ~ remembered");
}

const char *rt_words_legend_brief(void)
{
	return _("A REUSEADDR, P REUSEPORT, ~ remembered");
}
