/* Round rectangles, discs, rings and dots: coverage from the distance to the edge, for UI_LANES pixels of
 * a row side by side and without a branch, so that it becomes vectors. */
#include <math.h>
#include <string.h>

#include "core/kernel.h"
#include "ui/canvas.h"

enum {
    DOTS = 64, /* looked at together: which of them lie in the clip */
    ENDS = 32  /* pixels of a row's rounded ends that are kept */
};

static UI_INLINE float clamp01(float value)
{
    return value < 0.0F ? 0.0F : value > 1.0F ? 1.0F : value;
}

/* By way of int, which vectors convert to. */
static UI_INLINE uint32_t cover_of(float cover)
{
    return (uint32_t)(int)(clamp01(cover) * 255.0F + 0.5F);
}

/* How much of the pixel centred at x, y lies inside the round rectangle. */
static UI_INLINE float round_cover(const float rect[4], float radius, float x, float y)
{
    const float half_w = rect[2] / 2;
    const float half_h = rect[3] / 2;
    const float qx = fabsf(x - rect[0] - half_w) - half_w + radius;
    const float qy = fabsf(y - rect[1] - half_h) - half_h + radius;
    const float corner = sqrtf(qx * qx + qy * qy);
    const float away = (qx <= 0) | (qy <= 0) ? ui_most(qx, qy) : corner;
    return clamp01(radius - away + 0.5F);
}

/* A round rectangle, less the one inside it where only its outline is drawn. */
typedef struct Round {
    float outer[4], inner[4];
    float radius, inner_radius;
    float hollow; /* 1: without the inner one; 0 */
    uint32_t color;
} Round;

static UI_INLINE float cover_at(const Round *round, float x, float y)
{
    const float outer = round_cover(round->outer, round->radius, x, y);
    const float inner = round_cover(round->inner, round->inner_radius, x, y);
    return outer - round->hollow * inner;
}

/* A row's coverage from `from` on, as far as it is not even; what is covered by none at its ends is left
 * out. Shapes: cover [ENDS]. */
typedef struct End {
    int from, to;
    uint32_t cover[ENDS];
} End;

/* Pixels from .. to, no more than ENDS. */
LS_KERNEL static void find_end(const Round *round, int from, int to, float y, End *end)
{
    const Round own = *round;
    uint32_t cover[ENDS];
    for (int x = from; x < to; x += UI_LANES) {
#pragma GCC unroll 1
        for (int i = 0; i < UI_LANES; i++) {
            const uint32_t whole = cover_of(cover_at(&own, (float)(x + i) + 0.5F, y));
            cover[x - from + i] = x + i < to ? whole : 0;
        }
    }
    int first = from;
    while (first < to && cover[first - from] == 0) {
        first++;
    }
    while (to > first && cover[to - 1 - from] == 0) {
        to--;
    }
    end->from = first;
    end->to = to;
    memset(end->cover, 0, sizeof end->cover);
    memcpy(end->cover, cover + (first - from), (size_t)(to - first) * sizeof *cover);
}

LS_KERNEL static void draw_end(const End *end, uint32_t *row, uint32_t color)
{
    for (int x = end->from; x < end->to; x += UI_LANES) {
        ui_pixels_over(row + x, color, end->cover + (x - end->from));
    }
}

/* Pixels from .. to of the rows of a box, where these are too many to be kept. */
static void draw_wide(UiCanvas *canvas, const Round *round, UiBox box)
{
    for (int y = box.y0; y < box.y1; y++) {
        for (int x = box.x0; x < box.x1; x += ENDS) {
            End end;
            find_end(round, x, x + ENDS < box.x1 ? x + ENDS : box.x1, (float)y + 0.5F, &end);
            draw_end(&end, canvas->pixels + (size_t)y * (size_t)canvas->w, round->color);
        }
    }
}

