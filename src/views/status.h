/* The line at the bottom: how far training is and how fast, and what can be done where the mouse
 * is. */
#ifndef VIEWS_STATUS_H
#define VIEWS_STATUS_H

#include "views/view.h"

enum {
    VIEW_STATUS_H = 26 /* px */
};

/* Draws it into rect; to be called after the views, whose hints it shows.  Thread: UI. */
void view_status_draw(View *view, UiRect rect);

/* Cuts a hint to as many of its parts as a width has room for: those between " · ", and sentences. The
 * first stays whole.  Thread: UI. */
void view_status_fit(Ui *ui, float width, char *hint);

#endif
