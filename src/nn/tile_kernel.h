/* The innermost loops of the program's own matrix products (nn/tile.c), compiled once for each vector
 * length (tile_kernel.c). Internal to nn.
 *
 * A panel is up to LS_TILE_LANES columns of a matrix, laid side by side: [k, LS_TILE_LANES]. */
#ifndef LATENTSCAPE_SRC_NN_TILE_KERNEL_H
#define LATENTSCAPE_SRC_NN_TILE_KERNEL_H

#include "latentscape/core/base.h"

enum {
    LS_TILE_LANES = 64,
    LS_TILE_AHEAD = 4
};

/* A matrix read element by element: at(row, column) = from[row * row_step + column * column_step]. */
typedef struct LsTileMatrix {
    const float *from;
    size_t row_step, column_step;
} LsTileMatrix;

/* What is needed next, to be fetched meanwhile: up to LS_TILE_AHEAD matrices [k, LS_TILE_LANES], rows
 * `step` apart; NULL for none. Nothing is read, so they may lie anywhere. */
typedef struct LsTileAhead {
    const float *from[LS_TILE_AHEAD];
    size_t step[LS_TILE_AHEAD];
} LsTileAhead;

/* c = a panel, or c += a panel, for the first `lanes` columns, a multiple of 16. index NULL: k columns
 * of a; else the columns index[0] .. index[k - 1] of it. ahead NULL: nothing is fetched.
 * Shapes: a [m, k]; panel [k, LS_TILE_LANES]; c [m, lanes], rows `stride` apart.  Thread: any. */
typedef void LsTileMultiply(size_t m, size_t k, LsTileMatrix a, const uint32_t *index,
                            const float *panel, size_t lanes, const LsTileAhead *ahead, bool add,
                            float *c, size_t stride);

/* Moves the lines that are not zero throughout to the panel's front; index gets where they were.
 * Returns their number. Shapes: panel [k, LS_TILE_LANES], index [k].  Thread: any. */
typedef size_t LsTileSift(size_t k, float *panel, uint32_t *index);

/* to = from transposed. Shapes: from [rows, columns], rows from_stride apart; to [columns, rows],
 * rows to_stride apart.  Thread: any. */
typedef void LsTileTranspose(size_t rows, size_t columns, const float *from, size_t from_stride,
                             float *to, size_t to_stride);

/* to = the first LS_TILE_LANES columns of `from`. Shapes: from [k, ...], rows `stride` apart; to
 * [k, LS_TILE_LANES].  Thread: any. */
typedef void LsTileCopy(size_t k, const float *from, size_t stride, float *to);

/* One number of a sparse matrix that is not zero: what it multiplies begins `at` floats into a panel. */
typedef struct LsTileEntry {
    uint32_t at;
    float value;
} LsTileEntry;

/* c = a panel, or c += a panel, of which row i of a is entry[begin[i]] .. entry[begin[i + 1] - 1], in
 * this order, and row i of `ahead` is fetched meanwhile; ahead NULL: nothing is.
 * Shapes: begin [m + 1]; c [m, LS_TILE_LANES].  Thread: any. */
typedef void LsTileGather(size_t m, const uint32_t *begin, const LsTileEntry *entry,
                          const float *panel, const LsTileAhead *ahead, bool add, float *c);

typedef struct LsTileKernel {
    LsTileMultiply *multiply;
    LsTileGather *gather;
    LsTileCopy *copy;
    LsTileTranspose *transpose;
    LsTileSift *sift;
} LsTileKernel;

/* For x86-64-v3 (AVX2 and FMA) and v4 (AVX-512).  Thread: any, where the processor has them. */
extern const LsTileKernel ls_tile_kernel_v3, ls_tile_kernel_v4;

#endif
