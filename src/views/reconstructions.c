#include "views/reconstructions.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/core/memory.h"

#include "views/decoder.h"
#include "views/figure.h"
#include "views/pixels.h"
#include "views/tiles.h"
#include "views/tiling.h"

enum {
    SLICE = 32,
    LEAST = 4,
    MOST = 128, /* images in a card: half of a tiling's most */
    COUNT = 20, /* tiles in a card, about: two an image */
    HIGH = 64,  /* of two rows, logical units: then there is room for a line below */
    GAP_H = 22, /* of the line below */
};

/* Of the time a frame has left: the map comes later and wants the most. */
static const double share = 0.25;

struct ViewReconstructions {
    ViewDecoder decoder;
    ViewTiles tiles; /* rows 2k: originals; 2k + 1: reconstructions */
    // --- what the tiles show
    const LsDataset *data;
    const uint8_t *pixels;
    uint64_t serial, model_id;
    uint32_t first; /* held-out image at the upper left */
    int next, left; /* image to be done; how many do not show the snapshot yet */
    bool bare;      /* some show nothing of this model yet */
    float nats[MOST];
};

ViewReconstructions *view_reconstructions_create(LsError *err)
{
    return ls_memory_items(1, sizeof(ViewReconstructions), err);
}

void view_reconstructions_destroy(ViewReconstructions *recons)
{
    if (recons != NULL) {
        view_decoder_finish(&recons->decoder);
        view_tiles_finish(&recons->tiles);
        ls_memory_free(recons);
    }
}

int view_reconstructions_count(const ViewReconstructions *recons)
{
    return recons->tiles.cols * recons->tiles.rows / 2;
}

bool view_reconstructions_busy(const ViewReconstructions *recons)
{
    return recons->left > 0;
}

double view_reconstructions_mean(const ViewReconstructions *recons)
{
    return view_tiles_mean(&recons->tiles);
}

double view_reconstructions_nats(const float *logits, const float *x, int pixels)
{
    double sum = 0;
    for (int i = 0; i < pixels; i++) {
        const float l = logits[i];
        sum += (double)(fmaxf(l, 0) - l * x[i] + log1pf(expf(-fabsf(l))));
    }
    return sum;
}

/* The held-out image shown at a place; past the last one they begin anew. */
static uint32_t image_at(const ViewReconstructions *recons, const View *view, int place)
{
    return (recons->first + (uint32_t)place) % view->data->heldout.count;
}

static void show_originals(ViewReconstructions *recons, const View *view)
{
    const LsDataset *data = view->data;
    for (int k = 0; k < view_reconstructions_count(recons); k++) {
        const size_t at = (size_t)image_at(recons, view, k) * (size_t)data->pixels;
        view_tiles_put_bytes(&recons->tiles, k % recons->tiles.cols, k / recons->tiles.cols * 2,
                             data->heldout.pixels + at);
    }
}

/* Encodes and decodes the next n images. The codes stay in the decoder's z, where decoding takes
 * them from; its images are overwritten, so the originals are gathered again for the nats. */
static void reconstruct(ViewReconstructions *recons, const View *view, int n)
{
    const LsSnapshot *snapshot = view->snapshot;
    ViewDecoder *decoder = &recons->decoder;
    const size_t pixels = (size_t)snapshot->model.pixels;
    uint32_t index[SLICE];
    for (int i = 0; i < n; i++) {
        index[i] = image_at(recons, view, recons->next + i);
    }
    ls_dataset_gather(view->data, &view->data->heldout, 0, index, n, decoder->image);
    view_decoder_encode(decoder, view, snapshot->params, n);
    view_decoder_decode(decoder, view, snapshot->params, n);
    for (int i = 0; i < n; i++) {
        const int at = recons->next + i;
        view_tiles_put(&recons->tiles, at % recons->tiles.cols, at / recons->tiles.cols * 2 + 1,
                       decoder->image + (size_t)i * pixels);
    }
    ls_dataset_gather(view->data, &view->data->heldout, 0, index, n, decoder->image);
    for (int i = 0; i < n; i++) {
        recons->nats[recons->next + i] = (float)view_reconstructions_nats(
            decoder->logits + (size_t)i * pixels, decoder->image + (size_t)i * pixels, (int)pixels);
    }
}

/* Goes on from where the last frame stopped. */
static void work(ViewReconstructions *recons, const View *view, int count)
{
    const double until = view_decoder_share(view->decode_until, share);
    for (int least = LEAST; recons->left > 0; least = 0) {
        /* Each takes two turns through the model. */
        const int room = view_decoder_room(&recons->decoder, until, 2 * least) / 2;
        const int run = count - recons->next;
        int n = room < run ? room : run;
        n = n < recons->left ? n : recons->left;
        if (n < 1) {
            return;
        }
        reconstruct(recons, view, n);
        recons->next = (recons->next + n) % count;
        recons->left -= n;
    }
}

/* Brings the tiles up to date. */
static void follow(ViewReconstructions *recons, const View *view, int cols, int pairs)
{
    const LsSnapshot *snapshot = view->snapshot;
    const LsDataset *data = view->data;
    const uint32_t first = (uint32_t)view->choice.first_recon % data->heldout.count;
    bool fresh =
        recons->data != data || recons->pixels != data->heldout.pixels || recons->first != first;
    if (snapshot->model.pixels != data->pixels ||
        !view_decoder_follow(&recons->decoder, &snapshot->model, SLICE, NULL) ||
        !view_tiles_fit(&recons->tiles, view->ui, cols, 2 * pairs, data->width, data->height,
                        data->channels, &fresh)) {
        return;
    }
    if (fresh) {
        recons->data = data;
        recons->pixels = data->heldout.pixels;
        recons->first = first;
        recons->next = 0;
        show_originals(recons, view);
    }
    const bool resting = (view->resting & VIEW_TURN_RECONSTRUCTIONS) != 0;
    if (fresh || (!resting && recons->serial != snapshot->serial) ||
        recons->model_id != snapshot->model_id) {
        recons->bare = recons->bare || fresh || recons->model_id != snapshot->model_id;
        recons->serial = snapshot->serial;
        recons->model_id = snapshot->model_id;
        recons->left = cols * pairs;
    }
    if (!resting || recons->bare) {
        work(recons, view, cols * pairs);
        recons->bare = recons->bare && recons->left > 0;
    }
}

