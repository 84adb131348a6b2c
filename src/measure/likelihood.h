/* The bce likelihood of pixels, and Gauss-Hermite quadrature over a code's Gaussian. Internal to
 * measure. */
#ifndef LATENTSCAPE_SRC_MEASURE_LIKELIHOOD_H
#define LATENTSCAPE_SRC_MEASURE_LIKELIHOOD_H

#include "latentscape/core/base.h"

enum {
    LS_LIKELIHOOD_NODES = 7, /* of the quadrature, on each axis */
    LS_LIKELIHOOD_FEW = 5,   /* of a quicker one */
};

/* The sum of log(1 + exp(logit)): minus the log likelihood of an image of zeros.
 * Shapes: logits, work [n].  Thread: any. */
double ls_likelihood_zeros(size_t n, const float *logits, float *work);

/* log p(x|z) = sum of logit * x - log(1 + exp(logit)). Shapes: logits, x, work [n].  Thread: any. */
double ls_likelihood_log(size_t n, const float *logits, const float *x, float *work);

/* log of the sum of exp(score + base). Shapes: [n], n >= 1.  Thread: any. */
double ls_likelihood_fold(size_t n, const float *score, const float *base, float *work);

/* log p(z) of a standard normal in two dimensions.  Thread: any. */
double ls_likelihood_prior(double z0, double z1);

/* KL(q(z|x) || p(z)) in two dimensions. Shapes: mu, logvar [2].  Thread: any. */
double ls_likelihood_kl(const float *mu, const float *logvar);

/* Codes at the quadrature's nodes, `across` (NODES or FEW) on each axis, and their weights, which add
 * up to 1. Shapes: mu, logvar [2]; z [across * across, 2]; weight [across * across].  Thread: any. */
void ls_likelihood_nodes(int across, const float *mu, const float *logvar, float *z,
                         double *weight);

#endif
