/* The held-out curve of a card, and what lies between it and the training curve: the overfitting gap,
 * as an area and as a figure. */
#ifndef VIEWS_CURVE_GAP_H
#define VIEWS_CURVE_GAP_H

#include "views/curve_card.h"

/* The newest evaluation's held-out value less that of the training images under the same weights;
 * NAN where there is none, or for what does not depend on the images. Units: nats.  Thread: UI. */
double view_curve_gap_figure(const View *view, const ViewKinds *kinds, LsSeries series);

/* The step after which the gap of a series is not known: the loss was changed there, and the newest
 * evaluation is of the loss before. Infinite where there is no such step.  Thread: UI. */
double view_curve_gap_known(const View *view, LsSeries series);

/* Fills the area between training and held-out curve, from the first evaluation on as far as the gap is
 * known.  Thread: UI. */
void view_curve_gap_area(ViewCurveState *state, const View *view, const UiPlot *plot,
                         LsSeries series);

/* The held-out curve: a thin line through every evaluation, rings where there is room.
 * Thread: UI. */
void view_curve_gap_line(ViewCurveState *state, const View *view, const UiPlot *plot,
                         LsSeries series);
void view_curve_gap_rings(const ViewCurveState *state, const View *view, const UiPlot *plot,
                          LsSeries series);

/* A ring for each evaluation of a history, thinned by powers of two so that those that stay are the
 * same as the run grows. kinds: NULL where all of them count.  Thread: UI. */
void view_curve_gap_rings_of(const View *view, const LsHistory *history, const ViewKinds *kinds,
                             const UiPlot *plot, LsSeries series, UiColor color);

#endif
