/* Every gradient against central differences of a plain double-precision model: every activation with
 * every kind of every term, found by walking the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/activation.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

#include "reference.h"
#include "twin.h"

/* Sizes around shards, blocks and vectors, small enough for a difference per parameter. */
typedef struct Shape {
    int pixels, latent, batch;
    LsSizes hidden;
} Shape;

static const Shape shapes[] = {
    {12, 2, 5, {2, {7, 5}}},    {9, 3, 1, {1, {6}}},
    {17, 1, 3, {3, {4, 8, 3}}}, {6, 5, 65, {1, {3}}}, /* a second shard, of one row */
    {5, 2, 4, {0, {0}}},                              /* heads on the pixels, logits on the code */
};

/* One shape made ready. */
typedef struct Bench {
    LsModel model;
    LsPass *pass;
    float *params, *grad;
    double *plain; /* params in double */
} Bench;

static void bench_init(Bench *bench, const Shape *shape, int activation, uint64_t seed)
{
    const LsModelSpec spec = {.width = shape->pixels,
                              .height = 1,
                              .channels = 1,
                              .latent = shape->latent,
                              .hidden = shape->hidden,
                              .activation = activation};
    assert_true(ls_model_init(&bench->model, &spec, NULL));
    const size_t n = bench->model.param_count;
    bench->params = ls_memory_floats(n, NULL);
    bench->grad = ls_memory_floats(n, NULL);
    bench->plain = calloc(n, sizeof *bench->plain);
    bench->pass = ls_pass_create(&bench->model, shape->batch, NULL);
    assert_true(bench->params != NULL && bench->grad != NULL && bench->plain != NULL &&
                bench->pass != NULL);
    ls_model_init_params(&bench->model, seed, bench->params);
    const LsRng rng = ls_rng_make(seed, LS_RNG_NOISE);
    for (int t = 0; t < bench->model.tensor_count; t++) { /* biases away from zero */
        const LsTensor *tensor = &bench->model.tensor[t];
        if (!tensor->is_weight) {
            ls_rng_normal(rng, tensor->offset, (size_t)tensor->rows,
                          bench->params + tensor->offset);
        }
    }
    const size_t batch = (size_t)shape->batch;
    ls_rng_uniform(rng, 1 << 20, batch * (size_t)shape->pixels, ls_pass_x(bench->pass));
    ls_rng_normal(rng, 1 << 21, batch * (size_t)shape->latent, ls_pass_eps(bench->pass));
}

static void bench_finish(Bench *bench)
{
    ls_pass_destroy(bench->pass);
    ls_memory_free(bench->params);
    ls_memory_free(bench->grad);
    free(bench->plain);
}

static void check_losses(const LsLossValues *got, const LsLossValues *want)
{
    twin_check("rec", 0, got->rec, want->rec, 1e-6, 1e-3);
    twin_check("kl", 0, got->kl, want->kl, 1e-6, 1e-3);
    twin_check("reg", 0, got->reg, want->reg, 1e-6, 1e-3);
    twin_check("total", 0, got->total, want->total, 1e-6, 1e-3);
}

/* One tensor: errors relative to its largest entry. */
static void check_tensor(Bench *bench, Reference *reference, const LsTensor *tensor)
{
    const double h = 1e-5;
    const size_t n = (size_t)tensor->rows * (size_t)tensor->cols;
    double worst = 0.0;
    double largest = 0.0;
    for (size_t i = tensor->offset; i < tensor->offset + n; i++) {
        const double here = bench->plain[i];
        bench->plain[i] = here + h;
        const double above = reference_loss(reference, bench->plain).total;
        bench->plain[i] = here - h;
        const double below = reference_loss(reference, bench->plain).total;
        bench->plain[i] = here;
        const double want = (above - below) / (2.0 * h);
        largest = fmax(largest, fabs(want));
        worst = fmax(worst, fabs((double)bench->grad[i] - want));
    }
    if (!(worst <= 2e-5 * largest + 1e-7)) {
        fail_msg("%s: off by %g where the largest entry is %g", tensor->name, worst, largest);
    }
}

