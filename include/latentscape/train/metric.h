/* What one step, or one evaluation, has to tell about a run. */
#ifndef LATENTSCAPE_TRAIN_METRIC_H
#define LATENTSCAPE_TRAIN_METRIC_H

#include "latentscape/vae/pass.h"

/* Units: nats per image. */
typedef struct LsMetric {
    uint64_t step;   /* steps done */
    uint64_t images; /* images seen */
    double seconds;  /* spent training, evaluation and pauses excluded */
    bool evaluated;  /* false: a step's losses in `train`; true: an evaluation, both are filled */
    LsLossValues train;   /* step: of its minibatch, as trained; evaluation: as heldout, on a fixed
                             part of the training images */
    LsLossValues heldout; /* of the trained kinds and weights */
    double train_elbo, heldout_elbo; /* -(bce + kl) whatever is trained */
    double lr;
} LsMetric;

#endif
