/* The trail a drag leaves on the latent plane: a path of codes, attached to the plane. The newest
 * 4,096 points are kept. */
#ifndef VIEWS_MAP_TRAIL_H
#define VIEWS_MAP_TRAIL_H

#include "ui/draw.h"
#include "views/plane.h"

enum {
    VIEW_TRAIL_MOST = 4096
};

typedef struct ViewMapTrail {
    int first, count;
    float z[VIEW_TRAIL_MOST][2]; /* a ring: point k is z[(first + k) % MOST] */
} ViewMapTrail;

/* Forgets the path.  Thread: UI. */
void view_map_trail_reset(ViewMapTrail *trail);

/* Adds a point; the oldest gives way where the trail is full.  Thread: UI. */
void view_map_trail_add(ViewMapTrail *trail, float x, float y);

/* The k-th point, oldest first. Shapes: gives [2].  Thread: UI. */
const float *view_map_trail_at(const ViewMapTrail *trail, int k);

/* Draws it on the plane, fading towards its old end.  Thread: UI. */
void view_map_trail_draw(const ViewMapTrail *trail, Ui *ui, const ViewPlane *plane);

#endif
