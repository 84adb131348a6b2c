/* What a view decodes, whatever room a frame has for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

#include "nn/tile.h"
#include "views/decoder.h"

enum {
    ROWS = 16
};

static void a_slice_of_any_size_gives_the_same_images_and_codes(void **state)
{
    (void)state;
    if (ls_tile_find() == NULL) {
        skip(); /* a library may multiply each size in a way of its own */
    }
    LsError err;
    const LsModelSpec spec = {.width = 28,
                              .height = 28,
                              .channels = 1,
                              .latent = 2,
                              .hidden = {.count = 2, .value = {96, 48}}};
    LsModel model;
    ViewDecoder decoder = {0};
    assert_true(ls_model_init(&model, &spec, &err));
    float *params = ls_memory_floats(model.param_count, &err);
    float *image = ls_memory_floats((size_t)ROWS * (size_t)model.pixels, &err);
    float z[ROWS * 2], mu[ROWS * 2], logvar[ROWS * 2];
    assert_non_null(params);
    assert_non_null(image);
    ls_model_init_params(&model, 3, params);
    assert_true(view_decoder_follow(&decoder, &model, ROWS, &err));
    ls_rng_normal(ls_rng_make(4, LS_RNG_VIEW), 0, ROWS * 2, z);
    const size_t row = (size_t)model.pixels;
    memcpy(decoder.z, z, sizeof z);
    view_decoder_decode(&decoder, NULL, params, ROWS);
    memcpy(image, decoder.image, ROWS * row * sizeof *image);
    view_decoder_encode(&decoder, NULL, params, ROWS);
    memcpy(mu, decoder.z, sizeof mu);
    memcpy(logvar, decoder.logvar, sizeof logvar);
    for (int n = 1; n <= ROWS; n++) {
        for (int first = 0; first + n <= ROWS; first += n) {
            const size_t at = (size_t)first * 2;
            memcpy(decoder.z, z + at, (size_t)n * 2 * sizeof *z);
            view_decoder_decode(&decoder, NULL, params, n);
            assert_memory_equal(decoder.image, image + (size_t)first * row,
                                (size_t)n * row * sizeof *image);
            view_decoder_encode(&decoder, NULL, params, n);
            assert_memory_equal(decoder.z, mu + at, (size_t)n * 2 * sizeof *mu);
            assert_memory_equal(decoder.logvar, logvar + at, (size_t)n * 2 * sizeof *logvar);
        }
    }
    view_decoder_finish(&decoder);
    ls_memory_free(image);
    ls_memory_free(params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slice_of_any_size_gives_the_same_images_and_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
