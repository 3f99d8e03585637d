/* What `check` found, as text, TAP (version 13) or JSON. */
#ifndef RT_REPORT_CHECK_H
#define RT_REPORT_CHECK_H

#include <stdio.h>

#include "lesson/check.h"

/* What became of one lesson. */
struct rt_checked {
	const char *name;		/* as asked for: an id or a path */
	const char *path;		/* of the file */
	const char *id;			/* NULL where the file could not be read */
	const struct rt_checks *checks; /* NULL where nothing could be run */
	const char *mistakes;		/* what is wrong with the file; NULL for nothing */
	const char *warning;		/* what is odd and no failure; NULL for nothing */
	const char *skipped; /* why nothing was run, the first reason; NULL where it was */
};

/*
 * Writes one report. finish is called once at the end, with how many lessons there were, and of how
 * many lines of those that ran nothing was run.
 */
struct rt_check_report {
	const char *format; /* "text" */
	void (*begin)(FILE *out);
	void (*lesson)(FILE *out, const struct rt_checked *checked, size_t index);
	void (*finish)(FILE *out, size_t lessons, size_t failed, size_t skipped, size_t lines);
};

/* The report of that format, or NULL. */
const struct rt_check_report *rt_check_report_find(const char *format);

#endif
