#include "views/map_points.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

#include "views/decoder.h"
#include "views/nearest.h"
#include "views/pixels.h"

enum {
    MOST = 2000, /* points shown */
    SLICE = 64,  /* images encoded at once */
    LEAST = 8,   /* and in a frame that is late already */
};

/* For encoding in a frame that is shared, where the map rests and where it has its turn without a grid. */
static const double resting_s = 0.0008;
static const double turn_s = 0.003;

struct ViewMapPoints {
    // --- whose codes these are
    const LsDataset *data;
    const uint8_t *pixels;
    uint64_t model_id;
    int latent;
    // --- the images and their codes
    int total, count;     /* chosen; shown */
    uint32_t index[MOST]; /* held-out image */
    uint8_t label[MOST];  /* its class */
    float *code;          /* [MOST + 1, latent], shown; the last row is a place asked about */
    float *newer;         /* [MOST, latent], encoded; shown when the map's turn comes */
    int ready;            /* encoded at least once */
    bool shown;           /* code is as newer */
    int next;             /* to be encoded */
    int left;             /* not yet encoded with `serial` */
    uint64_t serial;
    ViewDecoder decoder;
    // --- what the person chose
    int classes;
    bool hidden[256];
    int lit;
    // --- of the frame
    UiPoint at[MOST];
    UiColor color[MOST];
};

ViewMapPoints *view_map_points_create(LsError *err)
{
    ViewMapPoints *points = ls_memory_items(1, sizeof *points, err);
    if (points != NULL) {
        points->lit = -1;
    }
    return points;
}

void view_map_points_destroy(ViewMapPoints *points)
{
    if (points != NULL) {
        ls_memory_free(points->code);
        ls_memory_free(points->newer);
        view_decoder_finish(&points->decoder);
        ls_memory_free(points);
    }
}

static void choose(ViewMapPoints *points, const LsDataset *data)
{
    const LsImages *images = &data->heldout;
    points->total = images->count < MOST ? (int)images->count : MOST;
    for (int i = 0; i < points->total; i++) {
        const uint64_t at = (uint64_t)i * images->count / (uint64_t)points->total;
        points->index[i] = (uint32_t)at;
        points->label[i] = images->labels[at];
    }
    points->data = data;
    points->pixels = images->pixels;
    points->classes = data->classes;
    memset(points->hidden, 0, sizeof points->hidden);
}

/* Whether what is shown stays for this frame. */
static bool resting(const ViewMapPoints *points, const View *view)
{
    return (view->resting & VIEW_TURN_MAP) != 0 && points->count == points->total;
}

/* All that are encoded move at once. */
static void show(ViewMapPoints *points)
{
    points->count = points->ready;
    points->shown = true;
    memcpy(points->code, points->newer,
           (size_t)points->count * (size_t)points->latent * sizeof *points->code);
}

void view_map_points_follow(ViewMapPoints *points, const View *view)
{
    const LsSnapshot *snapshot = view->snapshot;
    const LsDataset *data = view->data;
    const int latent = snapshot->model.spec.latent;
    const bool other_data = points->data != data || points->pixels != data->heldout.pixels;
    if (other_data) {
        choose(points, data);
    }
    if (!other_data && points->model_id == snapshot->model_id && points->latent == latent &&
        points->code != NULL && points->newer != NULL) {
        if (!points->shown && !resting(points, view)) {
            show(points);
        }
        return;
    }
    if (points->latent != latent || points->code == NULL || points->newer == NULL) {
        ls_memory_free(points->code);
        ls_memory_free(points->newer);
        points->code = ls_memory_floats((size_t)(MOST + 1) * (size_t)latent, NULL);
        points->newer = ls_memory_floats((size_t)MOST * (size_t)latent, NULL);
        points->latent = latent;
    }
    points->model_id = snapshot->model_id;
    points->count = points->ready = 0;
    points->shown = true;
    points->next = 0;
    points->left = points->total;
    points->serial = snapshot->serial;
}

