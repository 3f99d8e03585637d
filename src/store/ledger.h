/* Private to store/: the lessons that are known, in memory and as JSON. */
#ifndef RT_STORE_LEDGER_H
#define RT_STORE_LEDGER_H

#include "base/str.h"
#include "store/progress.h"

/* More than anybody has; a list of a stranger's file that is longer is refused. */
enum { RT_LEDGER_LESSONS_MAX = 2000 };

struct rt_ledger {
	struct rt_progress_lesson *lesson;
	size_t n, cap;
};

void rt_ledger_fini(struct rt_ledger *ledger);

/*
 * The lesson of that id; with create a new one where there is none, else NULL. Valid until the next
 * one is created.
 */
struct rt_progress_lesson *rt_ledger_lesson(struct rt_ledger *ledger, const char *id, bool create);

/* The same within a lesson, by label and by step. */
struct rt_progress_answer *rt_ledger_answer(struct rt_progress_lesson *lesson, const char *label,
					    bool create);
struct rt_progress_note *rt_ledger_note(struct rt_progress_lesson *lesson, const char *step,
					bool create);

struct rt_progress_review *rt_ledger_review(struct rt_progress_lesson *lesson, const char *label,
					    bool create);

/* Adds a step to those that were finished; false where it was among them. */
bool rt_ledger_see(struct rt_progress_lesson *lesson, const char *step);

/* Forgets all of it but the notes. */
void rt_ledger_clear(struct rt_progress_lesson *lesson);

/* Copies text so that it is valid UTF-8 of at most size - 1 bytes, whole characters. */
void rt_ledger_copy(char *to, size_t size, const char *text);

/* Whether anything is unsaved. */
bool rt_ledger_is_changed(const struct rt_ledger *ledger);

/*
 * Puts the changes of `from` on `onto`: of a place, an answer, a note, a question in review the newer
 * one stays, the later one of two of the same time; finished stays finished. With all, what is not marked as a
 * change too: for when the file is lost.
 */
void rt_ledger_merge(struct rt_ledger *onto, const struct rt_ledger *from, bool all);

/* As JSON. */
void rt_ledger_write(const struct rt_ledger *ledger, struct rt_str *out);

enum rt_ledger_read { RT_LEDGER_READ, RT_LEDGER_DAMAGED, RT_LEDGER_NEWER };

/* Reads it back into an empty ledger. why: what is wrong with it, in a few words. */
enum rt_ledger_read rt_ledger_parse(const char *text, size_t len, struct rt_ledger *ledger,
				    char *why, size_t size);

#endif
