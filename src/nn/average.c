#include "latentscape/nn/average.h"

#include <math.h>
#include <string.h>

#include "nn/fastmath.h"

enum {
    EACH = 64, /* steps at first that all count */
    EVERY = 4
};

double ls_average_keep(double most, uint64_t n)
{
    const double keep = fmin(most, (double)n / ((double)n + 9));
    if (n < EACH) {
        return keep;
    }
    return n % EVERY == 0 ? pow(keep, EVERY) : 1;
}

LS_KERNEL static void move(size_t n, float share, const float *restrict value, float *restrict mean)
{
    for (size_t i = 0; i < n; i++) {
        mean[i] += share * (value[i] - mean[i]);
    }
}

void ls_average_update(size_t n, double keep, const float *value, float *mean)
{
    if (keep > 0) {
        move(n, (float)(1 - keep), value, mean);
    } else {
        memcpy(mean, value, n * sizeof *mean);
    }
}
