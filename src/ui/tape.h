/*
 * A tape of the learner's own beside the lesson, for the playground and what-if. Its session and
 * face take the place of the lesson's on the screen, on a stage of its own; the lesson stays as it
 * was, and is there again when the tape is closed. No progress is kept meanwhile.
 */
#ifndef RT_UI_TAPE_H
#define RT_UI_TAPE_H

#include "lesson/complete.h"
#include "lesson/draft.h"
#include "lesson/whatif.h"
#include "ui/view.h"

enum { RT_TAPE_LINE = 4001, RT_HISTORY_MAX = 200 };

/* What one does in what-if: choose a call, choose a change of it, type one, or read why. */
enum rt_whatif_mode {
	RT_WHATIF_CHOOSE,
	RT_WHATIF_MENU,
	RT_WHATIF_EDIT,
	RT_WHATIF_INSERT,
	RT_WHATIF_WHY,
};

struct rt_screen;
struct rt_ui;

struct rt_tape {
	struct rt_draft *draft; /* NULL: there is no tape */
	struct rt_world *world; /* that it made for itself; NULL: it uses the screen's */

	/* The lesson's, as they stood on the screen. */
	const struct rt_screen *screen;
	struct rt_session *session;
	struct rt_face face;
	const struct rt_predict *question;
	enum rt_phase phase;
	enum rt_panel focus_before;
	size_t step;
	bool review;

	/* The line that is typed, and what is to be said of it. */
	size_t at; /* the line of the draft that it would come before; beyond the last: the end */
	char line[RT_TAPE_LINE];
	size_t cursor; /* in it, in bytes: where a character stands that is typed next */
	struct rt_mistake mistake;
	bool stale;	 /* the line was not looked at since it changed */
	bool wrong;	 /* there is a mistake */
	bool unfinished; /* but what is missing can still be typed */
	struct rt_completion completion;
	char *history[RT_HISTORY_MAX];
	size_t n_history;
	size_t recalled; /* the entry that is shown; n_history: none */

	/* What if. */
	struct rt_whatif whatif;
	struct rt_whatif_row *row; /* rt_whatif_rows(), brought up to date with each drawing */
	size_t n_rows;
	size_t chosen, top; /* of the rows */
	size_t option;	    /* of the changes; the two behind them are typed */
	struct rt_changes changes;
	enum rt_whatif_mode mode;
	int why_top;   /* the first line of the why that is shown */
	bool why_more; /* and there are others below */
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

/* --- typing.c: the line ----------------------------------------------------------------------- */

/* Puts text in its place, the cursor behind it. */
void rt_typing_set(struct rt_ui *ui, const char *text);

/*
 * Before a drawing: looks what is to be said of the line. Not with each letter, as thousands may be
 * pasted.
 */
void rt_typing_look(struct rt_ui *ui);

/* Takes a character or Backspace, where the cursor is; false for another key. */
bool rt_typing_key(struct rt_ui *ui, uint32_t key);

/*
 * Moves the cursor, or takes away what stands beside it. False for another action, and on an empty
 * line, where there is nothing to move in.
 */
bool rt_typing_act(struct rt_ui *ui, enum rt_action action);

/* Completes the word before the cursor. */
void rt_typing_complete(struct rt_ui *ui);

/* The line was refused: it stays, to be mended, and it is said why. *mistake is taken. */
void rt_typing_refuse(struct rt_ui *ui, const struct rt_mistake *mistake);

/* view_play.c: writes the line, what is wrong with it, and what could come. */
void rt_typing_write(const struct rt_tape *tape, struct rt_sheet *sheet);

/* --- screen_whatif.c -------------------------------------------------------------------------- */

/* What if one of the calls that have run of the lesson's stage were otherwise. */
void rt_whatif_open(struct rt_ui *ui);

/* --- whatif_rows.c ---------------------------------------------------------------------------- */

/* Adds the call of a row as it is now; of one that was removed as it was. */
void rt_whatif_text(const struct rt_whatif *whatif, const struct rt_whatif_row *row,
		    struct rt_str *out);

/* Goes on in the last line at column with text as it is, broken at blanks where it is long. */
void rt_whatif_wrap(struct rt_sheet *sheet, int column, enum rt_style style, const char *text);

/* Writes all rows. While the calls run no difference is marked: it may not be the first. */
void rt_whatif_write(const struct rt_tape *tape, bool running, struct rt_sheet *sheet);

/* --- whatif_why.c ----------------------------------------------------------------------------- */

/*
 * Shows why the chosen call did so, else the first that differs, else the last one, of those that
 * have a why; or shows it no more.
 */
void rt_whatif_why_toggle(struct rt_ui *ui);

/*
 * Draws it at the bottom of *body, as high as it needs to be, and takes its lines off the body.
 * Without room nothing of the body is left.
 */
void rt_whatif_why_draw(struct rt_ui *ui, bool room, struct rt_rect *body);

void rt_whatif_why_scroll(struct rt_tape *tape, enum rt_action action);

/* --- screen_play.c ---------------------------------------------------------------------------- */

/* The playground with that draft, which now belongs to it. */
void rt_play_open(struct rt_ui *ui, struct rt_draft *draft);

/* The playground with the calls that have run of the lesson's stage. */
void rt_play_lesson(struct rt_ui *ui);

#endif
