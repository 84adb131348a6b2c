#include "latentscape/nn/gemm.h"

#include <string.h>

#include <cblas.h>

#include "nn/tile.h"

enum {
    NARROW = 16
};

_Static_assert(LS_GEMM_ROWS_ALIKE == LS_TILE_VECTOR_ROWS + 1, "more rows are no vectors");

void ls_gemm_init(void)
{
    if (openblas_get_num_threads() != 1) {
        openblas_set_num_threads(1);
    }
}

/* ---- by OpenBLAS */

static void by_vectors(int m, int n, int k, const float *a, const float *b, float *c)
{
    for (size_t i = 0; i < (size_t)m; i++) {
        cblas_sgemv(CblasRowMajor, CblasNoTrans, n, k, 1.0f, b, k, a + i * (size_t)k, 1, 0.0f,
                    c + i * (size_t)n, 1);
    }
}

static void library_nt(int m, int n, int k, const float *a, const float *b, float *c)
{
    if (m <= LS_TILE_VECTOR_ROWS) {
        by_vectors(m, n, k, a, b, c);
        return;
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0f, a, k, b, k, 0.0f, c, n);
}

static void library_nn(int m, int n, int k, const float *a, const float *b, bool add, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, a, k, b, n,
                add ? 1.0f : 0.0f, c, n);
}

static void library_tn(int m, int n, int k, const float *a, int stride, const float *b, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1.0f, a, stride, b, n, 0.0f, c,
                n);
}

const LsGemm *ls_gemm_library(void)
{
    static const LsGemm library = {.nt = library_nt, .nn = library_nn, .tn = library_tn};
    return &library;
}

/* ---- by whatever suits the shape */

void ls_gemm_nt(int m, int n, int k, const float *a, const float *b, float *c)
{
    const LsTileKernel *tiles = ls_tile_suit_rows(m, n, k);
    if (tiles != NULL) {
        ls_tile_nt(tiles, m, n, k, a, b, c);
    } else if (n < NARROW) { /* codes: a library's sums for so few columns differ with the rows */
        by_vectors(m, n, k, a, b, c);
    } else {
        library_nt(m, n, k, a, b, c);
    }
}

void ls_gemm_nn(int m, int n, int k, const float *a, const float *b, bool add, float *c)
{
    const LsTileKernel *tiles = ls_tile_suit(n, k);
    if (tiles != NULL) {
        ls_tile_nn(tiles, m, n, k, a, b, add, c);
    } else {
        library_nn(m, n, k, a, b, add, c);
    }
}

void ls_gemm_tn(int m, int n, int k, const float *a, int stride, const float *b, float *c)
{
    const LsTileKernel *tiles = ls_tile_suit(n, k);
    if (tiles != NULL) {
        ls_tile_tn(tiles, m, n, k, a, stride, b, c);
    } else {
        library_tn(m, n, k, a, stride, b, c);
    }
}

const LsGemm *ls_gemm_best(void)
{
    static const LsGemm best = {.nt = ls_gemm_nt, .nn = ls_gemm_nn, .tn = ls_gemm_tn};
    return &best;
}

const char *ls_gemm_better_core(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    const char *core = openblas_get_corename();
    const bool narrow = strcmp(core, "Haswell") == 0 || strcmp(core, "Zen") == 0;
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
    return narrow && wide ? "SkylakeX" : NULL;
#else
    return NULL;
#endif
}
