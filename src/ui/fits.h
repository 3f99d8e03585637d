/* Whether a screen of some size shows what one needs: for those who write lessons. */
#ifndef RT_UI_FITS_H
#define RT_UI_FITS_H

#include "lesson/session.h"

/*
 * Draws the lesson screen as it stands now, at width x height, and looks at what would have to be
 * scrolled:
 *
 *	- before the first call of a step: its text
 *	- where a question is asked: the question and its choices, the call that comes next, and two
 *	  rows of the sockets, or as many as there are
 *
 * On a screen with one panel at a time each is looked at when it is shown. Returns true where all
 * of it is in sight, else false with the reasons in why, joined by "; ".
 */
bool rt_ui_fits(struct rt_session *session, int width, int height, struct rt_str *why);

#endif
