/* Adam (Kingma & Ba 2015) with bias correction, and where it is asked for with a decay of the weights
 * that the moments know nothing of: AdamW (Loshchilov & Hutter 2019). */
#ifndef LATENTSCAPE_NN_ADAM_H
#define LATENTSCAPE_NN_ADAM_H

#include "latentscape/core/base.h"

typedef struct LsAdam {
    double lr;
    double beta1, beta2, epsilon; /* 0.9, 0.999, 1e-8 */
    double keep;                  /* of each weight at this update: 1 - lr * decay */
    double bound;                 /* of a gradient in the mean; INFINITY: none */
    uint64_t step;                /* number of this update, from 1: bias correction */
    double rate,
        root; /* what follows from these: lr / (1 - beta1^step), 1 / sqrt(1 - beta2^step) */
} LsAdam;

/* The usual constants with a learning rate, at update number step (from 1). Always made by this: the
 * powers are worked out once an update, not once a strip of weights.  Thread: any. */
LsAdam ls_adam_make(double lr, uint64_t step);

/* The same with other betas, each 0 .. below 1, and a decay, from 0: how much of a weight goes at each
 * update for each unit of the rate.  Thread: any. */
LsAdam ls_adam_make_with(double lr, double beta1, double beta2, double decay, uint64_t step);

/* The update that follows without its decay: for biases, which are not to be small.  Thread: any. */
LsAdam ls_adam_undecayed(const LsAdam *adam);

/* The update that follows, with gradients held within so many roots of their mean square (v, this one
 * included) before they enter the mean m: one that comes after many that were next to nothing otherwise
 * moves its weight by ten times the rate (0.1 / sqrt(0.01), and as the mean forgets it 0.9, 0.81 ..), and
 * all weights of its unit at once. bound: above 0; INFINITY is Adam as it is.  Thread: any. */
LsAdam ls_adam_bounded(const LsAdam *adam, double bound);

/* One update of n parameters. Shapes: all [n]; none may overlap. weight, m, v are changed.
 * Thread: any. */
void ls_adam_update(const LsAdam *adam, size_t n, const float *grad, float *weight, float *m,
                    float *v);

#endif
