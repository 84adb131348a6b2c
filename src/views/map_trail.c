#include "views/map_trail.h"

#include <math.h>

void view_map_trail_reset(ViewMapTrail *trail)
{
    trail->first = 0;
    trail->count = 0;
}

void view_map_trail_add(ViewMapTrail *trail, float x, float y)
{
    const int at = (trail->first + trail->count) % VIEW_TRAIL_MOST;
    trail->z[at][0] = x;
    trail->z[at][1] = y;
    if (trail->count < VIEW_TRAIL_MOST) {
        trail->count++;
    } else {
        trail->first = (trail->first + 1) % VIEW_TRAIL_MOST;
    }
}

const float *view_map_trail_at(const ViewMapTrail *trail, int k)
{
    return trail->z[(trail->first + k) % VIEW_TRAIL_MOST];
}

void view_map_trail_draw(const ViewMapTrail *trail, Ui *ui, const ViewPlane *plane)
{
    enum {
        MOST = 1024 /* points drawn: closer ones than a pixel or two are not seen */
    };

    UiPoint points[MOST];
    size_t count = 0;
    const int step = trail->count / (MOST - 1) + 1;
    for (int k = 0; k < trail->count; k++) {
        const float *z = view_map_trail_at(trail, k);
        const UiPoint at = view_plane_to_window(plane, (double)z[0], (double)z[1]);
        const bool last = k == trail->count - 1;
        if (count > 0 && !last) {
            const float dx = at.x - points[count - 1].x;
            const float dy = at.y - points[count - 1].y;
            if (dx * dx + dy * dy < 2.25F || k % step != 0) {
                continue;
            }
        }
        points[count++] = at;
    }
    if (count < 2) {
        return;
    }
    const UiColor dark = {8, 10, 14, 130};
    ui_draw_trail(ui, points, count, 4, ui_color_fade(dark, 0.1F), dark);
    ui_draw_trail(ui, points, count, 2, ui_color_fade(UI_TEXT, 0.15F), UI_TEXT);
}
