/* Activations of hidden layers, one table row per kind. The rows drive the model's option, the
 * checkpoint, the initial weights and the gradient tests. A model holds a row's index. */
#ifndef LATENTSCAPE_NN_ACTIVATION_H
#define LATENTSCAPE_NN_ACTIVATION_H

#include "latentscape/core/error.h"

/* How the weights of a layer with this activation start; biases start at 0. */
typedef enum LsActivationInit {
    LS_ACTIVATION_HE,     /* normal, variance 2 / in (He et al. 2015) */
    LS_ACTIVATION_GLOROT, /* normal, variance 2 / (in + out) (Glorot & Bengio 2010) */
} LsActivationInit;

/* One row of a layer: value and derivative at once, since both need the same exponential.
 * Shapes: all [n]. bias; slope: weight * x on entry, d out / d (weight * x + bias) on return;
 *         out is overwritten. None may overlap.
 * Fails: never; NaN in gives NaN out.  Thread: any. */
typedef void LsActivationFn(size_t n, const float *bias, float *slope, float *out);

typedef struct LsActivation {
    const char *name; /* in files, options and scripts: never renamed */
    const char *help;
    LsActivationInit init;
    LsActivationFn *eval;
} LsActivation;

/* Every kind, in menu order; *count rows. Owns: nothing to free.  Thread: any. */
const LsActivation *ls_activation_kinds(size_t *count);

/* The kind called name; its index is its distance from ls_activation_kinds().
 * Fails: NULL, LS_ERR_USAGE.  Thread: any. */
LS_CHECKED const LsActivation *ls_activation_find(const char *name, LsError *err);

/* The name of kind number index, or NULL past the last: a setting's choices.  Thread: any. */
const char *ls_activation_name(int index);

/* How initial weights are called in files, or NULL past the last: "he", "glorot".  Thread: any. */
const char *ls_activation_init_name(int init);

/* The help of kind number index, or NULL past the last.  Thread: any. */
const char *ls_activation_help(int index);

#endif
