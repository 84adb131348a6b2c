#include "train/bound.h"

#include <math.h>

#include "latentscape/core/clock.h"

#include "train/run_state.h"

enum {
    IMAGES = 192,
    YOUNG = 100, /* steps before which a model that is learning is not looked at */
    FINE = 12,   /* cells of a unit: means over images are right to a few hundredths of a nat */
};

static const double half_most = 6;
static const double every = 2;    /* seconds, at least */
static const double longest = 60; /* also where the machine stood still in between */
static const double share = 0.03; /* of the time, at most, while training, and of the budget */

static bool due(LsTrainer *trainer)
{
    const LsBounding *b = &trainer->bounding;
    if (b->failed || !ls_exact_can(ls_run_model(trainer->run)) ||
        trainer->data->heldout.count == 0) {
        return false;
    }
    if (trainer->exact.images > 0 && trainer->exact_step == ls_run_steps(trainer->run)) {
        return false; /* the same weights */
    }
    const double now = ls_clock_now();
    return !trainer->training ||
           (now >= b->due_at && ls_run_steps(trainer->run) >= YOUNG &&
            ls_budget_allows(&trainer->budget, LS_BUDGET_LIKELIHOOD, false, now));
}

static bool begin(LsTrainer *trainer)
{
    LsBounding *b = &trainer->bounding;
    const LsModel *model = ls_run_model(trainer->run);
    const LsImages *images = &trainer->data->heldout;
    if (b->exact == NULL || !ls_model_equal(&b->model, model)) {
        ls_exact_destroy(b->exact);
        b->exact = ls_exact_create(model, IMAGES, ls_pool_workers(trainer->run->pool), NULL);
        b->model = *model;
    }
    b->failed = b->exact == NULL; /* training goes on without it */
    if (!b->failed) {
        ls_budget_begin(&trainer->budget, LS_BUDGET_LIKELIHOOD, trainer->training, ls_clock_now());
        ls_exact_begin(b->exact, ls_run_params(trainer->run), trainer->data, images, 0,
                       images->count < IMAGES ? (int)images->count : IMAGES, half_most, FINE);
        b->running = true;
        b->next = 0;
        b->step = ls_run_steps(trainer->run);
    }
    return !b->failed;
}

static void run_task(void *context, int task, int worker)
{
    const LsBounding *b = context;
    ls_exact_task(b->exact, b->next + task, worker);
}

bool ls_bound_some(LsTrainer *trainer)
{
    LsBounding *b = &trainer->bounding;
    const double start = ls_clock_now();
    if (!b->running && (!due(trainer) || !begin(trainer))) {
        return false;
    }
    const int workers = ls_pool_workers(trainer->run->pool);
    const int left = ls_exact_tasks(b->exact) - b->next;
    int n = workers < LS_EXACT_LANES ? workers : LS_EXACT_LANES;
    n = n < left ? n : left;
    ls_pool_run(trainer->run->pool, n, run_task, b);
    b->next += n;
    const double now = ls_clock_now();
    ls_budget_spend(&trainer->budget, LS_BUDGET_LIKELIHOOD, now - start, trainer->training);
    trainer->spent.measuring += now - start;
    if (n == left) {
        b->running = false;
        const double cost = ls_budget_end(&trainer->budget, LS_BUDGET_LIKELIHOOD);
        b->due_at = now + fmin(fmax(every, cost / share), longest);
        trainer->exact = ls_exact_means(b->exact);
        trainer->exact_step = b->step;
        trainer->dirty = true;
    }
    return true;
}

void ls_bound_reset(LsTrainer *trainer)
{
    trainer->bounding.running = trainer->bounding.failed = false;
    ls_budget_stop(&trainer->budget, LS_BUDGET_LIKELIHOOD);
    trainer->bounding.due_at = 0;
    trainer->exact = (LsExactMeans){0};
    trainer->exact_step = 0;
}

void ls_bound_finish(LsTrainer *trainer)
{
    ls_exact_destroy(trainer->bounding.exact);
    trainer->bounding.exact = NULL;
}
