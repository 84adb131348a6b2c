/* Maximum mean discrepancy between codes and draws from the prior (Gretton et al. 2012), with the mean
 * of seven inverse multiquadratic kernels as Tolstikhin et al. 2018 use it:
 *
 *     k(a, b) = mean over s in {0.1, 0.2, 0.5, 1, 2, 5, 10} of C / (C + |a - b|^2), C = 2 s width^2 latent
 *
 * so that distances of any size are felt; width 1 is the prior's deviation. The estimate is the unbiased
 * one (no point is compared with itself), which does not depend on the size of the minibatch and may fall
 * a little below 0. A minibatch of one image has the biased one, 2 - 2 k. Internal to vae. */
#ifndef LATENTSCAPE_SRC_VAE_MMD_H
#define LATENTSCAPE_SRC_VAE_MMD_H

/* As LsDivergencePointsFn; param is the width.  Thread: any. */
double ls_mmd_share(int n, int latent, const float *z, const float *prior, int i, double param,
                    float *grad);

#endif
