/* Polylines. The coverage of all segments so far is kept in a mask, so that joins and crossings of a
 * translucent line are not darker than the rest. */
#include <math.h>
#include <string.h>

#include "ui/canvas.h"

typedef struct Stroke {
    UiCanvas *canvas;
    UiBox band;
    float half;   /* of the width, at least half a pixel */
    float weight; /* what a hairline thinner than a pixel covers */
} Stroke;

static float least(float a, float b)
{
    return a < b ? a : b;
}

static float most(float a, float b)
{
    return a > b ? a : b;
}

uint32_t ui_canvas_stroke_color(uint32_t from, uint32_t to, size_t segment, size_t count)
{
    enum {
        SHADES = 16 /* few: a trail that grows changes its colour in few places */
    };

    const size_t shade = count < 2 ? 0 : segment * SHADES / (count - 1);
    const uint32_t k = (uint32_t)(shade * 256 / (SHADES - 1));
    const uint32_t low = ((from & 0xff00ffU) * (256 - k) + (to & 0xff00ffU) * k) >> 8;
    const uint32_t high = ((from >> 8) & 0xff00ffU) * (256 - k) + ((to >> 8) & 0xff00ffU) * k;
    return (low & 0xff00ffU) | (high & 0xff00ff00U);
}

/* Lays a further coverage over a pixel that has `before` of the same stroke already. */
static void add(uint32_t *pixel, uint8_t *mask, unsigned cover, uint32_t color)
{
    const unsigned before = *mask;
    if (cover <= before) {
        return;
    }
    *mask = (uint8_t)cover;
    if (before == 0) {
        *pixel = ui_pixel_over(*pixel, color, cover);
        return;
    }
    const unsigned alpha = color >> 24;
    const unsigned now_part = alpha * cover;
    const unsigned old_part = alpha * before;
    const unsigned rest = 255 * 255 - old_part;
    if (rest != 0) {
        const unsigned parts = (now_part - old_part) * 255 / rest;
        *pixel = ui_pixel_over(*pixel, color | 0xff000000U, parts);
    }
}

static void segment(const Stroke *stroke, UiPoint a, UiPoint b, uint32_t color)
{
    const float reach = stroke->half + 0.5F;
    const UiBox band = stroke->band;
    const float top = least(a.y, b.y) - reach;
    const float bottom = most(a.y, b.y) + reach;
    const float left = least(a.x, b.x) - reach;
    const float right = most(a.x, b.x) + reach;
    if (bottom <= (float)band.y0 || top >= (float)band.y1 || right <= (float)band.x0 ||
        left >= (float)band.x1) {
        return;
    }
    const float dx = b.x - a.x;
    const float dy = b.y - a.y;
    const float square = dx * dx + dy * dy;
    const float inverse = square > 0 ? 1 / square : 0;
    /* How far the slab around the line reaches to either side in a row. */
    const bool steep = fabsf(dy) > 0.01F;
    const float slope = steep ? dx / dy : 0;
    const float spread = steep ? (reach + 0.5F) * sqrtf(square) / fabsf(dy) + fabsf(slope) : 0;
    const int y0 = (int)most(floorf(top), (float)band.y0);
    const int y1 = (int)least(ceilf(bottom), (float)band.y1);
    for (int y = y0; y < y1; y++) {
        const float cy = (float)y + 0.5F;
        float from = left;
        float to = right;
        if (steep) {
            const float mid = a.x + (cy - a.y) * slope;
            from = most(from, mid - spread);
            to = least(to, mid + spread);
        }
        const int x0 = (int)most(floorf(from), (float)band.x0);
        const int x1 = (int)least(ceilf(to), (float)band.x1);
        uint32_t *const row = stroke->canvas->pixels + (size_t)y * (size_t)stroke->canvas->w;
        uint8_t *const mask =
            stroke->canvas->mask + (size_t)(y - band.y0) * (size_t)stroke->canvas->w;
        for (int x = x0; x < x1; x++) {
            const float px = (float)x + 0.5F - a.x;
            const float py = cy - a.y;
            const float t = least(most((px * dx + py * dy) * inverse, 0), 1);
            const float ex = px - t * dx;
            const float ey = py - t * dy;
            const float away = ex * ex + ey * ey;
            if (away < reach * reach) {
                const float cover = least(reach - sqrtf(away), 1) * stroke->weight;
                add(&row[x], &mask[x], (unsigned)(cover * 255.0F + 0.5F), color);
            }
        }
    }
}

void ui_canvas_stroke(UiCanvas *canvas, UiBox clip, const UiPoint *points, size_t count,
                      float width, uint32_t from, uint32_t to)
{
    const float half = most(width, 1) / 2;
    float top = INFINITY;
    float bottom = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        top = least(top, points[i].y);
        bottom = most(bottom, points[i].y);
    }
    clip.y0 = (int)most((float)clip.y0, floorf(top - half - 1));
    clip.y1 = (int)least((float)clip.y1, ceilf(bottom + half + 1));
    for (int y = clip.y0; y < clip.y1; y += UI_BAND) {
        const Stroke stroke = {
            .canvas = canvas,
            .band = {clip.x0, y, clip.x1, y + UI_BAND < clip.y1 ? y + UI_BAND : clip.y1},
            .half = half,
            .weight = least(width, 1)};
        for (int row = stroke.band.y0; row < stroke.band.y1; row++) {
            memset(canvas->mask + (size_t)(row - y) * (size_t)canvas->w + clip.x0, 0,
                   (size_t)(clip.x1 - clip.x0));
        }
        if (count == 1) {
            segment(&stroke, points[0], points[0], from);
        }
        for (size_t i = 0; i + 1 < count; i++) {
            segment(&stroke, points[i], points[i + 1], ui_canvas_stroke_color(from, to, i, count));
        }
    }
}
