/*
 * What a learner leaves and finds again: where each lesson stands, what was answered, one's own
 * notes. The values are plain (ids, patterns, times), so that this folder knows nothing of lessons.
 *
 *	memory	what was read, and what has changed since: marked `unsaved`, with its time
 *	save	lock; read the file again; put the changes on it, the newer of two for each
 *		step and answer; replace it; unlock
 *
 * So two copies of the program lose nothing of each other, and what one forgot the other does not
 * bring back. A file that is damaged or of a newer version is set aside, never overwritten, and
 * without a file the program works all the same.
 */
#ifndef RT_STORE_PROGRESS_H
#define RT_STORE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	RT_PROGRESS_SCHEMA = 2, /* to be raised whenever a key is added or changes its meaning */
	RT_PROGRESS_BYTES = 1 << 20,   /* of the file at most */
	RT_PROGRESS_NAME = 65,	       /* of an id or a label, with its NUL */
	RT_PROGRESS_ANSWER = 128,      /* of an answer, with its NUL: a longer pattern is cut */
	RT_PROGRESS_NOTE_BYTES = 4000, /* of a note: a longer one is cut */
};

/* An answer that is no choice, as in a file of answers. */
#define RT_PROGRESS_UNSURE "?"
#define RT_PROGRESS_SKIPPED "-"

/* Whether the kernel said at the time what was predicted. */
enum rt_progress_right { RT_PROGRESS_UNKNOWN, RT_PROGRESS_WRONG, RT_PROGRESS_RIGHT };

struct rt_progress_answer {
	char label[RT_PROGRESS_NAME];
	char answer
		[RT_PROGRESS_ANSWER]; /* the choice's pattern: its place in the list may change */
	enum rt_progress_right right;
	bool open;    /* the learner asked for the question again and has not answered since */
	int64_t when; /* milliseconds since the Epoch */
	bool unsaved;
};

struct rt_progress_note {
	char step[RT_PROGRESS_NAME];
	char *text; /* "" for one that was deleted and is not saved yet */
	int64_t when;
	bool unsaved;
};

/* A question that comes back: see store/review.h. */
struct rt_progress_review {
	char label[RT_PROGRESS_NAME];
	int level; /* index of the interval that it waits for; RT_REVIEW_LEVELS: it is learned */
	int64_t asked; /* when it was answered last: the interval begins there */
	int64_t when;  /* of the change, for the merge: later than asked where a clock went back */
	bool unsaved;
};

/* Where in a lesson. */
struct rt_progress_place {
	char step[RT_PROGRESS_NAME]; /* "" where the lesson was not begun */
	size_t number, steps;	     /* the step's number from 1, of how many, at that time */
	size_t calls;		     /* of the step's script that were run */
	uint64_t hash;		     /* of the lesson file */
	int64_t when;
};

struct rt_progress_lesson {
	char id[RT_PROGRESS_NAME];
	struct rt_progress_place place;
	int64_t done; /* when its end was last reached, 0: never; a later place is a new round's */
	char (*seen)[RT_PROGRESS_NAME]; /* ids of the steps that were finished */
	size_t n_seen, cap_seen;
	struct rt_progress_answer *answer;
	size_t n_answers, cap_answers;
	struct rt_progress_note *note;
	size_t n_notes, cap_notes;
	struct rt_progress_review *review;
	size_t n_reviews, cap_reviews;
	bool unsaved;	/* place, done or seen */
	bool forgotten; /* and that is not saved yet */
};

struct rt_progress;

/* Milliseconds since the Epoch. */
typedef int64_t rt_progress_clock_fn(void);

/*
 * Reads what is there. Never NULL: where nothing can be read or saved, rt_progress_message() says
 * why and all the rest works in memory. clock may be NULL for that of the machine.
 */
struct rt_progress *rt_progress_open(rt_progress_clock_fn *clock);

/* Does not save. */
void rt_progress_free(struct rt_progress *progress);

/* The file, whether it is there or not; "" where there is no place for one. */
const char *rt_progress_path(const struct rt_progress *progress);

/*
 * What must be told, in a sentence, and only once: the next call gives NULL, until there is
 * something new.
 */
const char *rt_progress_message(struct rt_progress *progress);

/*
 * Whether the file could be used when it was last looked at: 0, or -1 with err. One that was
 * set aside is no trouble any more.
 */
int rt_progress_trouble(const struct rt_progress *progress, struct rt_error *err);

/* The time of the clock. */
int64_t rt_progress_now(const struct rt_progress *progress);

/* --- asking: what comes back is valid until the next change or save --------------------------- */

size_t rt_progress_count(const struct rt_progress *progress);
const struct rt_progress_lesson *rt_progress_at(const struct rt_progress *progress, size_t i);

/* NULL where nothing is known of that lesson. */
const struct rt_progress_lesson *rt_progress_lesson(const struct rt_progress *progress,
						    const char *lesson);
const struct rt_progress_answer *rt_progress_answer(const struct rt_progress_lesson *lesson,
						    const char *label);

/* Whether a round of the lesson was begun and not brought to its end. lesson may be NULL. */
bool rt_progress_is_begun(const struct rt_progress_lesson *lesson);

/* One's own note on a step, NULL for none. */
const char *rt_progress_note(const struct rt_progress *progress, const char *lesson,
			     const char *step);

/* --- changing: in memory, until it is saved --------------------------------------------------- */

/*
 * Names must have 1 to 64 letters, digits, _ and -; others are ignored, as ids of lessons and steps
 * and labels have these.
 */

/* Where the learner stands; place->when is set here. done: this is the end of the lesson. */
void rt_progress_set_place(struct rt_progress *progress, const char *id,
			   const struct rt_progress_place *place, bool done);

/* A step was finished. */
void rt_progress_set_seen(struct rt_progress *progress, const char *id, const char *step);

/*
 * What was answered in the lesson. A wrong answer and RT_PROGRESS_UNSURE put the question into
 * review, or back to its first interval. RT_PROGRESS_SKIPPED does not: who skips a question has not
 * said what they think, and often is only on the way to a later step.
 */
void rt_progress_set_answer(struct rt_progress *progress, const char *id, const char *label,
			    const char *answer, enum rt_progress_right right);

/*
 * The question is to be asked again: the answer stays on record, and is no longer one of this
 * round.
 */
void rt_progress_ask_again(struct rt_progress *progress, const char *id, const char *label);

/*
 * What came of a question in review: right, and it waits for its next interval; else it waits for
 * the first one again. Nothing where the question is not in review.
 */
void rt_progress_set_reviewed(struct rt_progress *progress, const char *id, const char *label,
			      bool right);

/* "" deletes it. */
void rt_progress_set_note(struct rt_progress *progress, const char *id, const char *step,
			  const char *text);

/*
 * Forgets place, answers, steps and what would come back in review; notes are the learner's own words and stay. False where nothing
 * was known.
 */
bool rt_progress_forget(struct rt_progress *progress, const char *lesson);

/* --- lasting ---------------------------------------------------------------------------------- */

/*
 * Saves what has changed, and takes over what another copy saved meanwhile; without a change it
 * does nothing. Returns 0, or -1 with err; then the changes stay in memory for the next time, and
 * rt_progress_message() has the sentence if it is a new one.
 */
int rt_progress_save(struct rt_progress *progress, struct rt_error *err);

/* Whether a name is one that is kept. */
bool rt_progress_is_name(const char *name);

#endif
