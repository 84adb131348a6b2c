#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/gauge.h"
#include "latentscape/train/trainer.h"

#include "synthetic.h"

static Synthetic blobs; /* filled once, then only read */

static LsTrainer *make_trainer(void)
{
    const LsTrainSettings settings = synthetic_settings();
    LsTrainer *trainer = ls_trainer_create(&blobs.data, &settings, NULL, 2, NULL);
    assert_non_null(trainer);
    return trainer;
}

static void send(LsTrainer *trainer, LsCommandKind kind, const LsTrainSettings *settings)
{
    LsCommand command = {.kind = kind};
    if (settings != NULL) {
        command.settings = *settings;
    }
    assert_true(ls_trainer_send(trainer, &command));
}

/* The first snapshot that answers all that was sent and has measures of a step after `step`. */
static const LsSnapshot *await_measures(LsTrainer *trainer, uint64_t serial, uint64_t step)
{
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->answered < ls_trainer_sent(trainer) || snapshot->measures.serial <= serial ||
           snapshot->measures.step < step) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    return snapshot;
}

static LsMeasures measure(const LsSnapshot *snapshot, int workers)
{
    LsPool *pool = ls_pool_create(workers, NULL);
    LsGauge *gauge = ls_gauge_create(&blobs.data, pool, NULL);
    assert_non_null(gauge);
    LsMeasures measures = {0};
    assert_true(ls_gauge_begin(gauge, &snapshot->model, snapshot->params, snapshot->step, NULL));
    while (!ls_gauge_advance(gauge, &measures)) {
    }
    assert_false(ls_gauge_running(gauge));
    ls_gauge_destroy(gauge);
    ls_pool_destroy(pool);
    return measures;
}

static void a_model_that_stands_still_is_measured_too(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    const LsSnapshot *snapshot = await_measures(trainer, 0, 0);
    assert_int_equal(snapshot->measures.step, 0);
    assert_null(snapshot->measures.value[LS_MEASURE_SHARPNESS].missing);
    assert_non_null(snapshot->measures.value[LS_MEASURE_COHERENCE].missing); /* blobs, no digits */
    ls_trainer_destroy(trainer);
}

static void the_trainers_figures_are_those_of_the_weights_alone(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send(trainer, LS_COMMAND_TRAIN, NULL);
    (void)await_measures(trainer, 1, 10); /* taken between the steps of a run */
    send(trainer, LS_COMMAND_PAUSE, NULL);
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->answered < ls_trainer_sent(trainer) ||
           snapshot->measures.step != snapshot->step) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    const LsMeasures one = measure(snapshot, 1), three = measure(snapshot, 3);
    assert_memory_equal(snapshot->measures.value, one.value, sizeof one.value);
    assert_memory_equal(one.value, three.value, sizeof one.value);
    ls_trainer_destroy(trainer);
}

static void another_model_is_measured_anew(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    const uint64_t serial = await_measures(trainer, 0, 0)->measures.serial;
    LsTrainSettings settings = synthetic_settings();
    settings.latent = 3;
    send(trainer, LS_COMMAND_RESET, &settings);
    const LsSnapshot *snapshot = await_measures(trainer, serial, 0);
    assert_int_equal(snapshot->model.spec.latent, 3);
    const LsMeasures same = measure(snapshot, 2);
    assert_memory_equal(snapshot->measures.value, same.value, sizeof same.value);
    ls_trainer_destroy(trainer);
}

static void one_step_by_hand_is_measured(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    const uint64_t serial = await_measures(trainer, 0, 0)->measures.serial;
    send(trainer, LS_COMMAND_STEP, NULL);
    assert_int_equal(await_measures(trainer, serial, 1)->measures.step, 1);
    ls_trainer_destroy(trainer);
}

int main(void)
{
    synthetic_init(&blobs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_that_stands_still_is_measured_too),
        cmocka_unit_test(the_trainers_figures_are_those_of_the_weights_alone),
        cmocka_unit_test(another_model_is_measured_anew),
        cmocka_unit_test(one_step_by_hand_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
