/* Results: what stands behind `=`, and the choices of a question. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/args.h"
#include "lesson/suggest.h"
#include "lesson/tally.h"

enum { ERRNO_MAX = 134 };

static const char *of_call_help(void)
{
	return _("results are 0, a number, EADDRINUSE, \"bytes\", blocks, success, or an address "
		 "such as 127.0.0.1:*");
}

static int fail_errno(struct rt_lex *lex, struct rt_word word)
{
	struct rt_suggest suggest;
	char *help;

	rt_suggest_init(&suggest, word.s, word.len);
	/* Those that a beginner means come first: of equals the first is kept. */
	rt_suggest_offer(&suggest, "EADDRINUSE");
	rt_suggest_offer(&suggest, "EADDRNOTAVAIL");
	rt_suggest_offer(&suggest, "ECONNREFUSED");
	rt_suggest_offer(&suggest, "EAGAIN");
	for (int sys = 1; sys < ERRNO_MAX; sys++)
		rt_suggest_offer(&suggest, rt_errno_name(sys));
	rt_suggest_offer(&suggest, "blocks");
	rt_suggest_offer(&suggest, "success");
	help = rt_suggest_help(&suggest, of_call_help());
	rt_lex_expected(lex, word.at, _("a result"), help);
	free(help);
	return -1;
}

static bool is_number(struct rt_word word)
{
	size_t i = word.len > 1 && word.s[0] == '-';

	for (size_t at = i; at < word.len; at++)
		if (word.s[at] < '0' || word.s[at] > '9')
			return false;
	return word.len > 0;
}

static int take_number(struct rt_lex *lex, struct rt_word word, int64_t min, int64_t max,
		       struct rt_want *want)
{
	lex->at = word.at;
	want->kind = RT_WANT_NUMBER;
	return rt_lex_number(lex, min, max, &want->number);
}

static bool looks_like_address(struct rt_word word)
{
	for (size_t i = 0; i < word.len; i++)
		if (strchr(".:[*", word.s[i]))
			return word.s[i] != '\0';
	return false;
}

int rt_class_lex(struct rt_lex *lex, struct rt_want *want)
{
	struct rt_word word;

	if (rt_lex_peek(lex) == '"') {
		want->kind = RT_WANT_DATA;
		return rt_lex_string(lex, RT_DATA_MAX, (uint8_t **)&want->data, &want->data_len);
	}
	word = rt_lex_word(lex);
	if (word.len == 0)
		return rt_lex_expected(lex, word.at, _("a result"), of_call_help());
	if (is_number(word))
		return take_number(lex, word, INT32_MIN, INT32_MAX, want);
	if (rt_word_is(word, "blocks")) {
		want->kind = RT_WANT_BLOCKS;
		return 0;
	}
	if (rt_word_is(word, "success"))
		return 0;
	if (looks_like_address(word)) {
		want->kind = RT_WANT_ADDRESS;
		if (rt_addr_pattern_parse(word.s, word.len, &want->address) == 0)
			return 0;
		return rt_lex_expected(
			lex, word.at, _("an address"),
			_("addresses look like 127.0.0.1:8002, [::1]:8002 or 127.0.0.1:*"));
	}
	want->kind = RT_WANT_ERRNO;
	want->number = rt_errno_number(word.s, word.len);
	return want->number ? 0 : fail_errno(lex, word);
}

static int of_call(struct rt_lex *lex, struct rt_want *want)
{
	return rt_tally_stands(lex) ? rt_tally_lex(lex, want) : rt_class_lex(lex, want);
}

/* Names of processes joined by +, or kernel. */
static bool are_owners(struct rt_word all)
{
	struct rt_word name = {.s = all.s};

	for (size_t i = 0; i <= all.len; i++) {
		if (i < all.len && all.s[i] != '+')
			continue;
		name.len = (size_t)(all.s + i - name.s);
		if (!rt_word_is_name(name) || (rt_word_is(name, "kernel") && name.len < all.len))
			return false;
		name.s = all.s + i + 1;
	}
	return true;
}

static int of_owner(struct rt_lex *lex, struct rt_want *want)
{
	struct rt_word word = rt_lex_word(lex);

	if (!are_owners(word))
		return rt_lex_expected(lex, word.at, _("an owner"),
				       _("an owner is a process, several joined by +, or kernel"));
	want->kind = RT_WANT_OWNER;
	want->data = rt_strndup(word.s, word.len);
	want->data_len = word.len;
	return 0;
}

