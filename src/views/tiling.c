#include "views/tiling.h"

#include <math.h>

ViewTiling view_tiling_find(UiRect rect, float size, float most, int group, int width, int height)
{
    const float shape = (float)height / (float)width;
    ViewTiling best = {0};
    float best_cost = INFINITY;
    const int fewest = (int)fmaxf(1, ceilf(rect.w / most));
    for (int cols = fewest; cols <= fewest || rect.w / (float)cols > 0.75F * size; cols++) {
        const float w = rect.w / (float)cols;
        const float h = w * shape;
        const int rows = (int)floorf(rect.h / (h * (float)group) + 1e-4F) * group;
        if (rows < group) {
            continue;
        }
        const float left = 1 - h * (float)rows / rect.h;
        const float cost = left + 0.5F * fabsf(logf(w / size));
        if (cost < best_cost) {
            best_cost = cost;
            best = (ViewTiling){.cols = cols, .rows = rows, .w = w, .h = h};
        }
    }
    if (best.cols == 0) {
        best.h = fmaxf(rect.h / (float)group, 1);
        best.w = best.h / shape;
        best.cols = (int)fmaxf(1, floorf(rect.w / best.w));
        best.rows = group;
    }
    best.area = (UiRect){rect.x, rect.y, best.w * (float)best.cols, best.h * (float)best.rows};
    return best;
}

UiRect view_tiling_place(const ViewTiling *tiling, int col, int row)
{
    return (UiRect){tiling->area.x + (float)col * tiling->w,
                    tiling->area.y + (float)row * tiling->h, tiling->w, tiling->h};
}
