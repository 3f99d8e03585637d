#include "lesson/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/foresee.h"
#include "lesson/script.h"
#include "lesson/tally.h"
#include "lesson/words.h"
#include "rules/words.h"

/*
 * Nobody waits for the screen here, and a busy machine must not turn a slow call into a blocked
 * one.
 */
enum { PATIENCE_MS = 1500 };

void rt_checks_fini(struct rt_checks *checks)
{
	for (size_t i = 0; i < checks->n; i++) {
		free(checks->check[i].skipped);
		free(checks->check[i].what);
		free(checks->check[i].expected);
		free(checks->check[i].got);
		free(checks->check[i].result);
	}
	free(checks->check);
	memset(checks, 0, sizeof(*checks));
}

struct rt_check *rt_checks_add(struct rt_checks *checks, const char *step, int number, bool passed)
{
	struct rt_check *check;

	RT_GROW(checks->check, checks->n, checks->cap);
	check = &checks->check[checks->n++];
	*check = (struct rt_check){.passed = passed, .number = number, .step = step};
	checks->failed += !passed;
	return check;
}

static struct rt_check *add(struct rt_checks *checks, const struct rt_lesson *lesson, size_t step,
			    int number, bool passed)
{
	return rt_checks_add(checks, lesson->step[step].id, number, passed);
}

/* What could not be run here has neither passed nor failed. */
void rt_check_skip(struct rt_checks *checks, struct rt_check *check,
		   const struct rt_outcome *outcome)
{
	check->passed = false;
	check->skipped = rt_strdup(outcome->why);
	checks->skipped++;
}

static void expected_of(const struct rt_line *line, struct rt_str *out)
{
	/* One result of a repetition is that of each run. */
	if (line->call.repeat && line->want.kind != RT_WANT_TALLY)
		rt_str_addf(out, "%d x ", line->call.repeat);
	if (line->kind == RT_LINE_CALL)
		rt_want_format(&line->want, out);
	else
		rt_words_expected(&line->expect, out);
}

/*
 * What the table showed instead: the rows on the same ports, so that the author sees what differs.
 */
static void add_rows_there(const struct rt_engine *engine, const struct rt_line *line,
			   struct rt_str *out)
{
	static const enum rt_column shown[] = {RT_COL_PROTO, RT_COL_LOCAL, RT_COL_PEER,
					       RT_COL_STATE, RT_COL_OWNER};
	const struct rt_snapshot *sockets = rt_engine_sockets(engine);
	const char *between = "; there is ";

	for (size_t i = 0; i < sockets->n && out->len < 600; i++) {
		const struct rt_row *row = &sockets->row[i];

		if (row->mark == RT_MARK_GONE || row->proto != line->expect.row.proto)
			continue;
		rt_str_add(out, between);
		for (size_t column = 0; column < RT_COUNT(shown); column++) {
			rt_str_add(out, column ? " " : "");
			rt_words_cell(shown[column], sockets, row, sockets->taken_ms, out);
		}
		between = ", ";
	}
}

/* What a script line would state of a call that succeeded. */
static void add_result(const struct rt_line *line, const struct rt_outcome *outcome,
		       struct rt_str *out)
{
	char addr[RT_ADDR_TEXT];

	switch (rt_call_spec(line->call.id)->gives) {
	case RT_GIVES_ZERO:
		rt_str_add(out, "0");
		break;
	case RT_GIVES_FD:
	case RT_GIVES_ACTOR:
		rt_str_add(out, "success");
		break;
	case RT_GIVES_ADDR:
		rt_str_add(out, rt_addr_format(&outcome->addr, addr));
		break;
	case RT_GIVES_DATA:
		rt_data_format(outcome->data ? outcome->data : "", outcome->data_len, out);
		break;
	default:
		rt_str_addf(out, "%lld", (long long)outcome->ret);
	}
}

char *rt_check_result(const struct rt_line *line, const struct rt_outcome *outcome)
{
	struct rt_str text = {0};

	if (line->kind != RT_LINE_CALL || outcome->how == RT_NOT_RUN || outcome->how == RT_KILLED ||
	    outcome->how == RT_UNABLE || outcome->how == RT_RECORDED)
		return NULL;
	if (outcome->tally.runs) {
		/* What blocks, or is too many things, has no words that could stand there. */
		if (outcome->how == RT_BLOCKED || outcome->tally.n > RT_TALLY_CLASSES_MAX)
			return NULL;
		rt_tally_format(&outcome->tally, outcome->tally.n, &text);
		return rt_str_take(&text);
	}
	if (line->call.repeat && outcome->how == RT_BLOCKED)
		return NULL;
	if (outcome->how == RT_BLOCKED)
		rt_str_add(&text, "blocks");
	else if (outcome->err)
		rt_str_add(&text, rt_errno_name(outcome->err));
	else
		add_result(line, outcome, &text);
	return rt_str_take(&text);
}

static void check_line(const struct rt_engine *engine, const struct rt_lesson *lesson, size_t index,
		       struct rt_checks *checks)
{
	const struct rt_line *line = &lesson->line[index];
	const struct rt_outcome *outcome = rt_engine_outcome(engine, index);
	bool recorded = outcome->how == RT_RECORDED;
	struct rt_check *check =
		add(checks, lesson, line->step, line->number, recorded || outcome->as_wanted);
	struct rt_str text = {0};

	if (recorded)
		rt_check_skip(checks, check, outcome);
	rt_line_format(line, &text);
	check->what = rt_str_take(&text);
	expected_of(line, &text);
	check->expected = rt_str_take(&text);
	rt_words_outcome(line, outcome, &text);
	if (!check->passed && !recorded && line->kind == RT_LINE_EXPECT && !line->expect.is_group)
		add_rows_there(engine, line, &text);
	check->got = rt_str_take(&text);
	check->result = rt_check_result(line, outcome);
	check->replaced = outcome->how == RT_REPLACED;
}

