#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/train/evaluation.h"
#include "latentscape/train/gauge.h"
#include "latentscape/train/trainer.h"

#include "synthetic.h"
#include "train/trainer_state.h"

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
    assert_non_null(measures.value[LS_MEASURE_OVERFITTING].missing);
    ls_gauge_take_gap(&measures, &snapshot->evaluation);
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

/* ---- what it may take of the time */

/* The first snapshot of a model at rest of which everything was found out. */
static const LsSnapshot *await_rest(LsTrainer *trainer)
{
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->answered < ls_trainer_sent(trainer) || snapshot->training ||
           snapshot->measures.serial == 0 || snapshot->measures.step != snapshot->step ||
           snapshot->exact.images == 0 || snapshot->exact_step != snapshot->step) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    return snapshot;
}

static void nothing_is_found_out_in_training_before_its_time_was_saved(void **state)
{
    enum {
        EVALUATIONS = 8 /* half a second apart: all three works would have had their turn */
    };

    (void)state;
    LsTrainer *trainer = make_trainer();
    const LsSnapshot *snapshot = await_rest(trainer);
    const uint64_t measured = snapshot->measures.serial, pulled = snapshot->pulls.serial;
    assert_true(measured > 0 && pulled > 0);
    /* The trainer sleeps: its budget is this thread's until the next command. */
    assert_true(trainer->budget.credit >= 0);
    for (int i = 0; i < LS_BUDGET_WORKS; i++) {
        assert_true(trainer->budget.item[i].cost > 0);
    }
    const double owed = 1e6;
    trainer->budget.credit -= owed;
    send(trainer, LS_COMMAND_TRAIN, NULL);
    LsTrainSettings changed = synthetic_settings();
    changed.beta = 2; /* nor where a change asks for it */
    send(trainer, LS_COMMAND_SETTINGS, &changed);
    LsMetric metric;
    for (int evaluations = 0; evaluations < EVALUATIONS;) {
        if (ls_trainer_next_metric(trainer, &metric)) {
            evaluations += metric.evaluated ? 1 : 0;
        } else {
            sched_yield();
        }
    }
    snapshot = ls_trainer_latest(trainer);
    assert_true(snapshot->step > 0 && snapshot->exact_step == 0);
    assert_true(snapshot->measures.serial == measured && snapshot->pulls.serial == pulled);
    send(trainer, LS_COMMAND_PAUSE, NULL);
    snapshot = await_rest(trainer); /* at rest it costs nothing */
    assert_true(snapshot->measures.serial == measured + 1 && snapshot->pulls.serial > pulled);
    assert_true(trainer->budget.credit < 0);
    const uint64_t paused = snapshot->step;
    trainer->budget.credit = 0;
    send(trainer, LS_COMMAND_TRAIN, NULL);
    while (snapshot->measures.serial < measured + 3 || snapshot->exact_step <= paused ||
           snapshot->pulls.serial < pulled + 2) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    ls_trainer_destroy(trainer);
}

/* ---- the overfitting gap */

static void the_gap_is_that_of_the_newest_evaluation_whenever_it_is_looked_at(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send(trainer, LS_COMMAND_TRAIN, NULL);
    uint64_t evaluated = 0;
    int evaluations = 0;
    while (evaluations < 3) { /* some of them between two measurings */
        const LsSnapshot *snapshot = ls_trainer_latest(trainer);
        const LsMetric *evaluation = &snapshot->evaluation;
        const LsMeasureValue *gap = &snapshot->measures.value[LS_MEASURE_OVERFITTING];
        if (snapshot->measures.serial == 0 || !evaluation->evaluated) {
            sched_yield();
            continue;
        }
        assert_null(gap->missing);
        assert_true(gap->value == evaluation->train_elbo - evaluation->heldout_elbo);
        assert_true(gap->error == evaluation->gap_error && gap->error > 0);
        evaluations += evaluation->step != evaluated ? 1 : 0;
        evaluated = evaluation->step;
        sched_yield();
    }
    ls_trainer_destroy(trainer);
}

/* The ELBO's mean over images, and that mean's standard error, where every code is the prior and every
 * decoded image has these logits. Shapes: logits [SYNTHETIC_PIXELS]. */
static void judge_plainly(const LsImages *images, uint32_t count, const float *logits, double *mean,
                          double *error)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < count; i++) {
        double elbo = 0;
        for (uint32_t p = 0; p < SYNTHETIC_PIXELS; p++) {
            const double l = (double)logits[p];
            elbo -= log1p(exp(l)) - l * images->pixels[i * SYNTHETIC_PIXELS + p] / 255.0;
        }
        sum += elbo;
        squares += elbo * elbo;
    }
    *mean = sum / count;
    *error = sqrt((squares / count - *mean * *mean) / (count - 1));
}

