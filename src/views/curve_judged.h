/* Cards of what only evaluations tell: the ELBO, training and held-out images in the same axes, and
 * the divergence of each latent dimension. They share the loss plots' span of steps. */
#ifndef VIEWS_CURVE_JUDGED_H
#define VIEWS_CURVE_JUDGED_H

#include "views/curve_card.h"

typedef enum ViewJudged {
    VIEW_JUDGED_ELBO,
    VIEW_JUDGED_AXES,
    VIEW_JUDGED_COUNT
} ViewJudged;

/* The plot below a card's title. Returns whether there is one; it is then in *plot.  Thread: UI. */
LS_CHECKED bool view_curve_judged_draw(ViewCurveState *state, View *view, UiRect inside,
                                       ViewJudged what, UiPlot *plot);

/* The newest figures at the right of a title's row, as many as find room.  Thread: UI. */
void view_curve_judged_figures(const View *view, ViewJudged what, UiRect row);

/* The line and the figures at a step.  Thread: UI. */
void view_curve_judged_read(const View *view, ViewJudged what, const UiPlot *plot, double step);

#endif
