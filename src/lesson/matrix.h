/*
 * The matrix: two sockets on one port, the first with each set of options in each state, the second
 * with each set of options. Every cell is a script of the lesson language that is really run, on a
 * stage of its own; before the second socket's calls the rules judge them too.
 *
 *	setup -> script of a cell -> engine -> what the kernel said, what the rules foresaw
 *
 *	matrix = rt_matrix_new(&setup);
 *	rt_matrix_begin(matrix, world);
 *	while (rt_matrix_pump(matrix) == RT_MATRIX_BUSY)
 *		rt_loop_once(loop, rt_matrix_timeout_ms(matrix));
 *
 * Rows and columns follow from the protocol; a cell is named by both.
 */
#ifndef RT_LESSON_MATRIX_H
#define RT_LESSON_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "lesson/world.h"
#include "model/addr.h"
#include "model/row.h"

enum { RT_MATRIX_PORT = 8000, RT_MATRIX_OPTIONS = 4, RT_MATRIX_USER = 1000 };

/* What is asked. */
struct rt_matrix_setup {
	enum rt_proto proto;
	struct rt_addr first, second; /* their ports are RT_MATRIX_PORT */
	bool two_users;		      /* the second socket is made by another uid */
};

/* TCP on 127.0.0.1, one user. */
void rt_matrix_setup_init(struct rt_matrix_setup *setup);

/*
 * Whether such cells can be made: both addresses are there in a stage, and are ones that the
 * protocol can have a connection with. Returns 0, or RT_ERR_USAGE with err.
 */
int rt_matrix_setup_check(const struct rt_matrix_setup *setup, struct rt_error *err);

/* The state that the first socket of a row has, and its options: 0 to 3, 1 for A plus 2 for P. */
struct rt_matrix_row {
	enum rt_state state;
	unsigned options;
};

/* The names of a set of options: "-", "A", "P", "AP"; and in full, "no option", "SO_REUSEADDR". */
const char *rt_matrix_options(unsigned options);
const char *rt_matrix_options_long(unsigned options);

enum rt_matrix_how {
	RT_MATRIX_OPEN, /* not run yet */
	RT_MATRIX_RAN,
	RT_MATRIX_FAILED, /* could not be run: why says so */
};

struct rt_matrix_cell {
	enum rt_matrix_how how;
	int bind, listen;	     /* errno of the second socket's calls; 0 success */
	bool listened;		     /* listen was called: TCP, and bind succeeded */
	bool differs;		     /* the rules foresaw another result of one of them */
	bool either;		     /* the rules left the result of one of them open */
	struct rt_str calls;	     /* what was called, a line each, with the results */
	struct rt_str why, foreseen; /* of the call that decided, in the words of the rules */
};

struct rt_matrix;

/* For a setup that was checked; it is copied. */
struct rt_matrix *rt_matrix_new(const struct rt_matrix_setup *setup);

/* Ends its engine; the world is free for others. matrix may be NULL. */
void rt_matrix_free(struct rt_matrix *matrix);

const struct rt_matrix_setup *rt_matrix_setup(const struct rt_matrix *matrix);
size_t rt_matrix_rows(const struct rt_matrix *matrix);
struct rt_matrix_row rt_matrix_row(const struct rt_matrix *matrix, size_t row);
const struct rt_matrix_cell *rt_matrix_cell(const struct rt_matrix *matrix, size_t row,
					    size_t column);

/*
 * Adds the script of a cell, as a lesson or a playground takes it: for whoever goes on from there.
 */
void rt_matrix_script(const struct rt_matrix *matrix, size_t row, size_t column,
		      struct rt_str *out);

/* --- running ---------------------------------------------------------------------------------- */

enum rt_matrix_state { RT_MATRIX_BUSY, RT_MATRIX_DONE, RT_MATRIX_LOST };

/* Begins to fill the cells. world is borrowed, and nobody else's until the matrix stops. */
void rt_matrix_begin(struct rt_matrix *matrix, struct rt_world *world);

/*
 * Gives the world back; what was run stays. rt_matrix_begin() goes on from there, with the cell that
 * was being filled.
 */
void rt_matrix_stop(struct rt_matrix *matrix);

/* Does what can be done without waiting. RT_MATRIX_LOST: no stage, see rt_matrix_error(). */
enum rt_matrix_state rt_matrix_pump(struct rt_matrix *matrix);
int rt_matrix_timeout_ms(const struct rt_matrix *matrix);
const struct rt_error *rt_matrix_error(const struct rt_matrix *matrix);

/* How many cells there are, were run, and differ from the rules. */
struct rt_matrix_tally {
	size_t cells, done, failed, differ, either;
};
struct rt_matrix_tally rt_matrix_tally(const struct rt_matrix *matrix);

/* --- words ------------------------------------------------------------------------------------ */

/*
 * A cell in a word of at most four columns: "yes" both calls succeed, "bind" only bind does, "no",
 * ".." not run yet, "?" could not be run.
 */
const char *rt_matrix_word(const struct rt_matrix_cell *cell);

/* The mark behind it: "!" the rules foresaw another result, "~" they left it open, else "". */
const char *rt_matrix_mark(const struct rt_matrix_cell *cell);

/* "bind succeeds, listen EADDRINUSE". */
void rt_matrix_result(const struct rt_matrix_cell *cell, struct rt_str *out);

/* "tcp, first 0.0.0.0:8000, second 127.0.0.1:8000, one user". */
void rt_matrix_title(const struct rt_matrix *matrix, struct rt_str *out);

/*
 * What the words and marks of the table mean, a sentence a line; of the marks those that the matrix
 * has.
 */
void rt_matrix_legend(const struct rt_matrix *matrix, struct rt_str *out);

#endif
