#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/rng.h"
#include "latentscape/measure/exact.h"
#include "latentscape/vae/checkpoint.h"
#include "latentscape/vae/coder.h"

enum {
    SIDE = 5,
    PIXELS = SIDE * SIDE,
    IMAGES = 70, /* more than one task's */
};

typedef struct Scene {
    LsModel model;
    float *params;
    uint8_t pixels[IMAGES * PIXELS], labels[IMAGES];
    LsDataset data;
    LsExact *exact;
} Scene;

static const LsModelSpec spec = {.width = SIDE,
                                 .height = SIDE,
                                 .channels = 1,
                                 .latent = 2,
                                 .hidden = {1, {24}},
                                 .activation = 2};

static void scene_init(Scene *scene, int workers)
{
    memset(scene, 0, sizeof *scene);
    assert_true(ls_model_init(&scene->model, &spec, NULL));
    scene->params = ls_memory_floats(scene->model.param_count, NULL);
    assert_non_null(scene->params);
    ls_model_init_params(&scene->model, 3, scene->params);
    float noise[IMAGES * PIXELS];
    ls_rng_uniform(ls_rng_make(5, LS_RNG_VIEW), 0, LS_COUNT(noise), noise);
    for (size_t i = 0; i < LS_COUNT(noise); i++) {
        scene->pixels[i] = (uint8_t)(noise[i] * 255.99f);
    }
    scene->data = (LsDataset){.name = "noise",
                              .width = SIDE,
                              .height = SIDE,
                              .channels = 1,
                              .pixels = PIXELS,
                              .heldout = {IMAGES, scene->pixels, scene->labels}};
    scene->exact = ls_exact_create(&scene->model, IMAGES, workers, NULL);
    assert_non_null(scene->exact);
}

static void scene_finish(Scene *scene)
{
    ls_exact_destroy(scene->exact);
    ls_memory_free(scene->params);
}

static float *tensor(Scene *scene, const char *name, int *size)
{
    const int at = ls_model_find_tensor(&scene->model, name);
    assert_true(at >= 0);
    const LsTensor *found = &scene->model.tensor[at];
    *size = found->rows * found->cols;
    return scene->params + found->offset;
}

static void scale_tensor(Scene *scene, const char *name, float factor)
{
    int size = 0;
    float *value = tensor(scene, name, &size);
    for (int i = 0; i < size; i++) {
        value[i] *= factor;
    }
}

static void fill_tensor(Scene *scene, const char *name, float value)
{
    int size = 0;
    float *to = tensor(scene, name, &size);
    for (int i = 0; i < size; i++) {
        to[i] = value;
    }
}

static void run(Scene *scene, int n, int fine)
{
    ls_exact_begin(scene->exact, scene->params, &scene->data, &scene->data.heldout, 0, n, 8, fine);
    for (int i = 0; i < ls_exact_tasks(scene->exact); i++) {
        ls_exact_task(scene->exact, i, 0);
    }
}

/* Of one image under logits that are all the same, in double. */
static double constant_log_p(const Scene *scene, int image, double logit)
{
    double sum = 0;
    for (int i = 0; i < PIXELS; i++) {
        sum += logit * scene->pixels[image * PIXELS + i] / 255.0 - log1p(exp(logit));
    }
    return sum;
}

/* The decoder says the same of every place, and the encoder puts every image on the prior. */
static void blind(Scene *scene, float logit, float mu, float logvar)
{
    scale_tensor(scene, "decoder.1.weight", 0);
    fill_tensor(scene, "decoder.1.bias", logit);
    scale_tensor(scene, "mu.weight", 0);
    scale_tensor(scene, "logvar.weight", 0);
    fill_tensor(scene, "mu.bias", mu);
    fill_tensor(scene, "logvar.bias", logvar);
}

static void a_constant_decoder_has_the_likelihood_of_its_one_image(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 1);
    blind(&scene, -0.7f, 0, 0);
    run(&scene, IMAGES, 8);
    for (int i = 0; i < IMAGES; i++) {
        assert_float_equal(ls_exact_log_p(scene.exact, i), constant_log_p(&scene, i, -0.7), 5e-4);
        /* The posterior is the prior, which is what the encoder says: no gap. */
        assert_float_equal(ls_exact_elbo(scene.exact, i), ls_exact_log_p(scene.exact, i), 5e-4);
    }
    const LsExactMeans means = ls_exact_means(scene.exact);
    assert_float_equal(means.gap, 0, 5e-4);
    assert_int_equal(means.images, IMAGES);
    assert_int_equal(means.outside, 0);
    scene_finish(&scene);
}

