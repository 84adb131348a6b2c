/* One step of a run, shared out among its workers. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_STEP_H
#define LATENTSCAPE_SRC_TRAIN_STEP_H

#include "train/run_state.h"

/* Chooses the step's images, runs both phases on all workers and moves the run's place on. *metric gets
 * the losses.  Thread: the run's. */
void ls_step_run(LsRun *run, LsMetric *metric);

#endif
