/* The ways to multiply matrices in training, and products of a fixed shape made ready for one of them.
 *
 * openblas is always there and is what nn/gemm.h calls. Those called bf16 round operands to bfloat16 (8 bits
 * of mantissa) and sum in single precision. tiles-bf16 is the program's own, for processors with AVX512_BF16.
 * The other two call oneDNN, a library that is loaded when one of them is first asked for, where the program
 * was built with it. A product runs on the thread that calls and gives the same bits on any thread. */
#ifndef LATENTSCAPE_NN_BACKEND_H
#define LATENTSCAPE_NN_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#include "latentscape/core/error.h"

typedef enum LsBackendKind {
    LS_BACKEND_AUTO, /* the fastest of the others, measured */
    LS_BACKEND_OPENBLAS,
    LS_BACKEND_ONEDNN_F32,
    LS_BACKEND_TILES_BF16,
    LS_BACKEND_ONEDNN_BF16,
    LS_BACKEND_KINDS
} LsBackendKind;

typedef struct LsBackend LsBackend;
typedef struct LsProduct LsProduct;

/* Names in options and files, never renamed; NULL past the last.  Thread: any. */
const char *ls_backend_name(int kind);

/* The kind called name. Fails: false, LS_ERR_USAGE with a sentence that lists them.  Thread: any. */
LS_CHECKED bool ls_backend_find(const char *name, LsBackendKind *kind, LsError *err);

/* Makes a backend ready. AUTO times a small product with each that can win, for some milliseconds, and takes
 * OpenBLAS unless another is faster by far more than such a measurement errs (a tenth; bfloat16, which
 * rounds, a quarter, and by oneDNN another one), so that the choice on one machine is the same one every time; it fails only for
 * lack of memory. Owns: the caller, ls_backend_destroy(). Fails: NULL, LS_ERR_SYSTEM where this
 * build, this machine or this processor lacks what the kind needs, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsBackend *ls_backend_create(LsBackendKind kind, LsError *err);

/* Releases it, after every product made with it; NULL is accepted.  Thread: any. */
void ls_backend_destroy(LsBackend *backend);

/* What it is; never AUTO.  Thread: any. */
LsBackendKind ls_backend_kind(const LsBackend *backend);

/* Whether its products take operands in bfloat16 (uint16_t), and not in float.  Thread: any. */
bool ls_backend_halves(const LsBackend *backend);

/* to[i] = from[i] rounded to bfloat16, halves to even; NaN stays NaN. Shapes: both [n].
 * Thread: any. */
void ls_backend_halve(size_t n, const float *from, uint16_t *to);

typedef enum LsProductForm {
    LS_PRODUCT_NT, /* c = a b^T: a [m, k], b [n, k] */
    LS_PRODUCT_NN, /* c = a b:   a [m, k], b [k, n] */
    LS_PRODUCT_TN  /* c = a^T b: a [k, stride], its columns 0 .. m-1 are used, b [k, n] */
} LsProductForm;

/* One product. Row-major; c is [m, n], in single precision whatever the operands are. */
typedef struct LsProductShape {
    LsProductForm form;
    int m, n, k;
    int stride; /* TN alone */
    bool add;   /* c += instead of c = */
} LsProductShape;

/* Makes a product ready, for as many threads at once as there are seats. The backend must outlive it.
 * Owns: the caller, ls_product_destroy(). Fails: NULL, LS_ERR_MEMORY, LS_ERR_SYSTEM.  Thread: any. */
LS_CHECKED LsProduct *ls_product_create(LsBackend *backend, const LsProductShape *shape, int seats,
                                        LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_product_destroy(LsProduct *product);

/* Bytes of working memory that ls_product_run() needs; often 0.  Thread: any. */
size_t ls_product_scratch(const LsProduct *product);

/* Multiplies. a and b are float, or uint16_t where the backend takes halves; scratch holds
 * ls_product_scratch() bytes on a multiple of 64, its contents do not matter. None may overlap.
 * Thread: worker, a seat each. */
void ls_product_run(LsProduct *product, int seat, void *scratch, const void *a, const void *b,
                    float *c);

#endif
