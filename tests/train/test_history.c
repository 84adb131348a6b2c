#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/train/history.h"

static LsHistory *make(void)
{
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    return history;
}

static LsMetric step_metric(uint64_t step, double rec)
{
    return (LsMetric){.step = step,
                      .images = step * 128,
                      .seconds = (double)step * 0.002,
                      .train = {.rec = rec, .kl = 5, .reg = 0.5, .total = rec + 5}};
}

static LsMetric evaluation_metric(uint64_t step)
{
    return (LsMetric){
        .step = step, .evaluated = true, .heldout = {.rec = 150, .kl = 6}, .heldout_elbo = -156};
}

static void a_branch_goes_on_with_the_averages_of_what_it_left(void **state)
{
    (void)state;
    LsHistory *a = make();
    LsHistory *b = make();
    for (uint64_t step = 1; step <= 300; step++) {
        const LsMetric metric = step_metric(step, 200 + 40 * sin((double)step));
        ls_history_add(a, &metric);
        ls_history_add(b, &metric);
    }
    ls_history_branch(b, a, 300);
    size_t count = 1;
    (void)ls_history_buckets(b, &count);
    assert_int_equal(count, 0);
    ls_history_mark(a, 300, "fork");
    for (uint64_t step = 301; step <= 420; step++) {
        const LsMetric metric = step_metric(step, 200 + 40 * sin((double)step));
        ls_history_add(a, &metric);
        ls_history_add(b, &metric);
        size_t ends[2];
        const LsBucket *of_a = ls_history_buckets(a, &ends[0]);
        const LsBucket *of_b = ls_history_buckets(b, &ends[1]);
        assert_true(of_a[ends[0] - 1].series[0].smooth == of_b[ends[1] - 1].series[0].smooth);
        assert_int_equal(of_b[0].first, 301);
    }
    ls_history_branch(b, a, 100); /* from the past */
    const LsMetric next = step_metric(101, 200);
    ls_history_add(b, &next);
    const LsBucket *of_b = ls_history_buckets(b, &count);
    assert_true(count == 1 && fabs((double)of_b[0].series[0].smooth - 200) < 10);
    ls_history_destroy(a);
    ls_history_destroy(b);
}

static void the_newest_marker_remembers_its_settings(void **state)
{
    (void)state;
    LsHistory *history = make();
    size_t count = 0;
    LsTrainSettings settings = ls_train_settings_make();
    ls_history_settle(history, 30, &settings); /* there is none yet */
    ls_history_mark(history, 30, "first");
    ls_history_mark(history, 80, "second");
    settings.batch = 77;
    ls_history_settle(history, 80, &settings);
    ls_history_settle(history, 81, &(LsTrainSettings){.batch = 1});
    const LsMarker *marker = ls_history_markers(history, &count);
    assert_int_equal(count, 2);
    assert_false(marker[0].settled);
    assert_true(marker[1].settled);
    assert_int_equal(marker[1].settings.batch, 77);
    ls_history_destroy(history);
}

static void weighted_parts_follow_a_change_of_their_weights(void **state)
{
    (void)state;
    LsHistory *history = make();
    size_t count = 0;
    for (uint64_t step = 1; step <= 3000; step++) {
        LsMetric metric = step_metric(step, 100);
        metric.part[0] = step % 2 ? 99 : 101;
        metric.part[1] = step <= 1000 ? 5 : 20;
        ls_history_add(history, &metric);
    }
    const LsBucket *bucket = ls_history_buckets(history, &count);
    assert_int_equal(count, 3000);
    assert_float_equal(bucket[999].part[1], 5, 1e-4);
    assert_float_equal(bucket[1999].part[1], 20, 1e-2);
    assert_float_equal(bucket[2999].part[0], 100, 0.1);
    assert_float_equal(bucket[2999].part[2], 0, 1e-6);
    ls_history_destroy(history);
}

static void add_steps(LsHistory *history, uint64_t first, uint64_t last)
{
    for (uint64_t step = first; step <= last; step++) {
        const LsMetric metric = step_metric(step, 100 + (double)(step % 10));
        ls_history_add(history, &metric);
    }
}

