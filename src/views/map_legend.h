/* The legend of classes: pointing at one lights its points and dims the others, a click hides or
 * shows them. */
#ifndef VIEWS_MAP_LEGEND_H
#define VIEWS_MAP_LEGEND_H

#include "views/map_points.h"

enum {
    VIEW_LEGEND_ITEM_W = 28, /* room for one class, logical units */
    VIEW_LEGEND_ITEM_H = 20,
};

/* How high it is below something of such a width: a line, or as many lines closer together as it takes.
 * Thread: any. */
float view_map_legend_height(float width, int classes);

/* Draws it in rect, downwards where that is higher than wide.  Thread: UI. */
void view_map_legend_draw(ViewMapPoints *points, View *view, UiRect rect);

#endif