static int of_row(struct rt_lex *lex, struct rt_want *want)
{
	struct rt_word word = rt_lex_word(lex);
	struct rt_suggest suggest;
	char *help;

	if (rt_word_is(word, "owner"))
		return of_owner(lex, want);
	if (is_number(word))
		return take_number(lex, word, 0, INT16_MAX, want);
	if (rt_word_is(word, "none")) {
		want->kind = RT_WANT_NONE;
		return 0;
	}
	want->kind = RT_WANT_STATE;
	want->number = rt_state_parse(word.s, word.len);
	if (want->number)
		return 0;
	rt_suggest_init(&suggest, word.s, word.len);
	for (enum rt_state state = RT_ESTABLISHED; state < RT_STATES; state++)
		rt_suggest_offer(&suggest, rt_state_name(RT_TCP, state));
	rt_suggest_offer(&suggest, rt_state_name(RT_UDP, RT_CLOSE));
	rt_suggest_offer(&suggest, "none");
	rt_suggest_offer(&suggest, "owner");
	help = rt_suggest_help(
		&suggest,
		_("about an expect line one can say a number, a state such as TIME_WAIT, owner "
		  "and a process, or none"));
	rt_lex_expected(lex, word.at, _("a number of rows, a state, an owner or none"), help);
	free(help);
	return -1;
}

int rt_want_lex(struct rt_lex *lex, bool of_expect, struct rt_want *want)
{
	memset(want, 0, sizeof(*want));
	return of_expect ? of_row(lex, want) : of_call(lex, want);
}

int rt_want_parse(const char *text, size_t len, bool of_expect, struct rt_want *want,
		  struct rt_mistake *mistake)
{
	struct rt_lex lex = {.text = text, .len = len, .mistake = mistake};

	memset(mistake, 0, sizeof(*mistake));
	if (rt_want_lex(&lex, of_expect, want) < 0)
		goto fail;
	rt_lex_peek(&lex);
	if (lex.at == lex.len)
		return 0;
	rt_lex_expected(&lex, lex.at, _("nothing behind the result"), "");
fail:
	rt_want_fini(want);
	return -1;
}

void rt_want_fini(struct rt_want *want)
{
	free(want->data);
	for (size_t i = 0; i < want->n_shares; i++)
		rt_want_fini(&want->share[i].want);
	free(want->share);
	memset(want, 0, sizeof(*want));
}

static void format_tally(const struct rt_want *want, struct rt_str *out)
{
	for (size_t i = 0; i < want->n_shares; i++) {
		const struct rt_share *share = &want->share[i];

		rt_str_addf(out, "%s%d", i ? ", " : "", share->min);
		if (share->max > share->min)
			rt_str_addf(out, "..%d", share->max);
		rt_str_add(out, " x ");
		rt_want_format(&share->want, out);
	}
}

void rt_want_format(const struct rt_want *want, struct rt_str *out)
{
	char text[RT_ADDR_TEXT];

	switch (want->kind) {
	case RT_WANT_SUCCESS:
		rt_str_add(out, "success");
		break;
	case RT_WANT_NUMBER:
		rt_str_addf(out, "%lld", (long long)want->number);
		break;
	case RT_WANT_ERRNO:
		rt_str_add(out, rt_errno_name((int)want->number));
		break;
	case RT_WANT_DATA:
		rt_data_format(want->data, want->data_len, out);
		break;
	case RT_WANT_BLOCKS:
		rt_str_add(out, "blocks");
		break;
	case RT_WANT_ADDRESS:
		rt_str_add(out, rt_addr_pattern_format(&want->address, text));
		break;
	case RT_WANT_STATE:
		rt_str_add(out, rt_state_name(RT_TCP, (enum rt_state)want->number));
		break;
	case RT_WANT_NONE:
		rt_str_add(out, "none");
		break;
	case RT_WANT_OWNER:
		rt_str_addf(out, "owner %s", want->data);
		break;
	case RT_WANT_TALLY:
		format_tally(want, out);
		break;
	case RT_WANT_ANY:
		rt_str_add(out, _("anything"));
		break;
	}
}

/* --- what fits to what ------------------------------------------------------------------------ */

