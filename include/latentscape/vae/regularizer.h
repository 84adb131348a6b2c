/* Regularization terms G of the loss: what the weights themselves cost. Weight matrices only, biases
 * are free. One table row per kind; the rows drive the loss panel, the options, the manual page, the
 * checkpoint and the gradient test. */
#ifndef LATENTSCAPE_VAE_REGULARIZER_H
#define LATENTSCAPE_VAE_REGULARIZER_H

#include "latentscape/core/error.h"
#include "latentscape/nn/adam.h"

/* One term and its derivative, weight by weight; ls_sum() adds up loss[].
 * Shapes: all [n]. loss is overwritten; grad gets factor * d loss / d weight added. None may overlap.
 * Units:  nats.  Fails: never; NaN in gives NaN out.  Thread: any. */
typedef void LsRegularizerFn(size_t n, const float *weight, float factor, float *loss, float *grad);

/* The same and Adam's update with it, in one pass over the weights: bit for bit what the two do one
 * after the other. loss is that of the weights before the update; grad is not changed.
 * Shapes: all [n].  Thread: any. */
typedef void LsRegularizerUpdateFn(const LsAdam *adam, size_t n, const float *grad, float factor,
                                   float *loss, float *weight, float *m, float *v);

typedef struct LsRegularizer {
    const char *name;   /* in files, options and scripts: never renamed */
    const char *title;  /* for people */
    const char *symbol; /* its formula */
    const char *unit;   /* of its value; "": none */
    const char *range;  /* of its value, for people */
    const char *help;   /* one sentence: what it does to the model */
    const char *paper;
    LsRegularizerFn *eval;
    LsRegularizerUpdateFn *update;
} LsRegularizer;

/* Every kind, in menu order; *count rows. Owns: nothing to free.  Thread: any. */
const LsRegularizer *ls_regularizer_kinds(size_t *count);

/* The kind called name; its index is its distance from ls_regularizer_kinds().
 * Fails: NULL, LS_ERR_USAGE.  Thread: any. */
LS_CHECKED const LsRegularizer *ls_regularizer_find(const char *name, LsError *err);

/* Name and help of kind number index, or NULL past the last: a setting's choices.
 * Thread: any. */
const char *ls_regularizer_name(int index);
const char *ls_regularizer_help(int index);

#endif
