/* What the trainer does: commands, and between them steps, evaluation and sleep. */
#ifndef LATENTSCAPE_SRC_TRAIN_DUTY_H
#define LATENTSCAPE_SRC_TRAIN_DUTY_H

#include "train/trainer_state.h"

/* Carries out what is queued, as far as it may be, and publishes once at the end, so that a flood of
 * commands does not become a flood of copies.  Thread: trainer. */
void ls_duty_obey(LsTrainer *trainer);

/* One round between commands: a step, a slice of an evaluation, or sleep.  Thread: trainer. */
void ls_duty_round(LsTrainer *trainer);

/* Another model: what was known of the old one is void.  Thread: trainer. */
void ls_duty_begin_model(LsTrainer *trainer);

/* The next command into trainer->held: the one held back, or the oldest in the queue. Returns false
 * where there is none.  Thread: trainer, or whoever has joined it. */
bool ls_duty_next(LsTrainer *trainer);

/* Releases a checkpoint that a command has brought; NULL is accepted.  Thread: any. */
void ls_duty_free_checkpoint(LsCheckpoint *checkpoint);

#endif
