#include "views/map.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

#include "views/decoder.h"
#include "views/map_axes.h"
#include "views/map_legend.h"
#include "views/map_state.h"

static const double notch = 1.2; /* zoom of one notch of the wheel */

/* Of the time for both, where the map does not share its frames with others. */
static const double grid_share = 0.85;
static const double posterior_share = 0.35;

enum {
    CELLS_W = 46 /* of the menu with the number of cells, logical units */
};

ViewMap *view_map_create(LsError *err)
{
    ViewMap *map = ls_memory_items(1, sizeof *map, err);
    if (map == NULL) {
        return NULL;
    }
    map->point_card.point = map->point_card.pinned = -1;
    map->plane = view_plane_make((UiRect){0, 0, 1, 1});
    map->grid = view_map_grid_create(err);
    map->points = map->grid != NULL ? view_map_points_create(err) : NULL;
    map->posterior = map->points != NULL ? view_map_posterior_create(err) : NULL;
    if (map->posterior == NULL) {
        view_map_destroy(map);
        return NULL;
    }
    return map;
}

void view_map_destroy(ViewMap *map)
{
    if (map != NULL) {
        view_map_grid_destroy(map->grid);
        view_map_points_destroy(map->points);
        view_point_card_finish(&map->point_card);
        view_map_posterior_destroy(map->posterior);
        ls_memory_free(map);
    }
}

void view_map_fit(ViewMap *map)
{
    const ViewPlane prior = view_plane_make(map->plane.area);
    const double outside = view_map_points_outside(map->points, view_plane_bounds(&prior));
    ViewBounds codes;
    const bool any = view_map_points_bounds(map->points, &codes);
    view_plane_fit_next(&map->plane, any ? &codes : NULL, outside);
}

static UiPoint middle(UiRect rect)
{
    return (UiPoint){rect.x + rect.w / 2, rect.y + rect.h / 2};
}

void view_map_zoom(ViewMap *map, double factor)
{
    view_plane_zoom(&map->plane, factor, middle(map->plane.area));
}

void view_map_pan(ViewMap *map, double x, double y)
{
    const UiRect area = map->plane.area;
    view_plane_pan(&map->plane, (UiPoint){(float)-x * area.w, (float)y * area.h});
}

void view_map_clear_trail(ViewMap *map)
{
    view_map_trail_reset(&map->trail);
    map->point_card.pinned = -1;
}

void view_map_hush(ViewMap *map)
{
    view_point_card_hush(&map->point_card);
}

static bool posterior_wanted(const View *view)
{
    return view->choice.posterior && view_map_posterior_can(&view->snapshot->model);
}

int64_t view_map_chosen(const ViewMap *map, const View *view)
{
    const int point = posterior_wanted(view)
                          ? view_point_card_shown(&map->point_card, map->points, ui_now(view->ui))
                          : -1;
    return point >= 0 ? (int64_t)view_map_points_get(map->points, point).image : -1;
}

void view_map_range(const ViewMap *map, double *x0, double *x1, double *y0, double *y1)
{
    const ViewBounds seen = view_plane_bounds(&map->plane);
    *x0 = seen.x0;
    *x1 = seen.x1;
    *y0 = seen.y0;
    *y1 = seen.y1;
}

const ViewMapPoints *view_map_codes(const ViewMap *map)
{
    return map->points;
}

bool view_map_work(ViewMap *map, const View *view)
{
    const bool shown = view->choice.grid;
    const double until = view->decode_until;
    const bool sharing = view->resting != 0;
    if (shown && sharing && (view->resting & VIEW_TURN_MAP) == 0) {
        /* The grid has the frame alone, so that it is whole; in the next ones the rest goes on. */
        (void)view_map_grid_work(map->grid, view, &map->plane, until);
        return true;
    }
    /* Where it shares, in the frames of the plots, which decode nothing themselves. */
    const bool waits = sharing && (view->resting & VIEW_TURN_PLOTS) != 0;
    const bool posterior =
        waits ||
        view_map_posterior_work(map->posterior, view, view_decoder_share(until, posterior_share));
    const double turn = view_decoder_share(until, grid_share);
    bool grid = shown && view_map_grid_work(map->grid, view, &map->plane, turn);
    const bool points = view_map_points_work(map->points, view);
    if (grid && !points && ls_clock_now() < until) { /* what the points left over */
        grid = view_map_grid_work(map->grid, view, &map->plane, until);
    }
    return grid || points || posterior || view_point_card_waits(&map->point_card, ui_now(view->ui));
}

