/* What came of a line, held against what the lesson, or a choice, says. */
#include <string.h>

#include "base/str.h"
#include "lesson/args.h"
#include "lesson/engine.h"
#include "lesson/tally.h"

/* A call that has resumed did not return when it was made: blocking was what came of it. */
static bool returned(const struct rt_outcome *outcome)
{
	return outcome->how == RT_DONE || outcome->how == RT_REPLACED;
}

static bool states_owner(const struct rt_row_pattern *row, const struct rt_want *want)
{
	struct rt_str owners = {0};
	bool same;

	if (!row->check_owner)
		return false;
	for (size_t i = 0; i < row->n_owners; i++)
		rt_str_addf(&owners, "%s%s", i ? "+" : "", row->owner[i]);
	same = rt_owners_equal(row->n_owners ? owners.s : "kernel", want->data);
	rt_str_fini(&owners);
	return same;
}

bool rt_line_states(const struct rt_line *line, const struct rt_want *want)
{
	const struct rt_expect *expect = &line->expect;

	if (line->kind == RT_LINE_CALL)
		return rt_want_equal(&line->want, want, rt_call_spec(line->call.id));
	switch (want->kind) {
	case RT_WANT_NONE:
		return expect->max == 0;
	case RT_WANT_NUMBER:
		/* `expect ROW` states at least one: the others are not known. */
		if (expect->max == RT_EXPECT_ANY)
			return want->number == expect->min;
		return want->number >= expect->min && want->number <= expect->max;
	case RT_WANT_OWNER:
		return expect->max != 0 && !expect->is_group && states_owner(&expect->row, want);
	case RT_WANT_STATE:
		return expect->max != 0 && !expect->is_group && expect->row.state == want->number;
	default:
		return false;
	}
}

bool rt_outcome_match(const struct rt_outcome *outcome, const struct rt_want *want)
{
	if (outcome->how == RT_RECORDED)
		return outcome->stated && rt_line_states(outcome->stated, want);
	if (want->kind == RT_WANT_ANY)
		return outcome->how != RT_NOT_RUN && outcome->how != RT_UNABLE;
	if (want->kind == RT_WANT_BLOCKS)
		return outcome->how == RT_BLOCKED || outcome->how == RT_RESUMED;
	if (!returned(outcome))
		return false;
	if (outcome->tally.runs > 0)
		return rt_tally_match(&outcome->tally, want);
	switch (want->kind) {
	case RT_WANT_SUCCESS:
		return outcome->err == 0;
	case RT_WANT_NUMBER:
		/*
		 * ret of a replaced wait counts the records that were ended: the call itself gives
		 * 0.
		 */
		return outcome->err == 0 &&
		       (outcome->how == RT_REPLACED ? 0 : outcome->ret) == want->number;
	case RT_WANT_ERRNO:
		return outcome->err != 0 && outcome->err == want->number;
	case RT_WANT_DATA:
		return outcome->err == 0 && outcome->data && outcome->data_len == want->data_len &&
		       (want->data_len == 0 ||
			memcmp(outcome->data, want->data, want->data_len) == 0);
	case RT_WANT_ADDRESS:
		return outcome->err == 0 && rt_addr_match(&want->address, &outcome->addr);
	case RT_WANT_STATE:
		return outcome->state != 0 && outcome->state == want->number;
	case RT_WANT_OWNER:
		return outcome->owners && rt_owners_equal(outcome->owners, want->data);
	case RT_WANT_NONE:
		return outcome->state == 0 && outcome->ret == 0;
	case RT_WANT_BLOCKS:
	case RT_WANT_TALLY:
	case RT_WANT_ANY:
		break;
	}
	return false;
}

/* --- two runs --------------------------------------------------------------------------------- */

/* How many runs of a tally had that result. */
static int count_of(const struct rt_tally *tally, const struct rt_want *result)
{
	for (size_t i = 0; i < tally->n; i++)
		if (rt_want_equal(&tally->class[i].result, result, NULL))
			return tally->class[i].count;
	return 0;
}

/* What was read is shared out by a hash: that it was read at all is the same. */
static bool same_tally(const struct rt_tally *a, const struct rt_tally *b)
{
	if (a->n != b->n || a->runs != b->runs)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		int count = count_of(b, &a->class[i].result);

		if (count == 0 ||
		    (a->class[i].result.kind != RT_WANT_DATA && count != a->class[i].count))
			return false;
	}
	return true;
}

static bool same_address(const struct rt_addr *a, const struct rt_addr *b)
{
	enum { EPHEMERAL = 32768 }; /* net.ipv4.ip_local_port_range begins there: ip(7) */
	struct rt_addr other = *b;

	if (a->port >= EPHEMERAL && b->port >= EPHEMERAL)
		other.port = a->port;
	return rt_addr_equal(a, &other);
}

static bool same_result(const struct rt_line *line, const struct rt_outcome *a,
			const struct rt_outcome *b)
{
	if (a->err || b->err)
		return a->err == b->err;
	if (line->kind == RT_LINE_EXPECT)
		return a->as_wanted == b->as_wanted;
	switch (rt_call_spec(line->call.id)->gives) {
	case RT_GIVES_SIZE:
	case RT_GIVES_VALUE:
		return a->ret == b->ret;
	case RT_GIVES_ADDR:
		return same_address(&a->addr, &b->addr);
	case RT_GIVES_DATA:
		return a->data_len == b->data_len &&
		       (a->data_len == 0 || memcmp(a->data, b->data, a->data_len) == 0);
	default:
		return true;
	}
}

bool rt_outcome_same(const struct rt_line *line, const struct rt_outcome *a,
		     const struct rt_outcome *b)
{
	enum rt_outcome_how x = a->how == RT_REPLACED ? RT_DONE : a->how;
	enum rt_outcome_how y = b->how == RT_REPLACED ? RT_DONE : b->how;

	if (x != y)
		return false;
	if (x != RT_DONE && x != RT_RESUMED)
		return true;
	if (a->tally.runs || b->tally.runs)
		return same_tally(&a->tally, &b->tally);
	return same_result(line, a, b);
}
