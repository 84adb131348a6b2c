/* Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as
 * easy as 1, 2, 3"). A number is a pure function of (seed, stream, index): any worker can make any
 * part of a sequence, in any order, and two runs with the same seed draw the same. */
#ifndef LATENTSCAPE_CORE_RNG_H
#define LATENTSCAPE_CORE_RNG_H

#include "latentscape/core/base.h"

/* A stream of numbers: copy freely, it holds no position. */
typedef struct LsRng {
    uint32_t key[2];
    uint32_t stream[2];
} LsRng;

/* The streams of one seed; each use draws from its own, so that adding a use moves no other. */
typedef enum LsRngStream {
    LS_RNG_INIT = 1,     /* initial weights */
    LS_RNG_SHUFFLE = 2,  /* order of the images, split by epoch */
    LS_RNG_NOISE = 3,    /* eps of the reparameterization, split by step */
    LS_RNG_EVAL = 4,     /* eps of held-out evaluation */
    LS_RNG_VIEW = 5,     /* samples shown to people */
    LS_RNG_INPUT = 6,    /* noise on what the encoder sees, split by step */
    LS_RNG_MOVE = 7,     /* how images are moved, split by step */
    LS_RNG_PRIOR = 8,    /* draws that codes are compared with, split by step */
    LS_RNG_PROBE = 9,    /* directions in which pictures are probed, split by step */
    LS_RNG_MEASURE = 16, /* what measures of samples draw */
} LsRngStream;

/* Stream number `stream` of `seed`.  Thread: any. */
LsRng ls_rng_make(uint64_t seed, LsRngStream stream);

/* The part of a stream that belongs to `index` (an epoch, a step, a tensor).  Thread: any. */
LsRng ls_rng_split(LsRng rng, uint64_t index);

/* 64 random bits at position `at`.  Thread: any. */
uint64_t ls_rng_bits(LsRng rng, uint64_t at);

/* A whole number in [0, bound), bound > 0, without bias worth naming (below 2^-32).
 * Thread: any. */
uint32_t ls_rng_below(LsRng rng, uint64_t at, uint32_t bound);

/* Numbers first .. first + n - 1 of the stream, uniform in [0, 1). Shapes: out [n].
 * Thread: any. */
void ls_rng_uniform(LsRng rng, uint64_t first, size_t n, float *out);

/* Numbers first .. first + n - 1 of the stream, standard normal (Box & Muller 1958); number i is
 * the same whatever first and n are. Shapes: out [n].  Thread: any. */
void ls_rng_normal(LsRng rng, uint64_t first, size_t n, float *out);

/* A random order of 0 .. n-1. Shapes: order [n].  Thread: any. */
void ls_rng_shuffle(LsRng rng, uint32_t n, uint32_t *order);

#endif
