#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/measure/estimate.h"

#include "near.h"

static void mean_and_error_of_four_numbers_are_known(void **state)
{
    (void)state;
    const float x[] = {1, 2, 3, 4};
    const LsEstimate estimate = ls_estimate_mean(4, x);
    assert_near(estimate.value, 2.5, 1e-12);
    assert_near(estimate.error, sqrt(5.0 / 3 / 4), 1e-12);
}

static void a_constant_has_no_error_however_large(void **state)
{
    (void)state;
    const float x[] = {1e6f, 1e6f, 1e6f};
    assert_near(ls_estimate_mean(3, x).error, 0, 0);
    assert_near(ls_estimate_mean(1, x).error, 0, 0);
}

static void ratio_and_difference_carry_their_errors(void **state)
{
    (void)state;
    const LsEstimate a = {.value = 6, .error = 0.3}, b = {.value = 2, .error = 0.4};
    assert_near(ls_estimate_ratio(a, b).value, 3, 1e-12);
    assert_near(ls_estimate_ratio(a, b).error, 3 * hypot(0.05, 0.2), 1e-12);
    assert_near(ls_estimate_difference(a, b).value, 4, 1e-12);
    assert_near(ls_estimate_difference(a, b).error, 0.5, 1e-12);
    const LsEstimate nothing = {0};
    assert_near(ls_estimate_ratio(a, nothing).value, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_error_of_four_numbers_are_known),
        cmocka_unit_test(a_constant_has_no_error_however_large),
        cmocka_unit_test(ratio_and_difference_carry_their_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