static void the_gap_of_a_blind_decoder_is_the_divergence_from_the_prior(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 1);
    const float logvar = -2;
    blind(&scene, 0.4f, 0.5f, logvar);
    run(&scene, 9, 8);
    const double kl = 0.25 + exp((double)logvar) - 1 - (double)logvar; /* both axes, halved */
    assert_float_equal(ls_exact_means(scene.exact).gap, kl, 5e-4);
    scene_finish(&scene);
}

/* The sum over the grid once more: in double, node by node. */
static double plain_log_p(const Scene *scene, LsCoder *coder, int image, int cells)
{
    double most = -INFINITY;
    double sum = 0;
    const double step = 8.0 / cells;
    for (int k = 0; k < cells * cells; k++) {
        const double z0 = -4 + (k % cells + 0.5) * step;
        const double z1 = -4 + (k / cells + 0.5) * step;
        const float z[] = {(float)z0, (float)z1};
        float logits[PIXELS];
        ls_coder_decode(coder, scene->params, 1, z, logits, NULL);
        double value = -0.5 * (z0 * z0 + z1 * z1) - log(2 * M_PI) + 2 * log(step);
        for (int i = 0; i < PIXELS; i++) {
            const double l = (double)logits[i];
            value += l * scene->pixels[image * PIXELS + i] / 255.0 - log1p(exp(l));
        }
        const double larger = fmax(most, value);
        sum = sum * exp(most - larger) + exp(value - larger);
        most = larger;
    }
    return most + log(sum);
}

static void the_products_give_what_a_plain_sum_gives(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 1);
    scale_tensor(&scene, "decoder.1.weight", 12);
    LsCoder *coder = ls_coder_create(&scene.model, 1, NULL);
    assert_non_null(coder);
    run(&scene, IMAGES, 6);
    for (int i = 0; i < IMAGES; i += 23) {
        assert_float_equal(ls_exact_log_p(scene.exact, i), plain_log_p(&scene, coder, i, 48), 1e-4);
    }
    ls_coder_destroy(coder);
    scene_finish(&scene);
}

static void the_elbo_is_never_above_log_p(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 1);
    scale_tensor(&scene, "decoder.1.weight", 12);
    fill_tensor(&scene, "logvar.bias", -1);
    run(&scene, IMAGES, 16);
    for (int i = 0; i < IMAGES; i++) {
        assert_true(ls_exact_elbo(scene.exact, i) < ls_exact_log_p(scene.exact, i) + 1e-4);
    }
    assert_true(ls_exact_means(scene.exact).gap > 0.01);
    scene_finish(&scene);
}

static void a_grid_twice_as_fine_changes_nothing(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 1);
    scale_tensor(&scene, "decoder.1.weight", 12);
    run(&scene, IMAGES, 16);
    const LsExactMeans coarse = ls_exact_means(scene.exact);
    run(&scene, IMAGES, 32);
    const LsExactMeans fine = ls_exact_means(scene.exact);
    assert_int_equal(coarse.cells, 128);
    assert_int_equal(fine.cells, 256);
    assert_float_equal(coarse.log_p, fine.log_p, 1e-3);
    assert_float_equal(coarse.gap, fine.gap, 1e-3);
    scene_finish(&scene);
}

static void images_do_not_depend_on_their_company(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 1);
    scale_tensor(&scene, "decoder.1.weight", 12);
    run(&scene, IMAGES, 8);
    const double log_p = ls_exact_log_p(scene.exact, 2);
    const double elbo = ls_exact_elbo(scene.exact, 2);
    run(&scene, 3, 8);
    assert_float_equal(ls_exact_log_p(scene.exact, 2), log_p, 1e-4);
    assert_float_equal(ls_exact_elbo(scene.exact, 2), elbo, 1e-4);
    scene_finish(&scene);
}