/* The kind that a call may give beside success, an errno and blocks; RT_WANT_SUCCESS: no other. */
static const struct gives {
	enum rt_want_kind kind;
	const char *phrase, *help;
} gives[] = {
	[RT_GIVES_ZERO] = {RT_WANT_NUMBER, N_("0, an errno name or blocks"), ""},
	[RT_GIVES_FD] = {RT_WANT_SUCCESS, N_("an errno name, blocks or success"),
			 N_("the number of a descriptor is shown and never compared")},
	[RT_GIVES_SIZE] = {RT_WANT_NUMBER, N_("a number of bytes, an errno name or blocks"), ""},
	[RT_GIVES_DATA] = {RT_WANT_DATA, N_("bytes in double quotes, an errno name or blocks"),
			   N_("the end of file is \"\"")},
	[RT_GIVES_ADDR] = {RT_WANT_ADDRESS, N_("an address such as 127.0.0.1:*, or an errno name"),
			   ""},
	[RT_GIVES_VALUE] = {RT_WANT_NUMBER, N_("a number or an errno name"), ""},
	[RT_GIVES_ACTOR] = {RT_WANT_SUCCESS, N_("an errno name or success"),
			    N_("the number of a process is shown and never compared")},
};

const char *rt_want_misfit(const struct rt_call_spec *spec, const struct rt_want *want,
			   const char **help)
{
	const struct gives *row = &gives[spec->gives];

	*help = row->help[0] ? _(row->help) : "";
	if (want->kind == RT_WANT_BLOCKS && spec->by != RT_BY_ACTOR) {
		*help = _("only a call of a process can block");
		return _("0 or an errno name");
	}
	if (want->kind == RT_WANT_SUCCESS || want->kind == RT_WANT_ERRNO ||
	    want->kind == RT_WANT_BLOCKS)
		return NULL;
	if (want->kind != row->kind || (spec->gives == RT_GIVES_ZERO && want->number != 0) ||
	    (spec->gives == RT_GIVES_SIZE && want->number < 0))
		return _(row->phrase);
	return NULL;
}

/* One way to write each result: 0 of a call that gives zero is success, 0 rows are none. */
static struct rt_want one_way(const struct rt_want *want, const struct rt_call_spec *spec)
{
	struct rt_want one = *want;

	/* All runs fall into the only class. */
	if (one.kind == RT_WANT_TALLY && one.n_shares == 1)
		one = one.share[0].want;
	if (spec && spec->gives == RT_GIVES_ZERO && one.kind == RT_WANT_NUMBER && one.number == 0)
		one.kind = RT_WANT_SUCCESS;
	if (!spec && one.kind == RT_WANT_NUMBER && one.number == 0)
		one.kind = RT_WANT_NONE;
	if (one.kind == RT_WANT_NONE || one.kind == RT_WANT_SUCCESS)
		one.number = 0;
	return one;
}

static bool has_name(const char *names, const char *name, size_t len)
{
	for (size_t part; *names; names += part + (names[part] == '+')) {
		part = strcspn(names, "+");
		if (part == len && memcmp(names, name, len) == 0)
			return true;
	}
	return false;
}

bool rt_owners_equal(const char *a, const char *b)
{
	/* No name stands in one of them twice: of as many letters, none can be left over. */
	if (strlen(a) != strlen(b))
		return false;
	for (size_t part; *a; a += part + (a[part] == '+')) {
		part = strcspn(a, "+");
		if (!has_name(b, a, part))
			return false;
	}
	return true;
}

/* In any order; each class stands there once. */
static bool equal_tallies(const struct rt_want *a, const struct rt_want *b,
			  const struct rt_call_spec *spec)
{
	for (size_t i = 0; i < a->n_shares; i++) {
		const struct rt_share *x = &a->share[i];
		bool found = false;

		for (size_t k = 0; k < b->n_shares && !found; k++)
			found = x->min == b->share[k].min && x->max == b->share[k].max &&
				rt_want_equal(&x->want, &b->share[k].want, spec);
		if (!found)
			return false;
	}
	return a->n_shares == b->n_shares;
}

bool rt_want_equal(const struct rt_want *a, const struct rt_want *b,
		   const struct rt_call_spec *spec)
{
	struct rt_want x = one_way(a, spec), y = one_way(b, spec);

	if (x.kind == RT_WANT_OWNER && y.kind == RT_WANT_OWNER)
		return rt_owners_equal(x.data, y.data);
	if (x.kind != y.kind || x.number != y.number || x.data_len != y.data_len)
		return false;
	if (x.kind == RT_WANT_DATA)
		return memcmp(x.data, y.data, x.data_len) == 0;
	if (x.kind == RT_WANT_TALLY)
		return equal_tallies(&x, &y, spec);
	if (x.kind != RT_WANT_ADDRESS)
		return true;
	return x.address.any_host == y.address.any_host &&
	       x.address.any_port == y.address.any_port &&
	       rt_addr_equal(&x.address.addr, &y.address.addr);
}
