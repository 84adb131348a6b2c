/* One parameter's update by Adam, for the loops that do it: alone (nn/adam.c), or in one pass with a
 * regularizer's value and gradient (vae/regularizer.c). Internal to nn and vae. */
#ifndef LATENTSCAPE_SRC_NN_ADAM_RATES_H
#define LATENTSCAPE_SRC_NN_ADAM_RATES_H

#include <math.h>
#include <stdbool.h>

#include "latentscape/nn/adam.h"

/* One update's factors as the kernels take them. */
typedef struct LsAdamRates {
    float beta1, beta2;
    float new1, new2; /* 1 - beta1, 1 - beta2: from doubles, 1 - 0.999f would be off by 2e-5 */
    float rate, root, epsilon;
    float bound; /* on the scale of sqrt(v), as root is */
    float keep;  /* 1 without decay: the product is then exact, and no bit of the update another */
} LsAdamRates;

static inline LsAdamRates ls_adam_rates(const LsAdam *adam)
{
    return (LsAdamRates){
        .beta1 = (float)adam->beta1,
        .beta2 = (float)adam->beta2,
        .new1 = (float)(1.0 - adam->beta1),
        .new2 = (float)(1.0 - adam->beta2),
        .rate = (float)adam->rate,
        .root = (float)adam->root,
        .epsilon = (float)adam->epsilon,
        .bound = (float)(adam->bound * adam->root),
        .keep = (float)adam->keep,
    };
}

/* Whether gradients are held to a bound at all.  Thread: any. */
static inline bool ls_adam_rates_bounded(const LsAdam *adam)
{
    return adam->bound < (double)INFINITY;
}

/* Vectorizes: plain arithmetic without branches. bounded is to be a constant wherever this is inlined: a
 * bound of INFINITY leaves every gradient as it is, so that no bit is another without it. Each result is
 * written once, when all is read.  Thread: any. */
static inline __attribute__((always_inline)) void ls_adam_rates_apply(LsAdamRates r, bool bounded,
                                                                      float grad, float *weight,
                                                                      float *m, float *v)
{
    const float v_new = r.beta2 * *v + r.new2 * (grad * grad);
    const float size = sqrtf(v_new);
    float held = grad;
    if (bounded) {
        const float bound = r.bound * size;
        const float high = grad > bound ? bound : grad;
        held = high < -bound ? -bound : high;
    }
    const float m_new = r.beta1 * *m + r.new1 * held;
    *weight = r.keep * *weight - r.rate * m_new / (size * r.root + r.epsilon);
    *m = m_new;
    *v = v_new;
}

#endif
