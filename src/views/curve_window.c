#include "views/curve_window.h"

#include <math.h>

static const double least_span = 20; /* steps */

/* Keeps a part inside the run; one as long as the run is the whole run. */
static void settle(ViewWindow *window)
{
    const double run = window->end - window->from;
    const double span = fmax(window->x1 - window->x0, least_span);
    if (!window->part || span >= run) {
        window->part = false;
        window->x0 = window->from;
        window->x1 = fmax(window->end, window->from + least_span);
        return;
    }
    window->x0 = fmin(fmax(window->x0, window->from), window->end - span);
    window->x1 = window->x0 + span;
}

void view_curve_window_track(ViewWindow *window, double from, double end)
{
    const double moved = end - window->end;
    window->from = from;
    window->end = end;
    if (window->part && window->at_end) {
        window->x0 += moved;
        window->x1 += moved;
    }
    settle(window);
}

void view_curve_window_zoom(ViewWindow *window, double at, double factor)
{
    const double span = window->x1 - window->x0;
    const double fresh = fmax(span / factor, least_span);
    const double part = span > 0 ? (at - window->x0) / span : 0;
    window->x0 = at - part * fresh;
    window->x1 = window->x0 + fresh;
    window->part = true;
    settle(window);
    window->at_end = window->x1 >= window->end - 0.005 * fresh;
}

void view_curve_window_pan(ViewWindow *window, double steps)
{
    if (window->part) {
        window->x0 += steps;
        window->x1 += steps;
        settle(window);
        window->at_end = window->x1 >= window->end - 0.005 * (window->x1 - window->x0);
    }
}

void view_curve_window_fit(ViewWindow *window)
{
    window->part = false;
    settle(window);
}
