/* What a diagnosis looks at (train/diagnosis.h): a run's history since the settings last changed, and what
 * the loss asks for. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_FACTS_H
#define LATENTSCAPE_SRC_TRAIN_FACTS_H

#include "latentscape/train/history.h"
#include "latentscape/train/settings.h"

/* Steps count from the last change of the settings. Owns: what it was gathered from. */
typedef struct LsFacts {
    const LsTrainSettings *settings;
    const char *stopped; /* why it stopped by itself, or NULL */
    int pixels;          /* of an image */
    LsLoss loss;         /* as it is set */
    LsLoss now;          /* as a schedule weighs it now */
    const LsBucket *bucket;
    size_t buckets;
    const LsMetric *evaluation;
    size_t evaluations;
    uint64_t step, since; /* newest step; where the present settings began */
    int axes, faint_axes; /* of the newest evaluation */
} LsFacts;

/* As ls_diagnosis_make() is given them.  Thread: one at a time per history. */
LsFacts ls_facts_gather(const LsHistory *history, const LsTrainSettings *settings, int pixels,
                        uint64_t loss_step, const char *why);

/* Newest evaluation, or NULL.  Thread: any. */
const LsMetric *ls_facts_newest(const LsFacts *facts);

/* The first evaluation at or after a step, or NULL.  Thread: any. */
const LsMetric *ls_facts_evaluated(const LsFacts *facts, uint64_t step);

/* The evaluation at or after a step with the best held-out ELBO, or NULL.  Thread: any. */
const LsMetric *ls_facts_best(const LsFacts *facts, uint64_t step);

/* Steps since the settings changed.  Thread: any. */
uint64_t ls_facts_age(const LsFacts *facts);

/* The mean of a series over steps from .. to - 1; NaN where there are none.  Thread: any. */
double ls_facts_mean(const LsFacts *facts, LsSeries series, uint64_t from, uint64_t to);

/* The mean over a quarter of the steps since the settings changed, 0 .. 3.  Thread: any. */
double ls_facts_quarter(const LsFacts *facts, LsSeries series, uint64_t which);

#endif
