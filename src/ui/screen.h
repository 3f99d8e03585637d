/*
 * A screen is a filled table too: contents, lesson, page, and those that lie over them: help, the
 * places to go to and the search. Beside it, what all of them share. Adding one is adding its table, its place in
 * enum rt_where, and its keys to keys.def.
 */
#ifndef RT_UI_SCREEN_H
#define RT_UI_SCREEN_H

#include "lesson/catalog.h"
#include "lesson/matrix.h"
#include "ui/action.h"
#include "ui/keeper.h"
#include "ui/places.h"
#include "ui/reading.h"
#include "ui/tape.h"
#include "ui/term.h"
#include "ui/view.h"

/* Where a key holds. */
enum rt_where {
	RT_IN_CONTENTS = 1,
	RT_IN_LESSON = 2,
	RT_IN_HELP = 4,
	RT_IN_FIND = 8, /* places to go to, and what a search found */
	RT_IN_NOTE = 16,
	RT_IN_REVIEW = 32, /* its end */
	RT_IN_PAGE = 64,
	RT_IN_PLAY = 128,
	RT_IN_MATRIX = 256,
	RT_IN_CELL = 512, /* of the matrix */
	RT_IN_WHAT_IF = 1024,
	RT_IN_ALL = RT_IN_CONTENTS | RT_IN_LESSON | RT_IN_HELP | RT_IN_FIND | RT_IN_NOTE |
		    RT_IN_REVIEW | RT_IN_PAGE | RT_IN_PLAY | RT_IN_MATRIX | RT_IN_CELL |
		    RT_IN_WHAT_IF,
};

enum { RT_WIDTH_MIN = 40, RT_HEIGHT_MIN = 12, RT_TYPED_BYTES = 4001 };

struct rt_ui;

struct rt_screen {
	enum rt_where where;
	void (*draw)(struct rt_ui *ui);
	void (*act)(struct rt_ui *ui, enum rt_action action, uint32_t key);
	/*
	 * Takes a character as text before it is looked up as a key; false where it does not want
	 * it. May be NULL.
	 */
	bool (*type)(struct rt_ui *ui, uint32_t key);
};

extern const struct rt_screen rt_screen_contents, rt_screen_lesson, rt_screen_help;
extern const struct rt_screen rt_screen_go, rt_screen_search, rt_screen_note, rt_screen_review,
	rt_screen_page, rt_screen_play, rt_screen_matrix, rt_screen_cell, rt_screen_whatif;

/*
 * A review: questions that are due, each in another instance of its lesson. The lesson screen shows
 * them as it shows any other; what differs is where Enter goes behind the answer.
 */
struct rt_review {
	struct rt_due *due; /* that are due; owned */
	size_t n;
	bool running; /* the session has the lesson of due[at] */
	size_t at;
	const struct rt_predict *question; /* of that lesson */
	bool noted;		/* how it was answered is kept: the first answer counts */
	size_t answered, right; /* in this review */
};

/* A list that is chosen from. */
struct rt_list {
	size_t at;   /* the entry that Up and Down stand on */
	size_t top;  /* the first that is shown */
	size_t rows; /* how many were shown */
};

/* The matrix while it is shown, and where one looks. */
struct rt_grid {
	struct rt_matrix *matrix; /* NULL while there is none */
	struct rt_matrix_setup setup;
	bool running, lost;
	bool stopped; /* cells are left, and another has the stage */
	struct rt_list rows;
	size_t column;
	struct rt_list lines; /* of the cell that is open */
	int64_t drawn_ms;     /* when cells were last shown while they fill */
	char kernel[65];      /* its release */
};

struct rt_ui {
	/* borrowed */
	struct rt_loop *loop;
	struct rt_world *world;
	struct rt_catalog *catalog;
	const char *trouble;			       /* why no stage can be built, or NULL */
	const struct rt_ui_keeper *keeper;	       /* what lasts, or NULL */
	int (*shell)(void *ctx, struct rt_error *err); /* as in struct rt_ui_options */
	void *shell_ctx;

	struct rt_world *(*second_world)(void *ctx); /* for a tape beside the lesson */
	void *second_ctx;

