/* Held-out images as points of the latent plane, coloured by label: the means the encoder of the
 * newest snapshot gives them, brought up to date in turn. At most 2,000 are shown, evenly chosen. */
#ifndef VIEWS_MAP_POINTS_H
#define VIEWS_MAP_POINTS_H

#include "views/plane.h"
#include "views/view.h"

typedef struct ViewMapPoints ViewMapPoints;

/* One of them. */
typedef struct ViewMapPoint {
    uint32_t image; /* of the held-out images */
    int label;
    const float *code; /* [latent] */
} ViewMapPoint;

/* No points yet. Owns: the caller, view_map_points_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewMapPoints *view_map_points_create(LsError *err);

/* Releases them; NULL is accepted.  Thread: UI. */
void view_map_points_destroy(ViewMapPoints *points);

/* Forgets the codes where model or data are other ones than in the last frame. To be called first in
 * a frame.  Thread: UI. */
void view_map_points_follow(ViewMapPoints *points, const View *view);

/* Encodes until view->decode_until, and a few in any case. Returns whether something is left to do.
 * Thread: UI. */
bool view_map_points_work(ViewMapPoints *points, const View *view);

/* How many are encoded; the one at index.  Thread: UI. */
int view_map_points_count(const ViewMapPoints *points);
ViewMapPoint view_map_points_get(const ViewMapPoints *points, int index);

/* Draws them, with a ring around the one at index `ringed` (-1: none).  Thread: UI. */
void view_map_points_draw(ViewMapPoints *points, const View *view, const ViewPlane *plane,
                          int ringed);

/* The shown point nearest to a place of the window, at most `within` away, or -1.  Thread: UI. */
int view_map_points_pick(const ViewMapPoints *points, const ViewPlane *plane, UiPoint at,
                         float within);

/* The k points nearest in latent space to the two coordinates z (the other axes 0). Returns how many
 * there are. Shapes: z [2]; out [k].  Thread: UI. */
int view_map_points_nearest(const ViewMapPoints *points, const float *z, int k, int *out);

/* Where one lies in the plane: with a single latent axis its height is its class's.  Thread: UI. */
UiPoint view_map_points_at(const ViewMapPoints *points, const ViewPlane *plane, int index);

/* The share of codes outside bounds, and of those farther than `radius` from the prior's middle on the
 * axes shown, 0 .. 1; the bounds of all codes. Fails: false where there are
 * none.  Thread: UI. */
double view_map_points_outside(const ViewMapPoints *points, ViewBounds bounds);
double view_map_points_beyond(const ViewMapPoints *points, double radius);
LS_CHECKED bool view_map_points_bounds(const ViewMapPoints *points, ViewBounds *bounds);

/* The root of the mean square of the shown codes' distances from the prior's middle on the axes shown,
 * for the trace; 0 where there are none. Units: the prior's deviations.  Thread: UI. */
double view_map_points_rms(const ViewMapPoints *points);

/* Classes: shown or hidden; the one shown brightly while others are dimmed (-1: none).
 * Thread: UI. */
bool view_map_points_shown(const ViewMapPoints *points, int label);
void view_map_points_show(ViewMapPoints *points, int label, bool shown);
void view_map_points_light(ViewMapPoints *points, int label);

/* The same classes hidden and lit as in `other`.  Thread: UI. */
void view_map_points_like(ViewMapPoints *points, const ViewMapPoints *other);

#endif
