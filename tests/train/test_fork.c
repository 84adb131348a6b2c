#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/train/trainer.h"

#include "synthetic.h"

static Synthetic blobs; /* filled once, then only read */

typedef struct Fork {
    LsTrainer *side[2];
    LsPace *pace;
} Fork;

static void send(LsTrainer *trainer, const LsCommand *command)
{
    while (!ls_trainer_send(trainer, command)) {
        (void)ls_trainer_latest(trainer);
        sched_yield();
    }
}

static void send_kind(LsTrainer *trainer, LsCommandKind kind)
{
    const LsCommand command = {.kind = kind};
    send(trainer, &command);
}

static const LsSnapshot *await_answer(LsTrainer *trainer)
{
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->answered < ls_trainer_sent(trainer)) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    return snapshot;
}

static const LsSnapshot *await_step(LsTrainer *trainer, uint64_t step)
{
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->step < step) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    return snapshot;
}

/* Two trainers from one state after some steps with two workers; each has one from now on. */
static Fork make_fork(double ema)
{
    LsTrainSettings settings = synthetic_settings();
    settings.ema = ema;
    Fork fork = {.pace = ls_pace_create(NULL)};
    fork.side[0] = ls_trainer_create(&blobs.data, &settings, NULL, 2, NULL);
    assert_non_null(fork.pace);
    assert_non_null(fork.side[0]);
    send_kind(fork.side[0], LS_COMMAND_TRAIN);
    (void)await_step(fork.side[0], 40);
    send_kind(fork.side[0], LS_COMMAND_PAUSE);
    send_kind(fork.side[0], LS_COMMAND_STATE);
    const LsSnapshot *from = await_answer(fork.side[0]);
    assert_non_null(from->m);
    fork.side[1] = ls_trainer_fork(&blobs.data, from, 2, from->serial + 1000000, NULL);
    assert_non_null(fork.side[1]);
    const LsSnapshot *to = ls_trainer_latest(fork.side[1]);
    assert_int_equal(to->step, from->step);
    assert_int_equal(to->images, from->images);
    assert_int_equal(to->model_id, from->model_id);
    assert_true(to->serial > from->serial + 1000000);
    ls_pace_begin(fork.pace, from->step, to->step);
    for (int i = 0; i < 2; i++) {
        send(fork.side[i], &(LsCommand){.kind = LS_COMMAND_THREADS, .threads = 1});
        send(fork.side[i], &(LsCommand){.kind = LS_COMMAND_PACE, .pace = fork.pace, .side = i});
        (void)await_answer(fork.side[i]);
    }
    return fork;
}

static void end_fork(Fork *fork)
{
    ls_trainer_destroy(fork->side[0]);
    ls_trainer_destroy(fork->side[1]);
    ls_pace_destroy(fork->pace);
}

static void stay_equal(double ema)
{
    Fork fork = make_fork(ema);
    for (int n = 0; n < 50; n++) {
        send_kind(fork.side[n % 2], LS_COMMAND_STEP);
        send_kind(fork.side[1 - n % 2], LS_COMMAND_STEP);
    }
    send_kind(fork.side[0], LS_COMMAND_STATE);
    send_kind(fork.side[1], LS_COMMAND_STATE);
    const LsSnapshot *a = await_answer(fork.side[0]);
    const LsSnapshot *b = await_answer(fork.side[1]);
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->images, b->images);
    assert_int_equal(a->adam_step, b->adam_step);
    const size_t bytes = a->model.param_count * sizeof(float);
    assert_memory_equal(a->params, b->params, bytes);
    assert_memory_equal(a->m, b->m, bytes);
    assert_memory_equal(a->v, b->v, bytes);
    end_fork(&fork);
}

static void with_equal_settings_both_sides_stay_bit_for_bit_equal(void **state)
{
    (void)state;
    stay_equal(0);
}

static void so_they_do_where_weights_are_averaged(void **state)
{
    (void)state;
    stay_equal(0.99);
}

static void another_loss_on_one_side_makes_them_differ(void **state)
{
    (void)state;
    Fork fork = make_fork(0);
    LsCommand settings = {.kind = LS_COMMAND_SETTINGS,
                          .settings = ls_trainer_latest(fork.side[1])->settings};
    settings.settings.div_on = false;
    send(fork.side[1], &settings);
    send_kind(fork.side[0], LS_COMMAND_STEP);
    send_kind(fork.side[1], LS_COMMAND_STEP);
    const LsSnapshot *a = await_answer(fork.side[0]);
    const LsSnapshot *b = await_answer(fork.side[1]);
    assert_true(a->settings.div_on);
    assert_false(b->settings.div_on);
    assert_memory_not_equal(a->params, b->params, a->model.param_count * sizeof(float));
    end_fork(&fork);
}