static void three_million_steps_keep_their_extremes_in_bounded_memory(void **state)
{
    (void)state;

    enum {
        STEPS = 3000000,
        LOW = 1234567,
        HIGH = 2345678
    };

    LsHistory *history = make();
    for (uint64_t step = 1; step <= STEPS; step++) {
        const double rec = step == LOW ? 7.25 : step == HIGH ? 1024.5 : 100 + (double)(step % 10);
        const LsMetric metric = step_metric(step, rec);
        ls_history_add(history, &metric);
    }
    size_t count = 0;
    const LsBucket *bucket = ls_history_buckets(history, &count);
    assert_in_range(count, LS_HISTORY_BUCKETS / 4, LS_HISTORY_BUCKETS);
    assert_int_equal(bucket[0].first, 1);
    assert_int_equal(bucket[count - 1].last, STEPS);
    float low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        const float min = bucket[i].series[LS_SERIES_REC].min;
        const float max = bucket[i].series[LS_SERIES_REC].max;
        assert_true(i == 0 || bucket[i].first == bucket[i - 1].last + 1);
        assert_true((min == 7.25f) == (bucket[i].first <= LOW && LOW <= bucket[i].last));
        assert_true((max == 1024.5f) == (bucket[i].first <= HIGH && HIGH <= bucket[i].last));
        low = fminf(low, min);
        high = fmaxf(high, max);
        const float mean = bucket[i].series[LS_SERIES_REC].mean;
        assert_true(mean >= min && mean <= max);
    }
    assert_true(low == 7.25f && high == 1024.5f);
    assert_int_equal(ls_history_last(history)->step, STEPS);
    ls_history_destroy(history);
}

static void a_step_not_after_the_last_drops_what_follows(void **state)
{
    (void)state;
    LsHistory *history = make();
    add_steps(history, 1, 100);
    LsMetric evaluation = evaluation_metric(40);
    ls_history_add(history, &evaluation);
    evaluation = evaluation_metric(90);
    ls_history_add(history, &evaluation);
    ls_history_mark(history, 30, "β 1 → 4");
    ls_history_mark(history, 80, "β 4 → 8");
    add_steps(history, 50, 50);
    size_t count = 0;
    const LsBucket *bucket = ls_history_buckets(history, &count);
    assert_int_equal(count, 50);
    assert_int_equal(bucket[count - 1].last, 50);
    const LsMetric *evaluations = ls_history_evaluations(history, &count);
    assert_int_equal(count, 1);
    assert_int_equal(evaluations[0].step, 40);
    const LsMarker *marker = ls_history_markers(history, &count);
    assert_int_equal(count, 1);
    assert_string_equal(marker[0].label, "β 1 → 4");
    ls_history_destroy(history);
}

static void an_evaluation_of_an_earlier_step_drops_no_step(void **state)
{
    (void)state;
    LsHistory *history = make();
    add_steps(history, 1, 100);
    const LsMetric evaluation = evaluation_metric(90);
    ls_history_add(history, &evaluation);
    size_t count = 0;
    (void)ls_history_buckets(history, &count);
    assert_int_equal(count, 100);
    assert_int_equal(ls_history_last(history)->step, 100);
    ls_history_destroy(history);
}

static void evaluations_are_thinned_evenly_and_the_newest_is_there(void **state)
{
    (void)state;
    LsHistory *history = make();
    for (uint64_t step = 1; step <= 20000; step++) {
        const LsMetric evaluation = evaluation_metric(step);
        ls_history_add(history, &evaluation);
        size_t count = 0;
        const LsMetric *all = ls_history_evaluations(history, &count);
        assert_true(count > 0 && count <= LS_HISTORY_EVALUATIONS);
        assert_int_equal(all[count - 1].step, step);
    }
    size_t count = 0;
    const LsMetric *all = ls_history_evaluations(history, &count);
    assert_true(count > LS_HISTORY_EVALUATIONS / 2);
    const uint64_t gap = all[1].step - all[0].step;
    for (size_t i = 1; i + 1 < count; i++) {
        assert_int_equal(all[i].step - all[i - 1].step, gap);
    }
    ls_history_destroy(history);
}

static void the_same_step_evaluated_again_takes_the_old_place(void **state)
{
    (void)state;
    LsHistory *history = make();
    LsMetric evaluation = evaluation_metric(10);
    ls_history_add(history, &evaluation);
    evaluation.heldout.rec = 99;
    ls_history_add(history, &evaluation);
    size_t count = 0;
    const LsMetric *all = ls_history_evaluations(history, &count);
    assert_int_equal(count, 1);
    assert_true(all[0].heldout.rec == 99);
    ls_history_destroy(history);
}

static const char *marker_after(const char *const *labels, size_t labels_count)
{
    static char text[LS_HISTORY_LABEL];
    LsHistory *history = make();
    for (size_t i = 0; i < labels_count; i++) {
        ls_history_mark(history, 5, labels[i]);
    }
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(history, &count);
    assert_true(count <= 1);
    snprintf(text, sizeof text, "%s", count == 1 ? marker[0].label : "");
    ls_history_destroy(history);
    return text;
}

