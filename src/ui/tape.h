/*
 * A tape of the learner's own beside the lesson, for the playground and what-if. Its session and
 * face take the place of the lesson's on the screen, on a stage of its own; the lesson stays as it
 * was, and is there again when the tape is closed. No progress is kept meanwhile.
 */
#ifndef RT_UI_TAPE_H
#define RT_UI_TAPE_H

#include "lesson/complete.h"
#include "lesson/draft.h"
#include "ui/view.h"

enum { RT_TAPE_LINE = 4001, RT_HISTORY_MAX = 200 };

struct rt_screen;
struct rt_ui;

struct rt_tape {
	struct rt_draft *draft; /* NULL: there is no tape */
	struct rt_world *world; /* that it made for itself; NULL: it uses the screen's */

	/* The lesson's, as they stood on the screen. */
	const struct rt_screen *screen;
	struct rt_session *session;
	struct rt_face face;
	enum rt_phase phase;
	const struct rt_predict *question;
	enum rt_panel focus_before;
	size_t step;
	bool review;

	/* The line that is typed, and what is to be said of it. */
	char line[RT_TAPE_LINE];
	struct rt_mistake mistake;
	bool wrong;	 /* there is a mistake */
	bool unfinished; /* but what is missing can still be typed */
	struct rt_completion completion;
	char *history[RT_HISTORY_MAX];
	size_t n_history;
	size_t recalled; /* the entry that is shown; n_history: none */
};

/*
 * Opens the tape of a draft, which now belongs to it, over the present screen, and shows `screen`.
 * Its lines run at once.
 */
void rt_tape_open(struct rt_ui *ui, struct rt_draft *draft, const struct rt_screen *screen);

/* Back to where it was opened; does nothing where no tape is open. */
void rt_tape_close(struct rt_ui *ui);

/* After an edit of the draft: runs what is to be run. */
void rt_tape_changed(struct rt_ui *ui);

/* Takes the last edit back, or does it again, and says so. */
void rt_tape_undo(struct rt_ui *ui, bool again);

/* --- screen_play.c ---------------------------------------------------------------------------- */

/* The playground with that draft, which now belongs to it. */
void rt_play_open(struct rt_ui *ui, struct rt_draft *draft);

/* The playground with the calls that have run of the lesson's stage. */
void rt_play_lesson(struct rt_ui *ui);

#endif
