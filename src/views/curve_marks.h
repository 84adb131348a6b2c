/* The changes of the settings in a plot over steps: a dashed line each, and labels that lead back to
 * the settings that held from there on. */
#ifndef VIEWS_CURVE_MARKS_H
#define VIEWS_CURVE_MARKS_H

#include "ui/plot.h"
#include "views/view.h"

enum {
    VIEW_MARK_ROW = 13 /* px of a row of labels */
};

/* Whether there is a change in x0 .. x1 (steps).  Thread: UI. */
bool view_curve_marks_any(const View *view, double x0, double x1);

/* The lines, to be drawn below curves' points.  Thread: UI. */
void view_curve_marks_lines(const View *view, const UiPlot *plot);

/* The labels, over everything; a click on one goes back to its settings. id: of the plot; its labels
 * are "ID.mark.0" for the newest, "ID.mark.1" for the one before.  Thread: UI. */
void view_curve_marks_labels(View *view, const UiPlot *plot, const char *id);

/* Goes back to the settings that held at a step, where a change at or before it is known: an edit like
 * any other, with a marker and an undo of its own. Returns whether there was one.  Thread: UI. */
bool view_curve_marks_return(View *view, double step);

#endif
