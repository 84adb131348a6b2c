#include "train/duty.h"

#include <math.h>
#include <poll.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

#include "train/agree.h"
#include "train/appraise.h"
#include "train/bound.h"
#include "train/publish.h"
#include "train/tug.h"

static const double publish_every = 0.020; /* seconds: up to 50 snapshots a second */
static const double keep_every = 2.0;      /* seconds between states to come back to */
static const double evaluate_every = 0.5;  /* seconds */
static const double evaluate_share = 0.05; /* of the time, at most, while training */

/* ---- work between commands */

/* The other run waits for nothing else than this. */
static void tell_pace(const LsTrainer *trainer)
{
    if (trainer->pace != NULL) {
        ls_pace_tell(trainer->pace, trainer->side, ls_run_steps(trainer->run));
    }
}

static bool ahead(const LsTrainer *trainer)
{
    return trainer->pace != NULL &&
           ls_pace_ahead(trainer->pace, trainer->side, ls_run_steps(trainer->run));
}

static void do_step(LsTrainer *trainer)
{
    LsMetric metric;
    const double start = ls_clock_now();
    ls_run_step(trainer->run, &metric);
    trainer->spent.training += ls_clock_now() - start;
    ls_publish_metric(trainer, &metric);
    tell_pace(trainer);
    trainer->dirty = true;
    const char *fault = ls_run_fault(&metric);
    if (fault != NULL) {
        ls_publish_stop(trainer, fault, metric.step);
        return;
    }
    const double now = ls_clock_now();
    if (now - trainer->kept_at >= keep_every) {
        trainer->kept_at = now;
        fault = ls_run_keep(trainer->run);
        if (fault != NULL) {
            ls_publish_stop(trainer, fault, metric.step);
        }
    }
}

static bool evaluation_due(const LsTrainer *trainer)
{
    const bool running = ls_run_evaluating(trainer->run);
    const double wait = fmax(evaluate_every, trainer->evaluation_cost / evaluate_share);
    const bool waited = trainer->training && ls_clock_now() - trainer->evaluated_at >= wait;
    const bool wanted = trainer->evaluation_wanted && !trainer->training;
    const bool due = !running && (!trainer->evaluation.evaluated || wanted || waited);
    return ls_agree_begins(trainer, LS_PACE_EVALUATION, due, running, trainer->judged);
}

/* Begins an evaluation where one is due. Asked after every step. */
static void evaluate_begin(LsTrainer *trainer)
{
    if (evaluation_due(trainer)) {
        trainer->evaluation_wanted = false;
        trainer->evaluation_cost = 0;
        trainer->judged = ls_run_steps(trainer->run);
        ls_run_evaluate_begin(trainer->run);
    }
}

/* One slice of the evaluation under way. Returns false where there is none. */
static bool evaluate_some(LsTrainer *trainer)
{
    if (!ls_run_evaluating(trainer->run)) {
        return false;
    }
    const double start = ls_clock_now();
    LsMetric metric;
    const bool done = ls_run_evaluate_advance(trainer->run, &metric);
    const double now = ls_clock_now();
    trainer->evaluation_cost += now - start;
    trainer->spent.evaluation += now - start;
    if (done) {
        metric.exact_step = trainer->exact_step;
        metric.exact_log_p = trainer->exact.log_p;
        metric.exact_gap = trainer->exact.gap;
        trainer->evaluation = metric;
        ls_gauge_take_gap(&trainer->measures, &metric);
        trainer->evaluated_at = now;
        trainer->dirty = true;
        ls_publish_metric(trainer, &metric);
        LsError why;
        if (trainer->training &&
            ls_patience_note(&trainer->patience, ls_run_settings(trainer->run), &metric, &why)) {
            trainer->training = false;
            trainer->fault = why;
            ls_publish_fault(trainer);
        }
    }
    return true;
}

/* ---- commands */

void ls_duty_free_checkpoint(LsCheckpoint *checkpoint)
{
    if (checkpoint != NULL) {
        ls_checkpoint_finish(checkpoint);
        ls_memory_free(checkpoint);
    }
}

void ls_duty_begin_model(LsTrainer *trainer)
{
    trainer->model_id++;
    trainer->evaluation = (LsMetric){0};
    trainer->patience = (LsPatience){0};
    ls_appraise_reset(trainer);
    ls_bound_reset(trainer);
    ls_tug_reset(trainer);
    trainer->kept_at = ls_clock_now();
}

