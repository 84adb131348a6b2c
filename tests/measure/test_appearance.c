#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/rng.h"
#include "latentscape/measure/appearance.h"

#include "near.h"

enum {
    SIDE = 28,
    PIXELS = SIDE * SIDE
};

static void an_even_surface_has_no_edges(void **state)
{
    (void)state;
    float image[PIXELS];
    for (size_t i = 0; i < PIXELS; i++) {
        image[i] = 0.5f;
    }
    assert_near(ls_appearance_gradient(SIDE, SIDE, 1, image), 0, 0);
    assert_near(ls_appearance_decided(PIXELS, image), 0, 1e-6);
}

static void a_chessboard_is_as_sharp_as_can_be(void **state)
{
    (void)state;
    float image[PIXELS];
    for (size_t i = 0; i < PIXELS; i++) {
        image[i] = (i / SIDE + i % SIDE) % 2 == 0 ? 1.0f : 0.0f;
    }
    /* Every pair of neighbours differs by 1; there are 2 * 28 * 27 of them. */
    assert_near(ls_appearance_gradient(SIDE, SIDE, 1, image), 2.0 * 27 / 28, 1e-6);
    assert_near(ls_appearance_decided(PIXELS, image), 1, 1e-6);
}

static void uniform_noise_has_a_sixth_a_difference_and_a_third_of_decision(void **state)
{
    (void)state;
    double gradient = 0, decided = 0;
    for (uint64_t n = 0; n < 200; n++) {
        float image[PIXELS];
        ls_rng_uniform(ls_rng_make(n, LS_RNG_VIEW), 0, PIXELS, image);
        gradient += (double)ls_appearance_gradient(SIDE, SIDE, 1, image) / 200;
        decided += (double)ls_appearance_decided(PIXELS, image) / 200;
    }
    assert_near(gradient, 2.0 / 6 * 27 / 28, 0.002);
    assert_near(decided, 1.0 / 3, 0.003);
}

static void channels_are_compared_with_themselves(void **state)
{
    (void)state;
    /* Red everywhere, green and blue nowhere: no edge, though neighbouring numbers differ. */
    float image[6 * 5 * 3];
    for (size_t i = 0; i < 6 * 5 * 3; i++) {
        image[i] = i % 3 == 0 ? 1.0f : 0.0f;
    }
    assert_near(ls_appearance_gradient(6, 5, 3, image), 0, 0);
    assert_near(ls_appearance_gradient(1, 1, 3, image), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_even_surface_has_no_edges),
        cmocka_unit_test(a_chessboard_is_as_sharp_as_can_be),
        cmocka_unit_test(uniform_noise_has_a_sixth_a_difference_and_a_third_of_decision),
        cmocka_unit_test(channels_are_compared_with_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
