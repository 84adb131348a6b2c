#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/vae/pass.h"

#include "scene.h"
#include "twin.h"

/* Wide layers of more than one block, the last one short; and heads that are wide themselves. */
static const LsModelSpec narrow_code = {.width = 20,
                                        .height = 10,
                                        .channels = 1,
                                        .latent = 3,
                                        .hidden = {2, {150, 40}},
                                        .activation = 2};
static const LsModelSpec wide_code = {
    .width = 10, .height = 10, .channels = 1, .latent = 20, .hidden = {1, {48}}, .activation = 2};
static const LsModelSpec no_hidden = {
    .width = 10, .height = 10, .channels = 1, .latent = 16, .hidden = {0, {0}}, .activation = 2};
static const LsModelSpec *const specs[] = {&narrow_code, &wide_code, &no_hidden};

static const LsLoss all_terms = {.w_rec = 1.0, .w_kl = 0.5, .w_reg = 0.01};

/* What operands rounded to bfloat16 (half a unit of 2^-8 each) may do to a gradient that has gone
 * through all layers, as a share of the tensor's largest entry; measured: up to a third of it. */
static const double half_tolerance = 0.03;

static double tolerance_of(const LsBackend *backend)
{
    return ls_backend_halves(backend) ? half_tolerance : 1e-4;
}

static void compare_gradients(const Scene *got, const Scene *want, double tolerance)
{
    for (int t = 0; t < want->model.tensor_count; t++) {
        const LsTensor *tensor = &want->model.tensor[t];
        const size_t count = (size_t)tensor->rows * (size_t)(tensor->is_weight ? tensor->cols : 1);
        double largest = 0, off = 0;
        for (size_t i = tensor->offset; i < tensor->offset + count; i++) {
            largest = fmax(largest, fabs((double)want->grad[i]));
            off = fmax(off, fabs((double)want->grad[i] - (double)got->grad[i]));
        }
        if (!(off <= tolerance * largest)) {
            fail_msg("%s is off by %g of its largest entry", tensor->name, off / largest);
        }
    }
}

static void compare_backend(LsBackend *backend, const LsModelSpec *spec)
{
    Scene plain, other;
    scene_init(&plain, spec, 200, 1);
    scene_init(&other, spec, 200, 1);
    assert_true(ls_pass_use(other.pass, backend, NULL));
    assert_ptr_equal(ls_pass_backend(other.pass), backend);
    static const int batches[] = {150, 64, 5, 130, 200, 150};
    for (size_t i = 0; i < LS_COUNT(batches); i++) {
        ls_pass_set_batch(plain.pass, batches[i]);
        ls_pass_set_batch(other.pass, batches[i]);
        ls_pass_set_guests(plain.pass, batches[i] / 3);
        ls_pass_set_guests(other.pass, batches[i] / 3);
        ls_pass_prepare(other.pass, other.params);
        const LsLossValues want = scene_step(&plain, &all_terms, NULL);
        const LsLossValues got = scene_step(&other, &all_terms, NULL);
        assert_true(fabs(got.total - want.total) <= 0.1 * tolerance_of(backend) * want.total);
        compare_gradients(&other, &plain, tolerance_of(backend));
    }
    scene_finish(&plain);
    scene_finish(&other);
}

/* Runs check with every backend there is besides OpenBLAS, and every model. */
static void with_each(void (*check)(LsBackend *backend, const LsModelSpec *spec))
{
    for (int kind = LS_BACKEND_OPENBLAS + 1; kind < LS_BACKEND_KINDS; kind++) {
        LsBackend *backend = ls_backend_create((LsBackendKind)kind, NULL);
        for (size_t i = 0; i < LS_COUNT(specs) && backend != NULL; i++) {
            check(backend, specs[i]);
        }
        ls_backend_destroy(backend);
    }
}

static void gradients_are_those_of_openblas(void **state)
{
    (void)state;
    with_each(compare_backend);
}

/* The copy of the weights that a plan keeps while it trains against one made anew for each step. */
static void compare_copies(LsBackend *backend, const LsModelSpec *spec)
{
    Scene kept, anew;
    scene_init(&kept, spec, 100, 1);
    scene_init(&anew, spec, 100, 1);
    assert_true(ls_pass_use(kept.pass, backend, NULL) && ls_pass_use(anew.pass, backend, NULL));
    for (uint64_t step = 1; step <= 10; step++) {
        const LsAdam adam = ls_adam_make(1e-2, step);
        ls_pass_prepare(kept.pass, kept.params);
        ls_pass_forget(anew.pass);
        ls_pass_prepare(anew.pass, anew.params);
        const LsLossValues got = scene_step(&kept, &all_terms, &adam);
        const LsLossValues want = scene_step(&anew, &all_terms, &adam);
        assert_memory_equal(&got, &want, sizeof got);
    }
    assert_memory_equal(kept.params, anew.params, kept.model.param_count * sizeof(float));
    scene_finish(&kept);
    scene_finish(&anew);
}

