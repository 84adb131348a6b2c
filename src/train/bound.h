/* When the trainer works out log p(x) itself, and what the ELBO falls short of it: on a fixed part of
 * the held-out images, in a bounded share of its time, for models with two latent dimensions. */
#ifndef LATENTSCAPE_SRC_TRAIN_BOUND_H
#define LATENTSCAPE_SRC_TRAIN_BOUND_H

#include "train/trainer_state.h"

/* One slice where one is due. Returns false where there is nothing to do.  Thread: trainer. */
bool ls_bound_some(LsTrainer *trainer);

/* Another model, or an older state of it: what was found is void.  Thread: trainer. */
void ls_bound_reset(LsTrainer *trainer);

/* Releases what it works with.  Thread: trainer. */
void ls_bound_finish(LsTrainer *trainer);

#endif
