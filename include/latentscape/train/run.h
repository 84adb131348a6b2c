/* A training run without a thread of its own: model, optimizer state, place in the data, and a fixed
 * pool of workers. The trainer thread drives one; so do the command line and the tests.
 *
 * The numbers of a run are a function of data, settings and step alone, whatever the number of
 * workers; a run saved and opened again goes on as if it had never stopped. */
#ifndef LATENTSCAPE_TRAIN_RUN_H
#define LATENTSCAPE_TRAIN_RUN_H

#include "latentscape/data/dataset.h"
#include "latentscape/train/settings.h"

/* What one step, or one evaluation, has to tell. Units: nats per image. */
typedef struct LsMetric {
    uint64_t step;   /* steps done */
    uint64_t images; /* images seen */
    double seconds;  /* spent training, evaluation and pauses excluded */
    bool evaluated;  /* false: a step's losses in `train`; true: an evaluation, both are filled */
    LsLossValues train;   /* step: of its minibatch, as trained; evaluation: as heldout, on a fixed
                             part of the training images */
    LsLossValues heldout; /* of the trained kinds and weights */
    double train_elbo, heldout_elbo; /* -(bce + kl) whatever is trained */
    double lr;
} LsMetric;

typedef struct LsRun LsRun;

/* A new run with fresh weights. threads: 1 .. 64, or 0 for as many as there are processors. data is
 * borrowed for the run's life. Owns: the caller, ls_run_destroy(). Fails: NULL, LS_ERR_MODEL,
 * LS_ERR_MEMORY, LS_ERR_SYSTEM.  Thread: any. */
LS_CHECKED LsRun *ls_run_create(const LsDataset *data, const LsTrainSettings *settings, int threads,
                                LsError *err);

/* Joins the workers and releases everything; NULL is accepted.  Thread: the run's. */
void ls_run_destroy(LsRun *run);

/* Goes on from a checkpoint: weights, optimizer state, step and settings; a file without optimizer
 * state begins with fresh moments. Fails: false, LS_ERR_MODEL where the images' size is another;
 * the run is then unchanged.  Thread: the run's. */
LS_CHECKED bool ls_run_load(LsRun *run, const LsCheckpoint *checkpoint, LsError *err);

/* Fresh weights, step 0, moments zero, from the settings' seed. New sizes are taken from settings.
 * Fails: false, LS_ERR_MODEL or LS_ERR_MEMORY; the run is then unchanged.  Thread: the run's. */
LS_CHECKED bool ls_run_reset(LsRun *run, const LsTrainSettings *settings, LsError *err);

/* Loss, rate, batch: the living model takes them at its next step; weights are kept. Structural
 * fields and the seed are ignored (ls_run_reset() takes them). Fails: false, LS_ERR_MEMORY where a
 * larger batch finds no room; the run is then unchanged.  Thread: the run's. */
LS_CHECKED bool ls_run_set(LsRun *run, const LsTrainSettings *settings, LsError *err);

/* One step on all workers. *metric gets its losses.  Thread: the run's. */
void ls_run_step(LsRun *run, LsMetric *metric);

/* Losses on the held-out images and on a fixed part of the training images with fixed noise, by all
 * workers.  Thread: the run's. */
void ls_run_evaluate(LsRun *run, LsMetric *metric);

/* The checkpoint's metadata of the state now: settings, step, images, seconds.
 * Thread: the run's. */
void ls_run_meta(const LsRun *run, LsMetaList *meta);

/* Saves the state with the optimizer's, atomically. Fails: as ls_checkpoint_save().
 * Thread: the run's. */
LS_CHECKED bool ls_run_save(const LsRun *run, const char *path, LsError *err);

/* What a run is made of now. Owns: borrowed, valid until the next step, load or reset.
 * Thread: the run's. */
const LsModel *ls_run_model(const LsRun *run);
const float *ls_run_params(const LsRun *run);
void ls_run_moments(const LsRun *run, const float **m, const float **v);
const LsTrainSettings *ls_run_settings(const LsRun *run);
uint64_t ls_run_steps(const LsRun *run);
int ls_run_threads(const LsRun *run);

#endif
