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

/* From the whole minibatch's mean of each dimension's loss to the term, for kinds that ask for more
 * than their sum: returns the value, and pull[j] = d value / d mean[j].
 * Shapes: mean, pull [latent]. param: the kind's own number.  Thread: any. */
typedef double LsDivergencePullFn(size_t latent, const double *mean, double param, float *pull);

/* Row i's share of a distance between two sets of n points, for kinds that compare codes with draws
 * from the prior: the mean of the shares is the term; grad gets d (sum of all shares) / d z[i].
 * Shapes: z, prior [n, latent], grad [latent]. param: the kind's own number.  Thread: any. */
typedef double LsDivergencePointsFn(int n, int latent, const float *z, const float *prior, int i,
                                    double param, float *grad);

typedef struct LsDivergence {
    const char *name;    /* in files, options and scripts: never renamed */
    const char *title;   /* for people */
    const char *symbol;  /* its formula */
    const char *meaning; /* a few words: what its value tells */
    const char *unit;    /* of its value; "": none */
    const char *range;   /* of its value, for people */
    const char *help;    /* one sentence: what it does to the model */
    const char *paper;
    const char *param; /* the setting that is its own number; NULL: it has none */
    const char
        *grows; /* the setting that tells in how many steps that grows from 0; NULL: it is there
                          at once */
    LsDivergenceFn *eval;         /* summed over the dimensions, averaged over the images ... */
    LsDivergencePullFn *pull;     /* ... and then put through this one, unless NULL */
    LsDivergencePointsFn *points; /* instead of both; otherwise NULL */
} LsDivergence;

/* Whether a kind looks at the minibatch as a whole before it can pull at a single code.
 * Thread: any. */
bool ls_divergence_gathers(const LsDivergence *kind);

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
