/* Private to lesson/: the parts of a line of script. */
#ifndef RT_LESSON_ARGS_H
#define RT_LESSON_ARGS_H

#include "lesson/lex.h"
#include "lesson/scope.h"

/* Reads `(arguments)` of call, whose id and actor are filled, and checks their names. */
int rt_args_parse(struct rt_lex *lex, const struct rt_scope *scope, struct rt_call *call);

/* How a call is written: "listen(fd, [int])". The caller frees it. */
char *rt_args_usage(const struct rt_call_spec *spec);

/* What stands in a sentence for a kind of argument: "an address". */
const char *rt_arg_phrase(enum rt_arg_kind kind);

/* Reads constants of kind, joined by | where they combine: SOCK_STREAM|SOCK_NONBLOCK. */
int rt_constants_parse(struct rt_lex *lex, enum rt_arg_kind kind, struct rt_arg *arg);

/* Reads the name of a socket option. */
int rt_option_parse(struct rt_lex *lex, struct rt_arg *arg);

/* Goes over `when` if that word stands there. Returns whether it did. */
bool rt_lex_take_when(struct rt_lex *lex);

/* Reads the feature behind `when`, and adds it to gates. */
int rt_gates_lex(struct rt_lex *lex, struct rt_gates *gates);

/*
 * Reads a row: PROTO LOCAL [-> PEER] [STATE] [owner NAMES] [uid N] [timer MIN..MAX]
 * [queue N | MIN..MAX].
 */
int rt_row_parse(struct rt_lex *lex, const struct rt_scope *scope, struct rt_row_pattern *row);

/* Reads what stands behind `expect`; adds an expect line as a lesson writes it. */
int rt_expect_parse(struct rt_lex *lex, const struct rt_scope *scope, struct rt_expect *expect);
void rt_expect_format(const struct rt_expect *expect, struct rt_str *out);

/*
 * Reads what may stand behind `=` (of_expect: behind `choice`, about an expect line).
 * rt_want_fini() frees what *want owns.
 */
int rt_want_lex(struct rt_lex *lex, bool of_expect, struct rt_want *want);

/* The same for the result of one call: no tally. */
int rt_class_lex(struct rt_lex *lex, struct rt_want *want);

/*
 * What a call can give, as a phrase, where want is none of it; NULL where want fits. *help says
 * more, "" for nothing.
 */
const char *rt_want_misfit(const struct rt_call_spec *spec, const struct rt_want *want,
			   const char **help);

/* Whether "a+b" names the same processes as "b+a". */
bool rt_owners_equal(const char *a, const char *b);

/* Whether two wants are the same result. For a call that gives zero, 0 and success are. */
bool rt_want_equal(const struct rt_want *a, const struct rt_want *b,
		   const struct rt_call_spec *spec);

/* Whether what the lesson states of a line is what want, a choice of a question, says: outcome.c. */
bool rt_line_states(const struct rt_line *line, const struct rt_want *want);

#endif
