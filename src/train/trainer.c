#include "latentscape/train/trainer.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

#include "train/bound.h"
#include "train/duty.h"
#include "train/publish.h"
#include "train/record.h"
#include "train/tug.h"

enum {
    COMMANDS = 256,
    METRICS = 4096, /* some seconds of the fastest small model */
    /* Beside a thread of the same program that wants a core too, five steps of niceness leave it three
     * quarters: enough for a window that works a few milliseconds a frame, while training keeps
     * moving. More would starve training where another program shares the machine. */
    NICENESS = 5
};

static bool must_end(const LsTrainer *trainer)
{
    return trainer->ended || atomic_load_explicit(&trainer->stop, memory_order_relaxed);
}

static bool start_run(LsTrainer *trainer)
{
    LsError *err = &trainer->start_error;
    trainer->run = trainer->checkpoint != NULL
                       ? ls_run_open(trainer->data, &trainer->settings, trainer->checkpoint,
                                     trainer->threads, err)
                       : ls_run_create(trainer->data, &trainer->settings, trainer->threads, err);
    bool ok = trainer->run != NULL;
    ls_duty_free_checkpoint(trainer->checkpoint);
    trainer->checkpoint = NULL;
    if (ok && ls_run_threads(trainer->run) >= sysconf(_SC_NPROCESSORS_ONLN)) {
        ls_run_lend(trainer->run, trainer->loan); /* else there is a processor left */
    }
    if (ok) {
        ls_duty_begin_model(trainer);
        ls_publish_snapshot(trainer);
        if (trainer->serial == trainer->first_serial || trainer->fault.code == LS_ERR_MEMORY) {
            *err = trainer->fault;
            ok = false;
        }
    }
    return ok;
}

static void *trainer_main(void *argument)
{
    LsTrainer *trainer = argument;
    /* On Linux, process 0 is the calling thread; the workers it creates inherit its niceness. */
    (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICENESS);
    const bool ok = start_run(trainer);
    sem_post(&trainer->ready);
    while (ok && !must_end(trainer)) {
        ls_duty_obey(trainer);
        if (!must_end(trainer)) {
            ls_duty_round(trainer);
        }
    }
    if (ok) { /* what was queued before the end counts, and the last state is whole */
        trainer->training = false;
        trainer->state_wanted = true;
        ls_duty_obey(trainer);
        ls_publish_snapshot(trainer);
    }
    ls_gauge_destroy(trainer->appraisal.gauge);
    ls_bound_finish(trainer);
    ls_run_destroy(trainer->run);
    return NULL;
}

static bool start_thread(LsTrainer *trainer, LsError *err)
{
    /* Signals are for the thread that waits for them, never for this one. */
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    trainer->started = pthread_create(&trainer->thread, NULL, trainer_main, trainer) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!trainer->started) {
        return ls_fail(err, LS_ERR_SYSTEM, "The system gives no thread to train on.");
    }
    while (sem_wait(&trainer->ready) != 0) { /* a signal came */
    }
    if (trainer->start_error.code != LS_OK) {
        if (err != NULL) {
            *err = trainer->start_error;
        }
        return false;
    }
    return true;
}

/* model_id, serial: of what came before its first model and snapshot. */
static LsTrainer *make(const LsDataset *data, const LsTrainSettings *settings,
                       LsCheckpoint *checkpoint, int threads, uint64_t model_id, uint64_t serial,
                       LsError *err)
{
    LsTrainer *trainer = ls_memory_items(1, sizeof *trainer, err);
    if (trainer == NULL) {
        ls_duty_free_checkpoint(checkpoint);
        return NULL;
    }
    trainer->data = data;
    trainer->settings = *settings;
    trainer->checkpoint = checkpoint;
    trainer->threads = threads;
    trainer->model_id = model_id;
    trainer->serial = trainer->first_serial = serial;
    atomic_init(&trainer->stop, false);
    atomic_init(&trainer->lost, 0);
    ls_exchange_init(&trainer->exchange);
    sem_init(&trainer->ready, 0, 0);
    trainer->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (trainer->wake_fd < 0) {
        ls_fail(err, LS_ERR_SYSTEM, "The system gives no event to wake the trainer with.");
        goto fail;
    }
    trainer->loan = ls_loan_create(err);
    if (trainer->loan == NULL) {
        goto fail;
    }
    trainer->commands = ls_ring_create(COMMANDS, sizeof(LsCommand), err);
    if (trainer->commands == NULL) {
        goto fail;
    }
    trainer->metrics = ls_ring_create(METRICS, sizeof(LsMetric), err);
    if (trainer->metrics == NULL || !start_thread(trainer, err)) {
        goto fail;
    }
    return trainer;
fail:
    ls_trainer_destroy(trainer);
    return NULL;
}

LsTrainer *ls_trainer_create(const LsDataset *data, const LsTrainSettings *settings,
                             LsCheckpoint *checkpoint, int threads, LsError *err)
{
    return make(data, settings, checkpoint, threads, 0, 0, err);
}

