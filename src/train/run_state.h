/* What the files of a run share: the run itself (run.c: making, keeping, judging) and its step
 * (step.c). Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_RUN_STATE_H
#define LATENTSCAPE_SRC_TRAIN_RUN_STATE_H

#include "latentscape/train/evaluation.h"
#include "latentscape/train/pool.h"
#include "latentscape/train/run.h"

/* How far a run has come. */
typedef struct LsRunPlace {
    uint64_t step, images;
    uint64_t schedule_step; /* of the learning rate: begins anew when what is learned changes */
    uint64_t loss_step;     /* of the loss: begins anew when its kind or schedule is another one */
    uint64_t average_step;  /* updates in the average; 0: there is none */
    uint64_t adam_step;     /* updates in Adam's moments: fewer than step where they began anew */
    double seconds;
} LsRunPlace;

/* What depends on the model's sizes: made whole before the old one goes. */
typedef struct LsRunBody {
    LsModel model;
    float *params, *m, *v;         /* [param_count] */
    float *mean;                   /* [param_count]: the average of params, where there is one */
    float *kept, *kept_m, *kept_v; /* [param_count]: to come back to */
    float *kept_mean;
    LsPass *pass;
    int room; /* images the pass has room for */
    LsEvaluation *evaluation;
} LsRunBody;

struct LsRun {
    // --- immutable after create
    const LsDataset *data;
    LsPool *pool;
    bool dark; /* the training images are mostly zeros */
    // --- the run's thread; workers read during a step
    LsTrainSettings settings;
    LsBackend *backend;      /* NULL: OpenBLAS, or not settled yet */
    bool backend_due;        /* the fastest is to be found before the next step */
    LsBackendKind made_with; /* the newest step of this model; AUTO: none yet, or not known */
    LsRunBody body;
    LsRunPlace place, kept_place;
    const char *init;   /* how the first weights were drawn; NULL: not known */
    LsMetric evaluated; /* the newest evaluation of this model; step 0 and not evaluated: none */
    double newest;      /* sum of the newest step's terms, unweighted; 0: none since a restore */
    uint32_t ordered;   /* how many images `order` is an order of */
    uint64_t epoch;     /* whose order `order` holds; UINT64_MAX: none */
    uint32_t *order;    /* [train count] */
    uint32_t *index;    /* [batch]: the images of the step at hand */
    int index_room;
};

/* How many of the training images there are to learn from.  Thread: the run's. */
static inline uint32_t ls_run_state_images(const LsRun *run)
{
    const uint32_t all = run->data->train.count;
    const uint32_t some = (uint32_t)run->settings.train_images;
    return some > 0 && some < all ? some : all;
}

/* The weights to show, judge and save: the average, or where there is none those of the newest step.
 * Thread: the run's. */
static inline float *ls_run_state_shown(const LsRun *run)
{
    return run->place.average_step > 0 ? run->body.mean : run->body.params;
}

#endif
