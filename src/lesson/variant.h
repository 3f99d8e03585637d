/*
 * Another instance of a lesson: the same calls and the same questions, with other ports, other
 * loopback addresses, and the choices in another order. So a question that comes back asks for the
 * rule, not for the remembered line. What is right still nobody has written down: the kernel
 * answers again.
 *
 * The text of the file is rewritten before it is parsed, so prose, questions and script agree.
 * What changes is what the script uses as an address:
 *
 *	ports	1024 to 32767 behind an address. A port keeps its last two digits, so 8000 and 8001
 *		stay neighbours. Left alone: lower ones (CAP_NET_BIND_SERVICE), higher ones
 *		(the kernel chooses among them), a number that the script also uses for
 *		something else, and the side of each bound that a sysctl sets for ports.
 *	hosts	127.0.0.2 to 127.0.0.254, in the same order; " .2" in prose means one of them.
 *		127.0.0.1 is what `lo` has, 0.0.0.0, groups and IPv6 addresses mean what they
 *		mean: all these stay.
 *
 * Names (ids, labels, steps), code blocks that are neither lab nor predict, numbers of RFCs and
 * numbers with a unit stay too.
 */
#ifndef RT_LESSON_VARIANT_H
#define RT_LESSON_VARIANT_H

#include "lesson/lesson.h"

/*
 * Adds the lesson text, len bytes, rewritten; the same seed gives the same text. What has no port
 * or host to change comes out as it is.
 */
void rt_variant_rewrite(const char *text, size_t len, uint64_t seed, struct rt_str *out);

/*
 * Reads the lesson of a file as such an instance, its choices in another order: as
 * rt_lesson_load().
 */
struct rt_lesson *rt_variant_load(const char *path, uint64_t seed, struct rt_mistakes *mistakes,
				  struct rt_error *err);

#endif
