/* How a run came to be: its weights every so often, in bounded memory. When the memory is full the one
 * whose neighbours are nearest goes, so that what is left is spread evenly over all steps. Weights are
 * kept in 12 bits each, against the largest of every 256: what a person sees of them is the same, and the
 * held-out ELBO of the shipped model differs by 0.01 nats. */
#ifndef LATENTSCAPE_TRAIN_TIMELINE_H
#define LATENTSCAPE_TRAIN_TIMELINE_H

#include "latentscape/train/trainer.h"

enum {
    LS_TIMELINE_MOST = 256 /* states, where the memory would hold more */
};

/* Weights in 12 bits. A zeroed one is empty. */
typedef struct LsPacked {
    size_t count;
    uint8_t *value; /* [count / 256, rounded up; 384]: two in three bytes */
    float *unit;    /* [count / 256, rounded up]: what a value counts */
} LsPacked;

/* Packs weights; keeps the memory where it is of the same size. Shapes: params [count]. Owns: the
 * caller, ls_packed_finish(). Fails: false, LS_ERR_MEMORY; it is then empty.  Thread: any. */
LS_CHECKED bool ls_packed_make(LsPacked *packed, const float *params, size_t count, LsError *err);

/* Unpacks them. Shapes: params [count].  Thread: any. */
void ls_packed_open(const LsPacked *packed, float *params);

/* The state `head` tells of as a snapshot with these weights; Adam's moments and the average begin anew, and
 * a fault is forgotten. Shapes: params [count]. Owns: the snapshot borrows params.  Thread: any. */
void ls_packed_restore(const LsPacked *packed, const LsSnapshot *head, float *params,
                       LsSnapshot *snapshot);

/* Releases and zeroes it.  Thread: any. */
void ls_packed_finish(LsPacked *packed);

/* Memory of `count` packed weights. Units: bytes.  Thread: any. */
size_t ls_packed_bytes(size_t count);

typedef struct LsTimeline LsTimeline;

/* An empty one that takes at most `bytes` of memory for weights (and two states at least).
 * Owns: the caller, ls_timeline_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsTimeline *ls_timeline_create(size_t bytes, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_timeline_destroy(LsTimeline *timeline);

/* Forgets every state.  Thread: one at a time. */
void ls_timeline_reset(LsTimeline *timeline);

/* Keeps the snapshot where it is time for one; another model, or a step before the last one kept,
 * begins anew from there.  Thread: one at a time. */
void ls_timeline_note(LsTimeline *timeline, const LsSnapshot *snapshot);

/* How many states there are; the step of one, oldest first; the one nearest to a step (-1: none).
 * Thread: one at a time. */
int ls_timeline_count(const LsTimeline *timeline);
uint64_t ls_timeline_step(const LsTimeline *timeline, int index);
int ls_timeline_nearest(const LsTimeline *timeline, uint64_t step);

/* The settings of a state. Owns: borrowed, until the next note or reset.  Thread: one at a time. */
const LsTrainSettings *ls_timeline_settings(const LsTimeline *timeline, int index);

/* A state as a snapshot without Adam's moments. Owns: its params are the timeline's, valid until the
 * next call of this function or of a reset. Fails: false, LS_ERR_MEMORY.  Thread: one at a time. */
LS_CHECKED bool ls_timeline_open(LsTimeline *timeline, int index, LsSnapshot *snapshot,
                                 LsError *err);

#endif
