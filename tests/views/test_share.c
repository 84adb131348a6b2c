#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/share.h"

static void shares_add_up_to_one(void **state)
{
    (void)state;
    const double values[3] = {126.9, 6.65, 1500};
    const double weights[3] = {1, 4, 0};
    double share[3];
    view_share_compute(values, weights, 3, share);
    assert_true(fabs(share[0] + share[1] - 1) < 1e-12);
    assert_true(share[2] == 0);
    assert_true(fabs(share[1] - 26.6 / 153.5) < 1e-12);
}

static void undefined_and_negative_parts_count_as_nothing(void **state)
{
    (void)state;
    const double values[3] = {(double)NAN, -3, 5};
    const double weights[3] = {1, 1, 1};
    double share[3];
    view_share_compute(values, weights, 3, share);
    assert_true(share[0] == 0 && share[1] == 0 && share[2] == 1);
}

static void no_loss_has_no_shares(void **state)
{
    (void)state;
    const double values[3] = {1, 2, 3};
    const double weights[3] = {0, 0, 0};
    double share[3];
    float part[3];
    view_share_compute(values, weights, 3, share);
    view_share_bar(share, 3, 300, 3, part);
    assert_true(part[0] == 0 && part[1] == 0 && part[2] == 0);
}

static void the_bar_is_filled_and_small_parts_can_be_seen(void **state)
{
    (void)state;
    const double share[3] = {0.9989, 0.001, 0.0001};
    float part[3];
    view_share_bar(share, 3, 300, 3, part);
    assert_true(part[1] == 3 && part[2] == 3);
    assert_true(fabsf(part[0] + part[1] + part[2] - 300) < 1e-3F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_add_up_to_one),
        cmocka_unit_test(undefined_and_negative_parts_count_as_nothing),
        cmocka_unit_test(no_loss_has_no_shares),
        cmocka_unit_test(the_bar_is_filled_and_small_parts_can_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
