#include "views/curve_labels.h"

#include <math.h>

static const float gap = 4; /* between a line and its label, and between labels */

/* Whether a label of row `row` from x to x + width covers one that stands already. */
static bool covers_label(const ViewLabel *labels, size_t count, size_t mine, int row, float x)
{
    for (size_t i = 0; i < count; i++) {
        if (i != mine && labels[i].row == row && x < labels[i].x + labels[i].width + gap &&
            labels[i].x < x + labels[mine].width + gap) {
            return true;
        }
    }
    return false;
}

static bool crosses_line(const ViewLabel *labels, size_t count, size_t mine, float x)
{
    for (size_t i = 0; i < count; i++) {
        if (i != mine && labels[i].line_x > x - 1 &&
            labels[i].line_x < x + labels[mine].width + 1) {
            return true;
        }
    }
    return false;
}

/* Takes the place from x on in a row, where it is free. */
static bool take(ViewLabel *labels, size_t count, size_t mine, int row, float x, bool crossing)
{
    if (covers_label(labels, count, mine, row, x) ||
        (!crossing && crosses_line(labels, count, mine, x))) {
        return false;
    }
    labels[mine].x = x;
    labels[mine].row = row;
    return true;
}

static void place(ViewLabel *labels, size_t count, size_t mine, int rows, UiRect plot)
{
    const ViewLabel *label = &labels[mine];
    const float left = plot.x, right = plot.x + plot.w;
    const float sides[2] = {label->line_x + gap, label->line_x - gap - label->width};
    const bool may_cross = rows > 1 || mine + 1 == count;
    for (int i = 0; i < (may_cross ? 4 : 2) * rows; i++) {
        const bool crossing = i >= 2 * rows;
        const int nth = i / 2 % rows;
        /* What must cross lines does so in the last row, and leaves the first to the others. */
        const int row = crossing ? rows - 1 - nth : nth;
        const float x = sides[i % 2];
        if (x >= left && x + label->width <= right && take(labels, count, mine, row, x, crossing)) {
            return;
        }
    }
}

void view_curve_labels_place(ViewLabel *labels, size_t count, UiRect plot)
{
    const int rows = plot.h < VIEW_LABEL_HEIGHT ? 1 : VIEW_LABEL_ROWS;
    for (size_t i = 0; i < count; i++) {
        labels[i].row = -1;
    }
    for (size_t i = count; i-- > 0;) {
        place(labels, count, i, rows, plot);
    }
}

float view_curve_labels_beside(float x, float width, float left, float right)
{
    const float distance = 10;
    if (x + distance + width <= right) {
        return x + distance;
    }
    return x - distance - width >= left ? x - distance - width : fmaxf(right - width, left);
}
