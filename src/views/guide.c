#include "views/guide.h"

#include <math.h>

#include "views/caption.h"

enum {
    ROW = 24,    /* px */
    GAP = 24,    /* px between columns */
    KEY_W = 128, /* px of the column of keys */
    TWO_COLUMNS_W = 560,
};

static const char seen[] =
    "The map is the plane of the model's two latent numbers: at every place stands the image that "
    "the "
    "decoder draws there, and each dot is a held-out image where the encoder puts it. Train, and "
    "all "
    "of it follows the newest weights. Each term of the loss can be switched off, weighted or "
    "replaced while the model learns; the plots mark where you did, and the map, the samples and "
    "the "
    "reconstructions show what came of it.";

static const struct {
    const char *gesture, *does;
} gestures[] = {
    {"Move on the map", "Decode under the mouse"},
    {"Drag", "Leave a trail"},
    {"Wheel", "Zoom, map and plots"},
    {"Right-drag", "Move the map"},
    {"Double-click", "Show all of it again"},
    {"Double-click a slider", "Back to its default"},
    {"Click a figure", "Type a number"},
    {"Tab, arrows, Enter", "Reach every control"},
};

/* Caps of a key, and what it does. */
static void draw_key(Ui *ui, UiRect row, const char *key, const char *title)
{
    UiRect keys = ui_rect_cut_left(&row, fminf(KEY_W, row.w / 2));
    const float width = fminf(ui_text_width(ui, UI_FONT_SMALL, key) + 12, keys.w - 4);
    const UiRect cap = {keys.x, keys.y + 3, width, keys.h - 6};
    ui_draw_round(ui, cap, 4, UI_RAISED);
    ui_draw_frame(ui, cap, 4, 1, UI_HOVER);
    (void)ui_draw_text(ui, cap, UI_FONT_SMALL, UI_CENTER, UI_TEXT, key);
    ui_rect_cut_left(&row, UI_GRID);
    (void)ui_draw_text(ui, row, UI_FONT_BODY, UI_LEFT, UI_TEXT, title);
}

/* The place of the nth entry, row by row. */
static UiRect cell_of(UiRect inside, int nth, int columns)
{
    const float width = (inside.w - (float)(columns - 1) * GAP) / (float)columns;
    const int row = nth / columns;
    return (UiRect){inside.x + (float)(nth % columns) * (width + GAP),
                    inside.y + (float)(row * ROW), width, ROW};
}

void view_guide_draw(ViewGuide *help, View *view, UiRect rect, const ViewAction *actions,
                     size_t count)
{
    Ui *ui = view->ui;
    UiRect inside = ui_scroll_begin(ui, "help.scroll", rect, &help->offset, help->height);
    const float top = inside.y;
    inside.w -= UI_PAD; /* of the scroll bar */
    ui_rect_cut_top(&inside,
                    ui_draw_paragraph(ui, inside, UI_FONT_BODY, UI_MUTED, seen, true) + 12);
    (void)view_caption_draw(ui, &inside, "MOUSE");
    const int columns = inside.w >= TWO_COLUMNS_W ? 2 : 1;
    int cell = 0;
    for (size_t i = 0; i < LS_COUNT(gestures); i++, cell++) {
        const UiRect row = cell_of(inside, cell, columns);
        draw_key(ui, row, gestures[i].gesture, gestures[i].does);
    }
    ui_rect_cut_top(&inside, ceilf((float)cell / (float)columns) * ROW + 8);
    (void)view_caption_draw(ui, &inside, "KEYS");
    cell = 0;
    for (size_t i = 0; i < count; i++) {
        if (!actions[i].key) {
            continue;
        }
        const UiRect row = cell_of(inside, cell, columns);
        draw_key(ui, row, actions[i].key, actions[i].title);
        ui_tooltip(ui, row, actions[i].help, NULL);
        cell++;
    }
    ui_rect_cut_top(&inside, ceilf((float)cell / (float)columns) * ROW + 8);
    help->height = inside.y - top;
    ui_scroll_end(ui);
}