static void the_slower_side_sets_the_pace(void **state)
{
    (void)state;
    Fork fork = make_fork(0);
    const uint64_t begun = ls_trainer_latest(fork.side[0])->step;
    const LsCommand slow = {.kind = LS_COMMAND_LIMIT, .limit = 400};
    send(fork.side[1], &slow);
    send_kind(fork.side[0], LS_COMMAND_TRAIN);
    send_kind(fork.side[1], LS_COMMAND_TRAIN);
    uint64_t told[2] = {begun, begun};
    while (told[0] < begun + 60) {
        LsMetric metric;
        /* A's newest step first: B may then only be farther than it was when A took that step. */
        while (ls_trainer_next_metric(fork.side[0], &metric)) {
            told[0] = metric.evaluated ? told[0] : metric.step;
        }
        while (ls_trainer_next_metric(fork.side[1], &metric)) {
            told[1] = metric.evaluated ? told[1] : metric.step;
        }
        assert_true(told[0] <= told[1] + LS_PACE_LEAD + 1);
        sched_yield();
    }
    /* Without the pace the faster one runs ahead. */
    ls_pace_end(fork.pace);
    send_kind(fork.side[1], LS_COMMAND_PAUSE);
    const uint64_t held = await_answer(fork.side[1])->step;
    (void)await_step(fork.side[0], held + 5 * LS_PACE_LEAD);
    end_fork(&fork);
}

/* Notes the steps after `begun` at which a side was judged. */
static int take_judged(LsTrainer *trainer, uint64_t begun, uint64_t *steps, int count, int most)
{
    LsMetric metric;
    while (ls_trainer_next_metric(trainer, &metric)) {
        const bool another = count == 0 || steps[count - 1] != metric.step;
        if (metric.evaluated && metric.step > begun && another && count < most) {
            steps[count++] = metric.step;
        }
    }
    return count;
}

/* Notes the steps after `begun` at which a side was measured. */
static int take_measured(LsTrainer *trainer, uint64_t begun, uint64_t *steps, int count, int most)
{
    const LsMeasures *measures = &ls_trainer_latest(trainer)->measures;
    const bool another = count == 0 || steps[count - 1] != measures->step;
    if (measures->serial > 0 && measures->step > begun && another && count < most) {
        steps[count++] = measures->step;
    }
    return count;
}

static void expect_the_same_steps(int (*take)(LsTrainer *, uint64_t, uint64_t *, int, int))
{
    enum {
        TIMES = 4
    };

    Fork fork = make_fork(0);
    uint64_t steps[2][TIMES];
    int count[2] = {0, 0};
    const uint64_t begun = ls_trainer_latest(fork.side[0])->step;
    send_kind(fork.side[0], LS_COMMAND_TRAIN);
    send_kind(fork.side[1], LS_COMMAND_TRAIN);
    while (count[0] < TIMES || count[1] < TIMES) {
        for (int i = 0; i < 2; i++) {
            count[i] = take(fork.side[i], begun, steps[i], count[i], TIMES);
        }
        sched_yield();
    }
    for (int i = 0; i < TIMES; i++) {
        assert_int_equal(steps[0][i], steps[1][i]);
    }
    end_fork(&fork);
}

static void both_sides_are_judged_at_the_same_steps(void **state)
{
    (void)state;
    expect_the_same_steps(take_judged);
}

static void both_sides_are_measured_at_the_same_steps(void **state)
{
    (void)state;
    expect_the_same_steps(take_measured);
}

static void a_side_that_rests_holds_the_other_where_it_is(void **state)
{
    (void)state;
    Fork fork = make_fork(0);
    const uint64_t begun = ls_trainer_latest(fork.side[0])->step;
    send_kind(fork.side[0], LS_COMMAND_TRAIN);
    (void)await_step(fork.side[0], begun + LS_PACE_LEAD);
    send_kind(fork.side[0], LS_COMMAND_STATE); /* it still answers */
    assert_int_equal(await_answer(fork.side[0])->step, begun + LS_PACE_LEAD);
    end_fork(&fork);
}

int main(void)
{
    synthetic_init(&blobs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_equal_settings_both_sides_stay_bit_for_bit_equal),
        cmocka_unit_test(so_they_do_where_weights_are_averaged),
        cmocka_unit_test(another_loss_on_one_side_makes_them_differ),
        cmocka_unit_test(the_slower_side_sets_the_pace),
        cmocka_unit_test(both_sides_are_judged_at_the_same_steps),
        cmocka_unit_test(both_sides_are_measured_at_the_same_steps),
        cmocka_unit_test(a_side_that_rests_holds_the_other_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
