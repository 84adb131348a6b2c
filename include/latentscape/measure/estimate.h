/* A figure that was estimated from a finite number of cases, with its standard error. */
#ifndef LATENTSCAPE_MEASURE_ESTIMATE_H
#define LATENTSCAPE_MEASURE_ESTIMATE_H

#include "latentscape/core/base.h"

typedef struct LsEstimate {
    double value;
    double error; /* standard error: by how much another sample of the same size would differ */
} LsEstimate;

/* The mean, and the standard deviation over sqrt(n). Shapes: x [n], n >= 1.  Thread: any. */
LsEstimate ls_estimate_mean(size_t n, const float *x);

/* a / b for independent estimates, the errors carried over to first order; 0 where b is 0.
 * Thread: any. */
LsEstimate ls_estimate_ratio(LsEstimate a, LsEstimate b);

/* a - b for independent estimates.  Thread: any. */
LsEstimate ls_estimate_difference(LsEstimate a, LsEstimate b);

#endif
