/* The map as a picture of its own, for a file: every cell at full size, layers drawn into it without
 * the window. */
#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "views/decoder.h"
#include "views/map.h"
#include "views/map_state.h"
#include "views/pixels.h"

enum {
    SLICE = 64,
    SIDE_MOST = 8192,
    ENLARGED_MOST = 2400, /* pictures smaller than this are made twice as large */
};

typedef struct Picture {
    int w, h;
    uint8_t *rgb; /* [h, w, 3] */
} Picture;

static void blend(const Picture *picture, int x, int y, UiColor color, double cover)
{
    if (x < 0 || y < 0 || x >= picture->w || y >= picture->h || cover <= 0) {
        return;
    }
    uint8_t *at = picture->rgb + ((size_t)y * (size_t)picture->w + (size_t)x) * 3;
    const double a = fmin(cover, 1) * color.a / 255;
    const uint8_t to[] = {color.r, color.g, color.b};
    for (int c = 0; c < 3; c++) {
        at[c] = (uint8_t)(at[c] + (to[c] - at[c]) * a + 0.5);
    }
}

/* A disc, or where width > 0 a ring of that width, its edge smooth over one pixel. */
static void draw_round(const Picture *picture, double x, double y, double radius, double width,
                       UiColor color)
{
    const double outer = radius + width / 2 + 1;
    const int x0 = (int)fmax(floor(x - outer), 0);
    const int x1 = (int)fmin(ceil(x + outer), picture->w - 1);
    const int y0 = (int)fmax(floor(y - outer), 0);
    const int y1 = (int)fmin(ceil(y + outer), picture->h - 1);
    for (int j = y0; j <= y1; j++) {
        for (int i = x0; i <= x1; i++) {
            const double distance = hypot(i + 0.5 - x, j + 0.5 - y);
            const double inside =
                width > 0 ? width / 2 - fabs(distance - radius) : radius - distance;
            blend(picture, i, j, color, inside + 0.5);
        }
    }
}

/* What turns a decoded image into a cell of the picture. */
typedef struct Enlarger {
    int times, w, h, per; /* of a cell; bytes a pixel */
    float *row, *image;   /* work of the enlargement */
    uint8_t *bytes;       /* [h, w, per] */
} Enlarger;

static void enlarger_finish(Enlarger *enlarger)
{
    ls_memory_free(enlarger->row);
    ls_memory_free(enlarger->image);
    ls_memory_free(enlarger->bytes);
}

static bool enlarger_init(Enlarger *enlarger, const LsModel *model, int times, LsError *err)
{
    const size_t pixels = (size_t)model->pixels;
    const size_t across = (size_t)times;
    *enlarger = (Enlarger){.times = times,
                           .w = model->spec.width * times,
                           .h = model->spec.height * times,
                           .per = view_pixels_bytes(model->spec.channels)};
    enlarger->row = ls_memory_floats(pixels * across, err);
    enlarger->image =
        enlarger->row != NULL ? ls_memory_floats(pixels * across * across, err) : NULL;
    enlarger->bytes =
        enlarger->image != NULL ? ls_memory_items(pixels * across * across, 4, err) : NULL;
    if (enlarger->bytes == NULL) {
        enlarger_finish(enlarger);
        return false;
    }
    return true;
}

/* Enlarges one decoded image into its cell. */
static void put(const Picture *picture, const Enlarger *enlarger, const LsModelSpec *spec, int i,
                int j, const float *image)
{
    const int w = enlarger->w;
    const int h = enlarger->h;
    if (enlarger->times > 1) {
        view_pixels_enlarge(image, spec->width, spec->height, spec->channels, enlarger->times,
                            enlarger->row, enlarger->image);
        image = enlarger->image;
    }
    view_pixels_round(image, (size_t)w * (size_t)h, spec->channels, enlarger->bytes);
    const uint8_t *from = enlarger->bytes;
    for (int y = 0; y < h; y++) {
        uint8_t *out =
            picture->rgb + ((size_t)(j * h + y) * (size_t)picture->w + (size_t)(i * w)) * 3;
        for (int x = 0; x < w; x++, from += enlarger->per, out += 3) {
            out[0] = from[0];
            out[1] = from[enlarger->per == 1 ? 0 : 1];
            out[2] = from[enlarger->per == 1 ? 0 : 2];
        }
    }
}

