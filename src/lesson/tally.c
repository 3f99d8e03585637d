#include "lesson/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/args.h"
#include "lesson/script.h"

/* --- counted ---------------------------------------------------------------------------------- */

/* The result of one run; its data belongs to the reply. */
static struct rt_want result_of(enum rt_call_result gives, const struct rt_reply *reply)
{
	struct rt_want result = {.kind = RT_WANT_NUMBER, .number = reply->ret};

	if (reply->err)
		return (struct rt_want){.kind = RT_WANT_ERRNO, .number = reply->err};
	if (gives == RT_GIVES_DATA)
		return (struct rt_want){.kind = RT_WANT_DATA,
					.data = (char *)reply->data,
					.data_len = reply->data_len};
	/* Numbers of descriptors, and addresses, are another one each time. */
	if (gives == RT_GIVES_FD || gives == RT_GIVES_ACTOR || gives == RT_GIVES_ADDR)
		return (struct rt_want){.kind = RT_WANT_SUCCESS};
	return result;
}

static bool same(const struct rt_want *a, const struct rt_want *b)
{
	return a->kind == b->kind && a->number == b->number && a->data_len == b->data_len &&
	       (a->data_len == 0 || memcmp(a->data, b->data, a->data_len) == 0);
}

/* Those that succeeded stand before those that failed. */
static struct rt_tally_class *add_class(struct rt_tally *tally, const struct rt_want *result)
{
	size_t at = tally->n;

	RT_GROW(tally->class, tally->n, tally->cap);
	while (result->kind != RT_WANT_ERRNO && at > 0 &&
	       tally->class[at - 1].result.kind == RT_WANT_ERRNO) {
		tally->class[at] = tally->class[at - 1];
		at--;
	}
	tally->n++;
	tally->class[at] = (struct rt_tally_class){.result = *result};
	if (result->kind == RT_WANT_DATA)
		tally->class[at].result.data = rt_strndup(result->data, result->data_len);
	return &tally->class[at];
}

void rt_tally_count(struct rt_tally *tally, enum rt_call_result gives, const struct rt_reply *reply)
{
	struct rt_want result = result_of(gives, reply);
	struct rt_tally_class *class = NULL;

	for (size_t i = 0; i < tally->n && !class; i++)
		if (same(&tally->class[i].result, &result))
			class = &tally->class[i];
	if (!class)
		class = add_class(tally, &result);
	class->count++;
	tally->runs++;
}

void rt_tally_fini(struct rt_tally *tally)
{
	for (size_t i = 0; i < tally->n; i++)
		rt_want_fini(&tally->class[i].result);
	free(tally->class);
	memset(tally, 0, sizeof(*tally));
}

static bool falls_into(const struct rt_want *result, const struct rt_want *class)
{
	return class->kind == RT_WANT_SUCCESS ? result->kind != RT_WANT_ERRNO : same(result, class);
}

/* How many runs fall into class. */
static int count_of(const struct rt_tally *tally, const struct rt_want *class)
{
	int count = 0;

	for (size_t i = 0; i < tally->n; i++)
		if (falls_into(&tally->class[i].result, class))
			count += tally->class[i].count;
	return count;
}

bool rt_tally_match(const struct rt_tally *tally, const struct rt_want *want)
{
	int all = 0;

	if (want->kind != RT_WANT_TALLY)
		return count_of(tally, want) == tally->runs;
	/* No two classes of a tally overlap: rt_want_check(). */
	for (size_t i = 0; i < want->n_shares; i++) {
		int count = count_of(tally, &want->share[i].want);

		if (count < want->share[i].min || count > want->share[i].max)
			return false;
		all += count;
	}
	return all == tally->runs;
}

void rt_tally_format(const struct rt_tally *tally, size_t most, struct rt_str *out)
{
	for (size_t i = 0; i < tally->n && i < most; i++) {
		rt_str_addf(out, "%s%d x ", i ? ", " : "", tally->class[i].count);
		rt_want_format(&tally->class[i].result, out);
	}
	if (tally->n > most)
		rt_str_addf(out, P_(" and %zu other", " and %zu others", tally->n - most),
			    tally->n - most);
}

/* --- written ---------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool rt_tally_stands(const struct rt_lex *lex)
{
	struct rt_lex look = *lex;
	struct rt_word count = rt_lex_word(&look);

	return count.len > 0 && is_digit(count.s[0]) && rt_word_is(rt_lex_word(&look), "x");
}

static int lex_count(struct rt_lex *lex, struct rt_share *share)
{
	const char *help = _("as in 4 x 0, 6 x EADDRINUSE, or 60..140 x success");
	char first = rt_lex_peek(lex);
	struct rt_word times;
	int64_t min, max;

	if (!is_digit(first))
		return rt_lex_expected(lex, lex->at, _("how many"), help);
	if (rt_lex_range(lex, RT_REPEAT_MAX, &min, &max) < 0)
		return -1;
	share->min = (int)min;
	share->max = (int)max;
	times = rt_lex_word(lex);
	return rt_word_is(times, "x") ? 0 : rt_lex_expected(lex, times.at, "\"x\"", help);
}

/* The result ends at its last word, not at the blanks behind it. */
static bool take_comma(struct rt_lex *lex)
{
	struct rt_lex look = *lex;

	if (!rt_lex_take(&look, ','))
		return false;
	*lex = look;
	return true;
}

