#include "train/appraise.h"

#include <math.h>

#include "latentscape/core/clock.h"

#include "train/agree.h"
#include "train/run_state.h"

static const double every = 0.5;         /* seconds */
static const double share = 0.05;        /* of the time, at most, while training */
static const double saved = 0.1;         /* the same with those after a change of the settings */
static const double patience = 0.8;      /* seconds after a change, however few the steps */
static const uint64_t settle_steps = 40; /* with the new settings, to see what they do */
static const double settle = 0.3;        /* seconds after a change: enough steps to see it */
static const double stretch = 0.02; /* seconds in a row, where a change waits for its figures */

/* Time that may be spent beyond the regular measuring. It grows with time, up to what one measuring
 * costs, so that a change after a while of calm is measured at once, and a hundred in a row are not. */
static bool has_credit(LsAppraisal *a)
{
    const double now = ls_clock_now();
    a->credit = fmin(a->credit + saved * (now - a->credited_at), a->cost);
    a->credited_at = now;
    return a->credit >= 0;
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
    LsAppraisal *a = &trainer->appraisal;
    if (trainer->measures.serial == 0) {
        return true;
    }
    if (!trainer->training) {
        return a->wanted;
    }
    const double now = ls_clock_now();
    if (a->hurried) { /* not sooner either: nothing would be seen yet */
        return has_settled(trainer) && (has_credit(a) || now >= a->due_at);
    }
    return now >= a->due_at;
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
    a->hurrying = a->hurried;
    a->wanted = a->hurried = false;
    a->begun_cost = 0;
    a->begun_step = step;
    if (trainer->measures.serial > 0 && trainer->measures.step == step) {
        a->due_at = ls_clock_now() + every; /* the same weights */
        return;
    }
    if (a->gauge == NULL) {
        a->gauge = ls_gauge_create(trainer->data, trainer->run->pool, NULL);
    }
    /* Training goes on without measures where there is no room for them. */
    a->failed = a->gauge == NULL || !ls_gauge_begin(a->gauge, ls_run_model(trainer->run),
                                                    ls_run_params(trainer->run), step, NULL);
}

bool ls_appraise_some(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    if (a->gauge == NULL || !ls_gauge_running(a->gauge)) {
        return false;
    }
    const double start = ls_clock_now();
    bool done = false;
    double now = 0;
    do {
        done = ls_gauge_advance(a->gauge, &trainer->measures);
        now = ls_clock_now();
    } while (!done && a->hurrying && now - start < stretch);
    a->begun_cost += now - start;
    a->credit -= now - start;
    trainer->spent.measuring += now - start;
    if (done) {
        ls_gauge_take_gap(&trainer->measures, &trainer->evaluation);
        a->cost = a->begun_cost;
        a->due_at = now + fmax(every, a->cost / share);
        trainer->dirty = true;
    }
    return true;
}

void ls_appraise_want(LsTrainer *trainer)
{
    trainer->appraisal.wanted = true;
}

void ls_appraise_hurry(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    if (a->hurried || !trainer->training) {
        return; /* one of many changes in a row: the first one's time counts */
    }
    /* What is under way would show the model before the change. Where it has been hurried itself, as
     * while a slider is drawn, it is let finish. */
    if (a->gauge != NULL && !a->hurrying) {
        ls_gauge_stop(a->gauge);
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
    if (a->gauge != NULL) {
        ls_gauge_stop(a->gauge);
    }
}
