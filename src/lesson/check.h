/*
 * Runs a lesson without a learner and holds every result and every `expect` against this kernel:
 * lessons are executable documents.
 */
#ifndef RT_LESSON_CHECK_H
#define RT_LESSON_CHECK_H

#include "base/str.h"
#include "lesson/engine.h"

/* One thing that was checked: a line of script, or a question. */
struct rt_check {
	bool passed;
	char *skipped;	  /* why it was not run, NULL where it was; then it has not passed */
	int number;	  /* line of the file */
	const char *step; /* id of its step; belongs to the lesson */
	char *what;	  /* "new: bind(n, 127.0.0.1:8000)", "question: What will ..." */
	char *expected;	  /* "EADDRINUSE" */
	char *got;	  /* "0" */
	/* What a script line would state behind `=`; NULL where it cannot state this. */
	char *result;
	bool replaced; /* a wait that was done by ending the record */
	/* What failed is what the rules foresaw: `expected` says it, and by which clause. */
	bool foreseen;
};

struct rt_checks {
	struct rt_check *check;
	size_t n, cap;
	size_t failed, skipped; /* the others passed */
	/*
	 * Calls that the rules were asked about before the kernel was, and of how many of them they
	 * could but say "either"; and how many the kernel answered otherwise. Of a repetition each
	 * run is one.
	 */
	size_t foreseen, either, unforeseen;
	int64_t took_ms;
};

void rt_checks_fini(struct rt_checks *checks);

/* Adds one, whose words are still to be filled in; step is the id of its step. */
struct rt_check *rt_checks_add(struct rt_checks *checks, const char *step, int number, bool passed);

/* Says that it was not decided here, and why: outcome is RT_RECORDED. */
void rt_check_skip(struct rt_checks *checks, struct rt_check *check,
		   const struct rt_outcome *outcome);

/* How a lesson is run: bits. */
enum {
	RT_CHECK_WAITS = 1 << 0, /* wait() really waits, up to a minute each */
	/* Each bind, listen and connect is held against the rules: foresee.h. */
	RT_CHECK_FORESEE = 1 << 1,
};

/*
 * What the line would state behind `=` to say what came of it; NULL where no words could. The
 * caller frees it.
 */
char *rt_check_result(const struct rt_line *line, const struct rt_outcome *outcome);

/*
 * Runs lesson on a fresh stage of world; how: RT_CHECK_ bits.
 * Returns 0 with *checks filled, whether they passed or not; -1 with err where no stage could be
 * built (RT_ERR_STAGE).
 */
int rt_check_run(struct rt_world *world, const struct rt_lesson *lesson, unsigned how,
		 struct rt_checks *checks, struct rt_error *err);

/* A line of lesson has run: rt_engine_outcome() has what came of it. */
typedef void rt_check_ran_fn(void *ctx, const struct rt_engine *engine,
			     const struct rt_lesson *lesson, size_t line);

/* Runs lesson so, without foresight, and calls `ran` after each line. Returns 0, or -1 with err as above. */
int rt_check_lines(struct rt_world *world, const struct rt_lesson *lesson, unsigned how,
		   rt_check_ran_fn *ran, void *ctx, struct rt_error *err);

#endif