LsTrainer *ls_trainer_fork(const LsDataset *data, const LsSnapshot *from, int threads,
                           uint64_t serial, LsError *err)
{
    LsCheckpoint *checkpoint = ls_snapshot_checkpoint(from, err);
    return checkpoint == NULL
               ? NULL
               : make(data, &from->settings, checkpoint, threads, from->model_id - 1, serial, err);
}

static void wake(const LsTrainer *trainer)
{
    const uint64_t one = 1;
    if (write(trainer->wake_fd, &one, sizeof one) < 0) {
        return; /* full: then it is awake */
    }
}

void ls_trainer_borrow(LsTrainer *trainer, double seconds)
{
    (void)ls_loan_take(trainer->loan, seconds);
}

void ls_trainer_return(LsTrainer *trainer)
{
    ls_loan_return(trainer->loan);
}

void ls_trainer_stop(LsTrainer *trainer)
{
    if (trainer->started) {
        ls_loan_return(trainer->loan); /* a worker that stands aside could not be joined */
        atomic_store_explicit(&trainer->stop, true, memory_order_relaxed);
        wake(trainer);
        pthread_join(trainer->thread, NULL);
        trainer->started = false;
    }
}

void ls_trainer_destroy(LsTrainer *trainer)
{
    if (trainer == NULL) {
        return;
    }
    ls_trainer_stop(trainer);
    while (trainer->commands != NULL && ls_duty_next(trainer)) {
        trainer->holding = false;
        if (trainer->held.kind == LS_COMMAND_REPLACE) {
            ls_duty_free_checkpoint(trainer->held.checkpoint);
        }
    }
    ls_duty_free_checkpoint(trainer->checkpoint);
    for (int i = 0; i < LS_EXCHANGE_SLOTS; i++) {
        ls_memory_free(trainer->slot[i].params);
        ls_memory_free(trainer->slot[i].live);
        ls_memory_free(trainer->slot[i].m);
        ls_memory_free(trainer->slot[i].v);
    }
    if (trainer->wake_fd >= 0) {
        close(trainer->wake_fd);
    }
    ls_loan_destroy(trainer->loan);
    ls_ring_destroy(trainer->commands);
    ls_ring_destroy(trainer->metrics);
    sem_destroy(&trainer->ready);
    ls_memory_free(trainer);
}

bool ls_trainer_send(LsTrainer *trainer, const LsCommand *command)
{
    if (!ls_ring_put(trainer->commands, command)) {
        return false;
    }
    trainer->sent++;
    wake(trainer);
    return true;
}

uint64_t ls_trainer_sent(const LsTrainer *trainer)
{
    return trainer->sent;
}

const LsSnapshot *ls_trainer_latest(LsTrainer *trainer)
{
    return &trainer->slot[ls_exchange_latest(&trainer->exchange)].snapshot;
}

bool ls_trainer_next_metric(LsTrainer *trainer, LsMetric *metric)
{
    return ls_ring_take(trainer->metrics, metric);
}

uint64_t ls_trainer_lost_metrics(const LsTrainer *trainer)
{
    return atomic_load_explicit(&trainer->lost, memory_order_relaxed);
}

void ls_snapshot_meta(const LsSnapshot *snapshot, LsMetaList *meta)
{
    const LsRecord record = {.step = snapshot->step,
                             .images = snapshot->images,
                             .adam_step = snapshot->adam_step,
                             .loss_step = snapshot->loss_step,
                             .schedule_step = snapshot->schedule_step,
                             .average_step = snapshot->average_step,
                             .seconds = snapshot->seconds,
                             .init = snapshot->init,
                             .backend = snapshot->made_with};
    ls_record_write(&record, &snapshot->settings, &snapshot->evaluation, snapshot->dataset, meta);
}

LsCheckpoint *ls_snapshot_checkpoint(const LsSnapshot *snapshot, LsError *err)
{
    LsCheckpoint *checkpoint = ls_memory_items(1, sizeof *checkpoint, err);
    if (checkpoint == NULL) {
        return NULL;
    }
    const size_t count = snapshot->model.param_count;
    const float *const from[] = {snapshot->params, snapshot->live, snapshot->m, snapshot->v};
    float **const to[] = {&checkpoint->params, &checkpoint->live, &checkpoint->m, &checkpoint->v};
    checkpoint->model = snapshot->model;
    for (size_t i = 0; i < LS_COUNT(from); i++) {
        if (from[i] == NULL) {
            continue;
        }
        *to[i] = ls_memory_floats(count, err);
        if (*to[i] == NULL) {
            ls_duty_free_checkpoint(checkpoint);
            return NULL;
        }
        memcpy(*to[i], from[i], count * sizeof(float));
    }
    ls_snapshot_meta(snapshot, &checkpoint->meta);
    return checkpoint;
}
