/* Copies of whole parameter buffers, by all workers: at some 50 snapshots a second one core's share of
 * the memory's speed would be felt in training. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_COPY_H
#define LATENTSCAPE_SRC_TRAIN_COPY_H

#include "latentscape/train/pool.h"

/* Copies n floats and tells whether all of them are finite; with to NULL it only tells.
 * Shapes: from, to [n].  Thread: the pool's. */
bool ls_copy_floats(LsPool *pool, size_t n, const float *from, float *to);

#endif
