/* Two maps of one plane: the same part of it seen in both, the same classes hidden, the same trail;
 * only the model differs. */
#ifndef VIEWS_MAP_TWIN_H
#define VIEWS_MAP_TWIN_H

#include "views/map.h"

/* Makes `map` show what `lead` shows of the plane. What is decoded stays.  Thread: UI. */
void view_map_twin_follow(ViewMap *map, const ViewMap *lead);

/* Where the plane lies in the window. Units: logical.  Thread: UI. */
UiRect view_map_twin_area(const ViewMap *map);

/* Draws map's layers over those of lead, inside clip, without taking mouse or keys.  Thread: UI. */
void view_map_twin_draw(ViewMap *map, const ViewMap *lead, View *view, UiRect clip);

#endif
