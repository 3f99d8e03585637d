/*
 * What if: the calls of a lesson that have run, one of them changed, and both outcomes beside each
 * other. The draft holds the changed tape; here is what one may want to change, and what came of
 * it.
 */
#ifndef RT_LESSON_WHATIF_H
#define RT_LESSON_WHATIF_H

#include "lesson/draft.h"
#include "lesson/engine.h"

/* --- changes ---------------------------------------------------------------------------------- */

enum rt_change_kind { RT_CHANGE_REPLACE, RT_CHANGE_INSERT, RT_CHANGE_REMOVE };

struct rt_change {
	enum rt_change_kind kind;
	char *words; /* "SO_REUSEADDR off" */
	char *text;  /* of the line that replaces it, or comes before it; NULL for REMOVE */
};

/* Zero-initialise it. */
struct rt_changes {
	struct rt_change *change;
	size_t n, cap;
};

/*
 * Fills *changes with what is likely to be asked of line `at` of the draft: an option on or off,
 * the other option, another address, port or process, an option set before it, and that it is not
 * there. Each could be made: its line is one of script there.
 */
void rt_changes_of(struct rt_draft *draft, size_t at, struct rt_changes *changes);
void rt_changes_fini(struct rt_changes *changes);

/* Makes it. */
void rt_change_make(struct rt_draft *draft, size_t at, const struct rt_change *change);

/* --- what came of it -------------------------------------------------------------------------- */

/* The lesson's run and the changed one. All is borrowed. */
struct rt_whatif {
	const struct rt_lesson *lesson;
	size_t first, end; /* its lines that the draft was taken from */
	const struct rt_engine *before;
	const struct rt_draft *draft;
	const struct rt_lesson *changed; /* the draft's */
	const struct rt_engine *now;
};

enum rt_whatif_mark {
	RT_WHATIF_SAME,	   /* the line is as it was */
	RT_WHATIF_CHANGED, /* it reads otherwise */
	RT_WHATIF_ADDED,
	RT_WHATIF_REMOVED,
	RT_WHATIF_LEFT_OUT, /* it can no longer run: the draft's line has the mistake */
};

struct rt_whatif_row {
	enum rt_whatif_mark mark;
	int before;   /* line of the lesson, -1 for none */
	int at;	      /* line of the draft, -1 for none */
	bool differs; /* other than in the lesson, or left out */
};

/* The most rows that rt_whatif_rows() gives. */
size_t rt_whatif_count(const struct rt_whatif *whatif);

/*
 * Writes a row for each line of both, in order, into rows. Returns how many. Lines that were
 * changed by hand differ only where another result came of them.
 */
size_t rt_whatif_rows(const struct rt_whatif *whatif, struct rt_whatif_row *rows);

/* What came of the row before and now: NULL where there is no such run of it. */
const struct rt_outcome *rt_whatif_before(const struct rt_whatif *whatif,
					  const struct rt_whatif_row *row);
const struct rt_outcome *rt_whatif_now(const struct rt_whatif *whatif,
				       const struct rt_whatif_row *row);

/*
 * Adds the first difference in a sentence: "First difference, line 5: new: bind(...) was -1
 * EADDRINUSE, and is 0." Or that there is none.
 */
void rt_whatif_words(const struct rt_whatif *whatif, const struct rt_whatif_row *rows, size_t n,
		     struct rt_str *out);

#endif
