#include "latentscape/nn/adam.h"

#include <math.h>

#include "nn/fastmath.h"

/* One update's factors as the kernel takes them. */
typedef struct Rates {
    float beta1, beta2;
    float new1, new2; /* 1 - beta1, 1 - beta2: from doubles, 1 - 0.999f would be off by 2e-5 */
    float rate, root, epsilon;
} Rates;

LsAdam ls_adam_make(double lr, uint64_t step)
{
    LsAdam adam = {.lr = lr, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .step = step};
    adam.rate = lr / (1.0 - pow(adam.beta1, (double)step));
    adam.root = 1.0 / sqrt(1.0 - pow(adam.beta2, (double)step));
    return adam;
}

LS_KERNEL static void update(Rates r, size_t n, const float *restrict grad, float *restrict weight,
                             float *restrict m, float *restrict v)
{
    for (size_t i = 0; i < n; i++) {
        const float g = grad[i];
        m[i] = r.beta1 * m[i] + r.new1 * g;
        v[i] = r.beta2 * v[i] + r.new2 * (g * g);
        weight[i] -= r.rate * m[i] / (sqrtf(v[i]) * r.root + r.epsilon);
    }
}

void ls_adam_update(const LsAdam *adam, size_t n, const float *grad, float *weight, float *m,
                    float *v)
{
    const Rates r = {
        .beta1 = (float)adam->beta1,
        .beta2 = (float)adam->beta2,
        .new1 = (float)(1.0 - adam->beta1),
        .new2 = (float)(1.0 - adam->beta2),
        .rate = (float)adam->rate,
        .root = (float)adam->root,
        .epsilon = (float)adam->epsilon,
    };
    update(r, n, grad, weight, m, v);
}