static void the_order_of_tasks_within_the_lanes_does_not_matter(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 2);
    run(&scene, IMAGES, 8);
    const LsExactMeans forward = ls_exact_means(scene.exact);
    ls_exact_begin(scene.exact, scene.params, &scene.data, &scene.data.heldout, 0, IMAGES, 8, 8);
    const int tasks = ls_exact_tasks(scene.exact);
    for (int first = 0; first < tasks; first += LS_EXACT_LANES) {
        const int end = first + LS_EXACT_LANES < tasks ? first + LS_EXACT_LANES : tasks;
        for (int i = end - 1; i >= first; i--) {
            ls_exact_task(scene.exact, i, i % 2);
        }
    }
    const LsExactMeans backward = ls_exact_means(scene.exact);
    assert_true(forward.log_p == backward.log_p);
    assert_true(forward.gap == backward.gap);
    scene_finish(&scene);
}

static void the_grid_reaches_as_far_as_the_codes(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, 1);
    blind(&scene, 0, 5.2f, 0);
    run(&scene, 3, 2);
    assert_float_equal(ls_exact_means(scene.exact).half, 6, 0);
    assert_int_equal(ls_exact_means(scene.exact).outside, 0);
    blind(&scene, 0, 20, 0);
    run(&scene, 3, 2);
    assert_float_equal(ls_exact_means(scene.exact).half, 8, 0);
    assert_int_equal(ls_exact_means(scene.exact).outside, 3);
    scene_finish(&scene);
}

static void other_latent_sizes_are_refused(void **state)
{
    (void)state;
    LsModelSpec other = spec;
    other.latent = 3;
    LsModel model;
    LsError err = {0};
    assert_true(ls_model_init(&model, &other, NULL));
    assert_false(ls_exact_can(&model));
    assert_null(ls_exact_create(&model, 1, 1, &err));
    assert_int_equal(err.code, LS_ERR_MODEL);
    assert_non_null(strstr(err.text, "two latent dimensions"));
    ls_exact_destroy(NULL);
}

/* The promise of the command line: the grid it uses is fine enough for a real model. */
static void a_finer_grid_changes_the_shipped_model_by_less_than_a_hundredth(void **state)
{
    (void)state;
    char path[LS_PATH_MAX];
    LsCheckpoint checkpoint = {0};
    LsDataset *data = ls_dataset_open_digits(NULL);
    assert_non_null(data);
    assert_true(ls_path_asset("models/digits-2d.safetensors", path, NULL));
    assert_true(ls_checkpoint_open(&checkpoint, path, NULL));
    LsExact *exact = ls_exact_create(&checkpoint.model, 48, 1, NULL);
    assert_non_null(exact);
    double log_p[2];
    for (int i = 0; i < 2; i++) {
        ls_exact_begin(exact, checkpoint.params, data, &data->heldout, 0, 48, 4,
                       LS_EXACT_FINE << i);
        for (int k = 0; k < ls_exact_tasks(exact); k++) {
            ls_exact_task(exact, k, 0);
        }
        const LsExactMeans means = ls_exact_means(exact);
        log_p[i] = means.log_p;
        assert_true(means.gap > 0.5 && means.gap < 50);
    }
    assert_float_equal(log_p[0], log_p[1], 0.01);
    ls_exact_destroy(exact);
    ls_checkpoint_finish(&checkpoint);
    ls_dataset_destroy(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_decoder_has_the_likelihood_of_its_one_image),
        cmocka_unit_test(the_gap_of_a_blind_decoder_is_the_divergence_from_the_prior),
        cmocka_unit_test(the_products_give_what_a_plain_sum_gives),
        cmocka_unit_test(the_elbo_is_never_above_log_p),
        cmocka_unit_test(a_grid_twice_as_fine_changes_nothing),
        cmocka_unit_test(images_do_not_depend_on_their_company),
        cmocka_unit_test(the_order_of_tasks_within_the_lanes_does_not_matter),
        cmocka_unit_test(the_grid_reaches_as_far_as_the_codes),
        cmocka_unit_test(a_finer_grid_changes_the_shipped_model_by_less_than_a_hundredth),
        cmocka_unit_test(other_latent_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
