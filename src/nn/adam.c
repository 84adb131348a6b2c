#include "latentscape/nn/adam.h"

#include <math.h>

#include "nn/fastmath.h"

/* The numbers of one update, worked out once in double. */
typedef struct Rates {
    float beta1, beta2;
    float new1, new2;  /* 1 - beta1, 1 - beta2: from doubles, 1 - 0.999f would be off by 2e-5 */
    float rate;        /* lr / (1 - beta1^step) */
    float root_factor; /* 1 / sqrt(1 - beta2^step) */
    float epsilon;
} Rates;

LsAdam ls_adam_make(double lr, uint64_t step)
{
    return (LsAdam){.lr = lr, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .step = step};
}

LS_KERNEL static void update(Rates r, size_t n, const float *restrict grad, float *restrict weight,
                             float *restrict m, float *restrict v)
{
    for (size_t i = 0; i < n; i++) {
        const float g = grad[i];
        m[i] = r.beta1 * m[i] + r.new1 * g;
        v[i] = r.beta2 * v[i] + r.new2 * (g * g);
        weight[i] -= r.rate * m[i] / (sqrtf(v[i]) * r.root_factor + r.epsilon);
    }
}

void ls_adam_update(const LsAdam *adam, size_t n, const float *grad, float *weight, float *m,
                    float *v)
{
    const double steps = (double)adam->step;
    const Rates r = {
        .beta1 = (float)adam->beta1,
        .beta2 = (float)adam->beta2,
        .new1 = (float)(1.0 - adam->beta1),
        .new2 = (float)(1.0 - adam->beta2),
        .rate = (float)(adam->lr / (1.0 - pow(adam->beta1, steps))),
        .root_factor = (float)(1.0 / sqrt(1.0 - pow(adam->beta2, steps))),
        .epsilon = (float)adam->epsilon,
    };
    update(r, n, grad, weight, m, v);
}
