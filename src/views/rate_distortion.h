/* The way of a run through the plane of rate (KL) and distortion (reconstruction, bce), both on
 * held-out images: down is sharper, left is simpler, and on each dashed line the ELBO is the same. */
#ifndef VIEWS_RATE_DISTORTION_H
#define VIEWS_RATE_DISTORTION_H

#include "views/view.h"

typedef struct ViewRateDistortion ViewRateDistortion;

/* A view. Owns: the caller, view_rate_distortion_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewRateDistortion *view_rate_distortion_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: UI. */
void view_rate_distortion_destroy(ViewRateDistortion *plane);

/* Draws the plane, and beside it the figures where there is room; view->runs are further paths.
 * Thread: UI. */
void view_rate_distortion_draw(ViewRateDistortion *plane, View *view, UiRect rect);

#endif
