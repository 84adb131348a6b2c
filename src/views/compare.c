#include "views/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/train/contrast.h"

#include "views/caption.h"
#include "views/coordinate.h"
#include "views/decoder.h"
#include "views/figure.h"
#include "views/form.h"
#include "views/tiles.h"
#include "views/versus.h"

enum {
    SIDES = 2,
    ROWS = 8,     /* settings that differ: as many as are shown */
    LONG = 10000, /* px: longer than any page */
};

/* The image of the code under the cursor, from one side. */
typedef struct Image {
    ViewDecoder decoder;
    uint64_t serial, model_id;
    float z[2];
    bool shown;
} Image;

struct ViewCompare {
    Image image[SIDES];
    ViewTiles tiles;      /* both, side by side */
    float offset, height; /* px: how far the page is scrolled, how long it was */
};

ViewCompare *view_compare_create(LsError *err)
{
    return ls_memory_items(1, sizeof(ViewCompare), err);
}

void view_compare_destroy(ViewCompare *compare)
{
    if (compare) {
        for (int i = 0; i < SIDES; i++) {
            view_decoder_finish(&compare->image[i].decoder);
        }
        view_tiles_finish(&compare->tiles);
        ls_memory_free(compare);
    }
}

/* --- images ------------------------------------------------------------------------------------- */

static void decode(ViewCompare *compare, int side, const View *view)
{
    const LsSnapshot *snapshot = view->snapshot;
    Image *image = &compare->image[side];
    const float *z = view->cursor.z;
    if (!view_decoder_follow(&image->decoder, &snapshot->model, 1, NULL)) {
        return;
    }
    if (image->shown && image->serial == snapshot->serial &&
        image->model_id == snapshot->model_id && image->z[0] == z[0] && image->z[1] == z[1]) {
        return;
    }
    image->shown = true;
    image->serial = snapshot->serial;
    image->model_id = snapshot->model_id;
    memcpy(image->z, z, sizeof image->z);
    const int latent = snapshot->model.spec.latent;
    memset(image->decoder.z, 0, (size_t)latent * sizeof *image->decoder.z);
    memcpy(image->decoder.z, z, (latent < 2 ? 1 : 2) * sizeof *z);
    view_decoder_decode(&image->decoder, view, snapshot->params, 1);
    view_tiles_put(&compare->tiles, side, 0, image->decoder.image);
}

static void draw_images(ViewCompare *compare, View *a, View *b, UiRect *rect)
{
    Ui *ui = a->ui;
    const LsModelSpec *spec = &a->snapshot->model.spec;
    const float side = fminf(floorf((rect->w - UI_PAD) / 2), rect->h - VIEW_CAPTION_H);
    if (!a->cursor.set || side < 48) {
        return;
    }
    bool fresh = false;
    if (!view_tiles_fit(&compare->tiles, ui, SIDES, 1, spec->width, spec->height, spec->channels,
                        &fresh)) {
        return;
    }
    compare->image[0].shown = compare->image[0].shown && !fresh;
    compare->image[1].shown = compare->image[1].shown && !fresh;
    decode(compare, 0, a);
    decode(compare, 1, b);
    char code[VIEW_COORDINATE];
    char text[VIEW_COORDINATE + 8];
    view_coordinate_print(a->cursor.z, spec->latent, code);
    const UiRect line = view_caption_draw(ui, rect, "THE SAME CODE IN BOTH");
    (void)snprintf(text, sizeof text, "z = %s", code);
    (void)ui_draw_text(ui, line, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, text);
    UiRect row = ui_rect_cut_top(rect, side);
    for (int i = 0; i < SIDES; i++) {
        const UiRect place = ui_rect_cut_left(&row, side);
        ui_rect_cut_left(&row, UI_PAD);
        view_tiles_draw_one(&compare->tiles, ui, i, 0, place);
        ui_draw_frame(ui, ui_rect_inset(place, -1), 3, 1.5F, i == 0 ? UI_SIDE_A : UI_SIDE_B);
    }
    ui_rect_cut_top(rect, UI_GRID);
}

/* --- what differs ------------------------------------------------------------------------------- */

/* One side's value of a setting: a switch where it is one, words where it is not. */
static void draw_value(View *view, const LsSetting *row, UiRect place, UiColor color)
{
    if (row->type == LS_SETTING_BOOL) {
        LsTrainSettings settings = view->settings;
        bool on = ls_setting_number(row, &settings) > 0.5;
        const UiRect toggle = {place.x + place.w - 28, place.y + (place.h - 16) / 2, 28, 16};
        if (ui_switch(view->ui, row->name, toggle, &on, color)) {
            ls_setting_set_number(row, on ? 1 : 0, &settings);
            view_form_commit(view, &settings, (ViewChange){true, true});
        }
        return;
    }
    char value[LS_SETTING_TEXT];
    ls_setting_print(row, &view->settings, value);
    (void)ui_draw_text(view->ui, place, UI_FONT_STRONG, UI_RIGHT, color, value);
}

