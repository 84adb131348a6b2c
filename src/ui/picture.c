/* Pictures scaled into rectangles: nearest pixel, bilinear where enlarged, and the mean of several
 * bilinear samples where reduced to less than two thirds. */
#include <math.h>
#include <string.h>

#include "core/kernel.h"
#include "ui/canvas.h"

enum {
    SPAN = 1024,       /* columns of a picture that are added up at a time */
    MOST_REDUCED = 100 /* times: beyond it every pixel's mean is of samples */
};

typedef struct Sampler {
    const UiPixels *pixels;
    int x0, y0, x1, y1; /* the source, whole pixels; x1 and y1 are the last */
} Sampler;

static int within(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static uint32_t texel(const Sampler *s, int x, int y)
{
    const size_t at = (size_t)y * (size_t)s->pixels->w + (size_t)x;
    if (s->pixels->channels == 1) {
        return 0xff000000U | s->pixels->bytes[at] * 0x010101U;
    }
    const uint8_t *const rgba = s->pixels->bytes + at * 4;
    return (uint32_t)rgba[3] << 24 | (uint32_t)rgba[0] << 16 | (uint32_t)rgba[1] << 8 | rgba[2];
}

/* Between two colours, part of 256. */
static uint32_t blend(uint32_t a, uint32_t b, uint32_t part)
{
    const uint32_t low = ((a & 0xff00ffU) * (256 - part) + (b & 0xff00ffU) * part) >> 8;
    const uint32_t high = ((a >> 8) & 0xff00ffU) * (256 - part) + ((b >> 8) & 0xff00ffU) * part;
    return (low & 0xff00ffU) | (high & 0xff00ff00U);
}

/* The colour at u, v; pixel centres lie at halves. */
static uint32_t bilinear(const Sampler *s, float u, float v)
{
    const int fx = (int)floorf((u - 0.5F) * 256.0F);
    const int fy = (int)floorf((v - 0.5F) * 256.0F);
    const int x = within(fx >> 8, s->x0, s->x1);
    const int y = within(fy >> 8, s->y0, s->y1);
    const int x_next = within((fx >> 8) + 1, s->x0, s->x1);
    const int y_next = within((fy >> 8) + 1, s->y0, s->y1);
    const uint32_t part_x = (uint32_t)(fx & 255);
    const uint32_t above = blend(texel(s, x, y), texel(s, x_next, y), part_x);
    const uint32_t below = blend(texel(s, x, y_next), texel(s, x_next, y_next), part_x);
    return blend(above, below, (uint32_t)(fy & 255));
}

static uint32_t mean(const Sampler *s, float u, float v, float step_u, float step_v, int taps)
{
    uint32_t sum[4] = {0, 0, 0, 0};
    const float first = 0.5F / (float)taps - 0.5F;
    for (int j = 0; j < taps; j++) {
        for (int i = 0; i < taps; i++) {
            const uint32_t c = bilinear(s, u + step_u * (first + (float)i / (float)taps),
                                        v + step_v * (first + (float)j / (float)taps));
            sum[0] += c & 255;
            sum[1] += c >> 8 & 255;
            sum[2] += c >> 16 & 255;
            sum[3] += c >> 24;
        }
    }
    const uint32_t n = (uint32_t)(taps * taps);
    return sum[3] / n << 24 | sum[2] / n << 16 | sum[1] / n << 8 | sum[0] / n;
}

static uint32_t tinted(uint32_t color, uint32_t tint)
{
    uint32_t out = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        out |= ((color >> shift & 255) * (tint >> shift & 255) + 127) / 255 << shift;
    }
    return out;
}

/* Two rows of grey mixed, each with its right neighbour in the upper half: where a pixel lies between two
 * columns it takes one number. The last has itself as its neighbour.
 * Shapes: above, below [columns]; mixed [columns + 1].  Units: 1/256 of a level. */
LS_KERNEL static void mix_rows(const uint8_t *restrict above, const uint8_t *restrict below,
                               uint32_t part, int columns, uint32_t *restrict mixed)
{
    for (int i = 0; i < columns; i++) {
        mixed[i] = above[i] * (256 - part) + below[i] * part;
    }
    mixed[columns] = mixed[columns - 1];
    for (int i = 0; i < columns; i++) {
        mixed[i] |= mixed[i + 1] << 16;
    }
}

