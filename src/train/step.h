/* One step of a run, shared out among its workers. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_STEP_H
#define LATENTSCAPE_SRC_TRAIN_STEP_H

#include "train/run_state.h"

/* Chooses the step's images, runs both phases on all workers and moves the run's place on. *metric gets
 * the losses.  Thread: the run's. */
void ls_step_run(LsRun *run, LsMetric *metric);

/* What the next step minimizes, schedules included.  Thread: the run's. */
LsLoss ls_step_loss(const LsRun *run);

/* The gradient of a loss on the next step's minibatch, with its noise; nothing is moved, and the next
 * step is what it would have been. Shapes: grad [param_count].  Thread: the run's. */
void ls_step_gradient(LsRun *run, const LsLoss *loss, float *grad);

#endif
