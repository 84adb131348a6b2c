/* What surrounds the latent plane: numbers along its axes, and the prior's rings. */
#ifndef VIEWS_MAP_AXES_H
#define VIEWS_MAP_AXES_H

#include "ui/draw.h"
#include "views/plane.h"

enum {
    VIEW_AXES_LEFT = 28,  /* room for numbers left of the plane, logical units */
    VIEW_AXES_BELOW = 18, /* and below it */
};

/* Numbers left of and below the plane; with one latent axis only those below mean something.
 * Thread: UI. */
void view_map_axes_draw(Ui *ui, const ViewPlane *plane, int latent);

/* Rings at 1, 2 and 3 deviations of the prior, named; with one latent axis, lines.  Thread: UI. */
void view_map_axes_rings(Ui *ui, const ViewPlane *plane, int latent);

#endif
