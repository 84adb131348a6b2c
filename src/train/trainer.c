#include "latentscape/train/trainer.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

#include "train/exchange.h"
#include "train/record.h"
#include "train/ring.h"

enum {
    COMMANDS = 256,
    METRICS = 16384, /* some seconds of the fastest small model */
    /* Beside a thread of the same program that wants a core too, five steps of niceness leave it three
     * quarters: enough for a window that works a few milliseconds a frame, while training keeps
     * moving. More would starve training where another program shares the machine. */
    NICENESS = 5
};

static const double publish_every = 0.020; /* seconds: up to 50 snapshots a second */
static const double keep_every = 2.0;      /* seconds between states to come back to */
static const double evaluate_every = 0.5;  /* seconds */
static const double evaluate_share = 0.05; /* of the time, at most, while training */

/* A snapshot and the memory it points into. */
typedef struct Slot {
    LsSnapshot snapshot;
    float *params, *m, *v;
    size_t room, state_room; /* floats in params; in each of m and v */
} Slot;

struct LsTrainer {
    // --- immutable after create
    const LsDataset *data;
    pthread_t thread;
    bool started;
    int wake_fd; /* an eventfd: the trainer sleeps on it */
    LsRing *commands, *metrics;
    // --- from create to the thread's first snapshot; handed over by `ready`
    LsTrainSettings settings;
    LsCheckpoint *checkpoint;
    int threads;
    sem_t ready;
    LsError start_error;
    // --- UI thread only
    uint64_t sent;
    // --- slots: whose they are, `exchange` says
    LsExchange exchange;
    Slot slot[LS_EXCHANGE_SLOTS];
    // --- shared: set by destroy(), read by the trainer between steps
    _Alignas(64) atomic_bool stop;
    // --- shared: counted by the trainer, read by anyone
    atomic_uint_fast64_t lost;
    // --- trainer thread only
    LsRun *run;
    bool training, ended;
    bool dirty;                     /* something is not published */
    bool state_wanted, state_shown; /* with m and v: the next snapshot; the last one */
    bool fault_shown, fault_seen;   /* the last snapshot tells it; the reader took one that did */
    LsCommand held;                 /* taken from the queue, and to be carried out when it may */
    bool holding;
    uint64_t faults; /* so far */
    uint64_t serial, model_id, answered;
    LsError fault;
    LsMetric evaluation;
    bool evaluation_wanted;
    double evaluation_cost, evaluated_at, published_at, kept_at;
    double limit, step_due; /* steps per second, 0: none; when the next one is due */
};

/* ---- publishing */

static void *room_for(float **buffer, size_t *room, size_t n, LsError *err)
{
    if (*room != n) {
        ls_memory_free(*buffer);
        *buffer = ls_memory_floats(n, err);
        *room = *buffer != NULL ? n : 0;
    }
    return *buffer;
}

static bool make_room(Slot *slot, size_t n, bool with_state, LsError *err)
{
    if (room_for(&slot->params, &slot->room, n, err) == NULL) {
        return false;
    }
    if (with_state) {
        size_t room_m = slot->state_room, room_v = slot->state_room;
        slot->state_room = 0;
        if (room_for(&slot->m, &room_m, n, err) == NULL ||
            room_for(&slot->v, &room_v, n, err) == NULL) {
            ls_memory_free(slot->m);
            ls_memory_free(slot->v);
            slot->m = slot->v = NULL;
            return false;
        }
        slot->state_room = n;
    }
    return true;
}

/* A fault that the next snapshot tells, until it was seen. */
static void note_fault(LsTrainer *trainer)
{
    trainer->faults++;
    trainer->dirty = true;
    trainer->fault_shown = trainer->fault_seen = false;
}

/* Training has led to numbers that are not finite: back to the last sound state, and rest there. */
static void stop_for(LsTrainer *trainer, const char *what, uint64_t step)
{
    trainer->training = false;
    note_fault(trainer);
    ls_run_restore(trainer->run);
    ls_fail(&trainer->fault, LS_ERR_MODEL,
            "Training stopped by itself: at step %" PRIu64 " the %s was no longer a finite number; "
            "the model is back at step %" PRIu64 ".",
            step, what, ls_run_steps(trainer->run));
    ls_run_evaluate_begin(trainer->run);
}

