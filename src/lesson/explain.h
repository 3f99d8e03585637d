/* Why a call of a script gave what it gave, in words: the same for the screen and the plain mode. */
#ifndef RT_LESSON_EXPLAIN_H
#define RT_LESSON_EXPLAIN_H

#include "base/str.h"
#include "lesson/foresee.h"
#include "rules/words.h"

/*
 * Tells it in paragraphs (words.h of the rules): the call with what came of it, where the kernel
 * did otherwise that it did, then the verdict of the rules. line is that of the call.
 */
void rt_explain_tell(const struct rt_line *line, const struct rt_foresight *call,
		     rt_rules_tell_fn *tell, void *ctx);

/*
 * Adds the same in one sentence, "why: old.k TIME_WAIT 127.0.0.1:8000 refuses: ...", for a call
 * that did not succeed. Nothing for others.
 */
void rt_explain_short(const struct rt_foresight *call, struct rt_str *out);

#endif
