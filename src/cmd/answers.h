/* Where the plain mode gets its answers: a file (--answers), or standard input. */
#ifndef RT_CMD_ANSWERS_H
#define RT_CMD_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct rt_answers;

/*
 * Opens path, or takes standard input where path is NULL. NULL with err (RT_ERR_TERMINAL) where it
 * cannot be read.
 */
struct rt_answers *rt_answers_new(const char *path, struct rt_error *err);
void rt_answers_free(struct rt_answers *answers);

/* Whether a person types them: then Enter is asked for between steps. */
bool rt_answers_from_person(const struct rt_answers *answers);

/*
 * The next line without its end and without blanks around it; of a file, lines that are empty or
 * begin with # are passed over. False at the end of the input. line holds at most size - 1 bytes:
 * the rest of a longer line is dropped.
 */
bool rt_answers_next(struct rt_answers *answers, char *line, size_t size);

#endif