static LsMetric evaluate_logits(const float *logits, uint32_t train_images)
{
    const LsTrainSettings settings = synthetic_settings();
    const LsModelSpec spec = ls_train_settings_spec(&settings, SYNTHETIC_SIDE, SYNTHETIC_SIDE, 1);
    LsModel model;
    assert_true(ls_model_init(&model, &spec, NULL));
    float *params = ls_memory_floats(model.param_count, NULL); /* zeros: every code is the prior */
    memcpy(params + model.tensor[ls_model_find_tensor(&model, "decoder.2.bias")].offset, logits,
           SYNTHETIC_PIXELS * sizeof *logits);
    LsPool *pool = ls_pool_create(2, NULL);
    LsEvaluation *evaluation =
        ls_evaluation_create(&model, &blobs.data, pool, 1000, LS_EVALUATION_TRAIN, NULL);
    assert_non_null(evaluation);
    const LsLoss loss = ls_train_settings_loss(&settings, SYNTHETIC_PIXELS);
    const LsMetric nothing = {0};
    LsMetric metric;
    ls_evaluation_limit(evaluation, train_images);
    ls_evaluation_begin(evaluation, params, &loss, &nothing);
    while (!ls_evaluation_advance(evaluation, &metric)) {
    }
    ls_evaluation_destroy(evaluation);
    ls_pool_destroy(pool);
    ls_memory_free(params);
    return metric;
}

static void the_gap_and_its_error_are_those_of_plain_sums(void **state)
{
    (void)state;
    float logits[SYNTHETIC_PIXELS];
    const uint32_t counts[] = {SYNTHETIC_TRAIN, 70}; /* all; those that a run learns from alone */
    for (uint32_t p = 0; p < SYNTHETIC_PIXELS; p++) {
        logits[p] = 0.05F * (float)p - 1.5F;
    }
    for (size_t i = 0; i < LS_COUNT(counts); i++) {
        double train = 0, train_error = 0, heldout = 0, heldout_error = 0;
        judge_plainly(&blobs.data.train, counts[i], logits, &train, &train_error);
        judge_plainly(&blobs.data.heldout, SYNTHETIC_HELDOUT, logits, &heldout, &heldout_error);
        const LsMetric metric = evaluate_logits(logits, counts[i]);
        LsMeasures measures = {0};
        ls_gauge_take_gap(&measures, &metric);
        const LsMeasureValue *gap = &measures.value[LS_MEASURE_OVERFITTING];
        assert_null(gap->missing);
        assert_true(fabs(gap->value - (train - heldout)) < 1e-4);
        assert_true(fabs(gap->error - hypot(train_error, heldout_error)) < 1e-4);
    }
}

static void where_all_images_are_told_alike_there_is_no_gap(void **state)
{
    (void)state;
    const float logits[SYNTHETIC_PIXELS] = {0}; /* every pixel is a coin */
    const LsMetric metric = evaluate_logits(logits, 0);
    assert_true(fabs(metric.train_elbo - metric.heldout_elbo) < 1e-4);
    assert_true(fabs(metric.gap_error) < 1e-4);
}

static void a_gap_that_is_no_number_is_told_as_missing(void **state)
{
    (void)state;
    float logits[SYNTHETIC_PIXELS] = {0};
    LsMeasures measures = {0};
    logits[3] = NAN;
    const LsMetric burst = evaluate_logits(logits, 0);
    const LsMetric none = {0};
    ls_gauge_take_gap(&measures, &burst);
    assert_non_null(measures.value[LS_MEASURE_OVERFITTING].missing);
    ls_gauge_take_gap(&measures, &none);
    assert_non_null(measures.value[LS_MEASURE_OVERFITTING].missing);
}

int main(void)
{
    synthetic_init(&blobs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_that_stands_still_is_measured_too),
        cmocka_unit_test(the_trainers_figures_are_those_of_the_weights_alone),
        cmocka_unit_test(another_model_is_measured_anew),
        cmocka_unit_test(one_step_by_hand_is_measured),
        cmocka_unit_test(nothing_is_found_out_in_training_before_its_time_was_saved),
        cmocka_unit_test(the_gap_is_that_of_the_newest_evaluation_whenever_it_is_looked_at),
        cmocka_unit_test(the_gap_and_its_error_are_those_of_plain_sums),
        cmocka_unit_test(where_all_images_are_told_alike_there_is_no_gap),
        cmocka_unit_test(a_gap_that_is_no_number_is_told_as_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