static void check_gradient(Bench *bench, const Shape *shape, const LsLoss *loss)
{
    Reference reference;
    reference_init(&reference, &bench->model, shape->batch, ls_pass_x(bench->pass),
                   ls_pass_eps(bench->pass), *loss);
    for (size_t i = 0; i < bench->model.param_count; i++) {
        bench->plain[i] = (double)bench->params[i];
    }
    for (int i = 0; i < ls_pass_shards(bench->pass); i++) {
        ls_pass_shard(bench->pass, bench->params, loss, i);
    }
    for (int i = 0; i < ls_pass_blocks(bench->pass); i++) {
        ls_pass_gradient(bench->pass, bench->params, loss, i, bench->grad);
    }
    const LsLossValues got = ls_pass_losses(bench->pass, loss);
    const LsLossValues want = reference_loss(&reference, bench->plain);
    check_losses(&got, &want);
    for (int t = 0; t < bench->model.tensor_count; t++) {
        check_tensor(bench, &reference, &bench->model.tensor[t]);
    }
    reference_finish(&reference);
}

static void every_kind_agrees_with_central_differences(void **state)
{
    (void)state;
    size_t activations = 0;
    size_t recons = 0;
    size_t divergences = 0;
    size_t regularizers = 0;
    (void)ls_activation_kinds(&activations);
    (void)ls_recon_kinds(&recons);
    (void)ls_divergence_kinds(&divergences);
    (void)ls_regularizer_kinds(&regularizers);
    for (size_t i = 0; i < activations * recons * divergences * regularizers; i++) {
        const LsLoss loss = {.rec = (int)(i / activations % recons),
                             .div = (int)(i / activations / recons % divergences),
                             .reg = (int)(i / activations / recons / divergences),
                             .w_rec = 0.7,
                             .w_kl = 1.3,
                             .w_reg = 0.2};
        for (size_t s = 0; s < LS_COUNT(shapes); s++) {
            Bench bench;
            bench_init(&bench, &shapes[s], (int)(i % activations), i * 16 + s);
            check_gradient(&bench, &shapes[s], &loss);
            bench_finish(&bench);
        }
    }
}

static void terms_agree_one_by_one(void **state)
{
    (void)state;
    for (int term = 0; term < 3; term++) {
        const LsLoss loss = {.w_rec = term == 0 ? 2.0 : 0.0,
                             .w_kl = term == 1 ? 0.5 : 0.0,
                             .w_reg = term == 2 ? 1.5 : 0.0};
        Bench bench;
        bench_init(&bench, &shapes[0], 2, 77);
        check_gradient(&bench, &shapes[0], &loss);
        bench_finish(&bench);
    }
}

static void a_clamped_logvar_is_not_pulled(void **state)
{
    (void)state;
    const LsLoss loss = {.w_rec = 1.0, .w_kl = 1.0};
    Bench bench;
    bench_init(&bench, &shapes[0], 4, 5);
    const LsModel *model = &bench.model;
    const size_t bias = model->tensor[model->layer[model->logvar].bias].offset;
    const size_t weight = model->tensor[model->layer[model->logvar].weight].offset;
    bench.params[bias] = -40.0f; /* below the bound for every image; the other stays inside */
    bench.params[bias + 1] = 0.0f;
    check_gradient(&bench, &shapes[0], &loss);
    assert_true(bench.grad[bias] == 0.0f && bench.grad[bias + 1] != 0.0f);
    for (size_t i = 0; i < 5; i++) {
        assert_true(bench.grad[weight + i] == 0.0f && bench.grad[weight + 5 + i] != 0.0f);
    }
    assert_true(ls_pass_logvar(bench.pass)[0] == -12.0f);
    bench_finish(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_agrees_with_central_differences),
        cmocka_unit_test(terms_agree_one_by_one),
        cmocka_unit_test(a_clamped_logvar_is_not_pulled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
