/* `when FEATURE`, as it stands behind a line or a fence, or in a comment of a step. */
#include <stdlib.h>

#include "base/i18n.h"
#include "lesson/args.h"
#include "lesson/suggest.h"

enum { VERSION_PART_MAX = 999 };

static int fail_feature(struct rt_lex *lex, struct rt_word word)
{
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);
	struct rt_suggest suggest;
	struct rt_str otherwise = {0};
	char *help;

	rt_suggest_init(&suggest, word.s, word.len);
	rt_str_add(&otherwise, _("the features are"));
	for (size_t i = 0; i < n; i++) {
		rt_suggest_offer(&suggest, table[i].word);
		rt_str_addf(&otherwise, " %s", table[i].word);
	}
	rt_suggest_offer(&suggest, "linux");
	rt_str_add(&otherwise, " linux >= 6.18");
	help = rt_suggest_help(&suggest, rt_str_text(&otherwise));
	rt_lex_expected(lex, word.at, _("a feature"), help);
	free(help);
	rt_str_fini(&otherwise);
	return -1;
}

/* The digits at *i of word; -1 where there are none, or too many. */
static int version_part(struct rt_word word, size_t *i)
{
	int value = -1;

	for (; *i < word.len && word.s[*i] >= '0' && word.s[*i] <= '9'; ++*i) {
		value = (value < 0 ? 0 : value * 10) + (word.s[*i] - '0');
		if (value > VERSION_PART_MAX)
			return -1;
	}
	return value;
}

/* `>= 6.18`, behind the word linux. */
static int version_lex(struct rt_lex *lex, struct rt_gates *gates)
{
	const char *help = _("as in: when linux >= 6.18");
	struct rt_word word;
	size_t i = 0, from;
	int major, minor;

	rt_lex_peek(lex);
	from = lex->at;
	if (!rt_lex_take(lex, '>') || lex->at >= lex->len || lex->text[lex->at] != '=')
		return rt_lex_expected(lex, from, ">=", help);
	lex->at++;
	word = rt_lex_word(lex);
	major = version_part(word, &i);
	if (major >= 0 && i < word.len && word.s[i] == '.') {
		i++;
		minor = version_part(word, &i);
		if (minor >= 0 && i == word.len) {
			struct rt_gates one = {.version = (uint32_t)(major << 16 | minor)};

			rt_gates_add(gates, &one);
			return 0;
		}
	}
	return rt_lex_expected(lex, word.at, _("the version of a kernel"), help);
}

int rt_gates_lex(struct rt_lex *lex, struct rt_gates *gates)
{
	struct rt_word word = rt_lex_word(lex);
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);

	if (rt_word_is(word, "linux"))
		return version_lex(lex, gates);
	for (size_t i = 0; i < n; i++) {
		struct rt_gates one = {.features = UINT32_C(1) << i};

		if (!rt_word_is(word, table[i].word))
			continue;
		rt_gates_add(gates, &one);
		return 0;
	}
	return fail_feature(lex, word);
}

bool rt_lex_take_when(struct rt_lex *lex)
{
	struct rt_lex ahead = *lex;

	if (!rt_word_is(rt_lex_word(&ahead), "when"))
		return false;
	lex->at = ahead.at;
	return true;
}