/* --- where things lie in the card --------------------------------------------------------------- */

typedef struct Layout {
    UiRect plot, legend;
    bool numbers; /* there is room for those of the axes */
} Layout;

static const float numbered_side = 140; /* of a plot that has numbers, at least */

static float smaller(float a, float b)
{
    return a < b ? a : b;
}

/* The largest square that leaves room for numbers and for the legend, beside it or below it. */
static Layout lay_out_with(UiRect card, bool legend, int classes, bool numbers)
{
    Layout layout = {.numbers = numbers};
    UiRect inside = {card.x + UI_GRID, card.y, card.w - 2 * UI_GRID, card.h - 4};
    ui_rect_cut_top(&inside, 38);
    const float left = numbers ? VIEW_AXES_LEFT : 4;
    const float below = numbers ? VIEW_AXES_BELOW : 4;
    const float right = 4;
    const float side_free = smaller(inside.w - left - right, inside.h - below);
    const float side_column =
        smaller(inside.w - left - right - VIEW_LEGEND_ITEM_W - 4, inside.h - below);
    const float line = view_map_legend_height(inside.w - left - right, classes);
    const float side_row = smaller(inside.w - left - right, inside.h - below - line - 2);
    const bool named = legend && classes > 1 && smaller(inside.w, inside.h) > numbered_side;
    const bool column = named && side_column >= side_row;
    float side = column ? side_column : named ? side_row : side_free;
    side = floorf(side < 16 ? 16 : side);
    const float used = left + side + right + (column ? VIEW_LEGEND_ITEM_W : 0);
    const float spare = inside.w > used ? (inside.w - used) / 2 : 0;
    const float x = floorf(inside.x + left + spare);
    layout.plot = (UiRect){x, inside.y, side, side};
    if (column) {
        layout.legend = (UiRect){x + side + 6, inside.y, VIEW_LEGEND_ITEM_W, side};
    } else if (named) {
        layout.legend =
            (UiRect){inside.x + left, inside.y + side + below, inside.w - left - right, line};
    }
    return layout;
}

static Layout lay_out(UiRect card, bool legend, int classes)
{
    const Layout layout = lay_out_with(card, legend, classes, true);
    return layout.plot.w > numbered_side ? layout : lay_out_with(card, legend, classes, false);
}

/* --- header ------------------------------------------------------------------------------------- */

/* The tooltip of a switch or menu, with the key of the action of the same name. */
static void explain(View *view, UiRect rect, const char *name, const char *help)
{
    const ViewAction *action =
        view->host.action != NULL ? view->host.action(view->host.app, name) : NULL;
    ui_tooltip(view->ui, rect, help, action != NULL ? action->key : NULL);
}

/* How many cells lie across. */
static void choose_cells(View *view, UiRect rect)
{
    static const int cells[] = {8, 12, 16, 18, 24, 32, 40};
    UiItem items[LS_COUNT(cells)];
    char labels[LS_COUNT(cells)][24];
    char label[24];
    int chosen = -1;
    memset(items, 0, sizeof items);
    for (size_t i = 0; i < LS_COUNT(cells); i++) {
        snprintf(labels[i], sizeof labels[i], "%d across", cells[i]);
        items[i].label = labels[i];
        chosen = cells[i] == view->choice.cells ? (int)i : chosen;
    }
    snprintf(label, sizeof label, "%d", view->choice.cells);
    const int picked = ui_menu(view->ui, "map.cells", rect, label, UI_LOOK_PLAIN, items,
                               (int)LS_COUNT(cells), chosen);
    explain(view, rect, "map.finer",
            "How many images lie across the map: more show finer changes, fewer are refreshed "
            "sooner.");
    if (picked >= 0) {
        view->choice.cells = cells[picked];
    }
}

/* Room the switches of the layers take. */
static float switches_width(View *view)
{
    size_t count = 0;
    float width = 0;
    const ViewLayer *layers = view_layer_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        width += ui_button_width(view->ui, layers[i].title, UI_LOOK_CHIP) + 4;
    }
    return width;
}

/* The switches of the layers, from the right, and beside the first of them the number of cells where
 * there is room for it. */
