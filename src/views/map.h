/* The latent map: the plane of the first two latent axes with its layers, and the hand on it.
 *
 * Hovering sets view->cursor in every frame; dragging leaves a trail; the wheel zooms about the
 * pointer; the right or middle button pans; a double click fits. While it has the keyboard: arrows
 * move the cursor (Shift ten times as far), + and - zoom, 0 fits. A view draws first and decodes
 * later in the frame: view_map_draw(), then the other views, then view_map_work() with what time is
 * left. */
#ifndef VIEWS_MAP_H
#define VIEWS_MAP_H

#include "views/view.h"

typedef struct ViewMap ViewMap;
typedef struct ViewMapPoints ViewMapPoints;

/* A map of the prior up to three deviations. Owns: the caller, view_map_destroy().
 * Fails: NULL, LS_ERR_MEMORY.  Thread: UI. */
LS_CHECKED ViewMap *view_map_create(LsError *err);

/* Releases it; NULL is accepted. To be called before ui_destroy().  Thread: UI. */
void view_map_destroy(ViewMap *map);

/* Draws it in the card, takes mouse and keys, sets view->cursor and what its switches change in
 * view->choice.  Thread: UI. */
void view_map_draw(ViewMap *map, View *view, UiRect card);

/* Decodes and encodes until view->decode_until, a little in any case; last of the views in a frame.
 * Returns whether more is to be done, so that another frame is wanted.  Thread: UI. */
bool view_map_work(ViewMap *map, const View *view);

/* Shows the prior, or all codes where many lie outside of it; called again, the other of both.
 * Thread: UI. */
void view_map_fit(ViewMap *map);

/* Zooms about the middle; factor > 1 shows more detail.  Thread: UI. */
void view_map_zoom(ViewMap *map, double factor);

/* Moves the plane by parts of what is seen: x = 0.1 shows what lies to the right.  Thread: UI. */
void view_map_pan(ViewMap *map, double x, double y);

/* Forgets the trail.  Thread: UI. */
void view_map_clear_trail(ViewMap *map);

/* Hides the card of a point until the mouse comes to a point anew: something else is at hand.
 * Thread: UI. */
void view_map_hush(ViewMap *map);

/* What is seen, in units of the prior's deviation.  Thread: UI. */
void view_map_range(const ViewMap *map, double *x0, double *x1, double *y0, double *y1);

/* The encoded held-out images, for the views beside. Owns: borrowed.  Thread: UI. */
const ViewMapPoints *view_map_codes(const ViewMap *map);

/* Renders what the map shows, with its layers: cells x cells images, at twice their size where the
 * picture stays of moderate size. Shapes: *rgb gets
 * [h, w, 3] bytes. Owns: the caller, ls_memory_free(*rgb). Fails: false, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED bool view_map_picture(const ViewMap *map, View *view, int cells, uint8_t **rgb, int *w,
                                 int *h, LsError *err);

#endif