void ui_canvas_round(UiCanvas *canvas, UiBox clip, const float rect[4], float radius, float width,
                     uint32_t color)
{
    const float r = ui_least(radius, ui_least(rect[2], rect[3]) / 2);
    const float edge = ui_most(r, width) + 1;
    const Round round = {
        .outer = {rect[0], rect[1], rect[2], rect[3]},
        .inner = {rect[0] + width, rect[1] + width, rect[2] - 2 * width, rect[3] - 2 * width},
        .radius = r,
        .inner_radius = ui_most(r - width, 0),
        .hollow = width > 0 ? 1 : 0,
        .color = color};
    const UiBox in =
        ui_box_meet(clip, (UiBox){(int)floorf(rect[0]), (int)floorf(rect[1]),
                                  (int)ceilf(rect[0] + rect[2]), (int)ceilf(rect[1] + rect[3])});
    /* Columns left to `left` and from `right` on are the rounded ends; between them a row is even. */
    const int left = (int)ceilf(rect[0] + edge);
    const int right = (int)floorf(rect[0] + rect[2] - edge);
    const int even_from = left > in.x0 ? left : in.x0;
    const int even_to = right < in.x1 ? right : in.x1;
    if (even_to <= even_from || even_from - in.x0 > ENDS || in.x1 - even_to > ENDS) {
        draw_wide(canvas, &round, in);
        return;
    }
    bool straight = false;
    End begin, end;
    uint32_t even = 0;
    for (int y = in.y0; y < in.y1; y++) {
        const float cy = (float)y + 0.5F;
        uint32_t *const row = canvas->pixels + (size_t)y * (size_t)canvas->w;
        /* Between the corners every row is as the first of them. */
        const bool known = straight;
        straight = cy >= rect[1] + edge && cy <= rect[1] + rect[3] - edge;
        if (!straight || !known) {
            find_end(&round, in.x0, even_from, cy, &begin);
            find_end(&round, even_to, in.x1, cy, &end);
            even = cover_of(cover_at(&round, rect[0] + rect[2] / 2, cy));
        }
        draw_end(&begin, row, color);
        if (even != 0) {
            ui_canvas_span(row, even_from, even_to, color, even);
        }
        draw_end(&end, row, color);
    }
}

LS_KERNEL void ui_canvas_disc(UiCanvas *canvas, UiBox clip, float x, float y, float radius,
                              uint32_t color)
{
    const UiBox in =
        ui_box_meet(clip, (UiBox){(int)floorf(x - radius - 1), (int)floorf(y - radius - 1),
                                  (int)ceilf(x + radius + 1), (int)ceilf(y + radius + 1)});
    for (int py = in.y0; py < in.y1; py++) {
        const float dy = (float)py + 0.5F - y;
        uint32_t *const row = canvas->pixels + (size_t)py * (size_t)canvas->w;
        for (int px = in.x0; px < in.x1; px += UI_LANES) {
            uint32_t cover[UI_LANES];
#pragma GCC unroll 1
            for (int i = 0; i < UI_LANES; i++) {
                const float dx = (float)(px + i) + 0.5F - x;
                const uint32_t whole = cover_of(radius - sqrtf(dx * dx + dy * dy) + 0.5F);
                cover[i] = px + i < in.x1 ? whole : 0;
            }
            ui_pixels_over(row + px, color, cover);
        }
    }
}

/* A circle that is drawn as a line of some width. */
typedef struct Ring {
    float x, y, radius, width;
    float period; /* of its dashes along it; 0: it has none */
    uint32_t color;
} Ring;

/* How much of the pixel at dx, dy from the centre lies in a dash. */
static float dash_cover(const Ring *ring, float dx, float dy)
{
    const float period = ring->period;
    const float along = atan2f(dy, dx) * ring->radius + 6.28318531F * ring->radius;
    const float phase = along - floorf(along / period) * period;
    return clamp01(period / 4 - fabsf(phase - period / 4) + 0.5F) + clamp01(phase - period + 0.5F);
}

/* Pixels from .. to of a row that is dy below the centre. */
LS_KERNEL static void ring_row(const Ring *ring, uint32_t *row, int from, int to, float dy)
{
    const Ring own = *ring;
    for (int x = from; x < to; x += UI_LANES) {
        float part[UI_LANES];
        uint32_t cover[UI_LANES];
#pragma GCC unroll 1
        for (int i = 0; i < UI_LANES; i++) {
            const float dx = (float)(x + i) + 0.5F - own.x;
            const float away = fabsf(sqrtf(dx * dx + dy * dy) - own.radius);
            const float whole = clamp01(own.width / 2 - away + 0.5F) * ui_least(own.width, 1);
            part[i] = x + i < to ? whole : 0;
        }
        for (int i = 0; i < UI_LANES && own.period > 0; i++) {
            if (part[i] > 0) {
                part[i] *= dash_cover(&own, (float)(x + i) + 0.5F - own.x, dy);
            }
        }
#pragma GCC unroll 1
        for (int i = 0; i < UI_LANES; i++) {
            cover[i] = cover_of(part[i]);
        }
        ui_pixels_over(row + x, own.color, cover);
    }
}

