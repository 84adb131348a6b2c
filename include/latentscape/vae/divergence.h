/* Divergence terms K of the loss: how far the codes' distribution may stray from the prior. One table
 * row per kind; the rows drive the loss panel, the options, the manual page, the checkpoint and the
 * gradient test. */
#ifndef LATENTSCAPE_VAE_DIVERGENCE_H
#define LATENTSCAPE_VAE_DIVERGENCE_H

#include "latentscape/core/error.h"

/* One term and its derivatives, latent dimension by latent dimension.
 * Shapes: all [n]. mu, logvar = the code's Gaussian, logvar clamped; loss, mu_grad (d loss / d mu)
 *         and logvar_grad are overwritten. None may overlap.
 * Units:  nats.  Fails: never; NaN in gives NaN out.  Thread: any. */
typedef void LsDivergenceFn(size_t n, const float *mu, const float *logvar, float *loss,
                            float *mu_grad, float *logvar_grad);

typedef struct LsDivergence {
    const char *name;   /* in files, options and scripts: never renamed */
    const char *title;  /* for people */
    const char *symbol; /* its formula */
    const char *unit;   /* of its value; "": none */
    const char *range;  /* of its value, for people */
    const char *help;   /* one sentence: what it does to the model */
    const char *paper;
    LsDivergenceFn *eval;
} LsDivergence;

/* Every kind, in menu order; *count rows. Owns: nothing to free.  Thread: any. */
const LsDivergence *ls_divergence_kinds(size_t *count);

/* The kind called name; its index is its distance from ls_divergence_kinds().
 * Fails: NULL, LS_ERR_USAGE.  Thread: any. */
LS_CHECKED const LsDivergence *ls_divergence_find(const char *name, LsError *err);

/* Name and help of kind number index, or NULL past the last: a setting's choices.
 * Thread: any. */
const char *ls_divergence_name(int index);
const char *ls_divergence_help(int index);

#endif