/* Shapes: left, part, row [n]. */
LS_KERNEL static void mix_columns(const uint32_t *restrict mixed, const uint16_t *restrict left,
                                  const uint16_t *restrict part, int n, uint32_t *restrict row)
{
    uint32_t pair[SPAN];
    for (int i = 0; i < n; i++) {
        pair[i] = mixed[left[i]];
    }
    for (int i = 0; i < n; i++) {
        const uint32_t right = part[i];
        const uint32_t grey = ((pair[i] & 0xffffU) * (256 - right) + (pair[i] >> 16) * right) >> 16;
        row[i] = 0xff000000U | grey * 0x010101U;
    }
}

/* The frequent case, an opaque grey picture enlarged: rows are mixed first, once for all pixels between
 * the same two. */
static void grey_rows(UiCanvas *canvas, UiBox in, const Sampler *s, const float source[4],
                      const float target[4])
{
    uint32_t mixed[SPAN + 3];
    uint16_t left[SPAN], part[SPAN];
    const float step_u = source[2] / target[2];
    const float step_v = source[3] / target[3];
    /* As many pixels at a time as their columns find room. */
    const int most = (int)fminf(((float)SPAN - 3) / fmaxf(step_u, 1e-3F), (float)SPAN);
    for (int begin = in.x0; begin < in.x1; begin += most) {
        const int n = (begin + most < in.x1 ? begin + most : in.x1) - begin;
        int x0 = 0;
        int last = 0;
        for (int i = 0; i < n; i++) {
            /* By the pixel's place alone, so that a part is drawn anew as it was in the whole. */
            const float u = source[0] + ((float)(begin + i) + 0.5F - target[0]) * step_u - 0.5F;
            const int at = (int)floorf(u * 65536.0F);
            x0 = i == 0 ? within(at >> 16, s->x0, s->x1) : x0;
            left[i] = (uint16_t)(within(at >> 16, s->x0, s->x1) - x0);
            last = within((at >> 16) + 1, s->x0, s->x1);
            /* Left of the first column there is that one only. */
            part[i] = (uint16_t)(at >> 16 < s->x0 ? 0 : at >> 8 & 255);
        }
        const int columns = last - x0 + 1;
        for (int y = in.y0; y < in.y1; y++) {
            const float v = source[1] + ((float)y + 0.5F - target[1]) * step_v - 0.5F;
            const int fy = (int)floorf(v * 256.0F);
            const uint8_t *const bytes = s->pixels->bytes + x0;
            const uint8_t *const above =
                bytes + (ptrdiff_t)within(fy >> 8, s->y0, s->y1) * s->pixels->w;
            const uint8_t *const below =
                bytes + (ptrdiff_t)within((fy >> 8) + 1, s->y0, s->y1) * s->pixels->w;
            mix_rows(above, below, (uint32_t)fy & 255, columns, mixed);
            mix_columns(mixed, left, part, n,
                        canvas->pixels + (size_t)y * (size_t)canvas->w + begin);
        }
    }
}

/* The whole pixels that from .. to touches, and 256ths of the first and the last it covers. */
typedef struct Cover {
    int first, last;
    uint32_t first_part, last_part;
} Cover;

static Cover covered(float from, float to, int low, int high)
{
    const float a = fminf(fmaxf(from, (float)low), (float)high + 0.99F);
    const float b = fminf(fmaxf(to, a), (float)high + 1);
    Cover cover = {.first = (int)a, .last = within((int)ceilf(b) - 1, (int)a, high)};
    const float first_end = fminf(b, (float)cover.first + 1);
    cover.first_part = (uint32_t)((first_end - a) * 256.0F + 0.5F);
    cover.last_part = cover.last == cover.first
                          ? cover.first_part
                          : (uint32_t)((b - (float)cover.last) * 256.0F + 0.5F);
    if (cover.first == cover.last && cover.first_part == 0) {
        cover.first_part = cover.last_part = 1; /* a sliver at an edge: the pixel there */
    }
    return cover;
}

static uint32_t part_of(const Cover *cover, int at)
{
    return at == cover->first ? cover->first_part : at == cover->last ? cover->last_part : 256;
}

/* The mean over those columns, each of which holds the sum over `height` 256ths of rows. */
static uint32_t mean_of(const Cover *columns, const uint32_t *column, int x0, uint32_t height)
{
    uint64_t sum = (uint64_t)columns->first_part * column[columns->first - x0];
    uint32_t width = columns->first_part;
    for (int i = columns->first + 1; i < columns->last; i++) {
        sum += (uint64_t)column[i - x0] << 8;
        width += 256;
    }
    if (columns->last > columns->first) {
        sum += (uint64_t)columns->last_part * column[columns->last - x0];
        width += columns->last_part;
    }
    const uint32_t grey = (uint32_t)((float)sum / ((float)height * (float)width) + 0.5F);
    return grey > 255 ? 255 : grey;
}