static void changes_at_one_step_join_into_one_label(void **state)
{
    (void)state;
    const char *const both[] = {"β 1 → 4", "λ 0 → 0.1"};
    assert_string_equal(marker_after(both, 2), "β 1 → 4, λ 0 → 0.1");
    const char *const dragged[] = {"β 1 → 2", "λ 0 → 0.1", "β 2 → 4"};
    assert_string_equal(marker_after(dragged, 3), "β 1 → 4, λ 0 → 0.1");
    const char *const undone[] = {"β 1 → 2", "β 2 → 1"};
    assert_string_equal(marker_after(undone, 2), "");
    const char *const last_undone[] = {"β 1 → 2", "λ 0 → 0.1", "λ 0.1 → 0"};
    assert_string_equal(marker_after(last_undone, 3), "β 1 → 2");
    const char *const plain[] = {"opened", "saved"};
    assert_string_equal(marker_after(plain, 2), "opened, saved");
}

static void a_label_is_cut_at_a_whole_character(void **state)
{
    (void)state;
    char label[200] = "x";
    for (size_t i = 1; i + 2 < sizeof label; i += 2) {
        memcpy(label + i, "β", 3);
    }
    const char *const labels[] = {label};
    const char *kept = marker_after(labels, 1);
    assert_true(strlen(kept) < LS_HISTORY_LABEL);
    assert_int_equal(strlen(kept) % 2, 1); /* x and whole two-byte letters */
}

static void losses_that_are_not_finite_are_not_drawn(void **state)
{
    (void)state;
    LsHistory *history = make();
    add_steps(history, 1, 3);
    const LsMetric metric = step_metric(4, (double)NAN);
    ls_history_add(history, &metric);
    size_t count = 0;
    (void)ls_history_buckets(history, &count);
    assert_int_equal(count, 3);
    assert_int_equal(ls_history_last(history)->step, 4);
    ls_history_destroy(history);
}

static LsMeasures measures_at(uint64_t step, double value)
{
    LsMeasures measures = {.serial = step + 1, .step = step};
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        measures.value[i].value = value;
    }
    return measures;
}

static void measures_are_thinned_evenly_and_the_newest_are_there(void **state)
{
    (void)state;
    LsHistory *history = make();

    enum {
        MANY = 10000
    };

    size_t count = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        const LsMeasures measures = measures_at(10 * i, (double)i);
        ls_history_add_measures(history, &measures);
        assert_int_equal(ls_history_measures(history, &count)[count - 1].step, 10 * i);
    }
    const LsMeasures *all = ls_history_measures(history, &count);
    assert_true(count > 300 && count <= 1024);
    for (size_t i = 2; i + 1 < count; i++) {
        assert_int_equal(all[i].step - all[i - 1].step, all[1].step - all[0].step);
    }
    const LsMeasures earlier = measures_at(500, 1); /* a run that went back */
    ls_history_add_measures(history, &earlier);
    all = ls_history_measures(history, &count);
    assert_int_equal(all[count - 1].step, 500);
    assert_true(all[count - 2].step < 500);
    ls_history_reset(history);
    (void)ls_history_measures(history, &count);
    assert_int_equal(count, 0);
    ls_history_destroy(history);
}

static void measures_at_a_step_are_the_last_ones_until_then(void **state)
{
    (void)state;
    LsHistory *history = make();
    assert_null(ls_history_measures_at(history, 100));
    for (uint64_t step = 10; step <= 50; step += 20) {
        const LsMeasures measures = measures_at(step, (double)step);
        ls_history_add_measures(history, &measures);
    }
    assert_null(ls_history_measures_at(history, 9));
    assert_int_equal(ls_history_measures_at(history, 10)->step, 10);
    assert_int_equal(ls_history_measures_at(history, 49)->step, 30);
    assert_int_equal(ls_history_measures_at(history, 1000)->step, 50);
    ls_history_destroy(history);
}

static void measures_before_a_change_are_the_last_ones_that_did_not_know_it(void **state)
{
    (void)state;
    LsHistory *history = make();
    for (uint64_t step = 0; step <= 100; step += 20) {
        const LsMeasures measures = measures_at(step, (double)step);
        ls_history_add_measures(history, &measures);
    }
    const LsMarker *change = NULL;
    assert_null(ls_history_measures_before(history, UINT64_MAX, &change)); /* nothing was changed */
    ls_history_mark(history, 45, "β 1 → 4");
    assert_int_equal(ls_history_measures_before(history, UINT64_MAX, &change)->step, 40);
    ls_history_mark(history, 60, "β 4 → 1");
    assert_int_equal(ls_history_measures_before(history, UINT64_MAX, &change)->step, 60);
    assert_int_equal(change->step, 60);
    /* As of a step the later change has not been. */
    assert_int_equal(ls_history_measures_before(history, 60, &change)->step, 40);
    assert_string_equal(change->label, "β 1 → 4");
    assert_null(ls_history_measures_before(history, 45, &change));
    ls_history_reset(history);
    ls_history_mark(history, 5, "β 1 → 4");
    assert_null(ls_history_measures_before(history, UINT64_MAX, &change));
    ls_history_destroy(history);
}

