/*
 * A lesson file, read: front matter, steps, prose, the script and the questions. Immutable once
 * loaded. The language is described in reuse-tutor-lesson(5).
 */
#ifndef RT_LESSON_LESSON_H
#define RT_LESSON_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "lesson/gate.h"
#include "model/call.h"
#include "model/row.h"

/*
 * What a lesson may have at most. A stranger's file that asks for more is refused with a sentence.
 */
enum {
	RT_LESSON_BYTES_MAX = 1024 * 1024,
	RT_LESSON_STEPS_MAX = 100,
	RT_LESSON_LINES_MAX = 2000, /* of script */
	RT_LESSON_CHOICES_MAX = 8,  /* of a question; the keys are 1 to 9 */
	RT_LESSON_HINTS_MAX = 3,
	RT_LESSON_CALLS_MAX = 10000, /* of its script: `10 x` makes ten */
	RT_LESSON_WAITS_MAX = 20,    /* of its script; one may take two minutes */
	RT_REPEAT_MAX = 1000,	     /* of one line */
	RT_TALLY_CLASSES_MAX = 16,
	RT_LESSON_ERRORS_MAX = 50, /* then it stops looking */
};

/* --- prose ------------------------------------------------------------------------------------ */

enum rt_text_style {
	RT_TEXT_PLAIN,
	RT_TEXT_EMPH,
	RT_TEXT_STRONG,
	RT_TEXT_CODE,
	RT_TEXT_TERM, /* that the glossary explains: no file says so, terms.h finds it */
};

struct rt_span {
	enum rt_text_style style;
	char *text; /* UTF-8 as its author wrote it: whoever draws it makes it harmless */
};

enum rt_para_kind {
	RT_PARA_TEXT,
	RT_PARA_ITEM,
	RT_PARA_CODE,
	RT_PARA_QUOTE,
	RT_PARA_HEADING,
	RT_PARA_TABLE, /* of a page alone: page.h */
};

struct rt_table;

struct rt_para {
	enum rt_para_kind kind;
	int indent;	/* levels of list or quote around it */
	char marker[8]; /* RT_PARA_ITEM: "-" or "1."; "" for its further paragraphs */
	struct rt_span *span;
	size_t n_spans;
	struct rt_table *table; /* RT_PARA_TABLE */
	size_t after_line; /* shown once this many lines of the lesson's script have been run */
};

/* --- script ----------------------------------------------------------------------------------- */

enum rt_want_kind {
	RT_WANT_SUCCESS, /* nothing written: it must not fail */
	RT_WANT_NUMBER,	 /* = 3; for an expect line the number of rows */
	RT_WANT_ERRNO,	 /* = EADDRINUSE */
	RT_WANT_DATA,	 /* = "bytes" */
	RT_WANT_BLOCKS,	 /* = blocks */
	RT_WANT_ADDRESS, /* = 127.0.0.1:* */
	RT_WANT_STATE,	 /* choices of a question about an expect line: TIME_WAIT */
	RT_WANT_NONE,	 /* likewise: no such row */
	RT_WANT_OWNER,	 /* likewise: owner new */
	RT_WANT_TALLY,	 /* = 4 x 0, 6 x EADDRINUSE, of a call that is made many times */
	RT_WANT_ANY,	 /* nothing is stated: of a draft's line, and of no file's */
};

/* What a call must give, or what a choice says that it will. */
struct rt_want {
	enum rt_want_kind kind;
	int64_t number; /* NUMBER; ERRNO: the errno value; STATE: enum rt_state */
	char *data;	/* DATA, and OWNER: "a+b", "kernel". Owned */
	size_t data_len;
	struct rt_addr_pattern address;
	struct rt_share *share; /* TALLY: owned. No run can fall into two of them */
	size_t n_shares;
};

/* One class of a tally: so many of the runs have this result, which is no tally. */
struct rt_share {
	struct rt_want want;
	int min, max;
	size_t at; /* byte of the line */
};

enum rt_line_kind { RT_LINE_CALL, RT_LINE_EXPECT };

/* The most rows, where only a least number is asked for. */
enum { RT_EXPECT_ANY = 32767 };

/*
 * `expect [no | N | MIN..MAX] ROW`, `expect [no] group ADDRESS [users N | MIN..MAX]`. min..max: how
 * many rows, or users of the group; 0..0 for `no`, 1..RT_EXPECT_ANY where nothing is said.
 */
struct rt_expect {
	struct rt_row_pattern row; /* no meaning where is_group */
	struct in_addr group;
	bool is_group;
	int min, max;
};

struct rt_line {
	enum rt_line_kind kind;
	int number;	     /* of the line in the file, from 1 */
	struct rt_call call; /* RT_LINE_CALL */
	struct rt_want want; /* RT_LINE_CALL */
	char *comment;	     /* NULL for none */
	/*
	 * Bytes of that line: behind the call's `)`, and where the words behind `=` begin and end;
	 * the same twice where nothing is stated.
	 */
	size_t call_end, result_at, result_end;
	size_t step;		 /* index of its step */
	struct rt_expect expect; /* RT_LINE_EXPECT */
	char label[RT_NAME_MAX]; /* `@label` at the end of the line; "" for none */
	/*
	 * What it needs: of its own, of its block and its step, and of the lines that made the
	 * names it uses.
	 */
	struct rt_gates gates;
	bool fresh; /* a fresh stage is built before it: first of a ```lab fresh block or of all */
};

