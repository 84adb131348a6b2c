/* How fast one worker trains the default model, and how near that is to the limit: the same matrix
 * products alone. Both are timed in turn and the best of each counts, so that a busy machine moves the
 * ratio little.
 *
 * usage: bench_step [BATCH] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/activation.h"
#include "latentscape/vae/pass.h"
#include "latentscape/vae/products.h"

enum {
    ROUNDS = 200
};

typedef struct Bench {
    LsModel model;
    LsPass *pass;
    int batch;
    LsProducts *products;
    float *params, *m, *v; /* [param_count] */
} Bench;

static bool init(Bench *bench, LsError *err)
{
    const LsActivation *silu = ls_activation_find("silu", err);
    size_t count = 0;
    const LsModelSpec spec = {.width = 28,
                              .height = 28,
                              .channels = 1,
                              .latent = 2,
                              .hidden = {4, {512, 256, 128, 128}},
                              .activation = (int)(silu - ls_activation_kinds(&count))};
    if (!ls_model_init(&bench->model, &spec, err)) {
        return false;
    }
    const size_t n = bench->model.param_count;
    float **buffer[] = {&bench->params, &bench->m, &bench->v};
    for (size_t i = 0; i < LS_COUNT(buffer); i++) {
        *buffer[i] = ls_memory_floats(n, err);
        if (*buffer[i] == NULL) {
            return false;
        }
    }
    bench->products = ls_products_create(&bench->model, bench->batch, ls_gemm_best(), err);
    bench->pass = ls_pass_create(&bench->model, bench->batch, 1, err);
    if (bench->products == NULL || bench->pass == NULL) {
        return false;
    }
    const LsRng rng = ls_rng_make(1, LS_RNG_NOISE);
    const size_t pixels = (size_t)bench->batch * 784;
    ls_model_init_params(&bench->model, 1, bench->params);
    ls_rng_uniform(rng, 0, pixels, ls_pass_x(bench->pass));
    ls_rng_normal(rng, 0, (size_t)bench->batch * 2, ls_pass_eps(bench->pass));
    return true;
}

static void step(Bench *bench, uint64_t number)
{
    const LsLoss loss = {.w_rec = 1.0, .w_kl = 1.0, .w_reg = 1e-5};
    const LsAdam adam = ls_adam_make(1e-3, number);
    for (int i = 0; i < ls_pass_shards(bench->pass); i++) {
        ls_pass_shard(bench->pass, bench->params, &loss, i);
    }
    for (int i = 0; i < ls_pass_blocks(bench->pass); i++) {
        ls_pass_block(bench->pass, &loss, &adam, i, bench->params, bench->m, bench->v);
    }
    (void)ls_pass_losses(bench->pass, &loss);
}

int main(int argc, char **argv)
{
    Bench bench = {.batch = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 128};
    LsError err = {0};
    if (bench.batch < 1 || bench.batch > 65536 || !init(&bench, &err)) {
        (void)fprintf(stderr, "%s\n", err.code != LS_OK ? err.text : "usage: bench_step [BATCH]");
        return 1;
    }
    double step_s = (double)INFINITY;
    double products_s = (double)INFINITY;
    for (uint64_t i = 1; i <= ROUNDS; i++) {
        const double start = ls_clock_now();
        step(&bench, i);
        const double middle = ls_clock_now();
        ls_products_step(bench.products);
        const double end = ls_clock_now();
        step_s = fmin(step_s, middle - start);
        products_s = fmin(products_s, end - middle);
    }
    (void)printf(
        "784-512-256-128-128-2 silu, batch %d, one worker: %.0f images/s; its products alone: %.0f "
        "images/s; ratio %.3f\n",
        bench.batch, bench.batch / step_s, bench.batch / products_s, products_s / step_s);
    ls_pass_destroy(bench.pass);
    ls_products_destroy(bench.products);
    float *buffer[] = {bench.params, bench.m, bench.v};
    for (size_t i = 0; i < LS_COUNT(buffer); i++) {
        ls_memory_free(buffer[i]);
    }
    return 0;
}
