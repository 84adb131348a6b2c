#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/rng.h"
#include "latentscape/measure/neighbours.h"

#include "near.h"

static void distances_equal_those_of_a_plain_loop(void **state)
{
    (void)state;

    enum {
        ROWS = 9,
        SET = 21,
        SIZE = 37
    };

    float a[ROWS * SIZE], b[SET * SIZE], a_norm[ROWS], b_norm[SET], distance[ROWS * SET];
    ls_rng_normal(ls_rng_make(1, LS_RNG_VIEW), 0, ROWS * SIZE, a);
    ls_rng_normal(ls_rng_make(2, LS_RNG_VIEW), 0, SET * SIZE, b);
    ls_neighbours_norms(ROWS, SIZE, a, a_norm);
    ls_neighbours_norms(SET, SIZE, b, b_norm);
    ls_neighbours_distances(ROWS, SET, SIZE, a, a_norm, b, b_norm, distance);
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < SET; j++) {
            double sum = 0;
            for (int k = 0; k < SIZE; k++) {
                const double d = (double)a[i * SIZE + k] - (double)b[j * SIZE + k];
                sum += d * d;
            }
            assert_near(distance[i * SET + j], sum, 1e-4 * sum);
        }
    }
}

static void the_third_nearest_of_a_row_of_points_is_known(void **state)
{
    (void)state;
    const float squared[] = {0, 1, 4, 9, 16, 25}; /* from 0 to 0, 1, 2 ... on a line */
    assert_near(ls_neighbours_radius(6, 3, 0, squared), 9, 0);
    assert_near(ls_neighbours_radius(6, 3, -1, squared), 4, 0);
    assert_near(ls_neighbours_radius(6, 1, 0, squared), 1, 0);
}

static void the_nearest_come_in_order_and_of_equals_the_first(void **state)
{
    (void)state;
    const float squared[] = {5, 2, 2, 7, 1, 2};
    int index[4];
    ls_neighbours_nearest(6, 4, squared, index);
    assert_int_equal(index[0], 4);
    assert_int_equal(index[1], 1);
    assert_int_equal(index[2], 2);
    assert_int_equal(index[3], 5);
}

static void balls_are_noted_and_add_up(void **state)
{
    (void)state;
    const float squared[] = {1, 4, 9}, radii[] = {0.5f, 4, 8};
    float covered[3] = {0}, reached[3] = {1, 0, 0};
    assert_true(ls_neighbours_within(3, squared, radii, covered));
    assert_near(covered[0] + 10 * covered[1] + 100 * covered[2], 10, 0);
    ls_neighbours_reach(3, 0.9f, squared, reached);
    assert_near(reached[0], 1, 0); /* what was there stays */
    ls_neighbours_reach(3, 4, squared, reached);
    assert_near(reached[0] + 10 * reached[1] + 100 * reached[2], 11, 0);
    const float far[] = {100, 100, 100};
    assert_false(ls_neighbours_within(3, far, radii, covered));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_equal_those_of_a_plain_loop),
        cmocka_unit_test(the_third_nearest_of_a_row_of_points_is_known),
        cmocka_unit_test(the_nearest_come_in_order_and_of_equals_the_first),
        cmocka_unit_test(balls_are_noted_and_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
