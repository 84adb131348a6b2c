#include <dirent.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/train/trainer.h"

#include "synthetic.h"

static Synthetic blobs; /* filled once, then only read */

static LsTrainer *make_trainer(void)
{
    const LsTrainSettings settings = synthetic_settings();
    LsError err = {0};
    LsTrainer *trainer = ls_trainer_create(&blobs.data, &settings, NULL, 2, &err);
    if (trainer == NULL) {
        fail_msg("%s", err.text);
    }
    return trainer;
}

/* Queues a command, as often as it takes to find room. */
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

/* The first snapshot in which everything sent so far is carried out. */
static const LsSnapshot *await_answer(LsTrainer *trainer)
{
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->answered < ls_trainer_sent(trainer)) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    return snapshot;
}

static LsCheckpoint *make_checkpoint(float weight)
{
    LsCheckpoint *checkpoint = ls_memory_items(1, sizeof *checkpoint, NULL);
    assert_non_null(checkpoint);
    const LsTrainSettings settings = synthetic_settings();
    const LsModelSpec spec = ls_train_settings_spec(&settings, SYNTHETIC_SIDE, SYNTHETIC_SIDE, 1);
    assert_true(ls_model_init(&checkpoint->model, &spec, NULL));
    checkpoint->params = ls_memory_floats(checkpoint->model.param_count, NULL);
    assert_non_null(checkpoint->params);
    for (size_t i = 0; i < checkpoint->model.param_count; i++) {
        checkpoint->params[i] = weight;
    }
    return checkpoint;
}

static void a_first_snapshot_is_there_at_once(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    assert_true(snapshot->serial >= 1); /* an evaluation may have followed already */
    assert_int_equal(snapshot->step, 0);
    assert_false(snapshot->training);
    assert_non_null(snapshot->params);
    assert_null(snapshot->m);
    assert_string_equal(snapshot->dataset, "blobs");
    ls_trainer_destroy(trainer);
    ls_trainer_destroy(NULL);
}

/* The niceness of the process's nicest thread. */
static int nicest_thread(void)
{
    int nicest = -20;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (const struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
        if (task->d_name[0] != '.') {
            const int niceness = getpriority(PRIO_PROCESS, (id_t)strtoul(task->d_name, NULL, 10));
            nicest = niceness > nicest ? niceness : nicest;
        }
    }
    closedir(tasks);
    return nicest;
}

static void training_gives_way_to_the_thread_that_began_it(void **state)
{
    (void)state;
    const int ours = getpriority(PRIO_PROCESS, 0);
    LsTrainer *trainer = make_trainer();
    assert_true(nicest_thread() > ours || ours == 19);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), ours);
    ls_trainer_destroy(trainer);
    while (nicest_thread() !=
           ours) { /* a thread that has been joined is listed for a moment more */
        sched_yield();
    }
}

static void a_snapshot_tells_where_the_time_went(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send_kind(trainer, LS_COMMAND_TRAIN);
    while (ls_trainer_latest(trainer)->step < 50 ||
           !ls_trainer_latest(trainer)->evaluation.evaluated) {
        sched_yield();
    }
    send_kind(trainer, LS_COMMAND_PAUSE);
    const LsSpent trained = await_answer(trainer)->spent;
    assert_true(trained.training >= ls_trainer_latest(trainer)->seconds);
    assert_true(trained.evaluation > 0 && trained.publishing > 0);
    /* Paused, no step is taken, and the answer is published all the same. */
    send_kind(trainer, LS_COMMAND_PAUSE);
    const LsSpent paused = await_answer(trainer)->spent;
    assert_true(paused.training == trained.training);
    assert_true(paused.publishing > trained.publishing);
    ls_trainer_destroy(trainer);
}

static void a_model_at_rest_is_evaluated_and_does_not_move(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (!snapshot->evaluation.evaluated) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    assert_true(isfinite(snapshot->evaluation.heldout_elbo));
    assert_int_equal(snapshot->step, 0);
    LsMetric metric;
    assert_true(ls_trainer_next_metric(trainer, &metric));
    assert_true(metric.evaluated);
    ls_trainer_destroy(trainer);
}