	struct rt_term *term; /* NULL in a test */
	struct rt_canvas *canvas;
	enum rt_theme theme;
	struct rt_session *session; /* NULL until a lesson was opened */
	size_t lesson;		    /* its index in the catalog */
	size_t step;		    /* that the panels were last set up for */
	struct rt_face face;
	enum rt_phase phase; /* of the session when the panel with the keys was last chosen */
	const struct rt_predict *question; /* likewise */
	enum rt_panel focus_before;	   /* that had the keys before the question took them */
	const struct rt_screen *screen;
	const struct rt_screen *below; /* what the others lie over */
	struct rt_review review;
	struct rt_tape tape;
	struct rt_list contents, find, help;
	struct rt_grid grid;
	struct rt_places *places;  /* while the places or a search are shown, else NULL */
	struct rt_found found;	   /* of them, by what was typed */
	struct rt_reading reading; /* the page that is shown, or was last */
	struct rt_bookcase books;
	char typed[RT_TYPED_BYTES];
	bool stale;		  /* and what was typed since was not looked for yet */
	enum rt_panel focus_note; /* that had the keys before a note was written */
	bool zoom_note;		  /* likewise */
	bool alone;		  /* no other key came with this one: it was not pasted */
	bool reset_asked;	  /* the next R forgets the answers */
	bool more_keys;		  /* another key waits already: it was pasted, or is held down */
	bool gone_on;		  /* one of the keys that came with this one went on */
	char message[240];	  /* a short word to the learner, until the next key */
	char untold[1200]; /* why nothing can be kept: said, but not drawn yet; "" for nothing */
	char notice[1200]; /* why the chosen lesson could not be opened */
	enum rt_phase kept_phase; /* of the session when rt_kept_step() last looked */
	size_t kept_step;	  /* likewise */
	int64_t running_since;	  /* calls that are done in a moment change the screen once */
	int64_t next_tick_ms;	  /* when a timer or a progress bar on the screen goes on */
	bool countdown;		  /* such a timer is on the screen */
	bool dirty;
	bool done;
	int status; /* 128 + the signal that ended it */
};

/* --- screen.c: what every screen has ---------------------------------------------------------- */

/* Draws what the screen shows into the canvas, at the canvas's size. */
void rt_screen_draw(struct rt_ui *ui);

/* Does what a key does here. */
void rt_screen_key(struct rt_ui *ui, uint32_t key);

/* The full-width form of an ASCII character, as a Chinese input method sends it, folded to that. */
uint32_t rt_key_fold(uint32_t key);

/* Takes a character, or Backspace, into ui->typed; false for any other key. */
bool rt_screen_type(struct rt_ui *ui, uint32_t key);

/* Adds the label and what was typed, its end alone where that is long, with a cursor. */
void rt_screen_typed(const struct rt_ui *ui, const char *label, struct rt_str *out);

/*
 * Does an action on the screen that is shown now; key is what asked for it, RT_KEY_NONE for none.
 */
void rt_screen_act(struct rt_ui *ui, enum rt_action action, uint32_t key);

/* The title line, and at the bottom the rule with the message and the key bar. */
void rt_screen_frame(struct rt_ui *ui, const char *title, const char *right);

/* The rectangle between them. */
struct rt_rect rt_screen_body(const struct rt_ui *ui);

/* Says a short word to the learner. */
void rt_screen_say(struct rt_ui *ui, const char *message);

/* Whether nothing but a word about that can be drawn. */
bool rt_screen_is_too_small(const struct rt_ui *ui);

/* Shows a screen over the present one; and goes back to that. */
void rt_screen_over(struct rt_ui *ui, const struct rt_screen *screen);
void rt_screen_back(struct rt_ui *ui);

/* Moves in a list of n entries; false for an action that does not move. */
bool rt_list_act(struct rt_list *list, size_t n, enum rt_action action);

/* "3 of 25" where the list has more entries than rows, else "". For the right end of the title. */
const char *rt_list_place(const struct rt_list *list, size_t n, char *text, size_t size);

/* Keeps the chosen entry among the rows that are shown. */
void rt_list_show(struct rt_list *list, size_t n, int rows);

/* --- keep.c: does nothing without a keeper ---------------------------------------------------- */

/* Before the first drawing: the list stands on the lesson that was left last. */
void rt_kept_begin(struct rt_ui *ui);

/* A lesson was opened; with resume it goes on where it was left. */
void rt_kept_open(struct rt_ui *ui, bool resume);

/* Saves; call it when a lesson is left. */
void rt_kept_save(struct rt_ui *ui);

/*
 * After every drawing. What was to be told stands there now, and is told; or something came in
 * between, and then it is said once more, in the next one.
 */
