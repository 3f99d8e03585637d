/*
 * What lasts longer than one run of the program, as the screen needs it: a filled table. The screen
 * knows neither the file nor its form. Whoever runs the screen without one (a test) passes NULL,
 * and nothing is kept.
 */
#ifndef RT_UI_KEEPER_H
#define RT_UI_KEEPER_H

#include "lesson/session.h"
#include "ui/theme.h"

/* Where a lesson was left, for the list of lessons. */
struct rt_kept {
	bool begun;	    /* and its end not reached since */
	bool done;	    /* its end was reached once */
	size_t step, steps; /* begun: at which, from 1, and of how many */
};

/* A question that is due for review: it is asked as another instance of its lesson. */
struct rt_due {
	size_t lesson; /* its index in the catalog */
	char label[RT_NAME_MAX];
	uint64_t seed; /* of the instance: another one each time that it is due */
	int days;      /* until it is due, 0: now */
};

struct rt_ui_keeper {
	void *ctx;

	/* Where the lesson of that id was left. */
	struct rt_kept (*kept)(void *ctx, const char *lesson);

	/* The id of the lesson that was left last, and not at its end; NULL where there is none. */
	const char *(*last)(void *ctx);

	/*
	 * A lesson was opened in session, just now. With resume it is to go on where it was left:
	 * the session goes there and takes the answers of before; else it stays where it is.
	 */
	void (*open)(void *ctx, struct rt_session *session, bool resume);

	/* Keeps where session stands and what was answered. Cheap where nothing has changed. */
	void (*save)(void *ctx, const struct rt_session *session);

	/* The learner's own note on a step, by ids: NULL where there is none; "" deletes it. */
	const char *(*note)(void *ctx, const char *lesson, const char *step);
	void (*set_note)(void *ctx, const char *lesson, const char *step, const char *text);

	/*
	 * Review; due may be NULL where nothing comes back. `due` gives how many questions are due
	 * now, in the order of the course, and the list, to be freed. `reviewed` keeps how one was
	 * answered. `waiting` is how many of a lesson will come back, `coming` when that is: a
	 * sentence, or "", valid until the next call.
	 */
	size_t (*due)(void *ctx, struct rt_due **list);
	void (*reviewed)(void *ctx, const struct rt_due *due, bool right);
	size_t (*waiting)(void *ctx, const char *lesson);
	const char *(*coming)(void *ctx);

	/* Keeps the theme for the next run; may be NULL. */
	void (*set_theme)(void *ctx, enum rt_theme theme);

	/*
	 * What to tell, or NULL: each sentence once. `welcome` is of a lesson that was opened
	 * (where it goes on, that it has changed); `trouble` is why nothing can be kept. `told`
	 * says that the last of these stands on the screen, whole: what does not is told elsewhere.
	 */
	const char *(*welcome)(void *ctx);
	const char *(*trouble)(void *ctx);
	void (*told)(void *ctx);
};

#endif
