/* The live grid of decoded images over the visible part of the latent plane.
 *
 * Cells lie on a lattice that belongs to the plane: panning moves what is decoded with the hand and
 * decodes what comes into view; zooming stretches it at once while a new lattice is decoded behind
 * it, coarse first, and takes its place when whole. While the model changes, cells are refreshed
 * from the newest snapshot in turn, as many as the frame has time for. */
#ifndef VIEWS_MAP_GRID_H
#define VIEWS_MAP_GRID_H

#include "views/plane.h"
#include "views/view.h"

typedef struct ViewMapGrid ViewMapGrid;

/* An empty grid. Owns: the caller, view_map_grid_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewMapGrid *view_map_grid_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: UI. */
void view_map_grid_destroy(ViewMapGrid *grid);

/* Draws what is decoded, wherever the plane is now.  Thread: UI. */
void view_map_grid_draw(ViewMapGrid *grid, const View *view, const ViewPlane *plane);

/* After view_map_grid_draw() in the same frame: decodes until `until` on ls_clock_now(), and a few
 * cells in any case. What it decodes is seen in this frame, for pictures are drawn at its end. Returns whether
 * something is left to do; does nothing where everything is up to date.  Thread: UI. */
bool view_map_grid_work(ViewMapGrid *grid, const View *view, const ViewPlane *plane, double until);

/* How many cells across fit a texture for images of this size, at most `cells`.  Thread: any. */
int view_map_grid_cells(int cells, int width, int height);

#endif