int rt_tally_lex(struct rt_lex *lex, struct rt_want *want)
{
	size_t cap = 0;

	want->kind = RT_WANT_TALLY;
	do {
		struct rt_share share = {0};
		size_t from = lex->at;

		if (want->n_shares == RT_TALLY_CLASSES_MAX)
			return rt_lex_fail(lex, from, "", _("a tally has at most %d classes"),
					   RT_TALLY_CLASSES_MAX);
		if (lex_count(lex, &share) < 0)
			return -1;
		rt_lex_peek(lex);
		share.at = lex->at;
		if (rt_class_lex(lex, &share.want) < 0) {
			rt_want_fini(&share.want);
			return -1;
		}
		RT_GROW(want->share, want->n_shares, cap);
		want->share[want->n_shares++] = share;
	} while (take_comma(lex));
	return 0;
}

static size_t skip_blanks(struct rt_word text, size_t at)
{
	while (at < text.len && (text.s[at] == ' ' || text.s[at] == '\t'))
		at++;
	return at;
}

/* Behind the class that begins at `at`: a string, or all up to one of `, :` and blanks. */
static size_t class_end(struct rt_word text, size_t at)
{
	if (at < text.len && text.s[at] == '"') {
		for (at++; at < text.len && text.s[at] != '"'; at++)
			if (text.s[at] == '\\')
				at++;
		return at + 1;
	}
	while (at < text.len && !strchr(" \t,:", text.s[at]))
		at++;
	return at;
}

size_t rt_tally_length(struct rt_word text)
{
	size_t at = 0, from;

	for (;;) {
		from = at = skip_blanks(text, at);
		while (at < text.len && (is_digit(text.s[at]) || text.s[at] == '.'))
			at++;
		if (at == from || (at = skip_blanks(text, at)) >= text.len || text.s[at] != 'x')
			return 0;
		from = skip_blanks(text, at + 1);
		if (from == at + 1)
			return 0;
		at = class_end(text, from);
		if (at == from)
			return 0;
		from = skip_blanks(text, at);
		if (from < text.len && text.s[from] == ':')
			return at;
		if (from >= text.len || text.s[from] != ',')
			return 0;
		at = from + 1;
	}
}

/* --- what fits -------------------------------------------------------------------------------- */

/* Into which both a run could fall. */
static bool overlap(const struct rt_want *a, const struct rt_want *b)
{
	return falls_into(a, b) || falls_into(b, a);
}

static int check_class(struct rt_lex *lex, const struct rt_call *call, const struct rt_want *want,
		       size_t at)
{
	const char *help, *phrase = rt_want_misfit(rt_call_spec(call->id), want, &help);

	if (want->kind == RT_WANT_BLOCKS)
		return rt_lex_fail(lex, at, _("a call that blocks stands in a line of its own"),
				   _("a call that blocks would end the repetition"));
	if (want->kind == RT_WANT_ADDRESS)
		return rt_lex_expected(lex, at, _("an errno name or success"),
				       _("addresses are not compared in a repetition"));
	return phrase ? rt_lex_expected(lex, at, phrase, help) : 0;
}

static int check_sum(struct rt_lex *lex, const struct rt_call *call, size_t from,
		     const struct rt_want *want)
{
	const char *help = _("each run falls into one class");
	int min = 0, max = 0;

	for (size_t i = 0; i < want->n_shares; i++) {
		min += want->share[i].min;
		max += want->share[i].max;
	}
	if (min <= call->repeat && call->repeat <= max)
		return 0;
	if (min == max)
		return rt_lex_fail(lex, from, help, _("these counts make %d, the calls are %d"),
				   min, call->repeat);
	return rt_lex_fail(lex, from, help, _("these counts make %d to %d, the calls are %d"), min,
			   max, call->repeat);
}

static int check_tally(struct rt_lex *lex, const struct rt_call *call, size_t from,
		       const struct rt_want *want)
{
	for (size_t i = 0; i < want->n_shares; i++) {
		const struct rt_share *share = &want->share[i];

		if (check_class(lex, call, &share->want, share->at) < 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (overlap(&share->want, &want->share[k].want))
				return rt_lex_fail(lex, share->at,
						   _("each run falls into one class"),
						   _("this class and number %zu of the tally can "
						     "be the same result"),
						   k + 1);
	}
	return check_sum(lex, call, from, want);
}

int rt_want_check(struct rt_lex *lex, const struct rt_call *call, size_t from,
		  const struct rt_want *want)
{
	const char *help, *phrase;

	if (want->kind == RT_WANT_TALLY && !call->repeat)
		return rt_lex_fail(lex, from,
				   _("a tally is for calls that are made many times: 10 x ..."),
				   _("one call gives one result"));
	if (want->kind == RT_WANT_TALLY)
		return check_tally(lex, call, from, want);
	if (call->repeat)
		return check_class(lex, call, want, from);
	phrase = rt_want_misfit(rt_call_spec(call->id), want, &help);
	return phrase ? rt_lex_expected(lex, from, phrase, help) : 0;
}