static void draw_switches(View *view, UiRect *row, bool cells)
{
    size_t count = 0;
    const ViewLayer *layers = view_layer_kinds(&count);
    UiRect places[8];
    UiRect cells_place = {0};
    for (size_t i = count; i-- > 0;) {
        if (i == 0 && cells) {
            cells_place = ui_rect_cut_right(row, CELLS_W);
            row->w -= 2;
        }
        places[i] =
            ui_rect_cut_right(row, ui_button_width(view->ui, layers[i].title, UI_LOOK_CHIP));
        row->w -= 4;
    }
    for (size_t i = 0; i < count; i++) {
        const ViewLayer *layer = &layers[i];
        bool *shown = view_layer_shown(layer, &view->choice);
        const bool can = !layer->flat || view->snapshot->model.spec.latent == 2;
        if (ui_button(view->ui, layer->name, places[i], layer->title, UI_LOOK_CHIP, *shown && can,
                      can)) {
            *shown = !*shown;
        }
        explain(view, places[i], layer->name, layer->help);
        if (i == 0 && cells) {
            choose_cells(view, cells_place);
        }
    }
}

/* What the axes are, and how many codes are not seen, where there is room. */
static void draw_notes(ViewMap *map, View *view, UiRect row)
{
    Ui *ui = view->ui;
    const int latent = view->snapshot->model.spec.latent;
    char text[64];
    if (latent == 1) {
        snprintf(text, sizeof text, "z₁ →  one row a class");
    } else if (latent == 2) {
        snprintf(text, sizeof text, "z₁ →  z₂ ↑");
    } else {
        snprintf(text, sizeof text, "z₁ →  z₂ ↑  of %d", latent);
    }
    const float axes = ui_text_width(ui, UI_FONT_SMALL, text);
    if (axes > row.w) {
        return;
    }
    const UiRect place = ui_rect_cut_left(&row, axes);
    ui_draw_text(ui, place, UI_FONT_SMALL, UI_LEFT, UI_MUTED, text);
    const double outside = view_map_points_beyond(map->points, VIEW_PLANE_PRIOR);
    if (outside < 0.005 || !view->choice.points) {
        return;
    }
    snprintf(text, sizeof text, "%.0f %% of codes beyond 3σ", 100 * outside);
    row.x += 12;
    row.w -= 24;
    const float width = ui_text_width(ui, UI_FONT_SMALL, text);
    if (width > row.w) {
        snprintf(text, sizeof text, "%.0f %% beyond 3σ", 100 * outside);
    }
    if (ui_text_width(ui, UI_FONT_SMALL, text) > row.w) {
        return;
    }
    const UiColor color = outside > 0.1 ? UI_KL : UI_MUTED;
    ui_draw_text(ui, row, UI_FONT_SMALL, UI_RIGHT, color, text);
    ui_area(ui, "map.outside", row, false);
    ui_tooltip(
        ui, row,
        "Held-out images whose codes lie where the prior hardly ever draws a sample (about 1 % "
        "would, were they spread like the prior). Without the KL term nothing holds them near "
        "it. A double click on the map shows them all.",
        NULL);
}

/* The layers and the number of cells as a menu, which leaves a narrow header to its title. */
static void draw_layer_menu(View *view, UiRect rect, const char *help)
{
    enum {
        MOST = 8
    };

    size_t count = 0;
    UiItem items[MOST + 3];
    char labels[MOST][48];
    const ViewLayer *layers = view_layer_kinds(&count);
    count = count < MOST ? count : MOST;
    memset(items, 0, sizeof items);
    for (size_t i = 0; i < count; i++) {
        const ViewAction *action = view->host.action(view->host.app, layers[i].name);
        snprintf(labels[i], sizeof labels[i], "%s: %s", layers[i].title,
                 *view_layer_shown(&layers[i], &view->choice) ? "on" : "off");
        items[i] = (UiItem){.label = labels[i],
                            .key = action != NULL ? action->key : NULL,
                            .help = layers[i].help,
                            .disabled = layers[i].flat && view->snapshot->model.spec.latent != 2};
    }
    items[count + 1] = (UiItem){.label = "More cells", .key = "]"};
    items[count + 2] = (UiItem){.label = "Fewer cells", .key = "["};
    const int picked =
        ui_menu(view->ui, "map.layers", rect, "Layers", UI_LOOK_PLAIN, items, (int)count + 3, -1);
    ui_tooltip(view->ui, rect, help, NULL);
    if (picked >= 0 && picked < (int)count) {
        bool *shown = view_layer_shown(&layers[picked], &view->choice);
        *shown = !*shown;
    } else if (picked > (int)count) {
        view->host.act(view->host.app, picked == (int)count + 1 ? "map.finer" : "map.coarser");
    }
}

