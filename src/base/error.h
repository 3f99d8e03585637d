/*
 * What went wrong, why, and what to do about it. A function that can fail returns -1 or NULL and
 * fills the struct rt_error that the caller passed. A socket call that a lesson makes and that the
 * kernel refuses is a result, never an error.
 */
#ifndef RT_BASE_ERROR_H
#define RT_BASE_ERROR_H

#include <stddef.h>

/* The kinds are the exit statuses of reuse-tutor(1): main.c needs no second table. */
enum rt_error_kind {
	RT_ERR_NONE = 0,
	RT_ERR_FAILED = 1,   /* the machine refused something; or `check` found a difference */
	RT_ERR_USAGE = 2,    /* the command line is wrong */
	RT_ERR_STAGE = 3,    /* no stage can be built here */
	RT_ERR_LESSON = 4,   /* a lesson file cannot be used */
	RT_ERR_TERMINAL = 5, /* the terminal or the input cannot be used */
};

struct rt_error {
	enum rt_error_kind kind;
	int sys;	/* errno at the time, or 0 */
	char what[256]; /* "cannot create a private network namespace" */
	char why[256];	/* "EPERM (AppArmor restricts user namespaces)" */
	char fix[512];	/* "try: sudo reuse-tutor, or see ..." */
};

/*
 * Fills *err (which may be NULL: the caller does not want to know) and clears its why and fix.
 * Returns -1, so that a function can end with `return rt_error_set(...)`.
 */
int rt_error_set(struct rt_error *err, enum rt_error_kind kind, const char *what, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The same, with the why taken from sys, an errno value: "EPERM (Operation not permitted)". Returns
 * -1.
 */
int rt_error_sys(struct rt_error *err, enum rt_error_kind kind, int sys, const char *what, ...)
	__attribute__((format(printf, 4, 5)));

/* Adds the cause, or the way out, to an error that was set. Return -1. */
int rt_error_why(struct rt_error *err, const char *why, ...) __attribute__((format(printf, 2, 3)));
int rt_error_fix(struct rt_error *err, const char *fix, ...) __attribute__((format(printf, 2, 3)));

/*
 * Writes "what: why; fix" into text, leaving out what is empty; cut to size bytes with its NUL.
 * It may name files and words of strangers: control characters in it become U+FFFD, as
 * rt_utf8_next() has it. Returns text.
 */
char *rt_error_format(const struct rt_error *err, char *text, size_t size);

/* The exit status that says it: the kind, as a number. */
int rt_error_status(const struct rt_error *err);

/* The name of an errno value, "EADDRINUSE"; "E?" for a number without one. Never NULL. */
const char *rt_errno_name(int sys);

/* The errno value of a name of len bytes, or 0 when there is none of that name. */
int rt_errno_number(const char *name, size_t len);

#endif
