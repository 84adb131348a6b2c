#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/train/trainer.h"

#include "synthetic.h"

static Synthetic blobs; /* filled once, then only read */

static LsTrainer *make_trainer(int latent)
{
    LsTrainSettings settings = synthetic_settings();
    settings.latent = latent;
    LsTrainer *trainer = ls_trainer_create(&blobs.data, &settings, NULL, 2, NULL);
    assert_non_null(trainer);
    return trainer;
}

static void send(LsTrainer *trainer, LsCommandKind kind)
{
    const LsCommand command = {.kind = kind, .settings = ls_trainer_latest(trainer)->settings};
    while (!ls_trainer_send(trainer, &command)) {
        sched_yield();
    }
    while (ls_trainer_latest(trainer)->answered < ls_trainer_sent(trainer)) {
        sched_yield();
    }
}

/* The first snapshot whose exact figures are of its own weights. */
static const LsSnapshot *await_exact(LsTrainer *trainer)
{
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->exact.images == 0 || snapshot->exact_step != snapshot->step) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    return snapshot;
}

static void a_model_at_rest_gets_its_likelihood(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer(2);
    const LsSnapshot *snapshot = await_exact(trainer);
    assert_true(snapshot->exact.log_p < 0 && isfinite(snapshot->exact.log_p));
    assert_true(snapshot->exact.gap > -0.05);
    assert_true(fabs(snapshot->exact.log_p - snapshot->exact.elbo - snapshot->exact.gap) < 1e-9);
    ls_trainer_destroy(trainer);
}

static void a_step_makes_it_anew(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer(2);
    const double before = await_exact(trainer)->exact.log_p;
    send(trainer, LS_COMMAND_STEP);
    const LsSnapshot *snapshot = await_exact(trainer);
    assert_int_equal(snapshot->exact_step, 1);
    assert_true(snapshot->exact.log_p != before);
    send(trainer, LS_COMMAND_RESET);
    assert_true(await_exact(trainer)->exact.log_p == before); /* the same seed, the same weights */
    ls_trainer_destroy(trainer);
}

static void training_tells_it_with_its_evaluations(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer(2);
    send(trainer, LS_COMMAND_TRAIN);
    LsMetric metric = {0};
    while (metric.exact_step == 0) {
        if (!ls_trainer_next_metric(trainer, &metric)) {
            sched_yield();
        }
    }
    assert_true(metric.evaluated);
    assert_true(metric.exact_step <= metric.step);
    assert_true(metric.exact_log_p < 0);
    ls_trainer_destroy(trainer);
}

static void other_latent_sizes_have_none(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer(3);
    send(trainer, LS_COMMAND_STEP);
    while (!ls_trainer_latest(trainer)->evaluation.evaluated) {
        sched_yield();
    }
    assert_int_equal(ls_trainer_latest(trainer)->exact.images, 0);
    ls_trainer_destroy(trainer);
}

static int setup(void **state)
{
    (void)state;
    synthetic_init(&blobs);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_at_rest_gets_its_likelihood),
        cmocka_unit_test(a_step_makes_it_anew),
        cmocka_unit_test(training_tells_it_with_its_evaluations),
        cmocka_unit_test(other_latent_sizes_have_none),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