static void draw_differences(View *a, View *b, UiRect *rect)
{
    static const char *const first[] = {"div_on", "beta"};
    Ui *ui = a->ui;
    const LsSettingTable table = ls_train_settings_table();
    const float column = floorf(rect->w * 0.2F);
    UiRect head = view_caption_draw(ui, rect, "WHAT DIFFERS");
    ui_draw_text(ui, ui_rect_cut_right(&head, column), UI_FONT_STRONG, UI_RIGHT, UI_SIDE_B, "B");
    ui_draw_text(ui, ui_rect_cut_right(&head, column), UI_FONT_STRONG, UI_RIGHT, UI_SIDE_A, "A");
    const bool differ = !ls_train_settings_equal(&a->settings, &b->settings);
    int shown = 0;
    for (size_t i = 0; i < table.count && shown < ROWS; i++) {
        const LsSetting *row = &table.rows[i];
        /* Where nothing differs yet: what is tried most. */
        const bool wanted =
            differ ? !ls_setting_equal(row, &a->settings, &b->settings)
                   : strcmp(row->name, first[0]) == 0 || strcmp(row->name, first[1]) == 0;
        if (!wanted) {
            continue;
        }
        shown++;
        UiRect line = ui_rect_cut_top(rect, 22);
        ui_scope(ui, "compare.b:");
        draw_value(b, row, ui_rect_cut_right(&line, column), UI_SIDE_B);
        ui_scope(ui, "compare.a:");
        draw_value(a, row, ui_rect_cut_right(&line, column), UI_SIDE_A);
        ui_scope(ui, NULL);
        (void)ui_draw_text(ui, line, UI_FONT_BODY, UI_LEFT, UI_TEXT, row->title);
    }
    if (!differ) {
        UiRect note = *rect;
        ui_rect_cut_top(rect,
                        ui_draw_paragraph(ui, note, UI_FONT_SMALL, UI_MUTED,
                                          "Nothing yet: both are trained alike, bit for bit. "
                                          "Change one side's loss here or in Loss A and Loss B.",
                                          true));
    }
    ui_rect_cut_top(rect, UI_GRID);
}

/* What sets them apart, in a sentence, where there is room: below the table, or above it where the
 * table takes all there is. */
static void draw_contrast(const View *a, const View *b, bool above, UiRect *rect)
{
    const LsSnapshot *x = a->snapshot;
    const LsSnapshot *y = b->snapshot;
    const LsContrastSide side[SIDES] = {
        {"A", &x->evaluation, &x->measures, x->settings.rec},
        {"B", &y->evaluation, &y->measures, y->settings.rec},
    };
    const LsContrast contrast = ls_contrast_make(&side[0], &side[1]);
    const float height =
        ui_draw_paragraph(a->ui, *rect, UI_FONT_SMALL, UI_SOFT, contrast.sentence, false);
    if (!contrast.sentence[0] || height > rect->h ||
        ls_train_settings_equal(&a->settings, &b->settings)) {
        return;
    }
    if (!above) {
        ui_draw_rect(a->ui, (UiRect){rect->x, rect->y - 4, rect->w, 1}, UI_RULE);
    }
    (void)ui_draw_paragraph(a->ui, *rect, UI_FONT_SMALL, UI_SOFT, contrast.sentence, true);
    ui_rect_cut_top(rect, height + UI_GRID);
}

/* Both models in figures. */
static void draw_figures(View *a, const View *b, UiRect *rect)
{
    const LsSnapshot *x = a->snapshot;
    const LsSnapshot *y = b->snapshot;
    UiRect head = *rect;
    head.h = VIEW_VERSUS_ROW;
    head.w *= 0.4F;
    ui_draw_text(a->ui, head, UI_FONT_CAPTION, UI_LEFT, UI_MUTED, "MEASURED");
    const ViewVersusSide side[SIDES] = {
        {"A", UI_SIDE_A, &x->evaluation, &x->measures, x->settings.rec, x->settings.div},
        {"B", UI_SIDE_B, &y->evaluation, &y->measures, y->settings.rec, y->settings.div},
    };
    ui_rect_cut_top(rect, view_versus_draw(a, side[0], side[1], *rect) + UI_GRID);
}

void view_compare_draw(ViewCompare *compare, View *a, View *b, UiRect rect)
{
    Ui *ui = a->ui;
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    const UiRect port = {rect.x + 4, rect.y + 4, rect.w - 5, rect.h - 8};
    const UiRect page = ui_scroll_begin(ui, "compare", port, &compare->offset, compare->height);
    const bool scrolls = compare->height > port.h;
    UiRect inside = {rect.x + UI_PAD, page.y + 4, rect.w - 2 * UI_PAD, LONG};
    draw_differences(a, b, &inside);
    const int lines =
        1 + VIEW_VERSUS_ROWS + LS_MEASURE_COUNT + 1; /* a head, the figures, the sentence */
    const bool above = port.h - (inside.y - page.y) < (float)(VIEW_VERSUS_ROW * lines);
    if (above) {
        draw_contrast(a, b, above, &inside);
    }
    draw_figures(a, b, &inside);
    if (!above) {
        draw_contrast(a, b, above, &inside);
    }
    /* A page that is longer than its place has room for the images too; else they take what is
     * left. */
    const float height = inside.y - page.y;
    inside.h = scrolls ? inside.w : fmaxf(page.y + port.h - 4 - inside.y, 0);
    draw_images(compare, a, b, &inside);
    compare->height = height > port.h ? inside.y - page.y : height;
    ui_scroll_end(ui);
}
