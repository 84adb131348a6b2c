/* The losses of a run, kept whole in bounded memory. Steps fall into buckets that hold minimum,
 * maximum and mean of each series; when the buckets are full, neighbours are merged in pairs, so a run
 * of any length keeps its extremes. Owned by the thread that draws. */
#ifndef LATENTSCAPE_TRAIN_HISTORY_H
#define LATENTSCAPE_TRAIN_HISTORY_H

#include "latentscape/measure/measure.h"
#include "latentscape/train/run.h"

typedef enum LsSeries {
    LS_SERIES_REC,
    LS_SERIES_KL,
    LS_SERIES_REG,
    LS_SERIES_TOTAL,
    LS_SERIES_COUNT
} LsSeries;

enum {
    LS_HISTORY_BUCKETS = 16384,
    LS_HISTORY_EVALUATIONS = 4096,
    LS_HISTORY_MARKERS = 512,
    LS_HISTORY_LABEL = 64
};

/* A run of neighbouring steps. */
typedef struct LsBucket {
    uint64_t first, last; /* steps, inclusive */

    struct {
        float min, max, mean, smooth; /* smooth: exponential moving average at the bucket's end */
    } series[LS_SERIES_COUNT];

    float part[3]; /* rec, kl and reg by their weights: what each adds to the total, smooth */
} LsBucket;

/* A change of the settings, for a labelled vertical line. */
typedef struct LsMarker {
    uint64_t step;
    char label[LS_HISTORY_LABEL]; /* "β 1 → 4" */
    bool settled;                 /* the following is known */
    LsTrainSettings settings;     /* from this step on */
} LsMarker;

typedef struct LsHistory LsHistory;

/* An empty history. Owns: the caller, ls_history_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: any. */
LS_CHECKED LsHistory *ls_history_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_history_destroy(LsHistory *history);

/* Makes `to` hold what `from` holds.  Thread: one at a time. */
void ls_history_copy(LsHistory *to, const LsHistory *from);

/* Makes `to` the empty history of a run that goes on from `from` after a step: its moving averages go on
 * as those of `from` do after a change at that step.  Thread: one at a time. */
void ls_history_branch(LsHistory *to, const LsHistory *from, uint64_t step);

/* Forgets everything and keeps the memory.  Thread: one at a time. */
void ls_history_reset(LsHistory *history);

/* Adds a step's losses or an evaluation. A step not after the last one begins anew from there: what
 * lies at or after it is dropped.  Thread: one at a time. */
void ls_history_add(LsHistory *history, const LsMetric *metric);

/* Adds measures. A step not after the last ones' begins anew from there.
 * Thread: one at a time. */
void ls_history_add_measures(LsHistory *history, const LsMeasures *measures);

/* Marks a change at a step. The same step's markers join into one label.
 * Thread: one at a time. */
void ls_history_mark(LsHistory *history, uint64_t step, const char *label);

/* Notes the settings that hold from the newest marker on, so that one can come back to them; does
 * nothing where it is not at this step.  Thread: one at a time. */
void ls_history_settle(LsHistory *history, uint64_t step, const LsTrainSettings *settings);

/* The buckets in order, *count of them. Owns: borrowed until the next add.
 * Thread: one at a time. */
const LsBucket *ls_history_buckets(const LsHistory *history, size_t *count);

/* The evaluations in order, thinned evenly when there are too many; the newest is always there.
 * Owns: borrowed until the next add.  Thread: one at a time. */
const LsMetric *ls_history_evaluations(const LsHistory *history, size_t *count);

/* The measures in order, thinned evenly when there are too many; the newest are always there.
 * Owns: borrowed until the next add.  Thread: one at a time. */
const LsMeasures *ls_history_measures(const LsHistory *history, size_t *count);

/* The last measures at or before a step, or NULL. Owns: borrowed until the next add.
 * Thread: one at a time. */
const LsMeasures *ls_history_measures_at(const LsHistory *history, uint64_t step);

/* The last measures of the model before its settings were changed last, as of a step: later changes do
 * not count. NULL where there are none; *change gets the marker, otherwise. Owns: borrowed until the
 * next add or mark.  Thread: one at a time. */
const LsMeasures *ls_history_measures_before(const LsHistory *history, uint64_t step,
                                             const LsMarker **change);

/* The markers in order. Owns: borrowed until the next mark.  Thread: one at a time. */
const LsMarker *ls_history_markers(const LsHistory *history, size_t *count);

/* The newest step's metric; NULL before the first. Owns: borrowed.  Thread: one at a time. */
const LsMetric *ls_history_last(const LsHistory *history);

/* Writes step, images, seconds, each term, held-out values and measures as CSV, atomically. Fails: false,
 * LS_ERR_FILE.  Thread: one at a time. */
LS_CHECKED bool ls_history_save_csv(const LsHistory *history, const char *path, LsError *err);

#endif
