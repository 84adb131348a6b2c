#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/measure/measure.h"

#include "near.h"

static void every_measure_is_described_and_named_once(void **state)
{
    (void)state;
    const LsMeasureRow *rows = ls_measure_rows();
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        assert_true(rows[i].name[0] != '\0' && rows[i].label[0] != '\0');
        assert_true(strlen(rows[i].help) > 40);
        assert_int_equal(rows[i].help[strlen(rows[i].help) - 1], '.');
        assert_non_null(rows[i].unit);
        assert_non_null(rows[i].paper);
        assert_non_null(rows[i].missing);
        assert_non_null(rows[i].estimate);
        assert_int_equal(ls_measure_find(rows[i].name), i);
    }
    assert_int_equal(ls_measure_find("beauty"), LS_MEASURE_COUNT);
}

static void figures_follow_from_their_material(void **state)
{
    (void)state;
    const float gradient[] = {1, 3}, decided[] = {0.5f, 0.5f}, share[] = {0.25f, 0.75f};
    const float yes[] = {1, 1, 1, 0}, mu[] = {0, 5, 0, 5}, told[] = {2, 4};
    const LsMeasureMaterial material = {.samples = 2,
                                        .gradient = gradient,
                                        .decided = decided,
                                        .real_gradient = {.value = 4},
                                        .real_decided = {.value = 1},
                                        .confidence = share,
                                        .agreement = share,
                                        .pairs = 4,
                                        .precise = yes,
                                        .reached = yes,
                                        .covered = yes,
                                        .codes = 2,
                                        .latent = 2,
                                        .mu = mu,
                                        .information = told,
                                        .distance = {.value = 0.25, .error = 0.125},
                                        .gap = {.value = 22, .error = 1.5}};
    LsMeasureValue value[LS_MEASURE_COUNT];
    ls_measure_all(&material, value);
    const double wanted[LS_MEASURE_COUNT] = {
        [LS_MEASURE_SHARPNESS] = 0.5, [LS_MEASURE_CLARITY] = 0.5,    [LS_MEASURE_COHERENCE] = 0.5,
        [LS_MEASURE_AGREEMENT] = 0.5, [LS_MEASURE_PRECISION] = 0.75, [LS_MEASURE_RECALL] = 0.75,
        [LS_MEASURE_COVERAGE] = 0.75, [LS_MEASURE_ACTIVE] = 0,       [LS_MEASURE_INFORMATION] = 3,
        [LS_MEASURE_DISTANCE] = 0.25, [LS_MEASURE_OVERFITTING] = 22};
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        assert_null(value[i].missing);
        assert_near(value[i].value, wanted[i], 1e-9);
    }
    assert_near(value[LS_MEASURE_SHARPNESS].error, 0.25, 1e-9);
    assert_near(value[LS_MEASURE_DISTANCE].error, 0.125, 1e-9);
    assert_near(value[LS_MEASURE_OVERFITTING].error, 1.5, 1e-9);
}

static void what_is_missing_has_its_reason_and_no_figure(void **state)
{
    (void)state;
    const LsMeasureMaterial material = {.no_classifier = "no judge",
                                        .no_neighbours = "too few",
                                        .no_codes = "no codes",
                                        .no_gap = "no evaluation"};
    LsMeasureValue value[LS_MEASURE_COUNT];
    ls_measure_all(&material, value);
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        assert_non_null(value[i].missing);
        assert_near(value[i].value, 0, 0);
    }
    assert_string_equal(value[LS_MEASURE_AGREEMENT].missing, "no judge");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_measure_is_described_and_named_once),
        cmocka_unit_test(figures_follow_from_their_material),
        cmocka_unit_test(what_is_missing_has_its_reason_and_no_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
