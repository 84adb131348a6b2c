/* What the files of a measuring share: measuring.c makes it and goes through its phases, and
 * measuring_tasks.c does the work of each. */
#ifndef LATENTSCAPE_SRC_MEASURE_MEASURING_STATE_H
#define LATENTSCAPE_SRC_MEASURE_MEASURING_STATE_H

#include "latentscape/measure/measuring.h"
#include "latentscape/vae/coder.h"

enum {
    LS_MEASURING_ROWS = 64, /* images of one task: fixed, so that sums do not hang on the workers */
    LS_MEASURING_AROUND = 5, /* codes about a sample's that are asked for their label */
};

/* In this order; a phase begins when all tasks of the one before it are done. */
typedef enum LsMeasuringPhase {
    LS_MEASURING_REAL,       /* once: the held-out images themselves */
    LS_MEASURING_REAL_RADII, /* once: their neighbourhoods */
    LS_MEASURING_SAMPLE,     /* decode the prior's codes and look at the images */
    LS_MEASURING_RADII,      /* the samples' neighbourhoods */
    LS_MEASURING_PAIRS,      /* samples against held-out images */
    LS_MEASURING_TRAIN,      /* encode training images */
    LS_MEASURING_HELDOUT,    /* encode held-out images */
    LS_MEASURING_DENSITY,    /* their codes' density among those of the training images */
    LS_MEASURING_AGREE,      /* labels about the samples' codes */
    LS_MEASURING_TRANSPORT,  /* from the training images' codes to the prior */
    LS_MEASURING_PHASES
} LsMeasuringPhase;

/* What one worker works on. Shapes: rows = LS_MEASURING_ROWS. */
typedef struct LsMeasuringScratch {
    LsCoder *coder;
    float *x;                         /* [rows, pixels] */
    float *mu, *logvar, *z;           /* [rows, latent] */
    float *distance;                  /* [rows, samples or held-out images] */
    float *class_hidden, *class_prob; /* [rows, hidden], [rows, classes] of the classifier */
    float *density;                   /* [codes] */
    uint64_t *key;                    /* [2 codes] */
} LsMeasuringScratch;

struct LsMeasuring {
    // --- immutable after create
    LsModel model;
    const LsDataset *data;
    const LsClassifier *classifier; /* NULL: none that could know these images */
    int workers;
    int samples, heldout, pairs; /* pairs: as many of each */
    int codes;                   /* of training images */
    float *memory;               /* what the floats below and in scratch point into */
    LsMeasuringScratch *scratch; /* [workers] */
    uint64_t *keys;              /* what scratch's keys point into */
    float *prior, *prior_norm;   /* [samples, latent], [samples] */
    float *direction, *quantile; /* [directions, latent], [codes] */
    // --- whoever advances it; within a slice a task writes its own rows
    uint64_t serial, step;
    bool running;
    bool images_only; /* the samples were given as images */
    bool real_known;  /* phases REAL and REAL_RADII are done, for good */
    LsMeasuringPhase phase;
    int next; /* task of the phase */
    float *params;
    float *real, *real_norm, *real_radius, *real_gradient, *real_decided; /* [heldout, ...] */
    float *real_right;                                                    /* [heldout] */
    float *sample, *sample_norm, *sample_radius, *gradient, *decided;     /* [samples, ...] */
    float *confidence, *class, *agreement;                                /* [samples] */
    float *precise, *reached, *covered;                                   /* [pairs] */
    float *reach, *cover;                                                 /* [tasks, pairs] */
    float *mu, *mu_norm, *z, *log_own, *information;                      /* [heldout, ...] */
    float *axis_mu, *inverse, *scale,
        *train_z;     /* [latent, codes] twice, [codes], [codes, latent] */
    float *influence; /* [directions, codes] */
    double *squared;  /* [directions] */
    const char *no_classifier, *no_agreement;
};

/* How many tasks a phase has.  Thread: any. */
int ls_measuring_tasks_count(const LsMeasuring *measuring, LsMeasuringPhase phase);

/* Does one of them.  Thread: worker. */
void ls_measuring_tasks_do(LsMeasuring *measuring, LsMeasuringPhase phase, int task, int worker);

#endif
