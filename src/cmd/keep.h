/* Between a session and the progress that lasts: where it goes on, and what is saved of it. */
#ifndef RT_CMD_KEEP_H
#define RT_CMD_KEEP_H

#include "lesson/catalog.h"
#include "store/progress.h"
#include "ui/keeper.h"

struct rt_keep;

/*
 * Reads the progress. Never NULL: where nothing can be kept, rt_keep_trouble() says why. catalog is
 * borrowed, and may be NULL where nothing is asked about review.
 */
struct rt_keep *rt_keep_new(const struct rt_catalog *catalog);
void rt_keep_free(struct rt_keep *keep);

/* The table for the screen; keep must outlive it. */
struct rt_ui_keeper rt_keep_for_ui(struct rt_keep *keep);

/*
 * A lesson was opened in session, just now. With resume, where a round of it was begun and not
 * finished, the session goes to where it was left and takes its answers; rt_keep_welcome() says so.
 * Without, its answers count anew.
 */
void rt_keep_open(struct rt_keep *keep, struct rt_session *session, bool resume);

/* Saves where the session stands and what was answered since the last time. */
void rt_keep_save(struct rt_keep *keep, const struct rt_session *session);

/* The theme of the settings, NULL where they have none. */
const char *rt_keep_theme(const struct rt_keep *keep);

/* What came of answers: how many questions of a lesson will come back in review. */
size_t rt_keep_waiting(const struct rt_keep *keep, const char *lesson);

/* The progress itself, for a review. */
struct rt_progress *rt_keep_progress(const struct rt_keep *keep);

/* What to tell, or NULL: each sentence once. */
const char *rt_keep_welcome(struct rt_keep *keep);
const char *rt_keep_trouble(struct rt_keep *keep);

/* What rt_keep_trouble() gave last has been seen, whole. */
void rt_keep_told(struct rt_keep *keep);

/* Writes to stderr what is to be told, and what was but has not been seen. */
void rt_keep_print_troubles(struct rt_keep *keep);

#endif
