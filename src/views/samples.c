#include "views/samples.h"

#include <stdio.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

#include "views/coordinate.h"
#include "views/decoder.h"
#include "views/tiles.h"
#include "views/tiling.h"

enum {
    SLICE = 36,
    LEAST = 8,
    COUNT = 40, /* samples in a card, about */
};

/* Of the time a frame has left: the views that come later want some too. */
static const double share = 0.25;

struct ViewSamples {
    ViewDecoder decoder;
    ViewTiles tiles;
    // --- what the tiles show
    uint64_t serial, model_id, noise;
    int latent;
    int next, left; /* sample to be decoded; how many do not show the snapshot yet */
    bool bare;      /* some show nothing of this model yet */
    int marked;     /* by the arrow keys, or -1 */
};

ViewSamples *view_samples_create(LsError *err)
{
    ViewSamples *samples = ls_memory_items(1, sizeof *samples, err);
    if (samples != NULL) {
        samples->marked = -1;
    }
    return samples;
}

void view_samples_destroy(ViewSamples *samples)
{
    if (samples != NULL) {
        view_decoder_finish(&samples->decoder);
        view_tiles_finish(&samples->tiles);
        ls_memory_free(samples);
    }
}

bool view_samples_busy(const ViewSamples *samples)
{
    return samples->left > 0;
}

double view_samples_mean(const ViewSamples *samples)
{
    return view_tiles_mean(&samples->tiles);
}

void view_samples_place(uint64_t noise, int latent, int index, float *z)
{
    const size_t axes = latent < 2 ? 1 : 2;
    z[1] = 0;
    ls_rng_normal(ls_rng_make(noise, LS_RNG_VIEW), (uint64_t)index * (uint64_t)latent, axes, z);
}

/* Decodes from where the last frame stopped. */
static void decode(ViewSamples *samples, const View *view)
{
    const LsSnapshot *snapshot = view->snapshot;
    ViewDecoder *decoder = &samples->decoder;
    const LsRng rng = ls_rng_make(view->choice.noise, LS_RNG_VIEW);
    const int latent = snapshot->model.spec.latent;
    const int count = samples->tiles.cols * samples->tiles.rows;
    const double until = view_decoder_share(view->decode_until, share);
    for (int least = LEAST; samples->left > 0; least = 0) {
        const int room = view_decoder_room(decoder, until, least);
        const int run = count - samples->next;
        int n = room < run ? room : run;
        n = n < samples->left ? n : samples->left;
        if (room < 1 || n < 1) {
            return;
        }
        ls_rng_normal(rng, (uint64_t)samples->next * (uint64_t)latent, (size_t)n * (size_t)latent,
                      decoder->z);
        view_decoder_decode(decoder, view, snapshot->params, n);
        for (int i = 0; i < n; i++) {
            const int at = samples->next + i;
            view_tiles_put(&samples->tiles, at % samples->tiles.cols, at / samples->tiles.cols,
                           decoder->image + (size_t)i * (size_t)snapshot->model.pixels);
        }
        samples->next = (samples->next + n) % count;
        samples->left -= n;
    }
}

/* Brings the tiles up to date. */
static void follow(ViewSamples *samples, const View *view, int cols, int rows)
{
    const LsSnapshot *snapshot = view->snapshot;
    const LsModelSpec *spec = &snapshot->model.spec;
    bool fresh = false;
    if (!view_decoder_follow(&samples->decoder, &snapshot->model, SLICE, NULL) ||
        !view_tiles_fit(&samples->tiles, view->ui, cols, rows, spec->width, spec->height,
                        spec->channels, &fresh)) {
        return;
    }
    if (fresh || samples->noise != view->choice.noise || samples->latent != spec->latent) {
        samples->next = 0;
        fresh = true;
    }
    const bool resting = (view->resting & VIEW_TURN_SAMPLES) != 0;
    if (fresh || (!resting && samples->serial != snapshot->serial) ||
        samples->model_id != snapshot->model_id) {
        samples->noise = view->choice.noise;
        samples->latent = spec->latent;
        samples->bare = samples->bare || fresh || samples->model_id != snapshot->model_id;
        samples->serial = snapshot->serial;
        samples->model_id = snapshot->model_id;
        samples->left = cols * rows;
    }
    if (!resting || samples->bare) {
        decode(samples, view);
        samples->bare = samples->bare && samples->left > 0;
    }
}

