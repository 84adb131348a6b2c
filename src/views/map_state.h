/* What a map is made of, for the files that draw its parts. */
#ifndef VIEWS_MAP_STATE_H
#define VIEWS_MAP_STATE_H

#include "views/layer.h"
#include "views/map_grid.h"
#include "views/map_points.h"
#include "views/map_posterior.h"
#include "views/map_trail.h"
#include "views/point_card.h"

struct ViewMap {
    ViewPlane plane;
    ViewMapGrid *grid;
    ViewMapPoints *points;
    ViewMapTrail trail;
    // --- the hand on it
    bool mouse_leads; /* z follows the mouse; false once arrow keys have moved it */
    bool dragging;    /* the left button is down and has moved */
    UiPoint pressed;  /* where it went down */
    UiPoint last;     /* the newest point of the trail, in the window */
    UiPoint mouse;    /* where the pointer was in the last frame */
    ViewPointCard point_card;
    ViewMapPosterior *posterior; /* of the point chosen */
};

/* The held-out image whose posterior is wanted: of the point the mouse rests on, or else of the one
 * clicked; -1: none.  Thread: UI. */
int64_t view_map_chosen(const ViewMap *map, const View *view);

#endif
