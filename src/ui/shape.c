/* Round rectangles, discs, rings and dots: coverage from the distance to the edge. */
#include <math.h>

#include "ui/canvas.h"

enum {
    DOT_SPAN = 16 /* pixels of a dot's row at a time */
};

static float clamp01(float value)
{
    return value < 0.0F ? 0.0F : value > 1.0F ? 1.0F : value;
}

static unsigned cover_of(float cover)
{
    return (unsigned)(clamp01(cover) * 255.0F + 0.5F);
}

static float least(float a, float b)
{
    return a < b ? a : b;
}

static float most(float a, float b)
{
    return a > b ? a : b;
}

/* How much of the pixel centred at x, y lies inside the round rectangle. */
static float round_cover(const float rect[4], float radius, float x, float y)
{
    const float half_w = rect[2] / 2;
    const float half_h = rect[3] / 2;
    const float qx = fabsf(x - rect[0] - half_w) - half_w + radius;
    const float qy = fabsf(y - rect[1] - half_h) - half_h + radius;
    if (qx <= 0 || qy <= 0) {
        return clamp01(radius - most(qx, qy) + 0.5F);
    }
    return clamp01(radius - sqrtf(qx * qx + qy * qy) + 0.5F);
}

void ui_canvas_round(UiCanvas *canvas, UiBox clip, const float rect[4], float radius, float width,
                     uint32_t color)
{
    const float r = least(radius, least(rect[2], rect[3]) / 2);
    const float inner[4] = {rect[0] + width, rect[1] + width, rect[2] - 2 * width,
                            rect[3] - 2 * width};
    const float inner_r = most(r - width, 0);
    const float edge = most(r, width) + 1;
    const UiBox in =
        ui_box_meet(clip, (UiBox){(int)floorf(rect[0]), (int)floorf(rect[1]),
                                  (int)ceilf(rect[0] + rect[2]), (int)ceilf(rect[1] + rect[3])});
    /* Columns left to `left` and from `right` on are the rounded ends; between them a row is even. */
    const int left = (int)ceilf(rect[0] + edge);
    const int right = (int)floorf(rect[0] + rect[2] - edge);
    for (int y = in.y0; y < in.y1; y++) {
        const float cy = (float)y + 0.5F;
        uint32_t *const row = canvas->pixels + (size_t)y * (size_t)canvas->w;
        const float mid = rect[0] + rect[2] / 2;
        float even = round_cover(rect, r, mid, cy);
        if (width > 0) {
            even -= round_cover(inner, inner_r, mid, cy);
        }
        const unsigned even_cover = cover_of(even);
        const int even_from = left > in.x0 ? left : in.x0;
        const int even_to = right < in.x1 ? right : in.x1;
        for (int x = in.x0; x < in.x1; x++) {
            if (x == even_from && even_to > even_from) {
                if (even_cover != 0) {
                    ui_canvas_span(row, even_from, even_to, color, even_cover);
                }
                x = even_to - 1;
                continue;
            }
            float cover = round_cover(rect, r, (float)x + 0.5F, cy);
            if (width > 0) {
                cover -= round_cover(inner, inner_r, (float)x + 0.5F, cy);
            }
            const unsigned parts = cover_of(cover);
            if (parts != 0) {
                row[x] = ui_pixel_over(row[x], color, parts);
            }
        }
    }
}

void ui_canvas_disc(UiCanvas *canvas, UiBox clip, float x, float y, float radius, uint32_t color)
{
    const UiBox in =
        ui_box_meet(clip, (UiBox){(int)floorf(x - radius - 1), (int)floorf(y - radius - 1),
                                  (int)ceilf(x + radius + 1), (int)ceilf(y + radius + 1)});
    for (int py = in.y0; py < in.y1; py++) {
        const float dy = (float)py + 0.5F - y;
        uint32_t *const row = canvas->pixels + (size_t)py * (size_t)canvas->w;
        for (int px = in.x0; px < in.x1; px++) {
            const float dx = (float)px + 0.5F - x;
            const unsigned cover = cover_of(radius - sqrtf(dx * dx + dy * dy) + 0.5F);
            if (cover != 0) {
                row[px] = ui_pixel_over(row[px], color, cover);
            }
        }
    }
}