void rt_kept_drawn(struct rt_ui *ui);

/* After every drawing: saves where a step came to its end. */
void rt_kept_step(struct rt_ui *ui);

/* The learner's note on the step that is shown, NULL for none. */
const char *rt_kept_note(const struct rt_ui *ui);

/* Keeps one; "" deletes it. */
void rt_kept_set_note(struct rt_ui *ui, const char *text);

/* Keeps the theme for the next run. */
void rt_kept_theme(struct rt_ui *ui);

/* How many questions of the open lesson will come back in review. */
size_t rt_kept_waiting(const struct rt_ui *ui);

/* --- screen_review.c: does nothing without a keeper ------------------------------------------- */

/* Looks which questions are due now: none where no stage can be built. */
void rt_review_look(struct rt_ui *ui);

/* Asks the first of them; or the next one. Behind the last it shows how the review went. */
void rt_review_next(struct rt_ui *ui);

/* Whether the question of the review was answered, and its result is on the screen. */
bool rt_review_is_answered(const struct rt_ui *ui);

/* After the session has moved: keeps how the question was answered. */
void rt_review_note(struct rt_ui *ui);

/* Ends the session: where the learner stood is kept before, or is nobody's place. */
void rt_session_drop(struct rt_ui *ui);

/* Ends it: the session is gone, and what is due is looked up again. */
void rt_review_end(struct rt_ui *ui);

/* --- screen_matrix.c -------------------------------------------------------------------------- */

/*
 * Shows the matrix of a setup that was checked, and fills it; NULL: that of before, else the usual
 * one. The lesson that is open is left: there is one stage.
 */
void rt_grid_open(struct rt_ui *ui, const struct rt_matrix_setup *setup);

/* After every rt_loop_once(): fills cells. Sets ui->dirty where some are to be shown. */
void rt_grid_pump(struct rt_ui *ui);

/* How many milliseconds the loop may sleep for it; -1 without end. */
int rt_grid_timeout_ms(const struct rt_ui *ui);

/* Lets another have the stage; the cells that are left are filled when the matrix is shown again. */
void rt_grid_stop(struct rt_ui *ui);

/* Ends it; the world is free for lessons. */
void rt_grid_close(struct rt_ui *ui);

/* --- screen_note.c ---------------------------------------------------------------------------- */

/* Lets the learner write a note on the step that is shown. */
void rt_note_open(struct rt_ui *ui);

/* Keeps what is being written, if anything is. */
void rt_note_keep(struct rt_ui *ui);

/* --- screen_find.c ---------------------------------------------------------------------------- */

/* Shows rt_screen_go or rt_screen_search over the present screen. */
void rt_find_open(struct rt_ui *ui, const struct rt_screen *screen);

/* Forgets what they found. */
void rt_find_close(struct rt_ui *ui);

/* --- screen_lesson.c -------------------------------------------------------------------------- */

/*
 * Opens a lesson of the catalog at a step (id, number, NULL for the first). Returns 0, or -1 with
 * err.
 */
int rt_lesson_open(struct rt_ui *ui, size_t index, const char *step, struct rt_error *err);

/*
 * The same with a lesson that was loaded, which now belongs to the session; it has the number index
 * + 1 on the screen.
 */
void rt_lesson_take(struct rt_ui *ui, struct rt_lesson *lesson, size_t index, size_t step);

/* Goes to a step of the open lesson. */
void rt_lesson_go_to(struct rt_ui *ui, size_t step);

/* --- lesson_keys.c ---------------------------------------------------------------------------- */

/* What an action of the lesson's screen does. key: which one of those that answer. */
void rt_lesson_act(struct rt_ui *ui, enum rt_action action, uint32_t key);

/* --- pump.c ----------------------------------------------------------------------------------- */

/* After every drawing: a timer that has just been drawn is right for a while. */
void rt_lesson_drawn(struct rt_ui *ui);

/* After every rt_loop_once(): moves the session. Sets ui->dirty where the screen changed. */
void rt_lesson_pump(struct rt_ui *ui);

/*
 * Whether calls began to run just now: what they do to the screen is better shown when they are
 * done.
 */
bool rt_lesson_is_flash(const struct rt_ui *ui);

/* How many milliseconds the loop may sleep; -1 without end. */
int rt_lesson_timeout_ms(const struct rt_ui *ui);

#endif
