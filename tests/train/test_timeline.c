#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/train/timeline.h"

enum {
    PARAMS = 1000
};

static float params[PARAMS];

static LsSnapshot at(uint64_t step)
{
    LsSnapshot snapshot = {.model_id = 1, .step = step, .params = params};
    snapshot.model.param_count = PARAMS;
    snapshot.settings.beta = (double)step;
    for (int i = 0; i < PARAMS; i++) {
        params[i] = (float)sin((double)step + i) * (i < 256 ? 100.0f : 0.01f);
    }
    return snapshot;
}

static void weights_come_back_to_within_a_4000th_of_the_largest_nearby(void **state)
{
    (void)state;
    LsPacked packed = {0};
    float back[PARAMS];
    (void)at(3);
    assert_true(ls_packed_make(&packed, params, PARAMS, NULL));
    ls_packed_open(&packed, back);
    for (int i = 0; i < PARAMS; i++) {
        assert_true(fabsf(back[i] - params[i]) <= (i < 256 ? 100.0f : 0.01f) / 4000);
    }
    for (int i = 0; i < PARAMS; i++) {
        params[i] = 0;
    }
    assert_true(ls_packed_make(&packed, params, PARAMS, NULL));
    ls_packed_open(&packed, back);
    assert_true(back[0] == 0 && back[PARAMS - 1] == 0);
    ls_packed_finish(&packed);
    ls_packed_finish(&packed);
}

static void states_are_bounded_and_spread_evenly_over_the_run(void **state)
{
    (void)state;
    const int most = 20;
    LsTimeline *timeline = ls_timeline_create((size_t)most * ls_packed_bytes(PARAMS), NULL);
    assert_non_null(timeline);
    for (uint64_t step = 0; step <= 30000; step += 3) {
        const LsSnapshot snapshot = at(step);
        ls_timeline_note(timeline, &snapshot);
        assert_true(ls_timeline_count(timeline) <= most);
    }
    const int count = ls_timeline_count(timeline);
    assert_true(count >= most / 2);
    assert_int_equal(ls_timeline_step(timeline, 0), 0);
    assert_true(ls_timeline_step(timeline, count - 1) > 30000 - 2 * 30000 / most);
    for (int i = 1; i < count; i++) {
        const uint64_t gap = ls_timeline_step(timeline, i) - ls_timeline_step(timeline, i - 1);
        assert_in_range(gap, 1, 3 * 30000 / most);
    }
    ls_timeline_destroy(timeline);
}

static void a_state_opens_with_the_settings_of_its_step(void **state)
{
    (void)state;
    LsTimeline *timeline = ls_timeline_create(1 << 20, NULL);
    for (uint64_t step = 0; step <= 400; step += 10) {
        const LsSnapshot snapshot = at(step);
        ls_timeline_note(timeline, &snapshot);
    }
    LsSnapshot past;
    const int index = ls_timeline_nearest(timeline, 203);
    assert_int_equal(ls_timeline_step(timeline, index), 200);
    assert_true(ls_timeline_open(timeline, index, &past, NULL));
    assert_int_equal(past.step, 200);
    assert_true(past.settings.beta == 200);
    assert_null(past.m);
    (void)at(200);
    assert_true(fabsf(past.params[300] - params[300]) < 1e-5f);
    ls_timeline_destroy(timeline);
}

static void another_model_and_a_step_back_begin_anew_from_there(void **state)
{
    (void)state;
    LsTimeline *timeline = ls_timeline_create(1 << 20, NULL);
    for (uint64_t step = 0; step <= 400; step += 10) {
        const LsSnapshot snapshot = at(step);
        ls_timeline_note(timeline, &snapshot);
    }
    LsSnapshot back = at(105);
    ls_timeline_note(timeline, &back);
    assert_true(ls_timeline_step(timeline, ls_timeline_count(timeline) - 1) <= 105);
    back.model_id = 2;
    back.step = 900;
    ls_timeline_note(timeline, &back);
    assert_int_equal(ls_timeline_count(timeline), 1);
    back.model.param_count = PARAMS / 2;
    back.model_id = 3;
    ls_timeline_note(timeline, &back);
    assert_int_equal(ls_timeline_count(timeline), 1);
    ls_timeline_reset(timeline);
    assert_int_equal(ls_timeline_nearest(timeline, 5), -1);
    ls_timeline_destroy(timeline);
    ls_timeline_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_come_back_to_within_a_4000th_of_the_largest_nearby),
        cmocka_unit_test(states_are_bounded_and_spread_evenly_over_the_run),
        cmocka_unit_test(a_state_opens_with_the_settings_of_its_step),
        cmocka_unit_test(another_model_and_a_step_back_begin_anew_from_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
