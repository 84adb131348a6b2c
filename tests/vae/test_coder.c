#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/vae/coder.h"

#include "twin.h"

enum {
    ROWS = 20,
    PIXELS = 33,
    LATENT = 2
};

static const LsModelSpec spec = {.width = PIXELS,
                                 .height = 1,
                                 .channels = 1,
                                 .latent = LATENT,
                                 .hidden = {2, {24, 17}},
                                 .activation = 2};

typedef struct Setup {
    LsModel model;
    float *params;
    LsCoder *coder;
    float x[ROWS * PIXELS], z[ROWS * LATENT];
} Setup;

static void setup_init(Setup *setup)
{
    assert_true(ls_model_init(&setup->model, &spec, NULL));
    setup->params = ls_memory_floats(setup->model.param_count, NULL);
    setup->coder = ls_coder_create(&setup->model, ROWS, NULL);
    assert_true(setup->params != NULL && setup->coder != NULL);
    ls_model_init_params(&setup->model, 1, setup->params);
    const LsRng rng = ls_rng_make(1, LS_RNG_VIEW);
    ls_rng_uniform(rng, 0, LS_COUNT(setup->x), setup->x);
    ls_rng_normal(rng, 4096, LS_COUNT(setup->z), setup->z);
}

static void setup_finish(Setup *setup)
{
    ls_coder_destroy(setup->coder);
    ls_memory_free(setup->params);
}

static void a_coder_tells_what_it_was_made_for(void **state)
{
    (void)state;
    Setup setup;
    setup_init(&setup);
    assert_int_equal(ls_coder_rows(setup.coder), ROWS);
    assert_true(ls_model_equal(ls_coder_model(setup.coder), &setup.model));
    ls_coder_destroy(NULL);
    setup_finish(&setup);
}

static void images_do_not_depend_on_their_company(void **state)
{
    (void)state;
    Setup setup;
    setup_init(&setup);
    float all[ROWS * PIXELS], some[ROWS * PIXELS];
    float mu[ROWS * LATENT], logvar[ROWS * LATENT], mu_some[ROWS * LATENT], rest[ROWS * LATENT];
    ls_coder_decode(setup.coder, setup.params, ROWS, setup.z, NULL, all);
    ls_coder_encode(setup.coder, setup.params, ROWS, setup.x, mu, logvar);
    for (int n = 1; n < ROWS; n++) {
        ls_coder_decode(setup.coder, setup.params, n, setup.z, NULL, some);
        for (size_t i = 0; i < (size_t)n * PIXELS; i++) {
            twin_check("prob", i, (double)some[i], (double)all[i], 1e-5, 0.01);
        }
        ls_coder_encode(setup.coder, setup.params, n, setup.x, mu_some, rest);
        for (size_t i = 0; i < (size_t)n * LATENT; i++) {
            twin_check("mu", i, (double)mu_some[i], (double)mu[i], 1e-5, 0.1);
            twin_check("logvar", i, (double)rest[i], (double)logvar[i], 1e-5, 0.1);
        }
    }
    setup_finish(&setup);
}

static void probabilities_are_the_sigmoid_of_the_logits(void **state)
{
    (void)state;
    Setup setup;
    setup_init(&setup);
    float logits[ROWS * PIXELS], prob[ROWS * PIXELS], alone[ROWS * PIXELS];
    ls_coder_decode(setup.coder, setup.params, ROWS, setup.z, logits, prob);
    ls_coder_decode(setup.coder, setup.params, ROWS, setup.z, NULL, alone);
    assert_memory_equal(prob, alone, sizeof prob);
    for (size_t i = 0; i < LS_COUNT(prob); i++) {
        assert_true(prob[i] >= 0.0f && prob[i] <= 1.0f);
        twin_check("prob", i, (double)prob[i], 1.0 / (1.0 + exp(-(double)logits[i])), 1e-6, 0.0);
    }
    ls_coder_decode(setup.coder, setup.params, ROWS, setup.z, alone, NULL);
    assert_memory_equal(logits, alone, sizeof logits);
    setup_finish(&setup);
}

static void nothing_is_written_beyond_the_rows_asked_for(void **state)
{
    (void)state;
    Setup setup;
    setup_init(&setup);
    float prob[ROWS * PIXELS], mu[ROWS * LATENT], logvar[ROWS * LATENT];
    for (int n = 0; n <= 3; n++) {
        memset(prob, 0x55, sizeof prob);
        memset(mu, 0x55, sizeof mu);
        memset(logvar, 0x55, sizeof logvar);
        const float untouched = prob[0];
        ls_coder_decode(setup.coder, setup.params, n, setup.z, NULL, prob);
        ls_coder_encode(setup.coder, setup.params, n, setup.x, mu, logvar);
        assert_true(prob[n * PIXELS] == untouched);
        assert_true(mu[n * LATENT] == untouched && logvar[n * LATENT] == untouched);
    }
    setup_finish(&setup);
}

static void logvar_is_clamped(void **state)
{
    (void)state;
    Setup setup;
    setup_init(&setup);
    const LsTensor *bias = &setup.model.tensor[ls_model_find_tensor(&setup.model, "logvar.bias")];
    setup.params[bias->offset] = -100.0f;
    setup.params[bias->offset + 1] = 100.0f;
    float mu[ROWS * LATENT], logvar[ROWS * LATENT];
    ls_coder_encode(setup.coder, setup.params, ROWS, setup.x, mu, logvar);
    for (size_t i = 0; i < LS_COUNT(logvar); i += 2) {
        assert_true(logvar[i] == -12.0f && logvar[i + 1] == 12.0f);
    }
    setup_finish(&setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_coder_tells_what_it_was_made_for),
        cmocka_unit_test(images_do_not_depend_on_their_company),
        cmocka_unit_test(probabilities_are_the_sigmoid_of_the_logits),
        cmocka_unit_test(nothing_is_written_beyond_the_rows_asked_for),
        cmocka_unit_test(logvar_is_clamped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
