#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/rescue.h"

enum {
    PARAMS = 300
};

static const double torn_rate = 10;

/* A snapshot at a step, of a run whose learning rate was changed after step `changed`. */
static LsSnapshot at(uint64_t step, uint64_t changed, float *params)
{
    LsSnapshot snapshot = {
        .model_id = 1, .step = step, .params = params, .settings = ls_train_settings_make()};
    snapshot.model.param_count = PARAMS;
    if (step > changed) {
        snapshot.settings.lr = torn_rate;
    }
    return snapshot;
}

/* What is offered to a model that is back at step `back`, of a run that was kept every 10 steps. */
static AppRescue offered(uint64_t changed, uint64_t back, uint64_t newest)
{
    float params[PARAMS] = {0};
    LsTimeline *timeline = ls_timeline_create(1 << 20, NULL);
    assert_non_null(timeline);
    for (uint64_t step = 0; step <= newest; step += 10) {
        const LsSnapshot snapshot = at(step, changed, params);
        ls_timeline_note(timeline, &snapshot);
    }
    LsSnapshot now = at(back, 0, params);
    now.settings.lr = torn_rate;
    (void)snprintf(now.fault.text, sizeof now.fault.text, "the model is back at step %d.",
                   (int)back);
    const AppRescue plan = app_rescue_plan(timeline, &now);
    ls_timeline_destroy(timeline);
    return plan;
}

static void a_way_back_never_leads_forward(void **state)
{
    (void)state;
    for (uint64_t changed = 20; changed < 200; changed += 7) {
        for (uint64_t back = 0; back <= 200; back += 5) {
            const AppRescue plan = offered(changed, back, 200);
            assert_true(plan.offered);
            assert_true(plan.step <= back);
            assert_true(plan.settings.lr != torn_rate);
            assert_true(plan.index >= 0 || plan.step == back);
        }
    }
}

static void the_button_and_the_sentence_name_the_same_step_or_the_button_says_further(void **state)
{
    (void)state;
    const AppRescue same = offered(100, 70, 200);
    assert_string_equal(same.text, "the model is back at step 70.");
    assert_string_equal(same.label, "Go back to step 70");
    const AppRescue further = offered(80, 150, 200);
    assert_string_equal(further.text, "the model is back at step 150.");
    assert_string_equal(further.label, "Go back further, to step 80");
}

static void without_other_settings_the_likely_cause_becomes_usual(void **state)
{
    (void)state;
    const AppRescue plan = offered(0, 0, 0);
    assert_true(plan.offered);
    assert_int_equal(plan.step, 0);
    float params[PARAMS] = {0};
    LsSnapshot now = at(40, 0, params);
    const AppRescue cause = app_rescue_plan(NULL, &now);
    assert_true(cause.offered && cause.index < 0);
    assert_string_equal(cause.label, "Go back to step 40");
    assert_true(cause.settings.lr == ls_train_settings_make().lr);
}

static void a_change_of_something_else_is_not_what_is_taken_back(void **state)
{
    (void)state;
    float params[PARAMS] = {0};
    LsTimeline *timeline = ls_timeline_create(1 << 20, NULL);
    assert_non_null(timeline);
    for (uint64_t step = 0; step <= 200; step += 10) { /* the rate tears after step 100 ... */
        const LsSnapshot snapshot = at(step, 100, params);
        ls_timeline_note(timeline, &snapshot);
    }
    LsSnapshot now = at(150, 100, params);
    now.settings.w_rec = 2; /* ... and this was changed after it */
    const AppRescue plan = app_rescue_plan(timeline, &now);
    assert_true(plan.offered && plan.settings.lr != torn_rate);
    assert_true(plan.step > 0 && plan.step <= 100); /* states are thinned */
    ls_timeline_destroy(timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_back_never_leads_forward),
        cmocka_unit_test(the_button_and_the_sentence_name_the_same_step_or_the_button_says_further),
        cmocka_unit_test(without_other_settings_the_likely_cause_becomes_usual),
        cmocka_unit_test(a_change_of_something_else_is_not_what_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
