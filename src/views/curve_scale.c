#include "views/curve_scale.h"

#include <math.h>
#include <stdlib.h>

#include "views/term.h"

enum {
    SAMPLES = 256 /* of the groups: enough for percentiles, cheap to sort in every frame */
};

static const double newest_part = 0.12; /* of the range in sight: never cut off */
static const double slack = 0.06;       /* free room above and below, of the span */
static const double touch = 0.02;       /* of the span: nearer to an end is too near */
static const double ease_s = 0.10;      /* the distance left shrinks by e in this time */

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a;
    const float y = *(const float *)b;
    return (x > y) - (x < y);
}

static double percentile(float *values, size_t count, double part)
{
    qsort(values, count, sizeof(*values), ascending);
    return (double)values[(size_t)(part * (double)(count - 1) + 0.5)];
}

static void widen(ViewScale *scale, double value)
{
    if (isfinite(value)) {
        scale->low = fmin(scale->low, value);
        scale->high = fmax(scale->high, value);
    }
}

/* The bulk of the training curve: all of its newest part, percentiles of the rest. */
static bool need_of_training(const ViewTrace *trace, LsSeries series, double x0, double x1,
                             ViewScale *need)
{
    float min[SAMPLES];
    float max[SAMPLES];
    float smooth[SAMPLES];
    size_t count = 0;
    const size_t stride = (trace->count + SAMPLES - 1) / SAMPLES;
    const double newest = x1 - newest_part * (x1 - x0);
    for (size_t i = 0; i < trace->count; i++) {
        const ViewGroup *group = &trace->group[i];
        if (!group->series[series].shown || group->step < x0 || group->step > x1) {
            continue;
        }
        if (group->step >= newest) {
            widen(need, (double)group->series[series].smooth);
        }
        if ((trace->count - 1 - i) % stride == 0) { /* counted from the end: the newest is in */
            min[count] = group->series[series].min;
            max[count] = group->series[series].max;
            smooth[count++] = group->series[series].smooth;
        }
    }
    if (count == 0) {
        return false;
    }
    widen(need, percentile(smooth, count, 0.02));
    widen(need, percentile(smooth, count, 0.98));
    widen(need, percentile(min, count, 0.08));
    widen(need, percentile(max, count, 0.92));
    return true;
}

bool view_curve_scale_need(const ViewTrace *trace, LsSeries series, const LsMetric *evaluations,
                           size_t evaluation_count, const ViewKinds *kinds, double x0,
                           double settled, double x1, ViewScale *need)
{
    *need = (ViewScale){(double)INFINITY, -(double)INFINITY};
    bool some = trace->count > 0 && (need_of_training(trace, series, settled, x1, need) ||
                                     need_of_training(trace, series, x0, x1, need));
    for (size_t i = 0; i < evaluation_count; i++) {
        const double step = (double)evaluations[i].step;
        const double value = view_term_value(&evaluations[i].heldout, series);
        if (step < x0 || step > x1 || !isfinite(value) ||
            !view_kinds_shown(kinds, series, evaluations[i].step)) {
            continue;
        }
        /* A point on the cliff of the beginning does not squash all the rest. */
        if (step >= settled || !some) {
            widen(need, value);
            some = true;
        }
    }
    return some && isfinite(need->low) && isfinite(need->high);
}

void view_curve_scale_headroom(ViewScale *need, double part)
{
    need->high += (need->high - need->low) * part / (1 - part);
}

/* The round step for about four ticks on a span. */
static double round_step(double span)
{
    const double power = pow(10, floor(log10(span / 4)));
    const double rest = span / 4 / power;
    return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
}

/* Ends on fifths of a tick's step, never below zero where nothing is. */
static ViewScale rounded(ViewScale need)
{
    const bool positive = need.low >= 0;
    double span = need.high - need.low;
    const double least = fmax(1e-3, 0.01 * fmax(fabs(need.low), fabs(need.high)));
    if (span < least) {
        need.low -= 0.5 * (least - span);
        need.high += 0.5 * (least - span);
        span = least;
    }
    const double part = 0.2 * round_step(span);
    ViewScale scale = {part * floor((need.low - slack * span) / part),
                       part * ceil((need.high + slack * span) / part)};
    if (positive && scale.low < 0) {
        scale.low = 0;
    }
    return scale;
}

void view_curve_scale_follow(ViewAxis *axis, ViewScale need, double seconds, bool ease)
{
    const ViewScale fresh = rounded(need);
    /* What touches an end is cut in half there: it counts as outside, but for an end at zero. */
    const double edge = touch * (axis->aim.high - axis->aim.low);
    const bool at_zero = axis->aim.low == 0 && need.low >= 0;
    const bool outside =
        (need.low < axis->aim.low + edge && !at_zero) || need.high > axis->aim.high - edge;
    const bool loose = fresh.high - fresh.low < 0.75 * (axis->aim.high - axis->aim.low);
    if (!axis->set || outside || loose) {
        axis->aim = fresh;
    }
    const double left = exp(-fmax(seconds, 0) / ease_s);
    const double close = 2e-3 * (axis->aim.high - axis->aim.low);
    const bool near = fabs(axis->shown.low - axis->aim.low) < close &&
                      fabs(axis->shown.high - axis->aim.high) < close;
    if (!axis->set || !ease || near) {
        axis->shown = axis->aim;
    } else {
        axis->shown.low = axis->aim.low + left * (axis->shown.low - axis->aim.low);
        axis->shown.high = axis->aim.high + left * (axis->shown.high - axis->aim.high);
    }
    axis->set = true;
}