/* The same for a side of a fork: its letter, what sets it apart, codes outside, and a menu. */
static void draw_side_header(ViewMap *map, View *view, UiRect card)
{
    Ui *ui = view->ui;
    UiRect row = {card.x + UI_PAD, card.y + 8, card.w - 2 * UI_PAD, UI_CONTROL_H};
    ui_card(ui, card, NULL);
    ui_draw_push_clip(ui, (UiRect){card.x, card.y, card.w, 3});
    ui_draw_round(ui, card, UI_RADIUS, view->side.color);
    ui_draw_pop_clip(ui);
    ui_rect_cut_left(
        &row, ui_draw_text(ui, row, UI_FONT_TITLE, UI_LEFT, view->side.color, view->side.name) + 8);
    const float menu = ui_menu_width(ui, "Layers", UI_LOOK_PLAIN);
    if (row.w > menu + 80) {
        draw_layer_menu(view, ui_rect_cut_right(&row, menu), "What both maps show.");
        row.w -= 8;
    }
    const float text = ui_draw_text(ui, row, UI_FONT_BODY, UI_LEFT, UI_TEXT, view->side.text);
    ui_rect_cut_left(&row, text + 12);
    draw_notes(map, view, row);
}

/* The header of the card: title, what is seen, switches. A narrow card has no title, for the switches
 * say enough; one too narrow for these has a menu instead. */
static void draw_header(ViewMap *map, View *view, UiRect card)
{
    const char *name = "Latent space";
    UiRect row = {card.x + UI_PAD, card.y + 8, card.w - 2 * UI_PAD, UI_CONTROL_H};
    const float title = ui_text_width(view->ui, UI_FONT_STRONG, name) + 10;
    const float switches = switches_width(view);
    const float menu = ui_menu_width(view->ui, "Layers", UI_LOOK_PLAIN);
    const bool named = row.w >= title + switches || (row.w < switches && row.w >= title + menu);
    ui_card(view->ui, card, named ? name : NULL);
    if (named) {
        ui_rect_cut_left(&row, title);
    }
    if (row.w < switches) {
        draw_layer_menu(view, ui_rect_cut_right(&row, smaller(menu, row.w)), "What the map shows.");
        return;
    }
    draw_switches(view, &row, row.w >= switches + CELLS_W + 2);
    draw_notes(map, view, row);
}

/* --- the hand on the plane ---------------------------------------------------------------------- */

static UiPoint keep_inside(UiRect rect, UiPoint at)
{
    return (UiPoint){fminf(fmaxf(at.x, rect.x), rect.x + rect.w),
                     fminf(fmaxf(at.y, rect.y), rect.y + rect.h)};
}

static bool apart(UiPoint a, UiPoint b, float distance)
{
    return hypotf(a.x - b.x, a.y - b.y) >= distance;
}

/* Panning, zooming and fitting by mouse and keys. */
static void move_plane(ViewMap *map, const UiHit *hit)
{
    if (hit->pan_held) {
        view_plane_pan(&map->plane, hit->moved);
    }
    if (hit->over && hit->wheel != 0) {
        view_plane_zoom(&map->plane, pow(notch, (double)hit->wheel), hit->at);
    }
    if (hit->double_clicked) {
        view_map_trail_reset(&map->trail);
    }
    if (hit->double_clicked || hit->key_fit) {
        view_map_fit(map);
    }
    if (hit->key_in || hit->key_out) {
        view_map_zoom(map, hit->key_in ? notch : 1 / notch);
    }
}

/* Arrow keys move the cursor; the plane follows where it would leave what is seen. */
static void move_by_keys(ViewMap *map, View *view, const UiHit *hit)
{
    if (hit->key_x == 0 && hit->key_y == 0) {
        return;
    }
    ViewPlane *plane = &map->plane;
    const double step = plane->half / 50;
    map->mouse_leads = false;
    view->cursor.set = true;
    view->cursor.z[0] += (float)(hit->key_x * step);
    view->cursor.z[1] += (float)(hit->key_y * step);
    const ViewBounds seen = view_plane_bounds(plane);
    const double x = (double)view->cursor.z[0];
    const double y = (double)view->cursor.z[1];
    const double edge = plane->half / 10;
    plane->x += fmin(x - edge - seen.x0, 0) + fmax(x + edge - seen.x1, 0);
    plane->y += fmin(y - edge - seen.y0, 0) + fmax(y + edge - seen.y1, 0);
}

