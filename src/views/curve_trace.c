#include "views/curve_trace.h"

#include <math.h>

static ViewGroup gather(const LsBucket *buckets, size_t first, size_t end, const ViewKinds *kinds)
{
    ViewGroup group = {.step =
                           0.5 * ((double)buckets[first].first + (double)buckets[end - 1].last)};
    for (int s = 0; s < LS_SERIES_COUNT; s++) {
        float min = INFINITY;
        float max = -INFINITY;
        for (size_t i = first; i < end; i++) {
            const float low = buckets[i].series[s].min;
            const float high = buckets[i].series[s].max;
            min = low < min ? low : min;
            max = high > max ? high : max;
        }
        group.series[s].min = min;
        group.series[s].max = max;
        group.series[s].smooth = buckets[end - 1].series[s].smooth;
        group.series[s].shown = isfinite(min) && isfinite(max) &&
                                isfinite(group.series[s].smooth) &&
                                view_kinds_shown(kinds, (LsSeries)s, buckets[first].first) &&
                                view_kinds_shown(kinds, (LsSeries)s, buckets[end - 1].last);
    }
    return group;
}

void view_curve_trace_fill(ViewTrace *trace, const LsBucket *buckets, size_t count,
                           const ViewKinds *kinds, double x0, double x1, int most)
{
    trace->count = 0;
    trace->single = true;
    if (count == 0) {
        return;
    }
    const size_t first = view_curve_trace_bucket_at(buckets, count, x0);
    const size_t last = view_curve_trace_bucket_at(buckets, count, x1);
    size_t size = 1;
    while ((last / size) - (first / size) + 1 > (size_t)most) {
        size *= 2;
    }
    const size_t from = first / size > 0 ? first / size - 1 : 0;
    for (size_t g = from; g * size < count && g <= last / size + 1; g++) {
        const size_t begin = g * size;
        const size_t end = begin + size < count ? begin + size : count;
        trace->group[trace->count++] = gather(buckets, begin, end, kinds);
        trace->single = trace->single && size == 1 && buckets[begin].first == buckets[begin].last;
    }
}

size_t view_curve_trace_bucket_at(const LsBucket *buckets, size_t count, double step)
{
    size_t low = 0;
    size_t high = count - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if ((double)buckets[middle].last < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    /* Between two buckets: the nearer one. */
    if (low > 0 && step < (double)buckets[low].first &&
        step - (double)buckets[low - 1].last < (double)buckets[low].first - step) {
        return low - 1;
    }
    return low;
}

size_t view_curve_trace_evaluation_at(const LsMetric *evaluations, size_t count, double step)
{
    size_t low = 0;
    size_t high = count - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if ((double)evaluations[middle].step < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low > 0 &&
        step - (double)evaluations[low - 1].step < (double)evaluations[low].step - step) {
        return low - 1;
    }
    return low;
}
