/* What the trainer shows to the window: snapshots, metrics and faults. */
#ifndef LATENTSCAPE_SRC_TRAIN_PUBLISH_H
#define LATENTSCAPE_SRC_TRAIN_PUBLISH_H

#include "train/trainer_state.h"

/* Puts the newest state into the exchange, with the optimizer's where it was asked for. Where there is
 * no memory for it the reader keeps what it has and training stops.  Thread: trainer. */
void ls_publish_snapshot(LsTrainer *trainer);

/* Queues a metric; one that finds no room is counted as lost.  Thread: trainer. */
void ls_publish_metric(LsTrainer *trainer, const LsMetric *metric);

/* The fault in trainer->fault is a new one: the next snapshot tells it, until it was seen.
 * Thread: trainer. */
void ls_publish_fault(LsTrainer *trainer);

/* Training has led to numbers that are not finite: back to the last sound state, and rest there.
 * what: as ls_run_fault().  Thread: trainer. */
void ls_publish_stop(LsTrainer *trainer, const char *what, uint64_t step);

#endif
