#include "train/appraise.h"

#include <math.h>

#include "latentscape/core/clock.h"

#include "train/agree.h"
#include "train/run_state.h"

static const double every = 0.5;         /* seconds */
static const double share = 0.05;        /* of the time, at most, but for what changes ask for */
static const double patience = 0.8;      /* seconds after a change, however few the steps */
static const uint64_t settle_steps = 40; /* with the new settings, to see what they do */
static const double settle = 0.3;        /* seconds after a change: enough steps to see it */
static const double stretch = 0.02; /* seconds in a row, where a change waits for its figures */

static bool may_begin(LsTrainer *trainer, bool urgent)
{
    return ls_budget_allows(&trainer->budget, LS_BUDGET_MEASURES, urgent, ls_clock_now());
}

static void count(LsTrainer *trainer, double seconds)
{
    ls_budget_spend(&trainer->budget, LS_BUDGET_MEASURES, seconds, trainer->training);
    trainer->spent.measuring += seconds;
}

/* Whether a change has had time to show. */
static bool has_settled(const LsTrainer *trainer)
{
    const LsAppraisal *a = &trainer->appraisal;
    const double since = ls_clock_now() - a->changed_at;
    const uint64_t steps = ls_run_steps(trainer->run);
    return since >= patience || (since >= settle && steps >= a->changed_step + settle_steps);
}

static bool due(LsTrainer *trainer)
{
    const LsAppraisal *a = &trainer->appraisal;
    if (trainer->measures.serial == 0) {
        return !trainer->training || may_begin(trainer, true);
    }
    if (!trainer->training) {
        return a->wanted;
    }
    if (a->hurried) { /* not sooner either: nothing would be seen yet */
        return has_settled(trainer) && may_begin(trainer, true);
    }
    return ls_clock_now() >= a->due_at && may_begin(trainer, false);
}

static bool wanted(LsTrainer *trainer, bool running)
{
    const LsAppraisal *a = &trainer->appraisal;
    if (a->failed) {
        return false;
    }
    const bool is_due = !running && due(trainer);
    /* A change here has to be seen first, and brings an agreement of its own. */
    return ls_agree_begins(trainer, LS_PACE_MEASURES, is_due, running, a->begun_step) &&
           (is_due || !a->hurried || has_settled(trainer));
}

void ls_appraise_begin(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    const uint64_t step = ls_run_steps(trainer->run);
    if (!wanted(trainer, a->gauge != NULL && ls_gauge_running(a->gauge))) {
        return;
    }
    const double start = ls_clock_now();
    a->hurrying = a->hurried;
    a->wanted = a->hurried = false;
    a->begun_step = step;
    if (trainer->measures.serial > 0 && trainer->measures.step == step) {
        a->due_at = start + every; /* the same weights */
        return;
    }
    if (a->gauge == NULL) {
        a->gauge = ls_gauge_create(trainer->data, trainer->run->pool, NULL);
    }
    ls_budget_stop(&trainer->budget, LS_BUDGET_MEASURES);
    ls_budget_begin(&trainer->budget, LS_BUDGET_MEASURES, trainer->training, start);
    /* Training goes on without measures where there is no room for them. */
    a->failed = a->gauge == NULL || !ls_gauge_begin(a->gauge, ls_run_model(trainer->run),
                                                    ls_run_params(trainer->run), step, NULL);
    count(trainer, ls_clock_now() - start);
    if (a->failed) {
        ls_budget_stop(&trainer->budget, LS_BUDGET_MEASURES);
    }
}

bool ls_appraise_some(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    if (a->gauge == NULL || !ls_gauge_running(a->gauge)) {
        return false;
    }
    const double start = ls_clock_now();
    bool done = false;
    double now = start;
    do {
        done = ls_gauge_advance(a->gauge, &trainer->measures);
        now = ls_clock_now();
    } while (!done && a->hurrying && now - start < stretch);
    count(trainer, now - start);
    if (done) {
        const double cost = ls_budget_end(&trainer->budget, LS_BUDGET_MEASURES);
        ls_gauge_take_gap(&trainer->measures, &trainer->evaluation);
        a->due_at = now + fmax(every, cost / share);
        trainer->dirty = true;
    }
    return true;
}

void ls_appraise_want(LsTrainer *trainer)
{
    trainer->appraisal.wanted = true;
}

static void stop(LsTrainer *trainer)
{
    if (trainer->appraisal.gauge != NULL) {
        ls_gauge_stop(trainer->appraisal.gauge);
    }
    ls_budget_stop(&trainer->budget, LS_BUDGET_MEASURES);
}

void ls_appraise_hurry(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    if (a->hurried || !trainer->training) {
        return; /* one of many changes in a row: the first one's time counts */
    }
    /* What is under way would show the model before the change. Where it has been hurried itself, as
     * while a slider is drawn, it is let finish. */
    if (!a->hurrying) {
        stop(trainer);
    }
    a->hurried = true;
    a->changed_at = ls_clock_now();
    a->changed_step = ls_run_steps(trainer->run);
}

void ls_appraise_reset(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    trainer->measures = (LsMeasures){0};
    a->failed = a->hurried = false;
    stop(trainer);
}
