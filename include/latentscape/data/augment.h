/* Images changed by chance while a model trains on them, so that it cannot learn the few there are by
 * heart. Each image's changes are a function of (stream, row) alone, whoever makes them. */
#ifndef LATENTSCAPE_DATA_AUGMENT_H
#define LATENTSCAPE_DATA_AUGMENT_H

#include "latentscape/core/rng.h"

/* How images are laid out: [height, width, channels]. */
typedef struct LsAugmentSize {
    int width, height, channels;
} LsAugmentSize;

/* Moves, turns, slants and stretches an image: what stands at p comes from A p + t about the middle,
 * where the entries of A - 1 are uniform in +-warp and those of t in +-shift; between pixels it is
 * interpolated, beyond the edge it is black. The numbers of row `row` of the stream are used.
 * Units: shift in pixels. Shapes: from, to [height, width, channels]; they must not overlap.
 * Thread: any. */
void ls_augment_move(LsRng rng, uint64_t row, LsAugmentSize size, double shift, double warp,
                     const float *from, float *to);

/* Blackens each number of row `row` with probability `share` (Vincent et al. 2008). Shapes: from, to
 * [n]; they must not overlap.  Thread: any. */
void ls_augment_mask(LsRng rng, uint64_t row, size_t n, double share, const float *from, float *to);

/* Adds normal noise of standard deviation `sigma` to each number of row `row`. Shapes: from, to [n];
 * they must not overlap.  Thread: any. */
void ls_augment_gaussian(LsRng rng, uint64_t row, size_t n, double sigma, const float *from,
                         float *to);

#endif
