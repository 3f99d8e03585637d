/*
 * What an expect line states: rows of the socket table, or a multicast group, and how many.
 *
 *	expect [no | N | MIN..MAX] ROW
 *	expect [no] group ADDRESS [users N | users MIN..MAX]
 */
#include "base/i18n.h"
#include "lesson/args.h"
#include "lesson/script.h"
#include "model/groups.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int parse_count(struct rt_lex *lex, struct rt_expect *expect)
{
	int64_t min, max;

	if (rt_lex_range(lex, RT_EXPECT_ANY, &min, &max) < 0)
		return -1;
	expect->min = (int)min;
	expect->max = (int)max;
	return 0;
}

/* Behind the word `group`. none: `no` stands in front. */
static int parse_group(struct rt_lex *lex, bool none, struct rt_expect *expect)
{
	const char *help = _("as in: expect group 239.1.1.1 users 2");
	struct rt_word word = rt_lex_word(lex);
	struct rt_addr addr;
	bool has_port = false;
	size_t from;

	if (word.len == 0 || rt_addr_parse(word.s, word.len, &addr, &has_port) < 0 || has_port ||
	    addr.family != AF_INET || !IN_MULTICAST(ntohl(addr.v4.s_addr)))
		return rt_lex_expected(lex, word.at, _("an IPv4 multicast address"), help);
	expect->is_group = true;
	expect->group = addr.v4;
	from = lex->at;
	word = rt_lex_word(lex);
	if (word.len == 0 || rt_word_is(word, "when")) {
		lex->at = from;
		return 0;
	}
	if (none || !rt_word_is(word, "users"))
		return rt_lex_expected(lex, word.at,
				       none ? _("the end of the line") : _("users or the end"),
				       none ? _("no says that it has no users") : help);
	return parse_count(lex, expect);
}

int rt_expect_parse(struct rt_lex *lex, const struct rt_scope *scope, struct rt_expect *expect)
{
	size_t from;
	bool counted = is_digit(rt_lex_peek(lex)), none = false;

	expect->min = 1;
	expect->max = RT_EXPECT_ANY;
	from = lex->at;
	if (counted && parse_count(lex, expect) < 0)
		return -1;
	if (!counted && rt_word_is(rt_lex_word(lex), "no")) {
		none = true;
		expect->min = expect->max = 0;
	} else if (!counted) {
		lex->at = from;
	}
	rt_lex_peek(lex);
	from = lex->at;
	if (!rt_word_is(rt_lex_word(lex), "group")) {
		lex->at = from;
		return rt_row_parse(lex, scope, &expect->row);
	}
	if (counted)
		return rt_lex_fail(lex, from, _("as in: expect group 239.1.1.1 users 2"),
				   _("a group is there or not: its users are counted"));
	return parse_group(lex, none, expect);
}

static void format_count(const struct rt_expect *expect, struct rt_str *out)
{
	if (expect->min == expect->max)
		rt_str_addf(out, "%d", expect->min);
	else
		rt_str_addf(out, "%d..%d", expect->min, expect->max);
}

void rt_expect_format(const struct rt_expect *expect, struct rt_str *out)
{
	bool none = expect->max == 0, any = expect->min == 1 && expect->max == RT_EXPECT_ANY;
	char text[512];

	rt_str_add(out, none ? "expect no " : "expect ");
	if (!none && !any && !expect->is_group) {
		format_count(expect, out);
		rt_str_add(out, " ");
	}
	if (!expect->is_group) {
		rt_str_add(out, rt_row_pattern_format(&expect->row, text, sizeof(text)));
		return;
	}
	rt_str_add(out, "group ");
	rt_group_format(expect->group, out);
	if (!none && !any) {
		rt_str_add(out, " users ");
		format_count(expect, out);
	}
}
