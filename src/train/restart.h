/* What a change of the settings begins anew in a living run, so that neither a schedule that has ended
 * nor an average that looks far back hides its effect. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_RESTART_H
#define LATENTSCAPE_SRC_TRAIN_RESTART_H

#include "latentscape/train/settings.h"

typedef struct LsRestart {
    bool schedule; /* the learning rate's: full again after its warm-up */
    bool loss;     /* the loss's: its divergence or the schedule of its weight is another one */
    bool average;  /* the averaged weights: they look back over a few steps only */
} LsRestart;

/* Compares what the run had with what it gets: another loss, other images or another kind of schedule
 * are something new to learn.  Thread: any. */
LsRestart ls_restart_find(const LsTrainSettings *had, const LsTrainSettings *gets);

/* The number of updates that Adam's moments stand for once the betas are others: as warm as they are, so
 * that their correction for a beginning long past does not come back. The same where the betas are.
 * Thread: any. */
uint64_t ls_restart_adam_step(const LsTrainSettings *had, const LsTrainSettings *gets,
                              uint64_t step);

/* How many roots of its mean square a gradient may count for in Adam's mean (nn/adam.h) at a step of
 * the run and of its schedule; INFINITY: any number. The less of two. A run's own clip holds from
 * `clip_from` on, and leaves the more the lower the rate is. And after a schedule that began anew it
 * is a half for four times as long as all that was learned before, then more with each step: 2 after
 * five times. A model that has learned for long has units that hardly any image wakes; their
 * gradients are next to nothing, so that the first one that is not throws all their weights far, and
 * the codes of some images with them.  Thread: any. */
double ls_restart_bound(const LsTrainSettings *settings, uint64_t step, uint64_t schedule_step);

#endif
