/*
 * One wording: the sentences and cells that the screen and the plain mode share. Nothing here knows
 * of columns or colours.
 */
#ifndef RT_LESSON_WORDS_H
#define RT_LESSON_WORDS_H

#include "base/str.h"
#include "lesson/session.h"
#include "model/bundle.h"

/*
 * "0", "-1 EADDRINUSE (Address already in use)", "4", "\"hello\"", "127.0.0.1:40001", "blocks",
 * "resumed: 4", "4 x 0, 6 x EADDRINUSE", "recorded: 0": of a line.
 */
void rt_words_outcome(const struct rt_line *line, const struct rt_outcome *outcome,
		      struct rt_str *out);

/*
 * Short, for a script column: "= 0", "= -1 EADDRINUSE", "blocked", "1 row". "" where it has not
 * run.
 */
void rt_words_outcome_short(const struct rt_line *line, const struct rt_outcome *outcome,
			    struct rt_str *out);

/*
 * Of a line that this machine cannot run: "not run here: the stage has one uid ...". "" for other
 * lines.
 */
void rt_words_not_run(const struct rt_outcome *outcome, struct rt_str *out);

/*
 * Whether the line before this one was not run either, for the same reason: said once, it is not
 * said again.
 */
bool rt_words_is_same_reason(const struct rt_engine *engine, size_t line);

/*
 * Where this kernel answered otherwise than the lesson states: "[differs] the script expects: EADDRINUSE",
 * "[differs] the script expects: no such row". "" for other lines.
 */
void rt_words_differs(const struct rt_line *line, const struct rt_outcome *outcome,
		      struct rt_str *out);

/* Who gave the result: "Kernel", or "Lesson" where the line was not run here. */
const char *rt_words_judge(const struct rt_outcome *outcome);

/* What an expect line states: "no such row", "such a row", "3 rows", "60 to 140 rows", "2 users". */
void rt_words_expected(const struct rt_expect *expect, struct rt_str *out);

/*
 * The line as the script panel shows it: "new:    bind(n, 127.0.0.1:8000)", actor padded to
 * actor_columns.
 */
void rt_words_line(const struct rt_line *line, int actor_columns, struct rt_str *out);

/* A choice: "EADDRINUSE: address already in use"; the question's last is "I do not know yet". */
void rt_words_choice(const struct rt_choice *choice, struct rt_str *out);
const char *rt_words_unsure(void);

/* What was answered: the choice, "I do not know yet", "no answer". */
void rt_words_answer(const struct rt_predict *predict, int answer, struct rt_str *out);

/*
 * "as you said", "differs", "skipped" ..., the verdict in a word or two; *right says whether it is
 * one to be glad of.
 */
const char *rt_words_verdict(const struct rt_session *session, const struct rt_predict *predict,
			     bool *right);

/*
 * The feedback text for what was answered, then the one of the right choice where that is another.
 * "" where there is none.
 */
void rt_words_why(const struct rt_session *session, const struct rt_predict *predict,
		  struct rt_str *out);

/* A cell of the socket table for row. */
enum rt_column {
	RT_COL_MARK, /* "+" new, "*" changed, "-" gone, " " */
	RT_COL_NAME, /* "old.s"; with "~" where it is remembered */
	RT_COL_PROTO,
	RT_COL_STATE, /* "TIME_WAIT"; for a changed row "FIN_WAIT2 -> TIME_WAIT" */
	RT_COL_LOCAL,
	RT_COL_PEER,
	RT_COL_REUSE,	  /* "A+ P-"; "A-~" remembered; "A? P?" unknown */
	RT_COL_REUSEADDR, /* "yes", "no ~", "?" */
	RT_COL_REUSEPORT,
	RT_COL_V6ONLY, /* "yes", "no"; "-" of an IPv4 socket */
	RT_COL_OWNER,  /* "old", "old+child", "kernel" */
	RT_COL_RECVQ,
	RT_COL_SENDQ,
	RT_COL_TIMER, /* "timewait 53.9 s" */
	RT_COL_UID,   /* "kernel" where no process holds it */
	RT_COL_INODE,
	RT_COL_COOKIE,
	RT_COL_SOURCE, /* "sock_diag", "process" */
	RT_COLUMNS
};

/* Whether processes hold sockets of more than one user: then the uid is worth a column. */
bool rt_words_tell_uids(const struct rt_snapshot *snapshot);

/* The heading of a column, "STATE"; not translated: the words of ss(8). */
const char *rt_words_column(enum rt_column column);

/* Adds the cell. snapshot gives the age of the timer at now_ms. */
void rt_words_cell(enum rt_column column, const struct rt_snapshot *snapshot,
		   const struct rt_row *row, int64_t now_ms, struct rt_str *out);

/*
 * The same for rows that are shown as one: the name "client.c[1..200]", or "200 sockets" where there
 * is none; `*` for the port that differs; "0..3" for queues that do, "53..54 s" for timers; "-" for
 * what each row has of its own.
 */
void rt_words_bundle_cell(enum rt_column column, const struct rt_snapshot *snapshot,
			  const struct rt_bundle *bundle, int64_t now_ms, struct rt_str *out);

/* The name without its numbers, for a narrow column: "client.c[*]", or "200 sockets". */
void rt_words_bundle_name(const struct rt_bundle *bundle, struct rt_str *out);

/* Adds "200 sockets"; ", ports 40000..40003" where they differ, "" where not. */
void rt_words_bundle_count(const struct rt_bundle *bundle, struct rt_str *out);
void rt_words_bundle_ports(const struct rt_bundle *bundle, struct rt_str *out);

/*
 * "Groups joined on lo: 239.1.1.1 (2 users)": those beyond 224.0.0.1. "" where there are none.
 */
void rt_words_groups(const struct rt_snapshot *snapshot, struct rt_str *out);

/* "no sockets yet", or why the table is empty. */
const char *rt_words_no_sockets(const struct rt_session *session);

/*
 * What to press or do next in this phase, in a sentence: "Enter runs the calls up to the next
 * question."
 */
void rt_words_next(const struct rt_session *session, struct rt_str *out);

/*
 * "4 of 6 as predicted" ... at the end of a lesson, of which so many questions will come back in
 * review.
 */
void rt_words_score(const struct rt_session *session, size_t waiting, struct rt_str *out);

/* "Review 1 of 3": which question it is, from 1. And of all of them: "2 of 3 as predicted." */
void rt_words_review(size_t number, size_t n, struct rt_str *out);
void rt_words_reviewed(size_t right, size_t answered, struct rt_str *out);

/* Between two lines of script: "--- a fresh stage: no processes, no sockets ---". */
const char *rt_words_fresh(void);

/* The explanation of ~ and the flags below a table: one line. */
const char *rt_words_legend(void);

/* The same in a few words, for where there is no room for a line. */
const char *rt_words_legend_brief(void);

#endif
