/*
 * An editable tape: lines of script as text, as the playground and what-if have them. Each line is
 * read in the scope of those above it. After every edit the draft is a lesson of one step, which a
 * session runs as it runs any other:
 *
 *	edit line k --> rt_draft_lesson(): the lines before k are as they were
 *	            --> rt_session_changed(): what has run of them stays; what has run behind
 *	                them runs again, on a fresh stage
 *
 * A line that an edit above made wrong, such as bind(s) where s is no more, stays in its place with
 * its mistake, and is left out of the lesson.
 */
#ifndef RT_LESSON_DRAFT_H
#define RT_LESSON_DRAFT_H

#include "lesson/lesson.h"
#include "lesson/script.h"

/* The edits that can be undone; the lines that a tape has at most, remarks among them. */
enum { RT_DRAFT_UNDO_MAX = 500, RT_DRAFT_LINES_MAX = 2 * RT_LESSON_LINES_MAX };

enum rt_draft_kind {
	RT_DRAFT_SCRIPT, /* a line of the lesson */
	RT_DRAFT_REMARK, /* blank, or a comment alone */
	RT_DRAFT_FRESH,	 /* the word `fresh`: a fresh stage is built before the next line */
	RT_DRAFT_WRONG,	 /* left out: rt_draft_mistake() */
};

/* One line. It belongs to the draft and holds until the next edit. */
struct rt_draft_line {
	char *text;
	enum rt_draft_kind kind;
	size_t index; /* SCRIPT: of its line in the lesson */
	int number;   /* for sentences such as "s was closed in line 9", from 1 */
	/* The line of another lesson that it was taken from, by rt_draft_take(); -1: it was typed. */
	int origin;
	struct rt_gates gates;	   /* of the step and the block that it was taken from */
	struct rt_mistake mistake; /* WRONG */
};

struct rt_draft;

/* An empty one. title becomes that of the lesson. Never NULL. */
struct rt_draft *rt_draft_new(const char *title);
void rt_draft_free(struct rt_draft *draft);

/* Adds a paragraph to the text of the step, which stands there from the beginning. */
void rt_draft_say(struct rt_draft *draft, const char *text);

/*
 * Makes it these n lines, of which text, number, origin and gates count; they are copied. Nothing
 * is left to undo.
 */
void rt_draft_fill(struct rt_draft *draft, const struct rt_draft_line *line, size_t n);

/* draft_take.c: the same with what stands in the lesson from line `first` to before line `end`. */
void rt_draft_take(struct rt_draft *draft, const struct rt_lesson *lesson, size_t first,
		   size_t end);

/*
 * draft_take.c: the first line of the stage on which the line before `end` ran. What is before it
 * left no trace.
 */
size_t rt_draft_stage(const struct rt_lesson *lesson, size_t end);

size_t rt_draft_count(const struct rt_draft *draft);

/* Whether the last line is the word that begins a stage: it shows only with the next one. */
bool rt_draft_ends_fresh(const struct rt_draft *draft);
const struct rt_draft_line *rt_draft_line(const struct rt_draft *draft, size_t at);

/* The line that stands at that index of the lesson. */
size_t rt_draft_find(const struct rt_draft *draft, size_t index);

/*
 * What the script is now, for rt_session_borrow() and rt_session_changed(): it belongs to the draft
 * and stays the same object. *same, where it is not NULL, is how many of its lines no edit has
 * touched since the last time that it was asked for.
 */
struct rt_lesson *rt_draft_lesson(struct rt_draft *draft, size_t *same);

/*
 * Whether text could stand before line `at`: 1 where it is a line of script, 0 for a remark or
 * `fresh`, -1 with *mistake, which belongs to the caller.
 */
int rt_draft_try(struct rt_draft *draft, size_t at, const char *text, struct rt_mistake *mistake);

/* The names that are known before line `at`. Belongs to the draft; holds until its next use. */
const struct rt_scope *rt_draft_scope(struct rt_draft *draft, size_t at);

/* The next line that is inserted is line `number` of what it was read from; 0: it is counted. */
void rt_draft_number(struct rt_draft *draft, int number);

/*
 * Inserts text before line `at`, or puts it in the place of line `at`; returns as rt_draft_try()
 * does, and -1 leaves the draft as it was.
 */
int rt_draft_insert(struct rt_draft *draft, size_t at, const char *text,
		    struct rt_mistake *mistake);
int rt_draft_replace(struct rt_draft *draft, size_t at, const char *text,
		     struct rt_mistake *mistake);
void rt_draft_remove(struct rt_draft *draft, size_t at);

/* Takes the last edit back; does it again. False where there is none. */
bool rt_draft_undo(struct rt_draft *draft);
bool rt_draft_redo(struct rt_draft *draft);

/* What one types that is no line of script: a word to the playground. */
enum rt_draft_word {
	RT_WORD_NONE,
	RT_WORD_WHY,
	RT_WORD_UNDO,
	RT_WORD_REDO,
	RT_WORD_SAVE, /* with the id of the lesson that it makes */
	RT_WORD_HELP,
	RT_WORD_QUIT,
};

/* The word that text begins with; *operand is what stands behind it, "" for nothing. */
enum rt_draft_word rt_draft_word(const char *text, char operand[80]);

/* The name of a word and what it does, in a sentence; NULL behind the last one. */
const char *rt_draft_word_name(enum rt_draft_word word, const char **help);

/* Whether there is an edit that could be undone. */
bool rt_draft_is_edited(const struct rt_draft *draft);

/* draft_take.c: the line as one would type it: with the result that it states, and its comment. */
void rt_draft_write_line(const struct rt_line *line, struct rt_str *out);

#endif
