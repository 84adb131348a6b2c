/* The measures in one line across the window, whatever page is shown: for each its name, its figure,
 * what the last change of the settings did to it, and its course so far. Of a fork both sides' figures.
 * Where the window is narrow, some fall away, in an order of their own. */
#ifndef VIEWS_MEASURE_STRIP_H
#define VIEWS_MEASURE_STRIP_H

#include "views/course.h"
#include "views/view.h"

enum {
    VIEW_MEASURE_STRIP_H = 34 /* px */
};

/* What the line keeps between frames. */
typedef struct ViewMeasureStrip {
    ViewCourses courses;
} ViewMeasureStrip;

/* Draws it into rect, of a fork with its other side. Returns whether a measure was clicked.
 * Thread: UI. */
bool view_measure_strip_draw(ViewMeasureStrip *strip, View *view, const View *other, UiRect rect);

/* Which measures find room. Sharpness, clarity, coherence and coverage stay longest, then the
 * overfitting gap, the codes' distance from the prior, precision, recall, agreement, information and
 * the active axes. Returns how many. Shapes: shown [LS_MEASURE_COUNT].  Thread: any. */
int view_measure_strip_fit(float width, bool *shown);

#endif
