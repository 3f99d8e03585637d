/*
 * Private to lesson/: a lesson file while it is read.
 *
 *	bytes ---- front.c ----> id, title ...		the lines up to the second ---
 *	   '------ libcmark ---> prose.c ---> steps, paragraphs, comments
 *				   |--> lab.c ------> lines of script
 *				   '--> predict.c --> questions
 *
 * libcmark says where a block begins; a live block is read from the lines of the file, so that
 * every mistake has its column.
 */
#ifndef RT_LESSON_READER_H
#define RT_LESSON_READER_H

#include "lesson/args.h"

/* A question while its line is not known yet: the block may stand before or after the line. */
struct rt_question {
	struct rt_predict predict;
	char label[RT_NAME_MAX];
	struct rt_word label_word; /* where it stands in the line predict.number */
	size_t step;
	struct {
		int line;	     /* of the file */
		struct rt_word word; /* the pattern in that line */
	} choice[RT_LESSON_CHOICES_MAX];
};

struct rt_reader {
	const char *path;
	const char *text;
	size_t len;
	size_t *begin; /* where each line begins; one more for the end of the text */
	size_t n_lines;
	size_t body; /* how many lines the front matter takes */
	struct rt_mistakes *mistakes;
	struct rt_lesson *lesson;
	size_t steps_cap, paras_cap, lines_cap;
	int n_calls; /* that its script makes */
	struct rt_scope *scope;
	bool fresh;   /* the next line of script begins a fresh stage, as the first does */
	bool outside; /* a block stood before the first step: that was said */
	bool lost;    /* what follows cannot be understood, or there are too many mistakes: stop */
	/* A line of script of this step was wrong: a label may be missing for that. */
	bool broken[RT_LESSON_STEPS_MAX];
	struct rt_question *question;
	size_t n_questions, questions_cap;
	/* A page is read, not a lesson (page.c): what stands in its steps besides text. */
	struct rt_page *page;
};

/* --- the file: reader.c ----------------------------------------------------------------------- */

void rt_reader_init(struct rt_reader *reader, const char *text, size_t len, const char *path,
		    struct rt_mistakes *mistakes);
void rt_reader_fini(struct rt_reader *reader);

/*
 * The line of that number, from 1, without its end; an empty one where there is none. Its at is 0.
 */
struct rt_word rt_reader_line(const struct rt_reader *reader, int number);

/* Where a line of that number begins in the text; its end for numbers behind the last. */
size_t rt_reader_offset(const struct rt_reader *reader, int number);

/* Adds a mistake at byte `at` of a line. */
void rt_reader_mistake(struct rt_reader *reader, int number, size_t at, const char *help,
		       const char *what, ...) __attribute__((format(printf, 5, 6)));

/*
 * Adds a mistake that the script parser made of a line, and takes what it owns. The line is shown
 * whole.
 */
void rt_reader_adopt(struct rt_reader *reader, int number, struct rt_mistake *from);

/* Finds NUL bytes and what is not UTF-8: one mistake a line. */
void rt_reader_check_bytes(struct rt_reader *reader);

/* Reads a regular file, at most max bytes of it, into *text. whole: a longer file is an error. */
int rt_reader_load(const char *path, size_t max, bool whole, char **text, size_t *len,
		   struct rt_error *err);

/* When all is read: sorts the mistakes. Returns 0 where there were none, else -1 with err. */
int rt_reader_judge(struct rt_reader *reader, struct rt_error *err);

/* Says so where the id of the front matter is not the name of the file. */
void rt_reader_check_name(struct rt_reader *reader);

/* --- its parts -------------------------------------------------------------------------------- */

/*
 * Reads the front matter into reader->lesson, and sets reader->body. Returns -1 where there is
 * none, or it has no end.
 */
int rt_front_read(struct rt_reader *reader);

/* Whether an id is as it must be: [a-z0-9-]+, of at most 64 letters. */
bool rt_front_is_id(const char *id, size_t len);

/* Reads all that stands behind the front matter. */
void rt_prose_read(struct rt_reader *reader);

/* Whether something in line number stands in a step; says so once where there is no step yet. */
bool rt_step_inside(struct rt_reader *reader, int number);

/* Begins the step whose heading stands in line number. */
void rt_step_begin(struct rt_reader *reader, int number, const char *title);

/* Adds a paragraph to the present step, and takes what it owns. */
void rt_step_add(struct rt_reader *reader, struct rt_para *para);

/*
 * Reads a block of HTML, which must be comments: html is its text, number its first line, alone
 * that nothing is around it.
 */
void rt_step_comments(struct rt_reader *reader, int number, const char *html, bool alone);

/* When all is read: there are steps, and each has its id. */
void rt_step_check(struct rt_reader *reader);

void rt_para_fini(struct rt_para *para);

/* The fence of a block: how it was opened, and the lines between. */
struct rt_fence {
	int line;		   /* of the opening fence */
	struct rt_word info;	   /* of it, all words */
	struct rt_word word, rest; /* its first word, and what follows */
	int first, last;	   /* lines between the fences: last < first where there are none */
	bool closed;
	size_t indent; /* blanks before the fence */
};

/*
 * Reads the opening fence in a line. Returns false where there is none: an indented block of code.
 */
bool rt_fence_read(const struct rt_reader *reader, int number, struct rt_fence *fence);

/* Whether a line looks like a fence. */
bool rt_fence_is(struct rt_word line);

/* A line `key text` of a block, with the lines behind it that go on with it, joined. */
struct rt_item {
	int line;
	struct rt_word key;
	struct rt_word text; /* of its first line */
	struct rt_str all;
};

/*
 * Reads the item that begins in line number of the block, and the lines behind it that begin with a
 * blank. Returns the number of the line behind these.
 */
int rt_item_read(const struct rt_reader *reader, const struct rt_fence *fence, int number,
		 struct rt_item *item);

/* Whether its key is one of those; else says what was expected. */
bool rt_item_known(struct rt_reader *reader, const struct rt_item *item, const char *const *key,
		   size_t n, const char *expected);

void rt_item_fini(struct rt_item *item);

/* Reads a block of a page, `facts` or `table`. */
void rt_page_read_facts(struct rt_reader *reader, const struct rt_fence *fence);
void rt_page_read_table(struct rt_reader *reader, const struct rt_fence *fence);

/* Reads a lab block. */
void rt_lab_read(struct rt_reader *reader, const struct rt_fence *fence);

/* Reads a predict block into reader->question. */
void rt_predict_read(struct rt_reader *reader, const struct rt_fence *fence);

/*
 * When all is read: finds the lines of the questions, and checks each choice against what that line
 * can give.
 */
void rt_predict_resolve(struct rt_reader *reader);

void rt_predict_fini(struct rt_predict *predict);

/*
 * Whether a line end between the two is a blank: not at the beginning, not between wide characters.
 * Chinese has none there.
 */
bool rt_text_needs_blank(const char *before, size_t before_len, const char *text, size_t len);

/* Adds text behind what stands in out, with such a blank. */
void rt_text_join(struct rt_str *out, const char *text, size_t len);

/* True for blanks and nothing else. */
bool rt_word_is_blank(struct rt_word word);

/* word without the blanks at its ends. */
struct rt_word rt_word_trim(struct rt_word word);

#endif
