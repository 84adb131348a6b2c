/* The span of steps that all loss plots show: the whole run, or a part of it chosen with wheel and
 * drag; a part that reaches the newest step goes along with it. */
#ifndef VIEWS_CURVE_WINDOW_H
#define VIEWS_CURVE_WINDOW_H

#include <stdbool.h>

typedef struct ViewWindow {
    bool part;        /* false: the whole run */
    bool at_end;      /* of a part: it moves with the newest step */
    double x0, x1;    /* steps */
    double from, end; /* the run's first and last step */
} ViewWindow;

/* Takes note of the run's extent, and moves what follows it.  Thread: any. */
void view_curve_window_track(ViewWindow *window, double from, double end);

/* Shows 1 / factor of the span, keeping the step `at` where it is.  Thread: any. */
void view_curve_window_zoom(ViewWindow *window, double at, double factor);

/* Moves by so many steps, as far as the run goes.  Thread: any. */
void view_curve_window_pan(ViewWindow *window, double steps);

/* The whole run again.  Thread: any. */
void view_curve_window_fit(ViewWindow *window);

#endif
