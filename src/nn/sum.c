#include "latentscape/nn/sum.h"

#include <string.h>

#include "nn/fastmath.h"

enum {
    STRETCH = 1024
};

/* One widest vector, read from any address; narrower machines get it in pieces. */
typedef float Lanes __attribute__((vector_size(LS_LANES * sizeof(float))));

LS_KERNEL static void sum_lanes(size_t n, const float *x, float *lane)
{
    Lanes total = {0};
    size_t i = 0;
    for (; i + LS_LANES <= n; i += LS_LANES) {
        Lanes next;
        memcpy(&next, x + i, sizeof next);
        total += next;
    }
    memcpy(lane, &total, sizeof total);
    for (size_t j = 0; i + j < n; j++) {
        lane[j] += x[i + j];
    }
}

double ls_sum(size_t n, const float *x)
{
    double sum = 0.0;
    for (size_t first = 0; first < n; first += STRETCH) {
        float lane[LS_LANES];
        sum_lanes(n - first < STRETCH ? n - first : STRETCH, x + first, lane);
        double stretch = 0.0;
        for (int j = 0; j < LS_LANES; j++) {
            stretch += (double)lane[j];
        }
        sum += stretch;
    }
    return sum;
}
