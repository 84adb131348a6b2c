#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/curve_trace.h"

enum {
    BUCKETS = 5000
};

static LsBucket buckets[BUCKETS];

/* Buckets of `size` steps each, from step 1 on; the value is the step. */
static void fill(size_t count, uint64_t size)
{
    for (size_t i = 0; i < count; i++) {
        buckets[i] = (LsBucket){.first = i * size + 1, .last = (i + 1) * size};
        for (int s = 0; s < LS_SERIES_COUNT; s++) {
            buckets[i].series[s].min = (float)buckets[i].first;
            buckets[i].series[s].max = (float)buckets[i].last;
            buckets[i].series[s].smooth = (float)buckets[i].last;
        }
    }
}

static void every_step_finds_its_bucket(void **state)
{
    (void)state;
    fill(100, 10);
    for (size_t step = 1; step <= 1000; step++) {
        assert_int_equal(view_curve_trace_bucket_at(buckets, 100, (double)step), (step - 1) / 10);
    }
    assert_int_equal(view_curve_trace_bucket_at(buckets, 100, -5), 0);
    assert_int_equal(view_curve_trace_bucket_at(buckets, 100, 1e9), 99);
}

static void a_step_between_buckets_finds_the_nearer_one(void **state)
{
    (void)state;
    fill(2, 1);
    buckets[1].first = buckets[1].last = 100;
    assert_int_equal(view_curve_trace_bucket_at(buckets, 2, 40), 0);
    assert_int_equal(view_curve_trace_bucket_at(buckets, 2, 60), 1);
}

static void the_nearest_evaluation_is_found(void **state)
{
    (void)state;
    const LsMetric evaluations[] = {{.step = 0}, {.step = 100}, {.step = 200}};
    assert_int_equal(view_curve_trace_evaluation_at(evaluations, 3, 49), 0);
    assert_int_equal(view_curve_trace_evaluation_at(evaluations, 3, 51), 1);
    assert_int_equal(view_curve_trace_evaluation_at(evaluations, 3, 1e6), 2);
    assert_int_equal(view_curve_trace_evaluation_at(evaluations, 1, 77), 0);
}

static void a_trace_keeps_extremes_in_the_groups_asked_for(void **state)
{
    (void)state;
    static const ViewKinds kinds = {0};
    static ViewTrace trace;
    fill(BUCKETS, 1);
    buckets[1234].series[LS_SERIES_KL].max = 1e6F;
    view_curve_trace_fill(&trace, buckets, BUCKETS, &kinds, 0, BUCKETS, 400);
    assert_true(trace.count > 200 && trace.count <= 402);
    float highest = 0;
    for (size_t i = 0; i < trace.count; i++) {
        highest = fmaxf(highest, trace.group[i].series[LS_SERIES_KL].max);
    }
    assert_true(highest == 1e6F);
    assert_true(trace.group[trace.count - 1].series[LS_SERIES_KL].smooth == (float)BUCKETS);
}

static void groups_are_the_same_wherever_the_window_begins(void **state)
{
    (void)state;
    static const ViewKinds kinds = {0};
    static ViewTrace a;
    static ViewTrace b;
    fill(BUCKETS, 1);
    view_curve_trace_fill(&a, buckets, BUCKETS, &kinds, 0, 4000, 300);
    view_curve_trace_fill(&b, buckets, BUCKETS, &kinds, 7, 4007, 300);
    size_t same = 0;
    for (size_t i = 0; i < a.count; i++) {
        for (size_t j = 0; j < b.count; j++) {
            same += a.group[i].step == b.group[j].step;
        }
    }
    assert_true(same + 2 >= a.count);
}

static void a_window_has_a_neighbour_beyond_each_end(void **state)
{
    (void)state;
    static const ViewKinds kinds = {0};
    static ViewTrace trace;
    fill(BUCKETS, 1);
    view_curve_trace_fill(&trace, buckets, BUCKETS, &kinds, 1000, 1100, 1026);
    assert_true(trace.single);
    assert_true(trace.group[0].step < 1000);
    assert_true(trace.group[trace.count - 1].step > 1100);
    assert_true(trace.count <= VIEW_TRACE_GROUPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_finds_its_bucket),
        cmocka_unit_test(a_step_between_buckets_finds_the_nearer_one),
        cmocka_unit_test(the_nearest_evaluation_is_found),
        cmocka_unit_test(a_trace_keeps_extremes_in_the_groups_asked_for),
        cmocka_unit_test(groups_are_the_same_wherever_the_window_begins),
        cmocka_unit_test(a_window_has_a_neighbour_beyond_each_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
