/* The trainer thread: owns a run, takes commands, publishes snapshots and metrics. Lock-free
 * throughout; the window's thread never waits for it. It runs at a lower scheduling priority than the
 * thread that created it. */
#ifndef LATENTSCAPE_TRAIN_TRAINER_H
#define LATENTSCAPE_TRAIN_TRAINER_H

#include "latentscape/measure/exact.h"
#include "latentscape/measure/measure.h"
#include "latentscape/train/pace.h"
#include "latentscape/train/puller.h"
#include "latentscape/train/run.h"

/* What the trainer's thread has done with its time since it began, in seconds; the rest it slept. */
typedef struct LsSpent {
    double training, evaluation, measuring, publishing;
} LsSpent;

/* A whole, immutable state of the model. */
typedef struct LsSnapshot {
    const char *dataset; /* the data set's name */
    const char *init;    /* how the first weights were drawn: "he", "glorot"; NULL: not known */
    uint64_t serial;     /* grows by one with each snapshot published */
    uint64_t model_id;   /* grows when the model is another one: reset, replaced, new sizes */
    uint64_t step, images;
    uint64_t adam_step;      /* updates in Adam's moments */
    uint64_t schedule_step;  /* of the learning rate's schedule */
    uint64_t loss_step;      /* of the loss's schedules */
    uint64_t average_step;   /* updates in the averaged weights; 0: params are no average */
    LsBackendKind backend;   /* what multiplies; AUTO: not settled, since no step was made yet */
    LsBackendKind made_with; /* what the model's newest step was made with; AUTO: not known */
    double seconds;
    bool training;            /* false: paused */
    LsTrainSettings settings; /* under which it was trained last */
    LsModel model;
    const float *params; /* [param_count]: to show, averaged where averaging is on */
    const float *live;   /* [param_count]: what params are the average of; NULL where they are none,
                            and where m is */
    const float *m, *v;  /* [param_count]; NULL unless asked for with LS_COMMAND_STATE: every
                            snapshot from then on holds them until one was taken that does */
    uint64_t answered;   /* number of commands carried out before it was published */
    LsMetric evaluation; /* the newest one of this model; step 0 and zeros before the first */
    LsMeasures measures; /* the newest ones of this model; serial 0 before the first */
    LsExactMeans exact; /* log p(x) and the ELBO's gap to it, of the newest state they are known of;
                            images 0 before the first, and without two latent dimensions */
    uint64_t exact_step; /* of that state */
    LsPulls pulls;       /* of the terms, on the newest state they are known of */
    LsSpent spent;
    LsError fault; /* code != LS_OK: why training stopped by itself, or why the last command
                            could not be carried out; one sentence */
    bool burst;    /* fault: training stopped by itself, and is back at the newest sound weights */
    uint64_t faults; /* how many there were so far, this one counted: tells two of one text apart */
} LsSnapshot;

typedef enum LsCommandKind {
    LS_COMMAND_TRAIN, /* run until paused */
    LS_COMMAND_PAUSE,
    LS_COMMAND_STEP,     /* one step, then pause */
    LS_COMMAND_RESET,    /* fresh weights from settings (its seed and sizes) */
    LS_COMMAND_SETTINGS, /* loss, rate, batch to the living model */
    LS_COMMAND_REPLACE,  /* another model: checkpoint */
    LS_COMMAND_STATE, /* publish a snapshot that holds the optimizer's state too; RESET and REPLACE
                            wait until it was taken */
    LS_COMMAND_BACKEND, /* what multiplies from the next step on */
    LS_COMMAND_LIMIT,   /* steps per second at most; 0: as fast as the machine allows */
    LS_COMMAND_THREADS, /* how many of its workers it may use: threads */
    LS_COMMAND_PACE,    /* keep in step with another run: pace, side */
    LS_COMMAND_STOP,    /* end the thread */
} LsCommandKind;