/* The other frequent case, an opaque grey picture reduced: the mean of what a pixel covers, rows
 * first. Several times as fast as taking samples, and exact. */
static void grey_means(UiCanvas *canvas, UiBox in, const Sampler *s, const float source[4],
                       const float target[4])
{
    uint32_t column[SPAN];
    Cover columns[SPAN];
    const float step_u = source[2] / target[2];
    const float step_v = source[3] / target[3];
    /* As many pixels at a time as their columns find room. */
    const int most = (int)fminf(((float)SPAN - 3) / step_u, (float)SPAN);
    for (int begin = in.x0; begin < in.x1; begin += most) {
        const int end = begin + most < in.x1 ? begin + most : in.x1;
        for (int x = begin; x < end; x++) {
            const float u = source[0] + ((float)x - target[0]) * step_u;
            columns[x - begin] = covered(u, u + step_u, s->x0, s->x1);
        }
        const int x0 = columns[0].first;
        const size_t count = (size_t)(columns[end - 1 - begin].last - x0) + 1;
        for (int y = in.y0; y < in.y1; y++) {
            const float v = source[1] + ((float)y - target[1]) * step_v;
            const Cover rows = covered(v, v + step_v, s->y0, s->y1);
            uint32_t height = 0;
            memset(column, 0, count * sizeof(*column));
            for (int j = rows.first; j <= rows.last; j++) {
                const uint8_t *const bytes = s->pixels->bytes + (ptrdiff_t)j * s->pixels->w + x0;
                const uint32_t part = part_of(&rows, j);
                height += part;
                for (size_t i = 0; i < count; i++) {
                    column[i] += part * bytes[i];
                }
            }
            uint32_t *const row = canvas->pixels + (size_t)y * (size_t)canvas->w;
            for (int x = begin; x < end; x++) {
                row[x] = 0xff000000U | mean_of(&columns[x - begin], column, x0, height) * 0x010101U;
            }
        }
    }
}

void ui_canvas_picture(UiCanvas *canvas, UiBox clip, const UiPixels *pixels, const float source[4],
                       const float target[4], uint32_t tint)
{
    const UiBox in =
        ui_box_meet(clip, (UiBox){(int)floorf(target[0] + 0.5F), (int)floorf(target[1] + 0.5F),
                                  (int)floorf(target[0] + target[2] + 0.5F),
                                  (int)floorf(target[1] + target[3] + 0.5F)});
    const Sampler s = {.pixels = pixels,
                       .x0 = within((int)floorf(source[0]), 0, pixels->w - 1),
                       .y0 = within((int)floorf(source[1]), 0, pixels->h - 1),
                       .x1 = within((int)ceilf(source[0] + source[2]) - 1, 0, pixels->w - 1),
                       .y1 = within((int)ceilf(source[1] + source[3]) - 1, 0, pixels->h - 1)};
    const float step_u = source[2] / target[2];
    const float step_v = source[3] / target[3];
    const int taps = within((int)ceilf((step_u > step_v ? step_u : step_v) / 1.5F), 1, 8);
    if (pixels->smooth && taps == 1 && pixels->channels == 1 && tint == 0xffffffffU) {
        grey_rows(canvas, in, &s, source, target);
        return;
    }
    if (pixels->smooth && taps > 1 && pixels->channels == 1 && tint == 0xffffffffU &&
        step_u < MOST_REDUCED && step_v < MOST_REDUCED) {
        grey_means(canvas, in, &s, source, target);
        return;
    }
    for (int y = in.y0; y < in.y1; y++) {
        const float v = source[1] + ((float)y + 0.5F - target[1]) * step_v;
        uint32_t *const row = canvas->pixels + (size_t)y * (size_t)canvas->w;
        for (int x = in.x0; x < in.x1; x++) {
            const float u = source[0] + ((float)x + 0.5F - target[0]) * step_u;
            uint32_t color = 0;
            if (!pixels->smooth) {
                color = texel(&s, within((int)floorf(u), s.x0, s.x1),
                              within((int)floorf(v), s.y0, s.y1));
            } else if (taps == 1) {
                color = bilinear(&s, u, v);
            } else {
                color = mean(&s, u, v, step_u, step_v, taps);
            }
            row[x] = ui_pixel_over(row[x], tinted(color, tint), 255);
        }
    }
}
