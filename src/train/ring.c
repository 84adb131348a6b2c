#include "train/ring.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#include "latentscape/core/memory.h"

/* Both counts only grow and wrap around together; their difference is the number of items. Each
 * stands in a cache line of its own, since each is written by another thread. */
struct LsRing {
    // --- immutable after create
    size_t capacity, size;
    uint8_t *items; /* [capacity, size] */
    // --- shared: released by put(), acquired by take()
    _Alignas(64) atomic_size_t put;
    // --- shared: released by take(), acquired by put()
    _Alignas(64) atomic_size_t taken;
};

LsRing *ls_ring_create(size_t capacity, size_t size, LsError *err)
{
    assert(capacity > 0 && (capacity & (capacity - 1)) == 0);
    LsRing *ring = ls_memory_items(1, sizeof *ring, err);
    if (ring == NULL) {
        return NULL;
    }
    ring->items = ls_memory_items(capacity, size, err);
    if (ring->items == NULL) {
        ls_ring_destroy(ring);
        return NULL;
    }
    ring->capacity = capacity;
    ring->size = size;
    atomic_init(&ring->put, 0);
    atomic_init(&ring->taken, 0);
    return ring;
}

void ls_ring_destroy(LsRing *ring)
{
    if (ring != NULL) {
        ls_memory_free(ring->items);
        ls_memory_free(ring);
    }
}

bool ls_ring_put(LsRing *ring, const void *item)
{
    const size_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
    /* acquire: the slot's old item was copied out before `taken` passed it */
    const size_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);
    if (put - taken == ring->capacity) {
        return false;
    }
    memcpy(ring->items + (put & (ring->capacity - 1)) * ring->size, item, ring->size);
    atomic_store_explicit(&ring->put, put + 1, memory_order_release); /* shows the item to take() */
    return true;
}

bool ls_ring_take(LsRing *ring, void *item)
{
    const size_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    const size_t put = atomic_load_explicit(&ring->put, memory_order_acquire); /* with put() */
    if (put == taken) {
        return false;
    }
    memcpy(item, ring->items + (taken & (ring->capacity - 1)) * ring->size, ring->size);
    atomic_store_explicit(&ring->taken, taken + 1, memory_order_release); /* gives the slot back */
    return true;
}
