/* A queue between two threads, one that puts and one that takes, without a lock: a ring of copies. A
 * full ring refuses, an empty one gives nothing, and neither side ever waits for the other. */
#ifndef LATENTSCAPE_TRAIN_RING_H
#define LATENTSCAPE_TRAIN_RING_H

#include "latentscape/core/error.h"

typedef struct LsRing LsRing;

/* Room for `capacity` items of `size` bytes; capacity is a power of two.
 * Owns: the caller, ls_ring_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsRing *ls_ring_create(size_t capacity, size_t size, LsError *err);

/* Releases it; NULL is accepted. What items point to is not touched.
 * Thread: any, when both sides are done. */
void ls_ring_destroy(LsRing *ring);

/* Copies an item in. Fails: false where the ring is full.  Thread: the one that puts. */
LS_CHECKED bool ls_ring_put(LsRing *ring, const void *item);

/* Copies the oldest item out. Fails: false where the ring is empty.  Thread: the one that takes. */
LS_CHECKED bool ls_ring_take(LsRing *ring, void *item);

#endif