/* The button for other noise at the right of the header. */
static void draw_button(View *view, UiRect card, float title)
{
    Ui *ui = view->ui;
    const ViewAction *action =
        view->host.action != NULL ? view->host.action(view->host.app, "samples.noise") : NULL;
    char label[48];
    const char *key = action != NULL && action->key != NULL ? action->key : "›";
    snprintf(label, sizeof label, "%.8s new noise", key);
    UiRect row = {card.x + UI_PAD, card.y + 8, card.w - UI_PAD - 4, 24};
    ui_rect_cut_left(&row, title);
    if (ui_button_width(ui, label, UI_LOOK_PLAIN) > row.w) {
        snprintf(label, sizeof label, "%.8s new", key);
    }
    const float width = ui_button_width(ui, label, UI_LOOK_PLAIN);
    if (width > row.w) {
        return;
    }
    const UiRect place = ui_rect_cut_right(&row, width);
    if (ui_button(ui, "samples.noise", place, label, UI_LOOK_PLAIN, false, true)) {
        view->host.act(view->host.app, "samples.noise");
    }
    ui_tooltip(ui, place,
               action != NULL ? action->help
                              : "Draws other samples; until then the noise stays the same, so that "
                                "what changes is the model.",
               action != NULL ? action->key : NULL);
}

/* Which sample the mouse or the keyboard is on, or -1. */
static int pick(ViewSamples *samples, const UiHit *hit, const ViewTiling *tiling)
{
    const int cols = tiling->cols;
    const int count = cols * tiling->rows;
    if (hit->key_x != 0 || hit->key_y != 0) {
        const int right = (hit->key_x > 0) - (hit->key_x < 0);
        const int up = (hit->key_y > 0) - (hit->key_y < 0);
        const int from = samples->marked < 0 ? 0 : samples->marked % count;
        samples->marked = (from + right - up * cols + count) % count;
    }
    if (hit->over) {
        const int i = (int)((hit->at.x - tiling->area.x) / tiling->w);
        const int j = (int)((hit->at.y - tiling->area.y) / tiling->h);
        return i >= 0 && j >= 0 && i < cols && j < tiling->rows ? j * cols + i : -1;
    }
    return hit->focused && samples->marked < count ? samples->marked : -1;
}

static void draw_picked(const ViewSamples *samples, View *view, const UiHit *hit, UiRect place,
                        int index)
{
    char code[VIEW_COORDINATE];
    char text[VIEW_COORDINATE + 96];
    float z[2];
    view_samples_place(samples->noise, samples->latent, index, z);
    view_coordinate_print(z, samples->latent, code);
    snprintf(text, sizeof text, "Drawn at z = %s%s. A click moves the cursor there.", code,
             samples->latent > 2 ? " on the first two axes" : "");
    ui_draw_frame(view->ui, place, 3, 1, hit->focused ? UI_ACTION : UI_MUTED);
    ui_tooltip(view->ui, place, text, NULL);
    if (hit->clicked || hit->key_enter) {
        view->cursor.set = true;
        view->cursor.z[0] = z[0];
        view->cursor.z[1] = z[1];
    }
}

void view_samples_draw(ViewSamples *samples, View *view, UiRect card)
{
    Ui *ui = view->ui;
    const LsModelSpec *spec = &view->snapshot->model.spec;
    const float room = card.w - 2 * UI_PAD;
    const char *title = "Samples from the prior";
    if (ui_text_width(ui, UI_FONT_STRONG, title) > room) {
        title = "Samples";
    }
    ui_card(ui, card, title);
    draw_button(view, card, ui_text_width(ui, UI_FONT_STRONG, title) + 12);
    const UiRect inside = {card.x + UI_PAD, card.y + 34, card.w - 2 * UI_PAD, card.h - 34 - UI_PAD};
    if (inside.w < 16 || inside.h < 16) {
        return;
    }
    const ViewTiling tiling = view_tiling_find(inside, COUNT, 1, spec->width, spec->height);
    follow(samples, view, tiling.cols, tiling.rows);

    ui_draw_rect(ui, tiling.area, UI_BLACK);
    view_tiles_draw(&samples->tiles, ui, tiling.area);
    const UiHit hit = ui_area(ui, "samples", tiling.area, true);
    const int index = pick(samples, &hit, &tiling);
    if (index >= 0) {
        const UiRect place = view_tiling_place(&tiling, index % tiling.cols, index / tiling.cols);
        draw_picked(samples, view, &hit, place, index);
    } else if (hit.focused) {
        ui_draw_frame(ui, tiling.area, 3, 1, UI_ACTION);
    }
}
