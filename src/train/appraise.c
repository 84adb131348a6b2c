#include "train/appraise.h"

#include <math.h>

#include "latentscape/core/clock.h"

#include "train/run_state.h"

static const double every = 0.5;         /* seconds */
static const double share = 0.05;        /* of the time, at most, while training */
static const double hurried_share = 0.1; /* the same for the first one after a change */
static const double settle = 0.3;        /* seconds after a change: enough steps to see it */

static bool due(const LsTrainer *trainer)
{
    const LsAppraisal *a = &trainer->appraisal;
    if (a->failed) {
        return false;
    }
    if (trainer->measures.serial == 0) {
        return true;
    }
    return trainer->training ? ls_clock_now() >= a->due_at : a->wanted;
}

static bool begin(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    const uint64_t step = ls_run_steps(trainer->run);
    a->wanted = false;
    a->cost = 0;
    if (trainer->measures.serial > 0 && trainer->measures.step == step) {
        a->due_at = ls_clock_now() + every; /* the same weights */
        return false;
    }
    if (a->gauge == NULL) {
        a->gauge = ls_gauge_create(trainer->data, trainer->run->pool, NULL);
    }
    /* Training goes on without measures where there is no room for them. */
    a->failed = a->gauge == NULL || !ls_gauge_begin(a->gauge, ls_run_model(trainer->run),
                                                    ls_run_params(trainer->run), step, NULL);
    return !a->failed;
}

bool ls_appraise_some(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    const double start = ls_clock_now();
    const bool running = a->gauge != NULL && ls_gauge_running(a->gauge);
    if (!running && (!due(trainer) || !begin(trainer))) {
        return false;
    }
    const bool done = ls_gauge_advance(a->gauge, &trainer->measures);
    const double now = ls_clock_now();
    a->cost += now - start;
    trainer->spent.measuring += now - start;
    if (done) {
        a->measured_at = now;
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
    const double soonest = fmax(ls_clock_now() + settle, a->measured_at + a->cost / hurried_share);
    a->due_at = fmin(a->due_at, soonest);
}

void ls_appraise_reset(LsTrainer *trainer)
{
    LsAppraisal *a = &trainer->appraisal;
    trainer->measures = (LsMeasures){0};
    a->failed = false;
    if (a->gauge != NULL) {
        ls_gauge_stop(a->gauge);
    }
}
