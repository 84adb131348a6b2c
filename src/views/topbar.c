#include "views/topbar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/figure.h"

enum {
    BUTTON_H = 32, /* px */
    GLYPH = 10,    /* px of the sign on the Train button */
    ENTRIES = 6,   /* of a menu, at most */
};

/* A button of the bar, or a menu of several actions; missing actions are not drawn. */
typedef struct Item {
    const char *label;
    const char *actions[ENTRIES]; /* one: a button */
} Item;

static const Item step = {"Step", {"train.step"}};
static const Item reset = {"Reset", {"train.reset", "train.reseed"}};

static const Item fork = {"A | B  Fork", {"fork.begin"}};
static const Item keep_a = {"Keep A", {"fork.keep_a"}};
static const Item keep_b = {"Keep B", {"fork.keep_b"}};

static const Item right_items[] = {
    {"Open", {"model.open"}},
    {"Save", {"model.save"}},
    {"Export", {"export.map", "export.window", "export.plots", "export.history"}},
    {"?", {"help.keys"}},
};

static const struct {
    const char *action;
    double limit;
    const char *label;
} speeds[] = {
    {"speed.full", 0, "Full speed"},
    {"speed.60", 60, "60 steps/s"},
    {"speed.10", 10, "10 steps/s"},
    {"speed.1", 1, "1 step/s"},
};

static bool is_menu(const Item *item)
{
    return item->actions[1] != NULL;
}

/* The actions the program has, of those an item names. */
static int present(const View *view, const Item *item, const ViewAction **rows)
{
    int count = 0;
    for (int i = 0; i < ENTRIES && item->actions[i]; i++) {
        const ViewAction *row = view->host.action(view->host.app, item->actions[i]);
        if (row) {
            rows[count++] = row;
        }
    }
    return count;
}

/* The label with the sign that it opens a menu. Shapes: out [64]. */
static const char *label_of(const Item *item, char *out)
{
    (void)snprintf(out, 64, "%s%s", item->label, is_menu(item) ? " ▾" : "");
    return out;
}

static float item_width(const View *view, const Item *item, UiLook look)
{
    const ViewAction *rows[ENTRIES];
    char label[64];
    return present(view, item, rows) > 0
               ? ceilf(ui_button_width(view->ui, label_of(item, label), look))
               : 0;
}

/* Opens a menu of actions and runs the one that is picked. */
static void draw_menu(View *view, const char *id, UiRect rect, const char *label, UiLook look,
                      const ViewAction *const *rows, int count, int chosen)
{
    UiItem items[ENTRIES];
    for (int i = 0; i < count; i++) {
        items[i] = (UiItem){.label = rows[i]->title, .key = rows[i]->key, .help = rows[i]->help};
    }
    const int picked = ui_menu(view->ui, id, rect, label, look, items, count, chosen);
    if (picked >= 0) {
        view->host.act(view->host.app, rows[picked]->name);
    }
}

static void draw_item(View *view, const Item *item, UiRect rect, UiLook look)
{
    const ViewAction *rows[ENTRIES];
    const int count = present(view, item, rows);
    if (count == 0) {
        return;
    }
    if (is_menu(item)) {
        char id[64];
        (void)snprintf(id, sizeof(id), "menu.%s", item->label);
        draw_menu(view, id, rect, item->label, look, rows, count, -1);
        return;
    }
    if (ui_button(view->ui, rows[0]->name, rect, item->label, look, false, true)) {
        view->host.act(view->host.app, rows[0]->name);
    }
    ui_tooltip(view->ui, rect, rows[0]->help, rows[0]->key);
}

/* --- training ----------------------------------------------------------------------------------- */

/* Two bars, or a triangle of columns: signs that no font need have. */
static void draw_sign(Ui *ui, UiPoint at, bool training, UiColor color)
{
    const float top = at.y - GLYPH / 2.0F;
    if (training) {
        ui_draw_rect(ui, (UiRect){at.x, top, 3, GLYPH}, color);
        ui_draw_rect(ui, (UiRect){at.x + 6, top, 3, GLYPH}, color);
        return;
    }
    const int columns = (int)(9 * ui_scale(ui));
    for (int i = 0; i < columns; i++) {
        const float x = ((float)i + 0.5F) / ui_scale(ui);
        const float half = GLYPH / 2.0F * (1 - x / 9);
        ui_draw_column(ui, at.x + x, at.y - half, at.y + half, color);
    }
}

static const char train_label[] = "\u2003  Train";
static const char pause_label[] = "\u2003  Pause";

/* As wide for either label, so that nothing beside it moves. */
static float toggle_width(Ui *ui)
{
    return ceilf(fmaxf(ui_button_width(ui, train_label, UI_LOOK_PRIMARY),
                       ui_button_width(ui, pause_label, UI_LOOK_PRIMARY)));
}

static void draw_toggle(View *view, UiRect rect)
{
    Ui *ui = view->ui;
    const ViewAction *row = view->host.action(view->host.app, "train.toggle");
    if (!row) {
        return;
    }
    const bool training = view->training;
    const char *label = training ? pause_label : train_label;
    if (ui_button(ui, row->name, rect, label, UI_LOOK_PRIMARY, false, true)) {
        view->host.act(view->host.app, row->name);
    }
    ui_tooltip(ui, rect, row->help, row->key);
    const float text_w = ui_text_width(ui, UI_FONT_STRONG, label);
    draw_sign(ui, (UiPoint){rect.x + (rect.w - text_w) / 2 + 1, rect.y + rect.h / 2}, training,
              UI_GROUND);
}

static size_t speed_now(const View *view)
{
    for (size_t i = 0; i < LS_COUNT(speeds); i++) {
        if (fabs(view->speed_limit - speeds[i].limit) < 1e-6) {
            return i;
        }
    }
    return 0;
}

