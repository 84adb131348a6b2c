/* The loss plots: a card for each term and for the total, side by side, over one span of steps. The
 * wheel zooms into the steps about the mouse, a drag moves along them, a double click shows the whole
 * run again; what is under the mouse is read out in every card. */
#ifndef VIEWS_CURVES_H
#define VIEWS_CURVES_H

#include "views/view.h"

typedef struct ViewCurves ViewCurves;

/* Plots of nothing yet. Owns: the caller, view_curves_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewCurves *view_curves_create(LsError *err);

/* Releases them; NULL is accepted.  Thread: UI. */
void view_curves_destroy(ViewCurves *curves);

/* Draws the cards of view->history into rect.  Thread: UI. */
void view_curves_draw(ViewCurves *curves, View *view, UiRect rect);

#endif
