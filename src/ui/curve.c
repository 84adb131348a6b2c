/* Curves, thinned so that extremes stay. */
#include <math.h>

#include "ui/plot.h"

enum {
    ROOM = (int)(sizeof(((UiCurve *)0)->points) / sizeof(UiPoint)),
    DASH = 32, /* points of a dash at most */
};

void ui_curve_reset(UiCurve *curve)
{
    curve->count = 0;
}

/* Of the points that share half a unit of width the first, the lowest, the highest and the last are
 * enough: nothing else could be seen. */
void ui_curve_add(const UiPlot *plot, UiCurve *curve, double x, double y)
{
    const UiPoint p = ui_plot_point(plot, x, y);
    const size_t n = curve->count;
    if (!isfinite(p.x) || !isfinite(p.y)) {
        return;
    }
    if (n >= 2) {
        UiPoint *const a = &curve->points[n - 2];
        UiPoint *const b = &curve->points[n - 1];
        const bool near =
            floorf(p.x * 2) == floorf(b->x * 2) && floorf(b->x * 2) == floorf(a->x * 2);
        const bool onward = (b->y - a->y) * (p.y - b->y) >= 0; /* b is no extreme */
        if (near && onward) {
            *b = p;
            return;
        }
    }
    if (n == (size_t)ROOM) { /* full: every second point goes, the shape stays */
        size_t kept = 0;
        for (size_t i = 0; i < n; i += 2) {
            curve->points[kept++] = curve->points[i];
        }
        curve->count = kept;
    }
    curve->points[curve->count++] = p;
}

void ui_curve_draw(Ui *ui, const UiCurve *curve, float width, UiColor color)
{
    ui_draw_lines(ui, curve->points, curve->count, width, color);
}

void ui_curve_dash(Ui *ui, const UiCurve *curve, float width, float on, float off, UiColor color)
{
    UiPoint dash[DASH];
    size_t count = 0;
    float left = on; /* of the dash or the gap under way */
    bool drawn = true;
    if (!(off > 0) || !(on > 0)) {
        ui_curve_draw(ui, curve, width, color);
        return;
    }
    for (size_t i = 0; i + 1 < curve->count; i++) {
        UiPoint at = curve->points[i];
        const UiPoint end = curve->points[i + 1];
        float length = hypotf(end.x - at.x, end.y - at.y);
        while (length > 0) {
            const float part = fminf(left, length);
            const UiPoint next = {at.x + (end.x - at.x) * part / length,
                                  at.y + (end.y - at.y) * part / length};
            if (drawn && count == 0) {
                dash[count++] = at;
            }
            if (drawn) {
                dash[count++] = next;
            }
            left -= part;
            length -= part;
            at = next;
            if (count == DASH || (count > 0 && left <= 0)) {
                ui_draw_lines(ui, dash, count, width, color);
                count = 0;
            }
            if (left <= 0) {
                drawn = !drawn;
                left = drawn ? on : off;
            }
        }
    }
    ui_draw_lines(ui, dash, count, width, color);
}