static void training_runs_until_paused_and_tells_every_step(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send_kind(trainer, LS_COMMAND_TRAIN);
    uint64_t serial = 0, told = 0;
    LsMetric metric;
    for (const LsSnapshot *snapshot = await_answer(trainer); snapshot->step < 500;
         snapshot = ls_trainer_latest(trainer)) {
        assert_true(snapshot->serial >= serial);
        serial = snapshot->serial;
        while (ls_trainer_next_metric(trainer, &metric)) {
            assert_true(metric.evaluated || metric.step == told + 1);
            told += metric.evaluated ? 0 : 1;
        }
    }
    send_kind(trainer, LS_COMMAND_PAUSE);
    const LsSnapshot *snapshot = await_answer(trainer);
    assert_false(snapshot->training);
    const uint64_t step = snapshot->step;
    while (ls_trainer_next_metric(trainer, &metric)) {
        told += metric.evaluated ? 0 : 1;
    }
    assert_int_equal(told, step);
    assert_int_equal(ls_trainer_lost_metrics(trainer), 0);
    ls_trainer_stop(trainer);
    ls_trainer_stop(trainer);
    snapshot = ls_trainer_latest(trainer);
    assert_int_equal(snapshot->step, step);
    assert_non_null(snapshot->m); /* the last one can be saved and resumed */
    assert_non_null(snapshot->v);
    ls_trainer_destroy(trainer);
}

static void a_step_is_one_step(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    for (uint64_t i = 1; i <= 5; i++) {
        send_kind(trainer, LS_COMMAND_STEP);
        assert_int_equal(await_answer(trainer)->step, i);
    }
    send_kind(trainer, LS_COMMAND_STEP);
    send_kind(trainer, LS_COMMAND_STEP);
    assert_int_equal(await_answer(trainer)->step, 7);
    ls_trainer_destroy(trainer);
}

