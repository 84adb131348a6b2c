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
#include "latentscape/nn/gemm.h"
#include "latentscape/vae/pass.h"

enum {
    ROUNDS = 200
};

typedef struct Bench {
    LsModel model;
    LsPass *pass;
    int batch;
    float *params, *m, *v, *grad; /* [param_count] */
    float *wide[3];               /* [batch, widest layer], for the products alone */
} Bench;

static bool init(Bench *bench, LsError *err)
{
    const LsActivation *silu = ls_activation_find("silu", err);
    size_t count = 0;
    const LsModelSpec spec = {.width = 28,
                              .height = 28,
                              .channels = 1,
                              .latent = 2,
                              .hidden = {2, {512, 256}},
                              .activation = (int)(silu - ls_activation_kinds(&count))};
    if (!ls_model_init(&bench->model, &spec, err)) {
        return false;
    }
    const size_t n = bench->model.param_count;
    float **buffer[] = {&bench->params,  &bench->m,       &bench->v,      &bench->grad,
                        &bench->wide[0], &bench->wide[1], &bench->wide[2]};
    for (size_t i = 0; i < LS_COUNT(buffer); i++) {
        *buffer[i] = ls_memory_floats(i < 4 ? n : (size_t)bench->batch * 784, err);
        if (*buffer[i] == NULL) {
            return false;
        }
    }
    bench->pass = ls_pass_create(&bench->model, bench->batch, err);
    if (bench->pass == NULL) {
        return false;
    }
    const LsRng rng = ls_rng_make(1, LS_RNG_NOISE);
    const size_t pixels = (size_t)bench->batch * 784;
    ls_model_init_params(&bench->model, 1, bench->params);
    ls_rng_uniform(rng, 0, pixels, ls_pass_x(bench->pass));
    ls_rng_normal(rng, 0, (size_t)bench->batch * 2, ls_pass_eps(bench->pass));
    for (int i = 0; i < 3; i++) {
        ls_rng_uniform(rng, (uint64_t)i << 20, pixels, bench->wide[i]);
    }
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

/* The products of one step, by the same shards and blocks. */
static void products(Bench *bench)
{
    const LsModel *model = &bench->model;
    for (int shard = 0; shard < ls_pass_shards(bench->pass); shard++) {
        int first = 0;
        int rows = 0;
        ls_pass_shard_rows(bench->pass, shard, &first, &rows);
        for (int i = 0; i < model->layer_count; i++) {
            const LsLayer *layer = &model->layer[i];
            const float *weight = bench->params + model->tensor[layer->weight].offset;
            ls_gemm_nt(rows, layer->out, layer->in, bench->wide[0], weight, bench->wide[1]);
            if (i > 0) { /* nobody asks for the gradient of the images */
                ls_gemm_nn(rows, layer->in, layer->out, bench->wide[1], weight, false,
                           bench->wide[2]);
            }
        }
    }
    for (int i = 0; i < model->layer_count; i++) {
        const LsLayer *layer = &model->layer[i];
        float *grad = bench->grad + model->tensor[layer->weight].offset;
        for (int first = 0; first < layer->out; first += LS_PASS_BLOCK_ROWS) {
            const int left = layer->out - first;
            ls_gemm_tn(left < LS_PASS_BLOCK_ROWS ? left : LS_PASS_BLOCK_ROWS, layer->in,
                       bench->batch, bench->wide[1] + first, layer->out, bench->wide[0],
                       grad + (size_t)first * (size_t)layer->in);
        }
    }
}

int main(int argc, char **argv)
{
    Bench bench = {.batch = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 128};
    LsError err = {0};
    if (bench.batch < 1 || bench.batch > 65536 || !init(&bench, &err)) {
        (void)fprintf(stderr, "%s\n", err.code != LS_OK ? err.text : "usage: bench_step [BATCH]");
        return 1;
    }
    double step_s = INFINITY;
    double products_s = INFINITY;
    for (uint64_t i = 1; i <= ROUNDS; i++) {
        const double start = ls_clock_now();
        step(&bench, i);
        const double middle = ls_clock_now();
        products(&bench);
        const double end = ls_clock_now();
        step_s = fmin(step_s, middle - start);
        products_s = fmin(products_s, end - middle);
    }
    (void)printf(
        "784-512-256-2 silu, batch %d, one worker: %.0f images/s; its products alone: %.0f "
        "images/s; ratio %.3f\n",
        bench.batch, bench.batch / step_s, bench.batch / products_s, products_s / step_s);
    ls_pass_destroy(bench.pass);
    float *buffer[] = {bench.params,  bench.m,       bench.v,      bench.grad,
                       bench.wide[0], bench.wide[1], bench.wide[2]};
    for (size_t i = 0; i < LS_COUNT(buffer); i++) {
        ls_memory_free(buffer[i]);
    }
    return 0;
}
