#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/judge.h"

#include "synthetic.h"

static Synthetic blobs; /* filled once, then only read */

static void send(LsTrainer *trainer, LsCommandKind kind)
{
    const LsCommand command = {.kind = kind};
    assert_true(ls_trainer_send(trainer, &command));
}

/* A trainer that has come to rest after so many steps, with all figures of where it stands. */
static LsTrainer *make_rested(int steps, const LsSnapshot **snapshot)
{
    LsTrainSettings settings = synthetic_settings();
    settings.train_images = 70;
    LsTrainer *trainer = ls_trainer_create(&blobs.data, &settings, NULL, 2, NULL);
    assert_non_null(trainer);
    for (int i = 0; i < steps; i++) {
        send(trainer, LS_COMMAND_STEP);
    }
    do {
        sched_yield();
        *snapshot = ls_trainer_latest(trainer);
    } while ((*snapshot)->answered < ls_trainer_sent(trainer) ||
             !(*snapshot)->evaluation.evaluated ||
             (*snapshot)->evaluation.step != (*snapshot)->step ||
             (*snapshot)->measures.serial == 0 || (*snapshot)->measures.step != (*snapshot)->step);
    return trainer;
}

static void begin(LsJudge *judge, const LsSnapshot *snapshot)
{
    while (!ls_judge_try_begin(judge, snapshot)) {
        sched_yield();
    }
}

static void take(LsJudge *judge, LsMetric *evaluation, LsMeasures *measures)
{
    while (!ls_judge_try_take(judge, evaluation, measures)) {
        sched_yield();
    }
}

static void its_figures_are_the_trainers_own(void **state)
{
    (void)state;
    const LsSnapshot *snapshot = NULL;
    LsTrainer *trainer = make_rested(5, &snapshot);
    LsJudge *judge = ls_judge_create(&blobs.data, NULL);
    assert_non_null(judge);
    LsSnapshot left = *snapshot; /* as if nobody had had the time */
    left.evaluation = (LsMetric){0};
    left.measures = (LsMeasures){0};
    LsMetric evaluation;
    LsMeasures measures;
    assert_false(ls_judge_try_take(judge, &evaluation, &measures));
    begin(judge, &left);
    take(judge, &evaluation, &measures);
    assert_true(evaluation.evaluated);
    assert_int_equal(evaluation.step, snapshot->step);
    assert_int_equal(evaluation.kind[0], snapshot->evaluation.kind[0]);
    assert_true(evaluation.heldout_elbo == snapshot->evaluation.heldout_elbo);
    assert_true(evaluation.train_elbo == snapshot->evaluation.train_elbo);
    assert_true(evaluation.heldout.total == snapshot->evaluation.heldout.total);
    assert_int_equal(measures.step, snapshot->step);
    assert_memory_equal(measures.value, snapshot->measures.value, sizeof measures.value);
    assert_false(ls_judge_try_take(judge, &evaluation, &measures)); /* once */
    ls_judge_destroy(judge);
    ls_trainer_destroy(trainer);
}

static void the_newest_state_asked_for_is_judged(void **state)
{
    (void)state;
    const LsSnapshot *snapshot = NULL;
    LsTrainer *trainer = make_rested(1, &snapshot);
    LsJudge *judge = ls_judge_create(&blobs.data, NULL);
    LsSnapshot other = *snapshot;
    for (uint64_t step = 100; step < 120; step++) { /* one after another, whatever is under way */
        other.step = step;
        begin(judge, &other);
    }
    LsMetric evaluation;
    LsMeasures measures;
    take(judge, &evaluation, &measures);
    assert_int_equal(evaluation.step, 119);
    assert_int_equal(measures.step, 119);
    begin(judge, &other);
    ls_judge_destroy(judge); /* in the middle of it */
    ls_judge_destroy(NULL);
    ls_trainer_destroy(trainer);
}

int main(void)
{
    synthetic_init(&blobs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_figures_are_the_trainers_own),
        cmocka_unit_test(the_newest_state_asked_for_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
