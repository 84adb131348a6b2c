#include "views/share.h"

#include <math.h>

void view_share_compute(const double *values, const double *weights, size_t count, double *share)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double part = values[i] * weights[i];
        share[i] = isfinite(part) && part > 0 ? part : 0;
        sum += share[i];
    }
    for (size_t i = 0; i < count; i++) {
        share[i] = sum > 0 && isfinite(sum) ? share[i] / sum : 0;
    }
}

void view_share_bar(const double *share, size_t count, float width, float least, float *part)
{
    size_t widest = 0;
    for (size_t i = 0; i < count; i++) {
        widest = share[i] > share[widest] ? i : widest;
    }
    float rest = width;
    for (size_t i = 0; i < count; i++) {
        const float plain = (float)share[i] * width;
        part[i] = share[i] > 0 ? fmaxf(plain, least) : 0;
        rest -= i == widest ? 0 : part[i];
    }
    if (count > 0 && share[widest] > 0) {
        part[widest] = fmaxf(rest, 0);
    }
}
