/* Every gradient against central differences of a plain double-precision model: every activation with
 * every kind of every term, found by walking the tables. */
#include <math.h>
#include <stdlib.h>

#include "latentscape/nn/activation.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

#include "reference.h"
#include "scene.h"
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
    Scene scene;
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
    scene_init(&bench->scene, &spec, shape->batch, seed);
    bench->plain = calloc(bench->scene.model.param_count, sizeof *bench->plain);
    assert_non_null(bench->plain);
    /* No difference may reach over the kink that l1 has at 0. */
    const LsModel *model = &bench->scene.model;
    for (int t = 0; t < model->tensor_count; t++) {
        const LsTensor *tensor = &model->tensor[t];
        float *weight = bench->scene.params + tensor->offset;
        for (size_t i = 0; i < (size_t)tensor->rows * (size_t)tensor->cols; i++) {
            weight[i] = fabsf(weight[i]) < 1e-4f ? 1e-4f : weight[i];
        }
    }
}

static void bench_finish(Bench *bench)
{
    scene_finish(&bench->scene);
    free(bench->plain);
}

static void check_losses(const LsLossValues *got, const LsLossValues *want)
{
    twin_check("rec", 0, got->rec, want->rec, 1e-6, 1.0); /* cb's is a difference of larger sums */
    twin_check("kl", 0, got->kl, want->kl, 1e-6, 0.1);    /* mmd too */
    twin_check("reg", 0, got->reg, want->reg, 1e-6, 1.0); /* jacobian too */
    twin_check("total", 0, got->total, want->total, 1e-6, 1.0);
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
        worst = fmax(worst, fabs((double)bench->scene.grad[i] - want));
    }
    /* Where pictures are probed, a difference of two that are nearly alike is divided by a small step. */
    const double allowed = ls_pass_probes(&reference->loss) > 0 ? 2e-4 : 2e-5;
    if (!(worst <= allowed * largest + 1e-7)) {
        const LsLoss *loss = &reference->loss;
        fail_msg("%s: off by %g where the largest entry is %g (%s, %s, %s)", tensor->name, worst,
                 largest, ls_recon_name(loss->rec), ls_divergence_name(loss->div),
                 ls_regularizer_name(loss->reg));
    }
}

static void check_gradient(Bench *bench, const Shape *shape, const LsLoss *loss)
{
    Scene *scene = &bench->scene;
    Reference reference;
    reference_init(&reference, &scene->model, shape->batch, ls_pass_x(scene->pass),
                   ls_pass_eps(scene->pass), *loss);
    reference.prior = ls_pass_prior(scene->pass);
    reference.probe = ls_pass_probe(scene->pass);
    for (size_t i = 0; i < scene->model.param_count; i++) {
        bench->plain[i] = (double)scene->params[i];
    }
    const LsLossValues got = scene_step(scene, loss, NULL);
    const LsLossValues want = reference_loss(&reference, bench->plain);
    check_losses(&got, &want);
    for (int t = 0; t < scene->model.tensor_count; t++) {
        check_tensor(bench, &reference, &scene->model.tensor[t]);
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
    /* Every pair of reconstruction and divergence; the regularizers, alone and mixed, go along. */
    for (size_t i = 0; i < activations * recons * divergences; i++) {
        LsLoss loss = {.rec = (int)(i / activations % recons),
                       .div = (int)(i / activations / recons % divergences),
                       .reg = (int)(i / activations % regularizers),
                       .w_rec = 0.7,
                       .w_kl = 1.3,
                       .w_reg = 0.2,
                       .div_param = 0.8};
        for (size_t k = 0; i % 2 == 1 && k < regularizers; k++) {
            loss.mix[k] = 0.1 * (double)(k + 1);
        }
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
    const LsModel *model = &bench.scene.model;
    const size_t bias = model->tensor[model->layer[model->logvar].bias].offset;
    const size_t weight = model->tensor[model->layer[model->logvar].weight].offset;
    bench.scene.params[bias] = -40.0f; /* below the bound for every image; the other stays inside */
    bench.scene.params[bias + 1] = 0.0f;
    check_gradient(&bench, &shapes[0], &loss);
    assert_true(bench.scene.grad[bias] == 0.0f && bench.scene.grad[bias + 1] != 0.0f);
    for (size_t i = 0; i < 5; i++) {
        assert_true(bench.scene.grad[weight + i] == 0.0f &&
                    bench.scene.grad[weight + 5 + i] != 0.0f);
    }
    assert_true(ls_pass_logvar(bench.scene.pass)[0] == -12.0f);
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