static void optimizer_state_asked_for_is_there_however_late_one_looks(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send_kind(trainer, LS_COMMAND_TRAIN);
    (void)await_answer(trainer);
    send_kind(trainer, LS_COMMAND_STATE);
    LsMetric metric;
    for (int told = 0; told < 3000;) { /* meanwhile many snapshots went by */
        told += ls_trainer_next_metric(trainer, &metric) ? 1 : 0;
    }
    const LsSnapshot *snapshot = await_answer(trainer);
    assert_non_null(snapshot->m);
    assert_non_null(snapshot->v);
    const uint64_t with_state = snapshot->serial;
    while (snapshot->serial < with_state + 3) { /* and later ones are light again */
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    assert_null(snapshot->m);
    ls_trainer_destroy(trainer);
}

static void a_state_asked_for_is_not_lost_to_another_model(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send_kind(trainer, LS_COMMAND_STEP);
    const uint64_t model_id = await_answer(trainer)->model_id;
    LsCommand reset = {.kind = LS_COMMAND_RESET, .settings = synthetic_settings()};
    send_kind(trainer, LS_COMMAND_STATE);
    send(trainer, &reset);
    send_kind(trainer, LS_COMMAND_STATE);
    reset.kind = LS_COMMAND_REPLACE;
    reset.checkpoint = make_checkpoint(0.01f);
    send(trainer, &reset);
    uint64_t states[3] = {0}; /* steps at which each of the three models was seen with its state */
    for (uint64_t seen = model_id; seen < model_id + 2;) {
        const LsSnapshot *snapshot = ls_trainer_latest(trainer);
        seen = snapshot->model_id;
        assert_in_range(seen, model_id, model_id + 2);
        states[seen - model_id] += snapshot->m != NULL ? 1 + snapshot->step : 0;
        sched_yield();
    }
    assert_true(states[0] >= 2); /* after one step */
    assert_true(states[1] >= 1);
    ls_trainer_destroy(trainer);
}

static void a_state_asked_for_is_there_after_the_end_whatever_was_to_follow(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send_kind(trainer, LS_COMMAND_STEP);
    const uint64_t model_id = await_answer(trainer)->model_id;
    LsCommand replace = {.kind = LS_COMMAND_REPLACE, .checkpoint = make_checkpoint(0.01f)};
    send_kind(trainer, LS_COMMAND_STATE);
    send(trainer, &replace);
    ls_trainer_stop(trainer);
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    assert_int_equal(snapshot->model_id, model_id);
    assert_int_equal(snapshot->step, 1);
    assert_non_null(snapshot->m);
    ls_trainer_destroy(trainer);
}

static void settings_reach_the_living_model(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send_kind(trainer, LS_COMMAND_STEP);
    const uint64_t model_id = await_answer(trainer)->model_id;
    LsCommand command = {.kind = LS_COMMAND_SETTINGS, .settings = synthetic_settings()};
    command.settings.beta = 4;
    command.settings.batch = 300;
    send(trainer, &command);
    const LsSnapshot *snapshot = await_answer(trainer);
    assert_true(snapshot->settings.beta == 4);
    assert_int_equal(snapshot->step, 1);
    assert_int_equal(snapshot->model_id, model_id);
    command.kind = LS_COMMAND_RESET;
    command.settings.latent = 5;
    send(trainer, &command);
    snapshot = await_answer(trainer);
    assert_int_equal(snapshot->step, 0);
    assert_int_equal(snapshot->model.spec.latent, 5);
    assert_int_equal(snapshot->model_id, model_id + 1);
    ls_trainer_destroy(trainer);
}

static void a_model_that_does_not_fit_is_told_and_changes_nothing(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    send_kind(trainer, LS_COMMAND_STEP);
    const LsSnapshot *snapshot = await_answer(trainer);
    const uint64_t model_id = snapshot->model_id;
    LsCommand command = {.kind = LS_COMMAND_REPLACE, .checkpoint = make_checkpoint(0.01f)};
    command.checkpoint->model.spec.width = 9;
    send(trainer, &command);
    snapshot = await_answer(trainer);
    assert_int_equal(snapshot->fault.code, LS_ERR_MODEL);
    assert_non_null(strstr(snapshot->fault.text, "9 x 8"));
    assert_int_equal(snapshot->model_id, model_id);
    assert_int_equal(snapshot->step, 1);
    command.checkpoint = make_checkpoint(0.01f);
    send(trainer, &command);
    assert_int_equal(snapshot->faults, 1);
    snapshot = await_answer(trainer);
    assert_int_equal(snapshot->fault.code, LS_OK);
    assert_int_equal(snapshot->faults, 1);
    assert_int_equal(snapshot->model_id, model_id + 1);
    assert_true(snapshot->params[0] == 0.01f);
    ls_trainer_destroy(trainer);
}

static void losses_that_are_not_finite_stop_training_and_are_named(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    const LsCommand command = {.kind = LS_COMMAND_REPLACE, .checkpoint = make_checkpoint(1e30f)};
    send(trainer, &command);
    send_kind(trainer, LS_COMMAND_TRAIN);
    const LsSnapshot *snapshot = ls_trainer_latest(trainer);
    while (snapshot->fault.code == LS_OK) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    assert_false(snapshot->training);
    assert_non_null(strstr(snapshot->fault.text, "step 1"));
    assert_int_equal(snapshot->step, 0);
    assert_true(snapshot->params[0] == 1e30f);
    ls_trainer_destroy(trainer);
}

static void a_limit_holds_training_back(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    const LsCommand limit = {.kind = LS_COMMAND_LIMIT, .limit = 200};
    send(trainer, &limit);
    const double start = ls_clock_now();
    send_kind(trainer, LS_COMMAND_TRAIN);
    const LsSnapshot *snapshot = await_answer(trainer);
    while (snapshot->step < 20) {
        sched_yield();
        snapshot = ls_trainer_latest(trainer);
    }
    /* 20 steps at 200 a second: never sooner, whatever the machine is doing. */
    assert_true(ls_clock_now() - start > 0.09);
    ls_trainer_destroy(trainer);
}

static void a_full_queue_refuses_and_the_checkpoint_stays_the_callers(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    ls_trainer_stop(trainer); /* nobody takes commands any more */
    LsCommand command = {.kind = LS_COMMAND_PAUSE};
    int queued = 0;
    while (ls_trainer_send(trainer, &command)) {
        queued++;
    }
    assert_int_equal(queued, 256);
    command = (LsCommand){.kind = LS_COMMAND_REPLACE, .checkpoint = make_checkpoint(0)};
    assert_false(ls_trainer_send(trainer, &command));
    ls_checkpoint_finish(command.checkpoint);
    ls_memory_free(command.checkpoint);
    ls_trainer_destroy(trainer);
}

static void ten_thousand_commands_are_all_answered(void **state)
{
    (void)state;

    enum {
        COMMANDS = 10000
    };

    LsTrainer *trainer = make_trainer();
    const LsRng rng = ls_rng_make(11, LS_RNG_VIEW);
    uint64_t serial = 0, answered = 0;
    for (uint64_t i = 0; i < COMMANDS; i++) {
        LsCommand command = {.settings = synthetic_settings()};
        const uint32_t dice = ls_rng_below(rng, i, 100);
        command.kind = dice < 60   ? LS_COMMAND_SETTINGS
                       : dice < 70 ? LS_COMMAND_TRAIN
                       : dice < 80 ? LS_COMMAND_PAUSE
                       : dice < 92 ? LS_COMMAND_STEP
                       : dice < 94 ? LS_COMMAND_RESET
                       : dice < 96 ? LS_COMMAND_REPLACE
                                   : LS_COMMAND_STATE;
        command.settings.beta = dice;
        command.settings.batch = 1 + (int)ls_rng_below(rng, COMMANDS + i, 64);
        command.settings.latent = 1 + (int)(dice % 3);
        command.settings.rec = (int)(dice % 2);
        if (command.kind == LS_COMMAND_REPLACE) {
            command.checkpoint = make_checkpoint((float)dice / 1000);
        }
        send(trainer, &command);
        const LsSnapshot *snapshot = ls_trainer_latest(trainer);
        assert_true(snapshot->serial >= serial && snapshot->answered >= answered);
        assert_true(snapshot->answered <= i + 1);
        assert_int_equal(snapshot->fault.code, LS_OK);
        serial = snapshot->serial;
        answered = snapshot->answered;
        float sum = 0; /* every float of it is read: the sanitizer would see one being written */
        for (size_t p = 0; p < snapshot->model.param_count; p++) {
            sum += snapshot->params[p];
        }
        assert_true(isfinite(sum));
    }
    const LsSnapshot *snapshot = await_answer(trainer);
    assert_int_equal(snapshot->answered, COMMANDS);
    ls_trainer_destroy(trainer);
}

static void commands_queued_before_the_end_are_carried_out(void **state)
{
    (void)state;
    LsTrainer *trainer = make_trainer();
    for (int i = 0; i < 50; i++) {
        send_kind(trainer, LS_COMMAND_STEP);
    }
    ls_trainer_stop(trainer);
    assert_int_equal(ls_trainer_latest(trainer)->answered, 50);
    assert_int_equal(ls_trainer_latest(trainer)->step, 50);
    ls_trainer_destroy(trainer);
}

int main(void)
{
    synthetic_init(&blobs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_snapshot_is_there_at_once),
        cmocka_unit_test(training_gives_way_to_the_thread_that_began_it),
        cmocka_unit_test(a_snapshot_tells_where_the_time_went),
        cmocka_unit_test(a_model_at_rest_is_evaluated_and_does_not_move),
        cmocka_unit_test(training_runs_until_paused_and_tells_every_step),
        cmocka_unit_test(a_step_is_one_step),
        cmocka_unit_test(optimizer_state_asked_for_is_there_however_late_one_looks),
        cmocka_unit_test(a_state_asked_for_is_not_lost_to_another_model),
        cmocka_unit_test(a_state_asked_for_is_there_after_the_end_whatever_was_to_follow),
        cmocka_unit_test(settings_reach_the_living_model),
        cmocka_unit_test(a_model_that_does_not_fit_is_told_and_changes_nothing),
        cmocka_unit_test(losses_that_are_not_finite_stop_training_and_are_named),
        cmocka_unit_test(a_limit_holds_training_back),
        cmocka_unit_test(a_full_queue_refuses_and_the_checkpoint_stays_the_callers),
        cmocka_unit_test(ten_thousand_commands_are_all_answered),
        cmocka_unit_test(commands_queued_before_the_end_are_carried_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
