/* Once warm, neither a training step nor a decode asks for memory. The linker hands every allocation
 * of the engine's own objects to the counters below (--wrap); BLAS keeps its own pool. */
#include <stdlib.h>

#include "latentscape/vae/coder.h"

#include "scene.h"
#include "tests/allocations.h"
#include "twin.h"

static const LsModelSpec spec = {.width = 28,
                                 .height = 28,
                                 .channels = 1,
                                 .latent = 2,
                                 .hidden = {2, {64, 32}},
                                 .activation = 2};

static void steps_ask_for_no_memory(void **state)
{
    (void)state;
    const LsLoss loss = {.w_rec = 1.0, .w_kl = 1.0, .w_reg = 1e-4};
    Scene scene;
    const size_t before = calls;
    scene_init(&scene, &spec, 130, 1);
    assert_true(calls > before); /* the counters are in place */
    const size_t warm = calls;
    for (uint64_t step = 1; step <= 10; step++) {
        const LsAdam adam = ls_adam_make(1e-3, step);
        ls_pass_set_batch(scene.pass, step % 2 == 0 ? 130 : 17);
        (void)scene_step(&scene, &loss, &adam);
        (void)scene_step(&scene, &loss, NULL);
    }
    assert_int_equal(calls, warm);
    scene_finish(&scene);
}

static void coding_asks_for_no_memory(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 10, 1);
    LsCoder *coder = ls_coder_create(&scene.model, 10, NULL);
    assert_non_null(coder);
    static float x[10 * 784], mu[20], logvar[20];
    const size_t warm = calls;
    for (int n = 1; n <= 10; n++) {
        ls_coder_encode(coder, scene.params, n, x, mu, logvar);
        ls_coder_decode(coder, scene.params, n, mu, NULL, x);
    }
    assert_int_equal(calls, warm);
    ls_coder_destroy(coder);
    scene_finish(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_ask_for_no_memory),
        cmocka_unit_test(coding_asks_for_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
