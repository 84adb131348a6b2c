#include "ui/canvas.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "core/kernel.h"

bool ui_canvas_resize(UiCanvas *canvas, int w, int h)
{
    LsError err;
    ui_canvas_finish(canvas);
    canvas->pixels = ls_memory_items((size_t)w * (size_t)h + UI_LANES, sizeof(uint32_t), &err);
    canvas->mask = ls_memory_items((size_t)w * UI_BAND + UI_LANES, 1, &err);
    if (canvas->pixels == NULL || canvas->mask == NULL) {
        ui_canvas_finish(canvas);
        return false;
    }
    canvas->w = w;
    canvas->h = h;
    return true;
}

void ui_canvas_finish(UiCanvas *canvas)
{
    ls_memory_free(canvas->pixels);
    ls_memory_free(canvas->mask);
    memset(canvas, 0, sizeof(*canvas));
}

LS_KERNEL void ui_canvas_span(uint32_t *row, int x0, int x1, uint32_t color, unsigned cover)
{
    const uint32_t a = ui_cover_part(color >> 24, cover);
    const uint32_t k = a + (a >> 7);
    if (a == 255) {
        for (int x = x0; x < x1; x++) {
            row[x] = color;
        }
        return;
    }
    const uint32_t rb = (color & 0xff00ffU) * k;
    const uint32_t g = (color & 0x00ff00U) * k;
    for (int x = x0; x < x1; x++) {
        const uint32_t below = row[x];
        const uint32_t rb_new = ((below & 0xff00ffU) * (256 - k) + rb) >> 8;
        const uint32_t g_new = ((below & 0x00ff00U) * (256 - k) + g) >> 8;
        row[x] = 0xff000000U | (rb_new & 0xff00ffU) | (g_new & 0x00ff00U);
    }
}

void ui_canvas_fill(UiCanvas *canvas, UiBox clip, UiBox box, uint32_t color)
{
    const UiBox in = ui_box_meet(clip, box);
    for (int y = in.y0; y < in.y1 && in.x0 < in.x1; y++) {
        ui_canvas_span(canvas->pixels + (size_t)y * (size_t)canvas->w, in.x0, in.x1, color, 255);
    }
}

void ui_canvas_column(UiCanvas *canvas, UiBox clip, int x, float y0, float y1, uint32_t color)
{
    if (x < clip.x0 || x >= clip.x1) {
        return;
    }
    const int first = (int)floorf(y0);
    const int last = (int)ceilf(y1);
    for (int y = first > clip.y0 ? first : clip.y0; y < (last < clip.y1 ? last : clip.y1); y++) {
        const float top = y0 > (float)y ? y0 : (float)y;
        const float bottom = y1 < (float)(y + 1) ? y1 : (float)(y + 1);
        uint32_t *const pixel = canvas->pixels + (size_t)y * (size_t)canvas->w + x;
        *pixel = ui_pixel_over(*pixel, color, (unsigned)((bottom - top) * 255.0F + 0.5F));
    }
}

LS_KERNEL void ui_canvas_cover(UiCanvas *canvas, UiBox clip, int x, int y, int w, int h,
                               const uint8_t *cover, uint32_t color)
{
    const UiBox in = ui_box_meet(clip, (UiBox){x, y, x + w, y + h});
    for (int row = in.y0; row < in.y1; row++) {
        const uint8_t *const from = cover + (ptrdiff_t)(row - y) * w;
        uint32_t *const to = canvas->pixels + (size_t)row * (size_t)canvas->w;
        for (int col = in.x0; col < in.x1; col += UI_LANES) {
            uint32_t part[UI_LANES];
            ui_lanes_widen(from + (col - x), part);
#pragma GCC unroll 1
            for (int i = 0; i < UI_LANES; i++) {
                part[i] = col + i < in.x1 ? part[i] : 0;
            }
            ui_pixels_over(to + col, color, part);
        }
    }
}
