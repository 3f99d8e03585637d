/*
 * Results of a call that is made many times: `4 x 0, 6 x EADDRINUSE`, as it is written and as it was
 * counted.
 */
#ifndef RT_LESSON_TALLY_H
#define RT_LESSON_TALLY_H

#include "lesson/engine.h"
#include "lesson/lex.h"

/* Counts one run of a call that gives `gives`. data is copied. */
void rt_tally_count(struct rt_tally *tally, enum rt_call_result gives,
		    const struct rt_reply *reply);

void rt_tally_fini(struct rt_tally *tally);

/*
 * Whether every run was what want says: a tally, whose classes hold all runs in the right numbers,
 * or one result, which all gave.
 */
bool rt_tally_match(const struct rt_tally *tally, const struct rt_want *want);

/* Adds "4 x 0, 6 x EADDRINUSE"; of more than most classes "and 3 others" for the rest. */
void rt_tally_format(const struct rt_tally *tally, size_t most, struct rt_str *out);

/* Whether `N x` or `MIN..MAX x` stands there. */
bool rt_tally_stands(const struct rt_lex *lex);

/* Reads a tally: N x CLASS {, N x CLASS}. */
int rt_tally_lex(struct rt_lex *lex, struct rt_want *want);

/*
 * Whether want, which begins at byte `from`, can be what comes of call: how often, and what.
 * Returns 0, or -1 with the mistake.
 */
int rt_want_check(struct rt_lex *lex, const struct rt_call *call, size_t from,
		  const struct rt_want *want);

/* How many bytes of text are a tally with a colon behind it; 0 where it is none. */
size_t rt_tally_length(struct rt_word text);

#endif