static void csv_has_a_row_for_everything_in_order(void **state)
{
    (void)state;
    LsHistory *history = make();
    add_steps(history, 1, 3);
    LsMetric evaluation = evaluation_metric(2);
    evaluation.train_elbo = evaluation.heldout_elbo + 3;
    evaluation.gap_error = 0.25;
    ls_history_add(history, &evaluation);
    ls_history_mark(history, 2, "say \"β\"");
    const LsMeasures measures = measures_at(3, 0.5);
    ls_history_add_measures(history, &measures);
    char path[] = "history-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    LsError err = {0};
    assert_true(ls_history_save_csv(history, path, &err));
    uint8_t *text = NULL;
    size_t size = 0;
    assert_true(ls_file_read(path, 1 << 20, &text, &size, &err));
    unlink(path);
    int rows = 0, commas = 0;
    for (size_t i = 0; i < size; i++) {
        commas += text[i] == ',' ? 1 : 0;
        if (text[i] == '\n') {
            assert_int_equal(commas, 27 + 2 * LS_MEASURE_COUNT); /* in every row */
            commas = 0;
            rows++;
        }
    }
    assert_int_equal(rows, 1 + 3 + 1 + 1 + 1);
    assert_non_null(strstr((const char *)text, "\n1,128,0.002,101,101,101,5,"));
    /* The overfitting gap stands with its evaluation, and nowhere else. */
    assert_non_null(strstr((const char *)text, ",3,0.25\n"));
    assert_non_null(strstr((const char *)text, "\n3,,,,"));
    assert_non_null(strstr((const char *)text, ",,\n"));
    assert_non_null(strstr((const char *)text, ",\"say \"\"β\"\"\",,,"));
    ls_memory_free(text);
    ls_history_destroy(history);
}

static void a_copy_holds_the_same_and_goes_its_own_way(void **state)
{
    (void)state;
    LsHistory *from = ls_history_create(NULL);
    LsHistory *to = ls_history_create(NULL);
    assert_non_null(from);
    assert_non_null(to);
    LsMetric metric = {.train = {.rec = 100, .kl = 5, .total = 105}};
    for (metric.step = 1; metric.step <= 50; metric.step++) {
        ls_history_add(from, &metric);
    }
    ls_history_mark(from, 20, "β 1 → 4");
    ls_history_copy(to, from);
    size_t a = 0, b = 0;
    const LsBucket *x = ls_history_buckets(from, &a);
    const LsBucket *y = ls_history_buckets(to, &b);
    assert_int_equal(a, b);
    assert_ptr_not_equal(x, y);
    assert_memory_equal(x, y, a * sizeof *x);
    assert_string_equal(ls_history_markers(to, &b)[0].label, "β 1 → 4");
    metric.step = 51;
    ls_history_add(to, &metric);
    (void)ls_history_buckets(from, &a);
    (void)ls_history_buckets(to, &b);
    assert_int_equal(b, a + 1);
    ls_history_destroy(from);
    ls_history_destroy(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_holds_the_same_and_goes_its_own_way),
        cmocka_unit_test(the_newest_marker_remembers_its_settings),
        cmocka_unit_test(weighted_parts_follow_a_change_of_their_weights),
        cmocka_unit_test(three_million_steps_keep_their_extremes_in_bounded_memory),
        cmocka_unit_test(a_step_not_after_the_last_drops_what_follows),
        cmocka_unit_test(an_evaluation_of_an_earlier_step_drops_no_step),
        cmocka_unit_test(evaluations_are_thinned_evenly_and_the_newest_is_there),
        cmocka_unit_test(the_same_step_evaluated_again_takes_the_old_place),
        cmocka_unit_test(changes_at_one_step_join_into_one_label),
        cmocka_unit_test(a_label_is_cut_at_a_whole_character),
        cmocka_unit_test(losses_that_are_not_finite_are_not_drawn),
        cmocka_unit_test(measures_are_thinned_evenly_and_the_newest_are_there),
        cmocka_unit_test(measures_at_a_step_are_the_last_ones_until_then),
        cmocka_unit_test(measures_before_a_change_are_the_last_ones_that_did_not_know_it),
        cmocka_unit_test(a_branch_goes_on_with_the_averages_of_what_it_left),
        cmocka_unit_test(csv_has_a_row_for_everything_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
