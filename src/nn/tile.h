/* The program's own matrix products, for the shapes of training: a few dozen rows with a layer's whole
 * weights. A library lays both matrices out anew for every product, for 64 images all weights of a
 * layer; here only the smaller one is, 64 columns at a time, and the weights are read where they are.
 * Sums over k go one after the other in blocks of LS_TILE_DEPTH, fused multiply-adds, in each vector
 * length alike. Internal to nn. */
#ifndef LATENTSCAPE_SRC_NN_TILE_H
#define LATENTSCAPE_SRC_NN_TILE_H

#include "nn/tile_kernel.h"

enum {
    LS_TILE_DEPTH = 512 /* a panel of so many lines takes 128 KiB: half of a small L2 */
};

/* The kernels for this processor, or NULL where there are none.  Thread: any. */
const LsTileKernel *ls_tile_find(void);

/* As ls_gemm_nt(), ls_gemm_nn() and ls_gemm_tn().  Thread: any. */
void ls_tile_nt(const LsTileKernel *kernel, int m, int n, int k, const float *a, const float *b,
                float *c);
void ls_tile_nn(const LsTileKernel *kernel, int m, int n, int k, const float *a, const float *b,
                bool add, float *c);
void ls_tile_tn(const LsTileKernel *kernel, int m, int n, int k, const float *a, int stride,
                const float *b, float *c);

#endif
