/* The program on a screen. */
#ifndef RT_UI_UI_H
#define RT_UI_UI_H

#include "base/error.h"
#include "base/loop.h"
#include "lesson/catalog.h"
#include "lesson/session.h"
#include "ui/keeper.h"
#include "ui/term.h"

struct rt_ui_options {
	struct rt_term_options term;
	/* To open at once, from now on the screen's; NULL: the contents. */
	struct rt_lesson *lesson;
	size_t step;		   /* of it */
	bool resume;		   /* or where the learner left it */
	const char *stage_trouble; /* why no stage can be built, or NULL: texts stay readable */
	/*
	 * Runs a shell in the stage and waits for its end, the terminal being given back; -1 with
	 * err. NULL for none.
	 */
	int (*shell)(void *ctx, struct rt_error *err);
	void *shell_ctx;
	const struct rt_ui_keeper *keeper; /* what lasts; NULL: nothing is kept */
};

/*
 * Runs the screen until the learner leaves. world may be NULL (no stage). catalog and world are
 * borrowed. Returns 0, -1 with err, or 128 + the signal that ended it; the terminal is restored in
 * every case.
 */
int rt_ui_run(struct rt_loop *loop, struct rt_world *world, struct rt_catalog *catalog,
	      const struct rt_ui_options *options, struct rt_error *err);

#endif
