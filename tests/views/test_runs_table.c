#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/runs_table.h"

static void runs_are_sorted_by_any_column_and_the_unknown_comes_last(void **state)
{
    (void)state;
    const ViewRunRow rows[] = {
        {.number = 1, .what = "b", .step = 300, .elbo = -150},
        {.number = 2, .what = "c", .step = 100, .elbo = (double)NAN},
        {.number = 3, .what = "a", .step = 200, .elbo = -140},
    };

    const struct {
        int column;
        bool down;
        int order[3];
    } cases[] = {
        {0, false, {0, 1, 2}}, {0, true, {2, 1, 0}},  {1, false, {2, 0, 1}}, {2, true, {0, 2, 1}},
        {3, true, {2, 0, 1}},  {3, false, {0, 2, 1}}, {4, true, {0, 1, 2}},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        int order[3] = {-1, -1, -1};
        view_runs_table_sort(rows, 3, cases[i].column, cases[i].down, order);
        for (int k = 0; k < 3; k++) {
            assert_int_equal(order[k], cases[i].order[k]);
        }
    }
}

static void any_measure_sorts_whether_or_not_it_is_shown(void **state)
{
    (void)state;
    for (int m = 0; m < LS_MEASURE_COUNT; m++) {
        ViewRunRow rows[3] = {{.number = 1}, {.number = 2}, {.number = 3}};
        int order[3];
        for (int i = 0; i < 3; i++) {
            rows[i].measures.serial = i < 2; /* the third is not measured */
            rows[i].measures.value[m].value = i;
        }
        view_runs_table_sort(rows, 3, 4 + m, true, order);
        assert_int_equal(rows[order[0]].number, 2);
        assert_int_equal(rows[order[1]].number, 1);
        assert_int_equal(rows[order[2]].number, 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_measure_sorts_whether_or_not_it_is_shown),
        cmocka_unit_test(runs_are_sorted_by_any_column_and_the_unknown_comes_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