/* Room for the longest of its labels. */
static float speed_width(const View *view)
{
    float width = 0;
    for (size_t i = 0; i < LS_COUNT(speeds); i++) {
        char label[64];
        (void)snprintf(label, sizeof(label), "%s ▾", speeds[i].label);
        if (view->host.action(view->host.app, speeds[i].action)) {
            width = fmaxf(width, ceilf(ui_button_width(view->ui, label, UI_LOOK_RAISED)));
        }
    }
    return width;
}

static void draw_speed(View *view, UiRect rect)
{
    const ViewAction *rows[ENTRIES];
    int count = 0;
    int chosen = -1;
    const size_t now = speed_now(view);
    for (size_t i = 0; i < LS_COUNT(speeds); i++) {
        const ViewAction *row = view->host.action(view->host.app, speeds[i].action);
        if (row) {
            chosen = i == now ? count : chosen;
            rows[count++] = row;
        }
    }
    draw_menu(view, "menu.speed", rect, speeds[now].label, UI_LOOK_RAISED, rows, count, chosen);
    ui_tooltip(view->ui, rect, "How fast the model learns: slowly, each step can be watched.",
               NULL);
}

/* --- the bar ------------------------------------------------------------------------------------ */

/* Name, model and data at the left, as far as they fit. */
static void draw_names(View *view, UiRect rect)
{
    Ui *ui = view->ui;
    const float name_w = ui_draw_text(ui, rect, UI_FONT_TITLE, UI_LEFT, UI_TEXT, "Latentscape");
    ui_rect_cut_left(&rect, name_w + 20);
    char model[160];
    (void)snprintf(model, sizeof(model), "%s%s", view->model_name ? view->model_name : "",
                   view->unsaved ? " •" : "");
    const float model_w = ui_text_width(ui, UI_FONT_BODY, model);
    if (rect.w >= fminf(model_w, 64) && model[0]) {
        const UiRect label = ui_rect_cut_left(&rect, fminf(model_w, rect.w));
        (void)ui_area(ui, "model.name", label, false);
        ui_tooltip(ui, label,
                   view->unsaved ? "The model in the window; it has learned since it was saved."
                                 : "The model in the window.",
                   NULL);
        (void)ui_draw_text(ui, label, UI_FONT_BODY, UI_LEFT, UI_TEXT, model);
        ui_rect_cut_left(&rect, 20);
    }
    char count[VIEW_FIGURE];
    char data[VIEW_FIGURE + 80];
    view_figure_count((uint64_t)view->data->train.count + view->data->heldout.count, count);
    (void)snprintf(data, sizeof(data), "%s %s", count, view->data->name);
    if (ui_text_width(ui, UI_FONT_BODY, data) <= rect.w) {
        (void)ui_draw_text(ui, rect, UI_FONT_BODY, UI_LEFT, UI_MUTED, data);
    }
}

/* Files and help, from the right edge. Returns where they begin. */
static float draw_right(View *view, UiRect rect)
{
    for (size_t i = LS_COUNT(right_items); i-- > 0;) {
        const float width = item_width(view, &right_items[i], UI_LOOK_PLAIN);
        if (width > 0) {
            draw_item(view, &right_items[i], ui_rect_cut_right(&rect, width), UI_LOOK_PLAIN);
        }
    }
    return rect.x + rect.w;
}

void view_topbar_draw(View *view, UiRect rect)
{
    Ui *ui = view->ui;
    ui_draw_rect(ui, rect, UI_CARD);
    ui_draw_rect(ui, (UiRect){rect.x, rect.y + rect.h - 1, rect.w, 1}, UI_RULE);
    UiRect row = {rect.x + 16, rect.y + (rect.h - BUTTON_H) / 2, rect.w - 24, BUTTON_H};
    const float name_w = ui_text_width(ui, UI_FONT_TITLE, "Latentscape") + 20;
    float right_w = 0;
    for (size_t i = 0; i < LS_COUNT(right_items); i++) {
        right_w += item_width(view, &right_items[i], UI_LOOK_PLAIN);
    }
    const float room = row.w - name_w - right_w;
    const Item *items[5] = {&step, &reset, &fork};
    int count = 3;
    if (view->side.name != NULL) {
        items[2] = &keep_a;
        items[3] = &keep_b;
        count = 4;
    }
    const float toggle_w = toggle_width(ui);
    float middle = toggle_w;
    for (int i = 0; i < count; i++) {
        middle += UI_GRID + item_width(view, items[i], UI_LOOK_RAISED);
    }
    float speed_w = speed_width(view);
    if (middle + speed_w + UI_GRID > room) {
        speed_w = 0;
    }
    middle += speed_w > 0 ? speed_w + UI_GRID : 0;
    /* In the middle of the window where the sides leave it free, else beside the name. */
    const float earliest = row.x + name_w;
    const float latest = row.x + row.w - right_w - middle - UI_GRID;
    float x = floorf(rect.x + (rect.w - middle) / 2);
    x = fmaxf(fminf(x, latest), earliest);
    draw_names(view, (UiRect){row.x, row.y, x - row.x - 12, row.h});
    UiRect center = {x, row.y, middle, row.h};
    draw_toggle(view, ui_rect_cut_left(&center, toggle_w));
    for (int i = 0; i < count; i++) {
        ui_rect_cut_left(&center, UI_GRID);
        draw_item(view, items[i],
                  ui_rect_cut_left(&center, item_width(view, items[i], UI_LOOK_RAISED)),
                  UI_LOOK_RAISED);
    }
    if (speed_w > 0) {
        ui_rect_cut_left(&center, UI_GRID);
        draw_speed(view, ui_rect_cut_left(&center, speed_w));
    }
    (void)draw_right(view, row);
}
