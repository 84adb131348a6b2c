/* When the trainer finds out how strongly each term pulls: about once a second while it trains, in a
 * bounded share of its time, and anew after a change of the settings. */
#ifndef LATENTSCAPE_SRC_TRAIN_TUG_H
#define LATENTSCAPE_SRC_TRAIN_TUG_H

#include "train/trainer_state.h"

/* Finds them where they are due. Returns false where there is nothing to do.  Thread: trainer. */
bool ls_tug_some(LsTrainer *trainer);

/* Settings or weights are other ones now: they are wanted soon.  Thread: trainer. */
void ls_tug_want(LsTrainer *trainer);

/* Another model, or an older state of it: what was found is void.  Thread: trainer. */
void ls_tug_reset(LsTrainer *trainer);

#endif
