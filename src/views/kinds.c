#include "views/kinds.h"

#include <math.h>
#include <string.h>

#include "views/curve_trace.h"
#include "views/term.h"

/* Begins a run of another kind with the step after this one. */
static void begin(ViewKinds *kinds, uint64_t step, const int *kind)
{
    if (kinds->count == VIEW_KINDS) {
        memmove(&kinds->run[0], &kinds->run[1], (VIEW_KINDS - 1) * sizeof(kinds->run[0]));
        kinds->count--;
    }
    /* The very first kind is taken to have been there from the beginning. */
    kinds->run[kinds->count].first = kinds->count == 0 ? 0 : step + 1;
    kinds->run[kinds->count].last = step;
    memcpy(kinds->run[kinds->count].kind, kind, sizeof(kinds->run[0].kind));
    kinds->count++;
}

void view_kinds_note(ViewKinds *kinds, uint64_t step, int rec, int div, int reg)
{
    const int kind[3] = {rec, div, reg};
    while (kinds->count > 0) {
        const size_t newest = kinds->count - 1;
        const bool same = memcmp(kinds->run[newest].kind, kind, sizeof(kind)) == 0;
        const bool empty = newest > 0 && kinds->run[newest].first == step + 1;
        if (kinds->run[newest].first > step + 1 || (empty && !same)) {
            kinds->count--; /* the run was set back, or nothing was trained with this kind */
        } else if (same) {
            kinds->run[newest].last = step;
            return;
        } else {
            break;
        }
    }
    begin(kinds, step, kind);
}

bool view_kinds_shown(const ViewKinds *kinds, LsSeries series, uint64_t step)
{
    if (kinds->count < 2) {
        return true;
    }
    const size_t newest = kinds->count - 1;
    /* A total is measured in its reconstruction's unit: two kinds of total never share an axis. */
    const size_t term = series == LS_SERIES_TOTAL ? 0 : (size_t)series;
    if (step >= kinds->run[newest].first) {
        return true;
    }
    for (size_t i = newest; i-- > 0;) {
        if (step >= kinds->run[i].first) {
            return step <= kinds->run[i].last &&
                   kinds->run[i].kind[term] == kinds->run[newest].kind[term];
        }
    }
    return false;
}

double view_kinds_value(const ViewKinds *kinds, const LsHistory *history,
                        const LsMetric *evaluation, LsSeries series, uint64_t step)
{
    size_t count = 0;
    const LsBucket *buckets = ls_history_buckets(history, &count);
    const LsBucket *at =
        count > 0 ? &buckets[view_curve_trace_bucket_at(buckets, count, (double)step)] : NULL;
    if (at && at->first <= step && view_kinds_shown(kinds, series, at->last)) {
        return (double)at->series[series].smooth;
    }
    return evaluation->evaluated ? view_term_value(&evaluation->heldout, series) : (double)NAN;
}

bool view_kinds_judged(const LsMetric *evaluation, const LsTrainSettings *settings, LsSeries series)
{
    const int kind[3] = {settings->rec, settings->div, settings->reg};
    const size_t term = series == LS_SERIES_TOTAL ? 0 : (size_t)series;
    return evaluation->evaluated && evaluation->kind[term] == kind[term];
}

double view_kinds_change(const ViewKinds *kinds, const LsHistory *history, LsSeries series,
                         uint64_t step)
{
    size_t markers = 0;
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(history, &markers);
    const LsMetric *metric = ls_history_evaluations(history, &count);
    while (markers > 0 && marker[markers - 1].step >= step) {
        markers--;
    }
    while (count > 0 && metric[count - 1].step > step) {
        count--;
    }
    if (markers == 0 || count == 0 || metric[count - 1].step <= marker[markers - 1].step) {
        return (double)NAN;
    }
    const LsMetric *newest = &metric[count - 1];
    for (size_t i = count; i-- > 0;) {
        if (metric[i].step <= marker[markers - 1].step) {
            const bool alike = view_kinds_shown(kinds, series, metric[i].step) &&
                               view_kinds_shown(kinds, series, newest->step);
            return alike ? view_term_value(&newest->heldout, series) -
                               view_term_value(&metric[i].heldout, series)
                         : (double)NAN;
        }
    }
    return (double)NAN;
}
