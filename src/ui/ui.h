/* The program on a screen. */
#ifndef RT_UI_UI_H
#define RT_UI_UI_H

#include "base/error.h"
#include "base/loop.h"
#include "lesson/draft.h"
#include "lesson/matrix.h"
#include "lesson/page.h"
#include "lesson/session.h"
#include "ui/keeper.h"
#include "ui/term.h"

struct rt_ui_options {
	/* To open at once, from now on the screen's; NULL: the contents. */
	struct rt_lesson *lesson;
	size_t step;			 /* of it */
	bool resume;			 /* or where the learner left it */
	bool review;			 /* begin with what is due for review */
	const struct rt_page_spec *page; /* or a page, a row of rt_page_specs(); NULL for none */
	size_t entry;			 /* of it */
	/* Or the playground with that draft, from now on the screen's; NULL: not. */
	struct rt_draft *draft;
	const struct rt_matrix_setup *matrix; /* or a matrix, checked; NULL for none */
	/*
	 * Waits for the stage of the world, which rises meanwhile. Called once: before the first
	 * drawing where that shows what has run on it, else after. Returns why there is none, to be
	 * shown (texts stay readable), or NULL. NULL: it stands.
	 */
	const char *(*raise)(void *ctx);
	void (*stands)(void *ctx); /* called once, when the first screen stands; NULL: nobody */
	void *stage_ctx;	   /* of these two */
	/*
	 * Runs a shell in the stage and waits for its end, the terminal being given back; -1 with
	 * err. NULL for none.
	 */
	int (*shell)(void *ctx, struct rt_error *err);
	void *shell_ctx;
	const struct rt_ui_keeper *keeper; /* what lasts; NULL: nothing is kept */
};

struct rt_ui;

/*
 * Takes the terminal. loop is borrowed, and runs only in rt_ui_run(): what else can be made ready
 * beside a stage that rises. Returns NULL with err where the terminal cannot be used.
 */
struct rt_ui *rt_ui_new(struct rt_loop *loop, const struct rt_term_options *term,
			struct rt_error *err);

/*
 * Runs the screen until the learner leaves. world may be NULL (no stage). catalog, world and what
 * options point to are borrowed, but for the lesson. Of the catalog the names are enough: it is
 * read when the first screen stands. Returns 0, or 128 + the signal that ended it.
 */
int rt_ui_run(struct rt_ui *ui, struct rt_world *world, struct rt_catalog *catalog,
	      struct rt_ui_options *options);

/* Restores the terminal. */
void rt_ui_free(struct rt_ui *ui);

#endif
