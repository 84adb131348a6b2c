#include "views/tiling.h"

#include <math.h>

enum {
    COUNT_MOST = 256,
    SIZE_LEAST = 22, /* logical units: a digit can be told from another */
    SIZE_MOST = 72,
};

ViewTiling view_tiling_find(UiRect rect, int count, int group, int width, int height)
{
    const float shape = (float)height / (float)width;
    const float wanted = sqrtf(rect.w * rect.h / ((float)count * shape));
    const float size = fminf(fmaxf(wanted, SIZE_LEAST), SIZE_MOST);
    ViewTiling best = {0};
    float best_cost = INFINITY;
    const int fewest = (int)fmaxf(1, ceilf(rect.w / (1.5F * size)));
    const int most = (int)fminf(fmaxf(1, floorf(rect.w / (0.75F * size))), COUNT_MOST);
    for (int cols = fewest; cols <= most; cols++) {
        const float w = rect.w / (float)cols;
        const float h = w * shape;
        int rows = (int)floorf(rect.h / (h * (float)group) + 1e-5F) * group;
        rows = rows * cols > COUNT_MOST ? COUNT_MOST / cols / group * group : rows;
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
        best.w = fminf(best.h / shape, rect.w);
        best.h = best.w * shape;
        const int fit = (int)fminf(rect.w / best.w, 1e6F);
        const int room = COUNT_MOST / group;
        best.cols = fit < 1 ? 1 : fit > room ? room : fit;
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
