/* A training run without a thread of its own: model, optimizer state, place in the data, and a fixed
 * pool of workers. The trainer thread drives one; so do the command line and the tests.
 *
 * The numbers of a run are a function of data, settings and step alone, whatever the number of
 * workers; a run saved and opened again goes on as if it had never stopped. */
#ifndef LATENTSCAPE_TRAIN_RUN_H
#define LATENTSCAPE_TRAIN_RUN_H

#include "latentscape/data/dataset.h"
#include "latentscape/train/metric.h"
#include "latentscape/train/pool.h"
#include "latentscape/train/settings.h"

typedef struct LsRun LsRun;

/* A new run with fresh weights. threads: 1 .. 64, or 0 for as many as there are processors. data is
 * borrowed for the run's life. Owns: the caller, ls_run_destroy(). Fails: NULL, LS_ERR_MODEL,
 * LS_ERR_MEMORY, LS_ERR_SYSTEM.  Thread: any. */
LS_CHECKED LsRun *ls_run_create(const LsDataset *data, const LsTrainSettings *settings, int threads,
                                LsError *err);

/* Whether what a checkpoint's metadata tells of its run besides the settings can be read. Fails: false,
 * LS_ERR_FORMAT naming key and value.  Thread: any. */
LS_CHECKED bool ls_run_check(const LsCheckpoint *checkpoint, LsError *err);

/* A new run that goes on from a checkpoint, as ls_run_load() does; what the file does not tell comes
 * from settings. Owns: the caller, ls_run_destroy(). Fails: NULL, as ls_run_create() and
 * ls_run_load().  Thread: any. */
LS_CHECKED LsRun *ls_run_open(const LsDataset *data, const LsTrainSettings *settings,
                              const LsCheckpoint *checkpoint, int threads, LsError *err);

/* Joins the workers and releases everything; NULL is accepted.  Thread: the run's. */
void ls_run_destroy(LsRun *run);

/* Goes on from a checkpoint: weights, optimizer state, step and settings; a file without optimizer
 * state begins with fresh moments. Fails: false, LS_ERR_MODEL where the images' size is another;
 * the run is then unchanged.  Thread: the run's. */
LS_CHECKED bool ls_run_load(LsRun *run, const LsCheckpoint *checkpoint, LsError *err);

/* Fresh weights, step 0, moments zero, from the settings' seed; logits begin at the mean of the training
 * images. New sizes are taken from settings.
 * Fails: false, LS_ERR_MODEL or LS_ERR_MEMORY; the run is then unchanged.  Thread: the run's. */
LS_CHECKED bool ls_run_reset(LsRun *run, const LsTrainSettings *settings, LsError *err);

/* Loss, rate, batch: the living model takes them at its next step; weights are kept. Where there is
 * something new to learn, a schedule that has fallen begins anew, and averaged weights look back over a
 * few steps only, so that the effect is seen. Structural
 * fields and the seed are ignored (ls_run_reset() takes them). Fails: false, LS_ERR_MEMORY where a
 * larger batch finds no room; the run is then unchanged.  Thread: the run's. */
LS_CHECKED bool ls_run_set(LsRun *run, const LsTrainSettings *settings, LsError *err);

/* Multiplies with this backend from the next step on; a new run has OpenBLAS. AUTO is settled at the
 * next step, which it makes some milliseconds longer. The numbers differ from one backend to another,
 * in the last digits or, with bfloat16, in the third. Fails: false, LS_ERR_SYSTEM where it is not to
 * be had here; the run is then unchanged.  Thread: the run's. */
LS_CHECKED bool ls_run_use(LsRun *run, LsBackendKind kind, LsError *err);

/* What it multiplies with; AUTO: not settled yet.  Thread: the run's. */
LsBackendKind ls_run_backend(const LsRun *run);

/* What the model's newest step was made with, here or before it was loaded; AUTO: not known.
 * Thread: the run's. */
LsBackendKind ls_run_made_with(const LsRun *run);

