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

#endif
