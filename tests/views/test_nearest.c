#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/rng.h"

#include "views/nearest.h"

enum {
    COUNT = 300,
    LATENT = 3,
    K = 5
};

static float distance(const float *a, const float *b)
{
    float sum = 0;
    for (int j = 0; j < LATENT; j++) {
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return sum;
}

static void no_code_is_nearer_than_those_found(void **state)
{
    (void)state;
    float codes[COUNT * LATENT];
    ls_rng_normal(ls_rng_make(7, LS_RNG_VIEW), 0, COUNT * LATENT, codes);
    const float z[LATENT] = {0.3F, -0.4F, 0};
    int found[K];
    assert_int_equal(view_nearest_find(codes, COUNT, LATENT, z, K, found), K);
    for (int i = 1; i < K; i++) {
        assert_true(distance(codes + found[i - 1] * LATENT, z) <=
                    distance(codes + found[i] * LATENT, z));
    }
    const float farthest = distance(codes + found[K - 1] * LATENT, z);
    int nearer = 0;
    for (int i = 0; i < COUNT; i++) {
        nearer += distance(codes + i * LATENT, z) < farthest;
    }
    assert_int_equal(nearer, K - 1);
}

static void fewer_codes_than_asked_for_are_all_found(void **state)
{
    (void)state;
    const float codes[] = {3, 1, 2};
    const float z[] = {0};
    int found[K];
    assert_int_equal(view_nearest_find(codes, 3, 1, z, K, found), 3);
    assert_int_equal(found[0], 1);
    assert_int_equal(found[1], 2);
    assert_int_equal(found[2], 0);
    assert_int_equal(view_nearest_find(codes, 0, 1, z, K, found), 0);
}

static void codes_that_are_no_numbers_are_passed_over(void **state)
{
    (void)state;
    const float codes[] = {NAN, 5, INFINITY, 4};
    const float z[] = {0};
    int found[K];
    assert_int_equal(view_nearest_find(codes, 4, 1, z, K, found), 2);
    assert_int_equal(found[0], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_code_is_nearer_than_those_found),
        cmocka_unit_test(fewer_codes_than_asked_for_are_all_found),
        cmocka_unit_test(codes_that_are_no_numbers_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
