/* The visible part of the latent plane: which square of it, and where that lies in the window.
 * Plane coordinates are the first two latent axes, the second pointing up; the window's y points
 * down. A plain value without anything to release. */
#ifndef VIEWS_PLANE_H
#define VIEWS_PLANE_H

#include "latentscape/core/base.h"

#include "ui/geometry.h"

/* Spans of the plane, in units of the prior's deviation. */
#define VIEW_PLANE_LEAST 0.05
#define VIEW_PLANE_MOST 200.0
#define VIEW_PLANE_PRIOR 3.0 /* half of the span at first: the prior up to three deviations */

typedef struct ViewPlane {
    double x, y; /* the middle of what is seen */
    double half; /* half of the span seen, the same on both axes */
    UiRect area; /* the square of the window it fills, logical units */
} ViewPlane;

/* Points of a plane that are to be seen together. */
typedef struct ViewBounds {
    double x0, x1, y0, y1;
} ViewBounds;

/* The plane up to three deviations of the prior, in area.  Thread: any. */
ViewPlane view_plane_make(UiRect area);

/* Plane to window and back.  Thread: any. */
UiPoint view_plane_to_window(const ViewPlane *plane, double x, double y);
void view_plane_from_window(const ViewPlane *plane, UiPoint at, double *x, double *y);

/* Logical units of the window a unit of the plane takes.  Thread: any. */
double view_plane_unit(const ViewPlane *plane);

/* Shows factor times as much detail; what lies under `about` stays there. The span is kept between
 * LEAST and MOST, or the present one where that is larger.  Thread: any. */
void view_plane_zoom(ViewPlane *plane, double factor, UiPoint about);

/* Moves the plane with the hand, by logical units.  Thread: any. */
void view_plane_pan(ViewPlane *plane, UiPoint moved);

/* Shows the whole of bounds, with a little room around it; it may be wider than MOST.
 * Thread: any. */
void view_plane_fit(ViewPlane *plane, ViewBounds bounds);

/* What fitting shows next: the prior, or everything (prior and codes together) where more than a few
 * codes lie outside of it; asked again while that is seen, the other of both. codes: their bounds, or
 * NULL; outside: the share of them beyond the prior's part of the plane.  Thread: any. */
void view_plane_fit_next(ViewPlane *plane, const ViewBounds *codes, double outside);

/* What is seen.  Thread: any. */
ViewBounds view_plane_bounds(const ViewPlane *plane);

/* Whether both show the same part, up to rounding.  Thread: any. */
bool view_plane_same(const ViewPlane *a, const ViewPlane *b);

/* The part of a circle around the plane's origin that is seen, as angles, counterclockwise; all of it
 * where the origin is seen too. Fails: false where none of it is seen.  Thread: any. */
LS_CHECKED bool view_plane_arc(const ViewPlane *plane, double radius, double *from, double *to);

#endif
