/* What lies between two curves: filled column by column. */
#include <math.h>

#include "ui/context.h"

void ui_canvas_band(UiCanvas *canvas, UiBox clip, const UiBandPoint *points, size_t count,
                    uint32_t color)
{
    size_t at = 0;
    for (int x = clip.x0; x < clip.x1 && count >= 2; x++) {
        const float middle = (float)x + 0.5F;
        while (at + 2 < count && points[at + 1].x < middle) {
            at++;
        }
        const UiBandPoint *const a = &points[at];
        const UiBandPoint *const b = &points[at + 1];
        if (middle < a->x || middle > b->x || !(b->x > a->x)) {
            continue;
        }
        const float part = (middle - a->x) / (b->x - a->x);
        const float one = a->top + part * (b->top - a->top);
        const float other = a->bottom + part * (b->bottom - a->bottom);
        /* Kept near the clip, so that a value far outside is no long loop. */
        const float y0 = fmaxf(fminf(one, other), (float)clip.y0 - 2);
        const float y1 = fminf(fmaxf(one, other), (float)clip.y1 + 2);
        if (y0 < y1) {
            ui_canvas_column(canvas, clip, x, y0, y1, color);
        }
    }
}

void ui_draw_band(Ui *ui, const UiBandPoint *points, size_t count, UiColor color)
{
    float low_y = INFINITY;
    float high_y = -INFINITY;
    UiBandPoint *const own =
        count < 2 ? NULL : ui_recorder_take(&ui->recorder, count * sizeof(*own));
    size_t kept = 0;
    for (size_t i = 0; own != NULL && i < count; i++) {
        const UiBandPoint p = {points[i].x * ui->scale, points[i].top * ui->scale,
                               points[i].bottom * ui->scale};
        if (isfinite(p.x) && isfinite(p.top) && isfinite(p.bottom)) {
            low_y = fminf(low_y, fminf(p.top, p.bottom));
            high_y = fmaxf(high_y, fmaxf(p.top, p.bottom));
            own[kept++] = p;
        }
    }
    UiCommand *const command = kept < 2
                                   ? NULL
                                   : ui_command_add(ui, UI_COMMAND_BAND, own[0].x - 1, low_y - 1,
                                                    own[kept - 1].x + 1, high_y + 1);
    if (command != NULL) {
        command->color =
            (uint32_t)color.a << 24 | (uint32_t)color.r << 16 | (uint32_t)color.g << 8 | color.b;
        command->data = own;
        command->count = kept;
        command->bytes = kept * sizeof(*own);
    }
}
