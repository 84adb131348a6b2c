/* Two models in figures, side by side: what each comes to on held-out images, and the difference. */
#ifndef VIEWS_VERSUS_H
#define VIEWS_VERSUS_H

#include "views/view.h"

/* One of the two. */
typedef struct ViewVersusSide {
    const char *name; /* "before", "now", "A" */
    UiColor color;
    const LsMetric *metric;     /* its newest evaluation; not evaluated: dashes */
    const LsMeasures *measures; /* of its samples; NULL: not shown */
    int rec, div;               /* kinds of reconstruction and divergence that were evaluated */
} ViewVersusSide;

enum {
    VIEW_VERSUS_ROWS = 4, /* ELBO, reconstruction, KL, overfitting gap */
    VIEW_VERSUS_ROW = 18, /* px of one */
};

/* How wide each of its three columns of figures is in a table that takes rect.  Thread: any. */
float view_versus_column(UiRect rect);

/* Draws the table, with a head line of names, from the top of rect on; returns the height it takes.
 * The difference is the second less the first, green where that is for the better.  Thread: UI. */
float view_versus_draw(View *view, ViewVersusSide a, ViewVersusSide b, UiRect rect);

#endif