/* Encodes the next n images. */
static void encode(ViewMapPoints *points, const View *view, int n)
{
    ViewDecoder *decoder = &points->decoder;
    const size_t latent = (size_t)points->latent;
    ls_dataset_gather(view->data, &view->data->heldout, 0, points->index + points->next, n,
                      decoder->image);
    view_decoder_encode(decoder, view, view->snapshot->params, n);
    memcpy(points->newer + (size_t)points->next * latent, decoder->z,
           (size_t)n * latent * sizeof *decoder->z);
    points->next += n;
    points->ready = points->next > points->ready ? points->next : points->ready;
    points->next %= points->total;
    points->left -= n;
    points->shown = false;
}

bool view_map_points_work(ViewMapPoints *points, const View *view)
{
    const LsSnapshot *snapshot = view->snapshot;
    if (points->total == 0 || points->code == NULL || points->newer == NULL ||
        points->model_id != snapshot->model_id || snapshot->model.pixels != view->data->pixels ||
        !view_decoder_follow(&points->decoder, &snapshot->model, SLICE, NULL)) {
        return false;
    }
    if (points->serial != snapshot->serial) {
        points->serial = snapshot->serial;
        points->left = points->total;
    }
    const double most = (view->resting & VIEW_TURN_MAP) != 0 ? resting_s : turn_s;
    const bool sharing = view->resting != 0 && points->count == points->total;
    const double until =
        sharing ? fmin(view->decode_until, ls_clock_now() + most) : view->decode_until;
    for (int least = LEAST; points->left > 0; least = 0) {
        const int room = view_decoder_room(&points->decoder, until, least);
        const int run = points->total - points->next;
        int n = room < run ? room : run;
        n = n < points->left ? n : points->left;
        if (room < LEAST || n == 0) {
            break;
        }
        encode(points, view, n);
    }
    return points->left > 0 || !points->shown;
}

int view_map_points_count(const ViewMapPoints *points)
{
    return points->count;
}

ViewMapPoint view_map_points_get(const ViewMapPoints *points, int index)
{
    return (ViewMapPoint){points->index[index], points->label[index],
                          points->code + (size_t)index * (size_t)points->latent};
}

/* With one latent axis points of a class share a band of the height, spread over it evenly: a place
 * of its own for each image, the same in every frame. */
static double band(const ViewMapPoints *points, const ViewPlane *plane, int index)
{
    const int classes = points->classes > 0 ? points->classes : 1;
    const double spread = fmod(index * 0.618034, 1.0) * 0.7 + 0.15;
    const double down = (points->label[index] % classes + spread) / classes;
    return plane->y + plane->half * (0.94 - 1.88 * down);
}

UiPoint view_map_points_at(const ViewMapPoints *points, const ViewPlane *plane, int index)
{
    const float *code = points->code + (size_t)index * (size_t)points->latent;
    const double y = points->latent > 1 ? (double)code[1] : band(points, plane, index);
    return view_plane_to_window(plane, (double)code[0], y);
}

static UiColor color_of(const ViewMapPoints *points, int label)
{
    UiColor color = points->classes > 1 ? view_pixels_class(label) : UI_ACTION;
    if (points->lit >= 0 && points->lit != label) {
        color.a = 40;
    }
    return color;
}

void view_map_points_draw(ViewMapPoints *points, const View *view, const ViewPlane *plane,
                          int ringed)
{
    const float radius = plane->area.w < 300 ? 2 : 2.5F;
    const UiRect near = ui_rect_inset(plane->area, -2 * radius);
    size_t n = 0;
    /* The lit class comes last, so that it lies over the others. */
    for (int round = points->lit >= 0 ? 0 : 1; round < 2; round++) {
        for (int i = 0; i < points->count; i++) {
            const int label = points->label[i];
            const UiPoint at = view_map_points_at(points, plane, i);
            if (points->hidden[label] || !ui_rect_has(near, at) ||
                (points->lit >= 0 && (label == points->lit) != (round == 1))) {
                continue;
            }
            points->at[n] = at;
            points->color[n++] = color_of(points, label);
        }
    }
    ui_draw_dots(view->ui, points->at, points->color, n, radius, (UiColor){8, 10, 14, 170});
    if (ringed >= 0 && ringed < points->count) {
        const UiPoint at = view_map_points_at(points, plane, ringed);
        ui_draw_disc(view->ui, at, radius + 1, color_of(points, points->label[ringed]));
        ui_draw_ring(view->ui, at, radius + 3.5F, 1.5F, 0, UI_TEXT);
    }
}

