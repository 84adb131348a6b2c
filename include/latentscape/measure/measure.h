/* The measures of what a model generates: one row of a table each, from which panel, command line, CSV,
 * JSON and documentation are made. A measure is a figure with its standard error, estimated from a
 * fixed number of samples, codes and images with fixed noise: the same weights give the same figures. */
#ifndef LATENTSCAPE_MEASURE_MEASURE_H
#define LATENTSCAPE_MEASURE_MEASURE_H

#include "latentscape/measure/estimate.h"

typedef enum LsMeasureId {
    LS_MEASURE_SHARPNESS,
    LS_MEASURE_CLARITY,
    LS_MEASURE_COHERENCE,
    LS_MEASURE_AGREEMENT,
    LS_MEASURE_PRECISION,
    LS_MEASURE_RECALL,
    LS_MEASURE_COVERAGE,
    LS_MEASURE_ACTIVE,
    LS_MEASURE_INFORMATION,
    LS_MEASURE_DISTANCE,
    LS_MEASURE_OVERFITTING,
    LS_MEASURE_COUNT
} LsMeasureId;

/* Which way a measure is better. */
typedef enum LsMeasureBetter {
    LS_MEASURE_UP,
    LS_MEASURE_DOWN,
    LS_MEASURE_ONE, /* the nearer to 1, which is what real images have */
} LsMeasureBetter;

/* One figure. */
typedef struct LsMeasureValue {
    const char *missing; /* NULL, or one clause on why there is none; value and error are then 0 */
    double value, error;
} LsMeasureValue;

/* All of them, of one state of a model. */
typedef struct LsMeasures {
    uint64_t serial; /* grows with each one of a measuring; 0: there are none yet */
    uint64_t step;   /* of the model they were taken from */
    int samples;     /* looked at */
    LsMeasureValue value[LS_MEASURE_COUNT];
} LsMeasures;

/* What measures are estimated from. Whatever is absent has a reason in place of NULL. */
typedef struct LsMeasureMaterial {
    /* of the samples, an image each */
    int samples;
    const float *gradient, *decided;        /* [samples] */
    LsEstimate real_gradient, real_decided; /* the same of held-out images */
    const char *no_classifier;
    const float *confidence; /* [samples]: of the classifier in the likeliest class */
    /* of the samples' codes */
    const char *no_agreement;
    const float *agreement; /* [samples]: share of the neighbouring codes with that class's label */
    /* of samples and held-out images, as many of each */
    const char *no_neighbours;
    int pairs;
    const float *precise;           /* [pairs]: 1 or 0: a sample lies near held-out images */
    const float *reached, *covered; /* [pairs]: a held-out image lies near a sample, as samples
                                       or as held-out images are near each other */
    /* of the codes of held-out images */
    const char *no_codes;
    int codes, latent;
    const float *mu;          /* [codes, latent] */
    const float *information; /* [codes]: log q(z|x) - log q(z) */
    LsEstimate distance;
    /* of an evaluation of the same weights: the mean ELBO of training images less that of held-out ones */
    const char *no_gap;
    LsEstimate gap;
} LsMeasureMaterial;

typedef struct LsMeasureRow {
    const char *name;  /* in files, options and scripts: never renamed */
    const char *label; /* for people */
    const char *unit;  /* "" where it is a ratio or a share */
    bool of_codes;     /* of the encoder's codes; else of samples */
    LsMeasureBetter better;
    const char *help; /* how it is computed and what it tells */
    const char *paper;
    int digits; /* after the point, for people */
    /* Why there is none, or NULL.  Thread: any. */
    const char *(*missing)(const LsMeasureMaterial *material);
    /* The figure, where it is not missing.  Thread: any. */
    LsEstimate (*estimate)(const LsMeasureMaterial *material);
} LsMeasureRow;

/* Every measure, LS_MEASURE_COUNT rows, in the order of LsMeasureId. Owns: nothing to free.
 * Thread: any. */
const LsMeasureRow *ls_measure_rows(void);

/* The number of the measure called name, or LS_MEASURE_COUNT.  Thread: any. */
LsMeasureId ls_measure_find(const char *name);

/* Every figure from its material; what is not a finite number is missing.  Thread: any. */
void ls_measure_all(const LsMeasureMaterial *material, LsMeasureValue *values);

#endif