static void execute(LsTrainer *trainer, const LsCommand *command)
{
    /* A fault that was seen goes with the next command; one not seen yet stays. */
    if (trainer->fault_seen || (trainer->fault_shown && ls_exchange_taken(&trainer->exchange))) {
        trainer->fault = (LsError){0};
        trainer->fault_shown = trainer->fault_seen = false;
    }
    bool ok = true;
    switch (command->kind) {
    case LS_COMMAND_TRAIN:
        trainer->training = true;
        trainer->step_due = ls_clock_now();
        break;
    case LS_COMMAND_PAUSE:
        trainer->training = false;
        trainer->evaluation_wanted = true;
        ls_appraise_want(trainer);
        ls_tug_want(trainer);
        break;
    case LS_COMMAND_STEP:
        trainer->training = false;
        trainer->evaluation_wanted = true;
        ls_appraise_want(trainer);
        ls_tug_want(trainer);
        do_step(trainer);
        break;
    case LS_COMMAND_RESET:
        ok = ls_run_reset(trainer->run, &command->settings, &trainer->fault);
        break;
    case LS_COMMAND_SETTINGS:
        ok = ls_run_set(trainer->run, &command->settings, &trainer->fault);
        trainer->evaluation_wanted = true;
        ls_appraise_hurry(trainer);
        ls_tug_want(trainer);
        trainer->patience = (LsPatience){0}; /* something else is learned now */
        break;
    case LS_COMMAND_REPLACE:
        ok = ls_run_load(trainer->run, command->checkpoint, &trainer->fault);
        ls_duty_free_checkpoint(command->checkpoint);
        break;
    case LS_COMMAND_STATE:
        trainer->state_wanted = true;
        break;
    case LS_COMMAND_BACKEND:
        ok = ls_run_use(trainer->run, command->backend, &trainer->fault);
        break;
    case LS_COMMAND_LIMIT:
        trainer->limit = command->limit > 0 ? command->limit : 0;
        trainer->step_due = ls_clock_now();
        break;
    case LS_COMMAND_THREADS:
        ls_run_share(trainer->run, command->threads);
        break;
    case LS_COMMAND_PACE:
        trainer->pace = command->pace;
        trainer->side = command->side;
        trainer->evaluation_wanted = true; /* at rest both are judged where they stand */
        break;
    case LS_COMMAND_STOP:
        trainer->ended = true;
        break;
    }
    tell_pace(trainer); /* after a reset it is another step */
    if (!ok) {
        ls_publish_fault(trainer);
    } else if (command->kind == LS_COMMAND_RESET || command->kind == LS_COMMAND_REPLACE) {
        ls_duty_begin_model(trainer);
    }
    trainer->answered++;
    trainer->dirty = true;
}

bool ls_duty_next(LsTrainer *trainer)
{
    trainer->holding = trainer->holding || ls_ring_take(trainer->commands, &trainer->held);
    return trainer->holding;
}

/* A state that was asked for is that of the model there was then: before another model takes its place
 * someone must have come for it, or a save would write the new model over the old one's file. */
static bool must_wait(LsTrainer *trainer)
{
    if (trainer->held.kind != LS_COMMAND_RESET && trainer->held.kind != LS_COMMAND_REPLACE) {
        return false;
    }
    if (trainer->state_wanted) {
        ls_publish_snapshot(trainer);
    }
    return trainer->state_shown && !ls_exchange_taken(&trainer->exchange);
}

void ls_duty_obey(LsTrainer *trainer)
{
    bool any = false;
    while (ls_duty_next(trainer) && !must_wait(trainer)) {
        trainer->holding = false;
        execute(trainer, &trainer->held);
        any = true;
    }
    if (any) {
        ls_publish_snapshot(trainer);
    }
}

/* ---- a round */

/* Sleeps until a command comes, or for some seconds; negative: for ever. */
static void sleep_for(LsTrainer *trainer, double seconds)
{
    struct pollfd wake = {.fd = trainer->wake_fd, .events = POLLIN};
    const int ms = seconds < 0 ? -1 : (int)fmin(ceil(seconds * 1000), 3600000);
    if (poll(&wake, 1, ms) == 1) {
        uint64_t count = 0;
        if (read(trainer->wake_fd, &count, sizeof count) < 0) {
            return; /* someone's wake-up is still there: the next poll sees it */
        }
    }
}

void ls_duty_round(LsTrainer *trainer)
{
    const double now = ls_clock_now();
    const bool stepping =
        trainer->training && (trainer->limit <= 0 || now >= trainer->step_due) && !ahead(trainer);
    if (stepping) {
        do_step(trainer);
        if (trainer->limit > 0) {
            /* Steps keep to their times; what a slow machine misses is not made up for. */
            trainer->step_due = fmax(trainer->step_due + 1 / trainer->limit, now - 0.25);
        }
    }
    evaluate_begin(trainer);
    ls_appraise_begin(trainer);
    /* What is quick goes first: the others have always more to do. */
    const bool evaluating = ls_tug_some(trainer) || evaluate_some(trainer) ||
                            ls_appraise_some(trainer) || ls_bound_some(trainer);
    if (trainer->dirty &&
        (!trainer->training || ls_clock_now() - trainer->published_at >= publish_every)) {
        ls_publish_snapshot(trainer);
    }
    if (stepping || evaluating) {
        return;
    }
    if (!trainer->training) {
        if (!trainer->dirty) { /* nobody tells when a snapshot is taken: then it is looked for */
            sleep_for(trainer, trainer->holding ? 0.001 : -1);
        }
        return;
    }
    double wait = trainer->step_due - now;
    if (trainer->dirty) {
        wait = fmin(wait, trainer->published_at + publish_every - now);
    }
    sleep_for(trainer, fmax(wait, 0.001));
}