int view_map_points_pick(const ViewMapPoints *points, const ViewPlane *plane, UiPoint at,
                         float within)
{
    int best = -1;
    float nearest = within * within;
    for (int i = 0; i < points->count; i++) {
        const UiPoint p = view_map_points_at(points, plane, i);
        const float dx = p.x - at.x;
        const float dy = p.y - at.y;
        const float distance = dx * dx + dy * dy;
        if (distance < nearest && !points->hidden[points->label[i]]) {
            nearest = distance;
            best = i;
        }
    }
    return best;
}

int view_map_points_nearest(const ViewMapPoints *points, const float *z, int k, int *out)
{
    if (points->code == NULL) {
        return 0;
    }
    const int axes = points->latent < 2 ? points->latent : 2;
    float *place = points->code + (size_t)MOST * (size_t)points->latent;
    memset(place, 0, (size_t)points->latent * sizeof *place);
    memcpy(place, z, (size_t)axes * sizeof *place);
    return view_nearest_find(points->code, points->count, points->latent, place, k, out);
}

double view_map_points_outside(const ViewMapPoints *points, ViewBounds bounds)
{
    int outside = 0;
    for (int i = 0; i < points->count; i++) {
        const float *code = points->code + (size_t)i * (size_t)points->latent;
        const double x = (double)code[0];
        const double y = points->latent > 1 ? (double)code[1] : bounds.y0;
        outside += !(x >= bounds.x0 && x <= bounds.x1 && y >= bounds.y0 && y <= bounds.y1);
    }
    return points->count > 0 ? (double)outside / points->count : 0;
}

double view_map_points_beyond(const ViewMapPoints *points, double radius)
{
    int beyond = 0;
    for (int i = 0; i < points->count; i++) {
        const float *code = points->code + (size_t)i * (size_t)points->latent;
        const double x = (double)code[0];
        const double y = points->latent > 1 ? (double)code[1] : 0;
        beyond += !(x * x + y * y <= radius * radius);
    }
    return points->count > 0 ? (double)beyond / points->count : 0;
}

double view_map_points_rms(const ViewMapPoints *points)
{
    const int axes = points->latent < 2 ? points->latent : 2;
    double sum = 0;
    for (int i = 0; i < points->count; i++) {
        const float *code = points->code + (size_t)i * (size_t)points->latent;
        for (int j = 0; j < axes; j++) {
            sum += (double)code[j] * (double)code[j];
        }
    }
    return points->count > 0 ? sqrt(sum / points->count) : 0;
}

bool view_map_points_bounds(const ViewMapPoints *points, ViewBounds *bounds)
{
    *bounds = (ViewBounds){DBL_MAX, -DBL_MAX, DBL_MAX, -DBL_MAX};
    for (int i = 0; i < points->count; i++) {
        const float *code = points->code + (size_t)i * (size_t)points->latent;
        const double x = (double)code[0];
        const double y = points->latent > 1 ? (double)code[1] : 0;
        bounds->x0 = fmin(bounds->x0, x);
        bounds->x1 = fmax(bounds->x1, x);
        bounds->y0 = fmin(bounds->y0, y);
        bounds->y1 = fmax(bounds->y1, y);
    }
    return points->count > 0;
}

bool view_map_points_shown(const ViewMapPoints *points, int label)
{
    return !points->hidden[label & 255];
}

void view_map_points_show(ViewMapPoints *points, int label, bool shown)
{
    points->hidden[label & 255] = !shown;
}

void view_map_points_light(ViewMapPoints *points, int label)
{
    points->lit = label;
}

void view_map_points_like(ViewMapPoints *points, const ViewMapPoints *other)
{
    memcpy(points->hidden, other->hidden, sizeof points->hidden);
    points->lit = other->lit;
}
