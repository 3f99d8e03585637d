/* The panels of the lesson screen: sheets written by the views, shown where the layout says. */
#ifndef RT_UI_PANELS_H
#define RT_UI_PANELS_H

#include "ui/view.h"

/* Draws all panels that there is room for into body. Returns whether the sockets are among them. */
bool rt_panels_draw(struct rt_face *face, struct rt_canvas *canvas, struct rt_rect body);

/* Does what Up, Down and their like do in the panel that has the keys. */
void rt_panels_act(struct rt_face *face, enum rt_action action);

/* Shows every panel from its beginning: another step. */
void rt_panels_reset(struct rt_face *face);

#endif