static void publish(LsTrainer *trainer)
{
    Slot *slot = &trainer->slot[ls_exchange_back(&trainer->exchange)];
    const LsModel *model = ls_run_model(trainer->run);
    const size_t n = model->param_count;
    /* What was asked for goes along until someone has come for it. */
    bool with_state =
        trainer->state_wanted || (trainer->state_shown && !ls_exchange_taken(&trainer->exchange));
    if (!make_room(slot, n, with_state, &trainer->fault)) {
        /* The reader keeps the snapshot it has, and the sentence comes with the next one. */
        note_fault(trainer);
        trainer->training = false;
        trainer->dirty = false;
        return;
    }
    float *const m = with_state ? slot->m : NULL;
    float *const v = with_state ? slot->v : NULL;
    const char *fault = ls_run_copy(trainer->run, slot->params, m, v);
    if (fault != NULL) {
        stop_for(trainer, fault, ls_run_steps(trainer->run));
        if (ls_run_copy(trainer->run, slot->params, m, v) != NULL) {
            return; /* cannot be: what was kept is sound */
        }
    }
    const LsMetric state = ls_run_state(trainer->run);
    slot->snapshot = (LsSnapshot){
        .dataset = trainer->data->name,
        .init = ls_run_init(trainer->run),
        .serial = ++trainer->serial,
        .model_id = trainer->model_id,
        .step = state.step,
        .images = state.images,
        .adam_step = ls_run_adam_steps(trainer->run),
        .seconds = state.seconds,
        .training = trainer->training,
        .settings = *ls_run_settings(trainer->run),
        .model = *model,
        .params = slot->params,
        .m = m,
        .v = v,
        .answered = trainer->answered,
        .evaluation = trainer->evaluation,
        .fault = trainer->fault,
        .faults = trainer->faults,
    };
    const bool taken = ls_exchange_publish(&trainer->exchange);
    trainer->state_shown = with_state;
    trainer->state_wanted = false;
    trainer->fault_seen = trainer->fault_seen || (taken && trainer->fault_shown);
    trainer->fault_shown = trainer->fault.code != LS_OK;
    trainer->dirty = false;
    trainer->published_at = ls_clock_now();
}

static void put_metric(LsTrainer *trainer, const LsMetric *metric)
{
    if (!ls_ring_put(trainer->metrics, metric)) {
        atomic_fetch_add_explicit(&trainer->lost, 1, memory_order_relaxed); /* a count alone */
    }
}

/* ---- work between commands */

static void do_step(LsTrainer *trainer)
{
    LsMetric metric;
    ls_run_step(trainer->run, &metric);
    put_metric(trainer, &metric);
    trainer->dirty = true;
    const char *fault = ls_run_fault(&metric);
    if (fault != NULL) {
        stop_for(trainer, fault, metric.step);
        return;
    }
    const double now = ls_clock_now();
    if (now - trainer->kept_at >= keep_every) {
        trainer->kept_at = now;
        fault = ls_run_keep(trainer->run);
        if (fault != NULL) {
            stop_for(trainer, fault, metric.step);
        }
    }
}

static bool evaluation_due(const LsTrainer *trainer)
{
    if (!trainer->evaluation.evaluated || (trainer->evaluation_wanted && !trainer->training)) {
        return true;
    }
    const double wait = fmax(evaluate_every, trainer->evaluation_cost / evaluate_share);
    return trainer->training && ls_clock_now() - trainer->evaluated_at >= wait;
}

/* One slice of an evaluation where one is due. Returns false where there is nothing to do. */
static bool evaluate_some(LsTrainer *trainer)
{
    if (!ls_run_evaluating(trainer->run)) {
        if (!evaluation_due(trainer)) {
            return false;
        }
        trainer->evaluation_wanted = false;
        trainer->evaluation_cost = 0;
        ls_run_evaluate_begin(trainer->run);
    }
    const double start = ls_clock_now();
    LsMetric metric;
    const bool done = ls_run_evaluate_advance(trainer->run, &metric);
    const double now = ls_clock_now();
    trainer->evaluation_cost += now - start;
    if (done) {
        trainer->evaluation = metric;
        trainer->evaluated_at = now;
        trainer->dirty = true;
        put_metric(trainer, &metric);
    }
    return true;
}

/* ---- commands */

static void free_checkpoint(LsCheckpoint *checkpoint)
{
    if (checkpoint != NULL) {
        ls_checkpoint_finish(checkpoint);
        ls_memory_free(checkpoint);
    }
}

/* Another model: what was known of the old one is void. */
static void begin_model(LsTrainer *trainer)
{
    trainer->model_id++;
    trainer->evaluation = (LsMetric){0};
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
        break;
    case LS_COMMAND_STEP:
        trainer->training = false;
        trainer->evaluation_wanted = true;
        do_step(trainer);
        break;
    case LS_COMMAND_RESET:
        ok = ls_run_reset(trainer->run, &command->settings, &trainer->fault);
        break;
    case LS_COMMAND_SETTINGS:
        ok = ls_run_set(trainer->run, &command->settings, &trainer->fault);
        trainer->evaluation_wanted = true;
        break;
    case LS_COMMAND_REPLACE:
        ok = ls_run_load(trainer->run, command->checkpoint, &trainer->fault);
        free_checkpoint(command->checkpoint);
        break;
    case LS_COMMAND_STATE:
        trainer->state_wanted = true;
        break;
    case LS_COMMAND_LIMIT:
        trainer->limit = command->limit > 0 ? command->limit : 0;
        trainer->step_due = ls_clock_now();
        break;
    case LS_COMMAND_STOP:
        trainer->ended = true;
        break;
    }
    if (!ok) {
        note_fault(trainer);
    } else if (command->kind == LS_COMMAND_RESET || command->kind == LS_COMMAND_REPLACE) {
        begin_model(trainer);
    }
    trainer->answered++;
    trainer->dirty = true;
}

