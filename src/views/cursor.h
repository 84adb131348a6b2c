/* Under the cursor: the image the decoder makes of the place pointed at, in every frame in which the
 * place or the weights changed; the place in figures; and the held-out images encoded nearest to
 * it. */
#ifndef VIEWS_CURSOR_H
#define VIEWS_CURSOR_H

#include "views/map_points.h"

typedef struct ViewCursorCard ViewCursorCard;

/* An empty card. Owns: the caller, view_cursor_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewCursorCard *view_cursor_create(LsError *err);

/* Releases it; NULL is accepted. To be called before ui_destroy().  Thread: UI. */
void view_cursor_destroy(ViewCursorCard *card);

/* Decodes view->cursor.z where it or the snapshot changed, whatever the budget, and draws the card.
 * After the map in a frame, which sets the cursor. points: the codes to find neighbours among.
 * Thread: UI. */
void view_cursor_draw(ViewCursorCard *card, View *view, UiRect rect, const ViewMapPoints *points);

/* The sum of the decoded pixels of this frame's image, for the trace.  Thread: UI. */
double view_cursor_image_sum(const ViewCursorCard *card);

#endif
