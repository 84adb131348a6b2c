/* The model of before a change of the loss has its figures, whenever the change came. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "app/before.h"

typedef struct Fixture {
    LsDataset *data;
    LsHistory *history;
    float *params;
    LsSnapshot snapshot;
    AppBefore before;
} Fixture;

/* A model after seven steps, of which nobody has a figure yet. */
static int set_up(void **state)
{
    Fixture *fixture = ls_memory_items(1, sizeof *fixture, NULL);
    assert_non_null(fixture);
    fixture->data = ls_dataset_open_digits(NULL);
    fixture->history = ls_history_create(NULL);
    assert_non_null(fixture->data);
    assert_non_null(fixture->history);
    LsSnapshot *snapshot = &fixture->snapshot;
    snapshot->settings = ls_train_settings_make();
    snapshot->settings.hidden = (LsSizes){.count = 1, .value = {16}};
    const LsModelSpec spec = ls_train_settings_spec(&snapshot->settings, 28, 28, 1);
    assert_true(ls_model_init(&snapshot->model, &spec, NULL));
    fixture->params = ls_memory_floats(snapshot->model.param_count, NULL);
    ls_model_init_params(&snapshot->model, 3, fixture->params);
    snapshot->params = fixture->params;
    snapshot->serial = 1;
    snapshot->step = 7;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    app_before_finish(&fixture->before);
    ls_history_destroy(fixture->history);
    ls_dataset_destroy(fixture->data);
    ls_memory_free(fixture->params);
    ls_memory_free(fixture);
    return 0;
}

static void change_beta(Fixture *fixture, double beta)
{
    LsTrainSettings to = fixture->snapshot.settings;
    to.beta = (float)beta;
    app_before_note(&fixture->before, &fixture->snapshot, &fixture->snapshot.settings, &to, true);
    assert_true(fixture->before.known);
}

static void it_holds_no_memory_of_the_trainers(void **state)
{
    Fixture *fixture = *state;
    LsSnapshot *snapshot = &fixture->snapshot;
    snapshot->live = snapshot->m = snapshot->v = fixture->params;
    change_beta(fixture, 2);
    const LsSnapshot *kept = &fixture->before.snapshot;
    assert_ptr_not_equal(kept->params, fixture->params);
    assert_true(!kept->live && !kept->m && !kept->v);
}

static void follow(Fixture *fixture)
{
    while (app_before_follow(&fixture->before, fixture->data, fixture->history)) {
        sched_yield();
    }
}

static void a_model_left_unevaluated_gets_its_figures(void **state)
{
    Fixture *fixture = *state;
    change_beta(fixture, 4);
    follow(fixture);
    const LsSnapshot *old = &fixture->before.snapshot;
    assert_true(old->evaluation.evaluated);
    assert_int_equal(old->evaluation.step, 7);
    assert_true(old->evaluation.heldout_elbo < -200 && old->evaluation.heldout_elbo > -1000);
    assert_true(old->measures.serial > 0 && old->measures.step == 7);
    /* What the change did to the measures is told against these. */
    size_t count = 0;
    const LsMeasures *measured = ls_history_measures(fixture->history, &count);
    assert_int_equal(count, 1);
    assert_int_equal(measured[0].step, 7);
}

static void figures_of_other_kinds_than_its_own_are_found_anew(void **state)
{
    Fixture *fixture = *state;
    fixture->snapshot.evaluation =
        (LsMetric){.evaluated = true, .step = 5, .kind = {1, 0, 0}, .heldout = {.rec = 12345}};
    fixture->snapshot.measures = (LsMeasures){.serial = 4, .step = 5};
    change_beta(fixture, 4);
    follow(fixture);
    assert_int_equal(fixture->before.snapshot.evaluation.kind[0], 0);
    assert_true(fixture->before.snapshot.evaluation.heldout.rec < 1000);
}

static void figures_that_are_there_stay_and_newer_measures_are_kept(void **state)
{
    Fixture *fixture = *state;
    fixture->snapshot.evaluation =
        (LsMetric){.evaluated = true, .step = 5, .heldout = {.rec = 150}};
    fixture->snapshot.measures = (LsMeasures){.serial = 4, .step = 5};
    change_beta(fixture, 4);
    follow(fixture);
    assert_true(fixture->before.snapshot.evaluation.heldout.rec == 150);
    assert_null(fixture->before.judge); /* nothing was asked of it */

    fixture->snapshot.measures.serial = 0;
    const LsMeasures newer = {.serial = 5, .step = 60};
    ls_history_add_measures(fixture->history, &newer);
    change_beta(fixture, 2);
    follow(fixture);
    size_t count = 0;
    const LsMeasures *measured = ls_history_measures(fixture->history, &count);
    assert_int_equal(measured[count - 1].step, 60);
}

static void another_model_ends_the_waiting(void **state)
{
    Fixture *fixture = *state;
    change_beta(fixture, 4);
    (void)app_before_follow(&fixture->before, fixture->data, fixture->history);
    app_before_forget(&fixture->before);
    assert_false(app_before_follow(&fixture->before, fixture->data, fixture->history));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(it_holds_no_memory_of_the_trainers),
        CASE(a_model_left_unevaluated_gets_its_figures),
        CASE(figures_of_other_kinds_than_its_own_are_found_anew),
        CASE(figures_that_are_there_stay_and_newer_measures_are_kept),
        CASE(another_model_ends_the_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
