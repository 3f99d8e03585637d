/*
 * A view is one panel of the lesson screen: a filled table. It writes its contents on a sheet;
 * where that is shown, and how much of it, is the layout's affair. Adding one is adding its table
 * to rt_view_of() and its place to layout.c.
 */
#ifndef RT_UI_VIEW_H
#define RT_UI_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "lesson/session.h"
#include "lesson/terms.h"
#include "model/bundle.h"
#include "ui/action.h"
#include "ui/sheet.h"

enum rt_panel {
	RT_PANEL_READ, /* the text, or the instructor's note */
	RT_PANEL_SCRIPT,
	RT_PANEL_SOCKETS,
	RT_PANEL_NOW, /* what to do: a question, its result, the next step, or what went wrong */
	RT_PANELS
};

/* Where a panel stands in its sheet. */
struct rt_scroll {
	int top;		/* first line shown below the head */
	int keep;		/* what the sheet last wanted in sight: a change is noticed once */
	int lines, rows;	/* of the sheet, and how many were shown */
	int extra;		/* lines at its end that nobody misses */
	int items, items_shown; /* of the sheet, and how many of them were shown whole */
	bool cut;		/* a line was too wide */
	bool moved;		/* by hand, since the sheet last wanted something else */
};

struct rt_tape;

/* What the views of a lesson know: the session and how the learner looks at it. */
struct rt_face {
	struct rt_session *session;
	const char *trouble; /* why no stage can be built, or NULL */
	int64_t now_ms;
	bool airy;		      /* there is room for blank lines between paragraphs */
	bool all_fields;	      /* of the sockets */
	bool note;		      /* the instructor's note in place of the text */
	bool why;		      /* of the last call, in place of the text */
	bool zoom;		      /* one panel alone */
	const struct rt_terms *terms; /* of the glossary, NULL for none: marked in the text */
	const char *my_note;	      /* the learner's own on this step, NULL for none */
	size_t waiting;		      /* questions of the lesson that will come back in review */
	const char *draft;	      /* the same while it is written, else NULL */
	const struct rt_tape *tape;   /* in the playground, else NULL */
	struct rt_snapshot *frozen;   /* the sockets as they were when they were to stand still */
	int64_t frozen_ms;	      /* when that was */
	enum rt_panel focus;
	enum rt_panel focus_why; /* that had the keys before the why took them */
	int choice; /* that Up and Down stand on, -1: none; the last: "I do not know yet" */
	size_t row; /* the socket row that Up and Down stand on */
	uint64_t row_cookie; /* its cookie, 0: none. The row is found again in another table */
	bool row_chosen;     /* by hand */
	struct rt_scroll scroll[RT_PANELS];
};

struct rt_view {
	/* The panel's name, and words for the right end of its rule. */
	void (*title)(const struct rt_face *face, struct rt_str *name, struct rt_str *right);
	/* Writes the contents. */
	void (*write)(const struct rt_face *face, struct rt_sheet *sheet);
	/*
	 * Takes Up, Down and their like while it has the keys; false, or NULL: the panel scrolls.
	 */
	bool (*act)(struct rt_face *face, enum rt_action action);
};

extern const struct rt_view rt_view_read, rt_view_note, rt_view_why, rt_view_script,
	rt_view_sockets;
extern const struct rt_view rt_view_draft, rt_view_ask, rt_view_result, rt_view_next,
	rt_view_trouble, rt_view_play;

/* The view that a panel shows now. Never NULL. */
const struct rt_view *rt_view_of(const struct rt_face *face, enum rt_panel panel);

/* Whether no call can be run: the stage was refused, or it is lost. Then all texts are shown. */
bool rt_face_is_stageless(const struct rt_face *face);

/* The sockets that are shown: those of now, or those that were frozen. */
const struct rt_snapshot *rt_face_sockets(const struct rt_face *face);

/* Lets the sockets that are shown stand still, and go on. */
void rt_face_freeze(struct rt_face *face);
void rt_face_thaw(struct rt_face *face);

/*
 * Whether a call has run that there is something to say of; shows that, and the text again. After a
 * jump the calls are made again for it: pump the session.
 */
bool rt_face_has_why(const struct rt_face *face);
void rt_face_open_why(struct rt_face *face);
void rt_face_close_why(struct rt_face *face);

/*
 * The rows of the table: sockets that are alike share one, but not where somebody looks closely: in
 * the whole screen, or with all fields. The caller ends them with rt_bundles_fini().
 */
void rt_face_bundles(const struct rt_face *face, struct rt_bundles *bundles);

/* The index of the one of them that Up and Down stand on; how many there are where none is. */
size_t rt_face_bundle(const struct rt_face *face, const struct rt_bundles *bundles);

/*
 * The record that `k` would end, NULL where there is none. Where the row that is chosen stands for
 * several, none of them is meant: they are counted in *several, which is 0 elsewhere, and may be
 * NULL.
 */
const struct rt_row *rt_face_doomed_row(const struct rt_face *face, size_t *several);

/* Whether the table shows a timer that runs. */
bool rt_face_has_timer(const struct rt_face *face);

/*
 * How many keys of answers there are: the choices and "I do not know yet"; 0 where nothing is
 * asked.
 */
size_t rt_face_answers(const struct rt_face *face);

/*
 * Notes in seen, of RT_PAGE_ENTRIES_MAX, which terms of the glossary stand in the text as far as it
 * may be read now. Returns how many.
 */
size_t rt_face_terms(const struct rt_face *face, bool *seen);

/* The step that is shown. */
const struct rt_step *rt_face_step(const struct rt_face *face);

#endif
