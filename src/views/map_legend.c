#include "views/map_legend.h"

#include <math.h>
#include <stdio.h>

#include "views/pixels.h"

enum {
    ITEM_H_LEAST = 14,
    ITEM_W_LEAST = 22,
    LINES_MOST = 3
};

static int least(int a, int b)
{
    return a < b ? a : b;
}

float view_map_legend_height(float width, int classes)
{
    if (width >= (float)(classes * VIEW_LEGEND_ITEM_W)) {
        return VIEW_LEGEND_ITEM_H;
    }
    const int across = (int)(width / ITEM_W_LEAST) > 1 ? (int)(width / ITEM_W_LEAST) : 1;
    const int lines = (classes + across - 1) / across;
    return lines > 1 ? (float)(ITEM_H_LEAST * least(lines, LINES_MOST)) : VIEW_LEGEND_ITEM_H;
}

/* Where the items of a legend lie. */
typedef struct Items {
    int across, down, count;
    float w, h; /* of one */
} Items;

static Items lay_out(UiRect rect, int classes)
{
    Items items = {.across = (int)(rect.w / VIEW_LEGEND_ITEM_W),
                   .w = VIEW_LEGEND_ITEM_W,
                   .h = VIEW_LEGEND_ITEM_H};
    items.down = (int)(rect.h / items.h);
    if (items.across * items.down < classes) { /* closer together, as far as they can be read */
        items.h = ITEM_H_LEAST;
        items.down = (int)(rect.h / items.h);
    }
    if (items.across * items.down < classes && items.down > 0) {
        /* likewise, in lines as even as can be */
        items.across = least((classes + items.down - 1) / items.down, (int)(rect.w / ITEM_W_LEAST));
        items.w = floorf(rect.w / (float)(items.across > 0 ? items.across : 1));
    }
    items.count = least(classes, items.across * items.down);
    return items;
}

/* One class. Returns whether the mouse or the keyboard is on it. */
static bool item(ViewMapPoints *points, View *view, UiRect rect, int label)
{
    Ui *ui = view->ui;
    char id[32];
    char text[96];
    snprintf(id, sizeof id, "map.class.%d", label);
    const UiHit hit = ui_area(ui, id, rect, true);
    const bool shown = view_map_points_shown(points, label);
    if (hit.clicked || hit.key_enter) {
        view_map_points_show(points, label, !shown);
    }
    snprintf(text, sizeof text, "Class %d: pointing lights its points, a click %s them.", label,
             shown ? "hides" : "shows");
    ui_tooltip(ui, rect, text, NULL);
    const bool on = hit.over || hit.focused;
    if (hit.over) {
        ui_draw_round(ui, rect, UI_ROUND, UI_HOVER);
    }
    if (hit.focused) {
        ui_draw_frame(ui, rect, UI_ROUND, 1, UI_ACTION);
    }
    const UiColor color = view_pixels_class(label);
    const UiPoint dot = {rect.x + 9, rect.y + rect.h / 2};
    if (shown) {
        ui_draw_disc(ui, dot, 4, color);
    } else {
        ui_draw_ring(ui, dot, 4, 1, 0, ui_color_fade(color, 0.6F));
    }
    const UiRect name = {rect.x + 16, rect.y, rect.w - 16, rect.h};
    ui_draw_textf(ui, name, UI_FONT_SMALL, UI_LEFT, on && shown ? UI_TEXT : UI_MUTED, "%d", label);
    return on && shown;
}

void view_map_legend_draw(ViewMapPoints *points, View *view, UiRect rect)
{
    const int classes = view->data->classes;
    const Items items = lay_out(rect, classes);
    const bool downwards = rect.h > rect.w;
    int lit = -1;
    for (int label = 0; label < items.count; label++) {
        const int i = downwards ? label / items.down : label % items.across;
        const int j = downwards ? label % items.down : label / items.across;
        const UiRect place = {rect.x + (float)i * items.w, rect.y + (float)j * items.h, items.w - 2,
                              items.h - 1};
        if (item(points, view, place, label)) {
            lit = label;
        }
    }
    view_map_points_light(points, lit);
}
