/* A picture in memory and the drawing into it: everything the window shows is drawn here, on the
 * processor, so that it is the same pixel for pixel with every driver and without a display.
 * Pixels are 0xAARRGGBB, always opaque. Coordinates are device pixels; a drawing touches nothing
 * outside its clip, which lies inside the canvas. Coverage is that of the exact shape, to 1/255. */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ui/geometry.h"

enum {
    UI_BAND = 64, /* rows a stroke is drawn in at a time */
    UI_LANES = 8  /* pixels of a row that are computed side by side */
};

/* Whole device pixels, x1 and y1 beyond the last. */
typedef struct UiBox {
    int x0, y0, x1, y1;
} UiBox;

/* Beyond the last pixel and the last of the mask is room for UI_LANES more, so that the end of a row is
 * drawn as its middle is, covered by none. */
typedef struct UiCanvas {
    uint32_t *pixels; /* [h, w] */
    uint8_t *mask;    /* [UI_BAND, w]: coverage of the stroke being drawn */
    int w, h;
} UiCanvas;

static inline UiBox ui_box_meet(UiBox a, UiBox b)
{
    return (UiBox){a.x0 > b.x0 ? a.x0 : b.x0, a.y0 > b.y0 ? a.y0 : b.y0, a.x1 < b.x1 ? a.x1 : b.x1,
                   a.y1 < b.y1 ? a.y1 : b.y1};
}

static inline bool ui_box_empty(UiBox box)
{
    return box.x0 >= box.x1 || box.y0 >= box.y1;
}

/* Inlined into each clone of a kernel: what is only called from one runs as the default. */
#define UI_INLINE inline __attribute__((always_inline))

/* Not fminf() and fmaxf(), which are calls: there are thousands of pixels and dots.  Thread: any. */
static UI_INLINE float ui_least(float a, float b)
{
    return a < b ? a : b;
}

static UI_INLINE float ui_most(float a, float b)
{
    return a > b ? a : b;
}

/* UI_LANES numbers side by side, named only where their width changes: loops that mix widths stay scalar. */
typedef uint8_t UiBytes __attribute__((vector_size(UI_LANES)));
typedef uint32_t UiWords __attribute__((vector_size(4 * UI_LANES)));

/* Shapes: from, to [UI_LANES].  Thread: any. */
static UI_INLINE void ui_lanes_widen(const uint8_t *from, uint32_t *to)
{
    UiBytes narrow;
    memcpy(&narrow, from, sizeof narrow);
    const UiWords wide = __builtin_convertvector(narrow, UiWords);
    memcpy(to, &wide, sizeof wide);
}

/* Of numbers below 256. Shapes: from, to [UI_LANES].  Thread: any. */
static UI_INLINE void ui_lanes_narrow(const uint32_t *from, uint8_t *to)
{
    UiWords wide;
    memcpy(&wide, from, sizeof wide);
    const UiBytes narrow = __builtin_convertvector(wide, UiBytes);
    memcpy(to, &narrow, sizeof narrow);
}

/* How much an opacity covers, both 0 .. 255, to the nearest 255th.  Thread: any. */
static UI_INLINE uint32_t ui_cover_part(uint32_t opacity, uint32_t cover)
{
    const uint32_t product = opacity * cover + 127;
    return (product + 1 + (product >> 8)) >> 8; /* product / 255, for all that are below 65,535 */
}

/* color laid over what is there, cover of 255 parts of it.  Thread: UI. */
static UI_INLINE uint32_t ui_pixel_over(uint32_t below, uint32_t color, uint32_t cover)
{
    const uint32_t a = ui_cover_part(color >> 24, cover);
    const uint32_t k = a + (a >> 7); /* 0 .. 256 */
    const uint32_t rb = below & 0xff00ffU;
    const uint32_t g = below & 0x00ff00U;
    const uint32_t rb_new = (rb * (256 - k) + (color & 0xff00ffU) * k) >> 8;
    const uint32_t g_new = (g * (256 - k) + (color & 0x00ff00U) * k) >> 8;
    return 0xff000000U | (rb_new & 0xff00ffU) | (g_new & 0x00ff00U);
}

