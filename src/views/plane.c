#include "views/plane.h"

#include <math.h>
#include <stddef.h>

/* Floats of the window resolve a hundredth of a pixel at this distance and the least span. */
static const double farthest = 1000.0;

ViewPlane view_plane_make(UiRect area)
{
    return (ViewPlane){.half = VIEW_PLANE_PRIOR, .area = area};
}

double view_plane_unit(const ViewPlane *plane)
{
    return (double)plane->area.w / (2 * plane->half);
}

UiPoint view_plane_to_window(const ViewPlane *plane, double x, double y)
{
    const double unit = view_plane_unit(plane);
    const UiRect area = plane->area;
    return (UiPoint){
        (float)((double)area.x + (double)area.w / 2 + (x - plane->x) * unit),
        (float)((double)area.y + (double)area.h / 2 - (y - plane->y) * unit),
    };
}

void view_plane_from_window(const ViewPlane *plane, UiPoint at, double *x, double *y)
{
    const double unit = view_plane_unit(plane);
    const UiRect area = plane->area;
    *x = plane->x + ((double)at.x - (double)area.x - (double)area.w / 2) / unit;
    *y = plane->y - ((double)at.y - (double)area.y - (double)area.h / 2) / unit;
}

/* What was fitted to far-out codes may lie beyond the usual limit and must not jump back. */
static void keep_near(ViewPlane *plane)
{
    const double limit = fmax(farthest, plane->half);
    plane->x = fmin(fmax(plane->x, -limit), limit);
    plane->y = fmin(fmax(plane->y, -limit), limit);
}

void view_plane_zoom(ViewPlane *plane, double factor, UiPoint about)
{
    if (!(factor > 0) || !isfinite(factor)) {
        return;
    }
    const double most = fmax(VIEW_PLANE_MOST / 2, plane->half);
    const double half = fmin(fmax(plane->half / factor, VIEW_PLANE_LEAST / 2), most);
    double x = 0;
    double y = 0;
    view_plane_from_window(plane, about, &x, &y);
    const double ratio = half / plane->half;
    plane->x = x + (plane->x - x) * ratio;
    plane->y = y + (plane->y - y) * ratio;
    plane->half = half;
    keep_near(plane);
}

void view_plane_pan(ViewPlane *plane, UiPoint moved)
{
    const double unit = view_plane_unit(plane);
    plane->x -= (double)moved.x / unit;
    plane->y += (double)moved.y / unit;
    keep_near(plane);
}

void view_plane_fit(ViewPlane *plane, ViewBounds bounds)
{
    const double span = fmax(bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
    if (!isfinite(span)) {
        return;
    }
    plane->x = (bounds.x0 + bounds.x1) / 2;
    plane->y = (bounds.y0 + bounds.y1) / 2;
    plane->half = fmax(span * 1.06, VIEW_PLANE_LEAST) / 2;
}

void view_plane_fit_next(ViewPlane *plane, const ViewBounds *codes, double outside)
{
    const ViewPlane prior = view_plane_make(plane->area);
    ViewPlane all = prior;
    if (codes != NULL && outside > 0) {
        const double half = VIEW_PLANE_PRIOR;
        view_plane_fit(&all, (ViewBounds){fmin(codes->x0, -half), fmax(codes->x1, half),
                                          fmin(codes->y0, -half), fmax(codes->y1, half)});
    }
    const bool scattered = outside > 0.02;
    const ViewPlane first = scattered ? all : prior;
    const ViewPlane second = scattered ? prior : all;
    *plane = view_plane_same(plane, &first) ? second : first;
}

ViewBounds view_plane_bounds(const ViewPlane *plane)
{
    return (ViewBounds){plane->x - plane->half, plane->x + plane->half, plane->y - plane->half,
                        plane->y + plane->half};
}

bool view_plane_same(const ViewPlane *a, const ViewPlane *b)
{
    const double near = 1e-6 * fmax(a->half, b->half);
    return fabs(a->x - b->x) <= near && fabs(a->y - b->y) <= near &&
           fabs(a->half - b->half) <= near;
}

bool view_plane_arc(const ViewPlane *plane, double radius, double *from, double *to)
{
    const ViewBounds seen = view_plane_bounds(plane);
    const double far_x = fmax(fabs(seen.x0), fabs(seen.x1));
    const double far_y = fmax(fabs(seen.y0), fabs(seen.y1));
    const double near_x = seen.x0 > 0 ? seen.x0 : seen.x1 < 0 ? -seen.x1 : 0;
    const double near_y = seen.y0 > 0 ? seen.y0 : seen.y1 < 0 ? -seen.y1 : 0;
    if (radius > hypot(far_x, far_y) || radius < hypot(near_x, near_y)) {
        return false;
    }
    *from = 0;
    *to = 2 * M_PI;
    if (near_x == 0 && near_y == 0) {
        return true; /* the origin is seen */
    }
    /* Seen from the origin outside of it, the square spans less than half a turn: measure its
     * corners from the direction of its middle. */
    const double middle = atan2(seen.y0 + seen.y1, seen.x0 + seen.x1);
    double low = 0;
    double high = 0;
    for (int corner = 0; corner < 4; corner++) {
        const double x = (corner & 1) != 0 ? seen.x1 : seen.x0;
        const double y = (corner & 2) != 0 ? seen.y1 : seen.y0;
        const double turn = remainder(atan2(y, x) - middle, 2 * M_PI);
        low = fmin(low, turn);
        high = fmax(high, turn);
    }
    *from = middle + low;
    *to = middle + high;
    return true;
}