/* One step on all workers. *metric gets its losses.  Thread: the run's. */
void ls_run_step(LsRun *run, LsMetric *metric);

/* Which part of a step's metric is not a finite number, or above 1e12, for people ("reconstruction"), or
 * NULL where all is well.  Thread: any. */
const char *ls_run_fault(const LsMetric *metric);

/* Losses on the held-out images (the first 10,000) and on a fixed part of the training images (1,000)
 * with fixed noise, by all workers.  Thread: the run's. */
void ls_run_evaluate(LsRun *run, LsMetric *metric);

/* The same in slices between steps: begin takes a copy of the weights and drops an evaluation that is
 * under way; advance does one slice (64 images a worker) and returns true when it has filled *metric,
 * with the step at which it began.  Thread: the run's. */
void ls_run_evaluate_begin(LsRun *run);
bool ls_run_evaluating(const LsRun *run);
LS_CHECKED bool ls_run_evaluate_advance(LsRun *run, LsMetric *metric);

/* Copies the weights to show, and where there is a place for them those that training goes on with and
 * Adam's moments, by all workers. Shapes: all [param_count]; live, m and v may be NULL. Returns what is not finite, as ls_run_fault() does,
 * or NULL; it is copied all the same.  Thread: the run's. */
LS_CHECKED const char *ls_run_copy(LsRun *run, float *params, float *live, float *m, float *v);

/* Notes the state as one to come back to and returns NULL; or returns what in it is not finite, or a
 * weight above 1,000, as ls_run_fault() does: the state noted before then stays, as it does, without a
 * word, where a weight is above 100 or the loss above 1e9.  Thread: the run's. */
LS_CHECKED const char *ls_run_keep(LsRun *run);

/* Back to the state noted last; create, load and reset note theirs.  Thread: the run's. */
void ls_run_restore(LsRun *run);

/* The checkpoint's metadata of the state now: settings, step, images, seconds, adam_step (updates in
 * Adam's moments), dataset, program, and the held-out figures of the newest evaluation.
 * Thread: the run's. */
void ls_run_meta(const LsRun *run, LsMetaList *meta);

/* Saves the state with the optimizer's, atomically. Fails: as ls_checkpoint_save().
 * Thread: the run's. */
LS_CHECKED bool ls_run_save(const LsRun *run, const char *path, LsError *err);

/* Where the run stands: step, images, seconds and rate; no losses.  Thread: the run's. */
LsMetric ls_run_state(const LsRun *run);

/* How the first weights were drawn: "he", "glorot"; NULL: not known.  Thread: the run's. */
const char *ls_run_init(const LsRun *run);

/* What a run is made of now. Owns: borrowed, valid until the next step, load or reset.
 * Thread: the run's. */
const LsModel *ls_run_model(const LsRun *run);
const float *ls_run_params(const LsRun *run); /* to show: averaged where averaging is on */
const float *ls_run_live(const LsRun *run);   /* to go on with; NULL where nothing is averaged */
void ls_run_moments(const LsRun *run, const float **m, const float **v);
const LsTrainSettings *ls_run_settings(const LsRun *run);
uint64_t ls_run_steps(const LsRun *run);
uint64_t ls_run_adam_steps(const LsRun *run);
uint64_t ls_run_schedule_steps(const LsRun *run); /* of the learning rate's schedule */
uint64_t ls_run_loss_steps(const LsRun *run);     /* of the loss's schedules */
uint64_t ls_run_average_steps(const LsRun *run);  /* updates in the average; 0: there is none */
int ls_run_threads(const LsRun *run);

/* From now on the last worker lends its processor, as ls_pool_lend() says. Owns: loan stays the caller's, and
 * outlives the run.  Thread: the run's. */
void ls_run_lend(LsRun *run, LsLoan *loan);

/* How many of its workers the run may use from now on: 1 .. all there are; 0: all. No number of it
 * changes by that.  Thread: the run's. */
void ls_run_share(LsRun *run, int threads);

#endif
