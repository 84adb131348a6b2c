#include "vae/mmd.h"

#include <stddef.h>
#include <string.h>

#include "latentscape/core/base.h"
#include "latentscape/nn/sum.h"

#include "nn/fastmath.h"

enum {
    STRIP = 256 /* points looked at together: their kernels stay in L1 */
};

static const float scales[] = {0.1f, 0.2f, 0.5f, 1.0f, 2.0f, 5.0f, 10.0f};

/* Squared distances of some points to one. Shapes: point [n, latent], at [latent], distance [n]. */
LS_KERNEL static void measure(size_t n, size_t latent, const float *restrict point,
                              const float *restrict at, float *restrict distance)
{
    for (size_t j = 0; j < n; j++) {
        float sum = 0.0f;
        for (size_t d = 0; d < latent; d++) {
            const float off = at[d] - point[j * latent + d];
            sum += off * off;
        }
        distance[j] = sum;
    }
}

/* The kernel at squared distances, and its slope there. Shapes: all [n]. */
LS_KERNEL static void kernel(size_t n, float unit, const float *restrict distance,
                             float *restrict value, float *restrict slope)
{
    for (size_t j = 0; j < n; j++) {
        value[j] = 0.0f;
        slope[j] = 0.0f;
    }
    for (size_t s = 0; s < LS_COUNT(scales); s++) {
        const float c = unit * scales[s];
        const float share = 1.0f / (float)LS_COUNT(scales);
        for (size_t j = 0; j < n; j++) {
            const float part = 1.0f / (c + distance[j]);
            value[j] += share * (c * part);
            slope[j] -= share * (c * part) * part;
        }
    }
}

/* The sum of k(at, point[j]) over all j but `skip`; grad, where not NULL, gets factor times its gradient
 * in `at` added. Shapes: point [n, latent]; at, grad [latent]. */
static double kernel_sum(int n, int latent, const float *point, const float *at, int skip,
                         float unit, float factor, float *grad)
{
    _Alignas(64) float distance[STRIP], value[STRIP], slope[STRIP];
    double sum = 0;
    for (int first = 0; first < n; first += STRIP) {
        const int count = n - first < STRIP ? n - first : STRIP;
        const float *strip = point + (size_t)first * (size_t)latent;
        measure((size_t)count, (size_t)latent, strip, at, distance);
        kernel((size_t)count, unit, distance, value, slope);
        if (skip >= first && skip < first + count) {
            value[skip - first] = 0.0f;
            slope[skip - first] = 0.0f;
        }
        sum += ls_sum((size_t)count, value);
        for (int d = 0; grad != NULL && d < latent; d++) {
            float pull = 0.0f;
            for (int j = 0; j < count; j++) {
                pull += slope[j] * (at[d] - strip[(size_t)j * (size_t)latent + (size_t)d]);
            }
            grad[d] += 2.0f * factor * pull;
        }
    }
    return sum;
}

double ls_mmd_share(int n, int latent, const float *z, const float *prior, int i, double param,
                    float *grad)
{
    const float unit = (float)(2.0 * latent * param * param);
    const size_t row = (size_t)i * (size_t)latent;
    const double others = n > 1 ? n - 1 : 1;
    memset(grad, 0, (size_t)latent * sizeof *grad);
    /* A pair of codes is counted from both its ends, and a code is met by the others' shares too. */
    double within = kernel_sum(n, latent, z, z + row, i, unit, (float)(2.0 / others), grad);
    within += kernel_sum(n, latent, prior, prior + row, i, unit, 0.0f, NULL);
    const double across = kernel_sum(n, latent, prior, z + row, -1, unit, (float)(-2.0 / n), grad);
    return (n > 1 ? within / others : 2.0) - 2.0 * across / n;
}
