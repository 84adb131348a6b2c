#include "views/map_twin.h"

#include "views/map_state.h"

void view_map_twin_follow(ViewMap *map, const ViewMap *lead)
{
    const UiRect area = map->plane.area; /* each has its own place in the window */
    map->plane = lead->plane;
    map->plane.area = area;
    view_map_points_like(map->points, lead->points);
    if (map->trail.count != lead->trail.count || map->trail.first != lead->trail.first ||
        lead->dragging) {
        map->trail = lead->trail;
    }
}

UiRect view_map_twin_area(const ViewMap *map)
{
    return map->plane.area;
}

void view_map_twin_draw(ViewMap *map, const ViewMap *lead, View *view, UiRect clip)
{
    view_map_twin_follow(map, lead);
    map->plane.area = lead->plane.area;
    map->point_card.point = map->point_card.pinned = -1;
    view_map_points_follow(map->points, view);
    view_map_posterior_follow(map->posterior, view, view_map_chosen(lead, view));
    ui_draw_push_clip(view->ui, clip);
    ui_draw_rect(view->ui, map->plane.area, UI_BLACK);
    size_t count = 0;
    const ViewLayer *layers = view_layer_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        if (*view_layer_shown(&layers[i], &view->choice)) {
            layers[i].draw(map, view);
        }
    }
    view_map_trail_draw(&map->trail, view->ui, &map->plane);
    ui_draw_pop_clip(view->ui);
}