static bool draw_grid(const Picture *picture, const LsSnapshot *snapshot, ViewBounds seen,
                      int cells, int rows, int times, LsError *err)
{
    const LsModelSpec *spec = &snapshot->model.spec;
    ViewDecoder decoder = {0};
    Enlarger enlarger;
    if (!enlarger_init(&enlarger, &snapshot->model, times, err)) {
        return false;
    }
    if (!view_decoder_follow(&decoder, &snapshot->model, SLICE, err)) {
        enlarger_finish(&enlarger);
        return false;
    }
    for (int first = 0; first < cells * rows; first += SLICE) {
        const int n = cells * rows - first < SLICE ? cells * rows - first : SLICE;
        memset(decoder.z, 0, (size_t)n * (size_t)spec->latent * sizeof *decoder.z);
        for (int k = 0; k < n; k++) {
            const int i = (first + k) % cells;
            const int j = (first + k) / cells;
            float *z = decoder.z + (size_t)k * (size_t)spec->latent;
            z[0] = (float)(seen.x0 + (seen.x1 - seen.x0) * (i + 0.5) / cells);
            if (spec->latent > 1) {
                z[1] = (float)(seen.y1 - (seen.y1 - seen.y0) * (j + 0.5) / rows);
            }
        }
        view_decoder_decode(&decoder, NULL, snapshot->params, n);
        for (int k = 0; k < n; k++) {
            put(picture, &enlarger, spec, (first + k) % cells, (first + k) / cells,
                decoder.image + (size_t)k * (size_t)snapshot->model.pixels);
        }
    }
    view_decoder_finish(&decoder);
    enlarger_finish(&enlarger);
    return true;
}

static void draw_points(const Picture *picture, const ViewMap *map, const View *view,
                        const ViewPlane *plane)
{
    const double radius = fmax((double)plane->area.w / 180, 2);
    for (int i = 0; i < view_map_points_count(map->points); i++) {
        const int label = view_map_points_get(map->points, i).label;
        if (!view_map_points_shown(map->points, label)) {
            continue;
        }
        const UiPoint at = view_map_points_at(map->points, plane, i);
        const double x = (double)at.x;
        const double y = (double)at.y;
        draw_round(picture, x, y, radius + 1, 0, (UiColor){8, 10, 14, 170});
        draw_round(picture, x, y, radius, 0,
                   view->data->classes > 1 ? view_pixels_class(label) : UI_ACTION);
    }
}

bool view_map_picture(const ViewMap *map, View *view, int cells, uint8_t **rgb, int *w, int *h,
                      LsError *err)
{
    const LsSnapshot *snapshot = view->snapshot;
    const LsModelSpec *spec = &snapshot->model.spec;
    while (cells > 1 && cells * spec->width > SIDE_MOST) {
        cells--;
    }
    const int times = 2 * cells * spec->width <= ENLARGED_MOST ? 2 : 1;
    const int rows = (int)fmax(1, floor((double)cells * spec->width / spec->height + 0.5));
    Picture picture = {.w = cells * spec->width * times, .h = rows * spec->height * times};
    picture.rgb = ls_memory_items((size_t)picture.w * (size_t)picture.h, 3, err);
    if (picture.rgb == NULL) {
        return false;
    }
    ViewPlane plane = map->plane;
    plane.area = (UiRect){0, 0, (float)picture.w, (float)picture.h};
    if (view->choice.grid &&
        !draw_grid(&picture, snapshot, view_plane_bounds(&plane), cells, rows, times, err)) {
        ls_memory_free(picture.rgb);
        return false;
    }
    if (view->choice.rings && spec->latent > 1) {
        const UiPoint origin = view_plane_to_window(&plane, 0, 0);
        for (int sigma = 1; sigma <= 3; sigma++) {
            draw_round(&picture, (double)origin.x, (double)origin.y,
                       sigma * view_plane_unit(&plane), picture.w / 700.0 + 0.8,
                       (UiColor){232, 236, 242, (uint8_t)(170 - 30 * sigma)});
        }
    }
    if (view->choice.points) {
        draw_points(&picture, map, view, &plane);
    }
    *rgb = picture.rgb;
    *w = picture.w;
    *h = picture.h;
    return true;
}