/* --- questions -------------------------------------------------------------------------------- */

struct rt_choice {
	struct rt_want want;
	char *pattern; /* as written, "EADDRINUSE" */
	char *text;    /* "Address already in use"; may be "" */
	char *why;     /* the feedback for choosing it; "" for none */
};

/* It stores no answer: the kernel decides which choice was right. */
struct rt_predict {
	char label[RT_NAME_MAX]; /* of the line that is asked about: it stays when lines move */
	size_t line;		 /* index into the lesson's lines: what comes of it is the answer */
	/*
	 * The line before which it is asked: its own; for an expect line the call that brings the
	 * state about, because after it the sockets on the screen would tell.
	 */
	size_t asked_at;
	char *ask;
	struct rt_choice choice[RT_LESSON_CHOICES_MAX];
	size_t n_choices;
	char *hint[RT_LESSON_HINTS_MAX];
	size_t n_hints;
	int number; /* line of the file */
};

/* --- the whole -------------------------------------------------------------------------------- */

struct rt_step {
	char *id;
	char *title;
	char *note; /* the instructor's words, a line each paragraph; "" for none */
	struct rt_para *para;
	size_t n_paras;
	struct rt_gates gates;	    /* `<!-- when: ... -->`: its lines have them too */
	size_t first_line, n_lines; /* its part of the lesson's lines; n_lines may be 0 */
	int number;		    /* line of its heading in the file */
};

struct rt_lesson {
	char *path; /* of the file, "" for text from elsewhere */
	char *text; /* all bytes of the file, of which rt_lesson_hash() tells */
	size_t text_len;
	char *id;
	char *title;
	char *question;
	char *belief; /* that it corrects */
	char *after;  /* ids of lessons it builds on, separated by blanks; "" for none */
	int minutes;
	struct rt_step *step;
	size_t n_steps;
	struct rt_line *line;
	size_t n_lines;
	/* In the order of their lines; at most one for each line, and asked before each line. */
	struct rt_predict *predict;
	size_t n_predicts;
};

/* One mistake in a lesson file. */
struct rt_mistake {
	int line, column; /* from 1; columns are counted as shown, but a tab counts 1 */
	char *what;	  /* "expected an address, got \"127.0.0.1:port\"" */
	char *help;	  /* "addresses look like 127.0.0.1:8002 or [::1]:8002"; "" for none */
	char *text;	  /* the line of the file, made harmless */
};

struct rt_mistakes {
	struct rt_mistake *mistake;
	size_t n, cap;
};

void rt_mistakes_fini(struct rt_mistakes *mistakes);

/*
 * Adds "FILE:LINE:COLUMN: what", the line, a caret, the help: for all mistakes, in the order of the
 * file.
 */
void rt_mistakes_format(const struct rt_mistakes *mistakes, const char *path, struct rt_str *out);

/*
 * Reads a lesson. Finds all mistakes of the file, not just the first: NULL where there was one,
 * with *mistakes filled. err is set (RT_ERR_LESSON) whenever NULL comes back: to "NAME has N
 * mistakes", or to why the file could not be read (then there are no mistakes). The caller frees
 * the lesson, and the mistakes in either case.
 */
struct rt_lesson *rt_lesson_load(const char *path, struct rt_mistakes *mistakes,
				 struct rt_error *err);

/* The same from len bytes of text; path is only for messages. */
struct rt_lesson *rt_lesson_parse(const char *text, size_t len, const char *path,
				  struct rt_mistakes *mistakes, struct rt_error *err);

/*
 * The front matter alone, quickly: id, title, minutes, question, belief, after; no steps. NULL
 * where there is none.
 */
struct rt_lesson *rt_lesson_load_head(const char *path, struct rt_error *err);

void rt_lesson_free(struct rt_lesson *lesson);

/*
 * A number of all bytes of the file, to tell that it has changed: FNV-1a. Worked out with each
 * call, as the first screen does not need it.
 */
uint64_t rt_lesson_hash(const struct rt_lesson *lesson);

/* Whether id can be that of a lesson or a step: small letters, digits and hyphens, at most 64. */
bool rt_lesson_is_id(const char *id);

/* The text of a lesson file as it stands, for a change of it. The caller frees it. */
int rt_lesson_text(const char *path, char **text, size_t *len, struct rt_error *err);

/*
 * How many seconds a learner needs about, who reads 200 words a minute: the prose, the questions
 * with their choices, of each question the feedback for one choice, and 3 seconds for each line of
 * script.
 */
int rt_lesson_seconds(const struct rt_lesson *lesson);

/* The index of the step of that id, or of that number from 1 ("4"); -1 where there is none. */
int rt_lesson_find_step(const struct rt_lesson *lesson, const char *id);

/* Whether line may come behind the lines of the lesson: false for a wait too many. */
bool rt_lesson_may_wait(const struct rt_lesson *lesson, const struct rt_line *line);

/* The question that is asked before line runs, or NULL. */
const struct rt_predict *rt_lesson_predict(const struct rt_lesson *lesson, size_t line);

/* The question with that label, or NULL. */
const struct rt_predict *rt_lesson_question(const struct rt_lesson *lesson, const char *label);

#endif
