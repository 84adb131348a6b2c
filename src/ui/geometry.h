/* Points, rectangles and colours. Everything above the drawing code speaks in logical units: the
 * window is width x height of them, one is `scale` device pixels, fractions are fine. */
#ifndef UI_GEOMETRY_H
#define UI_GEOMETRY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct UiPoint {
    float x, y;
} UiPoint;

/* Two curves at one x. */
typedef struct UiBandPoint {
    float x, top, bottom;
} UiBandPoint;

typedef struct UiRect {
    float x, y, w, h;
} UiRect;

typedef struct UiColor {
    uint8_t r, g, b, a;
} UiColor;

/* The parts of 0xRRGGBB, opaque: UI_PARTS initializes tables, UI_RGB is a value. */
#define UI_PARTS(hex)                                                                  \
    {                                                                                  \
        (uint8_t)((hex) >> 16), (uint8_t)((hex) >> 8 & 255), (uint8_t)((hex)&255), 255 \
    }
#define UI_RGB(hex) ((UiColor)UI_PARTS(hex))

static inline UiColor ui_color_fade(UiColor color, float alpha)
{
    color.a = (uint8_t)((float)color.a * alpha + 0.5F);
    return color;
}

static inline bool ui_rect_has(UiRect rect, UiPoint point)
{
    return point.x >= rect.x && point.y >= rect.y && point.x < rect.x + rect.w &&
           point.y < rect.y + rect.h;
}

static inline UiRect ui_rect_inset(UiRect rect, float by)
{
    return (UiRect){rect.x + by, rect.y + by, rect.w - 2 * by, rect.h - 2 * by};
}

/* Cuts a strip of height h off the top (bottom, left, right) of *rect and gives it. */
static inline UiRect ui_rect_cut_top(UiRect *rect, float h)
{
    const UiRect cut = {rect->x, rect->y, rect->w, h};
    rect->y += h;
    rect->h -= h;
    return cut;
}

static inline UiRect ui_rect_cut_bottom(UiRect *rect, float h)
{
    rect->h -= h;
    return (UiRect){rect->x, rect->y + rect->h, rect->w, h};
}

static inline UiRect ui_rect_cut_left(UiRect *rect, float w)
{
    const UiRect cut = {rect->x, rect->y, w, rect->h};
    rect->x += w;
    rect->w -= w;
    return cut;
}

static inline UiRect ui_rect_cut_right(UiRect *rect, float w)
{
    rect->w -= w;
    return (UiRect){rect->x + rect->w, rect->y, w, rect->h};
}

#endif
