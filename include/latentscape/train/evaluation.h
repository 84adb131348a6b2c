/* A judgement of a model on held-out images and on a fixed part of the training images, with noise
 * that is the same in every evaluation of every run, so that figures can be compared. It works on a
 * copy of the weights and in slices, so that it can go on between the steps of a run that is
 * training. The numbers do not depend on the workers. */
#ifndef LATENTSCAPE_TRAIN_EVALUATION_H
#define LATENTSCAPE_TRAIN_EVALUATION_H

#include "latentscape/data/dataset.h"
#include "latentscape/train/metric.h"
#include "latentscape/train/pool.h"

enum {
    LS_EVALUATION_HELDOUT = 10000, /* held-out images that a run is judged on, at most */
    LS_EVALUATION_TRAIN = 1000 /* training images that models are judged on everywhere, at most */
};

typedef struct LsEvaluation LsEvaluation;

/* An evaluation of models like *model on the first heldout_most held-out and the first train_most
 * training images. data and pool are borrowed. Owns: the caller, ls_evaluation_destroy().
 * Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsEvaluation *ls_evaluation_create(const LsModel *model, const LsDataset *data,
                                              LsPool *pool, uint32_t heldout_most,
                                              uint32_t train_most, LsError *err);

/* Releases it; NULL is accepted.  Thread: the pool's. */
void ls_evaluation_destroy(LsEvaluation *evaluation);

/* Begins anew: params are copied, and what else stands in *state (step, images, seconds, lr) goes
 * into the result. Shapes: params [param_count].  Thread: the pool's. */
void ls_evaluation_begin(LsEvaluation *evaluation, const float *params, const LsLoss *loss,
                         const LsMetric *state);

/* How many of the training images, the first ones, the next evaluations may look at: a run that learns
 * from a few of them alone is judged on those. 0: all that create() allows for.  Thread: the pool's. */
void ls_evaluation_limit(LsEvaluation *evaluation, uint32_t train_images);

/* Whether it has begun and is not finished.  Thread: the pool's. */
bool ls_evaluation_running(const LsEvaluation *evaluation);

/* One slice: some milliseconds' worth of images on every worker. Fails: false while it is not
 * finished; then fills *metric and is no longer running.  Thread: the pool's. */
LS_CHECKED bool ls_evaluation_advance(LsEvaluation *evaluation, LsMetric *metric);

#endif
