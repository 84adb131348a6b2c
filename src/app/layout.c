#include "app/layout.h"

#include <math.h>

#include "ui/tabs.h"
#include "ui/theme.h"
#include "views/measure_strip.h"

enum {
    LOW = 540 /* px: a window lower than this has no line of figures */
};

static float clamp(float value, float low, float high)
{
    return fmaxf(low, fminf(high, value));
}

AppLayout app_layout_make(UiRect window)
{
    const float gap = UI_GRID;
    AppLayout layout;
    UiRect rest = window;
    layout.topbar = ui_rect_cut_top(&rest, 48);
    layout.status = ui_rect_cut_bottom(&rest, 26);
    rest = ui_rect_inset(rest, gap);
    const float plots = floorf(clamp(window.h * 0.19F, 108, 260));
    layout.bottom = ui_rect_cut_bottom(&rest, plots + UI_TABS_ROW);
    layout.bottom_tabs = ui_rect_cut_top(&layout.bottom, UI_TABS_ROW);
    ui_rect_cut_top(&layout.bottom, gap / 2);
    rest.h -= gap / 2;
    const bool measured = window.h >= LOW; /* the map needs the room more */
    layout.measures = ui_rect_cut_bottom(&rest, measured ? VIEW_MEASURE_STRIP_H : 0);
    layout.measures.x += gap;
    layout.measures.w -= 2 * gap;
    rest.h -= measured ? gap : 0;
    layout.panel = ui_rect_cut_right(&rest, floorf(clamp(window.w * 0.2875F, 272, 440)));
    rest.w -= gap;
    layout.panel_tabs = ui_rect_cut_top(&layout.panel, UI_TABS_ROW);
    ui_rect_cut_top(&layout.panel, gap / 2);
    /* The map's plot is square, so its card is about as wide as high; the rest is the middle's. */
    const float middle_least = floorf(clamp(window.w * 0.25F, 176, 400));
    const float map_w = floorf(fminf(rest.w - gap - middle_least, rest.h + 12));
    layout.map = ui_rect_cut_left(&rest, map_w);
    rest.x += gap;
    rest.w -= gap;
    const float cards = rest.h - 2 * gap;
    layout.cursor = ui_rect_cut_top(&rest, floorf(cards * 0.355F));
    rest.y += gap;
    rest.h -= gap;
    layout.samples = ui_rect_cut_top(&rest, floorf(cards * 0.345F));
    rest.y += gap;
    rest.h -= gap;
    layout.reconstructions = rest;
    return layout;
}