void ui_canvas_ring(UiCanvas *canvas, UiBox clip, float x, float y, float radius, float width,
                    float dash, uint32_t color)
{
    const float turn = 6.28318531F * radius;
    const float dashes = dash > 0 ? ui_most(floorf(turn / (2 * dash) + 0.5F), 1) : 1;
    const Ring ring = {.x = x,
                       .y = y,
                       .radius = radius,
                       .width = width,
                       .period = dash > 0 ? turn / dashes : 0,
                       .color = color};
    const float outer = radius + width / 2 + 1;
    const float inner = radius - width / 2 - 1;
    const UiBox in = ui_box_meet(clip, (UiBox){(int)floorf(x - outer), (int)floorf(y - outer),
                                               (int)ceilf(x + outer), (int)ceilf(y + outer)});
    for (int py = in.y0; py < in.y1; py++) {
        const float dy = (float)py + 0.5F - y;
        uint32_t *const row = canvas->pixels + (size_t)py * (size_t)canvas->w;
        const float reach = outer > fabsf(dy) ? sqrtf(outer * outer - dy * dy) : 0;
        const int from = (int)ui_most((float)in.x0, floorf(x - reach));
        const int to = (int)ui_least((float)in.x1, ceilf(x + reach));
        /* The empty inside of a large ring is stepped over. */
        const float gap = inner > fabsf(dy) ? sqrtf(inner * inner - dy * dy) : 0;
        const int gap_from = (int)ceilf(x - gap);
        const int gap_to = (int)floorf(x + gap) - 1;
        if (gap_to <= gap_from) {
            ring_row(&ring, row, from, to, dy);
            continue;
        }
        ring_row(&ring, row, from, to < gap_from ? to : gap_from, dy);
        ring_row(&ring, row, from > gap_to ? from : gap_to, to, dy);
    }
}

/* The pixels whose middle is less than `reach` from a place, within from .. to. */
static int first_near(float place, float reach, int from)
{
    const int first = (int)ceilf(place - reach - 0.5F);
    return first > from ? first : from;
}

static int last_near(float place, float reach, int to)
{
    const int last = (int)ceilf(place + reach - 0.5F);
    return last < to ? last : to;
}

static UI_INLINE void dot(UiCanvas *canvas, UiBox clip, UiPoint at, uint32_t color, float radius,
                          uint32_t outline)
{
    const float reach = radius + 1.5F;
    const int x0 = first_near(at.x, reach, clip.x0);
    const int x1 = last_near(at.x, reach, clip.x1);
    const int y1 = last_near(at.y, reach, clip.y1);
    for (int y = first_near(at.y, reach, clip.y0); y < y1; y++) {
        const float dy = (float)y + 0.5F - at.y;
        uint32_t *const row = canvas->pixels + (size_t)y * (size_t)canvas->w;
        for (int x = x0; x < x1; x += UI_LANES) {
            uint32_t line[UI_LANES], core[UI_LANES];
#pragma GCC unroll 1
            for (int i = 0; i < UI_LANES; i++) {
                const float dx = (float)(x + i) + 0.5F - at.x;
                const float away = sqrtf(dx * dx + dy * dy);
                const uint32_t line_part = cover_of(radius + 1.5F - away);
                const uint32_t core_part = cover_of(radius + 0.5F - away);
                line[i] = x + i < x1 ? line_part : 0;
                core[i] = x + i < x1 ? core_part : 0;
            }
            ui_pixels_over(row + x, outline, line);
            ui_pixels_over(row + x, color, core);
        }
    }
}

LS_KERNEL void ui_canvas_dots(UiCanvas *canvas, UiBox clip, const UiPoint *points,
                              const uint32_t *colors, size_t count, float radius, uint32_t outline)
{
    /* A pixel more than a dot reaches, so that what it rounds to is not asked here. */
    const float far = radius + 2.5F;
    const float x0 = (float)clip.x0 - far;
    const float x1 = (float)clip.x1 + far;
    const float y0 = (float)clip.y0 - far;
    const float y1 = (float)clip.y1 + far;
    for (size_t first = 0; first < count; first += DOTS) {
        const size_t n = count - first < DOTS ? count - first : DOTS;
        uint8_t near[DOTS];
        for (size_t i = 0; i < n; i++) {
            const UiPoint at = points[first + i];
            near[i] = (at.x > x0) & (at.x < x1) & (at.y > y0) & (at.y < y1);
        }
        for (size_t i = 0; i < n; i++) {
            if (near[i]) {
                dot(canvas, clip, points[first + i], colors[first + i], radius, outline);
            }
        }
    }
}
