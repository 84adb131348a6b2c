/* The range of a loss plot's y axis: wide enough for the curve and its noise, not for the cliff at
 * the beginning nor for single spikes; with ends on round numbers that stay put while the curve
 * moves within them. */
#ifndef VIEWS_CURVE_SCALE_H
#define VIEWS_CURVE_SCALE_H

#include "views/curve_trace.h"

typedef struct ViewScale {
    double low, high;
} ViewScale;

/* An axis over time: what it shows now, and what it is easing towards. */
typedef struct ViewAxis {
    bool set;
    ViewScale shown, aim;
} ViewAxis;

/* The range that the values of a series in x0 .. x1 need, held-out points of the kinds shown included.
 * What lies before `settled` counts only where nothing lies after it. Fails: false where there is
 * nothing to show.  Thread: any. */
LS_CHECKED bool view_curve_scale_need(const ViewTrace *trace, LsSeries series,
                                      const LsMetric *evaluations, size_t evaluation_count,
                                      const ViewKinds *kinds, double x0, double settled, double x1,
                                      ViewScale *need);

/* Keeps the uppermost `part` (0 .. 1) of the axis free, for what is written there.  Thread: any. */
void view_curve_scale_headroom(ViewScale *need, double part);

/* Moves the axis towards `need` over `seconds` since the last frame (ease = false: at once). The aim
 * changes only where the need leaves it or has become much smaller.  Thread: any. */
void view_curve_scale_follow(ViewAxis *axis, ViewScale need, double seconds, bool ease);

#endif
