#include "latentscape/nn/backend.h"

#include <assert.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/nn/gemm.h"

#include "config.h"
#include "nn/fastmath.h"
#include "nn/half.h"
#if LS_ONEDNN
#    include "nn/onednn.h"
#endif

static const char *const names[LS_BACKEND_KINDS] = {
    [LS_BACKEND_AUTO] = "auto",
    [LS_BACKEND_OPENBLAS] = "openblas",
    [LS_BACKEND_ONEDNN_F32] = "onednn-f32",
    [LS_BACKEND_TILES_BF16] = "tiles-bf16",
    [LS_BACKEND_ONEDNN_BF16] = "onednn-bf16",
};

struct LsBackend {
    LsBackendKind kind;
    const LsHalfKernel *half; /* NULL: another kind */
#if LS_ONEDNN
    LsOnednn *onednn; /* NULL: another kind */
#endif
};

struct LsProduct {
    LsProductShape shape;
    const LsHalfKernel *half; /* NULL: another kind of backend */
#if LS_ONEDNN
    LsOnednnProduct *onednn; /* NULL: another kind of backend */
#endif
};

const char *ls_backend_name(int kind)
{
    return kind >= 0 && kind < LS_BACKEND_KINDS ? names[kind] : NULL;
}

bool ls_backend_find(const char *name, LsBackendKind *kind, LsError *err)
{
    for (int i = 0; i < LS_BACKEND_KINDS; i++) {
        if (strcmp(names[i], name) == 0) {
            *kind = (LsBackendKind)i;
            return true;
        }
    }
    return ls_fail(err, LS_ERR_USAGE,
                   "There is no backend \"%s\": it can be auto, openblas, onednn-f32, "
                   "tiles-bf16 or onednn-bf16.",
                   name);
}

/* ---- one backend */

static LsBackend *create_one(LsBackendKind kind, LsError *err)
{
    LsBackend *backend = ls_memory_items(1, sizeof *backend, err);
    if (backend == NULL) {
        return NULL;
    }
    backend->kind = kind;
    ls_gemm_init();
    if (kind == LS_BACKEND_OPENBLAS) {
        return backend;
    }
    if (kind == LS_BACKEND_TILES_BF16) {
        backend->half = ls_half_find();
        if (backend->half != NULL) {
            return backend;
        }
        ls_fail(err, LS_ERR_SYSTEM, "The backend %s needs a processor with AVX512_BF16.",
                names[kind]);
        ls_backend_destroy(backend);
        return NULL;
    }
#if LS_ONEDNN
    backend->onednn = ls_onednn_create(kind == LS_BACKEND_ONEDNN_BF16, err);
    if (backend->onednn != NULL) {
        return backend;
    }
#else
    ls_fail(err, LS_ERR_SYSTEM, "This build has no oneDNN, which the backend %s needs.",
            names[kind]);
#endif
    ls_backend_destroy(backend);
    return NULL;
}

void ls_backend_destroy(LsBackend *backend)
{
#if LS_ONEDNN
    if (backend != NULL) {
        ls_onednn_destroy(backend->onednn);
    }
#endif
    ls_memory_free(backend);
}

LsBackendKind ls_backend_kind(const LsBackend *backend)
{
    return backend->kind;
}

bool ls_backend_halves(const LsBackend *backend)
{
    return backend->kind == LS_BACKEND_TILES_BF16 || backend->kind == LS_BACKEND_ONEDNN_BF16;
}

/* ---- the fastest */

enum {
    TRIAL = 256, /* the product that is timed is [64, TRIAL] by [TRIAL, TRIAL]: 20 to 90 us */
    TRIAL_ROWS = 64,
    TRIALS = 16
};

/* What a kind must take at most of OpenBLAS's time, and of the time of the one chosen so far. */
static const double worth[LS_BACKEND_KINDS] = {
    [LS_BACKEND_OPENBLAS] = 1.0,
    [LS_BACKEND_ONEDNN_F32] = 0.9,
    [LS_BACKEND_TILES_BF16] = 0.75,
    [LS_BACKEND_ONEDNN_BF16] = 0.75,
};

/* One that takes part in the choice. */
typedef struct Candidate {
    LsBackend *backend;
    LsProduct *product;
    void *scratch;
    double best; /* seconds */
} Candidate;

static bool enter(Candidate *candidate, LsBackendKind kind)
{
    static const LsProductShape shape = {
        .form = LS_PRODUCT_NT, .m = TRIAL_ROWS, .n = TRIAL, .k = TRIAL};
    candidate->backend = create_one(kind, NULL);
    if (candidate->backend == NULL) {
        return false;
    }
    candidate->product = ls_product_create(candidate->backend, &shape, 1, NULL);
    if (candidate->product == NULL) {
        return false;
    }
    candidate->scratch = ls_memory_items(1, ls_product_scratch(candidate->product), NULL);
    return candidate->scratch != NULL;
}

/* In turn, so that whatever else the machine does meets all alike; the shortest time counts. */
static void race(Candidate *candidate, float *matrix)
{
    const void *const a = matrix;
    const void *const b = matrix + TRIAL_ROWS * TRIAL;
    float *const c = matrix + (TRIAL_ROWS + TRIAL) * TRIAL;
    for (int trial = 0; trial < TRIALS; trial++) {
        for (int i = 0; i < LS_BACKEND_KINDS; i++) {
            if (candidate[i].scratch == NULL) {
                continue;
            }
            const double start = ls_clock_now();
            ls_product_run(candidate[i].product, 0, candidate[i].scratch, a, b, c);
            const double took = ls_clock_now() - start;
            candidate[i].best = trial == 0 || took < candidate[i].best ? took : candidate[i].best;
        }
    }
}

