#include "latentscape/measure/estimate.h"

#include <math.h>

LsEstimate ls_estimate_mean(size_t n, const float *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)x[i];
    }
    const double mean = sum / (double)n;
    double squares = 0; /* of deviations: the difference of two sums would lose their digits */
    for (size_t i = 0; i < n; i++) {
        squares += ((double)x[i] - mean) * ((double)x[i] - mean);
    }
    const double variance = n > 1 ? squares / (double)(n - 1) : 0;
    return (LsEstimate){.value = mean, .error = sqrt(variance / (double)n)};
}

LsEstimate ls_estimate_ratio(LsEstimate a, LsEstimate b)
{
    if (b.value == 0) {
        return (LsEstimate){0};
    }
    const double ratio = a.value / b.value;
    return (LsEstimate){.value = ratio, .error = hypot(a.error, ratio * b.error) / fabs(b.value)};
}

LsEstimate ls_estimate_difference(LsEstimate a, LsEstimate b)
{
    return (LsEstimate){.value = a.value - b.value, .error = hypot(a.error, b.error)};
}
