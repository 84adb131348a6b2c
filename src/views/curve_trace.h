/* What a card of the loss plots draws of a history: its buckets gathered into at most so many groups
 * as there are pixels. A group is a fixed run of neighbouring buckets, wherever the window on them
 * begins: so a curve that grows slides, and does not flicker. */
#ifndef VIEWS_CURVE_TRACE_H
#define VIEWS_CURVE_TRACE_H

#include "latentscape/train/history.h"

#include "views/kinds.h"

enum {
    VIEW_TRACE_GROUPS = 1028 /* two more than asked for: a neighbour beyond each end */
};

typedef struct ViewGroup {
    double step; /* the middle of its steps */

    struct {
        float min, max, smooth;
        bool shown; /* of the kind that is trained now */
    } series[LS_SERIES_COUNT];
} ViewGroup;

typedef struct ViewTrace {
    size_t count;
    bool single; /* every group is one step */
    ViewGroup group[VIEW_TRACE_GROUPS];
} ViewTrace;

/* Gathers what lies in x0 .. x1 (steps) into at most `most` groups, 1 .. VIEW_TRACE_GROUPS - 2, and a
 * neighbour beyond each end.  Thread: any. */
void view_curve_trace_fill(ViewTrace *trace, const LsBucket *buckets, size_t count,
                           const ViewKinds *kinds, double x0, double x1, int most);

/* Index of the bucket that holds the step, or the nearest one. count >= 1.  Thread: any. */
size_t view_curve_trace_bucket_at(const LsBucket *buckets, size_t count, double step);

/* Index of the evaluation nearest to the step. count >= 1.  Thread: any. */
size_t view_curve_trace_evaluation_at(const LsMetric *evaluations, size_t count, double step);

#endif