typedef struct LsCommand {
    LsCommandKind kind;
    LsTrainSettings settings; /* RESET, SETTINGS */
    LsCheckpoint *checkpoint; /* REPLACE: made with ls_memory_items(1, ...). Owns: the trainer once
                                 the command is taken: ls_checkpoint_finish(), ls_memory_free() */
    double limit;             /* LIMIT: steps per second */
    LsBackendKind backend;    /* BACKEND */
    int threads;              /* THREADS: 1 .. all there are; 0: all */
    LsPace *pace;             /* PACE: borrowed for the trainer's life; NULL: nobody's */
    int side;                 /* PACE: 0 or 1 */
} LsCommand;

typedef struct LsTrainer LsTrainer;

/* Starts the thread, paused, with a run made from settings, then from checkpoint (taken over whatever
 * the outcome, from ls_memory_items(1, ...); may be NULL: fresh weights). A first snapshot is there when this returns. data is borrowed for the trainer's life.
 * Owns: the caller, ls_trainer_destroy(). Fails: NULL, as ls_run_create() and ls_run_load().
 * Thread: UI. */
LS_CHECKED LsTrainer *ls_trainer_create(const LsDataset *data, const LsTrainSettings *settings,
                                        LsCheckpoint *checkpoint, int threads, LsError *err);

/* Whatever a snapshot holds, as a checkpoint in memory: weights, Adam's moments where they are there,
 * and the metadata. Owns: the caller, ls_checkpoint_finish() and ls_memory_free(), or a trainer that
 * takes it over. Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsCheckpoint *ls_snapshot_checkpoint(const LsSnapshot *snapshot, LsError *err);

/* A second trainer that goes on from a snapshot of another one, paused. Where that holds Adam's moments
 * both go on bit for bit alike as long as their settings and backends do: like any
 * new trainer this one has OpenBLAS until LS_COMMAND_BACKEND gives it the other's. Its snapshots carry the same model_id, and
 * serials from `serial` on: as long as these are above those of the other trainer, a cache keyed by
 * both tells the two apart. Owns: the caller, ls_trainer_destroy(). Fails: NULL, as
 * ls_trainer_create().  Thread: UI. */
LS_CHECKED LsTrainer *ls_trainer_fork(const LsDataset *data, const LsSnapshot *from, int threads,
                                      uint64_t serial, LsError *err);

/* Stops and joins every thread, within one step; NULL is accepted.  Thread: UI. */
void ls_trainer_destroy(LsTrainer *trainer);

/* Carries out what was queued (but for a RESET or REPLACE, and what follows it, before which the answer
 * to STATE was not taken), ends every thread and publishes a last snapshot with the optimizer's state,
 * within one step; ls_trainer_latest() still serves. A second call does nothing.  Thread: UI. */
void ls_trainer_stop(LsTrainer *trainer);

/* Queues a command; carried out within one step. Fails: false where the queue (256) is full: try
 * again next frame; a checkpoint is then still the caller's.  Thread: UI. */
LS_CHECKED bool ls_trainer_send(LsTrainer *trainer, const LsCommand *command);

/* How many commands were queued so far: compare with a snapshot's `answered`.  Thread: UI. */
uint64_t ls_trainer_sent(const LsTrainer *trainer);

/* The newest whole snapshot. Owns: borrowed, valid and unchanging until the next call.
 * Thread: UI. */
const LsSnapshot *ls_trainer_latest(LsTrainer *trainer);

/* The checkpoint's metadata of a snapshot: settings, step, images, seconds, newest evaluation, program:
 * the same lines that ls_run_meta() writes.  Thread: UI. */
void ls_snapshot_meta(const LsSnapshot *snapshot, LsMetaList *meta);

/* Asks for a processor for a frame's work where all of them train, and waits until a worker stands aside between
 * two tasks: so many seconds at most. Training goes on without it. At once where nothing has to stand aside.
 * Thread: UI. */
void ls_trainer_borrow(LsTrainer *trainer, double seconds);

/* Gives the processor back; nothing where none was borrowed. ls_trainer_stop() does so too.  Thread: UI. */
void ls_trainer_return(LsTrainer *trainer);

/* Takes the next metric, in order. Fails: false when there is none.  Thread: UI. */
LS_CHECKED bool ls_trainer_next_metric(LsTrainer *trainer, LsMetric *metric);

/* Metrics that found the ring full because nobody took them for a long time.  Thread: any. */
uint64_t ls_trainer_lost_metrics(const LsTrainer *trainer);

#endif