/* How much of the pixel at dx, dy from the centre lies in a dash. */
static float dash_cover(float dx, float dy, float radius, float dash)
{
    const float turn = 6.28318531F * radius;
    const float count = most(floorf(turn / (2 * dash) + 0.5F), 1);
    const float period = turn / count;
    const float along = atan2f(dy, dx) * radius + turn;
    const float phase = along - floorf(along / period) * period;
    return clamp01(period / 4 - fabsf(phase - period / 4) + 0.5F) + clamp01(phase - period + 0.5F);
}

void ui_canvas_ring(UiCanvas *canvas, UiBox clip, float x, float y, float radius, float width,
                    float dash, uint32_t color)
{
    const float outer = radius + width / 2 + 1;
    const float inner = radius - width / 2 - 1;
    const UiBox in = ui_box_meet(clip, (UiBox){(int)floorf(x - outer), (int)floorf(y - outer),
                                               (int)ceilf(x + outer), (int)ceilf(y + outer)});
    for (int py = in.y0; py < in.y1; py++) {
        const float dy = (float)py + 0.5F - y;
        uint32_t *const row = canvas->pixels + (size_t)py * (size_t)canvas->w;
        /* The empty inside of a large ring is stepped over. */
        const float gap = inner > fabsf(dy) ? sqrtf(inner * inner - dy * dy) : 0;
        const int gap_from = (int)ceilf(x - gap);
        const int gap_to = (int)floorf(x + gap) - 1;
        const float reach = outer > fabsf(dy) ? sqrtf(outer * outer - dy * dy) : 0;
        const int from = (int)most((float)in.x0, floorf(x - reach));
        const int to = (int)least((float)in.x1, ceilf(x + reach));
        for (int px = from; px < to; px++) {
            if (px >= gap_from && px < gap_to) {
                px = gap_to - 1;
                continue;
            }
            const float dx = (float)px + 0.5F - x;
            const float away = fabsf(sqrtf(dx * dx + dy * dy) - radius);
            float cover = clamp01(width / 2 - away + 0.5F) * least(width, 1);
            if (cover > 0 && dash > 0) {
                cover *= dash_cover(dx, dy, radius, dash);
            }
            const unsigned parts = cover_of(cover);
            if (parts != 0) {
                row[px] = ui_pixel_over(row[px], color, parts);
            }
        }
    }
}

/* A row of a dot, without a branch, so that it becomes vectors: what lies beyond it is covered by none. */
static void dot_row(uint32_t *restrict row, int n, float dx, float dy, float radius,
                    uint32_t outline, uint32_t color)
{
    uint32_t line[DOT_SPAN], core[DOT_SPAN];
    for (int i = 0; i < n; i++) {
        const float x = dx + (float)i;
        const float away = sqrtf(x * x + dy * dy);
        line[i] = (uint32_t)(int)(clamp01(radius + 1.5F - away) * 255.0F + 0.5F);
        core[i] = (uint32_t)(int)(clamp01(radius + 0.5F - away) * 255.0F + 0.5F);
    }
    for (int i = 0; i < n; i++) {
        row[i] = ui_pixel_over(ui_pixel_over(row[i], outline, line[i]), color, core[i]);
    }
}

void ui_canvas_dots(UiCanvas *canvas, UiBox clip, const UiPoint *points, const uint32_t *colors,
                    size_t count, float radius, uint32_t outline)
{
    const float reach = radius + 1.5F;
    for (size_t i = 0; i < count; i++) {
        const float x = points[i].x;
        const float y = points[i].y;
        const UiBox in = ui_box_meet(clip, (UiBox){(int)floorf(x - reach), (int)floorf(y - reach),
                                                   (int)ceilf(x + reach), (int)ceilf(y + reach)});
        for (int py = in.y0; py < in.y1; py++) {
            uint32_t *const row = canvas->pixels + (size_t)py * (size_t)canvas->w;
            for (int px = in.x0; px < in.x1; px += DOT_SPAN) {
                const int n = in.x1 - px < DOT_SPAN ? in.x1 - px : DOT_SPAN;
                dot_row(row + px, n, (float)px + 0.5F - x, (float)py + 0.5F - y, radius, outline,
                        colors[i]);
            }
        }
    }
}
