/* One card of the loss plots, in two passes: first the curve, then, when every card has told whether
 * the mouse is on it, what is read out at one step in all of them. */
#ifndef VIEWS_CURVE_CARD_H
#define VIEWS_CURVE_CARD_H

#include "ui/plot.h"
#include "views/curve_scale.h"
#include "views/curve_window.h"
#include "views/view.h"

/* What the cards share. */
typedef struct ViewCurveState {
    ViewTrace trace;
    ViewKinds kinds;
    ViewWindow window;
    ViewAxis axis[LS_SERIES_COUNT];
    UiCurve curve;      /* room to draw one */
    bool swaps;         /* there is a card less than series: total and regularization take turns */
    LsSeries turn;      /* which of them */
    bool due;           /* what is plotted is brought up to date in this frame */
    double seconds;     /* since it was the last time */
    const char *notice; /* drawn in the first card while there is nothing to plot */
} ViewCurveState;

/* Draws card and curve of a series. Returns whether there is a plot; it is then in *plot.
 * Thread: UI. */
LS_CHECKED bool view_curve_card_draw(ViewCurveState *state, View *view, UiRect rect,
                                     LsSeries series, UiPlot *plot);

/* Draws the line and the figures at a step.  Thread: UI. */
void view_curve_card_read(const View *view, const ViewKinds *kinds, const UiPlot *plot,
                          LsSeries series, double step);

#endif
