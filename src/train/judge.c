#include "latentscape/train/judge.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/train/evaluation.h"
#include "latentscape/train/gauge.h"

/* Whose the state and the figures are: the UI's, but while there is work. */
typedef enum Stage {
    STAGE_REST,
    STAGE_WORK, /* the judge's own thread's */
    STAGE_DONE
} Stage;

struct LsJudge {
    // --- immutable after create
    const LsDataset *data;
    pthread_t thread;
    sem_t wake;
    // --- the UI's in STAGE_REST and STAGE_DONE, the thread's in STAGE_WORK
    LsSnapshot state; /* its params lie in `params` */
    float *params;    /* [room] */
    size_t room;
    LsMetric evaluation;
    LsMeasures measures;
    bool found;
    // --- the thread's
    LsPool *pool;
    LsGauge *gauge;
    // --- shared: released by whoever hands the fields over, acquired by the other
    atomic_int stage;
    // --- shared: set by the UI, read between slices; nothing is handed over: relaxed
    atomic_bool stop, end;
};

static bool must_stop(const LsJudge *judge)
{
    return atomic_load_explicit(&judge->stop, memory_order_relaxed) ||
           atomic_load_explicit(&judge->end, memory_order_relaxed);
}

static bool evaluate(LsJudge *judge)
{
    const LsSnapshot *state = &judge->state;
    const LsTrainSettings *settings = &state->settings;
    const LsLoss loss = ls_train_settings_loss_at(settings, state->model.pixels, state->loss_step);
    const LsMetric place = {.step = state->step,
                            .images = state->images,
                            .seconds = state->seconds,
                            .kind = {settings->rec, settings->div, settings->reg},
                            .lr = ls_train_settings_rate(settings, state->schedule_step)};
    LsEvaluation *evaluation = ls_evaluation_create(
        &state->model, judge->data, judge->pool, LS_EVALUATION_HELDOUT, LS_EVALUATION_TRAIN, NULL);
    if (evaluation == NULL) {
        return false;
    }
    ls_evaluation_limit(evaluation, (uint32_t)settings->train_images);
    ls_evaluation_begin(evaluation, state->params, &loss, &place);
    bool done = false;
    while (!done && !must_stop(judge)) {
        done = ls_evaluation_advance(evaluation, &judge->evaluation);
    }
    ls_evaluation_destroy(evaluation);
    return done;
}

static bool measure(LsJudge *judge)
{
    const LsSnapshot *state = &judge->state;
    if (judge->gauge == NULL) {
        judge->gauge = ls_gauge_create(judge->data, judge->pool, NULL);
    }
    bool done = false;
    if (judge->gauge == NULL ||
        !ls_gauge_begin(judge->gauge, &state->model, state->params, state->step, NULL)) {
        return false;
    }
    while (!done && !must_stop(judge)) {
        done = ls_gauge_advance(judge->gauge, &judge->measures);
    }
    ls_gauge_take_gap(&judge->measures, &judge->evaluation);
    return done;
}

static void *judge_main(void *context)
{
    LsJudge *judge = context;
    while (!atomic_load_explicit(&judge->end, memory_order_relaxed)) {
        if (sem_wait(&judge->wake) != 0 ||
            atomic_load_explicit(&judge->stage, memory_order_acquire) != STAGE_WORK) {
            continue;
        }
        if (judge->pool == NULL) {
            judge->pool = ls_pool_create(1, NULL);
        }
        judge->found = judge->pool != NULL && evaluate(judge) && measure(judge);
        atomic_store_explicit(&judge->stage, STAGE_DONE, memory_order_release);
    }
    ls_gauge_destroy(judge->gauge);
    ls_pool_destroy(judge->pool);
    return NULL;
}

LsJudge *ls_judge_create(const LsDataset *data, LsError *err)
{
    LsJudge *judge = ls_memory_items(1, sizeof *judge, err);
    if (judge == NULL) {
        return NULL;
    }
    judge->data = data;
    atomic_init(&judge->stage, STAGE_REST);
    atomic_init(&judge->stop, false);
    atomic_init(&judge->end, false);
    sem_init(&judge->wake, 0, 0);
    /* Signals are for the thread that waits for them, never for this one. */
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    const bool started = pthread_create(&judge->thread, NULL, judge_main, judge) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!started) {
        sem_destroy(&judge->wake);
        ls_memory_free(judge);
        ls_fail(err, LS_ERR_SYSTEM, "The system gives no thread to judge on.");
        return NULL;
    }
    return judge;
}

void ls_judge_destroy(LsJudge *judge)
{
    if (judge == NULL) {
        return;
    }
    atomic_store_explicit(&judge->end, true, memory_order_relaxed);
    sem_post(&judge->wake);
    pthread_join(judge->thread, NULL);
    sem_destroy(&judge->wake);
    ls_memory_free(judge->params);
    ls_memory_free(judge);
}

bool ls_judge_busy(const LsJudge *judge)
{
    return atomic_load_explicit(&judge->stage, memory_order_acquire) == STAGE_WORK;
}

bool ls_judge_try_begin(LsJudge *judge, const LsSnapshot *state)
{
    const size_t count = state->model.param_count;
    if (ls_judge_busy(judge)) {
        atomic_store_explicit(&judge->stop, true, memory_order_relaxed);
        return false;
    }
    if (judge->room < count) {
        ls_memory_free(judge->params);
        judge->params = ls_memory_floats(count, NULL);
        judge->room = judge->params != NULL ? count : 0;
    }
    if (judge->params == NULL) {
        return false;
    }
    memcpy(judge->params, state->params, count * sizeof *judge->params);
    judge->state = *state;
    judge->state.params = judge->params;
    judge->found = false;
    atomic_store_explicit(&judge->stop, false, memory_order_relaxed);
    atomic_store_explicit(&judge->stage, STAGE_WORK, memory_order_release);
    sem_post(&judge->wake);
    return true;
}

bool ls_judge_try_take(LsJudge *judge, LsMetric *evaluation, LsMeasures *measures)
{
    if (atomic_load_explicit(&judge->stage, memory_order_acquire) != STAGE_DONE || !judge->found) {
        return false;
    }
    *evaluation = judge->evaluation;
    *measures = judge->measures;
    judge->found = false;
    return true;
}
