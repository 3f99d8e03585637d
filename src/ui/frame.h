/*
 * One drawing of the screen, one write(2). ncurses writes after each move of its cursor, so a
 * terminal behind a slow line, or one that draws what it has, shows half a drawing.
 */
#ifndef RT_UI_FRAME_H
#define RT_UI_FRAME_H

#include <stdio.h>

struct rt_frame;

/* For standard output, which must be a terminal. Returns NULL with errno. */
struct rt_frame *rt_frame_new(void);

/* frame may be NULL. What was written since rt_frame_begin() is lost. */
void rt_frame_free(struct rt_frame *frame);

/* What to give newterm(3X) as output. It stays the frame's. */
FILE *rt_frame_file(const struct rt_frame *frame);

/*
 * Between the two, what is written to that file is kept; the second writes it to the terminal.
 * Between them no mode of the terminal can be read or set through the file.
 */
void rt_frame_begin(struct rt_frame *frame);
void rt_frame_end(struct rt_frame *frame);

/* In place of rt_frame_end(): what was written waits, and stands before the next drawing. */
void rt_frame_keep(struct rt_frame *frame);

#endif
