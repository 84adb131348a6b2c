/* Whether what is found out about a model begins now. A run alone begins it where it is due; beside
 * another run that keeps pace with it, both begin at the same steps, so that their figures can be
 * compared. */
#ifndef LATENTSCAPE_SRC_TRAIN_AGREE_H
#define LATENTSCAPE_SRC_TRAIN_AGREE_H

#include "train/trainer_state.h"

/* Whether the work is to begin, or to begin anew: what is under way, of an earlier step, would be compared
 * with another one. due: it would without the other run. begun: the step at which it was begun last. Asked
 * after every step: one that is not asked after is missed.  Thread: trainer. */
bool ls_agree_begins(const LsTrainer *trainer, LsPaceWork work, bool due, bool running,
                     uint64_t begun);

#endif