/* Exactly one choice must be what the kernel did: else the question has no answer, or two. */
static void check_question(const struct rt_engine *engine, const struct rt_lesson *lesson,
			   const struct rt_predict *predict, struct rt_checks *checks)
{
	const struct rt_line *line = &lesson->line[predict->line];
	const struct rt_outcome *outcome = rt_engine_outcome(engine, predict->line);
	struct rt_str right = {0}, what = {0};
	struct rt_check *check;
	size_t n = 0;

	for (size_t i = 0; i < predict->n_choices; i++) {
		if (!rt_outcome_match(outcome, &predict->choice[i].want))
			continue;
		rt_str_addf(&right, "%s%s", n++ ? ", " : "", predict->choice[i].pattern);
	}
	check = add(checks, lesson, line->step, predict->number, n == 1);
	rt_str_addf(&what, _("question: %s"), predict->ask);
	check->what = rt_str_take(&what);
	check->expected = rt_strdup(_("one choice that is right"));
	if (n == 0) {
		rt_str_add(&right, _("none; the kernel says "));
		rt_words_outcome(line, outcome, &right);
	}
	check->got = rt_str_take(&right);
	if (n == 1 && outcome->how == RT_RECORDED)
		rt_check_skip(checks, check, outcome);
}

/* --- the rules -------------------------------------------------------------------------------- */

/* Where the kernel's answer goes: a failure for each line whose call was foreseen otherwise. */
struct check_run {
	const struct rt_lesson *lesson;
	struct rt_checks *checks;
};

static void say_answer(const struct rt_foresight *call, struct rt_str *out)
{
	if (call->blocks)
		rt_str_add(out, _("blocks"));
	else if (call->err)
		rt_str_addf(out, "-1 %s", rt_errno_name(call->err));
	else
		rt_str_add(out, "0");
}

/* Of a repetition the first run that differs is enough. */
static bool is_told(const struct rt_checks *checks, int number)
{
	const struct rt_check *last = checks->n ? &checks->check[checks->n - 1] : NULL;

	return last && last->foreseen && last->number == number;
}

static void check_foresight(void *ctx, const struct rt_foresight *call)
{
	struct check_run *run = ctx;
	const struct rt_line *line = &run->lesson->line[call->line];
	struct rt_check *check;
	struct rt_str text = {0};

	run->checks->foreseen++;
	run->checks->either += call->verdict.n_also > 0;
	if (rt_foresight_agrees(call))
		return;
	run->checks->unforeseen++;
	if (is_told(run->checks, line->number))
		return;
	check = add(run->checks, run->lesson, line->step, line->number, false);
	check->foreseen = true;
	rt_line_format(line, &text);
	if (call->run)
		rt_str_addf(&text, _(", call %d of %d"), call->run, line->call.repeat);
	check->what = rt_str_take(&text);
	rt_rules_words_short(&call->sockets, &call->verdict, &text);
	check->expected = rt_str_take(&text);
	say_answer(call, &text);
	check->got = rt_str_take(&text);
}

/* --- the whole -------------------------------------------------------------------------------- */

static int run_lines(struct rt_engine *engine, const struct rt_lesson *lesson, unsigned how,
		     rt_check_ran_fn *ran, void *ctx, struct rt_error *err)
{
	int result = 0;

	rt_engine_replace_waits(engine, !(how & RT_CHECK_WAITS));
	rt_engine_load(engine, lesson->line, lesson->n_lines);
	for (size_t line = 0; line < lesson->n_lines && result == 0; line++) {
		rt_engine_go(engine, line + 1);
		result = rt_engine_settle(engine, err);
		/* A call that a later line wakes is judged as it stands now: that it blocked. */
		if (result == 0)
			ran(ctx, engine, lesson, line);
	}
	return result;
}

int rt_check_lines(struct rt_world *world, const struct rt_lesson *lesson, unsigned how,
		   rt_check_ran_fn *ran, void *ctx, struct rt_error *err)
{
	struct rt_engine *engine = rt_engine_new(world, PATIENCE_MS);
	int result = run_lines(engine, lesson, how, ran, ctx, err);

	rt_engine_free(engine);
	return result;
}

static void check_ran(void *ctx, const struct rt_engine *engine, const struct rt_lesson *lesson,
		      size_t line)
{
	struct check_run *run = ctx;

	check_line(engine, lesson, line, run->checks);
	for (size_t i = 0; i < lesson->n_predicts; i++)
		if (lesson->predict[i].line == line)
			check_question(engine, lesson, &lesson->predict[i], run->checks);
}

int rt_check_run(struct rt_world *world, const struct rt_lesson *lesson, unsigned how,
		 struct rt_checks *checks, struct rt_error *err)
{
	struct rt_engine *engine = rt_engine_new(world, PATIENCE_MS);
	struct check_run run = {lesson, checks};
	struct rt_foresee *foresee = NULL;
	int64_t began = rt_now_ms();
	int result;

	memset(checks, 0, sizeof(*checks));
	if (how & RT_CHECK_FORESEE)
		foresee = rt_foresee_new(engine, RT_FORESEE_ALL, check_foresight, &run);
	result = run_lines(engine, lesson, how, check_ran, &run, err);
	rt_foresee_free(foresee);
	rt_engine_free(engine);
	checks->took_ms = rt_now_ms() - began;
	if (result < 0)
		rt_checks_fini(checks);
	return result;
}
