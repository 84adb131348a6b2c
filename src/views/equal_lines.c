#include "views/equal_lines.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/core/base.h"

static const float spacing = 22; /* px between lines, at least */
static const float edge = 4;     /* px between a label and the end of the plot */
static const float ground = 2;   /* px about a label that belong to it */
static const float clear = 2;    /* px between that and the middle of a path */

void view_equal_lines_make(ViewEqualLines *lines, const UiPlot *plot)
{
    const double low = plot->x_min + plot->y_min;
    const double high = plot->x_max + plot->y_max;
    const int most = (int)fminf(fmaxf(plot->area.h / spacing, 2), VIEW_EQUAL_LINES - 1);
    const double step = ui_plot_step(high - low, most);
    const double first = ceil(low / step);
    lines->count = 0;
    while (lines->count < VIEW_EQUAL_LINES) {
        const double sum = (first + lines->count) * step;
        const double left = fmax(plot->x_min, sum - plot->y_max);
        const double right = fmin(plot->x_max, sum - plot->y_min);
        if (!(sum <= high)) {
            break;
        }
        ViewEqualLine *line = &lines->line[lines->count++];
        char number[24];
        *line = (ViewEqualLine){.elbo = -sum,
                                .from = ui_plot_point(plot, left, sum - left),
                                .to = ui_plot_point(plot, right, sum - right)};
        ui_plot_number(-sum, step, number);
        (void)snprintf(line->text, sizeof line->text, "ELBO %s", number);
    }
}

void view_equal_lines_offer(ViewEqualLines *lines, int i, const UiPlot *plot, float width)
{
    static const float along[VIEW_EQUAL_PLACES] = {1, 0, 0.75F, 0.5F, 0.25F};
    ViewEqualLine *line = &lines->line[i];
    const UiRect area = plot->area;
    const float fall = (line->to.y - line->from.y) / (line->to.x - line->from.x);
    const float half = VIEW_EQUAL_H / 2.0F + ground;
    line->places = 0;
    if (!(line->to.x > line->from.x) || !(fall > 0)) {
        return;
    }
    /* Where the middle of the label may be. */
    const float from_x = line->from.x + (area.y + half - line->from.y) / fall;
    const float to_x = line->from.x + (area.y + area.h - half - line->from.y) / fall;
    const float left = fmaxf(area.x + edge + width / 2, from_x);
    const float right = fminf(area.x + area.w - edge - width / 2, to_x);
    if (!(right >= left)) {
        return;
    }
    for (; line->places < VIEW_EQUAL_PLACES; line->places++) {
        const float x = left + (right - left) * along[line->places];
        const float y = line->from.y + fall * (x - line->from.x);
        line->place[line->places] =
            (UiRect){x - width / 2, y - VIEW_EQUAL_H / 2.0F, width, VIEW_EQUAL_H};
        line->taken[line->places] = false;
    }
}

/* The part of 0 .. 1 on which from + (to - from) t lies within low .. high, cut off *begin .. *end. */
static bool cut(float from, float to, float low, float high, float *begin, float *end)
{
    const float way = to - from;
    if (way == 0) {
        return from >= low && from <= high;
    }
    const float a = (low - from) / way;
    const float b = (high - from) / way;
    *begin = fmaxf(*begin, fminf(a, b));
    *end = fminf(*end, fmaxf(a, b));
    return *begin <= *end;
}

static bool crosses(UiRect box, UiPoint from, UiPoint to)
{
    if (fmaxf(from.x, to.x) < box.x || fminf(from.x, to.x) > box.x + box.w ||
        fmaxf(from.y, to.y) < box.y || fminf(from.y, to.y) > box.y + box.h) {
        return false; /* nearly all */
    }
    float begin = 0;
    float end = 1;
    return cut(from.x, to.x, box.x, box.x + box.w, &begin, &end) &&
           cut(from.y, to.y, box.y, box.y + box.h, &begin, &end);
}

static void keep_segment(ViewEqualLines *lines, UiPoint from, UiPoint to)
{
    for (int i = 0; i < lines->count; i++) {
        ViewEqualLine *line = &lines->line[i];
        for (int k = 0; k < line->places; k++) {
            line->taken[k] =
                line->taken[k] || crosses(ui_rect_inset(line->place[k], -ground - clear), from, to);
        }
    }
}

void view_equal_lines_keep_path(ViewEqualLines *lines, const UiPoint *path, size_t points)
{
    size_t from = 0;
    for (size_t p = 0; p < points; p++) {
        /* A run that has settled stays within a pixel for most of its points. */
        if (p == 0 || p + 1 == points || fabsf(path[p].x - path[from].x) >= 1 ||
            fabsf(path[p].y - path[from].y) >= 1) {
            keep_segment(lines, path[from], path[p]);
            from = p;
        }
    }
}

void view_equal_lines_keep_box(ViewEqualLines *lines, UiRect box)
{
    for (int i = 0; i < lines->count; i++) {
        ViewEqualLine *line = &lines->line[i];
        for (int k = 0; k < line->places; k++) {
            const UiRect label = ui_rect_inset(line->place[k], -ground);
            line->taken[k] =
                line->taken[k] || (label.x < box.x + box.w && box.x < label.x + label.w &&
                                   label.y < box.y + box.h && box.y < label.y + label.h);
        }
    }
}

const UiRect *view_equal_lines_take(ViewEqualLines *lines, int i)
{
    const ViewEqualLine *line = &lines->line[i];
    for (int k = 0; k < line->places; k++) {
        if (!line->taken[k]) {
            view_equal_lines_keep_box(lines, line->place[k]);
            return &line->place[k];
        }
    }
    return NULL;
}
