#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/measure/exact.h"
#include "latentscape/measure/posterior.h"
#include "latentscape/vae/checkpoint.h"

typedef struct Scene {
    LsCheckpoint checkpoint; /* the shipped model */
    LsDataset *data;
    LsPosterior *posterior;
    float x[784];
} Scene;

static void scene_init(Scene *scene)
{
    char path[LS_PATH_MAX];
    memset(scene, 0, sizeof *scene);
    scene->data = ls_dataset_open_digits(NULL);
    assert_non_null(scene->data);
    assert_true(ls_path_asset("models/digits-2d.safetensors", path, NULL));
    assert_true(ls_checkpoint_open(&scene->checkpoint, path, NULL));
    scene->posterior = ls_posterior_create(&scene->checkpoint.model, NULL);
    assert_non_null(scene->posterior);
}

static void scene_finish(Scene *scene)
{
    ls_posterior_destroy(scene->posterior);
    ls_checkpoint_finish(&scene->checkpoint);
    ls_dataset_destroy(scene->data);
}

static const LsPosteriorPicture *run(Scene *scene, uint32_t image, int rows)
{
    ls_dataset_gather(scene->data, &scene->data->heldout, image, NULL, 1, scene->x);
    ls_posterior_begin(scene->posterior, scene->checkpoint.params, scene->x, true);
    assert_null(ls_posterior_picture(scene->posterior));
    assert_true(ls_posterior_running(scene->posterior));
    while (!ls_posterior_advance(scene->posterior, rows)) {
    }
    assert_false(ls_posterior_running(scene->posterior));
    return ls_posterior_picture(scene->posterior);
}

static void set_tensor(Scene *scene, const char *name, float scale, float add)
{
    const int at = ls_model_find_tensor(&scene->checkpoint.model, name);
    assert_true(at >= 0);
    const LsTensor *tensor = &scene->checkpoint.model.tensor[at];
    for (int i = 0; i < tensor->rows * tensor->cols; i++) {
        float *value = scene->checkpoint.params + tensor->offset + i;
        *value = *value * scale + add;
    }
}

static void a_blind_decoder_leaves_the_prior(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene);
    set_tensor(&scene, "decoder.2.weight", 0, 0);
    set_tensor(&scene, "mu.weight", 0, 0);
    set_tensor(&scene, "mu.bias", 0, 0);
    set_tensor(&scene, "logvar.weight", 0, 0);
    set_tensor(&scene, "logvar.bias", 0, 0);
    const LsPosteriorPicture *picture = run(&scene, 0, 64);
    assert_float_equal(picture->gap, 0, 2e-3);
    for (int i = 0; i < 2; i++) {
        assert_float_equal(picture->mean[i], 0, 1e-3);
        assert_float_equal(picture->spread[i], 1, 2e-3);
        const double deviations = i + 1;
        const double edge = exp(-0.5 * deviations * deviations);
        assert_float_equal(picture->level[i], edge, 0.01);
    }
    scene_finish(&scene);
}

static void figures_agree_with_the_sum_over_the_whole_plane(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene);

    enum {
        IMAGES = 3
    };

    LsExact *exact = ls_exact_create(&scene.checkpoint.model, IMAGES, 1, NULL);
    assert_non_null(exact);
    ls_exact_begin(exact, scene.checkpoint.params, scene.data, &scene.data->heldout, 0, IMAGES, 4,
                   LS_EXACT_FINE);
    for (int i = 0; i < ls_exact_tasks(exact); i++) {
        ls_exact_task(exact, i, 0);
    }
    for (int i = 0; i < IMAGES; i++) {
        const LsPosteriorPicture *picture = run(&scene, (uint32_t)i, 61);
        assert_float_equal(picture->log_p, ls_exact_log_p(exact, i), 0.02);
        assert_float_equal(picture->elbo, ls_exact_elbo(exact, i), 1e-3);
        assert_true(picture->gap == picture->log_p - picture->elbo);
        assert_true(picture->gap > -1e-3);
    }
    ls_exact_destroy(exact);
    scene_finish(&scene);
}

static void levels_enclose_their_share(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene);
    const LsPosteriorPicture *picture = run(&scene, 12, 64);
    const double wanted[] = {0.393, 0.865};
    for (int i = 0; i < LS_POSTERIOR_LEVELS; i++) {
        double sum = 0;
        double above = 0;
        for (int k = 0; k < picture->nx * picture->ny; k++) {
            const double density = (double)picture->density[k];
            assert_true(density >= 0 && density <= 1);
            sum += density;
            if (density >= picture->level[i]) {
                above += density;
            }
        }
        assert_true(fabs(above / sum - wanted[i]) < 0.03);
    }
    assert_true(picture->level[0] > picture->level[1]);
    scene_finish(&scene);
}

static void slices_do_not_matter_and_the_last_result_stays(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene);
    const LsPosteriorPicture *picture = run(&scene, 5, 64);
    const double log_p = picture->log_p;
    const int nx = picture->nx;
    ls_posterior_begin(scene.posterior, scene.checkpoint.params, scene.x, false);
    assert_false(ls_posterior_advance(scene.posterior, 7));
    assert_true(ls_posterior_picture(scene.posterior)->log_p == log_p);
    while (!ls_posterior_advance(scene.posterior, 7)) {
    }
    assert_float_equal(ls_posterior_picture(scene.posterior)->log_p, log_p, 1e-3);
    assert_int_equal(ls_posterior_picture(scene.posterior)->nx, nx);
    scene_finish(&scene);
}

static void weights_that_are_no_numbers_end_all_the_same(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene);
    set_tensor(&scene, "decoder.2.bias", 1, NAN);
    const LsPosteriorPicture *picture = run(&scene, 0, 64);
    assert_true(!isfinite(picture->log_p));
    set_tensor(&scene, "mu.bias", 1, NAN);
    (void)run(&scene, 0, 64);
    scene_finish(&scene);
}

static void other_latent_sizes_are_refused(void **state)
{
    (void)state;
    const LsModelSpec spec = {
        .width = 4, .height = 4, .channels = 1, .latent = 1, .hidden = {1, {8}}, .activation = 0};
    LsModel model;
    LsError err = {0};
    assert_true(ls_model_init(&model, &spec, NULL));
    assert_null(ls_posterior_create(&model, &err));
    assert_int_equal(err.code, LS_ERR_MODEL);
    ls_posterior_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blind_decoder_leaves_the_prior),
        cmocka_unit_test(figures_agree_with_the_sum_over_the_whole_plane),
        cmocka_unit_test(levels_enclose_their_share),
        cmocka_unit_test(slices_do_not_matter_and_the_last_result_stays),
        cmocka_unit_test(weights_that_are_no_numbers_end_all_the_same),
        cmocka_unit_test(other_latent_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
