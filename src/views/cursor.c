#include "views/cursor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "views/coordinate.h"
#include "views/decoder.h"
#include "views/pixels.h"
#include "views/tiles.h"

enum {
    NEAREST = 5,
    TIMES = 4, /* how much the image is enlarged before the renderer fits it to the card */
};

struct ViewCursorCard {
    ViewDecoder decoder; /* one row */
    // --- what is shown
    bool shown;
    uint64_t serial, model_id;
    float z[2];
    double sum;
    ViewTiles large;
    float *row, *enlarged; /* work of the enlargement */
    // --- neighbours
    ViewTiles tiles;
    const uint8_t *pixels; /* of the data set they are from */
    int count;
    uint32_t image[NEAREST];
    int label[NEAREST];
};

ViewCursorCard *view_cursor_create(LsError *err)
{
    return ls_memory_items(1, sizeof(ViewCursorCard), err);
}

void view_cursor_destroy(ViewCursorCard *card)
{
    if (card != NULL) {
        view_decoder_finish(&card->decoder);
        view_tiles_finish(&card->large);
        view_tiles_finish(&card->tiles);
        ls_memory_free(card->row);
        ls_memory_free(card->enlarged);
        ls_memory_free(card);
    }
}

double view_cursor_image_sum(const ViewCursorCard *card)
{
    return card->sum;
}

/* Large images are sharp enough, and enlarging them would take time. */
static int times_for(const LsModelSpec *spec)
{
    return spec->width <= 64 && spec->height <= 64 ? TIMES : 1;
}

/* Room for an image of the model. */
static bool follow(ViewCursorCard *card, const View *view)
{
    const LsModelSpec *spec = &view->snapshot->model.spec;
    const int times = times_for(spec);
    bool fresh = false;
    if (!view_decoder_follow(&card->decoder, &view->snapshot->model, 1, NULL) ||
        !view_tiles_fit(&card->large, view->ui, 1, 1, spec->width * times, spec->height * times,
                        spec->channels, &fresh)) {
        return false;
    }
    if (fresh || card->enlarged == NULL) {
        const size_t pixels = (size_t)view->snapshot->model.pixels;
        ls_memory_free(card->row);
        ls_memory_free(card->enlarged);
        card->row = ls_memory_floats(pixels * TIMES, NULL);
        card->enlarged = ls_memory_floats(pixels * TIMES * TIMES, NULL);
        card->shown = false;
    }
    return card->row != NULL && card->enlarged != NULL;
}

/* Decodes where something changed. */
static void decode(ViewCursorCard *card, const View *view)
{
    const LsSnapshot *snapshot = view->snapshot;
    const LsModelSpec *spec = &snapshot->model.spec;
    const float *z = view->cursor.z;
    if (!follow(card, view)) {
        card->sum = 0;
        return;
    }
    if (card->shown && card->serial == snapshot->serial && card->model_id == snapshot->model_id &&
        card->z[0] == z[0] && card->z[1] == z[1]) {
        return;
    }
    card->shown = true;
    card->serial = snapshot->serial;
    card->model_id = snapshot->model_id;
    memcpy(card->z, z, sizeof card->z);
    memset(card->decoder.z, 0, (size_t)spec->latent * sizeof *card->decoder.z);
    memcpy(card->decoder.z, z, (spec->latent < 2 ? 1 : 2) * sizeof *z);
    view_decoder_decode(&card->decoder, view, snapshot->params, 1);
    card->sum = 0;
    for (int i = 0; i < snapshot->model.pixels; i++) {
        card->sum += (double)card->decoder.image[i];
    }
    const int times = times_for(spec);
    const float *image = card->decoder.image;
    if (times > 1) {
        view_pixels_enlarge(image, spec->width, spec->height, spec->channels, times, card->row,
                            card->enlarged);
        image = card->enlarged;
    }
    view_tiles_put(&card->large, 0, 0, image);
}

/* Finds the neighbours; their pictures are uploaded only where they are other ones. */
static void find_nearest(ViewCursorCard *card, const View *view, const ViewMapPoints *points)
{
    const LsDataset *data = view->data;
    int found[NEAREST];
    bool fresh = card->pixels != data->heldout.pixels;
    card->count = 0;
    if (!view_tiles_fit(&card->tiles, view->ui, NEAREST, 1, data->width, data->height,
                        data->channels, &fresh)) {
        return;
    }
    card->pixels = data->heldout.pixels;
    card->count = view_map_points_nearest(points, view->cursor.z, NEAREST, found);
    for (int i = 0; i < card->count; i++) {
        const ViewMapPoint point = view_map_points_get(points, found[i]);
        if (fresh || card->image[i] != point.image + 1) {
            card->image[i] = point.image + 1; /* 0: none yet */
            view_tiles_put_bytes(&card->tiles, i, 0,
                                 data->heldout.pixels + (size_t)point.image * (size_t)data->pixels);
        }
        card->label[i] = point.label;
    }
    for (int i = card->count; i < NEAREST; i++) {
        card->image[i] = 0;
    }
}

/* --- drawing ------------------------------------------------------------------------------------ */

/* Distance from the prior's middle over the axes shown. */
static double radius(const View *view)
{
    const float *z = view->cursor.z;
    const bool flat = view->snapshot->model.spec.latent < 2;
    return flat ? fabs((double)z[0]) : hypot((double)z[0], (double)z[1]);
}

