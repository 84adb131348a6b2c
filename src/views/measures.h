/* The page that tells what the model generates in figures: a row for each measure, with its standard
 * error, its course, and what the last change of the settings has done to it. */
#ifndef VIEWS_MEASURES_H
#define VIEWS_MEASURES_H

#include "latentscape/measure/measure.h"

#include "views/course.h"
#include "views/view.h"

/* What the page keeps between frames. */
typedef struct ViewMeasures {
    float offset, height; /* of the scrolled part */
    ViewCourses courses;
} ViewMeasures;

/* Draws it into rect.  Thread: UI. */
void view_measures_draw(ViewMeasures *measures, View *view, UiRect rect);

/* The measures to which those shown are compared: the last before the settings were changed last; NULL
 * where there are none, or what was changed has not been measured yet. *change gets that change.
 * Owns: borrowed until the history grows.  Thread: UI. */
const LsMeasures *view_measures_before(const View *view, const LsMarker **change);

/* Why nothing is shown where nothing was measured.  Thread: any. */
const char *view_measures_nothing(const View *view);

/* A measure as people read it, with as many digits as its row says: "0.27", "13.9"; "–" where it is
 * missing. Shapes: out [VIEW_FIGURE].  Thread: any. */
void view_measures_figure(const LsMeasureRow *row, const LsMeasureValue *value, char *out);

/* What changed between two: "+0.05", "−1.2", "±0" where it is less than the row's digits show, "" where
 * one is missing. Shapes: out [VIEW_FIGURE].  Thread: any. */
void view_measures_change(const LsMeasureRow *row, const LsMeasureValue *from,
                          const LsMeasureValue *to, char *out);

/* 1 where the change is for the better, -1 for the worse, 0 where it is within two standard errors of
 * the difference, or one is missing.  Thread: any. */
int view_measures_verdict(const LsMeasureRow *row, const LsMeasureValue *from,
                          const LsMeasureValue *to);

#endif
