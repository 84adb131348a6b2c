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

/* The step from which a fork's first side goes its own way; infinite where there is no fork.
 * Thread: UI. */
double view_curve_gap_fork(const View *view);

/* The colour of a history's first run: its term's, but where there is a fork grey up to it and the first
 * side's from there on.  Thread: UI. */
UiColor view_curve_gap_color(const View *view, UiColor term, double step);

/* The newest figures of a fork's sides at a row's right end, in their colours: smaller where there is little
 * room, and one above the other where there is less. a, b: "" where one is not known.  Thread: UI. */
void view_curve_gap_sides(const View *view, const char *a, const char *b, UiRect row);

/* Other runs in the same axes: training as a line of the run's colour, held-out as rings. What was
 * trained of another kind than the one at hand is left out (NAN). need grows to what they take.
 * Thread: UI. */
void view_curve_gap_runs(ViewCurveState *state, const View *view, const UiPlot *plot,
                         LsSeries series);
double view_curve_gap_run_value(const View *view, const ViewRun *run, LsSeries series, double step);
void view_curve_gap_need(const View *view, LsSeries series, double x0, double x1, ViewScale *need);

#endif
