/* A small card beside a point of the map on which the mouse rests: the held-out image itself, its
 * class and number. It stays with its point while the model moves it, until the mouse moves. */
#ifndef VIEWS_POINT_CARD_H
#define VIEWS_POINT_CARD_H

#include "views/map_points.h"
#include "views/tiles.h"

typedef struct ViewPointCard {
    int point;    /* index, or -1 */
    double since; /* when the mouse came to rest on it */
    UiPoint mouse;
    ViewTiles tile;
    const uint8_t *pixels; /* data set and image the tile shows; NULL: none yet */
    uint32_t image;
    char hint[128];
} ViewPointCard;

/* Finds the point under the mouse after it has moved, and lets go of one that has moved away from it.
 * free: no button is down.  Thread: UI. */
void view_point_card_follow(ViewPointCard *card, const ViewMapPoints *points, View *view,
                            const ViewPlane *plane, const UiHit *hit, bool free);

/* Draws it once the mouse has rested for a moment, inside the plane's area.  Thread: UI. */
void view_point_card_draw(ViewPointCard *card, const ViewMapPoints *points, View *view,
                          const ViewPlane *plane);

/* Whether it waits to be shown, so that another frame is wanted.  Thread: UI. */
bool view_point_card_waits(const ViewPointCard *card, double now);

/* Releases its picture.  Thread: UI. */
void view_point_card_finish(ViewPointCard *card);

#endif
