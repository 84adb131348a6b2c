/* Polylines. The coverage of all segments so far is kept in a mask, so that joins and crossings of a
 * translucent line are not darker than the rest. */
#include <math.h>
#include <string.h>

#include "core/kernel.h"
#include "ui/canvas.h"

enum {
    SEGMENTS = 64 /* looked at together: which of them lie in the band */
};

typedef struct Stroke {
    UiCanvas *canvas;
    UiBox band;
    float half;   /* of the width, at least half a pixel */
    float weight; /* what a hairline thinner than a pixel covers */
} Stroke;

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

/* Lays a further coverage over pixels that have `mask` of the same stroke already: what is missing, as a
 * part of what still shows of the pixel. Both are whole numbers below 2^24 and the quotient is at most
 * 255, so that rounding it down gives what a division of whole numbers gives. */
static UI_INLINE void add(uint32_t *row, uint8_t *mask, const uint32_t *cover, uint32_t color)
{
    const uint32_t alpha = color >> 24;
    uint32_t before[UI_LANES], now[UI_LANES], part[UI_LANES];
    ui_lanes_widen(mask, before);
#pragma GCC unroll 1
    for (int i = 0; i < UI_LANES; i++) {
        now[i] = cover[i] > before[i] ? cover[i] : before[i];
        const uint32_t rest = 255 * 255 - alpha * before[i];
        const float missing = (float)(int)(alpha * (now[i] - before[i]) * 255);
        const uint32_t more = (uint32_t)(int)(missing / (float)(int)(rest == 0 ? 1 : rest));
        const uint32_t first = ui_cover_part(alpha, now[i]);
        part[i] = before[i] == 0 ? first : more;
    }
    ui_lanes_narrow(now, mask);
    ui_pixels_over(row, color | 0xff000000U, part);
}

static UI_INLINE void segment(const Stroke *stroke, UiPoint a, UiPoint b, uint32_t color)
{
    const float reach = stroke->half + 0.5F;
    const float weight = stroke->weight;
    const UiBox band = stroke->band;
    const float top = ui_least(a.y, b.y) - reach;
    const float bottom = ui_most(a.y, b.y) + reach;
    const float left = ui_least(a.x, b.x) - reach;
    const float right = ui_most(a.x, b.x) + reach;
    const float dx = b.x - a.x;
    const float dy = b.y - a.y;
    const float square = dx * dx + dy * dy;
    const float inverse = square > 0 ? 1 / square : 0;
    /* How far the slab around the line reaches to either side in a row. */
    const bool steep = fabsf(dy) > 0.01F;
    const float slope = steep ? dx / dy : 0;
    const float spread = steep ? (reach + 0.5F) * sqrtf(square) / fabsf(dy) + fabsf(slope) : 0;
    const int y0 = (int)ui_most(floorf(top), (float)band.y0);
    const int y1 = (int)ui_least(ceilf(bottom), (float)band.y1);
    for (int y = y0; y < y1; y++) {
        const float cy = (float)y + 0.5F;
        const float py = cy - a.y;
        float from = left;
        float to = right;
        if (steep) {
            const float mid = a.x + (cy - a.y) * slope;
            from = ui_most(from, mid - spread);
            to = ui_least(to, mid + spread);
        }
        const int x0 = (int)ui_most(floorf(from), (float)band.x0);
        const int x1 = (int)ui_least(ceilf(to), (float)band.x1);
        uint32_t *const row = stroke->canvas->pixels + (size_t)y * (size_t)stroke->canvas->w;
        uint8_t *const mask =
            stroke->canvas->mask + (size_t)(y - band.y0) * (size_t)stroke->canvas->w;
        for (int x = x0; x < x1; x += UI_LANES) {
            uint32_t cover[UI_LANES];
#pragma GCC unroll 1
            for (int i = 0; i < UI_LANES; i++) {
                const float px = (float)(x + i) + 0.5F - a.x;
                const float t = ui_least(ui_most((px * dx + py * dy) * inverse, 0), 1);
                const float ex = px - t * dx;
                const float ey = py - t * dy;
                const float away = ex * ex + ey * ey;
                const float part = ui_least(reach - sqrtf(away), 1) * weight;
                const uint32_t whole = (uint32_t)(int)(part * 255.0F + 0.5F);
                cover[i] = (away < reach * reach) & (x + i < x1) ? whole : 0;
            }
            add(row + x, mask + x, cover, color);
        }
    }
}

/* The segments that touch the band, from the first to the last. */
LS_KERNEL static void segments(const Stroke *stroke, const UiPoint *points, size_t count,
                               uint32_t from, uint32_t to)
{
    const float reach = stroke->half + 0.5F;
    const float x0 = (float)stroke->band.x0;
    const float x1 = (float)stroke->band.x1;
    const float y0 = (float)stroke->band.y0;
    const float y1 = (float)stroke->band.y1;
    for (size_t first = 0; first + 1 < count; first += SEGMENTS) {
        const size_t n = count - 1 - first < SEGMENTS ? count - 1 - first : SEGMENTS;
        uint8_t near[SEGMENTS];
        for (size_t i = 0; i < n; i++) {
            const UiPoint a = points[first + i];
            const UiPoint b = points[first + i + 1];
            near[i] = (ui_most(a.y, b.y) + reach > y0) & (ui_least(a.y, b.y) - reach < y1) &
                      (ui_most(a.x, b.x) + reach > x0) & (ui_least(a.x, b.x) - reach < x1);
        }
        for (size_t i = 0; i < n; i++) {
            if (near[i]) {
                segment(stroke, points[first + i], points[first + i + 1],
                        ui_canvas_stroke_color(from, to, first + i, count));
            }
        }
    }
}

void ui_canvas_stroke(UiCanvas *canvas, UiBox clip, const UiPoint *points, size_t count,
                      float width, uint32_t from, uint32_t to)
{
    const float half = ui_most(width, 1) / 2;
    float top = INFINITY;
    float bottom = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        top = ui_least(top, points[i].y);
        bottom = ui_most(bottom, points[i].y);
    }
    clip.y0 = (int)ui_most((float)clip.y0, floorf(top - half - 1));
    clip.y1 = (int)ui_least((float)clip.y1, ceilf(bottom + half + 1));
    for (int y = clip.y0; y < clip.y1; y += UI_BAND) {
        const Stroke stroke = {
            .canvas = canvas,
            .band = {clip.x0, y, clip.x1, y + UI_BAND < clip.y1 ? y + UI_BAND : clip.y1},
            .half = half,
            .weight = ui_least(width, 1)};
        for (int row = stroke.band.y0; row < stroke.band.y1; row++) {
            memset(canvas->mask + (size_t)(row - y) * (size_t)canvas->w + clip.x0, 0,
                   (size_t)(clip.x1 - clip.x0));
        }
        if (count == 1) {
            const UiPoint dot[] = {points[0], points[0]};
            segments(&stroke, dot, 2, from, from);
        } else {
            segments(&stroke, points, count, from, to);
        }
    }
}