/* --- drawing ------------------------------------------------------------------------------------ */

static void draw_header(View *view, UiRect card)
{
    Ui *ui = view->ui;
    const ViewAction *action =
        view->host.action != NULL ? view->host.action(view->host.app, "recon.next") : NULL;
    char label[48];
    snprintf(label, sizeof label, "%.8s next",
             action != NULL && action->key != NULL ? action->key : "›");
    UiRect row = {card.x + UI_PAD, card.y + 8, card.w - UI_PAD - 4, 24};
    ui_rect_cut_left(&row, ui_text_width(ui, UI_FONT_STRONG, "Reconstructions") + 12);
    const float width = ui_button_width(ui, label, UI_LOOK_PLAIN);
    if (width > row.w) {
        return;
    }
    const UiRect place = ui_rect_cut_right(&row, width);
    if (ui_button(ui, "recon.next", place, label, UI_LOOK_PLAIN, false, true)) {
        view->host.act(view->host.app, "recon.next");
    }
    ui_tooltip(ui, place,
               action != NULL ? action->help : "Shows other images the model was not trained on.",
               action != NULL ? action->key : NULL);
    if (ui_text_width(ui, UI_FONT_SMALL, "original above") + 4 <= row.w) {
        row.w -= 4;
        ui_draw_text(ui, row, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, "original above");
    }
}

/* How much better the model does on images it was trained on. */
static void draw_gap(View *view, UiRect row)
{
    Ui *ui = view->ui;
    const LsMetric *evaluation = &view->snapshot->evaluation;
    if (evaluation->step == 0) {
        return;
    }
    const double gap = ls_metric_gap(evaluation);
    const char *title = "gap to training images";
    char figure[VIEW_FIGURE];
    char text[VIEW_FIGURE + 8];
    view_figure_nats(gap, figure);
    snprintf(text, sizeof text, "%s nats", figure);
    ui_area(ui, "recon.gap", row, false);
    ui_tooltip(ui, row,
               "How many nats an image the model does better on images it is trained on than on "
               "held-out ones: it grows when the model learns images by heart.",
               NULL);
    const float width = ui_draw_text(ui, row, UI_FONT_STRONG, UI_RIGHT, UI_TEXT, text);
    row.w -= width + 8;
    if (ui_text_width(ui, UI_FONT_SMALL, title) > row.w) {
        title = "gap";
    }
    ui_draw_text(ui, row, UI_FONT_SMALL, UI_LEFT, UI_MUTED, title);
}

/* The pair under the mouse: frame and figures. */
static void draw_pointed(const ViewReconstructions *recons, View *view, const UiHit *hit,
                         const ViewTiling *tiling)
{
    const int i = (int)((hit->at.x - tiling->area.x) / tiling->w);
    const int j = (int)((hit->at.y - tiling->area.y) / (2 * tiling->h));
    const int place = j * tiling->cols + i;
    if (!hit->over || i < 0 || j < 0 || i >= tiling->cols ||
        place >= view_reconstructions_count(recons)) {
        return;
    }
    const uint32_t image = image_at(recons, view, place);
    UiRect rect = view_tiling_place(tiling, i, 2 * j);
    char label[24] = "";
    char text[128];
    rect.h *= 2;
    if (view->data->classes > 1) {
        snprintf(label, sizeof label, " (class %d)", view->data->heldout.labels[image]);
    }
    snprintf(text, sizeof text,
             "Held-out image %u%s comes back with a bce of %.1f nats from the middle of its code.",
             (unsigned)image, label, (double)recons->nats[place]);
    ui_draw_frame(view->ui, rect, 3, 1, UI_MUTED);
    ui_tooltip(view->ui, rect, text, NULL);
}

void view_reconstructions_draw(ViewReconstructions *recons, View *view, UiRect card)
{
    Ui *ui = view->ui;
    const LsDataset *data = view->data;
    ui_card(ui, card, "Reconstructions");
    draw_header(view, card);
    const UiRect inside = {card.x + UI_PAD, card.y + 34, card.w - 2 * UI_PAD,
                           card.h - 34 - UI_GRID};
    if (inside.w < 16 || inside.h < 16 || data->heldout.count == 0) {
        return;
    }
    const bool gap = inside.h >= HIGH + GAP_H;
    const UiRect room = {inside.x, inside.y, inside.w, inside.h - (gap ? GAP_H : 0)};
    const ViewTiling tiling = view_tiling_find(room, COUNT, 2, data->width, data->height);
    follow(recons, view, tiling.cols, tiling.rows / 2);

    ui_draw_rect(ui, tiling.area, UI_BLACK);
    view_tiles_draw(&recons->tiles, ui, tiling.area);
    const UiHit hit = ui_area(ui, "recon", tiling.area, false);
    draw_pointed(recons, view, &hit, &tiling);
    if (gap) {
        const float below = tiling.area.y + tiling.h * (float)tiling.rows;
        draw_gap(view, (UiRect){inside.x, below + 4, inside.w, GAP_H - 4});
    }
}