static bool must_end(const LsTrainer *trainer)
{
    return trainer->ended || atomic_load_explicit(&trainer->stop, memory_order_relaxed);
}

/* The next command: the one held back, or the oldest in the queue. */
static bool next_command(LsTrainer *trainer)
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
        publish(trainer);
    }
    return trainer->state_shown && !ls_exchange_taken(&trainer->exchange);
}

/* Carries out what is queued; publishes once at the end, so that a flood of commands does not become
 * a flood of copies. */
static void obey(LsTrainer *trainer)
{
    bool any = false;
    while (next_command(trainer) && !must_wait(trainer)) {
        trainer->holding = false;
        execute(trainer, &trainer->held);
        any = true;
    }
    if (any) {
        publish(trainer);
    }
}

/* ---- the thread */

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

/* One round of the loop between commands: a step, a slice of an evaluation, or sleep. */
static void work(LsTrainer *trainer)
{
    const double now = ls_clock_now();
    const bool stepping = trainer->training && (trainer->limit <= 0 || now >= trainer->step_due);
    if (stepping) {
        do_step(trainer);
        if (trainer->limit > 0) {
            /* Steps keep to their times; what a slow machine misses is not made up for. */
            trainer->step_due = fmax(trainer->step_due + 1 / trainer->limit, now - 0.25);
        }
    }
    const bool evaluating = evaluate_some(trainer);
    if (trainer->dirty &&
        (!trainer->training || ls_clock_now() - trainer->published_at >= publish_every)) {
        publish(trainer);
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

static bool start_run(LsTrainer *trainer)
{
    LsError *err = &trainer->start_error;
    trainer->run = trainer->checkpoint != NULL
                       ? ls_run_open(trainer->data, &trainer->settings, trainer->checkpoint,
                                     trainer->threads, err)
                       : ls_run_create(trainer->data, &trainer->settings, trainer->threads, err);
    bool ok = trainer->run != NULL;
    free_checkpoint(trainer->checkpoint);
    trainer->checkpoint = NULL;
    if (ok) {
        begin_model(trainer);
        publish(trainer);
        if (trainer->serial == 0 || trainer->fault.code == LS_ERR_MEMORY) {
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
        obey(trainer);
        if (!must_end(trainer)) {
            work(trainer);
        }
    }
    if (ok) { /* what was queued before the end counts, and the last state is whole */
        trainer->training = false;
        trainer->state_wanted = true;
        obey(trainer);
        publish(trainer);
    }
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

LsTrainer *ls_trainer_create(const LsDataset *data, const LsTrainSettings *settings,
                             LsCheckpoint *checkpoint, int threads, LsError *err)
{
    LsTrainer *trainer = ls_memory_items(1, sizeof *trainer, err);
    if (trainer == NULL) {
        free_checkpoint(checkpoint);
        return NULL;
    }
    trainer->data = data;
    trainer->settings = *settings;
    trainer->checkpoint = checkpoint;
    trainer->threads = threads;
    atomic_init(&trainer->stop, false);
    atomic_init(&trainer->lost, 0);
    ls_exchange_init(&trainer->exchange);
    sem_init(&trainer->ready, 0, 0);
    trainer->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (trainer->wake_fd < 0) {
        ls_fail(err, LS_ERR_SYSTEM, "The system gives no event to wake the trainer with.");
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

static void wake(const LsTrainer *trainer)
{
    const uint64_t one = 1;
    if (write(trainer->wake_fd, &one, sizeof one) < 0) {
        return; /* full: then it is awake */
    }
}

void ls_trainer_stop(LsTrainer *trainer)
{
    if (trainer->started) {
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
    while (trainer->commands != NULL && next_command(trainer)) {
        trainer->holding = false;
        if (trainer->held.kind == LS_COMMAND_REPLACE) {
            free_checkpoint(trainer->held.checkpoint);
        }
    }
    free_checkpoint(trainer->checkpoint);
    for (int i = 0; i < LS_EXCHANGE_SLOTS; i++) {
        ls_memory_free(trainer->slot[i].params);
        ls_memory_free(trainer->slot[i].m);
        ls_memory_free(trainer->slot[i].v);
    }
    if (trainer->wake_fd >= 0) {
        close(trainer->wake_fd);
    }
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
                             .seconds = snapshot->seconds,
                             .init = snapshot->init};
    ls_record_write(&record, &snapshot->settings, &snapshot->evaluation, snapshot->dataset, meta);
}
