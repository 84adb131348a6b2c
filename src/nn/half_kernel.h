/* The innermost loops of the program's own products of bfloat16 (nn/half.c), for processors with
 * AVX-512 and its instruction for them. Internal to nn.
 *
 * Sums go in pairs: a word holds two numbers that lie one behind the other along the sum, the first one
 * in its low half, and the instruction adds both products to a sum in single precision. A panel is up to
 * LS_TILE_LANES columns of a matrix as such words, laid side by side: [pairs, LS_TILE_LANES]. */
#ifndef LATENTSCAPE_SRC_NN_HALF_KERNEL_H
#define LATENTSCAPE_SRC_NN_HALF_KERNEL_H

#include "nn/adam_rates.h"
#include "nn/tile_kernel.h"

enum {
    LS_HALF_ROWS = 8,  /* of a tile */
    LS_HALF_LANES = 32 /* likewise */
};

/* A matrix read pair by pair, LS_HALF_ROWS rows at a time: the word of row i of tile t and of a pair begins at
 * from[t * tile_step + i * row_step + pair * pair_step]. */
typedef struct LsHalfMatrix {
    const uint16_t *from;
    size_t tile_step, row_step, pair_step;
} LsHalfMatrix;

/* LS_TILE_LANES halves of each of `rows` rows, `step` bytes apart, which are needed soon. Nothing is read, so
 * they may lie anywhere. */
typedef struct LsHalfAhead {
    const uint16_t *from;
    size_t step, rows;
} LsHalfAhead;

/* c = a panel, or c += a panel, for the first `lanes` columns, a multiple of 16. ahead NULL: nothing is
 * fetched. Shapes: a [m, 2 pairs]; panel [pairs, LS_TILE_LANES]; c [m, lanes], rows `stride` apart.
 * Thread: any. */
typedef void LsHalfMultiply(size_t m, size_t pairs, LsHalfMatrix a, const uint32_t *panel,
                            size_t lanes, const LsHalfAhead *ahead, bool add, float *c,
                            size_t stride);

/* to = `columns` columns of rows in pairs, `wide` columns after the other: the word of a pair and column is
 * to[column / wide * to_step + pair * wide + column % wide]. Behind an odd number of rows one of zeros is
 * thought. Shapes: from [rows, columns], rows `stride` apart. wide is LS_HALF_ROWS, LS_HALF_LANES or LS_TILE_LANES.
 * Thread: any. */
typedef void LsHalfPair(size_t rows, size_t columns, const uint16_t *from, size_t stride,
                        size_t wide, uint32_t *to, size_t to_step);

/* to = from transposed, pair by pair. Shapes: from [rows, 2 pairs], rows `stride` apart; to
 * [pairs, LS_TILE_LANES].  Thread: any. */
typedef void LsHalfTurn(size_t rows, size_t pairs, const uint16_t *from, size_t stride,
                        uint32_t *to);

/* Weights that are moved by Adam while their gradient is made, with a penalty on their squares or magnitudes. */
typedef struct LsHalfLearning {
    LsAdamRates rates;
    bool bounded;
    bool absolute;         /* the penalty is on magnitudes */
    float factor;          /* of the penalty's gradient */
    float *weight, *m, *v; /* [m, lanes], rows `stride` apart */
    uint16_t *half;        /* the weights' copy in bfloat16, likewise */
    size_t stride;
    float *loss; /* [lanes]: of the weights as they were, rows added up, is added here */
} LsHalfLearning;

/* Adam with the gradient a x for `lanes` columns of x, a multiple of 16: while a tile of it is multiplied, the
 * weights of the one before are moved, those of one to come fetched, row after row. Shapes: a [m, 2 pairs], m a
 * multiple of LS_HALF_ROWS; x [lanes / LS_HALF_LANES rounded up, pairs, LS_HALF_LANES].  Thread: any. */
typedef void LsHalfLearn(size_t m, size_t pairs, LsHalfMatrix a, const uint32_t *x, size_t lanes,
                         const LsHalfLearning *learning);

typedef struct LsHalfKernel {
    LsHalfMultiply *multiply;
    LsHalfLearn *learn;
    LsHalfPair *pair;
    LsHalfTurn *turn;
} LsHalfKernel;

/* For x86-64-v4 with AVX512_BF16.  Thread: any, where the processor has them. */
extern const LsHalfKernel ls_half_kernel_v4;

#endif
