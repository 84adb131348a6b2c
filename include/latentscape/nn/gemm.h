/* Matrix products, all of them: the only place that calls BLAS. Matrices are row-major, single
 * precision, and none may overlap. OpenBLAS runs single-threaded inside each product; the program's
 * own workers share the work, so that results do not depend on their number.
 *
 * Where the processor has AVX2 or AVX-512 the program's own tiles (nn/tile.h) take over whatever is at
 * least 16 wide and deep: with AVX-512 211 to 247 Gflop/s at the shapes of training instead of 171 to
 * 208. Products with the two-wide matrices around a small latent space stay with OpenBLAS, which takes
 * 2.7 to 5.4 us for each at 128 rows, together under 1% of a step of the default model. */
#ifndef LATENTSCAPE_NN_GEMM_H
#define LATENTSCAPE_NN_GEMM_H

#include "latentscape/core/base.h"

enum {
    /* Fewer rows of a take another way, faster for them, whose sums may end in other bits. From here on a
     * row of a b^T comes out the same, however many there are, wherever the tiles multiply. */
    LS_GEMM_ROWS_ALIKE = 6
};

/* Makes OpenBLAS single-threaded. Whoever creates something that multiplies calls it; a second call
 * changes nothing.  Thread: any. */
void ls_gemm_init(void);

/* c = a b^T. Shapes: a [m, k], b [n, k], c [m, n].  Thread: any. */
void ls_gemm_nt(int m, int n, int k, const float *a, const float *b, float *c);

/* c = a b, or c += a b. Shapes: a [m, k], b [k, n], c [m, n].  Thread: any. */
void ls_gemm_nn(int m, int n, int k, const float *a, const float *b, bool add, float *c);

/* c = a^T b for m columns of a wider matrix. Shapes: a [k, stride], its columns 0 .. m-1 are used,
 * b [k, n], c [m, n].  Thread: any. */
void ls_gemm_tn(int m, int n, int k, const float *a, int stride, const float *b, float *c);

/* A way to do the three. */
typedef struct LsGemm {
    void (*nt)(int m, int n, int k, const float *a, const float *b, float *c);
    void (*nn)(int m, int n, int k, const float *a, const float *b, bool add, float *c);
    void (*tn)(int m, int n, int k, const float *a, int stride, const float *b, float *c);
} LsGemm;

/* The functions above. Owns: nothing to free.  Thread: any. */
const LsGemm *ls_gemm_best(void);

/* OpenBLAS alone, whatever the processor has, which is what others would call: a limit to compare
 * with. Owns: nothing to free.  Thread: any. */
const LsGemm *ls_gemm_library(void);

/* The name of the kernels OpenBLAS has for this processor's widest vectors where it has chosen
 * narrower ones because it does not know the model (0.3.21 takes AVX2 on Zen 4 and 5: 117 GFlop/s
 * instead of 214), else NULL. Chosen by the environment variable OPENBLAS_CORETYPE when the library is
 * loaded, so a program that wants them sets it and starts itself again.
 * Owns: nothing to free.  Thread: any. */
const char *ls_gemm_better_core(void);

#endif
