/* The program's own matrix products, for the shapes of training: a few dozen rows with a layer's whole
 * weights. A library lays both matrices out anew for every product, for 64 images all weights of a
 * layer; here only the smaller one is, 64 columns at a time, and the weights are read where they are.
 * Sums over k go one after the other in blocks of LS_TILE_DEPTH, fused multiply-adds, in each vector
 * length alike. Internal to nn. */
#ifndef LATENTSCAPE_SRC_NN_TILE_H
#define LATENTSCAPE_SRC_NN_TILE_H

#include "nn/tile_kernel.h"

enum {
    /* Up to so many rows a matrix-vector product each is faster: the default decoder takes 28 us for
     * one image instead of 140, 140 us for five instead of 190, but 165 us for eight by sgemm. */
    LS_TILE_VECTOR_ROWS = 5,
    LS_TILE_DEPTH = 512 /* a panel of so many lines takes 128 KiB: half of a small L2 */
};

/* The kernels for this processor, or NULL where there are none.  Thread: any. */
const LsTileKernel *ls_tile_find(void);

/* The same where products with n outputs and sums of k suit them, or NULL.  Thread: any. */
const LsTileKernel *ls_tile_suit(int n, int k);

/* The same for x b^T with m rows of x, few of which are faster as matrix-vector products.  Thread: any. */
const LsTileKernel *ls_tile_suit_rows(int m, int n, int k);

/* As ls_gemm_nt(), ls_gemm_nn() and ls_gemm_tn().  Thread: any. */
void ls_tile_nt(const LsTileKernel *kernel, int m, int n, int k, const float *a, const float *b,
                float *c);
void ls_tile_nn(const LsTileKernel *kernel, int m, int n, int k, const float *a, const float *b,
                bool add, float *c);
void ls_tile_tn(const LsTileKernel *kernel, int m, int n, int k, const float *a, int stride,
                const float *b, float *c);

/* c = a^T b for up to LS_TILE_LANES columns of b, side by side in c, while `ahead` is fetched.
 * Shapes: a [k, m], rows a_stride apart; b [k, lanes], rows b_stride apart; c [m, LS_TILE_LANES], of
 * which what lies behind `lanes` may be written to.  Thread: any. */
void ls_tile_strip(const LsTileKernel *kernel, size_t m, size_t lanes, size_t k, const float *a,
                   size_t a_stride, const float *b, size_t b_stride, const LsTileAhead *ahead,
                   float *c);

#endif