static void draw_density(const View *view, UiRect *column)
{
    Ui *ui = view->ui;
    const int latent = view->snapshot->model.spec.latent;
    const double r = radius(view);
    const double density = exp(-0.5 * r * r) * pow(2 * M_PI, -0.5 * latent);
    char text[VIEW_COORDINATE];
    const UiRect both = {column->x, column->y, column->w, 34};
    ui_area(ui, "cursor.density", both, false);
    ui_tooltip(
        ui, both,
        "How likely the prior is to draw a sample here, and how many of its deviations it is "
        "from the middle. Far out the decoder has never been taught.",
        NULL);
    ui_draw_text(ui, ui_rect_cut_top(column, 16), UI_FONT_SMALL, UI_LEFT, UI_MUTED,
                 "prior density");
    UiRect line = ui_rect_cut_top(column, 18);
    view_coordinate_density(density, text);
    const float width = ui_draw_text(ui, line, UI_FONT_STRONG, UI_LEFT, UI_TEXT, text);
    ui_rect_cut_left(&line, width + 8);
    snprintf(text, sizeof text, "%.2f σ", r);
    if (ui_text_width(ui, UI_FONT_SMALL, text) <= line.w) {
        ui_draw_text(ui, line, UI_FONT_SMALL, UI_LEFT, UI_MUTED, text);
    }
    ui_rect_cut_top(column, 8);
}

static void draw_nearest(const ViewCursorCard *card, const View *view, UiRect column)
{
    Ui *ui = view->ui;
    const LsDataset *data = view->data;
    const float gap = 3;
    const float shape = (float)data->height / (float)data->width;
    float tile = fminf(floorf((column.w - gap * (NEAREST - 1)) / NEAREST), 56);
    /* Somewhat smaller where their labels then find room below. */
    const float with_label = floorf((column.h - 18 - 5 - 16) / shape);
    const bool named = data->classes > 1 && with_label >= fminf(tile, 28);
    tile = named ? fminf(tile, with_label) : tile;
    const float high = floorf(tile * shape);
    if (tile < 12 || column.h < 18 + high + 5 || card->count == 0) {
        return;
    }
    ui_area(ui, "cursor.nearest", column, false);
    ui_tooltip(ui, column,
               "The images not trained on that the encoder puts nearest to the cursor, nearest "
               "first, measured in latent space; underlined in the colour of their class.",
               NULL);
    const char *title = "nearest held-out images";
    if (ui_text_width(ui, UI_FONT_SMALL, title) > column.w) {
        title = "nearest images";
    }
    ui_draw_text(ui, ui_rect_cut_top(&column, 18), UI_FONT_SMALL, UI_LEFT, UI_MUTED, title);
    for (int i = 0; i < card->count; i++) {
        const UiRect place = {column.x + (float)i * (tile + gap), column.y, tile, high};
        view_tiles_draw_one(&card->tiles, ui, i, 0, place);
        if (data->classes > 1) {
            const UiColor color = view_pixels_class(card->label[i]);
            ui_draw_rect(ui, (UiRect){place.x, place.y + high + 1, tile, 2}, color);
            if (named) {
                ui_draw_textf(ui, (UiRect){place.x, place.y + high + 4, tile, 16}, UI_FONT_SMALL,
                              UI_CENTER, color, "%d", card->label[i]);
            }
        }
    }
}

static void draw_place(const View *view, UiRect rect)
{
    Ui *ui = view->ui;
    char code[VIEW_COORDINATE];
    char text[VIEW_COORDINATE + 8];
    view_coordinate_print(view->cursor.z, view->snapshot->model.spec.latent, code);
    snprintf(text, sizeof text, "z = %s", code);
    const float title = ui_text_width(ui, UI_FONT_STRONG, "Under the cursor") + 12;
    UiRect place = {rect.x + UI_PAD, rect.y + 8, rect.w - 2 * UI_PAD, 24};
    ui_rect_cut_left(&place, title);
    const char *shown = ui_text_width(ui, UI_FONT_SMALL, text) <= place.w ? text : code;
    if (ui_text_width(ui, UI_FONT_SMALL, shown) <= place.w) {
        ui_draw_text(ui, place, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, shown);
    }
}

void view_cursor_draw(ViewCursorCard *card, View *view, UiRect rect, const ViewMapPoints *points)
{
    Ui *ui = view->ui;
    const LsModelSpec *spec = &view->snapshot->model.spec;
    ui_card(ui, rect, "Under the cursor");
    decode(card, view);
    find_nearest(card, view, points);
    draw_place(view, rect);

    UiRect inside = {rect.x + UI_PAD, rect.y + 34, rect.w - 2 * UI_PAD, rect.h - 34 - UI_PAD};
    if (inside.h < 12 || inside.w < 12) {
        return;
    }
    const float shape = (float)spec->width / (float)spec->height;
    float wide = fminf(inside.h * shape, inside.w * 0.49F);
    const bool text = inside.w - wide - UI_PAD >= 84;
    wide = floorf(text ? wide : fminf(inside.h * shape, inside.w));
    const float high = floorf(wide / shape);
    const float left = text ? inside.x : inside.x + floorf((inside.w - wide) / 2);
    const UiRect image = {left, inside.y, wide, high};
    ui_draw_rect(ui, image, UI_BLACK);
    if (card->shown) {
        view_tiles_draw(&card->large, ui, image);
    }
    ui_area(ui, "cursor.image", image, false);
    ui_tooltip(ui, image,
               spec->latent > 2 ? "What the decoder makes of the place under the cursor, the axes "
                                  "beyond the first two at 0."
                                : "What the decoder makes of the place under the cursor, with the "
                                  "newest weights.",
               NULL);
    if (!text) {
        return;
    }
    ui_rect_cut_left(&inside, wide + UI_PAD);
    if (inside.h >= 34) {
        draw_density(view, &inside);
    }
    draw_nearest(card, view, inside);
}
