/* The handle that wipes a model of before over the map: old at its left, new at its right. At rest it
 * waits at the left edge of the plane. */
#ifndef VIEWS_WIPE_H
#define VIEWS_WIPE_H

#include "views/view.h"

/* Draws the handle over the plane and takes its mouse and keys. *share: how much of the plane's width
 * shows the old model, 0 .. 1. Arrow keys move it, a double click sends it home. Returns whether it is
 * held at home without having been moved: then all of the old model is wanted.  Thread: UI. */
LS_CHECKED bool view_wipe_draw(View *view, UiRect plane, float *share, const char *label);

#endif
