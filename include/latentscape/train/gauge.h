/* Measures models on one data set with a pool's workers (measure/measure.h), with the classifier that
 * the program ships. Like an evaluation it works on a copy of the weights and in slices, so that it can
 * go on between the steps of a run that is training; models of other sizes may follow one another. */
#ifndef LATENTSCAPE_TRAIN_GAUGE_H
#define LATENTSCAPE_TRAIN_GAUGE_H

#include "latentscape/data/dataset.h"
#include "latentscape/measure/measure.h"
#include "latentscape/train/metric.h"
#include "latentscape/train/pool.h"
#include "latentscape/vae/model.h"

typedef struct LsGauge LsGauge;

/* A gauge that has measured nothing yet. Where the classifier cannot be read, what needs it will be
 * missing. data and pool are borrowed. Owns: the caller, ls_gauge_destroy(). Fails: NULL,
 * LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsGauge *ls_gauge_create(const LsDataset *data, LsPool *pool, LsError *err);

/* Releases it; NULL is accepted.  Thread: the pool's. */
void ls_gauge_destroy(LsGauge *gauge);

/* Begins to measure a state of a model; what is under way is dropped. The first one of a model's sizes
 * makes room for it. Shapes: params [param_count], copied. Fails: false, LS_ERR_MEMORY.
 * Thread: the pool's. */
LS_CHECKED bool ls_gauge_begin(LsGauge *gauge, const LsModel *model, const float *params,
                               uint64_t step, LsError *err);

/* Drops what is under way.  Thread: the pool's. */
void ls_gauge_stop(LsGauge *gauge);

/* Whether it has begun and is not finished.  Thread: the pool's. */
bool ls_gauge_running(const LsGauge *gauge);

/* One slice, a millisecond or two on every worker. Fails: false while it is not finished; then fills
 * *measures, serial growing with each, all but the overfitting gap, and is no longer running.
 * Thread: the pool's. */
LS_CHECKED bool ls_gauge_advance(LsGauge *gauge, LsMeasures *measures);

/* Puts the overfitting gap of an evaluation, with its error, among the measures: it has no other source, so
 * that no two figures are shown for it. One that is not evaluated has none.  Thread: any. */
void ls_gauge_take_gap(LsMeasures *measures, const LsMetric *evaluation);

#endif
