#include "latentscape/nn/adam.h"

#include <math.h>

#include "nn/adam_rates.h"
#include "nn/fastmath.h"

LsAdam ls_adam_make(double lr, uint64_t step)
{
    return ls_adam_make_with(lr, 0.9, 0.999, 0.0, step);
}

LsAdam ls_adam_make_with(double lr, double beta1, double beta2, double decay, uint64_t step)
{
    return (LsAdam){
        .lr = lr,
        .beta1 = beta1,
        .beta2 = beta2,
        .epsilon = 1e-8,
        .keep = 1.0 - lr * decay,
        .bound = (double)INFINITY,
        .step = step,
        .rate = lr / (1.0 - pow(beta1, (double)step)),
        .root = 1.0 / sqrt(1.0 - pow(beta2, (double)step)),
    };
}

LsAdam ls_adam_undecayed(const LsAdam *adam)
{
    LsAdam plain = *adam;
    plain.keep = 1.0;
    return plain;
}

LsAdam ls_adam_bounded(const LsAdam *adam, double bound)
{
    LsAdam bounded = *adam;
    bounded.bound = bound;
    return bounded;
}

LS_KERNEL static void update(LsAdamRates r, bool bounded, size_t n, const float *restrict grad,
                             float *restrict weight, float *restrict m, float *restrict v)
{
    if (bounded) {
        for (size_t i = 0; i < n; i++) {
            ls_adam_rates_apply(r, true, grad[i], &weight[i], &m[i], &v[i]);
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        ls_adam_rates_apply(r, false, grad[i], &weight[i], &m[i], &v[i]);
    }
}

void ls_adam_update(const LsAdam *adam, size_t n, const float *grad, float *weight, float *m,
                    float *v)
{
    update(ls_adam_rates(adam), ls_adam_rates_bounded(adam), n, grad, weight, m, v);
}