/* The cursor is where the mouse is, until arrow keys move it away from a mouse that lies still. */
static void move_cursor(ViewMap *map, View *view, const UiHit *hit)
{
    const bool was_over = view->cursor.over;
    const UiPoint at = keep_inside(map->plane.area, hit->at);
    view->cursor.over = hit->over || hit->held || hit->pan_held;
    if (view->cursor.over && (!was_over || hit->pressed || apart(hit->at, map->mouse, 0.01F))) {
        map->mouse_leads = true;
    }
    map->mouse = hit->at;
    if (view->cursor.over && map->mouse_leads) {
        double x = 0;
        double y = 0;
        view_plane_from_window(&map->plane, at, &x, &y);
        view->cursor.set = true;
        view->cursor.z[0] = (float)x;
        view->cursor.z[1] = (float)y;
    }
    if (view->snapshot->model.spec.latent < 2) {
        view->cursor.z[1] = 0;
    }
}

/* A drag leaves a trail; one that only trembles is a click. */
static void leave_trail(ViewMap *map, const View *view, const UiHit *hit)
{
    if (hit->pressed) {
        map->pressed = hit->at;
        map->dragging = false;
    }
    if (!hit->held) {
        map->dragging = false;
        return;
    }
    if (!map->dragging && apart(hit->at, map->pressed, 3)) {
        double x = 0;
        double y = 0;
        map->dragging = true;
        view_map_trail_reset(&map->trail);
        view_plane_from_window(&map->plane, map->pressed, &x, &y);
        view_map_trail_add(&map->trail, (float)x, (float)y);
        map->last = map->pressed;
    }
    if (map->dragging && apart(hit->at, map->last, 1)) {
        view_map_trail_add(&map->trail, view->cursor.z[0], view->cursor.z[1]);
        map->last = hit->at;
    }
}

/* --- drawing ------------------------------------------------------------------------------------ */

static void draw_cursor(const ViewMap *map, View *view)
{
    if (!view->cursor.set) {
        return;
    }
    const UiColor dark = {8, 10, 14, 140};
    const UiColor light = ui_color_fade(UI_RGB(0xffffff), view->cursor.over ? 1 : 0.6F);
    const UiPoint at =
        view_plane_to_window(&map->plane, (double)view->cursor.z[0], (double)view->cursor.z[1]);
    if (view->snapshot->model.spec.latent < 2) {
        const UiRect area = map->plane.area;
        const UiPoint line[] = {{at.x, area.y}, {at.x, area.y + area.h}};
        ui_draw_lines(view->ui, line, 2, 4, dark);
        ui_draw_lines(view->ui, line, 2, 2, light);
        return;
    }
    ui_draw_ring(view->ui, at, 10, 4, 0, dark);
    ui_draw_ring(view->ui, at, 9, 2, 0, light);
}

void view_map_draw(ViewMap *map, View *view, UiRect card)
{
    Ui *ui = view->ui;
    const Layout layout =
        lay_out(card, view->choice.labels_legend && view->choice.points, view->data->classes);
    map->plane.area = layout.plot;
    view_map_points_follow(map->points, view);
    if (view->side.name != NULL) {
        draw_side_header(map, view, card);
    } else {
        draw_header(map, view, card);
    }

    const UiHit hit = ui_area(ui, "map", layout.plot, true);
    move_plane(map, &hit);
    move_cursor(map, view, &hit);
    move_by_keys(map, view, &hit);
    leave_trail(map, view, &hit);
    view_point_card_follow(&map->point_card, map->points, view, &map->plane, &hit,
                           !hit.held && !hit.pan_held);
    view_map_posterior_follow(map->posterior, view, view_map_chosen(map, view));
    if (layout.legend.w > 0) {
        view_map_legend_draw(map->points, view, layout.legend);
    } else {
        view_map_points_light(map->points, -1);
    }

    ui_draw_rect(ui, layout.plot, UI_BLACK);
    ui_draw_push_clip(ui, layout.plot);
    size_t count = 0;
    const ViewLayer *layers = view_layer_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        if (*view_layer_shown(&layers[i], &view->choice)) {
            layers[i].draw(map, view);
        }
    }
    view_map_trail_draw(&map->trail, ui, &map->plane);
    draw_cursor(map, view);
    view_point_card_draw(&map->point_card, map->points,
                         posterior_wanted(view) ? map->posterior : NULL, view, &map->plane);
    ui_draw_pop_clip(ui);
    if (layout.numbers) {
        view_map_axes_draw(ui, &map->plane, view->snapshot->model.spec.latent);
    }
    if (hit.focused) {
        view->hint = "Arrows move the cursor, Shift ten times as far · + and − zoom · 0 fits";
        ui_draw_frame(ui, ui_rect_inset(layout.plot, -2), 4, 1.5F, UI_ACTION);
    }
}
