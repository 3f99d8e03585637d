/* Private to lesson/: the parts of the matrix. */
#ifndef RT_LESSON_MATRIX_PRIVATE_H
#define RT_LESSON_MATRIX_PRIVATE_H

#include "lesson/matrix.h"

/* The states of the first socket, in the order of the rows. Returns how many. */
size_t rt_matrix_states(enum rt_proto proto, const enum rt_state **state);

/* Adds the script of a cell. Its last lines are the second socket's bind and, for TCP, listen. */
void rt_matrix_write(const struct rt_matrix_setup *setup, struct rt_matrix_row row,
		     unsigned options, struct rt_str *out);

#endif
