/* A page as linear text, and as JSON. */
#ifndef RT_REPORT_PAGE_H
#define RT_REPORT_PAGE_H

#include <stdio.h>

#include "lesson/page.h"

/* The whole page, which is linked; or with entry >= 0 that entry alone. */
void rt_plain_page(FILE *out, const struct rt_page *page, int entry);

/*
 * The same as a JSON object: id, title, question, entries; of these number, id, title, also,
 * verdict, text, sources, and see with lesson, step, label and result.
 */
void rt_json_page(FILE *out, const struct rt_page *page, int entry);

#endif
