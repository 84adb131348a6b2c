/* A small card beside a point of the map on which the mouse rests: the held-out image itself, its
 * class and number. It stays with its point while the model moves it, until the mouse moves; with one
 * that was clicked, until another place is. */
#ifndef VIEWS_POINT_CARD_H
#define VIEWS_POINT_CARD_H

#include "views/map_points.h"
#include "views/map_posterior.h"
#include "views/tiles.h"

typedef struct ViewPointCard {
    int point;    /* under the mouse: index, or -1 */
    int pinned;   /* clicked: index, or -1 */
    double since; /* when the mouse came to rest on it */
    bool hushed;  /* until the mouse comes to a point anew */
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

/* The point the card speaks of now: the one on which the mouse has rested for a moment, or the one
 * that was clicked; -1: none.  Thread: UI. */
int view_point_card_shown(const ViewPointCard *card, const ViewMapPoints *points, double now);

/* Draws it inside the plane's area, with the posterior below where it is not NULL.  Thread: UI. */
void view_point_card_draw(ViewPointCard *card, const ViewMapPoints *points,
                          ViewMapPosterior *posterior, View *view, const ViewPlane *plane);

/* Hides it until the mouse comes to a point anew; a point that was clicked stays chosen.
 * Thread: UI. */
void view_point_card_hush(ViewPointCard *card);

/* Whether the card is seen.  Thread: UI. */
bool view_point_card_seen(const ViewPointCard *card, const ViewMapPoints *points, double now);

/* Whether it waits to be shown, so that another frame is wanted.  Thread: UI. */
bool view_point_card_waits(const ViewPointCard *card, double now);

/* Releases its picture.  Thread: UI. */
void view_point_card_finish(ViewPointCard *card);

#endif
