/* The matrix outside the screen: text, Markdown, HTML, JSON, CSV. */
#ifndef RT_REPORT_MATRIX_H
#define RT_REPORT_MATRIX_H

#include <stdio.h>

#include "lesson/matrix.h"

/* Writes one report. kernel is its release, "6.18.44". */
struct rt_matrix_report {
	const char *format; /* "md" */
	void (*write)(FILE *out, const struct rt_matrix *matrix, const char *kernel);
};

/* The report of that format, or NULL. */
const struct rt_matrix_report *rt_matrix_report_find(const char *format);

#endif
