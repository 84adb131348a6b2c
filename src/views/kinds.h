/* Which kinds of the terms were trained when. Numbers of different kinds are in different units, so
 * they are never drawn on one axis. */
#ifndef VIEWS_KINDS_H
#define VIEWS_KINDS_H

#include "latentscape/train/history.h"
#include "latentscape/train/settings.h"

enum {
    VIEW_KINDS = 64
};

typedef struct ViewKinds {
    size_t count;

    struct {
        uint64_t first, last; /* steps, inclusive */
        int kind[3];          /* rec, div, reg: indices into their tables */
    } run[VIEW_KINDS];
} ViewKinds;

/* Notes what is trained at a step; steps beyond the last one noted count as its kind.
 * Thread: any. */
void view_kinds_note(ViewKinds *kinds, uint64_t step, int rec, int div, int reg);

/* Whether a series' number at a step is of the kind that is trained now.  Thread: any. */
bool view_kinds_shown(const ViewKinds *kinds, LsSeries series, uint64_t step);

/* What a series comes to at a step: in the steps about it, or in `evaluation` of the held-out images where
 * none was trained with these kinds yet; NAN where there is neither.  Thread: UI. */
double view_kinds_value(const ViewKinds *kinds, const LsHistory *history,
                        const LsMetric *evaluation, LsSeries series, uint64_t step);

/* Whether an evaluation, which may be from before the settings were changed, is of the kind of a term
 * that is set now.  Thread: any. */
bool view_kinds_judged(const LsMetric *evaluation, const LsTrainSettings *settings,
                       LsSeries series);

/* What the last change of the settings before a step has done to a series' held-out value until then; NAN
 * where nothing was changed, it has not been evaluated since, or its kind is another.  Thread: UI. */
double view_kinds_change(const ViewKinds *kinds, const LsHistory *history, LsSeries series,
                         uint64_t step);

#endif
