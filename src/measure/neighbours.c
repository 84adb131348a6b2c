#include "latentscape/measure/neighbours.h"

#include <assert.h>
#include <math.h>

#include "latentscape/nn/gemm.h"

#include "nn/fastmath.h"

enum {
    MOST = 16 /* neighbours at most */
};

LS_KERNEL void ls_neighbours_norms(int n, int size, const float *points, float *norms)
{
    for (size_t i = 0; i < (size_t)n; i++) {
        const float *x = points + i * (size_t)size;
        float lane[LS_LANES] = {0};
        size_t at = 0;
        for (; at + LS_LANES <= (size_t)size; at += LS_LANES) {
            for (size_t j = 0; j < LS_LANES; j++) {
                lane[j] += x[at + j] * x[at + j];
            }
        }
        float sum = 0;
        for (; at < (size_t)size; at++) {
            sum += x[at] * x[at];
        }
        for (size_t j = 0; j < LS_LANES; j++) {
            sum += lane[j];
        }
        norms[i] = sum;
    }
}

LS_KERNEL static void from_products(size_t n, float norm, const float *restrict set_norms,
                                    float *restrict products)
{
    for (size_t i = 0; i < n; i++) {
        const float d = norm + set_norms[i] - 2.0f * products[i];
        products[i] = d < 0.0f ? 0.0f : d;
    }
}

void ls_neighbours_distances(int rows, int n, int size, const float *points, const float *norms,
                             const float *set, const float *set_norms, float *distances)
{
    ls_gemm_nt(rows, n, size, points, set, distances);
    for (int i = 0; i < rows; i++) {
        from_products((size_t)n, norms[i], set_norms, distances + (size_t)i * (size_t)n);
    }
}

float ls_neighbours_radius(int n, int k, int self, const float *distances)
{
    assert(k >= 1 && k <= MOST);
    float best[MOST];
    for (int i = 0; i < MOST; i++) {
        best[i] = INFINITY;
    }
    for (int i = 0; i < n; i++) {
        if (distances[i] >= best[k - 1] || i == self) {
            continue;
        }
        int place = k - 1;
        for (; place > 0 && best[place - 1] > distances[i]; place--) {
            best[place] = best[place - 1];
        }
        best[place] = distances[i];
    }
    return best[k - 1];
}

LS_KERNEL bool ls_neighbours_within(int n, const float *restrict distances,
                                    const float *restrict radii, float *restrict covered)
{
    unsigned any = 0;
    for (int i = 0; i < n; i++) {
        const bool within = distances[i] <= radii[i];
        covered[i] = within ? 1.0f : covered[i];
        any |= within ? 1u : 0u;
    }
    return any != 0;
}

LS_KERNEL void ls_neighbours_reach(int n, float radius, const float *restrict distances,
                                   float *restrict reached)
{
    for (int i = 0; i < n; i++) {
        reached[i] = distances[i] <= radius ? 1.0f : reached[i];
    }
}

void ls_neighbours_nearest(int n, int k, const float *distances, int *index)
{
    assert(k >= 1 && k <= n);
    int count = 0;
    for (int i = 0; i < n; i++) {
        if (count == k && !(distances[i] < distances[index[k - 1]])) {
            continue;
        }
        int place = count < k ? count++ : k - 1;
        for (; place > 0 && distances[index[place - 1]] > distances[i]; place--) {
            index[place] = index[place - 1];
        }
        index[place] = i;
    }
}
