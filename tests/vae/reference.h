/* The model and its loss once more: slow, plain, in double, written from the formulas alone. It judges
 * the engine's forward pass and, by central differences, its gradients. */
#ifndef LATENTSCAPE_TESTS_VAE_REFERENCE_H
#define LATENTSCAPE_TESTS_VAE_REFERENCE_H

#include "latentscape/vae/pass.h"

typedef double ReferencePixel(double logit, double x);
typedef double ReferenceCode(double mu, double logvar);
typedef double ReferenceWeight(double weight);

/* The twin of a loss term's kind, by name; fails the test where there is none. Of a divergence that is
 * more than a sum over dimensions it is what is summed first. */
ReferencePixel *reference_recon(const char *name);
ReferenceCode *reference_divergence(const char *name);
ReferenceWeight *reference_regularizer(const char *name);

/* The unbiased estimate of the squared maximum mean discrepancy: every pair of points, one by one.
 * Shapes: z, prior [n, latent]. */
double reference_mmd(size_t n, size_t latent, const double *z, const double *prior, double width);

typedef struct Reference {
    const LsModel *model;
    int batch;
    const float *x, *eps;       /* [batch, pixels], [batch, latent] */
    const float *prior, *probe; /* [batch, latent]; set by who uses a loss that asks for them */
    LsLoss loss;
    double *mu, *logvar, *logits; /* results of the last call; [batch, latent], [batch, pixels] */
    double *z, *draws;            /* [batch, latent] */
    double *work[2];              /* a row of the widest layer */
} Reference;

/* Makes room; fails the test where there is none. */
void reference_init(Reference *reference, const LsModel *model, int batch, const float *x,
                    const float *eps, LsLoss loss);

/* Releases it. */
void reference_finish(Reference *reference);

/* Forward and losses. Shapes: params [param_count]. */
LsLossValues reference_loss(Reference *reference, const double *params);

#endif
