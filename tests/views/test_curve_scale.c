#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/curve_scale.h"

enum {
    STEPS = 1000
};

/* A trace of `steps` single steps; value and noise by step. */
static void fill(ViewTrace *trace, int steps, float (*value)(int step))
{
    trace->count = 0;
    for (int i = 0; i < steps; i++) {
        ViewGroup *group = &trace->group[trace->count++];
        *group = (ViewGroup){.step = i + 1};
        for (int s = 0; s < LS_SERIES_COUNT; s++) {
            const float smooth = value(i + 1);
            group->series[s].smooth = smooth;
            group->series[s].min = smooth - 2;
            group->series[s].max = smooth + 2;
            group->series[s].shown = true;
        }
    }
}

static float falling(int step)
{
    return 130 + 400 * expf(-(float)step / 12);
}

static float spiked(int step)
{
    return step == 500 ? 5000 : 130 + 10 * sinf((float)step / 50);
}

static float jumped(int step)
{
    return step > 950 ? 300 : 130;
}

static float constant(int step)
{
    (void)step;
    return 7;
}

static ViewScale need_of(float (*value)(int step))
{
    static const ViewKinds kinds = {0};
    ViewTrace trace;
    ViewScale need;
    fill(&trace, STEPS, value);
    assert_true(view_curve_scale_need(&trace, LS_SERIES_REC, NULL, 0, &kinds, 0, 0.08 * STEPS,
                                      STEPS, &need));
    return need;
}

static void the_cliff_of_the_beginning_does_not_squash_the_rest(void **state)
{
    (void)state;
    const ViewScale need = need_of(falling);
    assert_true(need.low < 130);
    assert_true(need.high < 250);
}

static void a_single_spike_does_not_squash_the_rest(void **state)
{
    (void)state;
    assert_true(need_of(spiked).high < 200);
}

static void the_newest_values_are_always_in_sight(void **state)
{
    (void)state;
    const ViewScale need = need_of(jumped);
    assert_true(need.high >= 300 && need.low <= 130);
}

static void heldout_points_are_in_sight_but_for_the_earliest(void **state)
{
    (void)state;
    static const ViewKinds kinds = {0};
    ViewTrace trace;
    ViewScale need;
    fill(&trace, STEPS, constant);
    const LsMetric evaluations[] = {{.step = 1, .heldout = {.rec = 540}},
                                    {.step = 500, .heldout = {.rec = 20}}};
    assert_true(view_curve_scale_need(&trace, LS_SERIES_REC, evaluations, 2, &kinds, 0,
                                      0.08 * STEPS, STEPS, &need));
    assert_true(need.high >= 20 && need.high < 100);
}

static void nothing_to_show_needs_no_scale(void **state)
{
    (void)state;
    static const ViewKinds kinds = {0};
    ViewTrace trace = {.count = 0};
    ViewScale need;
    assert_false(view_curve_scale_need(&trace, LS_SERIES_KL, NULL, 0, &kinds, 0, 0.08 * STEPS,
                                       STEPS, &need));
}

static void an_axis_holds_the_need_with_room_and_never_goes_below_zero_alone(void **state)
{
    (void)state;
    const ViewScale needs[] = {{0.1, 9}, {126.2, 187.5}, {7, 7}, {0, 0}, {-3, 4}, {1e6, 1.1e6}};
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        ViewAxis axis = {0};
        view_curve_scale_follow(&axis, needs[i], 0, true);
        assert_true(axis.shown.low <= needs[i].low);
        assert_true(axis.shown.high >= needs[i].high && axis.shown.high > axis.shown.low);
        assert_true(needs[i].low < 0 || axis.shown.low >= 0);
        /* At least 40% of the height is used, but where a flat line leaves no choice. */
        assert_true(needs[i].high == needs[i].low ||
                    needs[i].high - needs[i].low > 0.4 * (axis.shown.high - axis.shown.low));
    }
}

static void an_axis_stays_while_the_curve_moves_within_it(void **state)
{
    (void)state;
    ViewAxis axis = {0};
    view_curve_scale_follow(&axis, (ViewScale){130, 180}, 0, true);
    const ViewScale before = axis.shown;
    for (int i = 0; i < 20; i++) {
        view_curve_scale_follow(&axis, (ViewScale){130 + 0.3 * i, 180 - 0.3 * i}, 1, true);
        assert_true(axis.shown.low == before.low && axis.shown.high == before.high);
    }
}

static void a_value_at_the_very_end_of_an_axis_moves_the_end(void **state)
{
    (void)state;
    ViewAxis axis = {0};
    view_curve_scale_follow(&axis, (ViewScale){130, 180}, 0, true);
    const double end = axis.aim.high;
    view_curve_scale_follow(&axis, (ViewScale){130, end}, 1, false);
    assert_true(axis.aim.high > end);
    axis = (ViewAxis){0};
    view_curve_scale_follow(&axis, (ViewScale){0, 8}, 0, true);
    const ViewScale before = axis.aim;
    view_curve_scale_follow(&axis, (ViewScale){0, 8}, 1, false); /* zero is an end of its own */
    assert_true(axis.aim.low == 0 && axis.aim.low == before.low && axis.aim.high == before.high);
}

static void an_axis_eases_and_arrives(void **state)
{
    (void)state;
    ViewAxis axis = {0};
    view_curve_scale_follow(&axis, (ViewScale){130, 180}, 0, true);
    view_curve_scale_follow(&axis, (ViewScale){130, 400}, 1.0 / 60, true);
    assert_true(axis.shown.high > 180 && axis.shown.high < 400);
    for (int i = 0; i < 120; i++) {
        view_curve_scale_follow(&axis, (ViewScale){130, 400}, 1.0 / 60, true);
    }
    assert_true(axis.shown.high == axis.aim.high && axis.shown.high >= 400);
    view_curve_scale_follow(&axis, (ViewScale){0, 10}, 0, false);
    assert_true(axis.shown.high < 20);
}

static void headroom_is_free_above_what_is_needed(void **state)
{
    (void)state;
    ViewAxis axis = {0};
    ViewScale need = {120, 144};
    view_curve_scale_headroom(&need, 0.2);
    view_curve_scale_follow(&axis, need, 0, false);
    assert_true((axis.shown.high - 144) / (axis.shown.high - axis.shown.low) >= 0.2);
    assert_true(need.low == 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cliff_of_the_beginning_does_not_squash_the_rest),
        cmocka_unit_test(a_single_spike_does_not_squash_the_rest),
        cmocka_unit_test(the_newest_values_are_always_in_sight),
        cmocka_unit_test(heldout_points_are_in_sight_but_for_the_earliest),
        cmocka_unit_test(nothing_to_show_needs_no_scale),
        cmocka_unit_test(an_axis_holds_the_need_with_room_and_never_goes_below_zero_alone),
        cmocka_unit_test(an_axis_stays_while_the_curve_moves_within_it),
        cmocka_unit_test(a_value_at_the_very_end_of_an_axis_moves_the_end),
        cmocka_unit_test(an_axis_eases_and_arrives),
        cmocka_unit_test(headroom_is_free_above_what_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