static LsBackend *create_fastest(LsError *err)
{
    Candidate candidate[LS_BACKEND_KINDS] = {0};
    int chosen = LS_BACKEND_OPENBLAS;
    const size_t count = (size_t)(2 * TRIAL_ROWS + TRIAL) * TRIAL;
    float *matrix = ls_memory_floats(count, err);
    for (size_t i = 0; matrix != NULL && i < count; i++) {
        matrix[i] = 1; /* not 0, which may be skipped; read as halves, ones and zeros */
    }
    bool others = matrix != NULL && enter(&candidate[LS_BACKEND_TILES_BF16], LS_BACKEND_TILES_BF16);
    /* With the same instruction oneDNN cannot win by its margin: 39 MB of library need not be loaded. */
    const bool settled = others && !ls_half_matrix_units();
    for (int i = LS_BACKEND_OPENBLAS + 1; i < LS_BACKEND_KINDS && matrix != NULL && !settled; i++) {
        others = (i != LS_BACKEND_TILES_BF16 && enter(&candidate[i], (LsBackendKind)i)) || others;
    }
    if (matrix != NULL && others && enter(&candidate[LS_BACKEND_OPENBLAS], LS_BACKEND_OPENBLAS)) {
        race(candidate, matrix);
        const double plain = candidate[LS_BACKEND_OPENBLAS].best;
        for (int i = LS_BACKEND_OPENBLAS + 1; i < LS_BACKEND_KINDS; i++) {
            /* The rows are in order of precision: a later one must win by its margin anew. */
            if (candidate[i].scratch != NULL && candidate[i].best < worth[i] * plain &&
                (chosen == LS_BACKEND_OPENBLAS ||
                 candidate[i].best < worth[i] * candidate[chosen].best)) {
                chosen = i;
            }
        }
    }
    ls_memory_free(matrix);
    LsBackend *backend = candidate[chosen].backend;
    for (int i = 0; i < LS_BACKEND_KINDS; i++) {
        ls_product_destroy(candidate[i].product);
        ls_memory_free(candidate[i].scratch);
        if (candidate[i].backend != backend) {
            ls_backend_destroy(candidate[i].backend);
        }
    }
    return backend != NULL ? backend : create_one(LS_BACKEND_OPENBLAS, err);
}

LsBackend *ls_backend_create(LsBackendKind kind, LsError *err)
{
    return kind == LS_BACKEND_AUTO ? create_fastest(err) : create_one(kind, err);
}

/* ---- products */

LS_KERNEL static void halve(size_t n, const float *restrict from, uint16_t *restrict to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = ls_float_half(from[i]);
    }
}

void ls_backend_halve(size_t n, const float *from, uint16_t *to)
{
    halve(n, from, to);
}

LsProduct *ls_product_create(LsBackend *backend, const LsProductShape *shape, int seats,
                             LsError *err)
{
    LsProduct *product = ls_memory_items(1, sizeof *product, err);
    if (product == NULL) {
        return NULL;
    }
    product->shape = *shape;
    product->half = backend->half;
#if LS_ONEDNN
    if (backend->onednn != NULL) {
        product->onednn = ls_onednn_product_create(backend->onednn, shape, seats, err);
        if (product->onednn == NULL) {
            ls_memory_free(product);
            return NULL;
        }
    }
#endif
    (void)seats;
    return product;
}

void ls_product_destroy(LsProduct *product)
{
#if LS_ONEDNN
    if (product != NULL) {
        ls_onednn_product_destroy(product->onednn);
    }
#endif
    ls_memory_free(product);
}

size_t ls_product_scratch(const LsProduct *product)
{
#if LS_ONEDNN
    if (product->onednn != NULL) {
        return ls_onednn_product_scratch(product->onednn);
    }
#endif
    return product->half != NULL ? ls_half_scratch(&product->shape) : 0;
}

static void run_openblas(const LsProductShape *shape, const float *a, const float *b, float *c)
{
    switch (shape->form) {
    case LS_PRODUCT_NT:
        assert(!shape->add);
        ls_gemm_nt(shape->m, shape->n, shape->k, a, b, c);
        break;
    case LS_PRODUCT_NN:
        ls_gemm_nn(shape->m, shape->n, shape->k, a, b, shape->add, c);
        break;
    case LS_PRODUCT_TN:
        assert(!shape->add);
        ls_gemm_tn(shape->m, shape->n, shape->k, a, shape->stride, b, c);
        break;
    }
}

void ls_product_run(LsProduct *product, int seat, void *scratch, const void *a, const void *b,
                    float *c)
{
#if LS_ONEDNN
    if (product->onednn != NULL) {
        ls_onednn_product_run(product->onednn, seat, scratch, a, b, c);
        return;
    }
#endif
    (void)seat;
    if (product->half != NULL) {
        ls_half_run(product->half, &product->shape, scratch, a, b, c);
        return;
    }
    run_openblas(&product->shape, a, b, c);
}
