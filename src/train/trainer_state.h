/* What the trainer's files share: the trainer itself (trainer.c: making, unmaking and the thread), what
 * it shows to the window (publish.c), and what it does between commands (duty.c). */
#ifndef LATENTSCAPE_SRC_TRAIN_TRAINER_STATE_H
#define LATENTSCAPE_SRC_TRAIN_TRAINER_STATE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "latentscape/measure/exact.h"
#include "latentscape/train/gauge.h"
#include "latentscape/train/patience.h"
#include "latentscape/train/puller.h"
#include "latentscape/train/trainer.h"

#include "train/budget.h"
#include "train/exchange.h"
#include "train/loan.h"
#include "train/ring.h"

/* A snapshot and the memory it points into. */
typedef struct LsTrainerSlot {
    LsSnapshot snapshot;
    float *params, *live, *m, *v; /* the last three only in a snapshot with its state */
    size_t room, state_room;      /* floats in params; in each of live, m and v */
} LsTrainerSlot;

/* Where the measures of the model stand. Units: seconds on the clock. */
typedef struct LsAppraisal {
    LsGauge *gauge; /* NULL before the first */
    bool wanted;    /* of the state a pause or a single step has left */
    bool hurried;   /* the settings were changed, and it waits to be seen what that does */
    bool failed;    /* there is no memory for this model's */
    bool hurrying;  /* the one under way is that */
    double due_at, changed_at;
    uint64_t changed_step;
    uint64_t begun_step; /* at which the newest one was begun */
} LsAppraisal;

/* Where log p(x) and the bound below it stand. */
typedef struct LsBounding {
    LsExact *exact; /* NULL before the first */
    LsModel model;  /* that it was made for */
    bool running, failed;
    int next;      /* task */
    uint64_t step; /* of the weights at work */
    double due_at;
} LsBounding;

/* Where the pulls of the terms stand. */
typedef struct LsTugging {
    bool wanted, failed;
    uint64_t serial;
    double soonest, due_at;
} LsTugging;

struct LsTrainer {
    // --- immutable after create
    const LsDataset *data;
    pthread_t thread;
    bool started;
    int wake_fd; /* an eventfd: the trainer sleeps on it */
    LsRing *commands, *metrics;
    LsLoan *loan; /* of the last worker's processor, to the window */
    // --- from create to the thread's first snapshot; handed over by `ready`
    LsTrainSettings settings;
    LsCheckpoint *checkpoint;
    int threads;
    uint64_t first_serial;
    sem_t ready;
    LsError start_error;
    // --- UI thread only
    uint64_t sent;
    // --- slots: whose they are, `exchange` says
    LsExchange exchange;
    LsTrainerSlot slot[LS_EXCHANGE_SLOTS];
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
    uint64_t burst;  /* number of the one at which training last stopped by itself */
    uint64_t serial, model_id, answered;
    LsError fault;
    LsMetric evaluation;
    LsMeasures measures; /* serial 0: none of this model yet */
    LsBudget budget;     /* of the measures, log p(x) and the pulls together */
    LsAppraisal appraisal;
    LsExactMeans exact; /* images 0: none of this model yet */
    uint64_t exact_step;
    LsBounding bounding;
    LsPulls pulls;
    LsTugging tugging;
    bool evaluation_wanted;
    uint64_t judged;     /* step at which the newest evaluation was begun */
    LsPatience patience; /* with evaluations of this model while it trains */
    double evaluation_cost, evaluated_at, published_at, kept_at;
    LsSpent spent;
    double limit, step_due; /* steps per second, 0: none; when the next one is due */
    LsPace *pace;           /* kept with another run; NULL: none */
    int side;
};

#endif
