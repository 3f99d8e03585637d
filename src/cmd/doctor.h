/*
 * Private to the command doctor: what it finds. A finding is one capability of this machine: is it
 * there, what needs it, and what to do where it is not.
 *
 *	doctor_needs.c		the lessons, and what they use
 *	doctor_stage.c		a stage is built, and what it has
 *	doctor_script.c		what is tried in stages, as scripts
 *	doctor_machine.c	kernel, containers, limits, progress, tools
 *	doctor_terminal.c	locale and terminal
 *	doctor_show.c		the table, and JSON
 */
#ifndef RT_CMD_DOCTOR_H
#define RT_CMD_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "base/str.h"

struct rt_catalog;

enum rt_presence { RT_PRESENT, RT_ABSENT, RT_UNKNOWN };

struct rt_finding {
	const char *id;	  /* for machines, "sock-diag-tcp" */
	const char *name; /* N_() */
	enum rt_presence presence;
	bool required;	     /* a lesson that is here cannot run without it */
	bool spared;	     /* lessons use it, and show what was recorded where it is missing */
	struct rt_str need;  /* what needs it: "every lesson", "time-wait" */
	struct rt_str found; /* what was seen */
	struct rt_str fix;   /* "try: ..."; empty where there is nothing to mend */
};

struct rt_findings {
	struct rt_finding *finding;
	size_t n, cap;
};

void rt_findings_fini(struct rt_findings *findings);

/* Adds one, RT_PRESENT and not required; valid until the next is added. need may be NULL. */
struct rt_finding *rt_findings_add(struct rt_findings *findings, const char *id, const char *name,
				   const char *need);

/* The exit status: 3 where no stage can be built, 1 where something required is missing, else 0. */
int rt_findings_status(const struct rt_findings *findings);

/* --- what lessons need ------------------------------------------------------------------------ */

enum rt_feature {
	RT_FEATURE_TCP,
	RT_FEATURE_UDP,
	RT_FEATURE_BOUND,
	RT_FEATURE_TIME_WAIT,
	RT_FEATURE_DESTROY,
	RT_FEATURE_SYSCTL,
	RT_FEATURE_IPV6,
	RT_FEATURE_MULTICAST,
	RT_FEATURE_UIDS,
	RT_FEATURE_PACKET,
	RT_FEATURES
};

/* The ids of the lessons that use each feature, in the order of the course. */
struct rt_needs {
	struct rt_str lessons[RT_FEATURES];
	size_t n[RT_FEATURES];
	size_t without[RT_FEATURES]; /* of them, those that run without it, too: they are gated */
	size_t n_lessons;	     /* that could be read */
};

void rt_needs_find(struct rt_needs *needs, const struct rt_catalog *catalog);
void rt_needs_fini(struct rt_needs *needs);

/*
 * Puts the lessons that need the feature into the finding, and requires it where there are some
 * that cannot do without.
 */
void rt_needs_apply(const struct rt_needs *needs, enum rt_feature feature,
		    struct rt_finding *finding);

/* --- where it looks --------------------------------------------------------------------------- */

/* The stages that are built are gone afterwards. */
void rt_doctor_stage(struct rt_findings *findings, const struct rt_needs *needs);
/* The part of it that is tried as scripts; staged: whether a stage can be built. */
void rt_doctor_scripts(struct rt_findings *findings, const struct rt_needs *needs, bool staged);

void rt_doctor_machine(struct rt_findings *findings);
void rt_doctor_terminal(struct rt_findings *findings);

/* The lessons; catalog is NULL where there are none, and err says why. */
void rt_doctor_lessons(struct rt_findings *findings, const struct rt_needs *needs,
		       const struct rt_catalog *catalog, const struct rt_error *err);

/* The tools for the stage's shell. */
void rt_doctor_tools(struct rt_findings *findings);

/*
 * What a kernel of this release ("6.1.20-amd64") is known to do otherwise than that of the lessons,
 * joined by "; ". Pure. Nothing is added where it is new enough, or cannot be read.
 */
void rt_doctor_kernel_notes(const char *release, struct rt_str *out);

/*
 * The column of a cursor position report ("ESC [ row ; column R") that ends where text ends, or 0
 * where there is none. Pure.
 */
int rt_doctor_report_column(const char *text, size_t len);

/* --- how it is shown -------------------------------------------------------------------------- */

void rt_doctor_print(FILE *out, const struct rt_findings *findings);
void rt_doctor_print_json(FILE *out, const struct rt_findings *findings);

#endif
