/* The aggregate posterior: all codes of a data set together, q(z) = mean over x of q(z|x), and how it
 * stands to the prior. The divergence that is trained falls into two parts, mean KL(q(z|x) || p) =
 * information that codes carry about images + KL(q(z) || p) (Hoffman & Johnson 2016, "ELBO surgery").
 *
 * Symbols: n = codes, latent = their axes. */
#ifndef LATENTSCAPE_MEASURE_AGGREGATE_H
#define LATENTSCAPE_MEASURE_AGGREGATE_H

#include "latentscape/measure/estimate.h"

/* log q(z | x) of a diagonal Gaussian. Shapes: mu, logvar, z [latent].  Thread: any. */
double ls_aggregate_log_posterior(int latent, const float *mu, const float *logvar, const float *z);

/* Posteriors laid out for ls_aggregate_log_density(), one axis after the other. */
typedef struct LsMixture {
    int n, latent;
    const float *mu;      /* [latent, n] */
    const float *inverse; /* [latent, n]: exp(-logvar) */
    const float *scale;   /* [n]: log of the density's height */
} LsMixture;

/* Writes posterior number `at` into the places of a mixture of n. Shapes: mu, logvar [latent];
 * axis_mu and inverse [latent, n]; scale [n].  Thread: any. */
void ls_aggregate_place(int n, int latent, int at, const float *mu, const float *logvar,
                        float *axis_mu, float *inverse, float *scale);

/* log of the sum over the mixture's posteriors of q(z | x_j), as a log-sum-exp; without the 1 / n.
 * Shapes: z [latent], work [n].  Thread: any. */
double ls_aggregate_log_density(const LsMixture *mixture, const float *z, float *work);

/* How many axes the codes use: those along which the variance of mu over the images is above 0.01
 * (Burda et al. 2016, "Importance weighted autoencoders"), with a jackknife error over ten groups.
 * Shapes: mu [n, latent]. Fails: error infinite where latent is above 4,096.  Thread: any. */
LsEstimate ls_aggregate_active(int n, int latent, const float *mu);

enum {
    LS_AGGREGATE_DIRECTIONS = 64 /* looked along at most */
};

/* Directions at right angles to each other, a basis: as many as there are axes, or 64; and how many
 * such bases are looked along.  Thread: any. */
int ls_aggregate_basis_size(int latent);
int ls_aggregate_bases(int latent);

/* All directions, fixed, of length 1. Shapes: direction [bases * basis_size, latent].
 * Thread: any. */
void ls_aggregate_directions(int latent, float *direction);

/* The standard normal's mean within each of n equally likely stretches. Shapes: quantile [n].
 * Thread: any. */
void ls_aggregate_quantiles(int n, float *quantile);

/* From codes to the prior along one direction: the squared 2-Wasserstein distance of their projections
 * to a standard normal, and by how much it hangs on each code. Shapes: direction [latent],
 * z [n, latent], quantile [n], influence [n] overwritten, key [2 n] for scratch.  Thread: any. */
double ls_aggregate_transport(int n, int latent, const float *direction, const float *z,
                              const float *quantile, float *influence, uint64_t *key);

/* The sliced 2-Wasserstein distance (Bonneel et al. 2015; Kolouri et al. 2018): how far codes would
 * have to be moved to lie as the prior does, in its standard deviations. Summed within a basis, not
 * averaged, so that a shift by m is |m| whatever the number of axes, and a spread of s instead of 1 is
 * sqrt(latent) |s - 1|. What ls_aggregate_transport() gave for each direction, n codes each.
 * Shapes: squared [directions], influence [directions, n]; its first row is used for scratch.
 * Paper: its error from del Barrio & Loubes 2019.  Thread: any. */
LsEstimate ls_aggregate_distance(int n, int latent, const double *squared, float *influence);

#endif
