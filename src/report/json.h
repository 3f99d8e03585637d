/*
 * JSON on its way out. jansson escapes what the language must have escaped, and leaves DEL, C1
 * (U+009B begins a control sequence) and the marks that reorder a line as they are; what is shown
 * in a terminal must not have these. Escaped they mean the same to whoever reads the JSON.
 */
#ifndef RT_REPORT_JSON_H
#define RT_REPORT_JSON_H

#include <jansson.h>
#include <stdio.h>

/* Writes json with the flags of json_dumps(), without an end of line; "null" where it is none. */
void rt_json_print(FILE *out, const json_t *json, size_t flags);

#endif
