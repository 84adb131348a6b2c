/* The loss plots: a card for each term and for the total, side by side, over one span of steps. The
 * wheel zooms into the steps about the mouse, a drag moves along them, a double click shows the whole
 * run again; what is under the mouse is read out in every card. */
#ifndef VIEWS_CURVES_H
#define VIEWS_CURVES_H

#include "views/curve_card.h"

typedef struct ViewCurves ViewCurves;

/* Plots of nothing yet. Owns: the caller, view_curves_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewCurves *view_curves_create(LsError *err);

/* Releases them; NULL is accepted.  Thread: UI. */
void view_curves_destroy(ViewCurves *curves);

/* Draws the cards of view->history into rect.  Thread: UI. */
void view_curves_draw(ViewCurves *curves, View *view, UiRect rect);

/* What other plots over steps share with the cards: the span of steps, and which kinds were trained
 * when. note: to be called in every frame, shown or not, as kinds are known only while they last.
 * Thread: UI. */
void view_curves_note(ViewCurves *curves, const View *view);
const ViewCurveState *view_curves_state(const ViewCurves *curves);

/* Brings the shared state up to date for plots `width` wide.  Thread: UI. */
void view_curves_follow(ViewCurves *curves, const View *view, float width);

/* What mouse and keys on a plot do to the span of steps; Enter goes back to the settings at the step
 * read out. Returns the step to be read out, or NAN.  Thread: UI. */
double view_curves_steer(ViewCurves *curves, View *view, const UiPlot *plot);

#endif
