#include "train/tug.h"

#include <math.h>

#include "latentscape/core/clock.h"

#include "train/run_state.h"

static const double every = 1;            /* seconds, at least */
static const double longest = 10;         /* seconds between two */
static const double share = 0.01;         /* of the time, at most, while training */
static const double hurried_share = 0.05; /* the same after a change */

bool ls_tug_some(LsTrainer *trainer)
{
    LsTugging *t = &trainer->tugging;
    const double start = ls_clock_now();
    /* A slider in motion sends settings in every frame: also what is wanted keeps a distance. */
    const bool due = trainer->training ? start >= (t->wanted ? t->soonest : t->due_at) : t->wanted;
    if (t->failed || !due ||
        (trainer->training && !ls_budget_allows(&trainer->budget, LS_BUDGET_PULLS, false, start))) {
        return false;
    }
    const LsModel *model = ls_run_model(trainer->run);
    /* Two gradients as large as the model are too much to keep for the seconds between. */
    LsPuller *puller = ls_puller_create(model, NULL);
    t->wanted = false;
    t->failed = puller == NULL; /* training goes on without them */
    if (t->failed) {
        return false;
    }
    ls_budget_begin(&trainer->budget, LS_BUDGET_PULLS, trainer->training, start);
    ls_puller_find(puller, trainer->run, &trainer->pulls);
    ls_puller_destroy(puller);
    trainer->pulls.serial = ++t->serial;
    trainer->dirty = true;
    const double now = ls_clock_now();
    trainer->spent.measuring += now - start;
    ls_budget_spend(&trainer->budget, LS_BUDGET_PULLS, now - start, trainer->training);
    const double cost = ls_budget_end(&trainer->budget, LS_BUDGET_PULLS);
    t->soonest = now + fmin(fmax(0.1, cost / hurried_share), longest);
    t->due_at = now + fmin(fmax(every, cost / share), longest);
    return true;
}

void ls_tug_want(LsTrainer *trainer)
{
    trainer->tugging.wanted = true;
}

void ls_tug_reset(LsTrainer *trainer)
{
    trainer->pulls = (LsPulls){0};
    trainer->tugging.failed = false;
    trainer->tugging.wanted = true;
}
