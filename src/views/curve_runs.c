#include "views/curve_runs.h"

#include <math.h>

#include "views/curve_gap.h"

enum {
    RUN_POINTS = 512
};

double view_curve_runs_fork(const View *view)
{
    size_t count = 0;
    if (view->side.name == NULL || view->run_count == 0) {
        return (double)INFINITY;
    }
    const LsBucket *bucket = ls_history_buckets(view->runs[0].history, &count);
    return count > 0 ? (double)bucket[0].first - 1 : (double)INFINITY;
}

UiColor view_curve_runs_color(const View *view, UiColor term, double step)
{
    const double fork = view_curve_runs_fork(view);
    return !isfinite(fork) ? term : step > fork ? view->side.color : UI_MUTED;
}

void view_curve_runs_sides(const View *view, const char *a, const char *b, UiRect row)
{
    enum {
        BETWEEN = 8 /* px */
    };

    static const UiFont fonts[] = {UI_FONT_STRONG, UI_FONT_SMALL};
    Ui *ui = view->ui;
    for (size_t i = 0; i < LS_COUNT(fonts); i++) {
        const float right = b[0] ? ui_text_width(ui, fonts[i], b) + BETWEEN : 0;
        if (ui_text_width(ui, fonts[i], a) + right <= row.w) {
            (void)ui_draw_text(ui, row, fonts[i], UI_RIGHT, view->runs[0].color, b);
            ui_rect_cut_right(&row, right);
            (void)ui_draw_text(ui, row, fonts[i], UI_RIGHT, view->side.color, a);
            return;
        }
    }
    /* No room side by side: one above the other. */
    UiRect upper = ui_rect_cut_top(&row, row.h / 2);
    (void)ui_draw_text(ui, upper, UI_FONT_SMALL, UI_RIGHT, view->side.color, a);
    (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_RIGHT, view->runs[0].color, b);
}

/* Whether a run trains the same kinds now, so that its numbers are in the same unit. */
static bool comparable(const View *view, const ViewRun *run, LsSeries series)
{
    const LsTrainSettings *a = &view->snapshot->settings;
    const LsTrainSettings *b = run->settings;
    return series == LS_SERIES_KL    ? a->div == b->div
           : series == LS_SERIES_REG ? a->reg == b->reg
                                     : a->rec == b->rec;
}

/* Every how manieth bucket of x0 .. x1 is enough. */
static size_t stride_of(const LsBucket *bucket, size_t count, double x0, double x1)
{
    const size_t first = count > 0 ? view_curve_trace_bucket_at(bucket, count, x0) : 0;
    const size_t last = count > 0 ? view_curve_trace_bucket_at(bucket, count, x1) : 0;
    size_t stride = 1;
    while ((last - first) / stride > RUN_POINTS) {
        stride *= 2;
    }
    return stride;
}

void view_curve_runs_draw(ViewCurveState *state, const View *view, const UiPlot *plot,
                          LsSeries series)
{
    for (int r = 0; r < view->run_count; r++) {
        const ViewRun *run = &view->runs[r];
        size_t count = 0;
        const LsBucket *bucket = ls_history_buckets(run->history, &count);
        if (!comparable(view, run, series)) {
            continue;
        }
        const size_t stride = stride_of(bucket, count, plot->x_min, plot->x_max);
        ui_curve_reset(&state->curve);
        for (size_t i = 0; i < count; i++) {
            const double step = (double)bucket[i].last;
            if ((i % stride == 0 || i + 1 == count) && step >= plot->x_min && step <= plot->x_max) {
                ui_curve_add(plot, &state->curve, step, (double)bucket[i].series[series].smooth);
            }
        }
        ui_curve_draw(view->ui, &state->curve, 2, run->color);
        ui_curve_reset(&state->curve);
        view_curve_gap_rings_of(view, run->history, NULL, plot, series, run->color);
    }
}

double view_curve_runs_value(const View *view, const ViewRun *run, LsSeries series, double step)
{
    size_t count = 0;
    const LsBucket *bucket = ls_history_buckets(run->history, &count);
    if (count == 0 || !comparable(view, run, series)) {
        return (double)NAN;
    }
    return (double)bucket[view_curve_trace_bucket_at(bucket, count, step)].series[series].smooth;
}

void view_curve_runs_need(const View *view, LsSeries series, double x0, double x1, ViewScale *need)
{
    for (int r = 0; r < view->run_count; r++) {
        size_t count = 0;
        const LsBucket *bucket = ls_history_buckets(view->runs[r].history, &count);
        if (!comparable(view, &view->runs[r], series)) {
            continue;
        }
        const size_t stride = stride_of(bucket, count, x0, x1);
        for (size_t i = 0; i < count; i += stride) {
            const double value = (double)bucket[i].series[series].smooth;
            const double step = (double)bucket[i].last;
            if (step >= x0 && step <= x1 && isfinite(value)) {
                need->low = fmin(need->low, value);
                need->high = fmax(need->high, value);
            }
        }
    }
}
