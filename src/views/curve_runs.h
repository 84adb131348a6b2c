/* Several runs on one card: the sides of a fork in their colours, and other runs in the same axes. */
#ifndef VIEWS_CURVE_RUNS_H
#define VIEWS_CURVE_RUNS_H

#include "views/curve_card.h"

/* The step from which a fork's first side goes its own way; infinite where there is no fork.
 * Thread: UI. */
double view_curve_runs_fork(const View *view);

/* The colour of a history's first run: its term's, but where there is a fork grey up to it and the first
 * side's from there on.  Thread: UI. */
UiColor view_curve_runs_color(const View *view, UiColor term, double step);

/* The newest figures of a fork's sides at a row's right end, in their colours: smaller where there is little
 * room, and one above the other where there is less. a, b: "" where one is not known.  Thread: UI. */
void view_curve_runs_sides(const View *view, const char *a, const char *b, UiRect row);

/* Other runs in the same axes: training as a line of the run's colour, held-out as rings. What was
 * trained of another kind than the one at hand is left out (NAN). need grows to what they take.
 * Thread: UI. */
void view_curve_runs_draw(ViewCurveState *state, const View *view, const UiPlot *plot,
                          LsSeries series);
double view_curve_runs_value(const View *view, const ViewRun *run, LsSeries series, double step);
void view_curve_runs_need(const View *view, LsSeries series, double x0, double x1, ViewScale *need);

#endif
