/*
 * A verdict in words: the same sentences for the screen, plain text and reports. Each function adds
 * to out one or more whole lines, each ended by a newline, at most RT_RULES_LINE columns wide where
 * addresses and names allow it.
 */
#ifndef RT_RULES_WORDS_H
#define RT_RULES_WORDS_H

#include "base/str.h"
#include "rules/rules.h"

enum { RT_RULES_LINE = 78 };

/* The answer and its one-sentence reason: "EADDRINUSE: ...". */
void rt_rules_words_answer(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
			   const struct rt_rules_verdict *verdict, struct rt_str *out);

/*
 * The same with the deciding clause, in one line without an end, however long: "EADDRINUSE: old.k
 * TIME_WAIT 127.0.0.1:8000 refuses: SO_REUSEADDR on both: here set, there not set".
 */
void rt_rules_words_short(const struct rt_snapshot *snapshot,
			  const struct rt_rules_verdict *verdict, struct rt_str *out);

/* Of it what stands behind the result: "old.k TIME_WAIT 127.0.0.1:8000 refuses: ...". */
void rt_rules_words_because(const struct rt_snapshot *snapshot,
			    const struct rt_rules_verdict *verdict, struct rt_str *out);

/* What a paragraph of rt_rules_tell() is. */
enum rt_says {
	RT_SAYS_CALL,	  /* not of the rules: the call, for whoever puts it before the others */
	RT_SAYS_SURPRISE, /* likewise: the kernel did not do as foreseen */
	RT_SAYS_ANSWER,
	RT_SAYS_DEPENDS,
	RT_SAYS_SOCKET, /* its clauses follow */
	RT_SAYS_CLAUSE,
	RT_SAYS_DECIDING, /* the clause that decided about the socket */
	RT_SAYS_RULE,
	RT_SAYS_SOURCE,
	RT_SAYS_TRY,
};

/* Columns of "yes  ", "no   " before a clause. */
enum { RT_SAYS_HOLDS = 5 };

typedef void rt_rules_tell_fn(void *ctx, enum rt_says says, const char *text);

/*
 * All of it in paragraphs without line ends, for whoever wraps them: the answer, what it depends
 * on, the sockets (the deciding one first, at most max of them), the rule and its source, what to
 * try. "Here" is the socket that calls, "there" the other.
 */
void rt_rules_tell(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
		   const struct rt_rules_verdict *verdict, size_t max, rt_rules_tell_fn *tell,
		   void *ctx);

/*
 * Adds what would make a refused call succeed, as the rules have it: "SO_REUSEADDR on both ...".
 * Nothing where they know of nothing. Of the options the least that helps is named.
 */
void rt_rules_words_try(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
			const struct rt_rules_verdict *verdict, struct rt_str *out);

/* One socket of verdict->socket: what it is, whether it overlaps and why, and its clauses, the
 * deciding one marked with `>`. */
void rt_rules_words_socket(const struct rt_snapshot *snapshot, const struct rt_rules_socket *socket,
			   struct rt_str *out);

/* Why two addresses overlap or do not, in a few words: "another address". */
void rt_rules_words_overlap(enum rt_overlap overlap, struct rt_str *out);

/* The rule behind the reason and its source: kernel function, manual page, rule of the facts. */
void rt_rules_words_rule(const struct rt_rules_query *query, const struct rt_rules_verdict *verdict,
			 struct rt_str *out);

/* All of it: the answer, the sockets (the deciding one first, at most max of them), the rule. */
void rt_rules_words(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
		    const struct rt_rules_verdict *verdict, size_t max, struct rt_str *out);

#endif
