/* Private to model/: from a number back to its names. */
#ifndef RT_MODEL_CONSTANTS_H
#define RT_MODEL_CONSTANTS_H

#include <stdint.h>

#include "base/str.h"
#include "model/call.h"

/*
 * Adds value as the constants of kind write it: "SOCK_STREAM|SOCK_NONBLOCK"; what has no name as a
 * number.
 */
void rt_constant_format(enum rt_arg_kind kind, int64_t value, struct rt_str *out);

#endif