/* The same for UI_LANES pixels side by side, without a branch: one that is covered by none stays as it is.
 * Shapes: row, cover [UI_LANES].  Thread: UI. */
static UI_INLINE void ui_pixels_over(uint32_t *restrict row, uint32_t color,
                                     const uint32_t *restrict cover)
{
#pragma GCC unroll 1 /* taken apart it would not become vectors */
    for (int i = 0; i < UI_LANES; i++) {
        row[i] = ui_pixel_over(row[i], color, cover[i]);
    }
}

/* Gives the canvas a size; what it showed is lost. Fails: false where there is no memory.
 * Thread: UI. */
bool ui_canvas_resize(UiCanvas *canvas, int w, int h);
void ui_canvas_finish(UiCanvas *canvas);

/* Pixels x0 .. x1 of a row.  Thread: UI. */
void ui_canvas_span(uint32_t *row, int x0, int x1, uint32_t color, unsigned cover);

/* A rectangle, sharp.  Thread: UI. */
void ui_canvas_fill(UiCanvas *canvas, UiBox clip, UiBox box, uint32_t color);

/* A pixel column with fractional ends.  Thread: UI. */
void ui_canvas_column(UiCanvas *canvas, UiBox clip, int x, float y0, float y1, uint32_t color);

/* A rectangle with round corners; where width > 0 only its outline, inside it.  Thread: UI. */
void ui_canvas_round(UiCanvas *canvas, UiBox clip, const float rect[4], float radius, float width,
                     uint32_t color);

/* A disc; a ring (width > 0) centred on the radius, dashed where dash > 0.  Thread: UI. */
void ui_canvas_disc(UiCanvas *canvas, UiBox clip, float x, float y, float radius, uint32_t color);
void ui_canvas_ring(UiCanvas *canvas, UiBox clip, float x, float y, float radius, float width,
                    float dash, uint32_t color);

/* Discs with an outline of one pixel. Shapes: points, colors [count].  Thread: UI. */
void ui_canvas_dots(UiCanvas *canvas, UiBox clip, const UiPoint *points, const uint32_t *colors,
                    size_t count, float radius, uint32_t outline);

/* A polyline with round joins and ends whose colour goes from one to the other. A translucent one is
 * equally dense where it crosses itself. Shapes: points [count].  Thread: UI. */
void ui_canvas_stroke(UiCanvas *canvas, UiBox clip, const UiPoint *points, size_t count,
                      float width, uint32_t from, uint32_t to);

/* The colour of one segment of a polyline with `count` points.  Thread: any. */
uint32_t ui_canvas_stroke_color(uint32_t from, uint32_t to, size_t segment, size_t count);

/* What lies between two curves over the same x, ascending; either may be the upper one. Shapes: points
 * [count].  Thread: UI. */
void ui_canvas_band(UiCanvas *canvas, UiBox clip, const UiBandPoint *points, size_t count,
                    uint32_t color);

/* A picture scaled into a rectangle. Shapes: pixels [h, stride] of `channels` 1 (grey) or 4 (ARGB)
 * bytes; source {x, y, w, h} in its pixels.  Thread: UI. */
typedef struct UiPixels {
    const uint8_t *bytes;
    int w, h, channels;
    bool smooth;
} UiPixels;

void ui_canvas_picture(UiCanvas *canvas, UiBox clip, const UiPixels *pixels, const float source[4],
                       const float target[4], uint32_t tint);

/* Coverage, tinted. Shapes: cover [h, w] bytes, UI_LANES more of which may be read.  Thread: UI. */
void ui_canvas_cover(UiCanvas *canvas, UiBox clip, int x, int y, int w, int h, const uint8_t *cover,
                     uint32_t color);

#endif
