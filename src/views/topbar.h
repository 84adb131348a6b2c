/* The bar at the top: what is open at the left, training in the middle, files and help at the right.
 * Where the window is narrow, what is needed least is left out first. */
#ifndef VIEWS_TOPBAR_H
#define VIEWS_TOPBAR_H

#include "views/view.h"

enum {
    VIEW_TOPBAR_H = 48 /* px */
};

/* Draws it into rect.  Thread: UI. */
void view_topbar_draw(View *view, UiRect rect);

#endif
