/* The legend of classes: pointing at one lights its points and dims the others, a click hides or
 * shows them. */
#ifndef VIEWS_MAP_LEGEND_H
#define VIEWS_MAP_LEGEND_H

#include "views/map_points.h"

enum {
    VIEW_LEGEND_ITEM_W = 30, /* room for one class, logical units */
    VIEW_LEGEND_ITEM_H = 20,
};

/* How many classes have a place in a legend of this size: columns side by side where it is high, rows
 * where it is wide.  Thread: any. */
int view_map_legend_fit(UiRect rect, int classes);

/* Draws it in rect, downwards where that is higher than wide.  Thread: UI. */
void view_map_legend_draw(ViewMapPoints *points, View *view, UiRect rect);

#endif
