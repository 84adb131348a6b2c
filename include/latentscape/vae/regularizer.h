/* Regularization terms G of the loss: what the weights themselves cost, or the pictures they make.
 * Weight matrices only, biases are free. Several kinds can be mixed: G is then the sum of each times
 * its amount. One table row per kind; the rows drive the loss panel, the options, the manual page, the
 * checkpoint and the gradient test. */
#ifndef LATENTSCAPE_VAE_REGULARIZER_H
#define LATENTSCAPE_VAE_REGULARIZER_H

#include <stdint.h>

#include "latentscape/core/error.h"
#include "latentscape/nn/adam.h"

/* One term and its derivative, weight by weight; ls_sum() adds up loss[].
 * Shapes: all [n]. loss is overwritten; grad gets factor * d loss / d weight added. None may overlap.
 * Units:  nats.  Fails: never; NaN in gives NaN out.  Thread: any. */
typedef void LsRegularizerFn(size_t n, const float *weight, float factor, float *loss, float *grad);

/* The same and Adam's update with it, in one pass over the weights: bit for bit what the two do one
 * after the other. loss is that of the weights before the update, rows added up; grad is not changed.
 * half, if it is not NULL, gets the new weights rounded to bfloat16, as ls_backend_halve() does. None
 * may overlap.
 * Shapes: loss [n]; grad [rows, n], rows grad_stride apart; weight, m, v, half [rows, n], rows `stride`
 * apart.  Thread: any. */
typedef void LsRegularizerUpdateFn(const LsAdam *adam, size_t rows, size_t n, const float *grad,
                                   size_t grad_stride, float factor, float *loss, float *weight,
                                   float *m, float *v, uint16_t *half, size_t stride);

typedef struct LsRegularizer {
    const char *name;    /* in files, options and scripts: never renamed */
    const char *title;   /* for people */
    const char *symbol;  /* its formula */
    const char *meaning; /* a few words: what its value tells */
    const char *unit;    /* of its value; "": none */
    const char *range;   /* of its value, for people */
    const char *help;    /* one sentence: what it does to the model */
    const char *paper;
    LsRegularizerFn *eval;         /* NULL for a kind that looks at pictures */
    LsRegularizerUpdateFn *update; /* likewise */
    bool absolute;                 /* update's term is of magnitudes, not of squares */
    bool probes; /* compares each image's picture with one made a little way off */
} LsRegularizer;

enum {
    LS_REGULARIZERS = 8 /* room for as many kinds in a mixture */
};

/* How far off a picture is made from that of z, in a random direction u ~ N(0, I): z + step u. A tenth
 * of the prior's deviation, so that what counts is smoothness that can be seen on the map. */
#define LS_REGULARIZER_STEP 0.1f

/* Every kind, in menu order; *count rows. Owns: nothing to free.  Thread: any. */
const LsRegularizer *ls_regularizer_kinds(size_t *count);

/* The kind called name; its index is its distance from ls_regularizer_kinds().
 * Fails: NULL, LS_ERR_USAGE.  Thread: any. */
LS_CHECKED const LsRegularizer *ls_regularizer_find(const char *name, LsError *err);

/* Name and help of kind number index, or NULL past the last: a setting's choices.
 * Thread: any. */
const char *ls_regularizer_name(int index);
const char *ls_regularizer_help(int index);

/* The jacobian kind on one image, from its picture and the one made a little way off: value[i] =
 * ((off[i] - prob[i]) / LS_REGULARIZER_STEP)^2. For small steps the mean of its sum over u is the squared
 * norm of the decoder's slope. Shapes: all [n].  Thread: any. */
void ls_regularizer_probe(size_t n, const float *prob, const float *off, float *value);

/* Its gradients times factor: added to the one of the picture's logits and to the bias's; off_grad is
 * overwritten. Shapes: all [n], none may overlap.  Thread: any. */
void ls_regularizer_probe_gradient(size_t n, float factor, const float *prob, const float *off,
                                   float *logit_grad, float *off_grad, float *bias_grad);

#endif
