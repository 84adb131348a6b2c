#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/kinds.h"

static void numbers_of_another_kind_are_not_shown(void **state)
{
    (void)state;
    ViewKinds kinds = {0};
    view_kinds_note(&kinds, 5, 0, 0, 0);
    view_kinds_note(&kinds, 100, 0, 0, 0);
    view_kinds_note(&kinds, 110, 1, 0, 0);
    view_kinds_note(&kinds, 200, 1, 0, 0);
    assert_false(view_kinds_shown(&kinds, LS_SERIES_REC, 50));
    assert_false(view_kinds_shown(&kinds, LS_SERIES_TOTAL, 50));
    assert_false(view_kinds_shown(&kinds, LS_SERIES_REC, 105)); /* which it was is not known */
    assert_true(view_kinds_shown(&kinds, LS_SERIES_REC, 250));
    assert_true(view_kinds_shown(&kinds, LS_SERIES_KL, 50));
    view_kinds_note(&kinds, 210, 0, 0, 0);
    assert_true(view_kinds_shown(&kinds, LS_SERIES_REC, 50));
    assert_false(view_kinds_shown(&kinds, LS_SERIES_REC, 150));
    assert_true(view_kinds_shown(&kinds, LS_SERIES_REC, 1000));
}

static void a_run_set_back_forgets_the_kinds_after_it(void **state)
{
    (void)state;
    ViewKinds kinds = {0};
    view_kinds_note(&kinds, 100, 0, 0, 0);
    view_kinds_note(&kinds, 200, 1, 0, 0);
    view_kinds_note(&kinds, 50, 0, 0, 0);
    assert_int_equal(kinds.count, 1);
    assert_true(view_kinds_shown(&kinds, LS_SERIES_REC, 60));
}

static void more_changes_of_kind_than_there_is_room_keep_the_newest(void **state)
{
    (void)state;
    ViewKinds kinds = {0};
    for (uint64_t i = 0; i < 200; i++) {
        view_kinds_note(&kinds, i * 10, (int)(i % 2), 0, 0);
    }
    assert_int_equal(kinds.count, VIEW_KINDS);
    assert_true(view_kinds_shown(&kinds, LS_SERIES_REC, 5000));
    assert_false(view_kinds_shown(&kinds, LS_SERIES_REC, 0));
}

static void kinds_tried_while_paused_leave_no_trace(void **state)
{
    (void)state;
    ViewKinds kinds = {0};
    view_kinds_note(&kinds, 100, 0, 0, 0);
    view_kinds_note(&kinds, 100, 1, 0, 0);
    view_kinds_note(&kinds, 100, 1, 0, 0);
    assert_false(view_kinds_shown(&kinds, LS_SERIES_REC, 100)); /* it was the other's last step */
    assert_true(view_kinds_shown(&kinds, LS_SERIES_REC, 101));
    view_kinds_note(&kinds, 100, 2, 0, 0);
    view_kinds_note(&kinds, 100, 0, 0, 0);
    assert_int_equal(kinds.count, 1);
    assert_true(view_kinds_shown(&kinds, LS_SERIES_REC, 100));
}

static void a_value_is_never_shown_as_another_kinds(void **state)
{
    (void)state;
    LsError err;
    LsHistory *history = ls_history_create(&err);
    assert_non_null(history);
    ViewKinds kinds = {0};
    LsMetric evaluation = {0};
    assert_true(isnan(view_kinds_value(&kinds, history, &evaluation, LS_SERIES_REC, 100)));
    const LsMetric metric = {.step = 100, .train = {.rec = 130, .kl = 7}};
    ls_history_add(history, &metric);
    view_kinds_note(&kinds, 100, 0, 0, 0);
    assert_true(view_kinds_value(&kinds, history, &evaluation, LS_SERIES_REC, 100) > 120);
    view_kinds_note(&kinds, 100, 1, 0, 0); /* changed while paused */
    assert_true(isnan(view_kinds_value(&kinds, history, &evaluation, LS_SERIES_REC, 100)));
    assert_true(view_kinds_value(&kinds, history, &evaluation, LS_SERIES_KL, 100) > 6);
    evaluation = (LsMetric){.step = 100, .evaluated = true, .heldout = {.rec = 33, .kl = 7}};
    assert_true(view_kinds_value(&kinds, history, &evaluation, LS_SERIES_REC, 100) == 33);
    ls_history_destroy(history);
}

