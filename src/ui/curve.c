/* Curves, thinned so that extremes stay. */
#include <math.h>

#include "ui/plot.h"

enum {
    ROOM = (int)(sizeof(((UiCurve *)0)->points) / sizeof(UiPoint))
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
