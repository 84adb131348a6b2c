/* When to stop by itself: the held-out ELBO has not been better for so many evaluations. What drives a
 * run keeps one of these. A plain value; zeroed it has seen nothing. */
#ifndef LATENTSCAPE_TRAIN_PATIENCE_H
#define LATENTSCAPE_TRAIN_PATIENCE_H

#include "latentscape/train/metric.h"
#include "latentscape/train/settings.h"

typedef struct LsPatience {
    bool any;           /* an evaluation was seen */
    double best;        /* its held-out ELBO */
    uint64_t best_step; /* and where that was */
    int since;          /* evaluations after it */
} LsPatience;

/* Notes an evaluation. Returns whether the settings' patience is at its end; it then forgets what it has
 * seen, so that training can be begun again.  Thread: one at a time. */
bool ls_patience_note(LsPatience *patience, const LsTrainSettings *settings,
                      const LsMetric *evaluation, LsError *why);

#endif