static void a_change_is_told_since_the_settings_changed_last(void **state)
{
    (void)state;
    LsError err;
    LsHistory *history = ls_history_create(&err);
    assert_non_null(history);
    ViewKinds kinds = {0};
    LsMetric metric = {.step = 100, .evaluated = true, .heldout = {.rec = 130, .kl = 7}};
    ls_history_add(history, &metric);
    view_kinds_note(&kinds, 100, 0, 0, 0);
    assert_true(
        isnan(view_kinds_change(&kinds, history, LS_SERIES_REC, 300))); /* nothing was changed */
    ls_history_mark(history, 100, "KL off");
    assert_true(isnan(view_kinds_change(&kinds, history, LS_SERIES_REC, 300))); /* nor seen yet */
    metric = (LsMetric){.step = 200, .evaluated = true, .heldout = {.rec = 127.5, .kl = 12}};
    ls_history_add(history, &metric);
    view_kinds_note(&kinds, 200, 0, 0, 0);
    assert_true(view_kinds_change(&kinds, history, LS_SERIES_REC, 300) == -2.5);
    assert_true(view_kinds_change(&kinds, history, LS_SERIES_KL, 300) == 5);
    view_kinds_note(&kinds, 200, 0, 1, 0);
    metric.step = 300;
    ls_history_add(history, &metric);
    view_kinds_note(&kinds, 300, 0, 1, 0); /* another kind: another unit */
    assert_true(isnan(view_kinds_change(&kinds, history, LS_SERIES_KL, 300)));
    assert_true(view_kinds_change(&kinds, history, LS_SERIES_REC, 300) == -2.5);
    ls_history_reset(history);
    assert_true(isnan(view_kinds_change(&kinds, history, LS_SERIES_REC, 300)));
    ls_history_destroy(history);
}

static void what_is_told_of_an_earlier_step_is_of_that_step(void **state)
{
    (void)state;
    LsError err;
    LsHistory *history = ls_history_create(&err);
    assert_non_null(history);
    ViewKinds kinds = {0};
    for (uint64_t step = 1; step <= 400; step++) {
        const double kl = step <= 200 ? 8 : 2;
        LsMetric metric = {.step = step, .train = {.rec = 130, .kl = kl}};
        ls_history_add(history, &metric);
        if (step % 100 == 0) {
            metric.evaluated = true;
            metric.heldout = metric.train;
            ls_history_add(history, &metric);
        }
        if (step == 200) {
            ls_history_mark(history, 200, "β 1 → 20");
        }
    }
    view_kinds_note(&kinds, 400, 0, 0, 0);
    const LsMetric none = {0};
    const double then = view_kinds_value(&kinds, history, &none, LS_SERIES_KL, 150);
    const double now = view_kinds_value(&kinds, history, &none, LS_SERIES_KL, 400);
    assert_true(fabs(then - 8) < 0.01 && now < 3);
    assert_true(isnan(view_kinds_change(&kinds, history, LS_SERIES_KL, 150)));
    assert_true(isnan(view_kinds_change(&kinds, history, LS_SERIES_KL, 200)));
    assert_true(view_kinds_change(&kinds, history, LS_SERIES_KL, 400) == -6);
    ls_history_destroy(history);
}

static void an_evaluation_of_before_a_change_of_kind_tells_of_the_other_terms_alone(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    const LsMetric before = {.evaluated = true, .kind = {settings.rec, settings.div, settings.reg}};
    for (int i = 0; i <= LS_SERIES_TOTAL; i++) {
        assert_true(view_kinds_judged(&before, &settings, (LsSeries)i));
        assert_false(view_kinds_judged(&(LsMetric){0}, &settings, (LsSeries)i));
    }
    settings.rec++;
    assert_false(view_kinds_judged(&before, &settings, LS_SERIES_REC));
    assert_false(view_kinds_judged(&before, &settings, LS_SERIES_TOTAL));
    assert_true(view_kinds_judged(&before, &settings, LS_SERIES_KL));
    settings.rec--;
    settings.reg++;
    assert_false(view_kinds_judged(&before, &settings, LS_SERIES_REG));
    assert_true(view_kinds_judged(&before, &settings, LS_SERIES_REC));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_another_kind_are_not_shown),
        cmocka_unit_test(a_run_set_back_forgets_the_kinds_after_it),
        cmocka_unit_test(kinds_tried_while_paused_leave_no_trace),
        cmocka_unit_test(what_is_told_of_an_earlier_step_is_of_that_step),
        cmocka_unit_test(a_change_is_told_since_the_settings_changed_last),
        cmocka_unit_test(an_evaluation_of_before_a_change_of_kind_tells_of_the_other_terms_alone),
        cmocka_unit_test(a_value_is_never_shown_as_another_kinds),
        cmocka_unit_test(more_changes_of_kind_than_there_is_room_keep_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
