/* When the trainer measures what its model generates: a bounded share of its time (budget.h), sooner
 * after a change of the settings, so that the effect is soon a number. */
#ifndef LATENTSCAPE_SRC_TRAIN_APPRAISE_H
#define LATENTSCAPE_SRC_TRAIN_APPRAISE_H

#include "train/trainer_state.h"

/* Begins a measuring where one is due. Asked after every step.  Thread: trainer. */
void ls_appraise_begin(LsTrainer *trainer);

/* One slice of the measuring under way. Returns false where there is none.  Thread: trainer. */
bool ls_appraise_some(LsTrainer *trainer);

/* The model stands still, or was moved by hand: its state is wanted.  Thread: trainer. */
void ls_appraise_want(LsTrainer *trainer);

/* The settings are other ones now.  Thread: trainer. */
void ls_appraise_hurry(LsTrainer *trainer);

/* Another model, or an older state of it: what was measured is void.  Thread: trainer. */
void ls_appraise_reset(LsTrainer *trainer);

#endif
