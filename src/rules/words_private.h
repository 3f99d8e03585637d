/* Private to rules/: the pieces that lines and paragraphs are made of. */
#ifndef RT_RULES_WORDS_PRIVATE_H
#define RT_RULES_WORDS_PRIVATE_H

#include "base/str.h"
#include "rules/rules.h"

/* What decided, in a sentence without its end. */
const char *rt_words_reason(const struct rt_rules_verdict *verdict);

/* The rule behind it; *source is where that stands. */
const char *rt_words_rule(const struct rt_rules_query *query,
			  const struct rt_rules_verdict *verdict, const char **source);

/* The next thing that the answer depends on, from number *from on; NULL behind the last. */
const char *rt_words_dependence(const struct rt_rules_verdict *verdict, size_t *from);

/* Add "EADDRINUSE or success"; a row: "old.k  tcp TIME_WAIT 127.0.0.1:8000"; the same with
 * ": refuses"; a clause. */
void rt_words_results(const struct rt_rules_verdict *verdict, struct rt_str *out);
void rt_words_row(const struct rt_row *row, struct rt_str *out);
void rt_words_head(const struct rt_row *row, const struct rt_rules_socket *s, struct rt_str *out);
void rt_words_clause(const struct rt_row *row, const struct rt_rules_socket *s,
		     const struct rt_rules_clause *clause, struct rt_str *out);

/* "yes", "no", "?". */
const char *rt_words_holds(uint8_t holds);

/* Whether the clause tells nothing to most people. */
bool rt_words_is_noise(const struct rt_rules_clause *clause);

#endif