static void the_copy_of_the_weights_follows_every_update(void **state)
{
    (void)state;
    with_each(compare_copies);
}

static void check_change(LsBackend *backend, const LsModelSpec *spec)
{
    Scene changed, fresh;
    scene_init(&changed, spec, 100, 1);
    scene_init(&fresh, spec, 100, 2);
    assert_true(ls_pass_use(changed.pass, backend, NULL) && ls_pass_use(fresh.pass, backend, NULL));
    ls_pass_prepare(changed.pass, changed.params);
    memcpy(changed.params, fresh.params, fresh.model.param_count * sizeof(float));
    memcpy(ls_pass_x(changed.pass), ls_pass_x(fresh.pass),
           100 * (size_t)fresh.model.pixels * sizeof(float));
    memcpy(ls_pass_eps(changed.pass), ls_pass_eps(fresh.pass),
           100 * (size_t)spec->latent * sizeof(float));
    ls_pass_forget(changed.pass);
    ls_pass_prepare(changed.pass, changed.params);
    ls_pass_prepare(fresh.pass, fresh.params);
    const LsLossValues got = scene_step(&changed, &all_terms, NULL);
    const LsLossValues want = scene_step(&fresh, &all_terms, NULL);
    assert_memory_equal(&got, &want, sizeof got);
    scene_finish(&changed);
    scene_finish(&fresh);
}

static void weights_changed_by_another_are_taken_anew(void **state)
{
    (void)state;
    with_each(check_change);
}

static bool looks(const LsModel *model, int layer)
{
    return layer == 0 || (model->encoder_count == 0 && layer == model->logvar);
}

/* Where images are mostly zeros the layer that looks at them is not the backend's: its outputs have the
 * bits of OpenBLAS, and Adam moves it there and back. */
static void check_sparse(LsBackend *backend, const LsModelSpec *spec)
{
    Scene plain, other, anew;
    Scene *const scenes[] = {&plain, &other, &anew};
    for (size_t i = 0; i < LS_COUNT(scenes); i++) {
        scene_init(scenes[i], spec, 130, 1);
        float *x = ls_pass_x(scenes[i]->pass);
        for (size_t p = 0; p < 130 * (size_t)plain.model.pixels; p++) {
            x[p] = p * 7919 % 5 == 0 ? x[p] : 0.0f;
        }
        assert_true(scenes[i] == &plain || ls_pass_use(scenes[i]->pass, backend, NULL));
    }
    const size_t bytes = plain.model.param_count * sizeof(float);
    for (uint64_t step = 1; step <= 9; step++) {
        const bool sparse = step % 3 != 0;
        const LsAdam adam = ls_adam_make(1e-2, step);
        memcpy(plain.params, other.params, bytes);
        (void)scene_step(&plain, &all_terms, NULL);
        ls_pass_forget(anew.pass);
        for (size_t i = 1; i < LS_COUNT(scenes); i++) {
            ls_pass_set_sparse(scenes[i]->pass, sparse);
            ls_pass_prepare(scenes[i]->pass, scenes[i]->params);
            (void)scene_step(scenes[i], &all_terms, NULL);
            compare_gradients(scenes[i], &plain, tolerance_of(backend));
            (void)scene_step(scenes[i], &all_terms, &adam);
        }
        assert_memory_equal(other.params, anew.params, bytes);
        for (int i = 0; i <= plain.model.logvar && sparse; i++) {
            if (looks(&plain.model, i)) {
                assert_memory_equal(ls_pass_layer(other.pass, i), ls_pass_layer(plain.pass, i),
                                    130 * (size_t)plain.model.layer[i].out * sizeof(float));
            }
        }
    }
    for (size_t i = 0; i < LS_COUNT(scenes); i++) {
        scene_finish(scenes[i]);
    }
}

static void dark_images_are_left_to_the_programs_own_kernels(void **state)
{
    (void)state;
    with_each(check_sparse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_those_of_openblas),
        cmocka_unit_test(the_copy_of_the_weights_follows_every_update),
        cmocka_unit_test(dark_images_are_left_to_the_programs_own_kernels),
        cmocka_unit_test(weights_changed_by_another_are_taken_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
