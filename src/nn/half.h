/* The program's own matrix products of bfloat16, for the shapes of training, as nn/tile.h is for single
 * precision: only the smaller matrix is laid out anew, 64 columns at a time, and weights can be moved while
 * their gradient is made. Sums are single precision, in pairs, one after the other in blocks of LS_HALF_DEPTH.
 * Internal to nn and vae. */
#ifndef LATENTSCAPE_SRC_NN_HALF_H
#define LATENTSCAPE_SRC_NN_HALF_H

#include "latentscape/nn/backend.h"

#include "nn/half_kernel.h"

enum {
    LS_HALF_DEPTH = 1024 /* a panel of so many lines takes 128 KiB: half of a small L2 */
};

/* The kernels for this processor, or NULL where there are none.  Thread: any. */
const LsHalfKernel *ls_half_find(void);

/* Whether the processor multiplies whole matrices of bfloat16 (AMX), which the kernels do not ask it to.
 * Thread: any. */
bool ls_half_matrix_units(void);

/* Bytes of working memory for ls_half_run().  Thread: any. */
size_t ls_half_scratch(const LsProductShape *shape);

/* As ls_product_run() with halves.  Thread: any. */
void ls_half_run(const LsHalfKernel *kernel, const LsProductShape *shape, void *scratch,
                 const uint16_t *a, const uint16_t *b, float *c);

/* Words that ls_half_lay_out() writes.  Thread: any. */
size_t ls_half_words(size_t k, size_t m);

/* Lays m columns of a matrix out for ls_half_learn(). Shapes: a [k, m], rows `stride` apart.
 * Thread: any. */
void ls_half_lay_out(const LsHalfKernel *kernel, size_t k, size_t m, const uint16_t *a,
                     size_t stride, uint32_t *words);

/* Whether ls_half_learn() takes blocks of m columns of a and sums of k, for all columns of b [k, n].
 * Thread: any. */
bool ls_half_learns(size_t m, size_t n, size_t k);

/* Adam with the gradient a^T b, in one pass. Shapes: words of a [k, m]; b [k, n], rows n apart.
 * Thread: any. */
void ls_half_learn(const LsHalfKernel *kernel, size_t m, size_t n, size_t k, const uint32_t *words,
                   const uint16_t *b, const LsHalfLearning *learning);

#endif
