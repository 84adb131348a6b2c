#include "views/point_card.h"

#include <math.h>
#include <stdio.h>

#include "views/coordinate.h"
#include "views/pixels.h"

enum {
    REACH = 5,    /* logical units from the mouse to a point it picks */
    LEASH = 16,   /* and to one that has moved since */
    PICTURE = 48, /* the longer side of the image */
    PAD = 6,
};

static const double rest_s = 0.12;

void view_point_card_finish(ViewPointCard *card)
{
    view_tiles_finish(&card->tile);
}

bool view_point_card_waits(const ViewPointCard *card, double now)
{
    return card->point >= 0 && now - card->since <= rest_s;
}

static float distance(UiPoint a, UiPoint b)
{
    return hypotf(a.x - b.x, a.y - b.y);
}

/* What the status line says of the point. */
static void tell(ViewPointCard *card, const ViewMapPoints *points, View *view)
{
    const ViewMapPoint point = view_map_points_get(points, card->point);
    char code[VIEW_COORDINATE];
    char label[24] = "";
    const int latent = view->snapshot->model.spec.latent;
    view_coordinate_print(point.code, latent, code);
    if (view->data->classes > 1) {
        snprintf(label, sizeof label, "Class %d · ", point.label);
    }
    snprintf(card->hint, sizeof card->hint, "%sheld-out image %u · encoded at %s", label,
             (unsigned)point.image, code);
    view->hint = card->hint;
}

void view_point_card_follow(ViewPointCard *card, const ViewMapPoints *points, View *view,
                            const ViewPlane *plane, const UiHit *hit, bool free)
{
    const bool moved = distance(hit->at, card->mouse) > 0.01F;
    card->mouse = hit->at;
    if (hit->pressed) { /* a drag from a point is a drag, and chooses it all the same */
        card->pinned = card->point;
        card->hushed = false;
    }
    if (!view->choice.points) {
        card->pinned = -1;
    }
    if (!hit->over || !free || !view->choice.points) {
        card->point = -1;
    } else if (moved) {
        const int point = view_map_points_pick(points, plane, hit->at, REACH);
        if (point != card->point) {
            card->since = ui_now(view->ui);
            card->hushed = card->hushed && point < 0;
        }
        card->point = point;
    }
    if (card->point >= view_map_points_count(points) ||
        (card->point >= 0 &&
         distance(view_map_points_at(points, plane, card->point), hit->at) > LEASH)) {
        card->point = -1;
    }
    if (card->point >= 0) {
        tell(card, points, view);
    }
}

void view_point_card_hush(ViewPointCard *card)
{
    card->point = -1;
    card->hushed = true;
}

/* Puts the image into the tile where it is another one. */
static bool load(ViewPointCard *card, View *view, uint32_t image)
{
    const LsDataset *data = view->data;
    bool fresh = card->pixels != data->heldout.pixels || card->image != image;
    if (!view_tiles_fit(&card->tile, view->ui, 1, 1, data->width, data->height, data->channels,
                        &fresh)) {
        return false;
    }
    if (fresh) {
        view_tiles_put_bytes(&card->tile, 0, 0,
                             data->heldout.pixels + (size_t)image * (size_t)data->pixels);
        card->pixels = data->heldout.pixels;
        card->image = image;
    }
    return true;
}

int view_point_card_shown(const ViewPointCard *card, const ViewMapPoints *points, double now)
{
    const bool rested = card->point >= 0 && now - card->since > rest_s;
    const int shown = rested ? card->point : card->pinned;
    return shown < view_map_points_count(points) ? shown : -1;
}

bool view_point_card_seen(const ViewPointCard *card, const ViewMapPoints *points, double now)
{
    return !card->hushed && view_point_card_shown(card, points, now) >= 0;
}

/* Beside the point, where the plane has room for it; at its left where that is asked for. */
static UiRect place(const ViewPlane *plane, UiPoint at, float w, float h, bool left)
{
    const UiRect area = plane->area;
    UiRect rect = {at.x + 14, at.y - h - 14, w, h};
    if (rect.x + w > area.x + area.w || (left && at.x - 14 - w >= area.x)) {
        rect.x = at.x - 14 - w;
    }
    if (rect.y < area.y) {
        rect.y = at.y + 14;
    }
    rect.x = fmaxf(fminf(rect.x, area.x + area.w - w - 2), area.x + 2);
    rect.y = fmaxf(fminf(rect.y, area.y + area.h - h - 2), area.y + 2);
    return rect;
}

void view_point_card_draw(ViewPointCard *card, const ViewMapPoints *points,
                          ViewMapPosterior *posterior, View *view, const ViewPlane *plane)
{
    Ui *ui = view->ui;
    const LsDataset *data = view->data;
    const int shown = view_point_card_shown(card, points, ui_now(ui));
    if (!view_point_card_seen(card, points, ui_now(ui))) {
        return;
    }
    const ViewMapPoint point = view_map_points_get(points, shown);
    const float scale = PICTURE / (float)(data->width > data->height ? data->width : data->height);
    const float w = (float)data->width * scale;
    const float h = (float)data->height * scale;
    char name[24];
    snprintf(name, sizeof name, "no. %u", (unsigned)point.image);
    const bool classes = data->classes > 1;
    const float text = ui_text_width(ui, UI_FONT_SMALL, name);
    float wide = w + text + 3 * PAD;
    float high = h + 2 * PAD;
    const bool whole = posterior != NULL && plane->area.w >= 2 * VIEW_MAP_POSTERIOR_SIDE &&
                       plane->area.h >= high + VIEW_MAP_POSTERIOR_HIGH;
    if (whole) {
        wide = fmaxf(wide, VIEW_MAP_POSTERIOR_SIDE + 2 * PAD);
        high += VIEW_MAP_POSTERIOR_HIGH;
    }
    /* It does not lie over what it magnifies. */
    const LsPosteriorPicture *seen = whole ? view_map_posterior_picture(posterior) : NULL;
    const UiRect rect = place(plane, view_map_points_at(points, plane, shown), wide, high,
                              seen != NULL && seen->mean[0] > seen->mu[0]);
    if (!load(card, view, point.image)) {
        return;
    }
    ui_draw_round(ui, rect, UI_ROUND, UI_RAISED);
    ui_draw_frame(ui, rect, UI_ROUND, 1, UI_HOVER);
    const UiRect picture = {rect.x + PAD, rect.y + PAD, w, h};
    view_tiles_draw(&card->tile, ui, picture);
    UiRect column = {picture.x + w + PAD, picture.y, text + 2, h};
    if (classes) {
        const UiRect line = ui_rect_cut_top(&column, h / 2);
        ui_draw_textf(ui, line, UI_FONT_TITLE, UI_LEFT, view_pixels_class(point.label), "%d",
                      point.label);
    }
    ui_draw_text(ui, column, UI_FONT_SMALL, UI_LEFT, UI_MUTED, name);
    if (whole) {
        view_map_posterior_card(posterior, ui,
                                (UiRect){rect.x + PAD, picture.y + h + PAD, wide - 2 * PAD,
                                         VIEW_MAP_POSTERIOR_HIGH - PAD});
    }
}
