#include "latentscape/nn/adam.h"

#include <math.h>

#include "nn/adam_rates.h"
#include "nn/fastmath.h"

LsAdam ls_adam_make(double lr, uint64_t step)
{
    LsAdam adam = {.lr = lr, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .step = step};
    adam.rate = lr / (1.0 - pow(adam.beta1, (double)step));
    adam.root = 1.0 / sqrt(1.0 - pow(adam.beta2, (double)step));
    return adam;
}

LS_KERNEL static void update(LsAdamRates r, size_t n, const float *restrict grad,
                             float *restrict weight, float *restrict m, float *restrict v)
{
    for (size_t i = 0; i < n; i++) {
        ls_adam_rates_apply(r, grad[i], &weight[i], &m[i], &v[i]);
    }
}

void ls_adam_update(const LsAdam *adam, size_t n, const float *grad, float *weight, float *m,
                    float *v)
{
    update(ls_adam_rates(adam), n, grad, weight, m, v);
}
